"""The real servers of the tests do what they are asked to."""

import smtplib

import pytest
from django.core import mail
from django.core.cache import cache

from tests.workshop import Worker


def send(to="amara@example.com"):
    return mail.EmailMessage("You have an update", "Sign in to see it.", to=[to]).send()


def test_the_postbox_keeps_what_it_takes(smtp):
    assert send() == 1
    (got,) = smtp.wait_for(1)
    assert got["Subject"] == "You have an update"
    assert smtp.to("amara@example.com") == [got]


@pytest.mark.parametrize(("behaviour", "code"), [("refuse for now", 421), ("refuse for good", 550)])
def test_the_postbox_refuses_when_told_to(smtp, behaviour, code):
    smtp.behaviour = behaviour
    with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPServerDisconnected)) as refusal:
        send()
    assert getattr(refusal.value, "smtp_code", code) == code
    assert smtp.mails == []


def test_the_postbox_can_refuse_one_reader(smtp):
    smtp.refused.add("ben@example.com")
    assert send() == 1
    with pytest.raises(smtplib.SMTPDataError):
        send("ben@example.com")


def test_the_postbox_can_say_nothing_for_ever(smtp, settings):
    settings.EMAIL_TIMEOUT = 1
    smtp.behaviour = "hang"
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send()
    smtp.wait_for_tries(1)


def test_a_worker_starts_answers_and_stops_warm(process_environment, until):
    from hub.celery import app

    worker = Worker(process_environment).start()
    try:
        assert until(lambda: app.control.ping(timeout=1))
        assert worker.stop() == 0
    finally:
        worker.kill()


def test_redis_holds_the_cache(db):
    cache.set("door", "open")
    assert cache.get("door") == "open"
