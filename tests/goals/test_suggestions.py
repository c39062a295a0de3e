"""The goals we suggest: complete, plain, safe; and a broken file is told in words."""

import re

import pytest

from articles import kinds as articles
from goals import kinds, suggestions
from hub import schema
from hub.editions import files_in
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
GOALS = sorted(
    (kinds.Suggestion(file.stem, kinds.read(file.text, file.name)) for file in files_in(suggestions.CONTENT)),
    key=lambda each: each.slug,
)
ONE = """title = "A goal"
theme = "talking"
order = 1
kind = "me"
why = "Because."
first_step = "Begin."
steps = ["One", "Two"]
checked_on = 2026-11-22
check_again_on = 2027-11-22
"""


def test_there_is_a_goal_for_every_tag_and_no_other():
    assert {each.slug for each in GOALS} == TAGS
    assert len(TAGS) == len(GOALS) == 28


@pytest.mark.django_db
def test_people_see_what_the_files_say(django_assert_num_queries):
    assert {slug: dict(each.words) for slug, each in suggestions.by_slug().items()} == {
        each.slug: dict(each.words) for each in GOALS
    }
    assert [theme.slug for theme in suggestions.themes()] == list(kinds.THEMES)
    with django_assert_num_queries(1):
        suggestions.themes()


def test_both_kinds_are_there_in_several_themes():
    told = [each.words.kind for each in GOALS]
    assert min(told.count("me"), told.count("us")) >= 8
    assert {each.words.theme for each in GOALS} == set(kinds.THEMES) and len(kinds.THEMES) >= 5
    places = [(each.words.theme, each.words.order) for each in GOALS]
    assert len(set(places)) == len(places)


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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('kind = "me"', 'kind = "them"'), "talking/one.toml, line 1: kind must be me or us"),
        (('theme = "talking"', 'theme = "walking"'), "theme must be one of myself, my-child"),
        (('theme = "talking"', 'theme = "myself"'), "theme must be talking, like the folder"),
        (('title = "A goal"', 'title = "A goal"\nslug = "another-tag"'), "nobody knows the name slug"),
        (('why = "Because."', "why = 3"), "why must be text"),
        (('first_step = "Begin."', ""), "first_step is missing"),
        (('steps = ["One", "Two"]', 'steps = ["One"]'), "steps must have 2 to 3 entries, and has 1"),
        (("order = 1", "order = one"), "talking/one.toml, line 3: "),
        (("check_again_on = 2027-11-22", "check_again_on = 2020-01-01"), "must be later than checked_on"),
    ],
    ids="kind theme folder slug why step steps order date".split(),
)
@pytest.mark.django_db
def test_a_broken_file_is_told_with_what_is_wrong_and_nothing_is_loaded(tmp_path, change, told):
    before = suggestions.by_slug()
    put(tmp_path, "talking/a-first-one", ONE)
    put(tmp_path, "talking/one", ONE.replace(*change, 1))
    with pytest.raises(schema.BrokenContent, match=re.escape(told)):
        suggestions.load(tmp_path)
    assert suggestions.by_slug() == before


@pytest.mark.django_db
def test_a_name_in_two_folders_and_one_that_is_no_name_are_told(tmp_path):
    put(tmp_path, "talking/one", ONE)
    put(tmp_path, "myself/one", ONE.replace("talking", "myself"))
    with pytest.raises(schema.BrokenContent, match="two suggestions are called one"):
        suggestions.load(tmp_path)
    put(tmp_path / "more", "talking/One Two", ONE)
    with pytest.raises(schema.BrokenContent, match="its name may hold small letters"):
        suggestions.load(tmp_path / "more")


def put(folder, name: str, text: str) -> None:
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_articles_speak_of_these_goals_and_no_others():
    told = {slug for path in _articles() for slug in articles.read(path.read_text("utf-8"), path.name).goals or ()}
    assert told <= TAGS


def _articles():
    from articles.library import CONTENT

    return sorted(CONTENT.glob("*/*.toml"))
