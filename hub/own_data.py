"""What the hub holds about one person: to be copied for them, and to be erased when they close their account.

Each app says it in its `own_data`. A copy is made by a list of what may be in it, never by what is in a table: nothing
the person may not see on the pages of the hub stands in it (trust T22). Closing takes what is theirs alone and leaves
what two parents share, with the role in place of the name (product decision 7, trust T21).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

Said = str | Promise


@dataclass
class Entry:
    """One thing among others, such as one goal: a heading, and its facts in order. What has no words is left out."""

    title: Said
    facts: list[tuple[Said, Said]] = field(default_factory=list)


@dataclass
class Section:
    """Some of what the hub holds about somebody, once for people and once for programs.

    key:   its name in the JSON, and the order of the sections.
    about: a sentence or two: what it is, and who else can see it.
    data:  plain values for JSON, times in UTC as ISO 8601.
    """

    key: str
    title: Said
    about: Said
    data: Any
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Fate:
    """What closing the account does, in sentences for the person: what goes, and what stays and why."""

    goes: tuple[Said, ...] = ()
    stays: tuple[Said, ...] = ()


Copier = Callable[[Any, datetime], Iterable[Section]]
Teller = Callable[[Any], Fate]
Closer = Callable[[Any, datetime], None]
Eraser = Callable[[Any], dict[str, int]]

_COPIERS: list[Copier] = []
_TELLERS: list[Teller] = []
_CLOSERS: list[Closer] = []
_ERASERS: list[Eraser] = []


def copies(function: Copier) -> Copier:
    """Registers what goes into somebody's copy: (person, at) -> sections. Called by a worker."""
    _COPIERS.append(function)
    return function


def tells(function: Teller) -> Teller:
    """Registers what closing does to this person's things, for the page that asks them. A query or two."""
    _TELLERS.append(function)
    return function


def on_closing(function: Closer) -> Closer:
    """Registers what must happen in the very transaction in which an account is closed: (person, at).

    Everything that others may notice belongs here, so that it is the same whether or not a legal hold keeps the rest.
    """
    _CLOSERS.append(function)
    return function


def on_erasing(function: Eraser) -> Eraser:
    """Registers what is erased when the account itself goes and no cascade does it: person -> what went, counted."""
    _ERASERS.append(function)
    return function


def copy_of(person, at: datetime) -> list[Section]:
    """Every section, in the order of their keys."""
    found = [section for copier in _COPIERS for section in copier(person, at)]
    return sorted(found, key=lambda section: section.key)


def fate_of(person) -> Fate:
    told = [teller(person) for teller in _TELLERS]
    return Fate(tuple(line for fate in told for line in fate.goes), tuple(line for fate in told for line in fate.stays))


def close(person, at: datetime) -> None:
    """Does, in the caller's transaction, what each app must when this account is closed."""
    for closer in _CLOSERS:
        closer(person, at)


def erase(person) -> dict[str, int]:
    """Erases, in the caller's transaction, what each app holds of a closed account. Counts by name."""
    counts: dict[str, int] = {}
    for eraser in _ERASERS:
        for name, count in eraser(person).items():
            counts[name] = counts.get(name, 0) + count
    return counts
