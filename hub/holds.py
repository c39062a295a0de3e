"""Legal holds: what nobody may erase for now, whatever time or request says. Two people place one and two end it.

A hold stands from the moment it is placed, so that nothing goes while a second person is looked for. Nobody who is
held can tell: what they may do, and see, is the same.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Count, Min, Q, QuerySet, When

from hub import audit, clock
from hub.models import LegalHold

Found = tuple[int, str]  # the key of a row, and its reference as staff know it
_FINDERS: dict[str, Callable[[str], Found | None]] = {}
_OWN: dict[str, Callable[[Any], Collection[int]]] = {}
_NAMES: dict[str, Callable[[int, datetime], str | None]] = {}
_ON_RECORD: dict[str, Callable[[int], Iterable[str]]] = {}
TURN = 7_318_005  # of the lock that placing a hold and erasing take in turn; nothing else in the database uses it


class Refused(Exception):
    """This cannot be done as things stand."""


class NotFound(Refused):
    """There is nothing of this name."""


class HeldAlready(Refused):
    """A hold on it stands."""


class SamePerson(Refused):
    """A second person is needed."""


class NothingToDo(Refused):
    """Somebody did it meanwhile, or it was not asked for."""


def finder(kind: str):
    """Registers how an app finds what staff name: the text they typed in, key and reference out; None when there is no
    such thing.
    """

    def remember(function: Callable[[str], Found | None]):
        _FINDERS[LegalHold.Kind(kind)] = function
        return function

    return remember


def own(kind: str):
    """Registers how an app tells which things of this kind a member of staff has a part in: their keys (trust T14)."""

    def remember(function: Callable[[Any], Collection[int]]):
        _OWN[LegalHold.Kind(kind)] = function
        return function

    return remember


def is_own(person, kind: str, number: int) -> bool:
    return kind in _OWN and number in _OWN[LegalHold.Kind(kind)](person)


def not_own(person) -> QuerySet[LegalHold]:
    """Every hold but those on what this member of staff has a part in: for them these are not there."""
    theirs = Q()
    for kind, keys in _OWN.items():
        if found := keys(person):
            theirs |= Q(kind=kind, number__in=list(found))
    return LegalHold.objects.exclude(theirs) if theirs else LegalHold.objects.all()


def names(kind: str):
    """Registers how an app tells what staff call the row of this key, if it was there before a moment; else None."""

    def remember(function: Callable[[int, datetime], str | None]):
        _NAMES[LegalHold.Kind(kind)] = function
        return function

    return remember


def name_of(kind: str, number: int, *, before: datetime) -> str | None:
    return _NAMES[LegalHold.Kind(kind)](number, before)


def lines_of_own(person) -> set[str]:
    """What lines on record about things this member of staff has a part in are about: for them they are not there.

    Lines about their own account are: what they did, and what was done about it, is theirs to know. Whoever has a part
    in no plan and no case has to do with nobody.
    """
    someone = LegalHold.Kind.PERSON
    own = {kind: set(keys(person)) for kind, keys in _OWN.items() if kind != someone}
    if not any(own.values()):
        return set()
    own[someone] = set(_OWN[someone](person)) - {person.pk}
    held = Q()
    for kind, numbers_ in own.items():
        held |= Q(kind=kind, number__in=numbers_)
    found = {f"legalhold:{pk}" for pk in LegalHold.objects.filter(held).order_by().values_list("pk", flat=True)}
    return found.union(*(_ON_RECORD[kind](number) for kind, numbers_ in own.items() for number in numbers_))


def lines(kind: str):
    """Registers how an app calls such a thing, and whatever belongs to it, in lines about who did what (hub.audit)."""

    def remember(function: Callable[[int], Iterable[str]]):
        _ON_RECORD[LegalHold.Kind(kind)] = function
        return function

    return remember


def on_record(hold: LegalHold) -> list[str]:
    """What lines about the thing that is held are about: they stay with it."""
    more = _ON_RECORD[LegalHold.Kind(hold.kind)](hold.number) if hold.kind in _ON_RECORD else ()
    return [f"{hold.kind}:{hold.name}", *more]


def keep_out() -> None:
    """Until this transaction ends no hold is placed, and what somebody else holds is waited for a tenth of a second
    only: called by whoever erases, before they look what is held. Many may erase at once.
    """
    _take_turn("SELECT set_config('lock_timeout', '100ms', true), pg_advisory_xact_lock_shared(%s)")


def _take_turn(asked: str) -> None:
    """SQLite has one writer at a time, and needs no lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(asked, [TURN])


def numbers(kind: str) -> list[int]:
    """The keys of everything of this kind that is held now."""
    return list(LegalHold.objects.filter(kind=kind, released_at=None).order_by().values_list("number", flat=True))


