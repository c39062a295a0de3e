"""Many people press at the same moment, on real PostgreSQL: never a seventh, never two of a case, never a lost place.

HUB_BOOKING_ROUNDS says how often 200 people race for six places (2; 100 for the long run), HUB_RACES how often each
pair is tried (6). The broken twins take the lock away and must break, or these tests would prove nothing.
"""

import os
import threading
from contextlib import contextmanager

import pytest
from django.db import models

from accounts import conflicts
from programmes import lanes, places
from programmes.actions import booking, referring, scheduling
from programmes.models import Booking, Party, Referral, Workshop
from tests.programmes import cases
from tests.programmes.cases import NOON
from tests.racing import Crowd

ROUNDS = int(os.environ.get("HUB_BOOKING_ROUNDS", "2"))
TRIES = int(os.environ.get("HUB_RACES", "6"))
PEOPLE, AT_ONCE = 200, 40

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(180 + 20 * ROUNDS + 4 * TRIES),
]


@pytest.fixture
def crowd():
    made: list[Crowd] = []

    def make(size: int) -> Crowd:
        made.append(Crowd(size, calm=referring.Refused))
        return made[-1]

    yield make
    for each in made:
        each.end()


@pytest.fixture
def pair(crowd):
    return crowd(2)


# ---------------------------------------------------------------- 200 people, six places


@pytest.fixture
def people(db) -> list[Referral]:
    """Two hundred who have joined; forty of them are the two parties of twenty cases."""
    return cases.crowd(PEOPLE - 40) + cases.crowd(40, of_a_case=2)


def bring_together(people: list[Referral], session: Workshop) -> None:
    """Give the workshop to the lane of each person who is alone in their case, so that all of these may book it."""
    alone = Party.objects.filter(pk__in=[each.party_id for each in people[: PEOPLE - 40]]).select_related("case")
    for party in alone:
        party.lane = lanes.lane_of(session.reference, lanes.Place("", 0, 2, bytes(party.case.salt)))
    Party.objects.bulk_update(alone, ["lane"])


def rush(crowd: Crowd, people: list[Referral], session: Workshop, number: int) -> list:
    """Everybody asks for a place at once."""
    asks = [
        lambda referral=referral, key=f"{number}-{referral.pk}": booking.book(referral, session, key, NOON)
        for referral in people
    ]
    return crowd.race(*[asks[place::AT_ONCE] for place in range(AT_ONCE)])


def test_two_hundred_people_and_six_places(crowd, people):
    everybody = crowd(AT_ONCE)
    for number in range(ROUNDS):
        session = cases.workshop()
        bring_together(people, session)
        came = rush(everybody, people, session, number)
        won = [answer for answer in came if isinstance(answer, Booking)]
        full = [answer for answer in came if isinstance(answer, booking.Full)]
        foreign = [answer for answer in came if isinstance(answer, booking.NotOffered)]
        assert (len(won), len(full) + len(foreign)) == (6, PEOPLE - 6)
        assert len(foreign) == 20, "one of each two is in the other lane"
        assert cases.booked(session) == {each.referral_id for each in won}
        assert cases.faults() == []
        Booking.objects.all().delete()
        session.delete()


def test_two_hundred_people_and_six_places_without_the_lock(crowd, people, monkeypatch):
    """The broken twin: places are counted wrong, or more than six come in."""
    everybody = crowd(AT_ONCE)
    session = cases.workshop()
    bring_together(people, session)
    with without_locks(monkeypatch):
        try:
            rush(everybody, people, session, 0)
        except AssertionError:
            return  # an error in place of a calm refusal is a break too
    assert cases.faults(), "without the lock nothing broke: the races prove nothing"


# ---------------------------------------------------------------- two at a time


def one_place(*, waiting: int = 0) -> tuple[Workshop, Referral, list[Referral]]:
    """A workshop with one place, who has it, and who waits for it."""
    (holder,) = cases.strangers(1)
    session = cases.workshop_for(holder, capacity=1)
    booking.book(holder, session, at=NOON)
    return session, holder, [cases.waiting(session) for _ in range(waiting)]


def state_of(referral: Referral) -> list[str]:
    return list(referral.bookings.order_by("pk").values_list("state", flat=True))


