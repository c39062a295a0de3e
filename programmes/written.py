"""What somebody wrote in their courses, as they would read it again: the question, their words, the course and part.

Only `of` reads, and it reads for one person: their own answers, never anybody else's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from hub import words as say
from programmes import library
from programmes.actions.learning import screen_key
from programmes.kinds import Part
from programmes.models import Answer, Edition


@dataclass(frozen=True)
class Said:
    """One piece of an answer. `label` tells several pieces apart and may be empty."""

    label: str
    text: str


@dataclass(frozen=True)
class Written:
    answer: Answer
    course: str  # its title
    part: str  # its title
    asked: str
    said: tuple[Said, ...]

    @property
    def pk(self) -> int:
        return self.answer.pk

    @property
    def at(self) -> datetime:
        return self.answer.at


def of(person, **which) -> list[Written]:
    """What this person wrote: by course and part, those with the newest words first, and the newest first in each.

    Each answer is read with the wording that was shown for it. Three queries; one more for wordings of long ago.
    """
    mine = Answer.objects.filter(taking__person=person, **which).select_related("taking").order_by("-at", "-pk")
    answers = list(mine)
    if not answers:
        return []
    shown = {programme.slug: programme for programme in library.programmes()}
    current = {pk: each.part(slug) for each in shown.values() for slug, pk in each.editions.items() if slug}
    earlier = {_edition_of(answer) for answer in answers} - set(current) - {None}
    read = dict(current)
    for edition in Edition.objects.filter(pk__in=earlier).select_related("chapter") if earlier else ():
        read[edition.pk] = library.read_edition(edition)  # type: ignore[assignment]
    newest: dict[tuple[str, ...], int] = {}
    for place, answer in enumerate(answers):
        newest.setdefault((answer.taking.programme,), place)
        newest.setdefault((answer.taking.programme, answer.part), place)
    answers.sort(
        key=lambda each: (newest[each.taking.programme,], newest[each.taking.programme, each.part])  # and as they were
    )
    return [_written(answer, shown.get(answer.taking.programme), read.get(_edition_of(answer))) for answer in answers]


def _edition_of(answer: Answer) -> int | None:
    """The edition that was shown when this was written."""
    return answer.taking.seen.get(screen_key(answer.part, answer.step, answer.screen))


def by_course_and_part(written: Iterable[Written]) -> list[tuple[str, list[tuple[str, list[Written]]]]]:
    """The same in two steps, for headings: (course, [(part, [what was written there])])."""
    return [
        (course, [(part, list(rows)) for part, rows in groupby(of_course, key=lambda each: each.part)])
        for course, of_course in groupby(written, key=lambda each: each.course)
    ]


def _written(answer: Answer, programme: library.Programme | None, part: Part | None) -> Written:
    part = part or (programme.part(answer.part) if programme else None)
    step = part.step(answer.step) if part else None
    screen = step.screen(answer.screen) if step else None
    return Written(
        answer=answer,
        course=programme.title if programme else _("A course that has ended"),
        part=part.title if part else _("A part that is not there any more"),
        asked=(screen.words.ask or screen.title) if screen else "",
        said=tuple(said(answer.kind, answer.words)),
    )


def said(kind: str, words: Any) -> list[Said]:
    """The answer in words, as programmes.forms.learning keeps it. Of any other shape every text in it is shown."""
    match kind, words:
        case "reflection", {"text": str(text)}:
            found = [Said("", text)]
        case "choice", {"chose": str(text)}:
            found = [Said("", text)]
        case "order", {"order": list(texts)}:
            found = [Said(f"{place}.", str(text)) for place, text in enumerate(texts, start=1)]
        case "check", {"chose": [*pairs]} if all(isinstance(pair, dict) for pair in pairs):
            found = [Said(str(pair.get("ask", "")), str(pair.get("chose", ""))) for pair in pairs]
        case "rewriter", {"message": str(message), "text": str(text)}:
            found = [Said(_("The message:"), message), Said(_("Said again:"), text)]
        case _:
            found = [Said("", text) for text in _texts(words)]
    return [each for each in found if each.text.strip()]


def _texts(words: Any) -> list[str]:
    """Every text that stands anywhere in the words, in order."""
    if isinstance(words, str):
        return [words] if words.strip() else []
    if isinstance(words, dict):
        words = list(words.values())
    if isinstance(words, list):
        return [text for each in words for text in _texts(each)]
    return []


# ---------------------------------------------------------------- to take away


def as_text(written: list[Written], at: datetime) -> str:
    """All of it as plain text."""
    lines = [_("What you wrote"), _("Saved on %(when)s") % {"when": say.when(at)}]
    for course, parts in by_course_and_part(written):
        lines += ["", "", course, "=" * len(course)]
        for part, rows in parts:
            lines += ["", part, "-" * len(part)]
            for each in rows:
                lines += ["", *([each.asked] if each.asked else []), say.when(each.at), ""]
                lines += [f"{piece.label} {piece.text}".strip() for piece in each.said]
    return "\n".join([*lines, ""])


def as_data(written: list[Written], at: datetime) -> dict[str, Any]:
    """All of it for a program to read: what is kept, as it is kept, and beside it the same in words."""
    return {
        "saved_at": at.isoformat(),
        "answers": [
            {
                "course": each.course,
                "part": each.part,
                "asked": each.asked,
                "said": [{"label": piece.label, "text": piece.text} for piece in each.said],
                "at": each.at.isoformat(),
                "kept": {
                    "programme": each.answer.taking.programme,
                    "part": each.answer.part,
                    "step": each.answer.step,
                    "screen": each.answer.screen,
                    "kind": each.answer.kind,
                    "words": each.answer.words,
                },
            }
            for each in written
        ],
    }
