"""What the words of a work are made of, as staff see them: heads, and sorts of pieces. Pure.

A head is some fields that are written on one page. A sort is a list of pieces that are written, moved and taken out one
by one: the steps of a part, the questions of a cover. An article has heads only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise

from hub.schema import Field

Choices = Mapping[str, Callable[[], list[tuple[str, str]]]]


class Kind(Protocol):
    """One kind of piece, where a sort has several."""

    @property
    def label(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...


@dataclass(frozen=True)
class Head:
    """Fields that are written on one page."""

    name: str
    label: str | Promise
    fields: tuple[Field, ...]

    def fields_of(self, kind: str = "") -> tuple[Field, ...]:
        return self.fields


@dataclass(frozen=True)
class Sort:
    """Pieces in their order, each with a slug of its own; of several kinds, or all with the same fields."""

    name: str  # under which they are kept
    label: str
    add: str
    fields: tuple[Field, ...]
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def fields_of(self, kind: str = "") -> tuple[Field, ...]:
        """The fields of a piece of this kind, the slug among them."""
        return (*self.fields, *(self.kinds[kind].fields if kind else ()))

    def kind_of(self, piece: Mapping[str, Any]) -> str:
        """What a piece of this kind is called."""
        return self.kinds[piece["kind"]].label if self.kinds else ""


@dataclass(frozen=True)
class Shape:
    """All heads and sorts of a work.

    `choices` says what there is to choose from, by the name of the field ("topic", or "easy.picture" within a list).
    """

    heads: tuple[Head, ...]
    sorts: tuple[Sort, ...] = ()
    choices: Choices = field(default_factory=dict)

    def head(self, name: str) -> Head | None:
        return next((each for each in self.heads if each.name == name), None)

    def sort(self, name: str) -> Sort | None:
        return next((each for each in self.sorts if each.name == name), None)


def title_of(piece: Mapping[str, Any]) -> str:
    """A piece as a person would call it."""
    return piece.get("title") or piece.get("ask") or piece.get("label") or piece.get("slug", "")
