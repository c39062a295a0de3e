"""Staff change the time or place of a session: everybody keeps their place, is told once, and may leave for a while."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from hub import clock, mail
from hub.models import AccessRecord, Notice, OutgoingMail
from programmes import telling
from programmes.actions import booking, referring, scheduling
from programmes.models import Booking, Sitting, Workshop
from tests.programmes import cases
from tests.programmes.cases import LATER, NOON
from tests.programmes.pages import press, signed, url

pytestmark = pytest.mark.django_db
HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture
def mine(amara):
    return cases.joined(amara)


def put_off(session: Workshop, begins: datetime, at: datetime = NOON, *, halves: bool = False, **more) -> Workshop:
    """Another time, and nothing else unless it is said."""
    session.refresh_from_db()
    ends = begins + timedelta(minutes=75 if halves else 150)
    sittings = [(begins + week * 7 * DAY, ends + week * 7 * DAY) for week in range(2 if halves else 1)]
    where = {"way": session.way, "town": session.town, "joining": session.joining}
    return scheduling.change(session, sittings, **where | more, by=None, at=at)


# ---------------------------------------------------------------- who is told, and what stays


def test_everybody_with_a_place_or_a_turn_keeps_it_and_is_told_once(mine, amara):
    session, other = cases.workshop_for(mine, capacity=2), cases.workshop_for(mine)
    place = booking.book(mine, session, at=NOON)
    (second,) = cases.fill(session)
    waits = cases.waiting(session)
    (elsewhere,) = cases.fill(other, 1)
    claims = list(session.claims.order_by("pk").values_list("pk", "group"))
    changed = put_off(session, LATER + 3 * DAY + 7 * HOUR)
    assert (changed.starts_at, changed.when, changed.changes) == (LATER + 3 * DAY + 7 * HOUR, "evening", 1)
    assert [each.starts_at for each in changed.sittings.all()] == [changed.starts_at]
    place.refresh_from_db()
    assert place.state == "booked" and list(session.claims.order_by("pk").values_list("pk", "group")) == claims
    for each in (mine, second, waits):
        assert cases.told(each.party.person, "session_changed") == (1, 1)
        assert Notice.objects.get(person=each.party.person, kind="programmes/session_changed").address == url(
            "workshop"
        )
    assert cases.told(elsewhere.party.person, "session_changed") == (0, 0)
    put_off(session, LATER + 6 * DAY)
    assert cases.told(amara, "session_changed") == (2, 2)
    assert cases.faults() == []


def test_one_sitting_becomes_two_halves_and_back_and_the_place_can_change(mine):
    session = cases.workshop_for(mine)
    put_off(session, LATER, halves=True)
    assert Sitting.objects.filter(workshop=session).count() == 2
    put_off(session, LATER, way="in_person", town="Leeds", joining="Ring the bell.")
    session.refresh_from_db()
    assert (session.way, session.town, session.joining, session.changes) == ("in_person", "Leeds", "Ring the bell.", 2)
    assert Sitting.objects.filter(workshop=session).count() == 1
    with pytest.raises(scheduling.NothingNew):
        put_off(session, LATER)


@pytest.mark.parametrize(
    ("refused", "begins", "at"),
    [
        (scheduling.TooLate, NOON, NOON),
        (scheduling.TooLate, NOON - DAY, NOON),
        (scheduling.TooLate, LATER + 9 * DAY, LATER),  # it has begun
    ],
)
def test_it_is_never_put_into_the_past_nor_once_it_has_begun(mine, refused, begins, at):
    session = cases.workshop_for(mine)
    with pytest.raises(refused):
        put_off(session, begins, at)
    session.refresh_from_db()
    assert session.starts_at == LATER and session.changes == 0


def test_one_that_is_called_off_or_was_changed_meanwhile_or_by_a_parent_is_refused(mine, amara):
    session = cases.workshop_for(mine)
    looked_at = Workshop.objects.get(pk=session.pk)
    put_off(session, LATER + DAY)
    one = [(LATER + 2 * DAY, LATER + 2 * DAY + HOUR)]
    where = {"way": "online", "town": "", "joining": ""}
    with pytest.raises(scheduling.Changed):
        scheduling.change(looked_at, one, **where, by=None, at=NOON)
    with pytest.raises(booking.OnlyStaff):
        scheduling.change(session, one, **where, by=amara, at=NOON)
    booking.call_off(session, at=NOON)
    with pytest.raises(scheduling.NotOffered):
        put_off(session, LATER + 2 * DAY)


def test_what_anybody_is_offered_stays_and_two_of_a_case_never_meet(mine, ben):
    """Lanes and claims know the session and not its time: neither can be led to where the other is."""
    theirs = cases.joined(ben)
    sessions = [cases.workshop(LATER + number * DAY) for number in range(12)]
    for each in (mine, theirs):
        booking.book(each, booking.offered(each, NOON).choices[0].workshop, at=NOON)

    def seen():
        return [{choice.workshop.pk for choice in booking.offered(each, NOON).choices} for each in (mine, theirs)]

    before = seen()
    for number, session in enumerate(sessions):
        put_off(session, LATER + (40 - number) * DAY)
    assert seen() == before and not before[0] & before[1]
    assert cases.faults() == []


def test_a_place_that_was_left_empty_goes_to_the_line_when_it_opens_again(mine, amara):
    session = cases.workshop_for(mine, capacity=1)
    (first,) = cases.fill(session)
    booking.wait(mine, session, NOON)
    booking.give_up(first, LATER - HOUR, by_staff=True)
    assert cases.booked(session) == set()
    put_off(session, LATER + 20 * DAY, LATER - HOUR / 2)
    assert cases.booked(session) == {mine.pk}
    assert cases.told(amara, "place_free") == cases.told(amara, "session_changed") == (1, 1)


# ---------------------------------------------------------------- who cannot come


@pytest.mark.parametrize("how", ["move", "give_up"])
@pytest.mark.parametrize(
    ("begins", "changed_at", "until"),
    [
        (LATER - 10 * DAY, LATER - 11 * DAY, LATER - 10 * DAY),  # to tomorrow: until it begins
        (LATER - 10 * DAY, LATER - 14 * DAY, LATER - 11 * DAY),  # in four days: for three of them
        (LATER + DAY, LATER - HOUR, LATER + DAY),  # within 48 hours of the old time, and of the new
        (LATER + 20 * DAY, LATER - HOUR, LATER + 18 * DAY),  # far away again: until 48 hours before, as ever
    ],
)
def test_whoever_cannot_come_may_leave_for_a_stated_while(mine, how, begins, changed_at, until):
    session, other = cases.workshop_for(mine), cases.workshop_for(mine, starts_at=LATER + 60 * DAY)
    booking.book(mine, session, at=NOON)
    put_off(session, begins, changed_at)

    def leave(at):
        return booking.move(mine, other, at) if how == "move" else booking.give_up(mine, at)

    assert booking.offered(mine, until - TICK).may_change
    assert not booking.offered(mine, until + TICK).may_change
    with pytest.raises(booking.TooLate):
        leave(until + TICK)
    assert leave(until - TICK)
    assert cases.faults() == []


def test_whoever_came_after_the_change_knew_the_time(mine):
    session = cases.workshop_for(mine)
    put_off(session, NOON + 3 * DAY)
    session.refresh_from_db()
    booking.book(mine, session, at=NOON + TICK)
    assert booking.offered(mine, NOON + DAY).may_change
    assert not booking.offered(mine, NOON + DAY + TICK).may_change


@pytest.mark.parametrize("act", [booking.book, booking.wait, booking.move], ids=["book", "wait", "move"])
def test_nobody_gets_a_time_they_did_not_see(mine, act):
    session = cases.workshop_for(mine)
    looked_at = Workshop.objects.get(pk=session.pk)
    if act is booking.move:
        booking.book(mine, cases.workshop_for(mine), at=NOON)
    if act is booking.wait:
        cases.fill(session)
    put_off(session, LATER + DAY)
    with pytest.raises(booking.Changed):
        act(mine, looked_at, at=NOON)
    session.refresh_from_db()
    assert act(mine, session, at=NOON).workshop_id == session.pk


# ---------------------------------------------------------------- reminders


def sent(person, kind="workshop_soon") -> list[str]:
    rows = OutgoingMail.objects.filter(person=person, kind=f"programmes/{kind}").order_by("created_at", "key")
    return [key.split(":", 2)[2] for key in rows.values_list("key", flat=True)]


def test_reminders_are_asked_anew_for_the_new_time(mine, amara):
    session = cases.workshop_for(mine)
    booking.book(mine, session, at=NOON)
    for at in (LATER - 7 * DAY, LATER - 6 * DAY):
        telling.tell_what_is_due(at)
    assert sent(amara) == ["soon:168"]
    put_off(session, LATER + 30 * DAY, LATER - 5 * DAY)
    for at in (LATER - 24 * HOUR, LATER, LATER + 23 * DAY - TICK):
        telling.tell_what_is_due(at)
    assert sent(amara) == ["soon:168"]
    for at in (LATER + 23 * DAY, LATER + 23 * DAY, LATER + 29 * DAY, LATER + 29 * DAY + HOUR):
        telling.tell_what_is_due(at)
    assert sent(amara) == ["soon:168", "soon:168:1", "soon:24:1"]
    assert cases.told(amara, "workshop_soon") == (3, 3)


def test_nobody_is_reminded_of_what_they_were_told_after_the_moment(mine, amara):
    session = cases.workshop_for(mine)
    booking.book(mine, session, at=NOON)
    put_off(session, LATER + DAY, LATER - 5 * DAY)
    for hours in range(-130, 24):
        telling.tell_what_is_due(LATER + hours * HOUR)
    assert sent(amara) == ["soon:24:1"]


def test_news_of_a_time_that_is_no_longer_true_does_not_leave(mine, amara):
    session = cases.workshop_for(mine, starts_at=clock.now() + 20 * HOUR)
    booking.book(mine, session, at=NOON - 30 * DAY)
    telling.tell_what_is_due()

    def wanted(kind):
        rows = OutgoingMail.objects.filter(person=amara, kind=f"programmes/{kind}").order_by("created_at")
        return [mail.still_wanted(letter) for letter in rows]

    assert wanted("workshop_soon") == [True]
    put_off(session, clock.now() + 9 * DAY, clock.now())
    assert (wanted("workshop_soon"), wanted("session_changed")) == ([False], [True])
    put_off(session, clock.now() + 10 * DAY, clock.now())
    assert wanted("session_changed") == [False, True]
    booking.give_up(mine)
    assert wanted("session_changed") == [False, False]


# ---------------------------------------------------------------- on the pages


@pytest.fixture
def client(amara):
    return signed(amara)


def events(client) -> list:
    return Calendar.from_ical(client.get(url("calendar")).content).walk("VEVENT")


def test_the_calendar_file_keeps_its_names_and_counts_on(mine, client):
    soon = clock.now() + 20 * DAY
    session, other = (cases.workshop_for(mine, starts_at=soon) for _ in range(2))
    booking.book(mine, session)
    seen = [events(client)[0]]
    put_off(session, soon + DAY, clock.now())
    seen.append(events(client)[0])
    put_off(session, soon + 2 * DAY, clock.now(), halves=True)
    assert len(events(client)) == 2
    seen.append(events(client)[0])
    booking.move(mine, other)
    seen.append(events(client)[0])
    put_off(other, soon + 3 * DAY, clock.now())
    seen.append(events(client)[0])
    assert len({each["UID"] for each in seen}) == 1
    numbers = [each["SEQUENCE"] for each in seen]
    assert numbers == sorted(set(numbers)), numbers
    stamps = [each["DTSTAMP"].dt for each in seen]
    assert stamps == sorted(stamps)
    assert {str(each["SUMMARY"]) for each in seen} == {"Appointment"}


def test_the_page_says_that_it_changed_and_until_when_one_may_leave(mine, client):
    begins = clock.now() + 30 * HOUR
    session = cases.workshop_for(mine, starts_at=clock.now() + 9 * DAY)
    booking.book(mine, session)
    said = "Our staff have changed the time or the place of this session."
    assert said not in client.get(url("workshop")).content.decode()
    put_off(session, begins, clock.now())
    page = client.get(url("workshop")).content.decode()
    assert said in page and "You can change this yourself until" in page and "You do not have to say why." in page
    assert client.get(url("workshop_move")).status_code == 200
    assert press(client, url("workshop_give_up")).status_code == 302
    assert Booking.objects.get().state == "given_up"


def test_who_presses_on_an_old_page_is_asked_to_look_again(mine, client):
    session = cases.workshop_for(mine, starts_at=clock.now() + 9 * DAY)
    where = url("workshop_session", session.reference)
    client.get(where)
    put_off(session, clock.now() + 10 * DAY, clock.now())
    answer = client.post(where, {"do": "book", "changes": "0"}, follow=True)
    assert "Please look again." in answer.content.decode() and not Booking.objects.exists()
    assert press(client, where).status_code == 302
    assert Booking.objects.get().state == "booked"


# ---------------------------------------------------------------- for staff


@pytest.fixture
def desk(staff, settings, signed_in):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    return signed_in(staff)


TOLD = {"way": "in_person", "town": "Leeds", "day": "2030-07-10", "begins": "18:00", "ends": "20:30"}


def test_staff_see_who_will_be_told_before_anything_changes(desk, staff, mine):
    session = cases.workshop_for(mine, starts_at=clock.now() + 20 * DAY, capacity=1)
    booking.book(mine, session)
    waits = cases.waiting(session)
    where = reverse("admin:programmes_workshop_time", args=[session.pk])
    assert where in desk.get(reverse("admin:programmes_workshop_change", args=[session.pk])).content.decode()
    form = desk.get(where).content.decode()
    assert 'type="date"' in form and "Places" not in form
    check = desk.post(where, TOLD).content.decode()
    assert "Told, because they have a place: Amara." in check
    assert f"Told, because they wait for one: {waits.party.name}." in check
    assert "Wednesday 10 July 2030, 6 pm to 8:30 pm; In person, Leeds" in check and "until" in check
    session.refresh_from_db()
    assert session.changes == 0 and not Notice.objects.filter(kind="programmes/session_changed").exists()
    done = desk.post(where, TOLD | {"seen": "0"}, follow=True).content.decode()
    session.refresh_from_db()
    assert "Everybody with a place or a turn is told." in done and "Time or place changed" in done
    assert (session.town, session.starts_at) == ("Leeds", datetime(2030, 7, 10, 17, tzinfo=UTC))
    assert AccessRecord.objects.get(what="change time of workshop").person == staff
    again = desk.post(where, TOLD | {"seen": "0", "begins": "17:00"}, follow=True).content.decode()
    assert "has just changed. Look again." in again
    same = desk.post(where, TOLD)
    assert same.status_code == 422 and "The time and the place are what they were." in same.content.decode()
    past = desk.post(where, TOLD | {"day": "2020-07-10", "seen": "1"})
    assert past.status_code == 422 and "This time is past." in past.content.decode()


def test_staff_are_warned_of_another_session_in_that_town_on_that_day(desk, mine):
    begins = datetime(2030, 7, 10, 8, tzinfo=UTC)
    cases.workshop(begins, way="in_person", town="leeds")
    session = cases.workshop_for(mine, starts_at=clock.now() + 20 * DAY)
    where = reverse("admin:programmes_workshop_time", args=[session.pk])
    assert "could meet at the door" in desk.post(where, TOLD).content.decode()
    assert "could meet at the door" not in desk.post(where, TOLD | {"day": "2030-07-11"}).content.decode()
    assert "could meet at the door" not in desk.post(where, TOLD | {"way": "online"}).content.decode()
    assert "nobody is told" in desk.post(where, TOLD).content.decode()


def test_whoever_may_only_view_changes_no_time(desk, staff, mine):
    from django.contrib.auth.models import Permission

    session = cases.workshop_for(mine, starts_at=clock.now() + 20 * DAY)
    staff.is_superuser = False
    staff.save()
    staff.user_permissions.set(Permission.objects.filter(codename="view_workshop"))
    Workshop.objects.update(facilitator=staff)
    where = reverse("admin:programmes_workshop_time", args=[session.pk])
    assert desk.post(where, TOLD | {"seen": "0"}).status_code == 403
    assert where not in desk.get(reverse("admin:programmes_workshop_change", args=[session.pk])).content.decode()
    assert referring.places_of(mine.party)


def test_the_pages_of_a_change_can_be_read_by_everybody(
    transactional_db, mine, staff, settings, open_browser, axe, no_sideways_scroll
):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    session = cases.workshop_for(mine, starts_at=clock.now() + 20 * DAY)
    booking.book(mine, session)
    desk = open_browser(staff)
    desk.goto(reverse("admin:programmes_workshop_time", args=[session.pk]))
    axe(desk)
    no_sideways_scroll(desk)
    desk.get_by_label("Day", exact=True).fill("2030-07-10")
    desk.get_by_role("button", name="Look at the change").click()
    assert desk.get_by_role("heading", name="Change this workshop?").is_visible()
    axe(desk)
    no_sideways_scroll(desk)
    desk.get_by_role("button", name="Change it and tell them").click()
    assert desk.get_by_text("Everybody with a place or a turn is told.").is_visible()
    axe(desk)
