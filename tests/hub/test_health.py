"""What machines are told about the hub."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from hub import health, mail
from hub.models import OutgoingMail


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)


def state(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_alive_asks_nothing_of_anybody(client, django_assert_num_queries):
    with connection.execute_wrapper(lambda *_: pytest.fail("asked the database")):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert not answer.cookies


def test_ready_when_all_is_well_and_without_a_version(client, db):
    assert state(client) == (
        200,
        {"state": "ready", "database": "ok", "migrations": "ok", "mail": "ok", "redis": "ok"},
    )


def test_not_ready_while_a_migration_waits(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'hub'")
    status, said = state(client)
    assert (status, said["state"], said["migrations"]) == (503, "not ready", "waiting")


def test_not_ready_without_a_database(client, db):
    def nobody(*_):
        raise OperationalError("nobody answers")

    with connection.execute_wrapper(nobody):
        status, said = state(client)
    assert (status, said["state"], said["database"]) == (503, "not ready", "down")


def test_degraded_but_open_without_redis(client, db, settings):
    redis = {"BACKEND": "hub.caches.Forgiving", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": redis}
    status, said = state(client)
    assert (status, said["state"], said["redis"]) == (200, "degraded", "down")


@pytest.mark.parametrize("tries", [3, 5, 9, 12])
def test_mail_that_is_tried_again_and_again_is_late_though_its_next_try_is_not(client, db, tries):
    """A server that refuses every try, with one mail to send: nothing is due for hours, and nothing leaves."""
    row = OutgoingMail.objects.create(key="a", kind="hub/try", to="amara@example.com", tries=tries)
    assert state(client)[1]["mail"] == "late"
    begun = row.due_at - mail.waited(tries)
    assert health.mail_waits_since(row.due_at) == begun
    OutgoingMail.objects.update(tries=0, due_at=timezone.now() + timedelta(hours=1))
    assert health.mail_waits_since(timezone.now()) is None and state(client)[1]["mail"] == "ok"


def test_a_first_try_that_is_being_made_is_not_late(client, db):
    now = timezone.now()
    held = {"leased_until": now + timedelta(seconds=60), "due_at": now - timedelta(seconds=100), "tries": 1}
    OutgoingMail.objects.create(key="a", kind="hub/try", to="amara@example.com", **held)
    assert state(client)[1]["mail"] == "ok"


@pytest.mark.parametrize(
    ("late", "mail_state", "said"),
    [(60, "waiting", "ok"), (180, "waiting", "late"), (180, "sent", "ok"), (0, "dead", "given up")],
)
def test_degraded_when_mail_is_late_or_dead(client, db, late, mail_state, said):
    due = timezone.now() - timedelta(seconds=late)
    OutgoingMail.objects.create(key="a", kind="hub/try", to="amara@example.com", due_at=due, state=mail_state)
    status, found = state(client)
    assert (status, found["mail"]) == (200, said)
    assert found["state"] == ("ready" if said == "ok" else "degraded")


def test_machines_are_answered_over_plain_http_in_production(db, settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/").status_code == 301
