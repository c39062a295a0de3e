"""What people are told of a referral and a workshop: when, how often, and in what words."""

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from hub import mail, words
from hub.models import Notice, OutgoingMail
from programmes import telling
from programmes.actions import booking, referring
from programmes.models import Booking, Referral, Workshop
from tests.programmes import cases
from tests.programmes.cases import LATER, NOON

pytestmark = pytest.mark.django_db
HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
KINDS = [
    "referral", "booked", "place_free", "called_off", "wait_over", "workshop_soon", "learning_due", "referral_ended",
    "session_changed",
]  # fmt: skip


@pytest.fixture
def mine(amara):
    return cases.joined(amara)


def sent(person, kind="workshop_soon") -> list[str]:
    """The keys of the mails of a kind, without their numbers."""
    rows = OutgoingMail.objects.filter(person=person, kind=f"programmes/{kind}").order_by("created_at", "key")
    return [re.sub(r"^\w+:\d+:", "", key) for key in rows.values_list("key", flat=True)]


# ---------------------------------------------------------------- workshops


@pytest.mark.parametrize(
    "begins",
    [
        LATER,
        datetime(2027, 3, 28, 9, tzinfo=UTC),  # 10 am on the day the clocks go forward
        datetime(2027, 10, 31, 10, tzinfo=UTC),  # and back
        datetime(2027, 10, 24, 9, tzinfo=UTC),  # the Sunday before, with the clocks back a week later
    ],
)
def test_a_workshop_is_told_seven_days_and_24_hours_before_each_once(mine, amara, begins):
    booking.book(mine, cases.workshop_for(mine, starts_at=begins), at=NOON)
    seen = []
    for at in (
        begins - 7 * DAY - TICK, begins - 7 * DAY, begins - 7 * DAY + HOUR, begins - 24 * HOUR - TICK,
        begins - 24 * HOUR, begins - HOUR, begins, begins + HOUR,
    ):  # fmt: skip
        telling.tell_what_is_due(at)
        telling.tell_what_is_due(at)
        seen.append(sent(amara))
    week, day = ["soon:168"], ["soon:168", "soon:24"]
    assert seen == [[], week, week, week, day, day, day, day]
    assert cases.told(amara, "workshop_soon") == (2, 2)


def test_what_is_shown_is_the_time_at_home(mine):
    """24 elapsed hours before 10 am of the short day is 9 am by the clock, and both are said as they are."""
    begins = datetime(2027, 3, 28, 9, tzinfo=UTC)
    assert words.when(begins) == "Sunday 28 March 2027, 10 am"
    assert words.when(begins - 24 * HOUR) == "Saturday 27 March 2027, 9 am"
    autumn = datetime(2027, 10, 24, 9, tzinfo=UTC)
    assert words.when(autumn) == "Sunday 24 October 2027, 10 am"


@pytest.mark.parametrize(
    ("booked_before", "told"),
    [
        (7 * DAY + TICK, ["soon:168", "soon:24"]),
        (7 * DAY, ["soon:24"]),
        (3 * DAY, ["soon:24"]),
        (24 * HOUR, []),
        (2 * HOUR, []),
    ],
)
def test_nobody_is_reminded_of_what_they_booked_after_the_moment(mine, amara, booked_before, told):
    booking.book(mine, cases.workshop_for(mine), at=LATER - booked_before)
    for hours in range(200, 0, -1):
        telling.tell_what_is_due(LATER - hours * HOUR)
    assert sent(amara) == told


def test_a_place_that_came_free_counts_from_that_day(mine, amara):
    session = cases.workshop_for(mine, capacity=1)
    (first,) = cases.fill(session)
    booking.wait(mine, session, NOON)
    booking.give_up(first, LATER - 5 * DAY)
    for hours in range(200, 0, -1):
        telling.tell_what_is_due(LATER - hours * HOUR)
    assert sent(amara) == ["soon:24"]


def test_after_a_silence_only_the_nearer_reminder_is_sent(mine, amara):
    booking.book(mine, cases.workshop_for(mine), at=NOON)
    telling.tell_what_is_due(LATER - 20 * HOUR)
    assert sent(amara) == ["soon:24"]


@pytest.mark.parametrize("how", ["given_up", "called_off", "moved", "withdrawn", "waiting", "closed account"])
def test_nobody_is_reminded_of_a_place_they_do_not_have(mine, amara, how):
    session = cases.workshop_for(mine, capacity=1)
    if how == "waiting":
        cases.fill(session)
        booking.wait(mine, session, NOON)
    else:
        booking.book(mine, session, at=NOON)
    if how == "given_up":
        booking.give_up(mine, NOON)
    elif how == "called_off":
        booking.call_off(session, at=NOON)
    elif how == "moved":
        booking.move(mine, cases.workshop_for(mine, starts_at=LATER + 20 * DAY), NOON)
    elif how == "withdrawn":
        referring.withdraw(mine, at=NOON)
    elif how == "closed account":
        mine.party.person = None
        mine.party.save()
    telling.tell_what_is_due(LATER - 6 * DAY)
    telling.tell_what_is_due(LATER - 6 * HOUR)
    assert not OutgoingMail.objects.filter(kind="programmes/workshop_soon").exclude(person__in=others(mine)).exists()


