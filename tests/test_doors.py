"""Between two tests the live server answers nobody, and what was under way has ended (tests/doors.py)."""

import threading
from http.client import HTTPConnection, RemoteDisconnected

import pytest
from django.core.handlers.wsgi import WSGIHandler

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow(monkeypatch):
    """A page that does not end before it is allowed to."""
    begun, allowed = threading.Event(), threading.Event()
    plain = WSGIHandler.get_response

    def get_response(handler, request):
        begun.set()
        assert allowed.wait(20)
        return plain(handler, request)

    monkeypatch.setattr(WSGIHandler, "get_response", get_response)
    return begun, allowed


def ask(site, told: list) -> None:
    connection = HTTPConnection(site.thread.host, site.thread.port, timeout=20)
    connection.request("GET", "/healthz")
    told.append(connection.getresponse().status)
    connection.close()


def test_shutting_the_door_waits_for_what_is_under_way(site, door, slow):
    begun, allowed = slow
    told: list = []
    browser = threading.Thread(target=ask, args=(site, told))
    browser.start()
    assert begun.wait(20)
    shutting = threading.Thread(target=door.shut)
    shutting.start()
    shutting.join(0.2)
    assert shutting.is_alive() and not told
    allowed.set()
    shutting.join(20)
    browser.join(20)
    assert told == [200] and not shutting.is_alive()


def test_a_shut_door_answers_nobody(site, door):
    door.shut()
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        ask(site, [])
    door.open()
    told: list = []
    ask(site, told)
    assert told == [200]