def calm(came) -> list:
    return [answer for answer in came if isinstance(answer, referring.Refused)]


def test_giving_up_against_leaving_the_line(pair):
    """The second in line has the place in the end, whoever was faster."""
    for _ in range(TRIES):
        session, holder, (first, second) = one_place(waiting=2)
        came = pair.race(
            lambda holder=holder: booking.give_up(holder, NOON), lambda first=first: booking.give_up(first, NOON)
        )
        assert calm(came) == []
        assert cases.booked(session) == {second.pk}
        assert state_of(first) == ["given_up"]
        assert sum(cases.told(second.party.person, "place_free")) == 2
        assert cases.faults() == []


def test_giving_up_against_booking_elsewhere(pair):
    """Whoever waits gets the one place or the other, never both, and nobody else loses theirs."""
    for _ in range(TRIES):
        session, holder, (first, second) = one_place(waiting=2)
        elsewhere = cases.workshop_for(first)
        came = pair.race(
            lambda holder=holder: booking.give_up(holder, NOON),
            lambda first=first, elsewhere=elsewhere: booking.book(first, elsewhere, at=NOON),
        )
        promoted = isinstance(came[1], booking.AlreadyHasPlace)
        assert cases.booked(session) == {first.pk if promoted else second.pk}
        assert cases.booked(elsewhere) == (set() if promoted else {first.pk})
        assert cases.faults() == []


def test_giving_up_against_joining_the_line(pair):
    """Nobody stands in line while a place is free."""
    for _ in range(TRIES):
        session, holder, _line = one_place()
        while True:
            (late,) = cases.strangers(1)
            if lanes.may_be_offered(session.reference, places.places_of(late.party)):
                break
        came = pair.race(
            lambda holder=holder: booking.give_up(holder, NOON),
            lambda late=late, session=session: booking.wait(late, session, NOON),
        )
        assert calm(came) == []
        assert cases.booked(session) == {late.pk}
        assert cases.faults() == []


def test_moving_in_against_giving_up(pair):
    for _ in range(TRIES):
        session, holder, _line = one_place()
        (mover,) = cases.strangers(1)
        while not lanes.may_be_offered(session.reference, places.places_of(mover.party)):
            (mover,) = cases.strangers(1)
        old = cases.workshop_for(mover)
        booking.book(mover, old, at=NOON)
        came = pair.race(
            lambda mover=mover, session=session: booking.move(mover, session, NOON),
            lambda holder=holder: booking.give_up(holder, NOON),
        )
        moved = isinstance(came[0], Booking)
        assert moved or isinstance(came[0], booking.Full)
        assert cases.booked(session) == ({mover.pk} if moved else set())
        assert cases.booked(old) == (set() if moved else {mover.pk})
        assert cases.faults() == []


@pytest.mark.parametrize("capacity", [1, 2])
def test_two_moves_that_cross_are_no_deadlock(pair, capacity):
    for _ in range(TRIES):
        here, there = cases.strangers(2)
        one, other = (cases.workshop_for(here, there, capacity=capacity) for _ in range(2))
        booking.book(here, one, at=NOON)
        booking.book(there, other, at=NOON)
        came = pair.race(
            lambda here=here, other=other: booking.move(here, other, NOON),
            lambda there=there, one=one: booking.move(there, one, NOON),
        )
        if capacity == 2:
            assert calm(came) == []
            assert (cases.booked(one), cases.booked(other)) == ({there.pk}, {here.pk})
        else:  # each waits for the other to go first: both keep what they have
            assert [type(answer) for answer in came] == [booking.Full, booking.Full]
            assert (cases.booked(one), cases.booked(other)) == ({here.pk}, {there.pk})
        assert cases.faults() == []


def test_a_double_click_is_one_place(pair):
    for number in range(TRIES):
        (mine,) = cases.strangers(1)
        session = cases.workshop_for(mine)

        def send(mine=mine, session=session, key=f"once-{number}"):
            return booking.book(mine, session, key, NOON)

        came = pair.race(send, send)
        assert came[0] == came[1]
        assert isinstance(came[0], Booking)
        assert cases.told(mine.party.person, "booked") == (1, 0)
        assert cases.faults() == []


