"""Places in workshops, moved only under their locks. What referring and booking are made of.

The lock order everywhere is: case, referral rows by their number, workshop rows by theirs, then bookings. Whoever
changes a booking holds its workshop; whoever changes what somebody may be offered holds all of that person's referrals.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, Q, Subquery

from programmes import telling
from programmes.lanes import Place, may_be_offered
from programmes.models import Booking, Claim, KeepApart, NeverOffered, Party, Referral, Workshop
from programmes.own_cases import people_with_a_part

PROGRAMME = "planning-together"  # the one that has workshops
State = Booking.State
OPEN = (State.BOOKED, State.WAITING)


class Refused(Exception):
    """What was asked for cannot happen, and nothing was changed. The class says why."""


class Full(Refused):
    """Every place is taken: there is the waiting list."""


class NotOffered(Refused):
    """This workshop, or this referral, is not one that can be booked here. Says no more than that."""


class TooLate(Refused):
    """The workshop has begun, or it begins too soon for parents to change their place themselves: staff can help."""


class Changed(Refused):
    """Staff changed the time or the place of this workshop since it was looked at: look again."""


class OnlyStaff(Refused):
    """This is for staff to do."""


def only_staff(by) -> None:
    """Refuse somebody who is not staff. None stands for the house itself."""
    if by is not None and not by.is_staff:
        raise OnlyStaff


# ---------------------------------------------------------------- locks


def hold_referrals(*pks: int) -> dict[int, Referral]:
    """These referrals, locked until the transaction ends. Their parties are read anew, after the lock."""
    rows = Referral.objects.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk")
    return {referral.pk: referral for referral in rows}


def hold_workshops(*pks: int) -> dict[int, Workshop]:
    """These workshops, locked until the transaction ends."""
    rows = Workshop.objects.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk")
    return {workshop.pk: workshop for workshop in rows}


# ---------------------------------------------------------------- who stands where


def parties_of(parties: Iterable[Party]) -> list[Party]:
    """These parties, and every other party that is the same person: somebody may be in two cases."""
    return list(Party.objects.filter(_same_people(parties)).order_by("pk"))


def _same_people(parties: Iterable[Party]) -> Q:
    parties = list(parties)
    same = Q(pk__in=[party.pk for party in parties])
    if people := {party.person_id for party in parties if party.person_id}:
        same |= Q(person__in=people)
    return same


def places_of(party: Party) -> list[Place]:
    """Every group this person belongs to, in whichever case: the cases, and the pairs to keep apart."""
    top = Party.objects.filter(case=OuterRef("case")).order_by().values("case").annotate(top=Max("lane")).values("top")
    mine = list(
        Party.objects.filter(_same_people([party])).annotate(top=Subquery(top)).select_related("case").order_by("pk")
    )
    places = [Place(f"case:{each.case_id}", each.lane, max(2, each.top + 1), bytes(each.case.salt)) for each in mine]
    pks = {each.pk for each in mine}
    for pair in KeepApart.objects.filter(Q(one__in=pks) | Q(other__in=pks)).order_by("pk"):
        places.append(Place(f"pair:{pair.pk}", 0 if pair.one_id in pks else 1, 2, bytes(pair.salt)))
    return places


def closed_to(party: Party) -> set[int]:
    """The workshops this person is never offered, whatever their lanes say. One query.

    Among them those whose facilitator has a part in a case of theirs: is this very person, the other parent, or named
    the case as one they have to do with. Nobody is told which of the reasons it is.
    """
    mine = Party.objects.filter(_same_people([party])).order_by()
    said = NeverOffered.objects.filter(party__in=mine).values_list("workshop")
    led_by_one_of_theirs = Workshop.objects.filter(facilitator__in=people_with_a_part(mine.values("case")))
    return {pk for (pk,) in said.union(led_by_one_of_theirs.order_by().values_list("pk"))}


def open_bookings(parties: Iterable[Party], at: datetime) -> list[Booking]:
    """Places and turns of these people in workshops still to come."""
    rows = Booking.objects.filter(referral__party__in=[party.pk for party in parties], state__in=OPEN)
    return list(rows.filter(workshop__starts_at__gt=at).select_related("referral").order_by("pk"))


# ---------------------------------------------------------------- taking and giving back


def take(booking: Booking, workshop: Workshop, places: Iterable[Place], at: datetime) -> None:
    """Make this booking a place in the workshop, which the caller holds. Raises Full or NotOffered.

    `booking` is new, or the turn in this waiting list that becomes a place.
    """
    if workshop.taken >= workshop.capacity:
        raise Full
    try:
        with transaction.atomic():
            booking.state, booking.placed_at = State.BOOKED, at
            booking.save()
            Claim.objects.bulk_create(
                [Claim(workshop=workshop, booking=booking, group=place.group) for place in places]
            )
    except IntegrityError as error:
        raise NotOffered from error
    workshop.taken += 1
    workshop.save(update_fields=["taken"])


def let_go(booking: Booking, workshop: Workshop, state: str, at: datetime) -> None:
    """End a place or a turn. The caller holds the workshop, and calls `fill` once it is done with it."""
    if booking.state == State.BOOKED:
        Claim.objects.filter(booking=booking).delete()
        workshop.taken -= 1
        workshop.save(update_fields=["taken"])
    booking.state, booking.ended_at = state, at
    booking.save(update_fields=["state", "ended_at"])


def may_still_change(workshop: Workshop, at: datetime) -> bool:
    """Whether a line is open, and a place got now could be left again: until 48 elapsed hours before it begins."""
    return at <= workshop.starts_at - timedelta(hours=settings.WORKSHOP_MOVE_HOURS)


def knew_it_before(booking: Booking, workshop: Workshop) -> bool:
    """Whether this place or turn was got before the time or place of the workshop was changed."""
    return workshop.changed_at is not None and (booking.placed_at or booking.made_at) <= workshop.changed_at


def may_leave_until(booking: Booking, workshop: Workshop) -> datetime:
    """The last moment at which parents may move or give up this place themselves.

    48 hours before, as `may_still_change`; and for some time after staff changed it, however soon it begins now.
    """
    until = workshop.starts_at - timedelta(hours=settings.WORKSHOP_MOVE_HOURS)
    if workshop.free_until is not None and knew_it_before(booking, workshop):
        return max(until, workshop.free_until)
    return until


def fill(workshop: Workshop, at: datetime) -> list[Booking]:
    """Give the free places of this held workshop to the first in line, and tell them.

    Only as long as they could still give the place up themselves: nobody is put into a session that they cannot leave.
    Later a free place is there for whoever takes it.
    """
    placed: list[Booking] = []
    if workshop.cancelled_at is not None or not may_still_change(workshop, at):
        return placed
    if workshop.taken >= workshop.capacity:
        return placed
    line = workshop.bookings.filter(
        state=State.WAITING, referral__ended_at=None, referral__party__person__is_active=True
    )
    for booking in line.select_related("referral__party__person").order_by("made_at", "pk"):
        if workshop.facilitator_id and workshop.pk in closed_to(booking.referral.party):
            continue
        try:
            take(booking, workshop, places_of(booking.referral.party), at)
        except Full:
            break
        except NotOffered:  # the database knew better than the lanes: the next in line, then
            booking.refresh_from_db()
            continue
        telling.tell(booking, "place_free", at=at)
        placed.append(booking)
    return placed


def settle(party: Party, bookings: Iterable[Booking], workshops: dict[int, Workshop], at: datetime) -> None:
    """Somebody now stands in a new group: what they hold claims it too, and what they would not be offered now ends.

    By their lanes alone, and never by what another of the group has booked. The caller holds their referrals and the
    workshops.
    """
    places, closed = places_of(party), closed_to(party)
    for booking in bookings:
        workshop = workshops[booking.workshop_id]
        booking.refresh_from_db()
        if booking.state not in OPEN:
            continue
        if workshop.pk in closed or not may_be_offered(workshop.reference, places):
            let_go(booking, workshop, State.CALLED_OFF, at)
            telling.tell(booking, "called_off", at=at)
            fill(workshop, at)
        elif booking.state == State.BOOKED:
            claim(booking, [place.group for place in places])


def claim(booking: Booking, groups: Iterable[str]) -> None:
    """Claim the booking's workshop for these groups, where it has not yet."""
    held = set(booking.claims.values_list("group", flat=True))
    Claim.objects.bulk_create(
        [Claim(workshop_id=booking.workshop_id, booking=booking, group=group) for group in groups if group not in held]
    )
