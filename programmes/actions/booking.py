"""Places in workshops, as verbs. Each holds the referral, then the workshops, then moves the place and tells.

What somebody is offered depends on their own lanes and on how many places are left there: never on what another party
of their case has done. All of a change happens in one transaction, or none of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hub import clock
from programmes import places, telling
from programmes.actions.referring import release
from programmes.lanes import Place, may_be_offered
from programmes.models import Attendance, Booking, Referral, Workshop
from programmes.models.workshops import MOST_PEOPLE
from programmes.places import (
    OPEN,
    PROGRAMME,
    Changed,
    Full,
    NotOffered,
    OnlyStaff,
    Refused,
    State,
    TooLate,
    only_staff,
)

__all__ = [
    "STANDING_WORDS",
    "AlreadyAttended",
    "AlreadyHasPlace",
    "AlreadyHeld",
    "Changed",
    "Choice",
    "Full",
    "MovedMeanwhile",
    "NoPlace",
    "NotOffered",
    "NotYet",
    "Offer",
    "OnlyStaff",
    "RecordedMeanwhile",
    "Refused",
    "TooFew",
    "TooLate",
    "book",
    "call_off",
    "give_up",
    "move",
    "offered",
    "put",
    "record_attendance",
    "set_capacity",
    "take_back",
    "wait",
]


P = ParamSpec("P")
T = TypeVar("T")
TRIES = 4
LINE_TOO_LONG = "55P03"  # PostgreSQL: lock_not_available


class AlreadyHasPlace(Refused):
    """They have a place in another workshop: it can be moved, or given up first."""


class AlreadyAttended(Refused):
    """They have been to the workshop: there is nothing left to book."""


class NoPlace(Refused):
    """There is no place, or no turn in a waiting list, to move or give up."""


class MovedMeanwhile(Refused):
    """Their place or turn is another than staff looked at: a colleague or they themselves were faster. For staff."""


class NotYet(Refused):
    """Who came is recorded once the workshop has begun. For staff."""


class RecordedMeanwhile(Refused):
    """A colleague has recorded something else since this was looked at. For staff."""


class AlreadyHeld(Refused):
    """Somebody’s attendance has been recorded: the workshop took place. For staff."""


class TooFew(Refused):
    """More people have a place than there would be places, or nobody or more than six could come. For staff."""


# ---------------------------------------------------------------- what somebody is offered


@dataclass(frozen=True)
class Choice:
    """One workshop that this person may choose."""

    workshop: Workshop
    left: int  # places
    waiting: bool  # somebody is on its waiting list
    may_wait: bool  # the waiting list is still open


@dataclass(frozen=True)
class Offer:
    """What one person can do now. `state` is a key of STANDING_WORDS."""

    state: str
    booking: Booking | None  # the place or the turn they have, with its workshop
    may_change: bool  # whether they may move it or give it up themselves, still
    choices: list[Choice]  # none where there is nothing to choose


STANDING_WORDS = {
    "closed": _("There is nothing to book"),
    "attended": _("You have been to the workshop"),
    "happened": _("The workshop has been; staff will record who came"),
    "booked": _("You have a place"),
    "waiting": _("You are on a waiting list"),
    "free": _("You can choose a workshop"),
}


def offered(referral: Referral, at: datetime | None = None, *, way: str = "", when: str = "") -> Offer:
    """The workshops of this person’s own lanes that are still to come, soonest first, and where they stand.

    A fixed number of queries. `way` and `when` narrow the choices.
    """
    at = at or clock.now()
    referral = Referral.objects.select_related("party").get(pk=referral.pk)
    held = _held_by_this_person(referral)
    booking = next((each for each in held if each.referral_id == referral.pk), None)
    elsewhere = {each.workshop_id for each in held if each is not booking}
    if booking is not None and booking.state == State.WAITING and booking.workshop.starts_at <= at:
        booking = None
    state = _standing(referral, booking, at)
    may_choose = state in {"free", "waiting", "booked"}
    choices = _choices(referral, booking, elsewhere, at, way, when) if may_choose else []
    shown = [choice.workshop for choice in choices] + ([booking.workshop] if booking else [])
    prefetch_related_objects(shown, "sittings")
    may_change = booking is not None and may_choose
    if booking is not None and booking.state == State.BOOKED:
        may_change = may_change and at <= places.may_leave_until(booking, booking.workshop)
    return Offer(state, booking, may_change, choices)


def _standing(referral: Referral, booking: Booking | None, at: datetime) -> str:
    if referral.attended_at is not None:
        return "attended"
    if referral.joined_at is None or referral.ended_at is not None or referral.programme != PROGRAMME:
        return "closed"
    if booking is None:
        return "free"
    if booking.state == State.WAITING:
        return "waiting"
    return "booked" if booking.workshop.starts_at > at else "happened"


def _held_by_this_person(referral: Referral) -> list[Booking]:
    """Places and turns of this referral and, for somebody sent in two cases, of their other ones."""
    whose = Q(referral__party__person=referral.party.person_id)
    if referral.party.person_id is None:
        whose = Q(referral=referral)
    return list(Booking.objects.filter(whose, state__in=OPEN).select_related("workshop", "referral"))


def _choices(
    referral: Referral, booking: Booking | None, elsewhere: set[int], at: datetime, way: str, when: str
) -> list[Choice]:
    places_, closed = places.places_of(referral.party), places.closed_to(referral.party)
    coming = Workshop.objects.filter(starts_at__gt=at, cancelled_at=None)
    narrowed = coming.filter(**({"way": way} if way else {}), **({"when": when} if when else {}))
    not_these = closed | elsewhere | ({booking.workshop_id} if booking else set())
    line = Booking.objects.filter(workshop=OuterRef("pk"), state=State.WAITING)
    found = narrowed.annotate(has_line=Exists(line)).order_by("starts_at", "pk")
    return [
        Choice(
            workshop=workshop,
            left=workshop.capacity - workshop.taken,
            waiting=workshop.has_line,
            may_wait=places.may_still_change(workshop, at),
        )
        for workshop in found
        if workshop.pk not in not_these and may_be_offered(workshop.reference, places_)
    ]


def _of_other_referrals(referral: Referral, at: datetime) -> list[int]:
    """Workshops in which this same person, sent in another case too, has something already."""
    if referral.party.person_id is None:
        return []
    rows = Booking.objects.filter(referral__party__person=referral.party.person_id, state__in=OPEN)
    return list(rows.exclude(referral=referral).filter(workshop__starts_at__gt=at).values_list("workshop", flat=True))


# ---------------------------------------------------------------- taking, moving, giving up


@dataclass
class Turn:
    """One person’s turn: their referral held, what they have now, and the workshop they ask for, held as well."""

    referral: Referral
    mine: Booking | None
    mine_in: Workshop | None
    asked: Workshop | None
    places: list[Place]
    at: datetime


def _turn(referral: Referral, asked: Workshop | None, at: datetime | None, *, for_a_place: bool = False) -> Turn:
    """Hold the referral, then the workshops in question. Raises NotOffered for one that is not theirs to ask for.

    The lanes are looked at before any workshop is held, and so is whether it is full already where it is `for_a_place`,
    so that the line at a popular one moves on quickly.
    """
    held = places.hold_referrals(referral.pk)[referral.pk]
    if held.joined_at is None or held.ended_at is not None or held.programme != PROGRAMME:
        raise NotOffered
    if held.attended_at is not None:
        raise AlreadyAttended
    stands = places.places_of(held.party)
    before = held.bookings.filter(state__in=OPEN).first()
    seen = None
    if asked is not None and (before is None or before.workshop_id != asked.pk):
        seen = Workshop.objects.filter(pk=asked.pk).first()
        if seen is None or not may_be_offered(seen.reference, stands) or seen.pk in places.closed_to(held.party):
            raise NotOffered
        if for_a_place and seen.taken >= seen.capacity and seen.cancelled_at is None:
            raise Full
    workshops = places.hold_workshops(*{pk for pk in (asked and asked.pk, before and before.workshop_id) if pk})
    at = at or clock.now()
    mine = held.bookings.filter(state__in=OPEN).first()  # again: a place may have come free, or all been called off
    if mine is not None:
        mine.referral = held
    turn = Turn(held, mine, workshops[mine.workshop_id] if mine else None, asked and workshops[asked.pk], stands, at)
    if turn.asked is not None:
        if turn.asked.cancelled_at is not None:
            raise NotOffered
        if _is_led_by_another(turn.asked, seen) and turn.asked.pk in places.closed_to(held.party):
            raise NotOffered
        if turn.asked.starts_at <= at:
            raise TooLate
        if asked is not None and turn.asked.changes != asked.changes:
            raise Changed
        in_two_cases = sum(place.group.startswith("case:") for place in stands) > 1
        if in_two_cases and turn.asked.pk in _of_other_referrals(held, at):
            raise AlreadyHasPlace
    return turn


def _is_led_by_another(workshop: Workshop, seen: Workshop | None) -> bool:
    """Whether this held workshop has a facilitator who was not there when it was looked at before it was held."""
    return workshop.facilitator_id not in {None, seen and seen.facilitator_id}


def _patiently(action: Callable[P, T]) -> Callable[P, T]:
    """Try again when the line for a row was longer than the database waits: by then it has moved on, or all is taken.

    The last try raises what the database said; the hub then says that it was busy.
    """

    @wraps(action)
    def wrapped(*told: P.args, **more: P.kwargs) -> T:
        for _try in range(TRIES - 1):
            try:
                return action(*told, **more)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != LINE_TOO_LONG:
                    raise
        return action(*told, **more)

    return wrapped


@_patiently
def book(
    referral: Referral,
    workshop: Workshop,
    submit_key: str | None = None,
    at: datetime | None = None,
    *,
    by_staff: bool = False,
) -> Booking:
    """Take a place. A turn in a waiting list ends with it. The same form sent twice gives the same place once.

    `workshop` is as it was looked at: Changed when its time or place is another now. Raises Full when somebody else
    was faster, NotOffered, AlreadyHasPlace, AlreadyAttended, TooLate.
    """
    with transaction.atomic():
        places.hold_referrals(referral.pk)
        if submit_key and not re.fullmatch(r"[\w.:-]{1,40}", submit_key, re.ASCII):
            raise NotOffered
        if submit_key and (done := Booking.objects.filter(submit_key=submit_key).first()):
            if (done.referral_id, done.workshop_id) != (referral.pk, workshop.pk):
                raise NotOffered
            return done
        had = Booking.objects.filter(referral=referral, state=State.BOOKED).exists()
        turn = _turn(referral, workshop, at, for_a_place=not had)
        mine = turn.mine
        if mine is not None and mine.state == State.BOOKED:
            if mine.workshop_id == workshop.pk:
                return mine
            raise AlreadyHasPlace
        return _place(turn, submit_key, by_staff)


def _place(turn: Turn, submit_key: str | None, by_staff: bool) -> Booking:
    """Put them into the workshop they ask for; their turn in a waiting list becomes the place, or ends."""
    mine, asked = turn.mine, turn.asked
    assert asked is not None
    if asked.taken >= asked.capacity:
        raise Full
    if mine is not None and mine.workshop_id == asked.pk:
        booking = mine
        booking.submit_key = submit_key or booking.submit_key
    else:
        if mine is not None and turn.mine_in is not None:
            places.let_go(mine, turn.mine_in, State.GIVEN_UP, turn.at)
        booking = Booking(workshop=asked, referral=turn.referral, made_at=turn.at, submit_key=submit_key)
    places.take(booking, asked, turn.places, turn.at)
    telling.tell(booking, "booked", at=turn.at, also_notice=by_staff)
    return booking


@_patiently
def wait(referral: Referral, workshop: Workshop, at: datetime | None = None, *, by_staff: bool = False) -> Booking:
    """Stand in line for this workshop. Where a place is free after all, they get it: look at the booking’s state.

    The line closes 48 hours before the workshop. A turn in another line ends. Raises NotOffered, AlreadyHasPlace,
    AlreadyAttended, TooLate, Changed.
    """
    with transaction.atomic():
        turn = _turn(referral, workshop, at)
        mine, asked = turn.mine, turn.asked
        assert asked is not None
        if mine is not None and mine.state == State.BOOKED:
            if mine.workshop_id == asked.pk:
                return mine
            raise AlreadyHasPlace
        if asked.taken < asked.capacity:
            return _place(turn, None, by_staff)
        if mine is not None and mine.workshop_id == asked.pk:
            return mine
        if not places.may_still_change(asked, turn.at):
            raise TooLate
        if mine is not None and turn.mine_in is not None:
            places.let_go(mine, turn.mine_in, State.GIVEN_UP, turn.at)
        return Booking.objects.create(workshop=asked, referral=turn.referral, state=State.WAITING, made_at=turn.at)


@_patiently
def move(referral: Referral, to: Workshop, at: datetime | None = None, *, by_staff: bool = False) -> Booking:
    """Change a place for one in another workshop. When that is full, Full is raised and the old place stays theirs.

    The place left behind goes to the first in line. Raises NoPlace, TooLate, Full, NotOffered, AlreadyAttended and
    Changed.
    """
    with transaction.atomic():
        turn = _turn(referral, to, at)
        mine, left, asked = _place_of(turn), turn.mine_in, turn.asked
        assert asked is not None and left is not None
        if mine.workshop_id == asked.pk:
            return mine
        _may_leave(mine, left, turn.at, by_staff)
        if asked.taken >= asked.capacity:
            raise Full
        places.let_go(mine, left, State.MOVED, turn.at)
        booking = Booking(workshop=asked, referral=turn.referral, made_at=turn.at)
        places.take(booking, asked, turn.places, turn.at)
        telling.tell(booking, "booked", at=turn.at, also_notice=by_staff)
        places.fill(left, turn.at)
        return booking


@_patiently
def put(
    referral: Referral, workshop: Workshop, *, seen: int | None, by: User | None, at: datetime | None = None
) -> Booking:
    """Staff place or move somebody, or put them into a waiting list: look at the state of what comes back.

    `seen` is the place or turn they had when staff looked, None for none. Raises MovedMeanwhile when it is another by
    now, so that of two who move one person at once only one does; and what `book`, `move` and `wait` raise.
    """
    only_staff(by)
    with transaction.atomic():
        mine = _as_seen(referral, seen)
        if mine is not None and mine.state == State.BOOKED:
            return move(referral, workshop, at, by_staff=True)
        try:
            return book(referral, workshop, None, at, by_staff=True)
        except Full:
            return wait(referral, workshop, at, by_staff=True)


def _as_seen(referral: Referral, seen: int | None) -> Booking | None:
    """Hold the referral; its place or turn, if that is what staff looked at. Raises MovedMeanwhile."""
    places.hold_referrals(referral.pk)
    mine = Booking.objects.filter(referral=referral, state__in=OPEN).first()
    if (mine and mine.pk) != seen:
        raise MovedMeanwhile
    return mine


@_patiently
def take_back(referral: Referral, *, seen: int | None, by: User | None, at: datetime | None = None) -> Booking:
    """Staff give up the place or turn that they looked at. Raises MovedMeanwhile, and what `give_up` raises."""
    only_staff(by)
    with transaction.atomic():
        _as_seen(referral, seen)
        return give_up(referral, at, by_staff=True)


@_patiently
def give_up(referral: Referral, at: datetime | None = None, *, by_staff: bool = False) -> Booking:
    """Give a place back, until 48 hours before; or leave a waiting list, at any time. The first in line gets the place.

    After staff changed the workshop also later, for a while (places.may_leave_until).
    Raises NoPlace, TooLate, AlreadyAttended, NotOffered.
    """
    with transaction.atomic():
        turn = _turn(referral, None, at)
        if turn.mine is None or turn.mine_in is None:
            raise NoPlace
        if turn.mine.state == State.BOOKED:
            _may_leave(turn.mine, turn.mine_in, turn.at, by_staff)
        places.let_go(turn.mine, turn.mine_in, State.GIVEN_UP, turn.at)
        places.fill(turn.mine_in, turn.at)
        return turn.mine


def _place_of(turn: Turn) -> Booking:
    if turn.mine is None or turn.mine.state != State.BOOKED:
        raise NoPlace
    return turn.mine


def _may_leave(mine: Booking, workshop: Workshop, at: datetime, by_staff: bool) -> None:
    if workshop.starts_at <= at or not (by_staff or at <= places.may_leave_until(mine, workshop)):
        raise TooLate


# ---------------------------------------------------------------- for staff


def call_off(workshop: Workshop, by: User | None = None, at: datetime | None = None) -> None:
    """The workshop does not take place. Everybody with a place or a turn is told once, and can choose another.

    Safe to do twice. Raises AlreadyHeld when attendance has been recorded.
    """
    only_staff(by)
    with transaction.atomic():
        held = places.hold_workshops(workshop.pk)[workshop.pk]
        at = at or clock.now()
        if held.cancelled_at is None:
            if Attendance.objects.filter(booking__workshop=held).exists():
                raise AlreadyHeld
            held.cancelled_at = at
            held.save(update_fields=["cancelled_at"])
            everybody = held.bookings.filter(state__in=OPEN).select_related("referral__party__person")
            for booking in everybody.order_by("pk"):
                places.let_go(booking, held, State.CALLED_OFF, at)
                telling.tell(booking, "called_off", at=at)
    workshop.cancelled_at, workshop.taken = held.cancelled_at, held.taken


def set_capacity(workshop: Workshop, capacity: int, by: User | None = None, at: datetime | None = None) -> None:
    """More or fewer places. New ones go to those who wait. Raises TooFew."""
    only_staff(by)
    with transaction.atomic():
        held = places.hold_workshops(workshop.pk)[workshop.pk]
        at = at or clock.now()
        if not max(1, held.taken) <= capacity <= MOST_PEOPLE:
            raise TooFew
        held.capacity = capacity
        held.save(update_fields=["capacity"])
        places.fill(held, at)
    workshop.capacity, workshop.taken = held.capacity, held.taken


def record_attendance(
    booking: Booking,
    came: str,
    by: User | None = None,
    at: datetime | None = None,
    *,
    counts: bool | None = None,
    seen: str | None = None,
) -> Attendance:
    """Staff say who came. `counts` says whether it was the whole workshop for them: only WHOLE, unless staff decide.

    Where it does not count, the person can book again. May be put right later. `seen` is what stood there when staff
    looked (Attendance.said). Raises NotYet, NoPlace, and RecordedMeanwhile when something else stands there by now.
    """
    from programmes.actions import certifying

    only_staff(by)
    came = Attendance.Came(came)
    counts = came == Attendance.Came.WHOLE if counts is None else counts
    with transaction.atomic():
        referral = places.hold_referrals(booking.referral_id)[booking.referral_id]
        at = at or clock.now()
        to_come = referral.bookings.filter(state__in=OPEN, workshop__starts_at__gt=at).values_list(
            "workshop", flat=True
        )
        workshop = places.hold_workshops(booking.workshop_id, *to_come)[booking.workshop_id]
        held = Booking.objects.get(pk=booking.pk)
        if held.state != State.BOOKED and not Attendance.objects.filter(booking=held).exists():
            raise NoPlace
        if workshop.starts_at > at:
            raise NotYet
        if seen is not None and seen != Attendance.said(Attendance.objects.filter(booking=held).first()):
            raise RecordedMeanwhile
        facts = {"came": came, "counts": counts, "recorded_by": by, "recorded_at": at}
        attendance, _new = Attendance.objects.update_or_create(booking=held, defaults=facts)
        if counts:
            release(referral, at)
        elif held.state == State.BOOKED:
            places.let_go(held, workshop, State.OVER, at)
        was_there = Attendance.objects.filter(booking__referral=referral, counts=True).exists()
        referral.attended_at = (referral.attended_at or at) if was_there else None
        referral.save(update_fields=["attended_at"])
        certifying.after_attendance(referral, at)
    booking.refresh_from_db(fields=["state", "ended_at"])
    return attendance