def others(mine: Referral):
    return [each.party.person_id for each in Referral.objects.exclude(pk=mine.pk).select_related("party")]


def test_what_fails_for_one_keeps_nobody_else_waiting(mine, amara, ben, monkeypatch):
    theirs = cases.joined(ben)
    for referral in (mine, theirs):
        booking.book(referral, cases.workshop_for(referral), at=NOON)
    put = mail.put

    def broken(*, person=None, **more):
        if person == amara:
            raise RuntimeError
        return put(person=person, **more)

    with monkeypatch.context() as patch:
        patch.setattr(mail, "put", broken)
        telling.tell_what_is_due(LATER - 6 * DAY)
    assert (sent(amara), sent(ben)) == ([], ["soon:168"])
    assert not Notice.objects.filter(person=amara, kind="programmes/workshop_soon").exists()
    telling.tell_what_is_due(LATER - 6 * DAY)
    assert sent(amara) == ["soon:168"]


def test_whoever_waited_in_vain_is_told_once_the_line_is_closed(mine, amara):
    session = cases.workshop_for(mine, capacity=1)
    cases.fill(session)
    turn = booking.wait(mine, session, NOON)
    telling.tell_what_is_due(LATER - 48 * HOUR)
    assert sent(amara, "wait_over") == []
    for _ in range(2):
        telling.tell_what_is_due(LATER - 48 * HOUR + TICK)
    turn.refresh_from_db()
    assert turn.state == "over"
    assert cases.told(amara, "wait_over") == (1, 1)
    assert booking.offered(mine, LATER - 47 * HOUR).state == "free"


# ---------------------------------------------------------------- e-learning


def at_home(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=words.HOME)


@pytest.mark.parametrize("joined_on", [date(2026, 11, 22), date(2027, 3, 20), date(2027, 10, 24)])
def test_elearning_is_told_three_days_before_and_on_the_last_day_in_the_morning(amara, joined_on):
    mine = cases.joined(amara, at=at_home(joined_on, 15))
    due = mine.learning_due_on
    assert due == joined_on + 10 * DAY
    seen = []
    for day, hour in ((-4, 23), (-3, 8), (-3, 9), (-2, 12), (-1, 12), (0, 8), (0, 9), (0, 23), (1, 9), (5, 9)):
        for _ in range(2):
            telling.tell_what_is_due(at_home(due + day * DAY, hour))
        seen.append(sent(amara, "learning_due"))
    first, both = ["learning:3"], ["learning:0", "learning:3"]
    assert [sorted(each) for each in seen] == [[], [], first, first, first, first, both, both, both, both]
    assert cases.told(amara, "learning_due") == (2, 2)


@pytest.mark.parametrize("how", ["learned", "withdrawn", "not joined"])
def test_nobody_is_reminded_to_learn_what_they_finished_or_need_not(amara, how):
    mine = cases.refer(amara.email) if how == "not joined" else cases.joined(amara)
    if how == "learned":
        Referral.objects.update(learned_at=NOON)
    if how == "withdrawn":
        referring.withdraw(mine, at=NOON)
    for day in range(12):
        telling.tell_what_is_due(NOON + day * DAY)
    assert sent(amara, "learning_due") == []


# ---------------------------------------------------------------- asked again as they leave


def wanted(person, kind: str) -> list[bool]:
    rows = OutgoingMail.objects.filter(person=person, kind=f"programmes/{kind}").order_by("created_at")
    return [mail.still_wanted(letter) for letter in rows]


def soon(mine, hours=100) -> Workshop:
    """A workshop for real clocks: mails are asked again by the clock of the house."""
    from hub import clock

    return cases.workshop_for(mine, starts_at=clock.now() + hours * HOUR, capacity=1)


def test_news_that_is_no_longer_true_does_not_leave(mine, amara):
    session = soon(mine)
    booking.book(mine, session)
    telling.tell_what_is_due()
    assert (wanted(amara, "booked"), wanted(amara, "workshop_soon")) == ([True], [])
    Booking.objects.update(placed_at=NOON - 30 * DAY)
    telling.tell_what_is_due()
    assert wanted(amara, "workshop_soon") == [True]
    booking.give_up(mine)
    assert (wanted(amara, "booked"), wanted(amara, "workshop_soon")) == ([False], [False])