def standing() -> dict[str, list[int]]:
    """The same for every kind. One query."""
    found: dict[str, list[int]] = {}
    for kind, number in LegalHold.objects.filter(released_at=None).order_by().values_list("kind", "number"):
        found.setdefault(kind, []).append(number)
    return found


def stands(kind: str, number: int) -> bool:
    return LegalHold.objects.filter(kind=kind, number=number, released_at=None).exists()


def waiting() -> tuple[int, datetime | None]:
    """How many wait for their second person, to confirm or to end them, and since when the first of them."""
    began = Case(When(confirmed_at=None, then="placed_at"), default="ending_at")
    rows = LegalHold.objects.filter(Q(confirmed_at=None) | Q(ending_at__isnull=False), released_at=None)
    told = rows.aggregate(count=Count("pk"), since=Min(began))
    return told["count"], told["since"]


def look_for(*, kind: str, text: str, by) -> Found:
    """What staff named by `text`, before they place a hold. That they looked, and for what, is on record.

    Raises NotFound: also for what they have a part in themselves, which is not there for them.
    """
    found = _FINDERS[LegalHold.Kind(kind)](text)
    own = found is not None and is_own(by, kind, found[0])
    audit.record(
        person=by,
        what="refused own case" if own else "look for legal hold",
        about=f"{kind}:{found[1]}" if found else f"{kind}:nothing",
    )
    if found is None or own:
        raise NotFound
    return found


def place(*, kind: str, text: str, reason: str, by, at: datetime | None = None) -> LegalHold:
    """Hold what staff named by `text`. Stands at once; somebody else is to confirm it.

    Raises HeldAlready, and NotFound as `look_for` does.
    """
    try:
        with transaction.atomic():
            _take_turn("SELECT pg_advisory_xact_lock(%s)")
            found = _FINDERS[LegalHold.Kind(kind)](text)
            if found is None or is_own(by, kind, found[0]):
                raise NotFound
            hold = LegalHold.objects.create(
                kind=kind, number=found[0], name=found[1], reason=reason, placed_by=by, placed_at=at or clock.now()
            )
            _record(hold, "place legal hold", by, reason)
    except IntegrityError:
        raise HeldAlready from None
    return hold


def confirm(hold: LegalHold, *, by, at: datetime | None = None) -> None:
    """The second person has looked, and says that it is right. Raises SamePerson, NothingToDo."""
    with transaction.atomic():
        held = _take(hold, lambda row: row.confirmed_at is None and row.released_at is None)
        if held.placed_by_id == by.pk:
            raise SamePerson
        held.confirmed_by, held.confirmed_at = by, at or clock.now()
        held.save(update_fields=["confirmed_by", "confirmed_at"])
        _record(held, "confirm legal hold", by)


def ask_to_end(hold: LegalHold, *, reason: str, by, at: datetime | None = None) -> None:
    """Ask that it end. It stands until somebody else agrees. Raises NothingToDo."""
    with transaction.atomic():
        held = _take(hold, lambda row: row.ending_at is None and row.released_at is None)
        held.ending_by, held.ending_at, held.ending_reason = by, at or clock.now(), reason
        held.save(update_fields=["ending_by", "ending_at", "ending_reason"])
        _record(held, "ask to end legal hold", by, reason)


def keep_on(hold: LegalHold, *, by, at: datetime | None = None) -> None:
    """Do not end it after all: what was asked is set aside. Raises NothingToDo."""
    with transaction.atomic():
        held = _take(hold, lambda row: row.ending_at is not None and row.released_at is None)
        reason = held.ending_reason
        held.ending_by, held.ending_at, held.ending_reason = None, None, ""
        held.save(update_fields=["ending_by", "ending_at", "ending_reason"])
        _record(held, "keep legal hold on", by, reason)


def release(hold: LegalHold, *, by, at: datetime | None = None) -> None:
    """The second person agrees that it ends, for the reason they read in `hold`. What was due meanwhile goes in the
    next night. Raises SamePerson, NothingToDo.
    """
    with transaction.atomic():
        held = _take(hold, lambda row: row.ending_at is not None and row.released_at is None)
        if (held.ending_at, held.ending_by_id) != (hold.ending_at, hold.ending_by_id):
            raise NothingToDo
        if held.ending_by_id == by.pk:
            raise SamePerson
        held.released_by, held.released_at = by, at or clock.now()
        held.save(update_fields=["released_by", "released_at"])
        _record(held, "end legal hold", by, held.ending_reason)


def _take(hold: LegalHold, as_it_should_be: Callable[[LegalHold], bool]) -> LegalHold:
    held = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if not as_it_should_be(held):
        raise NothingToDo
    return held


def _record(hold: LegalHold, what: str, by, reason: str = "") -> None:
    audit.record(person=by, what=what, about=f"{hold.kind}:{hold.name} hold:{hold.pk}", reason=reason)
