"""The relay against a real mail server and a real database: nothing lost, nothing sent twice, nobody held up."""

import logging
import socket
import time
from collections import Counter
from datetime import timedelta

import pytest
from celery import Celery
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from hub import bell, mail
from hub.models import OutgoingMail
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingMail.State


def put(count: int, kind: str = "hub/news") -> list[OutgoingMail]:
    return [
        mail.put(kind=kind, key=f"{kind}:{number}", to=f"reader{number}@example.com", facts={"path": "/join/"})
        for number in range(count)
    ]


def now_and_later(**later):
    return timezone.now() + timedelta(seconds=1), timezone.now() + timedelta(**later)


@pytest.fixture
def one(amara):
    return mail.put(kind="hub/news", key="one", person=amara)


@pytest.fixture(autouse=True)
def silent_bell(monkeypatch, request):
    """These tests start each round themselves."""
    if "worker" not in request.fixturenames:
        monkeypatch.setattr(bell, "ring", lambda task: None)


def test_a_mail_leaves_once_and_is_marked(smtp, one):
    assert mail.relay().sent == 1
    assert mail.relay() == mail.Round()
    one.refresh_from_db()
    assert (one.state, one.tries, one.leased_until) == (State.SENT, 1, None)
    assert one.sent_at is not None
    assert [got["To"] for got in smtp.wait_for(1)] == ["amara@example.com"]


def test_a_mail_that_is_not_due_waits(smtp, amara):
    tomorrow = timezone.now() + timedelta(days=1)
    mail.put(kind="hub/news", key="one", person=amara, due_at=tomorrow)
    assert mail.relay() == mail.Round()
    assert mail.relay(at=tomorrow).sent == 1


def test_a_server_that_says_later_gets_the_mail_later(smtp, one):
    now, later = now_and_later(minutes=1)
    smtp.behaviour = "refuse for now"
    assert mail.relay(at=now).put_off == 1
    one.refresh_from_db()
    assert (one.state, one.leased_until, one.last_fault) == (State.WAITING, None, "421 4.3.2 SMTPDataError")
    smtp.behaviour = "take"
    assert mail.relay(at=now) == mail.Round()  # not at once: that would be a storm
    assert mail.relay(at=later).sent == 1
    assert [got["Message-ID"] for got in smtp.mails] == [mail.message_id(one)]


def test_a_reader_whom_the_server_does_not_know_is_not_tried_again_and_others_get_theirs(smtp, caplog):
    _, second, _ = put(3)
    smtp.refused = {"reader1@example.com"}
    done = mail.relay()
    assert (done.sent, done.refused) == (2, 1)
    second.refresh_from_db()
    assert (second.state, second.tries, second.last_fault) == (State.REFUSED, 1, "550 5.1.1 SMTPDataError")
    assert mail.relay(at=timezone.now() + timedelta(days=30)) == mail.Round()
    assert smtp.tries == 3
    assert "reader1" not in caplog.text + second.last_fault


def test_a_server_that_says_nothing_ends_the_try_by_the_timeout(smtp, one, settings):
    settings.EMAIL_TIMEOUT = 1
    smtp.behaviour = "hang"
    began = time.monotonic()
    assert mail.relay().put_off == 1
    assert time.monotonic() - began < 5
    one.refresh_from_db()
    assert (one.state, one.leased_until) == (State.WAITING, None)


def test_a_server_that_is_down_uses_up_the_tries_of_two_mails_at_most(smtp, settings):
    letters = put(10)
    now, later = now_and_later(minutes=5)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, closed.getsockname()[1]
        done = mail.relay(at=now)
    assert (done.put_off, done.more) == (2, False)
    assert OutgoingMail.objects.filter(tries=0).count() == 8
    settings.EMAIL_PORT = port
    assert mail.relay(at=later).sent == 10
    assert len(smtp.wait_for(10)) == len(letters)


def test_one_mail_the_server_hangs_up_on_does_not_stop_the_next(smtp, amara, ben):
    """A single fault may be the mail's; only two in a row are the server's."""
    mail.put(kind="hub/news", key="poison", person=amara)
    mail.put(kind="hub/news", key="good", person=ben)
    hang_up_once(smtp)
    done = mail.relay()
    assert (done.put_off, done.sent) == (1, 1)


def hang_up_once(smtp):
    take = smtp.handle_DATA

    async def first(server, session, envelope):
        smtp.handle_DATA = take
        server.transport.close()
        return "421 bye"

    smtp.handle_DATA = first


def test_a_mail_is_given_up_after_twelve_tries_and_somebody_hears_of_it(smtp, one, caplog):
    smtp.behaviour = "refuse for now"
    now = timezone.now() + timedelta(seconds=1)
    for _ in range(20):
        mail.relay(at=now)
        now += mail.LONGEST_WAIT * 2
    one.refresh_from_db()
    assert (one.state, one.tries, smtp.tries) == (State.DEAD, 12, 12)
    assert [record.levelno for record in caplog.records if "not be tried again" in record.message] == [logging.ERROR]


