"""The staff pages: one door, a second step, sessions that end soon, and powers that no page hands out."""

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from hub import clock
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_looking_after import app_code

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def chief(person):
    return person("Chief", kind="staff", is_staff=True, is_superuser=True)


def test_the_door_is_everybodys_sign_in(client, db):
    answer = client.get("/staff/")
    assert answer["Location"] == "/staff/login/?next=/staff/"
    assert client.get("/staff/login/?next=/staff/")["Location"] == "/accounts/login/?next=/staff/"
    assert client.post("/staff/login/", {"username": "x", "password": "y"}).status_code == 302


def test_a_parent_is_refused(signed_in, amara):
    assert signed_in(amara).get("/staff/login/").status_code == 403


@pytest.mark.parametrize(
    "path", ["", "accounts/user/", "accounts/staffmember/", "accounts/staffmember/add/", "accounts/conflict/"]
)
def test_staff_need_a_second_step(signed_in, chief, settings, path):
    settings.HUB_STAFF_SECOND_STEP = True
    browser = signed_in(chief)
    assert browser.get(f"/staff/{path}").status_code == 302
    assert browser.get("/staff/login/")["Location"] == "/accounts/second-step/"
    TOTP.activate(chief, SECRET)
    assert browser.get(f"/staff/{path}").status_code == 200


def test_the_limit_on_wrong_passwords_holds_at_the_staff_door(client, chief):
    for _try in range(5):
        client.post("/accounts/login/?next=/staff/", {"login": chief.email, "password": "not this one, sorry"})
    client.post("/accounts/login/?next=/staff/", {"login": chief.email, "password": PASSWORD})
    assert client.get("/staff/").status_code == 302


def test_the_limit_on_wrong_codes_holds_at_the_staff_door(client, chief):
    TOTP.activate(chief, SECRET)
    client.post("/accounts/login/?next=/staff/", {"login": chief.email, "password": PASSWORD})
    for _try in range(5):
        client.post("/accounts/second-step/sign-in/", {"code": "000000"})
    client.post("/accounts/second-step/sign-in/", {"code": app_code(SECRET)})
    assert client.get("/staff/").status_code == 302


def test_no_page_hands_out_powers(open_door, signed_in, chief, amara):
    """Not even to somebody who has all of them: roles come from accounts.staff.actions alone."""
    browser = signed_in(chief)
    typed = {"is_superuser": "on", "is_staff": "on", "kind": "staff", "is_active": "on", "email": "mine@example.com"}
    for path in ("accounts/user/add/", f"accounts/user/{amara.pk}/change/", f"accounts/staffmember/{chief.pk}/change/"):
        browser.post(f"/staff/{path}", typed)
    amara.refresh_from_db()
    assert (amara.is_superuser, amara.is_staff, amara.kind, amara.email) == (
        False,
        False,
        "parent",
        "amara@example.com",
    )
    assert not type(amara).objects.filter(email="mine@example.com").exists()


@pytest.mark.parametrize("model", ["user", "staffmember", "conflict"])
def test_nobody_is_deleted_here(open_door, signed_in, chief, amara, model):
    assert signed_in(chief).post(f"/staff/accounts/{model}/{amara.pk}/delete/", {"post": "yes"}).status_code == 403


def test_devices_and_second_steps_are_nobody_elses_business(open_door, signed_in, chief):
    browser = signed_in(chief)
    for path in ("usersessions/usersession/", "account/emailaddress/", "mfa/authenticator/"):
        assert browser.get(f"/staff/{path}").status_code == 404


# ---------------------------------------------------------------- how long staff stay signed in


@pytest.fixture
def visits(open_door):
    """visits(person, minutes, times): the answers to this many visits, so far apart."""

    def walk(person, minutes: int, times: int) -> list[int]:
        with time_machine.travel(clock.now(), tick=False) as now:
            client, answers = Client(), []
            client.force_login(person)
            for _visit in range(times):
                answers.append(client.get("/account/").status_code)
                now.shift(minutes * 60)
                cache.clear()  # Redis has a clock of its own
            return answers

    return walk


def test_a_quiet_session_of_staff_ends_after_half_an_hour(visits, staff, amara):
    assert visits(staff, 29, 4) == [200, 200, 200, 200]
    assert visits(staff, 31, 3) == [200, 302, 302]
    assert visits(amara, 31, 3) == [200, 200, 200]


def test_no_session_of_staff_lasts_a_day(visits, staff):
    answers = visits(staff, 25, 31)
    assert answers[:28] == [200] * 28
    assert answers[-1] == 302
