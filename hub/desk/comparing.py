"""Two editions of a work side by side: which fields differ, and by which words. Pure."""

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
    """The pieces that stand after another neighbour than before."""
    before = {slug: old[place - 1] if place else "" for place, slug in enumerate(old)}
    return {slug for place, slug in enumerate(new) if before[slug] != (new[place - 1] if place else "")}


def _fields(sort: Sort, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Field]:
    """The fields of a piece; of both kinds, where a step changed its kind."""
    kinds = [entry["kind"] for entry in (one, other) if entry] if sort.kinds else [""]
    found = {each.name: each for kind in kinds for each in sort.fields_of(kind)}
    return [each for each in found.values() if each.name != "slug"]


def _rows(before: Mapping[str, Any], after: Mapping[str, Any], fields: Sequence[Field]) -> list[Row]:
    rows = []
    for each in fields:
        old, new = as_text(before.get(each.name), each), as_text(after.get(each.name), each)
        if old != new:
            rows.append(Row(str(each.label), pieces(old, new)))
    return rows


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
