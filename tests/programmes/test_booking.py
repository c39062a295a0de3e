"""Places in workshops: offered, taken, waited for, moved, given up, called off, and who came."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from programmes import lanes, places
from programmes.actions import booking, referring
from programmes.models import Attendance, Booking, Case, Claim, Party, Referral, Workshop
from programmes.models.workshops import new_reference
from tests.programmes import cases
from tests.programmes.cases import LATER, NOON

pytestmark = pytest.mark.django_db
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
EDGE = LATER - 48 * HOUR  # the last moment to change a place in a workshop at LATER


@pytest.fixture
def mine(amara):
    return cases.joined(amara)


@pytest.fixture
def theirs(mine, ben):
    """The other party of the same case."""
    return cases.joined(ben)


def sessions_offered(referral, at=NOON) -> set:
    return {choice.workshop for choice in booking.offered(referral, at).choices}


# ---------------------------------------------------------------- what is offered


def test_only_workshops_of_ones_own_lanes_that_are_still_to_come(mine, theirs):
    right = cases.workshop_for(mine)
    cases.workshop_for(theirs)
    cases.workshop_for(mine, starts_at=NOON)
    cases.workshop_for(mine, cancelled_at=NOON)
    soon = cases.workshop_for(mine, starts_at=NOON + TICK)
    full = cases.workshop_for(mine, capacity=2, halves=True)
    cases.fill(full)
    cases.waiting(full)
    offer = booking.offered(mine, NOON)
    assert (offer.state, offer.booking, offer.may_change) == ("free", None, False)
    told = [(each.workshop, each.left, each.waiting, each.may_wait) for each in offer.choices]
    assert told == [(soon, 6, False, False), (right, 6, False, True), (full, 0, True, True)]
    assert len(offer.choices[2].workshop.sittings.all()) == 2


def test_the_two_of_a_case_are_never_offered_the_same_and_together_all(mine, theirs):
    all_of_them = {cases.workshop() for _ in range(40)}
    one, other = sessions_offered(mine), sessions_offered(theirs)
    assert not one & other
    assert one | other == all_of_them


def test_the_choices_can_be_narrowed(mine):
    wanted = cases.workshop_for(mine, way="in_person", when="evening")
    cases.workshop_for(mine, way="in_person", when="day")
    cases.workshop_for(mine, way="online", when="evening")
    offer = booking.offered(mine, NOON, way="in_person", when="evening")
    assert [each.workshop for each in offer.choices] == [wanted]
    assert len(booking.offered(mine, NOON).choices) == 3


def test_nothing_is_offered_before_joining_or_after_the_end(mine):
    cases.workshop_for(mine)
    not_joined = cases.refer("new@example.com", "C2")
    other_programme = cases.joined(mine.party.person, programme="positive-co-parenting")
    for referral in (not_joined, other_programme):
        offer = booking.offered(referral, NOON)
        assert (offer.state, offer.choices) == ("closed", [])
        with pytest.raises(booking.NotOffered):
            booking.book(referral, cases.workshop_for(referral), at=NOON)
    referring.withdraw(mine, at=NOON)
    assert booking.offered(mine, NOON).state == "closed"


def test_a_foreign_lane_is_refused_whatever_is_asked(mine, theirs):
    foreign = cases.workshop_for(theirs)
    own = cases.workshop_for(mine)
    for ask in (booking.book, booking.wait):
        with pytest.raises(booking.NotOffered):
            ask(mine, foreign, at=NOON)
        with pytest.raises(booking.NotOffered):
            ask(mine, foreign, at=NOON, by_staff=True)
    booking.book(mine, own, at=NOON)
    for by_staff in (False, True):
        with pytest.raises(booking.NotOffered):
            booking.move(mine, foreign, NOON, by_staff=by_staff)
    assert cases.faults() == []


# ---------------------------------------------------------------- booking


def test_a_place_is_booked(mine, amara):
    session = cases.workshop_for(mine)
    made = booking.book(mine, session, "key-1", NOON)
    assert (made.state, made.placed_at) == ("booked", NOON)
    session.refresh_from_db()
    assert session.taken == 1
    assert set(made.claims.values_list("group", flat=True)) == {f"case:{mine.party.case_id}"}
    assert cases.told(amara, "booked") == (1, 0)
    offer = booking.offered(mine, NOON)
    assert (offer.state, offer.booking, offer.may_change) == ("booked", made, True)
    assert session not in {choice.workshop for choice in offer.choices}
    assert cases.faults() == []


def test_the_same_form_twice_is_one_place(mine, amara):
    session = cases.workshop_for(mine)
    made = booking.book(mine, session, "key-1", NOON)
    assert booking.book(mine, session, "key-1", NOON) == made
    assert booking.book(mine, session, "key-2", NOON) == made
    assert Booking.objects.count() == 1
    assert cases.told(amara, "booked") == (1, 0)


@pytest.mark.parametrize("key", ["x" * 41, "a b", "\0", "é"])
def test_a_key_no_form_of_ours_can_have_carried_is_refused(mine, key):
    with pytest.raises(booking.NotOffered):
        booking.book(mine, cases.workshop_for(mine), key, NOON)


def test_somebody_elses_key_does_nothing(mine, theirs):
    booking.book(mine, cases.workshop_for(mine), "key-1", NOON)
    with pytest.raises(booking.NotOffered):
        booking.book(theirs, cases.workshop_for(theirs), "key-1", NOON)
    assert Booking.objects.count() == 1


def test_a_full_workshop_is_full(mine, amara):
    session = cases.workshop_for(mine)
    cases.fill(session)
    with pytest.raises(booking.Full):
        booking.book(mine, session, at=NOON)
    assert not mine.bookings.exists()
    assert cases.told(amara, "booked") == (0, 0)
    assert cases.faults() == []


def test_nobody_holds_two(mine):
    booking.book(mine, cases.workshop_for(mine), at=NOON)
    other = cases.workshop_for(mine)
    for ask in (booking.book, booking.wait):
        with pytest.raises(booking.AlreadyHasPlace):
            ask(mine, other, at=NOON)


def test_a_workshop_that_began_or_was_called_off_cannot_be_booked(mine):
    session, off = cases.workshop_for(mine), cases.workshop_for(mine)
    booking.call_off(off, at=NOON)
    for ask in (booking.book, booking.wait):
        with pytest.raises(booking.TooLate):
            ask(mine, session, at=LATER)
        with pytest.raises(booking.NotOffered):
            ask(mine, off, at=NOON)
    assert booking.book(mine, session, at=LATER - TICK)


def test_the_database_refuses_what_the_lanes_forgot(mine, theirs, monkeypatch):
    session = cases.workshop_for(mine)
    booking.book(mine, session, at=NOON)
    monkeypatch.setattr(booking, "may_be_offered", lambda reference, places: True)
    with pytest.raises(booking.NotOffered):
        booking.book(theirs, session, at=NOON)
    assert cases.booked(session) == {mine.pk}
    assert cases.faults() == []


def test_the_database_keeps_to_six_and_to_what_there_is(mine):
    session = cases.workshop_for(mine, capacity=3)
    for change in ({"capacity": 7}, {"capacity": 0}, {"taken": 4}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Workshop.objects.filter(pk=session.pk).update(**change)
    made = booking.book(mine, session, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(workshop=cases.workshop(), referral=mine, state="waiting", made_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(workshop=session, booking=made, group=f"case:{mine.party.case_id}")


# ---------------------------------------------------------------- waiting


def test_the_first_in_line_gets_the_place_and_is_told_once(mine, amara):
    session = cases.workshop_for(mine)
    others = cases.fill(session)
    turn = booking.wait(mine, session, NOON)
    second = cases.waiting(session)
    assert turn.state == "waiting"
    assert booking.offered(mine, NOON).state == "waiting"
    booking.give_up(others[0], NOON + HOUR)
    turn.refresh_from_db()
    assert (turn.state, turn.placed_at) == ("booked", NOON + HOUR)
    assert cases.booked(session) == {mine.pk, *(each.pk for each in others[1:])}
    assert cases.told(amara, "place_free") == (1, 1)
    assert cases.told(second.party.person, "place_free") == (0, 0)
    assert cases.faults() == []


def test_waiting_where_a_place_is_free_gives_the_place(mine):
    assert booking.wait(mine, cases.workshop_for(mine), NOON).state == "booked"


def test_waiting_again_is_the_same_turn(mine):
    session = cases.workshop_for(mine)
    cases.fill(session)
    assert booking.wait(mine, session, NOON) == booking.wait(mine, session, NOON + HOUR)


def test_waiting_elsewhere_and_booking_elsewhere_end_the_turn(mine):
    first, second, third = (cases.workshop_for(mine) for _ in range(3))
    for session in (first, second):
        cases.fill(session)
    one, two = booking.wait(mine, first, NOON), booking.wait(mine, second, NOON)
    made = booking.book(mine, third, at=NOON)
    states = [Booking.objects.get(pk=each.pk).state for each in (one, two, made)]
    assert states == ["given_up", "given_up", "booked"]


def test_a_lost_race_for_another_place_keeps_the_turn(mine):
    first, second = cases.workshop_for(mine), cases.workshop_for(mine)
    for session in (first, second):
        cases.fill(session)
    turn = booking.wait(mine, first, NOON)
    with pytest.raises(booking.Full):
        booking.book(mine, second, at=NOON)
    turn.refresh_from_db()
    assert turn.state == "waiting"


def test_a_turn_can_be_given_up_at_any_time(mine):
    session = cases.workshop_for(mine)
    cases.fill(session)
    booking.wait(mine, session, NOON)
    assert booking.give_up(mine, LATER - HOUR).state == "given_up"
    with pytest.raises(booking.NoPlace):
        booking.give_up(mine, LATER - HOUR)


def test_somebody_who_cannot_be_told_does_not_hold_up_the_line(mine, amara):
    session = cases.workshop_for(mine, capacity=1)
    (first,) = cases.fill(session)
    booking.wait(mine, session, NOON)
    next_one = cases.waiting(session)
    amara.is_active = False
    amara.save()
    booking.give_up(first, NOON)
    assert cases.booked(session) == {next_one.pk}


def test_nobody_is_put_into_a_workshop_they_could_not_leave(mine, amara):
    """From 48 hours before, the line is closed; a place that comes free then is for whoever takes it."""
    session = cases.workshop_for(mine, capacity=1)
    (first,) = cases.fill(session)
    turn = booking.wait(mine, session, NOON)
    booking.give_up(first, EDGE + TICK, by_staff=True)
    turn.refresh_from_db()
    assert turn.state == "waiting"
    assert booking.book(mine, session, at=EDGE + TICK) == turn
    assert cases.booked(session) == {mine.pk}
    assert cases.told(amara, "place_free") == (0, 0)


def test_up_to_that_moment_they_are_and_the_line_is_open(mine):
    session = cases.workshop_for(mine, capacity=1)
    (first,) = cases.fill(session)
    with pytest.raises(booking.TooLate):
        booking.wait(mine, session, EDGE + TICK)
    booking.wait(mine, session, EDGE)
    booking.give_up(first, EDGE)
    assert cases.booked(session) == {mine.pk}


def test_more_places_go_to_those_who_wait(mine):
    session = cases.workshop_for(mine, capacity=2)
    cases.fill(session)
    booking.wait(mine, session, NOON)
    booking.set_capacity(session, 3, at=NOON)
    assert mine.pk in cases.booked(session)
    for wrong in (2, 0, 7):
        with pytest.raises(booking.TooFew):
            booking.set_capacity(session, wrong, at=NOON)
    assert cases.faults() == []


# ---------------------------------------------------------------- moving and giving up


def test_a_place_is_moved(mine, amara):
    old, new = cases.workshop_for(mine, capacity=1), cases.workshop_for(mine)
    first = booking.book(mine, old, at=NOON)
    waits = cases.waiting(old)
    moved = booking.move(mine, new, NOON)
    first.refresh_from_db()
    assert (first.state, first.ended_at, moved.state) == ("moved", NOON, "booked")
    assert cases.booked(old) == {waits.pk}
    assert cases.booked(new) == {mine.pk}
    assert booking.move(mine, new, NOON) == moved
    assert cases.told(amara, "booked") == (2, 0)
    assert cases.faults() == []


def test_when_the_new_one_is_full_the_old_place_stays(mine):
    old, new = cases.workshop_for(mine), cases.workshop_for(mine, capacity=1)
    cases.fill(new)
    held = booking.book(mine, old, at=NOON)
    with pytest.raises(booking.Full):
        booking.move(mine, new, NOON)
    held.refresh_from_db()
    assert held.state == "booked"
    assert cases.faults() == []


def test_only_a_place_can_be_moved(mine):
    session, other = cases.workshop_for(mine), cases.workshop_for(mine)
    with pytest.raises(booking.NoPlace):
        booking.move(mine, other, NOON)
    cases.fill(session)
    booking.wait(mine, session, NOON)
    with pytest.raises(booking.NoPlace):
        booking.move(mine, other, NOON)


@pytest.mark.parametrize("how", ["move", "give_up"])
def test_a_place_can_be_changed_until_48_hours_before_and_later_by_staff(mine, how):
    old, new = cases.workshop_for(mine), cases.workshop_for(mine, starts_at=LATER + 90 * HOUR)

    def change(at, **more):
        return booking.move(mine, new, at, **more) if how == "move" else booking.give_up(mine, at, **more)

    booking.book(mine, old, at=NOON)
    assert booking.offered(mine, EDGE).may_change
    assert not booking.offered(mine, EDGE + TICK).may_change
    with pytest.raises(booking.TooLate):
        change(EDGE + TICK)
    with pytest.raises(booking.TooLate):
        change(LATER, by_staff=True)  # it has begun: who came is recorded
    with transaction.atomic():
        change(EDGE)
        transaction.set_rollback(True)
    assert change(LATER - TICK, by_staff=True)
    assert cases.faults() == []


@pytest.mark.parametrize(
    ("begins", "edge"),
    [
        (datetime(2027, 3, 28, 9, tzinfo=UTC), datetime(2027, 3, 26, 9, tzinfo=UTC)),  # 10 am after a 47-hour weekend
        (datetime(2027, 10, 31, 10, tzinfo=UTC), datetime(2027, 10, 29, 10, tzinfo=UTC)),
    ],
)
def test_48_hours_are_elapsed_hours_whatever_the_clocks_do(mine, begins, edge):
    booking.book(mine, cases.workshop_for(mine, starts_at=begins), at=NOON)
    with pytest.raises(booking.TooLate):
        booking.give_up(mine, edge + TICK)
    assert booking.give_up(mine, edge).state == "given_up"


def test_a_place_given_up_can_be_booked_again(mine):
    session = cases.workshop_for(mine)
    booking.book(mine, session, at=NOON)
    booking.give_up(mine, NOON)
    assert booking.book(mine, session, at=NOON).state == "booked"
    assert cases.faults() == []


def test_staff_who_book_or_move_somebody_have_them_told(mine, amara):
    first, second = cases.workshop_for(mine), cases.workshop_for(mine)
    booking.book(mine, first, at=NOON, by_staff=True)
    booking.move(mine, second, NOON, by_staff=True)
    assert cases.told(amara, "booked") == (2, 2)


# ---------------------------------------------------------------- called off


def test_everybody_is_told_that_it_is_called_off_and_can_book_again(mine, amara):
    session, other = cases.workshop_for(mine, capacity=2), cases.workshop_for(mine)
    booking.book(mine, session, at=NOON)
    (second,) = cases.fill(session)
    waits = cases.waiting(session)
    booking.call_off(session, at=NOON)
    booking.call_off(session, at=NOON + HOUR)
    assert (session.cancelled_at, session.taken) == (NOON, 0)
    for referral in (mine, second, waits):
        assert [each.state for each in referral.bookings.all()] == ["called_off"]
        assert cases.told(referral.party.person, "called_off") == (1, 1)
    assert not Claim.objects.exists()
    assert booking.book(mine, other, at=NOON)
    assert cases.faults() == []


def test_what_took_place_cannot_be_called_off(mine, staff, amara):
    session = cases.workshop_for(mine)
    made = booking.book(mine, session, at=NOON)
    booking.record_attendance(made, "whole", staff, LATER + HOUR)
    with pytest.raises(booking.AlreadyHeld):
        booking.call_off(session, staff, LATER + HOUR)


def test_a_parent_calls_nothing_off_and_records_nothing(mine, amara):
    session = cases.workshop_for(mine)
    made = booking.book(mine, session, at=NOON)
    for act in (
        lambda: booking.call_off(session, amara, NOON),
        lambda: booking.set_capacity(session, 3, amara, NOON),
        lambda: booking.record_attendance(made, "whole", amara, LATER),
    ):
        with pytest.raises(booking.OnlyStaff):
            act()


# ---------------------------------------------------------------- who came


@pytest.fixture
def held(mine):
    """A place in a workshop that has taken place."""
    return booking.book(mine, cases.workshop_for(mine), at=NOON)


@pytest.mark.parametrize(
    ("came", "counts", "attended"),
    [
        ("whole", None, True),
        ("late", None, False),
        ("left_early", None, False),
        ("absent", None, False),
        ("technical", None, False),
        ("late", True, True),
        ("whole", False, False),
    ],
)
def test_only_the_whole_workshop_counts_unless_staff_decide(mine, held, staff, came, counts, attended):
    done = LATER + 3 * HOUR
    made = booking.record_attendance(held, came, staff, done, counts=counts)
    mine.refresh_from_db()
    assert (made.came, made.counts, made.recorded_by) == (came, attended, staff)
    assert mine.attended_at == (done if attended else None)
    assert booking.offered(mine, done).state == ("attended" if attended else "free")
    again = cases.workshop_for(mine, starts_at=LATER + 99 * HOUR)
    if attended:
        with pytest.raises(booking.AlreadyAttended):
            booking.book(mine, again, at=done)
    else:
        assert booking.book(mine, again, at=done).state == "booked"
    assert cases.faults() == []


def test_nobody_attended_what_has_not_begun(held, staff):
    with pytest.raises(booking.NotYet):
        booking.record_attendance(held, "whole", staff, LATER - TICK)
    assert not Attendance.objects.exists()


def test_attendance_is_of_a_place(mine, staff):
    session = cases.workshop_for(mine, capacity=1)
    cases.fill(session)
    turn = booking.wait(mine, session, NOON)
    with pytest.raises(booking.NoPlace):
        booking.record_attendance(turn, "whole", staff, LATER)


def test_a_slip_is_put_right_both_ways(mine, held, staff):
    done = LATER + 3 * HOUR
    booking.record_attendance(held, "absent", staff, done)
    booked_again = booking.book(mine, cases.workshop_for(mine, starts_at=LATER + 99 * HOUR), at=done)
    booking.record_attendance(held, "whole", staff, done + HOUR)
    mine.refresh_from_db()
    booked_again.refresh_from_db()
    assert (mine.attended_at, booked_again.state) == (done + HOUR, "given_up")
    booking.record_attendance(held, "absent", staff, done + 2 * HOUR)
    mine.refresh_from_db()
    assert mine.attended_at is None
    assert Attendance.objects.get().came == "absent"
    assert cases.faults() == []


def test_until_staff_say_who_came_nothing_can_be_booked(mine, held):
    offer = booking.offered(mine, LATER)
    assert (offer.state, offer.booking, offer.choices) == ("happened", held, [])
    with pytest.raises(booking.AlreadyHasPlace):
        booking.book(mine, cases.workshop_for(mine, starts_at=LATER + 9 * HOUR), at=LATER + HOUR)


# ---------------------------------------------------------------- what the other party could learn


def what_is_seen(referral, at=NOON) -> bytes:
    """Everything that somebody is offered and can see of it, as bytes."""
    offer = booking.offered(referral, at)
    rows = [
        (
            each.workshop.pk, each.workshop.reference, each.workshop.starts_at, each.left, each.waiting, each.may_wait,
            each.workshop.capacity, each.workshop.taken, [str(sitting) for sitting in each.workshop.sittings.all()],
        )
        for each in offer.choices
    ]  # fmt: skip
    return repr((offer.state, offer.booking, offer.may_change, rows)).encode()


def test_nothing_one_party_does_changes_what_the_other_sees(mine, theirs, staff):
    """Byte for byte, after each of: wait, book, move, give up, be promoted, be called off, attend, withdraw, pair."""
    own = [cases.workshop_for(mine, capacity=2) for _ in range(6)]
    for session in (own[0], own[1]):
        cases.fill(session)
    for _ in range(4):
        cases.workshop_for(theirs)
    cases.fill(cases.workshop_for(theirs, capacity=2))
    before, later = what_is_seen(theirs), LATER + 3 * HOUR
    cases.workshop_for(theirs, starts_at=LATER + 99 * HOUR)
    before, before_later = what_is_seen(theirs), what_is_seen(theirs, later)
    steps = [
        lambda: booking.wait(mine, own[0], NOON),
        lambda: booking.wait(mine, own[1], NOON),
        lambda: booking.give_up(Booking.objects.filter(workshop=own[1], state="booked").first().referral, NOON),
        lambda: booking.move(mine, own[2], NOON),
        lambda: booking.give_up(mine, NOON),
        lambda: booking.book(mine, own[3], at=NOON),
        lambda: booking.call_off(own[3], staff, NOON),
        lambda: booking.book(mine, own[4], at=NOON),
        lambda: booking.record_attendance(mine.bookings.get(state="booked"), "absent", staff, later),
        lambda: booking.book(mine, cases.workshop_for(mine, starts_at=LATER + 99 * HOUR), at=later),
        lambda: booking.record_attendance(mine.bookings.get(workshop=own[4]), "whole", staff, later),
        lambda: referring.withdraw(mine, staff, later),
    ]
    for number, step in enumerate(steps):
        step()
        assert what_is_seen(theirs) == before, number
        assert what_is_seen(theirs, later) == before_later, number
    assert cases.told(theirs.party.person, "booked") == (0, 0)


def test_a_workshop_that_is_offered_can_always_be_booked_or_is_full(mine, theirs):
    """Never refused in another way, which would tell that somebody is there."""
    for _ in range(12):
        cases.workshop(capacity=1)
    for choice in booking.offered(mine, NOON).choices:
        booking.book(mine, choice.workshop, at=NOON)
        for other in booking.offered(theirs, NOON).choices:
            booking.book(theirs, other.workshop, at=NOON)
            booking.give_up(theirs, NOON)
        booking.give_up(mine, NOON)


def test_the_broken_twin_without_lanes_is_seen(mine, theirs, monkeypatch):
    """Offer all and let the claims refuse: then a refusal tells where the other one is."""
    session = cases.workshop_for(mine)
    monkeypatch.setattr(booking, "may_be_offered", lambda reference, places: True)
    before = what_is_seen(theirs)
    booking.book(mine, session, at=NOON)
    assert what_is_seen(theirs) != before


# ---------------------------------------------------------------- speed


def many(workshops: int, people: int) -> None:
    """Rows of no interest, made at once."""
    Workshop.objects.bulk_create(
        [
            Workshop(
                way="online", when="day", starts_at=NOON + (number - workshops // 2) * HOUR, reference=new_reference()
            )
            for number in range(workshops)
        ]
    )
    first = Case.objects.count()
    made = Case.objects.bulk_create(
        [Case(reference=f"M{first + number}", made_at=NOON) for number in range(people)], batch_size=2000
    )
    parties = Party.objects.bulk_create(
        [Party(case=case, lane=0, name="N", email=f"{case.reference}@example.com") for case in made], batch_size=2000
    )
    Referral.objects.bulk_create(
        [
            Referral(
                party=party, programme=cases.PLANNING, route="court", ordered_on=NOON, made_at=NOON, joined_at=NOON
            )
            for party in parties
        ],
        batch_size=2000,
    )


def test_the_offer_takes_a_fixed_number_of_queries_however_much_there_is(mine):
    cases.workshop_for(mine)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            booking.offered(mine, NOON)
        counts.append(len(asked))
        many(40, 40)
    assert counts[0] == counts[1] <= 10


def test_nothing_reads_all_referrals_or_all_bookings(mine):
    """With 2,000 people the database goes by its indexes, for the offer and for the reminders of a minute."""
    many(200, 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked:
        booking.offered(mine, NOON)
    assert len(asked) >= 7
    for query in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on programmes_referral" not in plan, plan
        assert "Seq Scan on programmes_party" not in plan, plan


def test_places_of_a_booking_are_asked_for_in_the_right_order(mine):
    """Referral, then workshops by their number: whatever is moved from and to."""
    one, two = sorted((cases.workshop_for(mine), cases.workshop_for(mine)), key=lambda each: each.pk)
    for start, end in ((one, two), (two, one)):
        booking.book(mine, start, at=NOON)
        with CaptureQueriesContext(connection) as asked:
            booking.move(mine, end, NOON)
        locks = [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]
        assert "programmes_referral" in locks[0]
        assert "programmes_workshop" in locks[-1]
        assert all('ORDER BY "programmes_' in lock for lock in locks)
        booking.give_up(mine, NOON)


def test_lanes_and_places_agree(mine, theirs):
    for _ in range(20):
        session = cases.workshop()
        offered = [lanes.may_be_offered(session.reference, places.places_of(each.party)) for each in (mine, theirs)]
        assert offered.count(True) == 1
