"""How hard every word of the courses is to read, and the words of the pages around them."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from hub.markup import to_html
from programmes import kinds, library
from tests import reading
from tests.hub.test_public_pages import BANNED

COURSE_GRADE, PAGE_GRADE, LONGEST = 7, 5, 25
FILES = sorted(library.CONTENT.glob("*/*.toml"))
NOT_PROSE = {"title", "short", "picture_alt", "eyebrow", "child_age", "own", "also", "open_to", "label"}
NOT_READ = {"plan", "goals", "sources"}
# A course may say that nobody has failed; a page of the service says neither.
BANNED_IN_A_COURSE = set(BANNED) - {"failed", "failure"}
AS_PARENTS_ASK = {"your ex ", "ex-partner"}  # in questions, and in what they search for


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def prose(words, fields):
    """What is read of a step or cover, as HTML."""
    for each in fields:
        value = words.get(each.name)
        if not value:
            continue
        if each.kind == "words":
            yield str(to_html(value))
        elif each.kind == "line" and each.name not in NOT_PROSE:
            yield f"<p>{value}</p>"
        elif each.kind == "lines" and each.name not in NOT_READ:
            yield "".join(f"<li>{line}</li>" for line in value)
        elif each.kind == "groups":
            for group in value:
                yield from prose(group, each.of)


def pieces(path: Path):
    """The texts of a file that are judged one by one: each step; of a cover each question; with a name."""
    told = kinds.read(path.read_text("utf-8"), f"{path.parent.name}/{path.name}")
    if path.name == "cover.toml":
        apart = {"questions", "statuses"}
        yield "cover", prose(told, [each for each in kinds.COVER if each.name not in apart])
        for field in kinds.COVER:
            if field.name in apart:
                for group in told.get(field.name, []):
                    yield group["slug"], prose(group, field.of)
        return
    for step in kinds.check_part(told).steps:
        yield step.slug, prose(step.words, kinds.KINDS[step.kind].fields)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_courses_are_plain(path):
    hard = []
    for name, texts in pieces(path):
        found = reading.read(f"<main>{''.join(texts)}</main>")
        if found.grade > COURSE_GRADE:
            hard.append(f"{name}: grade {found.grade}")
        if found.longest_words > LONGEST:
            hard.append(f"{name}: {found.longest_words} words: {found.longest}")
    assert not hard, "\n".join(hard)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_courses_say_lives_with_and_spends_time_with(path):
    words = path.read_text("utf-8").lower()
    allowed = AS_PARENTS_ASK if path.name == "cover.toml" else set()
    assert not {word for word in BANNED_IN_A_COURSE - allowed if word in words}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_what_a_file_leans_on_is_there(path):
    """Pictures, links into the hub, and the questions of the plan."""
    from django.test import Client

    from parenting_plan import questions

    told = kinds.read(path.read_text("utf-8"), f"{path.parent.name}/{path.name}")
    text = path.read_text("utf-8")
    pictures = set(re.findall(r'^picture = "(.+)"', text, re.M))
    assert not [name for name in pictures if not (library.CONTENT.parent.parent / "static" / "img" / name).is_file()]
    assert not [key for key in told.get("plan", []) if key not in questions.by_key()]
    links = {link.partition("#")[0] for link in re.findall(r"\]\((/[^)]*)\)", text)}
    assert not [link for link in links if not link_leads_somewhere(Client(), link)]


def link_leads_somewhere(client, link: str) -> bool:
    from django.urls import Resolver404, resolve

    try:
        return bool(resolve(link))
    except Resolver404:
        return False


def test_every_film_of_a_course_is_there():
    from programmes.templatetags.programmes import film_of

    steps = [
        step
        for path in FILES
        if path.name != "cover.toml"
        for step in kinds.check_part(kinds.read(path.read_text("utf-8"), path.name)).steps
    ]
    names = {step.words[name] for step in steps for name in ("film", "badly", "better") if step.words.get(name)}
    assert names
    assert not sorted(name for name in names if not (film_of(name).plays and film_of(name).transcript))


# ---------------------------------------------------------------- the pages around the words


@pytest.mark.parametrize("slug", ["a-course", "a-sent-course"])
def test_the_service_words_of_the_pages_are_plain(slug, content, amara, signed_in, client):
    """On a course that says next to nothing itself, what is left are our own words."""
    its = library.programme(slug)
    pages = [reverse("programmes:cover", args=[slug])]
    for part in its.parts:
        pages.append(reverse("programmes:part", args=[slug, part.slug]))
        for step, screen in part.places:
            names = [slug, part.slug, step.slug, *([screen.slug] if screen.slug else [])]
            pages.append(reverse("programmes:screen" if screen.slug else "programmes:step", args=names))
    mine, hard = signed_in(amara), []
    for who in (mine, client):
        for address in pages:
            answer = who.get(address)
            if answer.status_code not in {200, 403}:
                continue
            found = reading.read(answer.content.decode())
            if found.grade > PAGE_GRADE or found.longest_words > LONGEST:
                hard.append(f"{address}: {found.grade}, {found.longest}")
            hard += [f"{address}: {word}" for word in BANNED if word in found.words]
    assert not hard, "\n".join(hard)
