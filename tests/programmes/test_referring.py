"""Who is sent, the link that works once and for one person, and who is kept apart."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hub.codes import fingerprint
from hub.models import Notice, OutgoingMail
from programmes import lanes
from programmes.actions import booking, referring
from programmes.models import Case, Claim, KeepApart, NeverOffered, Party, Referral
from tests.programmes import cases
from tests.programmes.cases import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


# ---------------------------------------------------------------- making


@pytest.mark.parametrize(
    "written", ["ZW26P00123", "zw26p00123", " zw 26 P 00123 ", "ZW26-P-00123", "ZW26/P00123", "ＺＷ26Ｐ00123"]
)
def test_a_case_is_found_again_however_its_reference_is_written(written):
    assert referring.tidy_reference(written) == "ZW26P00123"
    cases.refer("amara@example.com", "ZW26P00123")
    second = cases.refer("ben@example.com", written)
    assert Case.objects.count() == 1
    assert second.party.lane == 1


@pytest.mark.parametrize("written", ["", " - ", "é–", "A" * 41])
def test_a_reference_without_letters_or_too_long_is_refused(written):
    with pytest.raises(referring.WrongReference):
        cases.refer("amara@example.com", written)
    assert Case.objects.count() == 0


def test_lanes_are_given_in_order_and_a_person_keeps_theirs():
    first, second, third = (cases.refer(f"{name}@example.com") for name in ("amara", "ben", "cy"))
    again = cases.refer("ben@example.com", programme="positive-co-parenting")
    assert [each.party.lane for each in (first, second, third, again)] == [0, 1, 2, 1]
    assert again.party == second.party


def test_the_same_person_is_not_sent_twice_to_one_programme_at_a_time():
    first = cases.refer("amara@example.com")
    with pytest.raises(referring.AlreadyReferred):
        cases.refer(" AMARA@example.com", name="Amara")
    referring.withdraw(first, at=NOON)
    assert cases.refer("amara@example.com").party == first.party


def test_two_people_of_a_case_need_two_addresses():
    cases.refer("amara@example.com", name="Amara Okafor")
    with pytest.raises(referring.OtherName):
        cases.refer("amara@example.com", name="Ben Okafor", programme="positive-co-parenting")
    assert Party.objects.count() == 1


def test_an_address_that_is_none_makes_nothing():
    with pytest.raises(ValidationError):
        cases.refer("amara at example")
    assert not Case.objects.exists()


def test_only_staff_make_and_change_referrals(amara, staff):
    with pytest.raises(referring.OnlyStaff):
        cases.refer("ben@example.com", by=amara)
    referral = cases.refer("ben@example.com", by=staff)
    assert (referral.made_by, referral.party.case.made_by) == (staff, staff)
    other = cases.refer("cy@example.com", "other", by=staff)
    for act in (
        lambda: referring.send_link(referral, amara, NOON),
        lambda: referring.withdraw(referral, amara, NOON),
        lambda: referring.set_suitable(referral, None, amara),
        lambda: referring.keep_apart(referral.party, other.party, amara, NOON),
    ):
        with pytest.raises(referring.OnlyStaff):
            act()


# ---------------------------------------------------------------- the link


def test_a_link_is_sent_only_after_suitability_was_looked_at(staff):
    referral = cases.refer("amara@example.com", suitable_on=None)
    with pytest.raises(referring.NotSuitable):
        referring.send_link(referral, staff, NOON)
    assert not OutgoingMail.objects.exists()
    referring.set_suitable(referral, date(2026, 11, 20), staff)
    referring.send_link(referral, staff, NOON)
    assert OutgoingMail.objects.get().to == "amara@example.com"


def test_only_the_fingerprint_of_a_link_is_kept():
    referral = cases.refer("amara@example.com")
    referring.send_link(referral, at=NOON)
    token = referral.token()
    assert referral.secret_hash == fingerprint(token)
    for model in (Referral, OutgoingMail):
        for row in model.objects.values():
            assert token not in repr(row)


def test_the_link_of_one_referral_differs_from_every_other():
    referrals = [cases.refer(f"p{number}@example.com", f"C{number}") for number in range(5)]
    tokens = set()
    for referral in referrals:
        for _ in range(3):
            referring.send_link(referral, at=NOON)
            tokens.add(referral.token())
    assert len(tokens) == 15
    assert all(len(token) == 43 for token in tokens)


def test_a_link_works_for_72_elapsed_hours(amara):
    """Across the night in which the clocks go forward, too."""
    at = datetime(2027, 3, 26, 12, tzinfo=UTC)
    referral = cases.refer(amara.email)
    referring.send_link(referral, at=at)
    token = referral.token()
    assert referring.find(token, at + 72 * HOUR - SECOND) == referral
    with pytest.raises(referring.LinkGone):
        referring.find(token, at + 72 * HOUR)
    found = referring.find(token, at)
    with pytest.raises(referring.LinkGone):
        referring.join(found, amara, at + 72 * HOUR)


def test_a_new_link_ends_the_one_before(amara):
    referral = cases.refer(amara.email)
    referring.send_link(referral, at=NOON)
    old, opened = referral.token(), referring.find(referral.token(), NOON)
    referring.send_link(referral, at=NOON)
    with pytest.raises(referring.LinkGone):
        referring.find(old, NOON)
    with pytest.raises(referring.LinkGone):
        referring.join(opened, amara, NOON)  # a page that was opened with the old one
    with pytest.raises(referring.LinkGone):
        referring.same_link(opened.pk, opened.link_number, NOON)
    assert referring.same_link(referral.pk, 2, NOON) == referral
    assert referring.join(referring.find(referral.token(), NOON), amara, NOON).joined_at == NOON


def gone(token: str, at=NOON) -> referring.LinkGone:
    with pytest.raises(referring.LinkGone) as caught:
        referring.find(token, at)
    return caught.value


def test_why_a_link_is_no_good_is_never_said(amara):
    used, run_out, withdrawn, replaced = (cases.refer(amara.email, f"C{number}") for number in range(4))
    for referral in (used, run_out, withdrawn, replaced):
        referring.send_link(referral, at=NOON)
    tokens = [referral.token() for referral in (used, withdrawn, replaced)]
    referring.join(referring.find(used.token(), NOON), amara, NOON)
    referring.withdraw(withdrawn, at=NOON)
    referring.send_link(replaced, at=NOON)
    faults = [gone(token) for token in (*tokens, "", " ", "x" * 43, "\0", "é")] + [
        gone(run_out.token(), NOON + 72 * HOUR)
    ]
    assert {(type(fault), str(fault), repr(fault.args)) for fault in faults} == {(referring.LinkGone, "", "()")}


def test_no_link_is_open_before_one_was_sent():
    cases.refer("amara@example.com")
    gone("")


# ---------------------------------------------------------------- joining


def test_joining_sets_who_and_by_when(amara):
    at = datetime(2027, 3, 25, 23, 30, tzinfo=UTC)
    referral = cases.join(cases.refer(amara.email), amara, at)
    referral.refresh_from_db()
    assert (referral.joined_at, referral.party.person) == (at, amara)
    assert referral.learning_due_on == date(2027, 4, 4)
    assert referral.secret_hash == ""
    summer = cases.join(cases.refer(amara.email, "C2"), amara, datetime(2027, 6, 1, 23, 30, tzinfo=UTC))
    assert summer.learning_due_on == date(2027, 6, 12)  # it is the 2nd of June at home


def test_a_programme_without_elearning_has_no_last_day(amara):
    referral = cases.joined(amara, programme="positive-co-parenting")
    assert referral.learning_due_on is None


def test_a_link_handed_to_the_other_parent_opens_nothing(amara, ben):
    referral = cases.refer(amara.email)
    cases.joined(ben)
    referring.send_link(referral, at=NOON)
    with pytest.raises(referring.LinkGone):
        referring.join(referring.find(referral.token(), NOON), ben, NOON)
    referral.refresh_from_db()
    assert (referral.joined_at, referral.party.person) == (None, None)
    assert referring.join(referring.find(referral.token(), NOON), amara, NOON).joined_at == NOON


@pytest.mark.parametrize("who", ["professional", "staff", "unverified", "closed"])
def test_only_a_parent_with_that_verified_address_joins(person, who):
    more = {"professional": {"kind": "professional"}, "staff": {"kind": "staff", "is_staff": True}}.get(who, {})
    somebody = person("Sam", **more)
    if who == "unverified":
        somebody.emailaddress_set.update(verified=False)
    if who == "closed":
        somebody.is_active = False
        somebody.save()
    referral = cases.refer(somebody.email)
    with pytest.raises(referring.LinkGone):
        cases.join(referral, somebody)
    referral.refresh_from_db()
    assert referral.joined_at is None


def test_a_second_press_joins_once(amara, ben):
    referral = cases.refer(amara.email)
    referring.send_link(referral, at=NOON)
    opened = referring.find(referral.token(), NOON)
    again = referring.find(referral.token(), NOON)
    referring.join(opened, amara, NOON)
    assert referring.join(again, amara, NOON + HOUR).joined_at == NOON
    with pytest.raises(referring.LinkGone):
        referring.join(again, ben, NOON)


def test_nobody_is_two_parties_of_one_case(amara):
    cases.joined(amara)
    second = cases.refer("other@example.com")
    amara.email = "other@example.com"
    amara.save()
    amara.emailaddress_set.update(email="other@example.com")
    with pytest.raises(referring.LinkGone):
        cases.join(second, amara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(pk=second.party_id).update(person=amara)


def test_nothing_is_sent_to_somebody_who_joined_or_was_withdrawn(amara):
    referral = cases.joined(amara)
    with pytest.raises(referring.AlreadyJoined):
        referring.send_link(referral, at=NOON)
    other = cases.refer("ben@example.com")
    referring.withdraw(other, at=NOON)
    with pytest.raises(referring.AlreadyJoined):
        referring.send_link(other, at=NOON)


def test_whoever_joins_in_a_second_case_keeps_only_what_they_would_be_offered_there(amara):
    """By lanes alone: whether somebody of the second case is in that session plays no part in it."""
    first = cases.joined(amara)
    second = cases.refer(amara.email, "C2")
    stays, goes = cases.workshop_for(first, second), cases.workshop_for(first, not_for=(second,))
    kept = booking.book(first, stays, at=NOON)
    cases.join(second, amara)
    kept.refresh_from_db()
    assert kept.state == "booked"
    assert set(kept.claims.values_list("group", flat=True)) == {
        f"case:{first.party.case_id}",
        f"case:{second.party.case_id}",
    }
    third = cases.refer(amara.email, "C3")
    goes = cases.workshop_for(first, second, not_for=(third,))
    moved = booking.move(first, goes, at=NOON)
    first_in_line = cases.fill(goes)[0]
    waits = cases.waiting(goes)
    cases.join(third, amara)
    moved.refresh_from_db()
    assert moved.state == "called_off"
    assert cases.told(amara, "called_off") == (1, 1)
    assert {waits.pk, first_in_line.pk} <= cases.booked(goes)
    assert cases.faults() == []


# ---------------------------------------------------------------- ending


def test_withdrawing_gives_the_place_to_the_next_in_line(amara):
    mine = cases.joined(amara)
    session = cases.workshop_for(mine, capacity=1)
    booking.book(mine, session, at=NOON)
    next_one = cases.waiting(session)
    referring.withdraw(mine, at=NOON)
    referring.withdraw(mine, at=NOON + HOUR)
    assert (mine.outcome, mine.ended_at) == ("withdrawn", NOON)
    assert cases.booked(session) == {next_one.pk}
    assert cases.told(amara, "referral_ended") == (1, 1)
    with pytest.raises(booking.NotOffered):
        booking.book(mine, cases.workshop_for(mine), at=NOON)
    assert cases.faults() == []


def test_a_withdrawn_link_is_dead_and_a_stranger_is_told_nothing():
    referral = cases.refer("amara@example.com")
    referring.send_link(referral, at=NOON)
    token = referral.token()
    referring.withdraw(referral, at=NOON)
    gone(token)
    assert not Notice.objects.exists()


# ---------------------------------------------------------------- keeping apart


@pytest.fixture
def two(amara, ben):
    """Two people of different cases."""
    return cases.joined(amara, "C1"), cases.joined(ben, "C2")


def test_a_pair_is_offered_different_workshops_from_then_on(two):
    one, other = two
    for _ in range(30):
        cases.workshop()
    seen_before = [{choice.workshop for choice in booking.offered(each, NOON).choices} for each in two]
    assert seen_before[0] & seen_before[1]
    pair = referring.keep_apart(other.party, one.party, at=NOON)
    assert (pair.one, pair.other) == (one.party, other.party)
    assert referring.keep_apart(one.party, other.party, at=NOON) == pair
    seen = [{choice.workshop for choice in booking.offered(each, NOON).choices} for each in two]
    assert not seen[0] & seen[1]
    assert all(after < before for after, before in zip(seen, seen_before, strict=True))
    assert not Notice.objects.exists()


@pytest.mark.parametrize("how", [("book", "book"), ("book", "wait"), ("wait", "wait")])
def test_a_pair_that_is_together_already_is_refused_to_staff(two, how):
    session = cases.workshop_for(*two, capacity=2)
    if "wait" in how:
        cases.fill(session, 2 - how.count("book"))
    for each, what in zip(two, how, strict=True):
        getattr(booking, what)(each, session, at=NOON)
    with pytest.raises(referring.TogetherAlready):
        referring.keep_apart(two[0].party, two[1].party, at=NOON)
    assert not KeepApart.objects.exists()
    booking.give_up(two[1], at=NOON, by_staff=True)
    referring.keep_apart(two[0].party, two[1].party, at=NOON)


def test_people_of_one_case_and_one_person_with_themselves_need_no_pair(amara, ben):
    one, same_case = cases.joined(amara, "C1"), cases.joined(ben, "C1")
    same_person = cases.joined(amara, "C2")
    for other in (same_case, same_person, one):
        with pytest.raises(referring.SameCase):
            referring.keep_apart(one.party, other.party, at=NOON)


def test_a_place_held_before_the_pair_was_named_stays_and_is_never_offered_to_the_other(two):
    """It is in the lane of whoever has it, and stays there after the place is given up: nothing is to be inferred."""
    one, other = two
    sessions = [cases.workshop_for(*two) for _ in range(2)]
    held, turn = booking.book(one, sessions[0], at=NOON), booking.wait(other, sessions[1], NOON)
    for _ in range(8):  # a salt of chance would be right one time in four
        pair = referring.keep_apart(one.party, other.party, at=NOON)
        for each in (held, turn):
            each.refresh_from_db()
            assert each.state == "booked"
            assert f"pair:{pair.pk}" in set(each.claims.values_list("group", flat=True))
        for whose, theirs, not_theirs in ((one, *sessions), (other, *reversed(sessions))):
            stands = referring.places_of(whose.party)
            assert lanes.may_be_offered(theirs.reference, stands)
            assert not lanes.may_be_offered(not_theirs.reference, stands)
        before = booking.offered(other, NOON).choices
        assert sessions[0] not in {choice.workshop for choice in before}
        with pytest.raises(booking.NotOffered):
            booking.move(other, sessions[0], at=NOON)
        Claim.objects.filter(group=f"pair:{pair.pk}").delete()
        pair.delete()
    assert not NeverOffered.objects.exists()
    referring.keep_apart(one.party, other.party, at=NOON)
    before = booking.offered(other, NOON).choices
    booking.give_up(one, at=NOON)
    assert booking.offered(other, NOON).choices == before


def seen_by(*referrals) -> list[set[int]]:
    return [{choice.workshop.pk for choice in booking.offered(each, NOON).choices} for each in referrals]


@pytest.mark.parametrize("held_it", [True, False], ids=["one had a place", "nobody had one"])
def test_a_pair_taken_back_gives_each_what_their_other_lanes_allow(two, ben, held_it):
    """As if there had been no pair, whatever the other had; nobody loses a session, and the lanes of a case stay."""
    one, other = two
    partner = cases.joined(cases.parent(), other.party.case.reference)
    for _ in range(40):
        cases.workshop()
    session = cases.workshop_for(*two)
    at_first = seen_by(one, other, partner)
    if held_it:
        booking.book(one, session, at=NOON)
    pair = referring.keep_apart(one.party, other.party, at=NOON)
    if held_it:
        booking.give_up(one, at=NOON)
    apart = seen_by(one, other, partner)
    assert not apart[0] & apart[1]
    referring.no_longer_apart(pair, at=NOON)
    referring.no_longer_apart(pair, at=NOON)
    assert not KeepApart.objects.exists()
    assert seen_by(one, other, partner) == at_first
    assert at_first[0] & at_first[1] and not at_first[1] & at_first[2]
    for each in two:
        booking.book(each, session, at=NOON)
    assert cases.faults() == []
    assert not Notice.objects.filter(person__in=[each.party.person for each in two]).exists()


@pytest.mark.parametrize("how", ["book", "wait"])
@pytest.mark.parametrize("whose", [0, 1])
def test_a_pair_is_not_taken_back_while_either_has_something_to_come(two, how, whose):
    """They chose it while the other could not be there."""
    session = cases.workshop_for(two[whose])
    if how == "wait":
        cases.fill(session)
    pair = referring.keep_apart(two[0].party, two[1].party, at=NOON)
    while not lanes.may_be_offered(session.reference, referring.places_of(two[whose].party)):
        referring.no_longer_apart(pair, at=NOON)
        pair = referring.keep_apart(two[0].party, two[1].party, at=NOON)
    getattr(booking, how)(two[whose], session, at=NOON)
    before = seen_by(*two)
    with pytest.raises(referring.StillToCome):
        referring.no_longer_apart(pair, at=NOON)
    assert KeepApart.objects.get() == pair and seen_by(*two) == before
    referring.no_longer_apart(pair, at=session.starts_at)
    assert not KeepApart.objects.exists()


def test_only_staff_take_a_pair_back(two, amara):
    pair = referring.keep_apart(two[0].party, two[1].party, at=NOON)
    with pytest.raises(referring.OnlyStaff):
        referring.no_longer_apart(pair, by=amara, at=NOON)


def test_a_third_party_is_never_offered_where_one_of_the_first_two_was_already(amara, ben, person):
    one, _two = cases.joined(amara), cases.joined(ben)
    sessions = [cases.workshop_for(one) for _ in range(12)]
    held = booking.book(one, sessions[0], at=NOON)
    late = cases.joined(person("Cy"))
    offered = {choice.workshop for choice in booking.offered(late, NOON).choices}
    assert sessions[0] not in offered
    with pytest.raises(booking.NotOffered):
        booking.book(late, sessions[0], at=NOON)
    booking.give_up(one, at=NOON)
    assert {choice.workshop for choice in booking.offered(late, NOON).choices} == offered
    assert held.state == "booked"


def test_somebody_in_two_cases_stands_in_the_groups_of_both(amara, ben, person):
    """So that nobody of either case meets them, by whichever referral they book."""
    first, second = cases.joined(amara, "C1"), cases.joined(amara, "C2")
    other = cases.joined(ben, "C2")
    assert referring.places_of(first.party) == referring.places_of(second.party)
    session = cases.workshop_for(first)
    booking.book(first, session, at=NOON)
    assert session not in {choice.workshop for choice in booking.offered(other, NOON).choices}
    with pytest.raises(booking.NotOffered):
        booking.book(other, session, at=NOON)
    with pytest.raises(booking.AlreadyHasPlace):
        booking.book(second, session, at=NOON)


# ---------------------------------------------------------------- how far it has come


def test_the_status_says_how_far_it_has_come(amara, staff):
    referral = cases.refer(amara.email)
    seen = [referring.status(referral, NOON)]

    def look(at=NOON):
        fresh = Referral.objects.prefetch_related("bookings").get(pk=referral.pk)
        seen.append(referring.status(fresh, at))

    referring.send_link(referral, at=NOON)
    look()
    look(NOON + 72 * HOUR)
    referring.join(referring.find(referral.token(), NOON), amara, NOON)
    look()
    session = cases.workshop_for(referral)
    made = booking.book(referral, session, at=NOON)
    look()
    booking.record_attendance(made, "whole", staff, cases.LATER + 3 * HOUR)
    look()
    Referral.objects.filter(pk=referral.pk).update(learned_at=NOON)
    look()
    other = cases.joined(amara, "C2")
    Referral.objects.filter(pk=other.pk).update(learned_at=NOON)
    referral = other
    look()
    referring.withdraw(other, at=NOON)
    look()
    assert seen == [
        "made", "link_sent", "link_run_out", "joined", "booked", "attended", "complete", "learning_done", "withdrawn",
    ]  # fmt: skip
    assert set(seen) == set(referring.STATUS_WORDS) == set(referring.Status)
