"""How long somebody stays signed in, and what becomes of words written too late."""

import time_machine
from django.core.cache import cache
from django.urls import reverse

from hub import clock

HOME = reverse("home")


def later(now, minutes: int) -> None:
    """Redis has a clock of its own, so what it would have let go by then is let go here."""
    now.shift(minutes * 60)
    cache.clear()


def test_a_session_in_use_lasts_and_an_unused_one_ends_after_an_hour(amara, signed_in):
    with time_machine.travel(clock.now(), tick=False) as now:
        client = signed_in(amara)
        for _visit in range(6):
            assert client.get(HOME).status_code == 200
            later(now, 40)
        assert client.get(HOME).status_code == 200
        later(now, 61)
        assert client.get(HOME).status_code == 302


def test_no_session_lasts_longer_than_twelve_hours(amara, signed_in):
    with time_machine.travel(clock.now(), tick=False) as now:
        client = signed_in(amara)
        for _visit in range(18):
            assert client.get(HOME).status_code == 200
            later(now, 40)
        later(now, 10)
        client.get(HOME)
        assert client.get(HOME).status_code == 302


def test_words_sent_after_the_session_ended_are_given_back(amara, client):
    address = reverse("parenting_plan:write", args=["abcdefghjkmn", "living-and-childcare", "handovers"])
    answer = client.post(
        address, {"text": "We hand over at <the> library.", "version": 0, "form_key": "k", "do": "keep"}
    )
    assert answer.status_code == 403
    assert "We hand over at &lt;the&gt; library." in answer.content.decode()
    assert reverse("account_login") in answer.content.decode()


def test_words_sent_with_a_form_of_another_session_are_given_back(amara):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(amara)
    answer = client.post(reverse("parenting_plan:start_adults"), {"words": "My own words"})
    assert answer.status_code == 403
    assert "My own words" in answer.content.decode()
