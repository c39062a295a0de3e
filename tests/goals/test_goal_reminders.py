"""Reminders to say how it is going: asked for, neutral, in the morning, at most one a week, and soon silent."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from goals import actions, tasks, telling
from goals.models import Goal, Reminder
from hub import bell, mail
from hub.models import OutgoingMail
from hub.words import at_home
from tests.hub.test_mail_words import MAY_SAY, NEVER, Page, html_of

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 20, tzinfo=UTC)  # in the evening
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def goal(goal_of, amara):
    return goal_of(amara)


def days_of_mail(person) -> list[str]:
    rows = OutgoingMail.objects.filter(person=person, kind=actions.MAIL)
    return sorted(key.split(":")[-1] for key in rows.values_list("key", flat=True))


def live(begin: datetime, days: int, step: timedelta = HOUR) -> None:
    """The clock goes on, and beat rings each hour, twice."""
    at = begin
    while at < begin + days * DAY:
        telling.tell_what_is_due(at)
        telling.tell_what_is_due(at)
        at += step


def test_nobody_is_reminded_who_did_not_ask(goal, amara):
    live(MONDAY, 60, DAY)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("every", "days"),
    [
        (7, ["2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"]),
        (14, ["2026-11-16", "2026-11-30", "2026-12-14", "2026-12-28"]),
    ],
)
def test_it_comes_every_week_or_two_in_the_morning_and_stops_after_four(goal, amara, every, days):
    actions.remind(person=amara, every=every, at=MONDAY)
    live(MONDAY, 120)
    assert days_of_mail(amara) == days
    assert not Reminder.objects.exists(), "it has switched itself off"


@pytest.mark.parametrize("begin", [datetime(2027, 3, 22, 12, tzinfo=UTC), datetime(2027, 10, 25, 12, tzinfo=UTC)])
def test_nine_in_the_morning_is_nine_whatever_the_clocks_do(begin):
    for days in (7, 14):
        assert at_home(actions.next_morning(begin, days)).strftime("%H:%M") == "09:00"


def test_after_a_silence_of_ours_there_is_one_mail_and_then_a_week_of_rest(goal, amara):
    actions.remind(person=amara, every=7, at=MONDAY)
    late = MONDAY + 25 * DAY  # the worker was away
    live(late, 8)
    assert days_of_mail(amara) == ["2026-11-27", "2026-12-04"]


def test_switching_it_off_and_on_again_brings_no_second_one_in_a_week(goal, amara):
    actions.remind(person=amara, every=7, at=MONDAY)
    for number in range(30):
        at = MONDAY + number * DAY
        live(at, 1)
        actions.remind(person=amara, every=None if number % 2 else 14, at=at)
        actions.remind(person=amara, every=7, at=at)
    assert len(days_of_mail(amara)) == 0, "each time the week begins anew"


def test_saying_how_it_goes_begins_the_week_anew(goal, amara):
    actions.remind(person=amara, every=7, at=MONDAY)
    actions.check_in(goal=goal, felt=3, at=MONDAY + 6 * DAY)
    live(MONDAY, 12)
    assert days_of_mail(amara) == []
    live(MONDAY + 12 * DAY, 2)
    assert days_of_mail(amara) == ["2026-11-15"]
    assert Reminder.objects.get().unanswered == 1
    actions.check_in(goal=goal, felt=3, at=MONDAY + 14 * DAY)
    assert Reminder.objects.get().unanswered == 0


@pytest.mark.parametrize("act", [actions.pause, actions.achieve, actions.archive])
def test_somebody_who_works_on_nothing_is_left_in_peace_and_not_surprised_later(goal, amara, act):
    actions.remind(person=amara, every=7, at=MONDAY)
    act(goal=goal)
    live(MONDAY, 30, DAY)
    assert days_of_mail(amara) == [] and Reminder.objects.get().unanswered == 0
    actions.take_up_again(goal=goal)
    telling.tell_what_is_due(MONDAY + 30 * DAY)
    assert days_of_mail(amara) == [], "not at once"


@pytest.mark.parametrize("what", ["off", "alerts", "paused", "said", "closed", "deleted", "stale"])
def test_a_reminder_that_is_not_wanted_any_more_does_not_leave(goal, amara, smtp, what):
    actions.remind(person=amara, every=7)
    Reminder.objects.update(next_at=MONDAY)
    telling.tell_what_is_due()
    assert OutgoingMail.objects.count() == 1
    match what:
        case "off":
            actions.remind(person=amara, every=None)
        case "alerts":
            amara.wants_alerts = False
            amara.save()
        case "paused":
            actions.pause(goal=goal)
        case "said":
            actions.check_in(goal=goal, felt=1)
        case "closed":
            amara.is_active = False
            amara.save()
        case "deleted":
            actions.delete(goal=goal)
        case "stale":
            row = OutgoingMail.objects.get()
            OutgoingMail.objects.update(created_at=row.created_at - DAY)
    mail.relay()
    assert smtp.mails == []


def test_one_that_fails_keeps_nobody_else_waiting(goal, goal_of, amara, ben, monkeypatch):
    goal_of(ben)
    for person in (amara, ben):
        actions.remind(person=person, every=7, at=MONDAY)
    plain = mail.put

    def breaks(**told):
        if told["person"] == amara:
            raise RuntimeError
        return plain(**told)

    monkeypatch.setattr(mail, "put", breaks)
    telling.tell_what_is_due(MONDAY + 7 * DAY)
    assert days_of_mail(ben) == ["2026-11-09"] and days_of_mail(amara) == []
    monkeypatch.setattr(mail, "put", plain)
    telling.tell_what_is_due(MONDAY + 7 * DAY)
    assert days_of_mail(amara) == ["2026-11-09"] and len(days_of_mail(ben)) == 1


def test_the_mail_is_neutral_and_shows_and_fetches_nothing(goal, amara, settings):
    """Not a word of goals, parents or children; one link in, one to stop; a subject like every other."""
    settings.HUB_ADDRESS = "https://hub.example"
    message = mail.build(mail.put(kind=actions.MAIL, key="x", person=amara))
    page, words = Page(html_of(message)), re.sub(r":\n*https?://\S+", "", message.body)
    assert message.subject == settings.HUB_MAIL_SUBJECT
    assert words.split() == page.words and len(page.words) <= 60
    assert not NEVER.search(words) and not re.search(r"goal|feel|face|parent|amara", words, re.IGNORECASE)
    assert page.addresses == ["https://hub.example/home/", "https://hub.example/account/"]
    assert set(page.elements) <= MAY_SAY and not message.attachments
    assert "Change or stop these emails" in words
    assert actions.MAIL in mail.ALERTS and actions.MAIL in mail._questions


def test_beat_rings_for_reminders(settings):
    assert tasks.tell_what_is_due.name in {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}


def test_a_real_worker_sends_it_to_a_real_mail_server(goal_of, transactional_db, person, worker, smtp, until):
    dora = person("Dora")
    goal_of(dora, "CANARY words")
    actions.remind(person=dora, every=7)
    Reminder.objects.update(next_at=MONDAY)
    for _ring in range(2):
        bell.ring(tasks.tell_what_is_due.name)
    (letter,) = smtp.wait_for(1)
    assert letter["To"] == dora.email and "CANARY" not in letter.as_string()
    until(lambda: OutgoingMail.objects.get().state == "sent")
    assert Reminder.objects.get().next_at > OutgoingMail.objects.get().sent_at
    assert Goal.objects.count() == 1 and len(smtp.mails) == 1
