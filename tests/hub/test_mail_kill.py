"""A power cut in the middle of sending: nothing is lost, and a copy too many has the same Message-ID."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from hub import bell, mail
from hub.models import OutgoingMail
from tests.postbox import Postbox
from tests.workshop import HOUSE, Worker

pytestmark = pytest.mark.django_db(transaction=True)


class Forgetful(Postbox):
    """Takes a mail and never says so, while `behaviour` is "take and say nothing"."""

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        if self.behaviour == "take and say nothing":
            await asyncio.Event().wait()
        return answer


@pytest.fixture
def smtp(settings):
    box = Forgetful().open()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = box.host, box.port, False
    yield box
    box.close()


@contextmanager
def relay_process(environment, *options):
    """`manage.py relay` as a process of its own, killed at the end whatever happens."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "relay", *options],
        cwd=HOUSE,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        process.stdout.close()


@pytest.mark.parametrize("sender", ["relay", "worker"])
@pytest.mark.parametrize("behaviour", ["hang", "take and say nothing"])
def test_a_sender_killed_in_the_middle_loses_nothing(smtp, process_environment, amara, sender, behaviour):
    smtp.behaviour = behaviour
    one = mail.put(kind="hub/news", key="one", person=amara)
    if sender == "relay":
        with relay_process(process_environment):
            smtp.wait_for_tries(1, 40)
    else:
        worker = Worker(process_environment).start()
        try:
            bell.ring("hub.tasks.relay_mail")
            smtp.wait_for_tries(1, 40)
        finally:
            worker.kill()
    if behaviour == "take and say nothing":
        smtp.wait_for(1)
    one.refresh_from_db()
    assert (one.state, one.tries) == (OutgoingMail.State.WAITING, 1)

    smtp.behaviour = "take"
    assert mail.relay() == mail.Round()  # the dead sender's lease still runs
    assert mail.relay(at=timezone.now() + mail.LEASE + timedelta(seconds=1)).sent == 1
    one.refresh_from_db()
    assert one.state == OutgoingMail.State.SENT
    copies = [got["Message-ID"] for got in smtp.mails]
    assert copies == [mail.message_id(one)] * (2 if behaviour == "take and say nothing" else 1)


def test_five_kills_among_sixty_mails_lose_none_and_repeat_five_at_most(smtp, process_environment):
    letters = [
        mail.put(kind="hub/news", key=str(number), to=f"reader{number}@example.com", facts={"path": "/join/"})
        for number in range(60)
    ]
    for kill in range(5):
        with relay_process(process_environment, "--every", "0.2"):
            smtp.wait_for(len(smtp.mails) + 4 + kill, 40)
    mail.relay(at=timezone.now() + mail.LEASE + timedelta(seconds=1))
    assert not OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT).exists()
    copies = Counter(got["Message-ID"] for got in smtp.mails)
    assert set(copies) == set(map(mail.message_id, letters))
    assert copies.total() - len(copies) <= 5
    assert max(copies.values()) <= 2


def test_the_relay_command_sends_what_is_due_and_ends(smtp, process_environment, amara):
    mail.put(kind="hub/news", key="one", person=amara)
    with relay_process(process_environment, "--once") as process:
        assert process.wait(40) == 0
        assert "1 sent" in process.stdout.read()
    assert len(smtp.mails) == 1


def test_the_relay_command_stops_politely(smtp, process_environment, amara):
    mail.put(kind="hub/news", key="one", person=amara)
    with relay_process(process_environment) as process:
        smtp.wait_for(1, 40)
        process.terminate()
        assert process.wait(20) == 0
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT
