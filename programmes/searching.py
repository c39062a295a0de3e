"""What search may find of the courses: covers, parts, and questions with their answers.

A part that is open to everybody leads to itself. Any other is found by its title and summary alone, and leads to the
cover of its course: its words are for those who take it.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from hub import search
from hub.schema import Words
from hub.search import Findable, Room, without_markup
from programmes import library
from programmes.kinds import Part
from programmes.library import Programme

COVER, QUESTION, PART = 0.9, 0.85, 0.75
# Of a step: its text; never a question's answers, nor what is told after one.
READ = ("text", "intro", "scene", "skill", "skill_text", "child")


def findable() -> Iterator[Findable]:
    for programme in library.programmes():
        yield _cover(programme)
        if programme.cover.words.open_to != "nobody":
            for part in programme.parts:
                yield _part(programme, part)
        for asked in programme.cover.words.questions or []:
            yield _question(programme, asked)


def _cover(programme: Programme) -> Findable:
    words = programme.cover.words
    told = [words.who_for, words.not_for, words.about]
    return Findable(
        key=f"programmes/{programme.slug}",
        kind="course",
        address=reverse("programmes:cover", args=[programme.slug]),
        title=programme.title if words.short in programme.title else f"{programme.title} ({words.short})",
        summary=_one_line(words.lead),
        text="\n".join([*(words.facts or []), *(without_markup(text) for text in told if text)]),
        also=(words.short,),
        worth=COVER,
    )


def _part(programme: Programme, part: Part) -> Findable:
    is_open = bool(part.words.taster)
    told = [step.words[name] for step in part.steps for name in READ if step.words.get(name)] if is_open else []
    return Findable(
        key=f"programmes/{programme.slug}/{part.slug}",
        kind="course",
        address=reverse("programmes:part", args=[programme.slug, part.slug])
        if is_open
        else reverse("programmes:cover", args=[programme.slug]),
        title=part.title,
        summary=_("%(summary)s A part of “%(course)s”.")
        % {"summary": _sentence(part.words.summary), "course": programme.cover.words.short},
        text="\n".join(without_markup(text) for text in told),
        worth=PART,
    )


def _question(programme: Programme, asked: Words) -> Findable:
    return Findable(
        key=f"programmes/{programme.slug}/question/{asked['slug']}",
        kind="question",
        address=reverse("programmes:one_question", args=[programme.slug, asked["slug"]]),
        title=asked["ask"],
        summary=_one_line(asked["answer"]),
        also=tuple(filter(None, (asked.get("also", ""), programme.cover.words.short))),
        worth=QUESTION,
    )


def _one_line(text: str) -> str:
    return without_markup(text).replace("\n", " ")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def rooms() -> list[Room]:
    return [Room(_("Courses"), reverse("programmes:landing"))]


search.register("programmes", findable, rooms)
