"""The goals we suggest: complete, plain, safe; and a broken file is told in words."""

import re

import pytest

from articles import kinds as articles
from goals import checks, suggestions
from hub import schema
from tests import reading
from tests.hub.test_public_pages import BANNED

TAGS = set(
    """manage-my-feelings stay-calm-at-handovers reply-only-when-calm keep-the-children-out-of-it
    listen-to-my-child-each-day see-it-as-my-child-does speak-kindly-of-the-other-home stick-to-times
    share-school-news agree-holidays-early say-thank-you-once-a-week settle-one-plan-section-a-month
    build-my-own-support keep-money-talk-away-from-the-children sleep-and-move cope-when-they-are-away
    welcome-them-back accept-different-house-rules handle-a-new-partner-well ask-for-help-when-stuck
    be-flexible-once-a-month talk-about-faith-and-culture-fairly help-with-homework-in-both-homes
    keep-in-touch-when-apart make-time-for-fun say-sorry-and-mend share-health-news say-what-i-need-simply""".split()
)
# Goals that ask somebody to deal with the other parent: each says what to do instead when that is not safe.
BETWEEN_US = TAGS - set(
    """build-my-own-support sleep-and-move cope-when-they-are-away make-time-for-fun welcome-them-back stick-to-times
    see-it-as-my-child-does help-with-homework-in-both-homes""".split()
)
GOALS = sorted(suggestions.by_slug().values(), key=lambda each: each.slug)
THEME = """title = "A theme"
summary = "What it is about."
order = 1

[[suggestions]]
slug = "a-goal"
title = "A goal"
kind = "me"
why = "Because."
first_step = "Begin."
steps = ["One", "Two"]

[[suggestions]]
slug = "another-goal"
title = "Another goal"
kind = "us"
why = "Because."
first_step = "Begin."
steps = ["One", "Two"]
"""


def test_there_is_a_goal_for_every_tag_and_no_other():
    assert set(suggestions.by_slug()) == TAGS
    assert len(TAGS) == 28


def test_both_kinds_are_there_in_several_themes():
    kinds = [each.words.kind for each in GOALS]
    assert min(kinds.count("me"), kinds.count("us")) >= 8
    assert len(suggestions.themes()) >= 5


@pytest.mark.parametrize("each", GOALS, ids=lambda each: each.slug)
def test_a_suggestion_is_plain(each):
    words = each.words
    texts = [words.why, words.first_step, *words.steps, words.safety]
    found = reading.read("<main>" + "".join(f"<p>{text}</p>" for text in texts if text) + "</main>")
    assert found.grade <= 7
    assert found.longest_words <= 25, found.longest
    assert not {word for word in BANNED if word in f"{words.title} {' '.join(texts)}".lower()}


@pytest.mark.parametrize("each", GOALS, ids=lambda each: each.slug)
def test_where_it_could_harm_it_says_so_first(each):
    assert bool(each.words.safety) == (each.slug in BETWEEN_US)


def test_a_theme_is_read_as_it_stands():
    words = suggestions.read(THEME, "theme.toml")
    assert [each["slug"] for each in words.suggestions] == ["a-goal", "another-goal"]
    assert words.suggestions[1].kind == "us"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('kind = "us"', 'kind = "them"'), "theme.toml, line 13, suggestions 2: kind must be me or us"),
        (('slug = "another-goal"', 'slug = "a-goal"'), "a-goal is there twice"),
        (('slug = "a-goal"', 'slug = "A goal"'), "line 5, suggestions 1: slug may hold small letters"),
        (('why = "Because."', "why = 3"), "line 5, suggestions 1: why must be text"),
        (('first_step = "Begin."', ""), "line 5, suggestions 1: first_step is missing"),
        (('steps = ["One", "Two"]', 'steps = ["One"]'), "suggestions 1: steps must have 2 to 3 entries, and has 1"),
        (("order = 1", "order = one"), "theme.toml, line 3: "),
        (("order = 1", ""), "theme.toml, line 1: order is missing"),
        (('kind = "me"', 'kind = "me"\nwhim = "x"'), "suggestions 1: nobody knows the name whim"),
    ],
    ids=str,
)
def test_a_broken_file_is_told_with_file_line_and_what_is_wrong(change, told):
    with pytest.raises(schema.BrokenContent, match=re.escape(told)):
        suggestions.read(THEME.replace(*change, 1), "theme.toml")


def test_a_name_in_two_files_is_told(tmp_path):
    (tmp_path / "one.toml").write_text(THEME, "utf-8")
    (tmp_path / "two.toml").write_text(THEME, "utf-8")
    with pytest.raises(schema.BrokenContent, match=r"two\.toml, suggestions 1: a-goal is in one\.toml already"):
        suggestions.load(tmp_path)


def test_the_hub_does_not_start_with_a_broken_suggestion(tmp_path, monkeypatch):
    assert checks.suggestions_can_be_read(None) == []
    (tmp_path / "one.toml").write_text(THEME.replace('kind = "me"', 'kind = "x"'), "utf-8")
    monkeypatch.setattr(suggestions, "CONTENT", tmp_path)
    (error,) = checks.suggestions_can_be_read(None)
    assert "one.toml, line 5, suggestions 1: kind must be me or us" in error.msg


def test_articles_speak_of_these_goals_and_no_others():
    told = {slug for path in _articles() for slug in articles.read(path.read_text("utf-8"), path.name).goals or ()}
    assert told <= TAGS


def _articles():
    from articles.library import CONTENT

    return sorted(CONTENT.glob("*/*.toml"))