@pytest.mark.parametrize("broken", ["template", "question"])
def test_a_mail_that_cannot_be_made_never_holds_up_the_others(smtp, amara, monkeypatch, broken):
    kind = "hub/no_such_template"
    if broken == "question":
        monkeypatch.setattr(mail, "_questions", {"hub/other_news": lambda put: 1 // 0})
        kind = "hub/other_news"
    poison = mail.put(kind=kind, key="poison", person=amara, due_at=timezone.now() - timedelta(hours=1))
    put(3)
    done = mail.relay()
    assert (done.sent, done.put_off) == (3, 1)
    now = timezone.now()
    for _ in range(20):
        now += mail.LONGEST_WAIT * 2
        mail.relay(at=now)
    poison.refresh_from_db()
    assert (poison.state, poison.tries) == (State.DEAD, 12)
    assert len(smtp.mails) == 3


def test_a_mail_that_kills_its_sender_every_time_is_given_up_too(smtp, one):
    now = timezone.now() + timedelta(seconds=1)
    for _ in range(mail.TRIES):
        assert mail.claim(at=now) == one  # and never comes back to say how it went
        now += mail.LEASE
    assert mail.relay(at=now).dead == 1
    assert smtp.tries == 0


def test_a_mail_in_somebody_elses_hands_is_left_alone_until_their_lease_ends(smtp, one):
    now = timezone.now() + timedelta(seconds=1)
    mail.claim(at=now)
    assert mail.relay(at=now + mail.LEASE - timedelta(microseconds=1)) == mail.Round()
    assert mail.relay(at=now + mail.LEASE).sent == 1


def test_a_sender_that_lost_its_lease_cannot_undo_what_the_next_one_does(smtp, one):
    now = timezone.now() + timedelta(seconds=1)
    slow = mail.claim(at=now)
    quick = mail.claim(at=now + mail.LEASE)
    mail._put_off(slow, OSError(), now + mail.LEASE)
    mail._finish(slow, State.DROPPED, now + mail.LEASE)
    one.refresh_from_db()
    assert (one.state, one.leased_until) == (State.WAITING, quick.leased_until)
    mail._finish(slow, State.SENT, now + mail.LEASE)  # but what has left has left, whoever held it
    one.refresh_from_db()
    assert one.state == State.SENT
    mail._put_off(quick, OSError(), now + mail.LEASE)
    one.refresh_from_db()
    assert one.state == State.SENT


def test_a_round_stops_at_its_limit_and_says_that_there_is_more(smtp):
    put(5)
    assert mail.relay(limit=3).more is True
    assert mail.relay(limit=3) == mail.Round(sent=2, more=False)


def test_four_relays_at_once_send_each_mail_once(smtp):
    letters = put(80)
    rounds = at_once(*[mail.relay] * 4)
    assert Counter(got["Message-ID"] for got in smtp.mails) == Counter(map(mail.message_id, letters))
    assert sum(done.sent for done in rounds) == 80


class Watching(EmailBackend):
    """The SMTP backend, noting whether a transaction is open around it."""

    inside: list[bool] = []

    def send_messages(self, email_messages):
        self.inside.append(connection.in_atomic_block)
        return super().send_messages(email_messages)


def test_no_transaction_is_open_while_a_mail_is_sent(smtp, one, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    Watching.inside.clear()
    assert mail.relay().sent == 1
    assert Watching.inside == [False]


# ---------------------------------------------------------------- the bell


@pytest.fixture(params=["refuses", "never answers"])
def broken_broker(request):
    """A Redis address where nobody is, or where somebody listens and says nothing."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        if request.param == "never answers":
            port.listen(50)
        options = {"socket_connect_timeout": 1, "socket_timeout": 1}
        app = Celery(broker=f"redis://127.0.0.1:{port.getsockname()[1]}/0", set_as_current=False)
        app.conf.broker_transport_options = options
        yield app
        app.close()


def test_a_broken_broker_neither_stops_nor_slows_a_change_and_the_mail_leaves_anyway(
    smtp, amara, broken_broker, monkeypatch, caplog
):
    broken = bell.Bell(broken_broker)
    monkeypatch.setattr(bell, "ring", broken.ring)
    slowest = 0.0
    for number in range(20):
        began = time.monotonic()
        with transaction.atomic():
            mail.put(kind="hub/news", key=str(number), person=amara)
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 0.5
    assert broken.quiet(30)
    assert "the broker did not take a ring" in caplog.text
    assert mail.relay().sent == 20


def test_a_mail_put_in_a_transaction_is_on_its_way_when_it_commits(worker, smtp, amara):
    with transaction.atomic():
        put = mail.put(kind="hub/news", key="one", person=amara)
    (got,) = smtp.wait_for(1)
    assert got["Message-ID"] == mail.message_id(put)


def test_a_task_delivered_five_times_sends_once(worker, smtp, amara, until):
    from hub.tasks import relay_mail

    one = mail.put(kind="hub/news", key="one", person=amara)
    for _ in range(5):
        relay_mail.delay()
    until(lambda: sum("succeeded" in line for line in worker.lines) >= 5)
    assert [got["Message-ID"] for got in smtp.mails] == [mail.message_id(one)]


# ---------------------------------------------------------------- F4: a mail server's bad day


def test_a_server_that_refuses_for_a_while_and_then_refuses_five_of_a_hundred_loses_none(smtp):
    letters = put(100)
    nobody = {f"reader{number}@example.com" for number in range(0, 100, 20)}
    now, bad_until = timezone.now() + timedelta(seconds=1), timezone.now() + timedelta(minutes=10)
    smtp.behaviour = "refuse for now"
    while now < bad_until:
        mail.relay(at=now)
        now += timedelta(minutes=1)
    assert not smtp.mails and set(OutgoingMail.objects.values_list("state", flat=True)) == {State.WAITING}
    smtp.behaviour, smtp.refused = "take", nobody
    for _ in range(6):
        now += mail.LONGEST_WAIT
        mail.relay(at=now)
    assert Counter(got["Message-ID"] for got in smtp.mails) == Counter(
        mail.message_id(one) for one in letters if one.to not in nobody
    )
    marked = OutgoingMail.objects.filter(state=State.REFUSED)
    assert set(marked.values_list("to", flat=True)) == nobody
    assert not OutgoingMail.objects.filter(state__in=[State.WAITING, State.DEAD]).exists()
    assert max(OutgoingMail.objects.values_list("tries", flat=True)) <= mail.TRIES
