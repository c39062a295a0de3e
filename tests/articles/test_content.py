"""Every article as it lies in the repository: complete, sourced, plain, and leading only to what is there."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from articles import kinds, library
from goals.suggestions import CONTENT as GOALS_CONTENT
from hub.markup import to_html
from parenting_plan import questions
from programmes import library as programmes
from tests import reading
from tests.hub.test_public_pages import BANNED

GRADE, LONGEST = 7, 25
EASY_GRADE, EASY_LONGEST, EASY_WORDS = 4, 15, 28
FILES = sorted(library.CONTENT.glob("*/*.toml"))
SLUGS = {path.stem for path in FILES}
GOALS = {path.stem for path in GOALS_CONTENT.glob("*/*.toml")}
WORDS = {path.stem: kinds.read(path.read_text("utf-8"), path.name) for path in FILES}
SECTIONS = {section.slug for section in questions.sections()}
PROGRAMMES = {path.name for path in programmes.CONTENT.iterdir() if path.is_dir()}
IMAGES = Path(__file__).resolve().parents[2] / "static" / "img"
# An article may say that nobody has failed; one about courts explains once what a court still calls things.
BANNED_IN_AN_ARTICLE = set(BANNED) - {"failed", "failure"}
OF_COURTS = {"custody", "residence", "contact order", "respondent", "applicant", "ex-partner", "your ex ", "overdue"}


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def prose(words) -> str:
    """What is read of an article but its easy-read version, as HTML."""
    texts = [words.summary, *words.try_this] if words.try_this else [words.summary]
    marked = [words.safety, words.body, words.child]
    return "".join(f"<p>{text}</p>" for text in texts) + "".join(str(to_html(text)) for text in marked if text)


each_article = pytest.mark.parametrize("slug", [path.stem for path in FILES], ids=[name_of(path) for path in FILES])
each_easy = pytest.mark.parametrize("slug", sorted(slug for slug, words in WORDS.items() if words.easy))


# ---------------------------------------------------------------- one by one


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_an_article_lies_in_the_folder_of_its_topic(path):
    assert WORDS[path.stem].topic == path.parent.name


@each_article
def test_an_article_is_a_whole_piece(slug):
    """No stub that only sends people away: 300 to 700 words, in parts, of which the links are few."""
    words = WORDS[slug]
    assert 300 <= len(words.body.split()) <= 700
    assert len(re.findall(r"^## ", words.body, re.M)) >= 2
    linked = " ".join(re.findall(r"\[([^\]]*)\]\(", words.body)).split()
    assert len(linked) < 0.15 * len(words.body.split())
    assert len(words.summary) <= 200


@each_article
def test_an_article_says_where_its_facts_come_from_and_when_they_were_checked(slug):
    words = WORDS[slug]
    assert words.sources and words.owner
    assert words.checked_on <= "2026-11-22" < words.check_again_on


@each_article
def test_an_article_is_plain(slug):
    found = reading.read(f"<main>{prose(WORDS[slug])}</main>")
    assert found.grade <= GRADE
    assert found.longest_words <= LONGEST, found.longest


@each_article
def test_an_article_is_kind_to_both_parents(slug):
    """What people search for may be said as they say it; the words of the article are ours."""
    words = WORDS[slug]
    easy = [row["text"] for row in words.easy or []]
    text = " ".join([words.title, prose(words), words.history, words.child, words.easy_title, *easy]).lower()
    allowed = OF_COURTS if words.topic == "process" else set()
    assert not {word for word in BANNED_IN_AN_ARTICLE - allowed if word in text}


@each_article
def test_the_tags_of_an_article_are_real(slug):
    words = WORDS[slug]
    assert set(words.goals) <= GOALS
    assert set(words.plan) <= SECTIONS | set(questions.by_key())
    assert set(words.programmes) <= PROGRAMMES
    for tags in (words.goals, words.plan, words.programmes):
        assert not [tag for tag, count in Counter(tags).items() if count > 1]


@each_article
def test_the_links_of_an_article_lead_somewhere(slug):
    links = {link.partition("#")[0] for link in re.findall(r"\]\((/[^)]*)\)", str(WORDS[slug]))}
    assert not [link for link in links if not leads_somewhere(link)]


def leads_somewhere(link: str) -> bool:
    """Whether there is a page; for an article or a course, whether there is this one."""
    try:
        found = resolve(link)
    except Resolver404:
        return False
    if found.view_name in {"articles:article", "articles:easy"}:
        return found.kwargs["slug"] in SLUGS
    if found.view_name == "programmes:cover":
        return found.kwargs["programme"] in PROGRAMMES
    return True


@each_article
def test_the_pictures_of_an_article_are_there_with_words(slug):
    words = WORDS[slug]
    shown = [(words.picture, words.picture_alt)] if words.picture else []
    shown += [(row["picture"], row["picture_alt"]) for row in words.easy or []]
    assert not [name for name, _alt in shown if not (IMAGES / name).is_file()]
    assert all(alt for _name, alt in shown)
    assert all(row["picture"].startswith("easy-") for row in words.easy or [])


@each_easy
def test_an_easy_read_version_is_easy(slug):
    rows = [to_html(row["text"]) for row in WORDS[slug].easy]
    assert reading.read(f"<main>{''.join(rows)}</main>").grade <= EASY_GRADE
    for row in WORDS[slug].easy:
        found = reading.read(f"<main>{to_html(row['text'])}</main>")
        assert found.longest_words <= EASY_LONGEST, found.longest
        assert len(row["text"].split()) <= EASY_WORDS, row["text"]


# ---------------------------------------------------------------- the whole library


def test_there_is_enough_to_read():
    covid = [words for words in WORDS.values() if words.topic == "covid"]
    assert len(WORDS) - len(covid) >= 60
    assert len(covid) >= 16
    assert all(words.history for words in covid)
    assert sum(bool(words.easy) for words in WORDS.values()) >= 20
    assert {words.topic for words in WORDS.values()} == set(kinds.TOPICS)


def test_history_is_in_its_own_collection():
    """What no longer holds is never among what does."""
    assert not [slug for slug, words in WORDS.items() if words.history and words.topic != "covid"]


@pytest.mark.parametrize("goal", sorted(GOALS))
def test_every_goal_has_three_articles(goal):
    assert len([slug for slug, words in WORDS.items() if goal in words.goals]) >= 3


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_every_part_of_the_plan_has_two_articles(section):
    keys = {section, *(key for key in questions.by_key() if key.startswith(f"{section}/"))}
    assert len([slug for slug, words in WORDS.items() if keys & set(words.plan)]) >= 2


def test_no_two_articles_have_one_title():
    assert not [title for title, count in Counter(words.title for words in WORDS.values()).items() if count > 1]


def test_every_goal_and_part_of_the_plan_finds_them_in_the_library(db):
    """The same as the library gives them to the pages, from the tables."""
    assert {each.slug for each in library.articles()} == SLUGS
    assert all(len(library.for_goal(goal)) == 3 for goal in GOALS)
    assert all(len(library.for_plan(section)) >= 2 for section in SECTIONS)
