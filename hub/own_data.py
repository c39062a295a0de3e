"""What the hub holds about one person: to be copied for them, and to be erased when they close their account.

Each app says it in its `own_data`. A copy is made by a list of what may be in it, never by what is in a table: nothing
the person may not see on the pages of the hub stands in it (trust T22). Closing takes what is theirs alone and leaves
what two parents share, with the role in place of the name (product decision 7, trust T21).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hub import words as say

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


class Told:
    """One thing, told twice from the same values: as `data` for programs and as an `entry` for people."""

    def __init__(self, title: Said, key: str = ""):
        """With a `key` the title is one of its values, such as the words of a goal."""
        self.data: dict[str, Any] = {key: str(title)} if key else {}
        self.entry = Entry(title)

    def say(self, key: str, label: Said, value: Any, words: Said | None = None) -> "Told":
        """One value; `words` say it where its own words do not. What is None or empty is not told at all."""
        if value not in (None, "", [], {}):
            self.data[key] = _plain(value)
            self.entry.facts.append((label, _in_words(value) if words is None else words))
        return self

    def add(self, key: str, label: Said, value: Any, words: Said | None = None) -> "Told":
        """One more value of several, in order."""
        self.data.setdefault(key, []).append(_plain(value))
        self.entry.facts.append((label, _in_words(value) if words is None else words))
        return self


def section(key: str, title: Said, about: Said, things: Iterable[Told]) -> Iterable[Section]:
    """The section of these things; none when there are none."""
    told = list(things)
    if told:
        yield Section(key, title, about, [each.data for each in told], [each.entry for each in told])


def when(what: Said, moment: datetime) -> str:
    """The label of something that happened at this moment."""
    return _("%(what)s, %(when)s") % {"what": what, "when": say.when(moment)}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case dict():
            return {key: _plain(inner) for key, inner in value.items() if inner not in (None, "")}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case bool() | int() | None:
            return value
    return str(value)


def _in_words(value: Any) -> str:
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case datetime():
            return say.when(value)
        case date():
            return say.day(value)
        case list() | tuple():
            return "\n".join(_in_words(inner) for inner in value)
    return str(value)


mails: dict[str, Said] = {}
"""What each kind of mail is called in the list of those that were sent to somebody, where no news has its name."""


def call_mails(kinds: Mapping[str, Said]) -> None:
    """Give kinds of mail their words."""
    mails.update(kinds)


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
