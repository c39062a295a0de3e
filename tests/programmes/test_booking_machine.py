"""People of several cases try every order of moves; what must always be true is looked up in the tables after each.

The machine asks the tables alone and never the code it tests, but for what somebody is offered. HYPOTHESIS_PROFILE=deep
tries 300 stories of 50 moves; the default is small. Planted faults at the end show that it finds what it is there for.
"""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from hub import codes
from hub.models import Notice, OutgoingMail
from programmes import places
from programmes.actions import booking, referring, scheduling
from programmes.models import Booking, Case, KeepApart, Party, Referral, Workshop
from tests.programmes import cases
from tests.programmes.cases import LATER, NOON

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(900)]

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
HOUR = timedelta(hours=1)
OPEN = ("booked", "waiting")
TELLS = "somebody could tell what another of their group did"
FAMILIES = ("C1", "C1", "C2", "C2", "C3", "C4", "C5")  # whose case each of the first seven is of
SESSIONS = 3
who, where = st.integers(0, 8), st.integers(0, SESSIONS - 1)
rooms = st.integers(1, 2)


def salt(name: str) -> bytes:
    return name.encode().ljust(32, b".")


class Moves(RuleBasedStateMachine):
    """Seven people, three workshops of one or two places, staff, and a clock."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.at = NOON
        self.people: list[Referral] = []
        self.salts = 0
        referring.new_salt = self.next_salt
        self.promoted: set[int] = set()

    def teardown(self):
        referring.new_salt = codes.new_salt
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(rooms=st.lists(rooms, min_size=SESSIONS, max_size=SESSIONS))
    def begin(self, rooms):
        for case in FAMILIES:
            self.people.append(self.sent(cases.parent(), case))
        self.sessions = [
            cases.workshop(LATER + number * 24 * HOUR, reference=f"s{number}", capacity=rooms[number])
            for number in range(SESSIONS)
        ]

    def next_salt(self) -> bytes:
        """For a pair: the same in every run."""
        self.salts += 1
        return salt(f"{self.salts}")

    def sent(self, person, case: str) -> Referral:
        referral = cases.refer(person.email, case, at=self.at)
        Case.objects.filter(reference=case).update(salt=salt(case))  # so that a run can be repeated
        return cases.join(referral, person, self.at)

    # ------------------------------------------------------------ what is asked, and what must come of it

    def turn(self, number: int) -> Referral:
        return self.people[number % len(self.people)]

    def ask(self, mine: Referral, session: Workshop, move):
        """Only what is offered may come about; it is given, or full, or refused for a reason of one's own."""
        offer = booking.offered(mine, self.at)
        offered = {choice.workshop.pk: choice for choice in offer.choices}
        had = offer.booking
        seen, lines = self.seen_by_those_apart(mine), self.lines()
        try:
            made = move(mine, session)
        except booking.Full:
            in_line_for_it = had is not None and had.workshop_id == session.pk
            assert in_line_for_it or offered[session.pk].left == 0
            made = None
        except booking.NotOffered:
            assert session.pk not in offered
            assert had is None or had.workshop_id != session.pk
            made = None
        except (booking.AlreadyHasPlace, booking.NoPlace, booking.TooLate, booking.AlreadyAttended):
            made = None
        else:
            assert session.pk in offered or (had is not None and had.workshop_id == session.pk)
        assert self.seen_by_those_apart(mine) == seen, TELLS
        self.told(lines, mine)
        return made

    @rule(number=who, at=where)
    def book(self, number, at):
        self.ask(self.turn(number), self.sessions[at], lambda mine, session: booking.book(mine, session, at=self.at))

    @rule(number=who, at=where)
    def wait(self, number, at):
        self.ask(self.turn(number), self.sessions[at], lambda mine, session: booking.wait(mine, session, self.at))

    @rule(at=where)
    def everybody_wants_the_same(self, at):
        """So that there are lines at all."""
        for mine in list(self.people):
            if not mine.bookings.filter(state__in=OPEN).exists():
                self.ask(mine, self.sessions[at], lambda mine, session: booking.wait(mine, session, self.at))

    @rule(at=where)
    def somebody_with_a_place_leaves(self, at):
        held = Booking.objects.filter(workshop=self.sessions[at], state="booked").first()
        if held is not None:
            self.leave(held.referral, by_staff=False)

    @rule(number=who, at=where, by_staff=st.booleans())
    def move(self, number, at, by_staff):
        def move(mine, session):
            return booking.move(mine, session, self.at, by_staff=by_staff)

        self.ask(self.turn(number), self.sessions[at], move)

    @rule(number=who, by_staff=st.booleans())
    def give_up(self, number, by_staff):
        self.leave(self.turn(number), by_staff)

    def leave(self, mine: Referral, by_staff: bool) -> None:
        seen, lines = self.seen_by_those_apart(mine), self.lines()
        try:
            booking.give_up(mine, self.at, by_staff=by_staff)
        except referring.Refused:
            pass
        assert self.seen_by_those_apart(mine) == seen, TELLS
        self.told(lines, mine)

    @rule(at=where)
    def call_off(self, at):
        lines = self.lines()
        booking.call_off(self.sessions[at], at=self.at)
        self.told(lines)
        begins = self.sessions[at].starts_at
        made = cases.workshop(begins, reference=f"s{at}-{Workshop.objects.count()}", capacity=2)
        self.sessions[at] = made

    @rule(at=where, places_=st.integers(0, 7))
    def change_capacity(self, at, places_):
        lines = self.lines()
        try:
            booking.set_capacity(self.sessions[at], places_, at=self.at)
        except (booking.TooFew, booking.AlreadyHeld):
            pass
        self.told(lines)

    @rule(at=where, days=st.integers(0, 9))
    def change_the_time(self, at, days):
        """Nobody is offered another session by it, and nobody loses one."""
        session, begins = self.sessions[at], LATER + days * 24 * HOUR
        lines, before = self.lines(), [self.workshops_of(each) for each in self.people]
        one = [(begins, begins + 3 * HOUR)]
        try:
            scheduling.change(session, one, way="online", town="", joining="", by=None, at=self.at)
        except scheduling.NothingNew:
            return
        session.refresh_from_db()
        assert [self.workshops_of(each) for each in self.people] == before, TELLS
        self.told(lines)

    @rule(number=who)
    def withdraw(self, number):
        mine = self.turn(number)
        if len([each for each in self.people if each.ended_at is None]) > 4:
            seen, lines = self.seen_by_those_apart(mine), self.lines()
            referring.withdraw(mine, at=self.at)
            assert self.seen_by_those_apart(mine) == seen, TELLS
            self.told(lines, mine)

    @rule(one=who, other=who)
    def keep_apart(self, one, other):
        lines = self.lines()
        try:
            referring.keep_apart(self.turn(one).party, self.turn(other).party, at=self.at)
        except (referring.SameCase, referring.TogetherAlready):
            return
        self.told(lines)

    @rule(number=who)
    def no_longer_apart(self, number):
        """Nobody loses a session by it, and the others see what they saw."""
        pair = KeepApart.objects.order_by("pk")[number:][:1].first()
        if pair is None:
            return
        two = {pair.one.person_id, pair.other.person_id}
        have_something = Booking.objects.filter(state__in=OPEN, referral__party__person__in=two).exists()
        lines, before = self.lines(), {each.pk: self.seen(each) for each in self.people}
        try:
            referring.no_longer_apart(pair, at=self.at)
        except referring.StillToCome:
            assert have_something
            return
        assert not have_something
        for each in self.people:
            after = self.seen(each)
            if each.party.person_id in two:
                assert after[:2] == before[each.pk][:2] and set(after[2]) >= set(before[each.pk][2])
            else:
                assert after == before[each.pk]
        self.told(lines)

    @rule(case=st.sampled_from(["C1", "C2"]))
    def a_third_party(self, case):
        if Party.objects.filter(case__reference=case).count() < 3:
            self.people.append(self.sent(cases.parent(), case))

    @rule(number=who, case=st.sampled_from(["C2", "C3", "C6"]))
    def the_same_person_in_another_case(self, number, case):
        person = self.turn(number).party.person
        if not Party.objects.filter(person=person, case__reference=case).exists() and len(self.people) < 10:
            lines = self.lines()
            self.people.append(self.sent(person, case))
            self.told(lines)

    @rule(days=st.integers(1, 12))
    def time_goes_by(self, days):
        self.at = min(self.at + days * 24 * HOUR, LATER - 1 * HOUR)

    # ------------------------------------------------------------ what people see and are told

    def seen(self, referral: Referral) -> tuple:
        offer = booking.offered(referral, self.at)
        shown = [(each.workshop.pk, each.left, each.waiting) for each in offer.choices]
        return offer.state, offer.booking and offer.booking.pk, shown

    def workshops_of(self, referral: Referral) -> set[int]:
        return {each.workshop.pk for each in booking.offered(referral, self.at).choices}

    def seen_by_those_apart(self, mine: Referral) -> dict[int, tuple]:
        """What everybody sees who must not learn what this person does."""
        apart = self.apart_from(mine)
        return {each.pk: self.seen(each) for each in self.people if each.party.person_id in apart}

    def apart_from(self, mine: Referral) -> set[int]:
        parties = Party.objects.filter(person=mine.party.person_id)
        people = set(Party.objects.filter(case__parties__in=parties).values_list("person", flat=True))
        for pair in KeepApart.objects.select_related("one", "other"):
            sides = {pair.one.person_id, pair.other.person_id}
            if mine.party.person_id in sides:
                people |= sides
        return people - {mine.party.person_id}

    def lines(self) -> dict[int, int]:
        """Who waits, and who already was told of a place."""
        return dict(Booking.objects.filter(state="waiting").values_list("pk", "referral"))

    def told(self, lines: dict[int, int], mine: Referral | None = None) -> None:
        """Whoever waited and now has a place has one mail and one notice of it, unless they took it themselves."""
        placed = set(Booking.objects.filter(pk__in=lines, state="booked").values_list("pk", "referral"))
        self.promoted |= {pk for pk, referral in placed if mine is None or referral != mine.pk}
        keys = {f"booking:{pk}:place_free" for pk in self.promoted}
        for model in (OutgoingMail, Notice):
            rows = model.objects.filter(kind="programmes/place_free").values_list("key", flat=True)
            assert sorted(rows) == sorted(keys)

    # ------------------------------------------------------------ what must always be true

    @invariant()
    def places_are_counted_and_kept_apart(self):
        assert cases.faults() == []
        for session in Workshop.objects.all():
            rows = Booking.objects.filter(workshop=session, state="booked")
            here = set(rows.values_list("referral__party__person", flat=True))
            for person in here:
                mine = SimpleNamespace(party=SimpleNamespace(person_id=person))
                assert not self.apart_from(mine) & here, "two of a group in one workshop"

    @invariant()
    def nobody_holds_two(self):
        for each in self.people:
            assert each.bookings.filter(state__in=OPEN).count() <= 1
        rows = Booking.objects.filter(state__in=OPEN).values_list("workshop", "referral__party__person")
        assert len(rows) == len(set(rows))

    @invariant()
    def nobody_waits_while_a_place_is_free(self):
        for turn in Booking.objects.filter(state="waiting").select_related("workshop", "referral"):
            session = turn.workshop
            assert session.cancelled_at is None
            assert turn.referral.ended_at is None
            line_is_open = self.at <= session.starts_at - 48 * HOUR
            assert session.taken == session.capacity or not line_is_open, "a place is free and somebody waits"


