"""Who is sent to a programme: staff write it, one person joins with a link that works once, nobody else learns of it.

Lock order: case, referrals, workshops, bookings (programmes.places). What is known of a case changes what its people
may be offered, so whoever changes it holds the referrals of everybody it touches.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hub import clock, mail, words
from hub.codes import fingerprint, new_salt
from hub.text import clean
from programmes import own_cases, places, telling
from programmes.actions import consenting
from programmes.lanes import Place, may_be_offered
from programmes.models import Booking, Case, KeepApart, NeverOffered, Party, Referral
from programmes.places import PROGRAMME, OnlyStaff, Refused, only_staff, places_of

__all__ = [
    "STATUS_WORDS",
    "AlreadyJoined",
    "AlreadyReferred",
    "LinkGone",
    "NotSuitable",
    "OnlyStaff",
    "OtherName",
    "OwnCase",
    "Refused",
    "SameCase",
    "Status",
    "StillToCome",
    "TogetherAlready",
    "WrongReference",
    "find",
    "has_nobody",
    "join",
    "keep_apart",
    "no_longer_apart",
    "places_of",
    "refer",
    "same_link",
    "send_link",
    "set_suitable",
    "status",
    "tidy_reference",
    "withdraw",
]


class LinkGone(Refused):
    """Used, replaced, run out, withdrawn, somebody else’s, or never was. All of these look the same."""


class WrongReference(Refused):
    """A case reference has letters or digits, and at most forty of them."""


class AlreadyReferred(Refused):
    """This party has an open referral to this programme. For staff."""


class OtherName(Refused):
    """Somebody else of this case has this address. For staff: two people need two addresses."""


class OwnCase(Refused):
    """Whoever refers has a part in this case themselves. For staff."""


class NotSuitable(Refused):
    """No link is sent before suitability has been looked at. For staff."""


class AlreadyJoined(Refused):
    """The link has been used, or the referral has ended: there is nothing to send. For staff."""


class SameCase(Refused):
    """People of one case, and one person with themselves, need no pair. For staff."""


class TogetherAlready(Refused):
    """Both have a place or a turn in one session: one of them must be moved first. For staff alone."""


class StillToCome(Refused):
    """One of the two has a place or a turn, got while they were kept apart, in a session to come. For staff alone."""


class Status(StrEnum):
    """How far a referral has come, for staff."""

    MADE = "made"
    LINK_SENT = "link_sent"
    LINK_RUN_OUT = "link_run_out"
    JOINED = "joined"
    LEARNING_DONE = "learning_done"
    BOOKED = "booked"
    ATTENDED = "attended"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"


STATUS_WORDS = {
    Status.MADE: _("Made, no link sent"),
    Status.LINK_SENT: _("Link sent"),
    Status.LINK_RUN_OUT: _("Link has run out"),
    Status.JOINED: _("Joined"),
    Status.LEARNING_DONE: _("E-learning done"),
    Status.BOOKED: _("Workshop booked"),
    Status.ATTENDED: _("Workshop attended"),
    Status.COMPLETE: _("Complete"),
    Status.WITHDRAWN: _("Withdrawn"),
}


# ---------------------------------------------------------------- making


def tidy_reference(written: str) -> str:
    """A case reference made comparable: capitals and digits alone, "zw 23-p00123" as ZW23P00123."""
    plain = unicodedata.normalize("NFKC", written).upper()
    tidied = re.sub(r"[^A-Z0-9]", "", plain)
    if not 1 <= len(tidied) <= 40:
        raise WrongReference
    return tidied


def refer(
    case_reference: str,
    court: str,
    name: str,
    email: str,
    programme: str,
    route: str,
    ordered_on: date,
    hearing_on: date | None = None,
    suitable_on: date | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> Referral:
    """Staff send one person of a case to a programme. The case, and the person in it, are found again when known.

    Raises WrongReference, AlreadyReferred, OtherName, OwnCase, and ValidationError for an address that is not one.
    """
    only_staff(by)
    name, email = clean(name, one_line=True), User.objects.normal_email(email)
    validate_email(email)
    with transaction.atomic():
        reference = tidy_reference(case_reference)
        if by is not None and own_cases.is_own(by, reference, email):
            raise OwnCase
        court = clean(court, one_line=True)
        made = {"court": court, "made_by": by, "made_at": at or clock.now()}
        Case.objects.get_or_create(reference=reference, defaults=made)
        case = Case.objects.select_for_update(no_key=True).get(reference=reference)
        if court and not case.court:
            case.court = court
            case.save(update_fields=["court"])
        at = at or clock.now()
        party = case.parties.filter(email=email).first()
        if party is None:
            party = _new_party(case, name, email, at)
        elif party.name.casefold() != name.casefold():
            raise OtherName
        if party.referrals.filter(programme=programme, ended_at=None).exists():
            raise AlreadyReferred
        return Referral.objects.create(
            party=party,
            programme=programme,
            route=Referral.Route(route),
            ordered_on=ordered_on,
            hearing_on=hearing_on,
            suitable_on=suitable_on,
            made_by=by,
            made_at=at,
        )


def _new_party(case: Case, name: str, email: str, at: datetime) -> Party:
    """The next party of this held case, in a lane of their own.

    A third one takes workshops over from the lanes of the first two. Where one of these has a place or a turn already
    they keep it, and the new party is never offered that workshop, whatever becomes of the place. Nothing is to be
    inferred from that: the new party has no list before they join, and by then this is one of the many workshops that
    are not in their lane. The first two see their lists get shorter by what the new lane took, by its salt alone.
    """
    others = list(case.parties.all())
    top = case.parties.aggregate(top=Max("lane"))["top"]
    held = _hold_people(others)
    party = Party.objects.create(case=case, lane=0 if top is None else top + 1, name=name, email=email)
    taken = {booking.workshop_id for booking in places.open_bookings(held, at)}
    NeverOffered.objects.bulk_create([NeverOffered(party=party, workshop_id=pk) for pk in sorted(taken)])
    return party


def _hold_people(parties: list[Party]) -> list[Party]:
    """Hold every referral of these people, in whichever case, so that they book nothing meanwhile; their parties."""
    people = places.parties_of(parties)
    rows = Referral.objects.filter(party__in=[each.pk for each in people]).values_list("pk", flat=True)
    places.hold_referrals(*rows)
    return people


def set_suitable(referral: Referral, suitable_on: date | None, by: User | None = None) -> None:
    """Staff say on what day suitability was looked at. What was found is not kept here."""
    only_staff(by)
    with transaction.atomic():
        held = places.hold_referrals(referral.pk)[referral.pk]
        held.suitable_on = referral.suitable_on = suitable_on
        held.save(update_fields=["suitable_on"])


# ---------------------------------------------------------------- the link


def send_link(referral: Referral, by: User | None = None, at: datetime | None = None) -> None:
    """Mail a new link to the party’s address: good once, for 72 hours. Any link before it stops working.

    Raises NotSuitable and AlreadyJoined.
    """
    only_staff(by)
    with transaction.atomic():
        held = places.hold_referrals(referral.pk)[referral.pk]
        at = at or clock.now()
        if held.joined_at is not None or held.ended_at is not None:
            raise AlreadyJoined
        if held.suitable_on is None:
            raise NotSuitable
        held.link_number += 1
        held.secret_hash = fingerprint(held.token())
        held.link_expires_at = at + timedelta(hours=settings.PROGRAMME_LINK_HOURS)
        held.save(update_fields=["link_number", "secret_hash", "link_expires_at"])
        mail.put(
            kind="programmes/referral",
            key=f"referral:{held.pk}:link:{held.link_number}",
            to=held.party.email,
            facts={"referral": held.pk, "link": held.link_number},
        )
    _copy(held, referral, "link_number", "secret_hash", "link_expires_at")


def find(token: str, at: datetime | None = None) -> Referral:
    """The referral that this link opens now. Raises LinkGone, always the same."""
    return _still_open(at, secret_hash=fingerprint(token.strip()))


def same_link(pk: int, number: int, at: datetime | None = None) -> Referral:
    """The referral found before, if its link of that number still works. Raises LinkGone."""
    return _still_open(at, pk=pk, link_number=number)


def _still_open(at: datetime | None, **which) -> Referral:
    rows = Referral.objects.filter(joined_at=None, ended_at=None, link_expires_at__gt=at or clock.now(), **which)
    found = rows.exclude(secret_hash="").select_related("party__case").first()
    if found is None:
        raise LinkGone
    return found


def join(referral: Referral, person: User, at: datetime | None = None) -> Referral:
    """A parent whose verified address is the party’s becomes this party. Works once; a second press says it again.

    `referral` is as `find` gave it, and only the link it was found by counts. Raises LinkGone for everything that is
    not exactly right, so that a link handed on opens nothing and says nothing.
    """
    with transaction.atomic():
        party = Party.objects.get(pk=referral.party_id)
        mine = _people(person)
        held = _hold_with(referral, [party, *mine])
        at = at or clock.now()
        party.refresh_from_db()
        if held.joined_at is not None:
            if party.person_id == person.pk and held.ended_at is None:
                return _copy(held, referral, "joined_at", "learning_due_on", "secret_hash")
            raise LinkGone
        if not _may_join(held, party, person, at) or held.link_number != referral.link_number:
            raise LinkGone
        if Party.objects.filter(case=party.case_id, person=person).exclude(pk=party.pk).exists():
            raise LinkGone
        held.secret_hash, held.joined_at = "", at
        if held.programme == PROGRAMME:
            held.learning_due_on = words.at_home(at).date() + timedelta(days=settings.PROGRAMME_LEARNING_DAYS)
        held.save(update_fields=["secret_hash", "joined_at", "learning_due_on"])
        if has_nobody(party):
            party.person = person
            party.save(update_fields=["person"])
            _settle(party, at)
    referral.party = party
    return _copy(held, referral, "joined_at", "learning_due_on", "secret_hash")


def _people(person: User) -> list[Party]:
    return list(Party.objects.filter(person=person))


def _hold_with(referral: Referral, parties: list[Party]) -> Referral:
    """Hold this referral and all of these people’s; this one as it is now."""
    _hold_people(parties)
    return places.hold_referrals(referral.pk)[referral.pk]


def _may_join(held: Referral, party: Party, person: User, at: datetime) -> bool:
    is_open = held.ended_at is None and held.secret_hash and held.link_expires_at and held.link_expires_at > at
    is_theirs = person.is_active and person.is_parent and person.email == party.email
    is_first = party.person_id == person.pk or has_nobody(party)
    if not (is_open and is_theirs and is_first):
        return False
    return EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists()


def has_nobody(party: Party) -> bool:
    """Nobody has joined as this party, or only an account that is closed, whether or not it is erased yet."""
    return party.person is None or party.person.closed_at is not None


def _settle(party: Party, at: datetime) -> None:
    """What this person holds already, as a party of another case, is held in the name of this case too."""
    bookings = places.open_bookings(places.parties_of([party]), at)
    workshops = places.hold_workshops(*{booking.workshop_id for booking in bookings})
    places.settle(party, bookings, workshops, at)


# ---------------------------------------------------------------- ending, and keeping apart


def withdraw(referral: Referral, by: User | None = None, at: datetime | None = None) -> None:
    """Staff end a referral: its link dies, a place still to come goes to the next in line. Safe to do twice."""
    only_staff(by)
    with transaction.atomic():
        held = places.hold_referrals(referral.pk)[referral.pk]
        at = at or clock.now()
        if held.ended_at is None:
            held.ended_at, held.outcome, held.secret_hash = at, Referral.Ended.WITHDRAWN, ""
            held.save(update_fields=["ended_at", "outcome", "secret_hash"])
            release(held, at)
            telling.tell_of_referral(held, "referral_ended", "ended", at=at)
            consenting.after_withdrawal(held, at)
    _copy(held, referral, "ended_at", "outcome", "secret_hash")


def release(referral: Referral, at: datetime) -> None:
    """Give back whatever this held referral has in workshops still to come."""
    bookings = referral.bookings.filter(state__in=places.OPEN, workshop__starts_at__gt=at)
    workshops = places.hold_workshops(*bookings.values_list("workshop", flat=True))
    for booking in bookings.select_related("referral"):
        workshop = workshops[booking.workshop_id]
        places.let_go(booking, workshop, Booking.State.GIVEN_UP, at)
        places.fill(workshop, at)


def keep_apart(one: Party, other: Party, by: User | None = None, at: datetime | None = None) -> KeepApart:
    """Staff say that these two, of different cases, are never placed together. Saying it again changes nothing.

    From then on each is offered about half of the sessions they were, by the pair's lanes alone. What either has by now
    is in their own lane, so that nothing else goes out of a list: one session that goes is one of many that go.

    Raises SameCase, and TogetherAlready when both have a place or a turn in one session. Neither of the two is told.
    """
    only_staff(by)
    one, other = sorted([one, other], key=lambda party: party.pk)
    with transaction.atomic():
        _hold_people([one, other])
        at = at or clock.now()
        sides = [places.parties_of([party]) for party in (one, other)]
        if {each.pk for each in sides[0]} & {each.pk for each in sides[1]} or one.case_id == other.case_id:
            raise SameCase
        pair = KeepApart.objects.filter(one=one, other=other).first()
        if pair is not None:
            return pair
        held = [places.open_bookings(side, at) for side in sides]
        workshops = places.hold_workshops(*{booking.workshop_id for side in held for booking in side})
        held = [places.open_bookings(side, at) for side in sides]
        theirs = [{workshops[booking.workshop_id].reference for booking in side} for side in held]
        if theirs[0] & theirs[1]:
            raise TogetherAlready
        salt = _salt_that_leaves(theirs[0], theirs[1])
        pair = KeepApart.objects.create(one=one, other=other, salt=salt, made_by=by, made_at=at)
        for booking in (*held[0], *held[1]):
            if booking.state == Booking.State.BOOKED:
                places.claim(booking, [f"pair:{pair.pk}"])
        return pair


def _salt_that_leaves(ones: set[str], others: set[str]) -> bytes:
    """A salt for a pair by whose lanes these workshops are offered to the one, and those to the other."""
    while True:
        salt = new_salt()
        lanes = ((Place("", 0, 2, salt), ones), (Place("", 1, 2, salt), others))
        if all(may_be_offered(workshop, [lane]) for lane, theirs in lanes for workshop in theirs):
            return salt


def no_longer_apart(pair: KeepApart, by: User | None = None, at: datetime | None = None) -> None:
    """Staff take a pair back: each is offered again what their other lanes allow, and nobody loses a session by it.

    Raises StillToCome as long as either has a place or a turn: they got it while the other could not come. Neither of
    the two is told. Safe to do twice.
    """
    only_staff(by)
    with transaction.atomic():
        people = _hold_people([pair.one, pair.other])
        found = KeepApart.objects.filter(pk=pair.pk)
        if found.exists() and places.open_bookings(people, at or clock.now()):
            raise StillToCome
        found.delete()


# ---------------------------------------------------------------- how far it has come


def status(referral: Referral, at: datetime | None = None) -> str:
    """One word for staff (STATUS_WORDS says it in full). Reads `bookings` as they were prefetched, if they were."""
    if referral.outcome == Referral.Ended.WITHDRAWN:
        return Status.WITHDRAWN
    if referral.outcome == Referral.Ended.COMPLETE or (referral.learned_at and referral.attended_at):
        return Status.COMPLETE
    if referral.attended_at:
        return Status.ATTENDED
    if referral.joined_at is None:
        if not referral.secret_hash or referral.link_expires_at is None:
            return Status.MADE
        return Status.LINK_SENT if referral.link_expires_at > (at or clock.now()) else Status.LINK_RUN_OUT
    if any(booking.state == Booking.State.BOOKED for booking in referral.bookings.all()):
        return Status.BOOKED
    return Status.LEARNING_DONE if referral.learned_at else Status.JOINED


def _copy(held: Referral, referral: Referral, *names: str) -> Referral:
    """Bring the caller’s own row up to date with what was saved."""
    for name in names:
        setattr(referral, name, getattr(held, name))
    return referral