def test_two_tabs_and_two_workshops_are_one_place(pair):
    for _ in range(TRIES):
        (mine,) = cases.strangers(1)
        came = pair.race(
            *[
                lambda session=session, mine=mine: booking.book(mine, session, at=NOON)
                for session in (cases.workshop_for(mine), cases.workshop_for(mine))
            ]
        )
        assert [type(answer) for answer in calm(came)] == [booking.AlreadyHasPlace]
        assert len(state_of(mine)) == 1
        assert cases.faults() == []


def test_nobody_is_left_in_a_workshop_that_is_called_off(pair):
    for _ in range(TRIES):
        (mine,) = cases.strangers(1)
        session = cases.workshop_for(mine)
        came = pair.race(
            lambda mine=mine, session=session: booking.book(mine, session, at=NOON),
            lambda session=session: booking.call_off(session, at=NOON),
        )
        booked = isinstance(came[0], Booking)
        assert state_of(mine) == (["called_off"] if booked else [])
        assert cases.told(mine.party.person, "called_off") == ((1, 1) if booked else (0, 0))
        assert cases.faults() == []


def test_withdrawing_against_being_next_in_line(pair):
    for _ in range(TRIES):
        session, holder, (first, second) = one_place(waiting=2)
        came = pair.race(
            lambda holder=holder: booking.give_up(holder, NOON), lambda first=first: referring.withdraw(first, at=NOON)
        )
        assert calm(came) == []
        assert cases.booked(session) == {second.pk}
        assert cases.faults() == []


def test_naming_a_pair_while_one_of_them_books_where_the_other_is(pair):
    for _ in range(TRIES):
        one, other = cases.strangers(2)
        session = cases.workshop_for(one, other)
        booking.book(one, session, at=NOON)
        came = pair.race(
            lambda other=other, session=session: booking.book(other, session, at=NOON),
            lambda one=one, other=other: referring.keep_apart(one.party, other.party, at=NOON),
        )
        (refused,) = calm(came)
        together = len(cases.booked(session)) == 2
        assert isinstance(refused, referring.TogetherAlready if together else booking.NotOffered)
        assert cases.faults() == []


def test_a_facilitator_with_a_part_in_the_case_while_one_of_it_books(pair, staff):
    """Either they lead the session or somebody of their own case is in it: never both."""
    for _ in range(TRIES):
        (mine,) = cases.strangers(1)
        conflicts.declare(person=staff, about=f"case:{mine.party.case.reference}", by=staff)
        session = cases.workshop_for(mine)
        came = pair.race(
            lambda mine=mine, session=session: booking.book(mine, session, at=NOON),
            lambda session=session: scheduling.arrange(
                session, joining="", capacity=6, facilitator=staff, by=staff, at=NOON
            ),
        )
        session.refresh_from_db()
        (refused,) = calm(came)
        leads = session.facilitator == staff
        assert isinstance(refused, booking.NotOffered if leads else scheduling.CannotLead)
        assert cases.booked(session) == (set() if leads else {mine.pk})
        assert cases.faults() == []


def test_a_third_party_made_while_one_of_the_first_two_books(pair):
    """Whatever is offered to the third can be booked: the place of the first is never in the way."""
    for number in range(TRIES):
        one = cases.joined(cases.parent(), f"Q{number}")
        cases.joined(cases.parent(), f"Q{number}")
        session = cases.workshop_for(one)
        came = pair.race(
            lambda one=one, session=session: booking.book(one, session),
            lambda number=number: cases.refer(f"late{number}@example.com", f"Q{number}", at=None),
        )
        third = came[1]
        offered = lanes.may_be_offered(session.reference, places.places_of(third.party))
        if isinstance(came[0], Booking):
            assert not offered or session.pk in places.closed_to(third.party)
        else:
            assert offered
        assert cases.faults() == []


