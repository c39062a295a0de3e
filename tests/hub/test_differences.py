"""Two versions of the same words, compared: nothing is lost, and whole words are told apart."""

from hypothesis import given
from hypothesis import strategies as st

from hub.differences import pieces

WORDS = st.text(alphabet="ab é\n.’", max_size=60)


@given(WORDS, WORDS)
def test_both_versions_can_be_read_from_the_pieces(before, after):
    found = pieces(before, after)
    assert "".join(words for kind, words in found if kind != "removed") == after
    assert "".join(words for kind, words in found if kind != "added") == before


def test_a_changed_word_is_told_whole():
    found = pieces("We collect her at noon.", "We collect her at midday.")
    assert ("removed", "noon") in found and ("added", "midday") in found
    assert found[0] == ("same", "We collect her at ")


def test_the_same_words_have_no_difference():
    assert pieces("The same.", "The same.") == [("same", "The same.")]
    assert pieces("", "") == []
