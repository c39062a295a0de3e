"""A parent's own workshop on the screen: choosing, booking, waiting, moving, giving up, the calendar file and needs."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from hub import clock
from programmes import calendar
from programmes.actions import booking, certifying, referring, scheduling
from programmes.models import Booking, KeepApart, Needs, Referral, Workshop
from tests.programmes import cases
from tests.programmes.pages import form_of, masked, press, said, signed, url
from tests.reading import read

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOME = ZoneInfo("Europe/London")


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def soon(now):
    """Four weeks from now, at 6 in the evening by the clocks of the United Kingdom."""
    day = (now + 28 * DAY).astimezone(HOME).date()
    return datetime(day.year, day.month, day.day, 18, tzinfo=HOME).astimezone(UTC)


@pytest.fixture
def mine(amara, now):
    return cases.joined(amara, at=now)


@pytest.fixture
def theirs(mine, ben, now):
    """The other party of the same case."""
    return cases.joined(ben, at=now)


@pytest.fixture
def client(mine, amara):
    return signed(amara)


def fill(session: Workshop, number: int | None = None) -> None:
    """Other people take the places that are left, by the real actions."""
    session.refresh_from_db()
    wanted = session.capacity - session.taken if number is None else number
    while wanted:
        (other,) = cases.strangers(1)
        try:
            booking.book(other, session)
        except booking.NotOffered:
            continue
        wanted -= 1


def at(session: Workshop) -> str:
    return url("workshop_session", session.reference)


def held(referral: Referral) -> Booking | None:
    return referral.bookings.filter(state__in=["booked", "waiting"]).first()


# ---------------------------------------------------------------- the list
def test_the_sessions_with_date_time_place_and_places_left_in_words(client, mine, soon):
    cases.workshop_for(mine, starts_at=soon, way="in_person", when="evening", town="Leeds")
    almost = cases.workshop_for(mine, starts_at=soon + DAY, capacity=3)
    fill(almost, 2)
    two = cases.workshop_for(mine, starts_at=soon + 2 * DAY, capacity=3, halves=True)
    fill(two, 1)
    full = cases.workshop_for(mine, starts_at=soon + 3 * DAY, capacity=1)
    fill(full)
    page = said(client.get(url("workshop")))
    day = soon.astimezone(HOME)
    assert f"{day:%A} {day.day} {day:%B} {day.year}" in page and "6 pm to 8:30 pm" in page
    assert "In person, in Leeds" in page and "6 places left" in page
    assert "1 place left" in page and "2 places left" in page
    assert "First half:" in page and "Second half:" in page
    assert "Full: you can join the waiting list" in page


def test_joining_details_stand_nowhere_before_a_place_is_booked(client, mine, theirs, ben, soon):
    session = cases.workshop_for(mine, starts_at=soon, joining="Ring 01632 960 999, then room CANARY")
    for address in (url("workshop"), at(session)):
        assert "CANARY" not in said(client.get(address))
    full = cases.workshop_for(mine, starts_at=soon, capacity=1, joining="CANARY")
    fill(full)
    press(client, at(full))
    assert held(mine).state == "waiting"
    for address in (url("workshop"), url("workshop_give_up")):
        assert "CANARY" not in said(client.get(address))
    press(client, at(session))
    assert "CANARY" in said(client.get(url("workshop")))


def test_fewer_sessions_by_plain_links(client, mine, soon):
    evening = cases.workshop_for(mine, starts_at=soon, when="evening", way="in_person")
    weekend = cases.workshop_for(mine, starts_at=soon, when="weekend")
    page = said(client.get(url("workshop")))
    assert evening.reference in page and weekend.reference in page
    for asked, shown, hidden in (
        ("?when=evening", evening, weekend), ("?way=online", weekend, evening),
        ("?when=evening&way=in_person", evening, weekend),
    ):  # fmt: skip
        page = said(client.get(url("workshop") + asked))
        assert shown.reference in page and hidden.reference not in page and 'aria-current="true"' in page
    page = said(client.get(url("workshop") + "?when=day"))
    assert "No session fits that" in page and "Show all sessions" in page and url("needs") in page
    page = said(client.get(url("workshop") + "?when=nonsense&page=x"))
    assert evening.reference in page and weekend.reference in page


def test_nothing_to_book_says_what_to_do(client):
    page = said(client.get(url("workshop")))
    assert "There is no session to book just now" in page and "Tell us when you could come" in page
    assert url("needs") in page and "Any time" not in page


def test_many_sessions_come_page_by_page(client, mine, soon):
    made = [cases.workshop_for(mine, starts_at=soon + number * HOUR) for number in range(23)]
    first, second = said(client.get(url("workshop"))), said(client.get(url("workshop") + "?page=2"))
    assert made[0].reference in first and made[22].reference not in first and "Later sessions" in first
    assert made[22].reference in second and made[0].reference not in second and "Earlier sessions" in second
    assert client.get(url("workshop") + "?page=99").status_code == 200


# ---------------------------------------------------------------- booking
def test_booking_through_a_check_page(client, mine, soon):
    session = cases.workshop_for(mine, starts_at=soon)
    assert "Book this session?" in said(client.get(at(session)))
    assert held(mine) is None, "looking books nothing"
    done = press(client, at(session))
    assert done["Location"] == url("workshop")
    page = said(client.get(url("workshop")))
    assert "Your place is booked." in page and "6 pm to 8:30 pm" in page and url("calendar") in page
    assert url("workshop_move") in page and url("workshop_give_up") in page
    assert client.get(at(session))["Location"] == url("workshop")


def test_the_same_form_sent_twice_books_once(client, mine, soon):
    session = cases.workshop_for(mine, starts_at=soon)
    form = form_of(client.get(at(session)))
    for _press in range(2):
        assert client.post(at(session), form)["Location"] == url("workshop")
    assert Booking.objects.count() == 1
    press(client, url("workshop_give_up"))
    client.post(at(session), form)
    assert held(mine) is None, "an old form does not book again what was given up"


def test_the_last_place_goes_to_somebody_else_meanwhile(client, mine, soon):
    session = cases.workshop_for(mine, starts_at=soon, capacity=1)
    form = form_of(client.get(at(session)))
    fill(session)
    answer = client.post(at(session), form)
    assert answer.status_code == 409 and "The last place has just gone" in said(answer)
    assert "Join the waiting list" in said(answer) and held(mine) is None
    client.post(at(session), form_of(answer))
    assert held(mine).state == "waiting"


def test_somebody_with_a_place_cannot_take_a_second(client, mine, soon):
    one, other = (cases.workshop_for(mine, starts_at=soon + number * DAY) for number in range(2))
    form = form_of(client.get(at(other)))
    press(client, at(one))
    assert client.post(at(other), form)["Location"] == url("workshop")
    assert "You have a place already" in said(client.get(url("workshop")))
    assert held(mine).workshop == one


def test_what_is_not_offered_looks_like_what_never_was(client, mine, theirs, soon):
    not_mine = cases.workshop_for(theirs, starts_at=soon)
    begun = cases.workshop_for(mine, starts_at=clock.now() - HOUR)
    off = cases.workshop_for(mine, starts_at=soon)
    booking.call_off(off)
    expected = masked(client.get(url("workshop_session", "nowhere1")))
    assert "This session cannot be booked here" in expected
    for session in (not_mine, begun, off):
        assert masked(client.get(at(session))) == expected
        posted = client.post(at(session), {"do": "book", "submit_key": "k" * 32})
        assert masked(posted) == expected
        assert session.reference not in said(client.get(url("workshop")))
    assert not Booking.objects.exists()


def test_it_begins_between_looking_and_pressing(client, mine, soon, monkeypatch):
    session = cases.workshop_for(mine, starts_at=soon)
    form = form_of(client.get(at(session)))

    def too_late(*_told, **_more):
        raise booking.TooLate

    monkeypatch.setattr(booking, "_turn", too_late)
    answer = client.post(at(session), form)
    assert answer.status_code == 404 and "It may have begun" in said(answer)


# ---------------------------------------------------------------- the waiting list
def test_joining_and_leaving_a_waiting_list(client, mine, soon):
    full = cases.workshop_for(mine, starts_at=soon, capacity=1)
    fill(full)
    assert "Join this waiting list?" in said(client.get(at(full)))
    press(client, at(full))
    page = said(client.get(url("workshop")))
    assert "You are on a waiting list" in page and url("calendar") not in page
    assert client.get(url("calendar")).status_code == 404
    left = press(client, url("workshop_give_up"))
    assert left["Location"] == url("workshop") and held(mine) is None
    assert "You have left the waiting list." in said(client.get(url("workshop")))


def test_a_place_that_came_free_in_the_meantime_is_not_given_up_by_an_old_form(client, mine, soon):
    full = cases.workshop_for(mine, starts_at=soon, capacity=1)
    (other,) = cases.strangers(1)
    while True:
        try:
            booking.book(other, full)
            break
        except booking.NotOffered:
            (other,) = cases.strangers(1)
    press(client, at(full))
    form = form_of(client.get(url("workshop_give_up")))
    booking.give_up(other)
    answer = client.post(url("workshop_give_up"), form)
    assert "Give up your place?" in said(answer) and held(mine).state == "booked"


def test_while_waiting_another_session_can_be_booked(client, mine, soon):
    full = cases.workshop_for(mine, starts_at=soon, capacity=1)
    fill(full)
    free = cases.workshop_for(mine, starts_at=soon + DAY)
    press(client, at(full))
    assert "You then leave the waiting list you are on now." in said(client.get(at(free)))
    press(client, at(free))
    assert (held(mine).workshop, held(mine).state) == (free, "booked")


# ---------------------------------------------------------------- moving and giving up
def test_moving_to_another_session(client, mine, soon):
    one, other = (cases.workshop_for(mine, starts_at=soon + number * DAY) for number in range(2))
    full = cases.workshop_for(mine, starts_at=soon + 3 * DAY, capacity=1)
    fill(full)
    press(client, at(one))
    page = said(client.get(url("workshop_move")))
    assert other.reference in page and full.reference not in page and one.reference not in page
    assert "Move to this session?" in said(client.get(at(other)))
    assert press(client, at(other))["Location"] == url("workshop")
    assert held(mine).workshop == other and "You have moved." in said(client.get(url("workshop")))
    assert "This session is full" in said(client.get(at(full)))
    refused = client.post(at(full), {"do": "move"})
    assert refused.status_code == 409 and held(mine).workshop == other


def test_giving_up_a_place(client, mine, soon):
    session = cases.workshop_for(mine, starts_at=soon)
    press(client, at(session))
    assert "Give up your place?" in said(client.get(url("workshop_give_up"))) and held(mine)
    assert press(client, url("workshop_give_up"))["Location"] == url("workshop")
    assert held(mine) is None and session.reference in said(client.get(url("workshop")))
    assert client.get(url("workshop_give_up"))["Location"] == url("workshop")
    assert client.get(url("workshop_move"))["Location"] == url("workshop")


def test_in_the_last_48_hours_the_pages_say_whom_to_ask(client, mine, now, settings):
    session = cases.workshop_for(mine, starts_at=now + 47 * HOUR)
    other = cases.workshop_for(mine, starts_at=now + 9 * DAY)
    booking.book(mine, session)
    page = said(client.get(url("workshop")))
    assert settings.HUB_SUPPORT_EMAIL in page and url("workshop_give_up") not in page
    for address in (url("workshop_move"), url("workshop_give_up"), at(other)):
        page = said(client.get(address))
        assert "Please ask our staff" in page and settings.HUB_SUPPORT_EMAIL in page
    client.post(url("workshop_give_up"), {"held": f"{held(mine).pk}-booked"})
    client.post(at(other), {"do": "move"})
    assert held(mine).workshop == session


def test_it_becomes_too_late_between_looking_and_pressing(client, mine, now, monkeypatch):
    session = cases.workshop_for(mine, starts_at=now + 49 * HOUR)
    other = cases.workshop_for(mine, starts_at=now + 9 * DAY)
    press(client, at(session))
    give, go = form_of(client.get(url("workshop_give_up"))), form_of(client.get(at(other)))
    monkeypatch.setattr("programmes.places.may_leave_until", lambda place, workshop: now - HOUR)
    for address, form in ((url("workshop_give_up"), give), (at(other), go)):
        answer = client.post(address, form)
        assert answer.status_code in {200, 409} and "Please ask our staff" in said(answer)
    assert held(mine).workshop == session


# ---------------------------------------------------------------- afterwards
def test_after_the_workshop(client, mine, now):
    session = cases.workshop_for(mine, starts_at=now + HOUR)
    booking.book(mine, session)
    Workshop.objects.filter(pk=session.pk).update(starts_at=now - HOUR)
    assert "Our staff write down who came" in said(client.get(url("workshop")))
    booking.record_attendance(held(mine), "whole")
    page = said(client.get(url("workshop")))
    assert "You have been to the workshop" in page and "Sessions you can choose from" not in page
    assert "You have been there." in said(client.get(url("cover", "planning-together")))


def test_somebody_who_missed_it_can_choose_again(client, mine, now, soon):
    session = cases.workshop_for(mine, starts_at=now + HOUR)
    again = cases.workshop_for(mine, starts_at=soon)
    booking.book(mine, session)
    Workshop.objects.filter(pk=session.pk).update(starts_at=now - HOUR)
    booking.record_attendance(held(mine), "absent")
    page = said(client.get(url("workshop")))
    assert again.reference in page and "absent" not in page.casefold()


def test_a_referral_that_ended_is_a_calm_page(client, mine, soon):
    session = cases.workshop_for(mine, starts_at=soon)
    referring.withdraw(mine)
    page = client.get(url("workshop"))
    assert page.status_code == 200 and "There is nothing to book" in said(page)
    for address in (at(session), url("workshop_move"), url("workshop_give_up"), url("needs")):
        assert client.get(address)["Location"] == url("workshop")
    assert "has ended" in said(client.get(url("cover", "planning-together")))


# ---------------------------------------------------------------- the cover
def test_the_cover_says_where_they_are(client, mine, soon, amara):
    cover = url("cover", "planning-together")
    page = said(client.get(cover))
    assert (
        "Please finish them by" in page and "Not booked yet." in page and "You get it when you have done both" in page
    )
    assert "What goes back to the court" in page
    full, session = cases.workshop_for(mine, starts_at=soon, capacity=1), cases.workshop_for(mine, starts_at=soon)
    fill(full)
    booking.wait(mine, full)
    assert "You are on the waiting list for" in said(client.get(cover))
    booking.book(mine, session)
    assert "Booked: " in said(client.get(cover))
    Referral.objects.filter(pk=mine.pk).update(learning_due_on="2020-01-01")
    page = said(client.get(cover))
    assert "You can still finish them." in page and "2020" not in page and "overdue" not in page
    Referral.objects.filter(pk=mine.pk).update(learned_at=clock.now(), attended_at=clock.now())
    certifying.issue(amara, "planning-together", "Amara", clock.now())
    page = said(client.get(cover))
    assert "You have finished all of them." in page and url("certificate", "planning-together") in page


def test_other_covers_and_other_people_hold_nothing_of_it(mine, stranger, solicitor, staff, client):
    assert "Where you are" not in said(client.get(url("cover", "getting-it-right")))
    for person in (stranger, solicitor, staff):
        assert "Where you are" not in said(signed(person).get(url("cover", "planning-together")))


def test_positive_co_parenting_shows_its_own_place(amara):
    cases.joined(amara, "PCP1", programme="positive-co-parenting", at=clock.now())
    assert "Your place" in said(signed(amara).get(url("cover", "positive-co-parenting")))


# ---------------------------------------------------------------- the calendar
def parsed(client):
    answer = client.get(url("calendar"))
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"] and 'filename="appointment.ics"' in answer["Content-Disposition"]
    return Calendar.from_ical(answer.content)


def test_the_calendar_file_is_neutral_and_has_an_event_for_each_sitting(client, mine, soon):
    session = cases.workshop_for(mine, starts_at=soon, halves=True, town="Leeds", joining="Room 9")
    booking.book(mine, session)
    text = client.get(url("calendar")).content.decode()
    for secret in ("Leeds", "Room 9", "orkshop", "hub", "Hub", "court", "arent", "lanning", session.reference):
        assert secret not in text, secret
    events = parsed(client).walk("VEVENT")
    assert [event["SUMMARY"] for event in events] == ["Appointment"] * 2
    assert [event.start for event in events] == [each.starts_at for each in session.sittings.all()]
    assert [event.end for event in events] == [each.ends_at for each in session.sittings.all()]
    for event in events:
        assert not {"DESCRIPTION", "LOCATION", "URL", "ORGANIZER", "ATTENDEE", "VALARM"} & set(event)
        assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert client.get(url("calendar")).content.decode() == text, "the same place is the same file"


def test_after_a_move_the_same_events_come_with_a_higher_sequence(client, mine, soon):
    one, other = (cases.workshop_for(mine, starts_at=soon + number * DAY) for number in range(2))
    booking.book(mine, one)
    (before,) = parsed(client).walk("VEVENT")
    booking.move(mine, other)
    (after,) = parsed(client).walk("VEVENT")
    assert after["UID"] == before["UID"] and after["SEQUENCE"] > before["SEQUENCE"]
    assert after.start == other.starts_at


@pytest.mark.parametrize(
    ("begins", "local"),
    [
        (datetime(2027, 3, 27, 10, tzinfo=UTC), "2027-03-27 10:00 +0000"),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2027-03-28 00:30 +0000"),  # ends after the clocks went forward
        (datetime(2027, 3, 28, 9, tzinfo=UTC), "2027-03-28 10:00 +0100"),
        (datetime(2027, 10, 24, 9, tzinfo=UTC), "2027-10-24 10:00 +0100"),  # a Sunday, but not yet the last of October
        (datetime(2027, 10, 31, 0, 15, tzinfo=UTC), "2027-10-31 01:15 +0100"),  # before they go back
        (datetime(2027, 10, 31, 1, 15, tzinfo=UTC), "2027-10-31 01:15 +0000"),  # and once more afterwards
        (datetime(2027, 10, 31, 10, tzinfo=UTC), "2027-10-31 10:00 +0000"),
    ],
)
def test_the_calendar_is_right_when_the_clocks_change(begins, local):
    ends = begins + timedelta(minutes=150)
    told = calendar.file_for(whose=1, sittings=[(begins, ends)], sequence=0, made_at=begins)
    read_back = Calendar.from_ical(told)
    (event,) = read_back.walk("VEVENT")
    # as moments: Python calls no two times equal that stand in an hour that comes twice
    assert (event.start.timestamp(), event.end.timestamp()) == (begins.timestamp(), ends.timestamp())
    assert f"{event.start.astimezone(UTC).astimezone(HOME):%Y-%m-%d %H:%M %z}" == local
    own = read_back.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)  # its own rule, for a calendar that knows no zones
    for moment in (event.start, event.end):
        if "Europe/London" in str(moment.tzinfo):
            assert moment.replace(tzinfo=own).utcoffset() == moment.utcoffset()


def test_no_calendar_but_ones_own(mine, theirs, ben, stranger, staff, solicitor, soon):
    booking.book(mine, cases.workshop_for(mine, starts_at=soon))
    for person in (ben, stranger, staff, solicitor):
        assert signed(person).get(url("calendar")).status_code == 404


# ---------------------------------------------------------------- needs
def test_needs_are_saved_changed_and_removed(client, mine):
    saved = press(
        client, url("needs"), ticked=["bsl", "breaks"], interpreter=" Polish ", words="Evenings\nbut not on Friday"
    )
    assert saved["Location"] == url("workshop")
    kept = Needs.objects.get(referral=mine)
    assert (kept.bsl, kept.breaks, kept.captions, kept.interpreter) == (True, True, False, "Polish")
    assert kept.other == "Evenings\nbut not on Friday"
    assert "You have told us what would help you." in said(client.get(url("workshop")))
    page = said(client.get(url("needs")))
    assert "Polish" in page and "not on Friday" in page and page.count("checked") == 2
    client.post(url("needs"), {"ticked": ["captions"], "do": "save"})
    kept.refresh_from_db()
    assert (kept.bsl, kept.captions, kept.interpreter, kept.other) == (False, True, "", "")
    client.post(url("needs"), {"do": "remove"})
    assert not Needs.objects.exists()
    client.post(url("needs"), {"do": "save"})
    assert not Needs.objects.exists(), "nothing needed is nothing kept"


def test_needs_that_are_too_long_are_given_back_whole(client):
    long = "A" * 301
    answer = client.post(url("needs"), {"words": long, "interpreter": "B" * 81, "ticked": ["no-such"], "do": "save"})
    assert answer.status_code == 200 and long in said(answer) and "Use 1 character fewer" in said(answer)
    assert "Error:" in said(answer) and not Needs.objects.exists()


def test_the_needs_page_says_how_to_be_kept_apart_from_somebody_and_takes_it_off_the_screen(client, settings):
    page = said(client.get(url("needs")))
    assert "Is there somebody you must not be in a group with?" in page and settings.HUB_SUPPORT_EMAIL in page
    assert "Do not write it on this page" in page
    assert not KeepApart.objects.exists()


def test_needs_reach_nobody_else(client, mine, theirs, ben, stranger, staff):
    press(client, url("needs"), words="CANARY need")
    for person in (ben, stranger, staff):
        answer = signed(person).get(url("needs"))
        assert "CANARY" not in said(answer)
    assert signed(stranger).get(url("needs")).status_code == 404
    assert signed(staff).get(url("needs")).status_code == 404


# ---------------------------------------------------------------- who may
NAMES = ["workshop", "workshop_move", "workshop_give_up", "needs", "calendar"]


@pytest.mark.parametrize("name", NAMES)
def test_whoever_was_not_sent_has_no_workshop(name, mine, stranger, staff, solicitor, person, soon):
    booking.book(mine, cases.workshop_for(mine, starts_at=soon))
    not_joined = person("Nora")
    referring.send_link(cases.refer(not_joined.email, "N1", at=clock.now()))
    other = person("Otto")
    cases.joined(other, "O1", programme="positive-co-parenting", at=clock.now())
    for somebody in (stranger, staff, solicitor, not_joined, other):
        assert signed(somebody).get(url(name)).status_code == 404


def test_somebody_sent_twice_sees_the_referral_that_is_open(amara, now, soon):
    old = cases.joined(amara, "OLD1", at=now)
    referring.withdraw(old)
    new = cases.joined(amara, "NEW1", at=now)
    session = cases.workshop_for(new, starts_at=soon)
    press(signed(amara), at(session))
    assert held(new).workshop == session


# ---------------------------------------------------------------- words, cost and looks
def every_page(client, mine, soon) -> list:
    """Each page in each of its states."""
    got = [client.get(url("workshop")), client.get(url("needs")), client.get(url("workshop_session", "nowhere1"))]
    one, two = (cases.workshop_for(mine, starts_at=soon + number * DAY, halves=bool(number)) for number in range(2))
    full = cases.workshop_for(mine, starts_at=soon, capacity=1, way="in_person", town="Leeds", joining="By the river.")
    fill(full)
    got += [client.get(address) for address in (url("workshop"), url("workshop") + "?when=weekend", at(one), at(full))]
    booking.wait(mine, full)
    got += [client.get(url("workshop")), client.get(url("workshop_give_up")), client.get(at(one))]
    booking.book(mine, one)
    got += [client.get(url(name)) for name in ("workshop", "workshop_move", "workshop_give_up")] + [client.get(at(two))]
    now = clock.now()
    Workshop.objects.filter(pk=one.pk).update(starts_at=now + HOUR)
    got += [client.get(url("workshop")), client.get(url("workshop_move"))]
    Workshop.objects.filter(pk=one.pk).update(starts_at=now - HOUR)
    got += [client.get(url("workshop"))]
    booking.record_attendance(held(mine), "whole")
    return [*got, client.get(url("workshop"))]


def test_every_page_is_easy_to_read(client, mine, soon):
    for number, answer in enumerate(every_page(client, mine, soon)):
        reading = read(said(answer))
        assert reading.grade <= 5 and reading.longest_words <= 25, (number, answer.request["PATH_INFO"], reading)
        for word in ("custody", "access", "residence", "visitation", "your ex", "overdue", "countdown"):
            assert word not in reading.words


def test_the_pages_of_a_workshop_never_say_how_many_wait_or_who_comes(client, mine, soon):
    full = cases.workshop_for(mine, starts_at=soon, capacity=1)
    fill(full)
    before = masked(client.get(url("workshop")))
    cases.waiting(full)
    assert masked(client.get(url("workshop"))) == before


def test_a_page_costs_at_most_ten_queries_however_many_sessions_there_are(
    client, mine, soon, django_assert_max_num_queries
):
    sessions = [cases.workshop_for(mine, starts_at=soon + number * HOUR) for number in range(12)]
    Needs.objects.create(referral=mine, bsl=True, changed_at=clock.now())
    addresses = [url("workshop"), at(sessions[0]), url("needs"), url("cover", "planning-together")]
    for round_ in ("free", "booked"):
        for address in [*addresses, *([url("workshop_move"), url("calendar")] if round_ == "booked" else [])]:
            client.get(address)
            with django_assert_max_num_queries(10):
                client.get(address)
        if round_ == "free":
            booking.book(mine, sessions[3])


@pytest.mark.slow
def test_in_a_browser(amara, now, soon, open_browser, javascript, axe, no_sideways_scroll):
    mine = cases.joined(amara, at=now)
    session = cases.workshop_for(mine, starts_at=soon, when="evening", halves=True, joining="You get a link by email.")
    later = cases.workshop_for(mine, starts_at=soon + DAY, way="in_person", town="Leeds")
    page = open_browser(amara, javascript=javascript, width=390)

    def look():
        axe(page)
        no_sideways_scroll(page)

    page.goto(url("workshop"))
    look()
    page.get_by_role("link", name="Evening").click()
    assert page.get_by_role("link", name="Choose this session").count() == 1
    page.get_by_role("link", name="Choose this session").click()
    look()
    page.get_by_role("button", name="Book my place").click()
    page.get_by_role("heading", name="Your place is booked").wait_for()
    assert page.get_by_text("You get a link by email.").is_visible()
    look()
    with page.expect_download() as download:
        page.get_by_role("button", name="Put it in my calendar").or_(
            page.get_by_role("link", name="Put it in my calendar")
        ).first.click()
    assert download.value.suggested_filename == "appointment.ics"
    page.get_by_role("link", name="Move to another session").click()
    look()
    page.get_by_role("link", name="Choose this session").click()
    look()
    page.get_by_role("button", name="Move to this session").click()
    assert held(mine).workshop == later
    page.get_by_role("link", name="Tell us what would help").click()
    look()
    page.get_by_label("More breaks").check()
    page.get_by_label("Anything else?").fill("x" * 301)
    page.get_by_role("button", name="Save").click()
    look()
    page.get_by_label("Anything else?").fill("Quiet, please")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("You have told us what would help you.").wait_for()
    page.get_by_role("link", name="Give up my place").click()
    look()
    page.get_by_role("button", name="Give up my place").click()
    page.get_by_role("heading", name="Choose your workshop").wait_for()
    assert re.search(r"/learn/workshop/$", page.url) and session.reference in page.content()
    look()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "js"), [(390, False), (1280, True)], ids=["390 without JavaScript", "1280"])
def test_every_page_of_a_workshop_can_be_used_by_everybody(
    transactional_db, amara, now, soon, open_browser, width, js, axe, no_sideways_scroll
):
    """Each page in each state, on a phone without JavaScript and on a desk."""
    mine = cases.joined(amara, at=now)
    one, two = (cases.workshop_for(mine, starts_at=soon + number * DAY, halves=bool(number)) for number in range(2))
    full = cases.workshop_for(mine, starts_at=soon, capacity=1, way="in_person", town="Leeds")
    fill(full)
    page = open_browser(amara, width=width, javascript=js)

    def look(name: str, address: str):
        page.goto(address)
        assert page.locator("h1").count() == 1, name
        axe(page)
        no_sideways_scroll(page)
        page.set_viewport_size({"width": width, "height": 900})

    look("free", url("workshop"))
    look("nothing-fits", url("workshop") + "?when=weekend&way=in_person")
    look("book", at(one))
    look("line", at(full))
    look("not-here", url("workshop_session", "nowhere1"))
    look("needs", url("needs"))
    booking.wait(mine, full)
    look("waiting", url("workshop"))
    look("leave-line", url("workshop_give_up"))
    booking.book(mine, one)
    look("booked", url("workshop"))
    look("move", url("workshop_move"))
    look("move-to", at(two))
    look("give-up", url("workshop_give_up"))
    one.refresh_from_db()
    then = [(soon + 3 * DAY, soon + 3 * DAY + timedelta(minutes=150))]
    scheduling.change(one, then, way="in_person", town="Leeds", joining="", by=None)
    look("changed", url("workshop"))
    Workshop.objects.filter(pk=one.pk).update(starts_at=now + HOUR, free_until=now)
    look("too-late", url("workshop_give_up"))
    look("soon", url("workshop"))
    Workshop.objects.filter(pk=one.pk).update(starts_at=now - HOUR)
    look("happened", url("workshop"))
    booking.record_attendance(held(mine), "whole")
    look("attended", url("workshop"))
    look("cover", url("cover", "planning-together"))
    referral = cases.refer("amara@example.com", "ZW26P00099", at=now)
    referring.send_link(referral)
    look("way-in", url("open_referral", Referral.objects.get(pk=referral.pk).token()))
    look("way-in-used-up", url("open_referral", "x" * 43))
