"""What staff type: a piece of a work as a form, drawn from the fields of hub.schema.

A step, the head of a part, an article are all the same to this module: fields, some of which are lists of small tables.
What was typed is never lost: it is read as it stands, told what is wrong beside the box it is in, and drawn again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub import markup, schema
from hub.desk.shapes import Choices
from hub.schema import Field
from hub.text import clean

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
MOST_ENTRIES = 100
LINES_IN_A_BOX = 70  # letters in a row of a text box, about

# ---------------------------------------------------------------- reading what was typed


def typed(posted: Mapping[str, str], fields: Sequence[Field], prefix: str = "") -> dict[str, Any]:
    """What was typed, as the words of a piece, with every empty box still there."""
    told: dict[str, Any] = {}
    for each in fields:
        name = prefix + each.name
        text = posted.get(name, "")
        if each.kind == "groups":
            count = posted.get(f"{name}-count", "0")
            entries = min(int(count), MOST_ENTRIES) if count.isdecimal() and len(count) < 4 else 0
            told[each.name] = [typed(posted, each.of, f"{name}-{number}-") for number in range(entries)]
        elif each.kind == "lines":
            told[each.name] = [line for line in clean(text).split("\n") if line.strip()]
        elif each.kind == "yes":
            told[each.name] = bool(text)
        elif each.kind == "words":
            told[each.name] = clean(text)
        elif each.kind == "number":
            plain = clean(text, one_line=True)
            told[each.name] = int(plain) if plain.isdecimal() and len(plain) < 6 else plain
        else:
            told[each.name] = clean(text, one_line=True)
    return told


def tidy(told: dict[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """The same without what was left empty: a box with nothing in it is no entry."""
    kept: dict[str, Any] = {}
    for each in fields:
        value = told.get(each.name)
        if each.kind == "groups":
            value = [entry for entry in (tidy(one, each.of) for one in value or []) if entry]
        if value not in (None, "", [], False):
            kept[each.name] = value
    return kept


def rearrange(told: dict[str, Any], order: str) -> None:
    """Do what a button inside a form asks for: "up questions 2", "down questions-1-options 0", "drop options 3"."""
    found = re.fullmatch(r"(up|down|drop) ([a-z_]+(?:-\d{1,3}-[a-z_]+)*) (\d{1,3})", order)
    if not found:
        return
    entries: Any = told
    try:
        for step in found[2].split("-"):
            entries = entries[int(step)] if step.isdecimal() else entries[step]
        swap(entries, int(found[3]), found[1])
    except (KeyError, IndexError, TypeError):
        return


def swap(entries: list, place: int, order: str) -> None:
    """Move the entry at this place up or down by one, or take it out."""
    if not 0 <= place < len(entries):
        raise IndexError(place)
    if order == "drop":
        del entries[place]
        return
    other = place - 1 if order == "up" else place + 1
    if 0 <= other < len(entries):
        entries[place], entries[other] = entries[other], entries[place]


# ---------------------------------------------------------------- what is wrong


def faults(told: Mapping[str, Any], fields: Sequence[Field], prefix: str = "") -> dict[str, str]:
    """What to look at again, in plain words, by the name of the box. `told` is tidy."""
    found: dict[str, str] = {}
    for each in fields:
        name, value = prefix + each.name, told.get(each.name)
        if value is None:
            if each.needed:
                found[name] = _("This is needed. Fill it in.")
            continue
        if each.kind in {"groups", "lines"} and (wrong := _wrong_count(value, each)):
            found[name] = wrong
        if each.kind == "groups":
            for number, entry in enumerate(value):
                found |= faults(entry, each.of, f"{name}-{number}-")
        elif name not in found and (wrong := _wrong(value, each)):
            found[name] = wrong
    if told.get("picture") and not told.get("picture_alt") and f"{prefix}picture_alt" not in found:
        found[f"{prefix}picture_alt"] = _("Say in one sentence what the picture shows.")
    return found


def _wrong_count(value: list, of: Field) -> str:
    if len(value) < of.least:
        return ngettext("At least %(n)d is needed.", "At least %(n)d are needed.", of.least) % {"n": of.least}
    if of.most and len(value) > of.most:
        return ngettext("There is room for %(n)d.", "There is room for %(n)d.", of.most) % {"n": of.most}
    return ""


def _wrong(value: Any, of: Field) -> str:
    if of.kind == "words" and (lost := markup.links_to_nowhere(value)):
        say = _("This link leads nowhere: “%(link)s”. Begin it with https://, or with / for a page of ours.")
        return say % {"link": lost[0]}
    try:
        schema.check_one(value, of)
    except schema.Wrong:
        match of.kind:
            case "slug":
                return _("Use small letters, digits and single dashes, such as work-it-out.")
            case "number":
                return _("Enter a whole number from %(least)d to %(most)d.") % {"least": of.least, "most": of.most}
            case "date":
                return _("Enter a real day as year-month-day, such as 2026-11-22.")
            case "film" | "picture":
                return _("Choose one from the list.")
            case "url":
                return _("Enter a whole address that begins with https://.")
            case "lines":
                long = [line for line in value if len(line) > schema.LINE_LIMIT]
                room = {"limit": schema.LINE_LIMIT, "begins": long[0][:40] if long else ""}
                return _("One line is too long: “%(begins)s …”. There is room for %(limit)d letters.") % room
        limit = schema.WORDS_LIMIT if of.kind == "words" else schema.LINE_LIMIT
        return _("This is too long: %(n)d letters. There is room for %(limit)d.") % {"n": len(value), "limit": limit}
    return ""


# ---------------------------------------------------------------- drawing it


@dataclass
class Entry:
    """One numbered box of a list. The last one is a spare."""

    number: int
    place: int
    boxes: list["Box"]
    is_spare: bool
    is_first: bool
    is_last: bool


@dataclass
class Box:
    """One field as a page draws it."""

    name: str
    label: str
    help: str
    draw: str  # line, area, yes, number, date, choose, groups
    value: str
    error: str
    needed: bool
    rows: int = 1
    checked: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    count: int = 0
    has_room: bool = True
    least: int = 0
    most: int = 0

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def described_by(self) -> str:
        told = [f"{self.id}_help"] if self.help else []
        return " ".join([*told, *([f"{self.id}_error"] if self.error else [])])


def boxes(
    told: Mapping[str, Any],
    fields: Sequence[Field],
    wrong: Mapping[str, str],
    choices: Choices | None = None,
    *,
    prefix: str = "",
    within: str = "",
) -> list[Box]:
    """The boxes of these fields with what is in them, and a spare entry at the end of each list that has room."""
    return [
        _box(told.get(each.name), each, prefix + each.name, wrong, choices or {}, within + each.name) for each in fields
    ]


def mistakes(drawn: Sequence[Box], within: str = "") -> list[tuple[str, str]]:
    """The id of each box with a mistake, and the mistake with the name of the box before it."""
    found = []
    for box in drawn:
        if box.error:
            found.append((box.id, f"{within}{box.label}: {box.error}"))
        for entry in box.entries:
            found += mistakes(entry.boxes, f"{within}{box.label} {entry.number}, ")
    return found


DRAWN = {"line": "area", "words": "area", "lines": "area", "film": "choose", "picture": "choose", "slug": "line"}
ONE_ROW = {"title", "easy_title", "short", "slug", "child_age", "eyebrow", "owner", "number", "hours"}


def _box(value: Any, of: Field, name: str, wrong: Mapping[str, str], choices: Choices, path: str) -> Box:
    box = Box(
        name=name,
        label=str(of.label),
        help=str(of.help),
        draw=_drawn(of, path, choices),
        value="",
        error=wrong.get(name, ""),
        needed=of.needed,
        least=of.least,
        most=of.most,
    )
    if of.kind == "groups":
        _fill(box, value or [], of, wrong, choices, path)
        return box
    if of.kind == "yes":
        box.checked = bool(value)
    elif of.kind == "lines":
        box.value = "\n".join(value or [])
        box.help = str(of.help) or _("One on each line.")
    else:
        box.value = "" if value is None else str(value)
    if box.draw == "area":
        least = {"line": 1, "words": 3, "lines": 3}[of.kind]
        rows = sum(1 + len(line) // LINES_IN_A_BOX for line in box.value.split("\n"))
        box.rows = min(max(least, rows + (of.kind != "line")), 24)
    if box.draw == "choose":
        box.options, box.help = _options(of, box.value, choices.get(path)), ""
    return box


def _drawn(of: Field, path: str, choices: Choices) -> str:
    if path in choices:
        return "choose"
    if of.kind == "url" or (of.kind == "line" and of.name in ONE_ROW):
        return "line"
    return DRAWN.get(of.kind, of.kind)


def _fill(box: Box, entries: list, of: Field, wrong: Mapping[str, str], choices: Choices, path: str) -> None:
    box.has_room = not of.most or len(entries) < of.most
    shown = [*entries, {}] if box.has_room else list(entries)
    box.count = len(shown)
    for place, entry in enumerate(shown):
        box.entries.append(
            Entry(
                number=place + 1,
                place=place,
                boxes=boxes(entry, of.of, wrong, choices, prefix=f"{box.name}-{place}-", within=f"{path}."),
                is_spare=place >= len(entries),
                is_first=place == 0,
                is_last=place >= len(entries) - 1,
            )
        )


def _options(of: Field, chosen: str, offered: Callable[[], list[tuple[str, str]]] | None) -> list[tuple[str, str]]:
    """What there is to choose from, and what is chosen already though it may be gone."""
    found = offered() if offered else [(name, name) for name in _files(of.kind)]
    if chosen and chosen not in dict(found):
        found = sorted([*found, (chosen, chosen)])
    return found if offered and of.needed and chosen else [("", _("None")), *found]


def _files(kind: str) -> list[str]:
    """The films of static/films by name, or the scenes of static/img."""
    if kind == "film":
        return sorted(path.stem for path in (STATIC / "films").glob("*.vtt"))
    return pictures("scene-")


def pictures(begin: str) -> list[str]:
    """The pictures of static/img whose names begin so."""
    return sorted(path.name for path in (STATIC / "img").glob(f"{begin}*.svg"))
