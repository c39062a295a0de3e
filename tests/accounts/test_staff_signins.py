"""The record of staff's sign-ins and powers: one line each. Nothing of it for parents."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from hub.models import AccessRecord
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_looking_after import app_code, sure

SECRET = "JBSWY3DPEHPK3PXP"
OUTSIDE = "change powers outside the pages"


def lines(*what: str) -> list[tuple[int | None, str, str]]:
    """Who did what about whom, without what the fixtures made."""
    rows = AccessRecord.objects.exclude(what=OUTSIDE).order_by("pk")
    rows = rows.filter(what__in=what) if what else rows
    return list(rows.values_list("person", "what", "about"))


def sign_in(person, password=PASSWORD) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": password})
    return browser


def test_coming_in_and_going_out(staff):
    sign_in(staff).post("/accounts/logout/")
    about = f"user:{staff.pk}"
    assert lines() == [(staff.pk, "sign in", about), (staff.pk, "sign out", about)]


def test_a_wrong_password_of_a_staff_account_is_one_line_without_a_name(staff):
    sign_in(staff, "not this one, sorry")
    sign_in(staff, "nor this one, sorry")
    assert lines() == [(None, "wrong password", f"user:{staff.pk}")] * 2


def test_a_second_step_that_fails_and_one_that_does_not(staff):
    TOTP.activate(staff, SECRET)
    browser = sign_in(staff)
    browser.post("/accounts/second-step/sign-in/", {"code": "000000"})
    browser.post("/accounts/second-step/sign-in/", {"code": app_code(SECRET)})
    about = f"user:{staff.pk}"
    assert lines() == [(None, "wrong second step", about), (staff.pk, "sign in", about)]


def test_a_second_step_and_a_password_that_change(staff, django_capture_on_commit_callbacks):
    browser = sign_in(staff)
    sure(browser)
    secret = browser.get("/accounts/second-step/app/add/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/second-step/app/add/", {"code": app_code(secret)})
    browser.post("/accounts/second-step/app/remove/")
    typed = {"oldpassword": PASSWORD, "password1": "seven kettles under a bridge"}
    browser.post("/accounts/password/change/", typed)
    told = [what for _who, what, _about in lines()]
    assert told[0] == "sign in"
    assert told.count("add second step") == 2  # the app, and the spare codes that come with it
    assert told.count("remove second step") == 2
    assert told.count("change password") == 1
    assert not Authenticator.objects.filter(user=staff).exists()
    assert {who for who, _what, _about in lines()} == {staff.pk}


def test_how_parents_sign_in_is_nobodys_business(amara, ben):
    TOTP.activate(ben, SECRET)
    sign_in(amara).post("/accounts/logout/")
    sign_in(amara, "not this one, sorry")
    sign_in(ben).post("/accounts/second-step/sign-in/", {"code": "000000"})
    amara.wants_alerts = False
    amara.is_active = False
    amara.save()
    assert not AccessRecord.objects.exists()


def test_a_sign_in_that_cannot_be_recorded_does_not_happen(staff, monkeypatch):
    def broken(**_more):
        raise RuntimeError("no record")

    monkeypatch.setattr("hub.audit.record", broken)
    browser = Client(raise_request_exception=False)
    assert browser.post("/accounts/login/", {"login": staff.email, "password": PASSWORD}).status_code == 500
    monkeypatch.undo()
    assert browser.get("/account/").status_code == 302


# ---------------------------------------------------------------- powers from elsewhere


@pytest.fixture
def outside(staff):
    """outside(): what was changed outside the pages since the last call, as (about, reason)."""
    seen = [AccessRecord.objects.count()]

    def read():
        rows = AccessRecord.objects.filter(what=OUTSIDE, person=None).order_by("pk")[seen[0] :]
        found = list(rows.values_list("about", "reason"))
        seen[0] += len(found)
        return found

    return read


def test_powers_given_in_a_shell_are_written_down(staff, amara, outside):
    about = f"user:{staff.pk}"
    staff.groups.add(Group.objects.get(name="Auditor"))
    assert outside() == [(about, "+ Auditor")]
    staff.groups.add(Group.objects.get(name="Auditor"))
    assert outside() == []
    Group.objects.get(name="Helpdesk").user_set.add(staff)
    assert outside() == [(about, "+ Helpdesk")]
    staff.groups.clear()
    assert outside() == [(about, "- all")]
    staff.user_permissions.add(Permission.objects.get(codename="view_accessrecord"))
    assert [told for told, _why in outside()] == [about]
    staff.is_superuser = True
    staff.save()
    assert outside() == [(about, "is_superuser: True")]
    staff.first_name = "Stell"
    staff.save()
    assert outside() == []
    amara.kind, amara.is_staff = User.Kind.STAFF, True
    amara.save()
    assert outside() == [(f"user:{amara.pk}", "is_staff: True, kind: staff")]


def test_a_superuser_made_in_a_shell_is_written_down(outside, db):
    made = User.objects.create_superuser("root@example.com", "Root", PASSWORD)
    assert [about for about, _why in outside()] == [f"user:{made.pk}"]