def run(examples: int, steps: int, *, find_only: bool = False) -> None:
    run_state_machine_as_test(
        Moves,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=not DEEP,
            deadline=None,
            database=None,
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate] if find_only else [Phase.generate, Phase.shrink],
        ),
    )


def test_whatever_people_do_the_promises_hold():
    run(300, 50) if DEEP else run(12, 30, find_only=True)  # a story that fails is told as it came


# ---------------------------------------------------------------- planted faults


def no_lanes(monkeypatch):
    monkeypatch.setattr(booking, "may_be_offered", lambda reference, stands: True)


def nobody_moves_up(monkeypatch):
    monkeypatch.setattr(places, "fill", lambda workshop, at: [])


def nobody_is_told(monkeypatch):
    monkeypatch.setattr(places.telling, "tell", lambda *told, **more: None)


def the_old_place_is_kept(monkeypatch):
    def let_go(held, workshop, state, at):
        held.state, held.ended_at = state, at
        held.save()

    monkeypatch.setattr(places, "let_go", let_go)


def the_first_stay_in_the_way_of_a_third(monkeypatch):
    monkeypatch.setattr(places, "closed_to", lambda party: set())
    monkeypatch.setattr(
        places.Claim, "objects", SimpleNamespace(bulk_create=lambda rows: rows, filter=places.Claim.objects.filter)
    )


@pytest.mark.parametrize(
    "fault",
    [no_lanes, nobody_moves_up, nobody_is_told, the_old_place_is_kept, the_first_stay_in_the_way_of_a_third],
    ids=lambda fault: fault.__name__,
)
def test_a_planted_fault_is_found(fault, monkeypatch):
    fault(monkeypatch)
    with pytest.raises((AssertionError, KeyError)):
        run(15, 30, find_only=True)
