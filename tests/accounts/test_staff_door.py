"""The staff pages: one door, a second step, and what may be done with people behind it."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from hub.models import AccessRecord
from tests.accounts.conftest import PASSWORD


@pytest.fixture
def chief(person):
    return person("Chief", kind="staff", is_staff=True, is_superuser=True)


@pytest.fixture
def helper(staff):
    names = ["view_user", "change_user", "add_user"]
    staff.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return staff


def test_the_door_is_everybodys_sign_in(client, db):
    answer = client.get("/staff/")
    assert answer["Location"] == "/staff/login/?next=/staff/"
    assert client.get("/staff/login/?next=/staff/")["Location"] == "/accounts/login/?next=/staff/"
    assert client.post("/staff/login/", {"username": "x", "password": "y"}).status_code == 302


def test_a_parent_is_refused(signed_in, amara):
    assert signed_in(amara).get("/staff/login/").status_code == 403


def test_staff_need_a_second_step(signed_in, chief, settings):
    settings.HUB_STAFF_SECOND_STEP = True
    browser = signed_in(chief)
    for path in ("/staff/", "/staff/accounts/user/"):
        assert browser.get(path).status_code == 302
    assert browser.get("/staff/login/")["Location"] == "/accounts/second-step/"
    TOTP.activate(chief, "JBSWY3DPEHPK3PXP")
    assert browser.get("/staff/accounts/user/").status_code == 200


def test_the_limit_on_wrong_passwords_holds_at_the_staff_door(client, chief):
    for _try in range(5):
        client.post("/accounts/login/?next=/staff/", {"login": chief.email, "password": "not this one, sorry"})
    client.post("/accounts/login/?next=/staff/", {"login": chief.email, "password": PASSWORD})
    assert client.get("/staff/").status_code == 302


@pytest.fixture
def open_door(settings):
    settings.HUB_STAFF_SECOND_STEP = False


def test_staff_find_people_and_see_no_hash(open_door, signed_in, helper, amara):
    browser = signed_in(helper)
    assert amara.email in browser.get("/staff/accounts/user/?q=AMARA@").content.decode()
    page = browser.get(f"/staff/accounts/user/{amara.pk}/change/").content.decode()
    assert amara.first_name in page
    for secret in (amara.password, "md5$", "argon2", 'name="password"', 'name="email"', 'name="is_superuser"'):
        assert secret not in page
    assert AccessRecord.objects.filter(person=helper, about=f"user:{amara.pk}").count() == 1


def test_only_a_superuser_hands_out_powers(open_door, signed_in, helper, amara):
    browser = signed_in(helper)
    typed = {"is_superuser": "on", "is_staff": "on", "kind": "staff", "is_active": "on", "email": "mine@example.com"}
    browser.post(f"/staff/accounts/user/{amara.pk}/change/", typed)
    amara.refresh_from_db()
    assert (amara.is_superuser, amara.is_staff, amara.kind, amara.email) == (
        False,
        False,
        "parent",
        "amara@example.com",
    )
    browser.post("/staff/accounts/user/add/", typed | {"first_name": "Mine"})
    made = User.objects.get(email="mine@example.com")
    assert (made.is_superuser, made.is_staff, made.kind) == (False, False, "parent")
    assert not made.has_usable_password()


def test_staff_cannot_change_staff_nor_delete_anybody(open_door, signed_in, helper, chief):
    browser = signed_in(helper)
    assert browser.post(f"/staff/accounts/user/{chief.pk}/change/", {"is_active": ""}).status_code == 403
    assert signed_in(chief).post(f"/staff/accounts/user/{helper.pk}/delete/", {"post": "yes"}).status_code == 403


def test_devices_and_second_steps_are_nobody_elses_business(open_door, signed_in, chief):
    browser = signed_in(chief)
    for path in ("usersessions/usersession/", "account/emailaddress/", "mfa/authenticator/"):
        assert browser.get(f"/staff/{path}").status_code == 404


def test_a_person_made_by_staff_comes_in_by_code(open_door, signed_in, helper, code_sent):
    signed_in(helper).post(
        "/staff/accounts/user/add/", {"email": "Sol@Example.com", "first_name": "Sol", "is_active": "on"}
    )
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": "sol@example.com"})
    browser.post("/accounts/password/reset/confirm/", {"code": code_sent("sol@example.com")})
    browser.post("/accounts/password/reset/complete/", {"password1": "seven kettles under a bridge"})
    browser.post("/accounts/login/", {"login": "sol@example.com", "password": "seven kettles under a bridge"})
    assert browser.get("/account/").status_code == 200
