"""Two editions of a work side by side: which fields differ, and by which words. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hub.desk.shapes import Shape, Sort, title_of
from hub.differences import Piece, pieces
from hub.schema import Field


@dataclass(frozen=True)
class Row:
    """One field whose words differ."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Section:
    """The head, or one piece, in which something differs."""

    title: str
    state: str  # changed, added, removed, moved
    rows: list[Row]


def compare(before: Mapping[str, Any], after: Mapping[str, Any], shape: Shape) -> list[Section]:
    """What is different, in the order of the later edition; what was taken out comes last."""
    found = [
        Section(str(head.label), "changed", rows) for head in shape.heads if (rows := _rows(before, after, head.fields))
    ]
    for sort in shape.sorts:
        old = {entry["slug"]: entry for entry in before.get(sort.name, [])}
        new = {entry["slug"]: entry for entry in after.get(sort.name, [])}
        stayed = [slug for slug in new if slug in old]
        moved = _moved([slug for slug in old if slug in new], stayed)
        for slug, entry in new.items():
            was = old.get(slug, {})
            rows = _rows(was, entry, _fields(sort, was, entry))
            if not was:
                found.append(Section(title_of(entry), "added", rows))
            elif rows:
                found.append(Section(title_of(entry), "changed", rows))
            elif slug in moved:
                found.append(Section(title_of(entry), "moved", []))
        for slug, entry in old.items():
            if slug not in new:
                found.append(Section(title_of(entry), "removed", _rows(entry, {}, _fields(sort, entry, {}))))
    return found


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The fewest pieces that were carried elsewhere, the others standing still. Both lists hold the same."""
    place = {slug: number for number, slug in enumerate(old)}
    still = _longest_rise([place[slug] for slug in new])
    return {slug for number, slug in enumerate(new) if number not in still}


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The places of the most numbers that rise from each to the next: those that need not move."""
    ends: list[int] = []  # for each length, the place of the smallest number that ends a rise so long
    before: dict[int, int | None] = {}
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number, key=lambda at: numbers[at])
        before[place] = ends[length - 1] if length else None
        ends[length : length + 1] = [place]
    found, at = set(), ends[-1] if ends else None
    while at is not None:
        found.add(at)
        at = before[at]
    return found


def _fields(sort: Sort, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Field]:
    """The fields of a piece; of both kinds, where a step changed its kind."""
    kinds = [entry["kind"] for entry in (one, other) if entry] if sort.kinds else [""]
    found = {each.name: each for kind in kinds for each in sort.fields_of(kind)}
    return [each for each in found.values() if each.name != "slug"]


def _rows(before: Mapping[str, Any], after: Mapping[str, Any], fields: Sequence[Field]) -> list[Row]:
    rows = []
    for each in fields:
        old, new = before.get(each.name), after.get(each.name)
        if each.kind == "groups" and old and new:
            rows += _entries(old, new, each)
        elif as_text(old, each) != as_text(new, each):
            rows.append(Row(str(each.label), pieces(as_text(old, each), as_text(new, each))))
    return rows


def _entries(before: list[dict[str, Any]], after: list[dict[str, Any]], of: Field) -> list[Row]:
    """The rows of a list that differ, one by one, each under its number. A row that moved is told whole."""
    left = dict(enumerate(before))
    came_from: dict[int, int] = {}
    for place, entry in enumerate(after):
        if (same := next((at for at, was in left.items() if was == entry), None)) is not None:
            came_from[place] = same
            del left[same]
    kept = list(came_from)
    still = {kept[each] for each in _longest_rise([came_from[place] for place in kept])}

    def told(entry: Mapping[str, Any] | None) -> str:
        return _entry(entry, of) if entry else ""

    rows = []
    for place, entry in enumerate(after):
        if place in still:
            continue
        number, old = {"label": of.label, "n": place + 1}, None
        if place in came_from:
            number["was"] = came_from[place] + 1
            label, old = _("%(label)s %(n)d, in another place (it was %(was)d)"), entry
        elif (was := _in_the_same_gap(place, left, came_from, still)) is not None:
            label, old = _("%(label)s %(n)d"), left.pop(was)
        else:
            label = _("%(label)s %(n)d, new")
        rows.append(Row(label % number, pieces(told(old), told(entry))))
    for place, entry in left.items():
        label = _("%(label)s %(n)d, taken out") % {"label": of.label, "n": place + 1}
        rows.append(Row(label, pieces(told(entry), "")))
    return rows


def _in_the_same_gap(place: int, left: Mapping[int, Any], came_from: Mapping[int, int], still: set[int]) -> int | None:
    """The first of the old rows left over that stood between the same two rows as this one: it was written anew."""
    above = max((came_from[each] for each in still if each < place), default=-1)
    below = min((came_from[each] for each in still if each > place), default=None)
    return next((at for at in left if at > above and (below is None or at < below)), None)


def as_text(value: Any, of: Field) -> str:
    """The words of a field as one text, the same for the same words."""
    if value in (None, "", [], False):
        return ""
    if of.kind == "yes":
        return _("Yes")
    if of.kind == "lines":
        return "\n".join(value)
    if of.kind == "groups":
        return "\n\n".join(f"{number}. {_entry(entry, of)}" for number, entry in enumerate(value, start=1))
    return str(value)


def _entry(entry: Mapping[str, Any], of: Field) -> str:
    return "\n".join(f"{each.label}: {text}" for each in of.of if (text := as_text(entry.get(each.name), each)))