def test_a_place_that_came_free_and_was_given_up_is_not_told(mine, amara):
    session = soon(mine)
    (first,) = cases.fill(session)
    booking.wait(mine, session)
    booking.give_up(first)
    assert wanted(amara, "place_free") == [True]
    booking.give_up(mine)
    assert wanted(amara, "place_free") == [False]


def test_called_off_is_told_until_they_have_another(mine, amara):
    session = soon(mine)
    booking.book(mine, session)
    booking.call_off(session)
    assert wanted(amara, "called_off") == [True]
    booking.book(mine, soon(mine))
    assert wanted(amara, "called_off") == [False]


def test_a_reminder_does_not_leave_once_the_workshop_has_begun(mine, amara):
    session = soon(mine, hours=20)
    booking.book(mine, session, at=NOON - 30 * DAY)
    telling.tell_what_is_due()
    assert wanted(amara, "workshop_soon") == [True]
    Workshop.objects.update(starts_at=NOON - DAY)
    assert wanted(amara, "workshop_soon") == [False]


def test_who_switched_mails_off_gets_none_and_still_the_notice(mine, amara):
    amara.wants_alerts = False
    amara.save()
    session = soon(mine)
    booking.book(mine, session)
    booking.call_off(session)
    assert wanted(amara, "called_off") == [False]
    assert cases.told(amara, "called_off") == (1, 1)


def test_the_link_leaves_only_while_it_is_open(amara):
    from hub import clock

    referral = cases.refer(amara.email)
    referring.send_link(referral)
    (first,) = OutgoingMail.objects.all()
    assert mail.still_wanted(first)
    referring.send_link(referral)
    second = OutgoingMail.objects.exclude(pk=first.pk).get()
    assert [mail.still_wanted(each) for each in (first, second)] == [False, True]
    Referral.objects.update(link_expires_at=clock.now() - HOUR)
    assert not mail.still_wanted(second)
    referring.send_link(referral)
    third = OutgoingMail.objects.exclude(pk__in=[first.pk, second.pk]).get()
    assert mail.still_wanted(third)
    referring.join(referring.find(referral.token()), amara)
    assert not mail.still_wanted(third)


def test_a_link_is_never_put_to_an_address_that_changed(amara):
    referral = cases.refer(amara.email)
    referring.send_link(referral)
    referral.party.email = "other@example.com"
    referral.party.save()
    assert not mail.still_wanted(OutgoingMail.objects.get())


def test_the_link_in_the_mail_is_the_one_that_works_and_stands_nowhere_else(amara):
    referral = cases.refer(amara.email)
    referring.send_link(referral)
    letter = OutgoingMail.objects.get()
    message = mail.build(letter)
    (address,) = re.findall(r"https?://\S+", message.body)
    token = address.rstrip("/").rpartition("/")[2]
    assert referring.find(token) == referral
    assert reverse("programmes:open_referral", args=[token]) in address
    assert token not in repr(list(OutgoingMail.objects.values()))


# ---------------------------------------------------------------- words


class Words(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.words, self._title = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._title = tag == "title"

    def handle_endtag(self, tag):
        self._title = False

    def handle_data(self, data):
        if not self._title:
            self.words += data.split()


NEVER = re.compile(
    r"child|custody|contact|abuse|separat|partner|court|cafcass|solicitor|workshop|course|programme|parent|learn|session"
    r"|referr|amara|leeds|online|november|december|\d\d:\d\d|hearing|case\b|booked",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_is_short_and_says_nothing_to_a_stranger(amara, mine, kind, monkeypatch):
    monkeypatch.setitem(mail._links, "programmes/referral", lambda letter: "/a/way/in/")
    reader = {"to": "amara@example.com"} if kind == "referral" else {"person": amara}
    message = mail.build(OutgoingMail(kind=f"programmes/{kind}", key=kind, facts={"booking": 1}, **reader))
    said = re.sub(r"https?://\S+", "", message.body)
    assert not NEVER.search(said), NEVER.search(said)
    assert len(said.split()) <= 75
    assert max(len(sentence.split()) for sentence in re.split(r"[.:?]\s", said)) <= 25
    assert not re.search(r"[!{}<>]|&#|&amp;", message.body)
    shown = Words(message.alternatives[0][0]).words
    assert re.sub(r":\n*https?://\S+", "", message.body).split() == shown


@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_is_asked_again(kind):
    assert f"programmes/{kind}" in mail._questions
    assert (f"programmes/{kind}" in mail.ALERTS) == (kind != "referral")


def test_a_notice_leads_to_the_page_it_is_about(mine, amara):
    session = cases.workshop_for(mine)
    booking.book(mine, session, at=NOON)
    booking.call_off(session, at=NOON)
    referring.withdraw(mine, at=NOON)
    found = Notice.objects.filter(person=amara).values_list("kind", "address")
    assert dict(found) == {
        "programmes/called_off": reverse("programmes:workshop"),
        "programmes/referral_ended": reverse("programmes:cover", args=[cases.PLANNING]),
    }