def test_joining_while_a_new_link_is_sent_and_joining_twice(pair):
    for _ in range(TRIES):
        person = cases.parent()
        referral = cases.refer(person.email, f"J{person.pk}")
        referring.send_link(referral, at=NOON)
        opened = [referring.find(referral.token(), NOON) for _ in range(2)]
        again = Referral.objects.get(pk=referral.pk)
        came = pair.race(
            lambda opened=opened, person=person: referring.join(opened[0], person, NOON),
            lambda again=again: referring.send_link(again, at=NOON),
        )
        (refused,) = calm(came)
        referral.refresh_from_db()
        assert isinstance(refused, referring.AlreadyJoined if referral.joined_at else referring.LinkGone)
        if not referral.joined_at:
            opened = [referring.find(referral.token(), NOON) for _ in range(2)]
        came = pair.race(*[lambda each=each, person=person: referring.join(each, person, NOON) for each in opened])
        assert calm(came) == ([] if isinstance(refused, referring.LinkGone) else came) or not calm(came)
        referral.refresh_from_db()
        assert (referral.joined_at, referral.party.person) == (NOON, person)


# ---------------------------------------------------------------- the broken twins


@contextmanager
def without_locks(monkeypatch, *pauses: tuple[str, int]):
    """No row lock. At each of the two `pauses`, a step and whose it is, they wait for each other before they write."""
    between = threading.Barrier(2)

    def slowly(name):
        step = getattr(places, name)

        def slow(booking, *told):
            if (name, booking.referral_id) in pauses:
                try:
                    between.wait(2)
                except threading.BrokenBarrierError:
                    between.reset()
            step(booking, *told)

        return slow

    with monkeypatch.context() as patch:
        patch.setattr(models.QuerySet, "select_for_update", lambda self, **how: self.all())
        for name in ("take", "let_go"):
            patch.setattr(places, name, slowly(name))
        yield


# Each: the two requests, where each pauses between reading and writing, and how it must be in the end.


def the_last_place():
    one, other = cases.strangers(2)
    session = cases.workshop_for(one, other, capacity=1)
    work = lambda: booking.book(one, session, at=NOON), lambda: booking.book(other, session, at=NOON)
    return work, [("take", one.pk), ("take", other.pk)], lambda: len(cases.booked(session)) == 1


def giving_up_and_leaving_the_line():
    session, holder, (first, second) = one_place(waiting=2)
    work = lambda: booking.give_up(holder, NOON), lambda: booking.give_up(first, NOON)
    pauses = [("take", first.pk), ("let_go", first.pk)]
    return work, pauses, lambda: state_of(first) == ["given_up"] and cases.booked(session) == {second.pk}


def moving_in_and_giving_up():
    mover, holder = cases.strangers(2)
    old, new = cases.workshop_for(mover), cases.workshop_for(mover, holder, capacity=2)
    booking.book(mover, old, at=NOON)
    booking.book(holder, new, at=NOON)
    work = lambda: booking.move(mover, new, NOON), lambda: booking.give_up(holder, NOON)
    return work, [("take", mover.pk), ("let_go", holder.pk)], lambda: cases.booked(new) == {mover.pk}


def two_moves_that_cross():
    here, there = cases.strangers(2)
    one, other = (cases.workshop_for(here, there, capacity=2) for _ in range(2))
    booking.book(here, one, at=NOON)
    booking.book(there, other, at=NOON)
    work = lambda: booking.move(here, other, NOON), lambda: booking.move(there, one, NOON)
    pauses = [("let_go", here.pk), ("let_go", there.pk)]
    return work, pauses, lambda: (cases.booked(one), cases.booked(other)) == ({there.pk}, {here.pk})


@pytest.mark.parametrize(
    "begin",
    [the_last_place, giving_up_and_leaving_the_line, moving_in_and_giving_up, two_moves_that_cross],
    ids=lambda begin: begin.__name__,
)
def test_with_the_lock_removed_it_breaks(pair, begin, monkeypatch):
    """Broken: a count that is wrong, the wrong person in a place, or an error in place of a calm refusal."""
    broken, tries = 0, 3
    for _ in range(tries):
        work, pauses, as_it_must_be = begin()
        worse = False
        with without_locks(monkeypatch, *pauses):
            try:
                pair.race(*work)
            except AssertionError:
                worse = True
        broken += bool(worse or cases.faults() or not as_it_must_be())
        Booking.objects.all().delete()
        Workshop.objects.update(taken=0)
    assert broken == tries, f"the twin broke {broken} of {tries} times: the races prove nothing"
