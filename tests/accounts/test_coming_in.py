"""Signing up, confirming by code, signing in by password and by code, signing out."""

import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.secrets import unlock
from hub import mail
from hub.models import OutgoingMail
from tests.accounts.conftest import PASSWORD


def is_in(client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_parent_signs_up_enters_the_code_and_is_in(client, joined):
    person = joined(client, first_name="  Amara ")
    assert (person.first_name, person.kind, person.email) == ("Amara", "parent", "amara@example.com")
    assert EmailAddress.objects.get(user=person).verified
    assert is_in(client)


def test_until_the_code_is_entered_nobody_is_in(client, newcomer, letters):
    answer = client.post("/accounts/signup/", newcomer())
    assert answer["Location"] == "/accounts/confirm-email/"
    assert not is_in(client)
    assert len(letters()) == 1


def test_a_professional_signs_up_by_their_own_page(client, joined):
    assert joined(client, page="/accounts/signup/professional/").kind == "professional"


def test_the_kind_comes_from_the_page_and_from_nothing_typed(client, joined):
    assert joined(client, kind="staff", is_staff="on", is_superuser="1").kind == "parent"


def test_a_name_is_asked_and_may_be_long(client, newcomer):
    answer = client.post("/accounts/signup/", newcomer(first_name=" \u200b "))
    assert "Enter the name you would like to be called" in answer.content.decode()
    answer = client.post("/accounts/signup/", newcomer(first_name="A" * 81))
    assert "There is room for 80." in answer.content.decode()
    assert "<title>Error:" in answer.content.decode()
    assert not User.objects.exists()


def test_signing_in_with_a_password(client, amara):
    answer = client.post("/accounts/login/", {"login": " AMARA@example.com", "password": PASSWORD})
    assert answer["Location"] == "/home/"
    assert is_in(client)


def test_signing_in_with_a_code(client, amara, code_sent):
    client.post("/accounts/login/code/", {"email": amara.email})
    code = code_sent(amara.email)
    answer = client.post("/accounts/login/code/confirm/", {"code": code.lower().replace("-", " ")})
    assert answer["Location"] == "/home/"
    assert is_in(client)


def test_a_code_works_once_and_in_its_own_browser(client, amara, code_sent):
    client.post("/accounts/login/code/", {"email": amara.email})
    code = code_sent(amara.email)
    other = Client()
    other.post("/accounts/login/code/", {"email": amara.email})
    other.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_in(other)
    client.post("/accounts/login/code/confirm/", {"code": code})
    client.post("/accounts/logout/")
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_in(client)


def test_three_wrong_codes_end_the_try(client, amara, code_sent):
    client.post("/accounts/login/code/", {"email": amara.email})
    code = code_sent(amara.email)
    for _try in range(3):
        answer = client.post("/accounts/login/code/confirm/", {"code": "BBBB-BBBB"})
    assert answer.status_code == 302
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_in(client)


def test_a_code_runs_out(client, amara, code_sent, time_machine):
    client.post("/accounts/login/code/", {"email": amara.email})
    code = code_sent(amara.email)
    time_machine.move_to(time.time() + 601)
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_in(client)


def test_a_new_code_can_be_asked_for_and_is_the_one_that_works(client, amara, code_sent):
    client.post("/accounts/login/code/", {"email": amara.email})
    old = code_sent(amara.email)
    client.post("/accounts/login/code/confirm/", {"action": "resend"})
    new = code_sent(amara.email)
    assert old != new
    client.post("/accounts/login/code/confirm/", {"code": new})
    assert is_in(client)


def test_the_sixth_wrong_password_is_refused_kindly_even_when_it_is_right(client, amara):
    for _try in range(5):
        client.post("/accounts/login/", {"login": amara.email, "password": "not this one, sorry"})
    answer = client.post("/accounts/login/", {"login": amara.email, "password": PASSWORD})
    assert "There have been too many tries. Wait a few minutes, then try again" in answer.content.decode()
    assert not is_in(client)


def test_a_made_up_forwarded_address_does_not_get_round_the_limit(client, amara):
    for number in range(5):
        client.post(
            "/accounts/login/",
            {"login": amara.email, "password": "not this one, sorry"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
    answer = client.post(
        "/accounts/login/", {"login": amara.email, "password": PASSWORD}, headers={"x-forwarded-for": "203.0.113.99"}
    )
    assert "too many tries" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/account/name/", "/account/name/"),
        ("https://elsewhere.example/", "/home/"),
        ("//elsewhere.example/", "/home/"),
        ("/\\elsewhere.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("http://localhost/", "/home/"),  # an allowed host, but not this one
    ],
)
def test_only_pages_of_this_site_can_follow_a_sign_in(client, amara, wanted, where):
    answer = client.post("/accounts/login/", {"login": amara.email, "password": PASSWORD, "next": wanted})
    assert answer["Location"] == where


def test_where_people_land(client, solicitor, staff):
    answer = client.post("/accounts/login/", {"login": solicitor.email, "password": PASSWORD})
    assert answer["Location"] == reverse("parenting_plan:professional")
    other = Client()
    answer = other.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    assert answer["Location"] == reverse("admin:index")


def test_signing_out_asks_first(client, joined):
    joined(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not is_in(client)


def test_a_closed_account_cannot_be_entered(client, amara):
    amara.is_active = False
    amara.save()
    answer = client.post("/accounts/login/", {"login": amara.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/inactive/"
    assert not is_in(client)


def test_sign_up_can_be_closed(client, newcomer, settings):
    settings.HUB_SIGN_UP_OPEN = False
    assert "New accounts are closed for now" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", newcomer())
    assert not User.objects.exists()


def test_a_mail_server_that_is_down_does_not_break_signing_up(client, newcomer, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    assert client.post("/accounts/signup/", newcomer()).status_code == 302
    mail.relay()
    waiting = OutgoingMail.objects.get()
    assert waiting.state == OutgoingMail.State.WAITING


def test_a_code_lies_locked_in_the_outbox_and_is_not_sent_once_it_has_run_out(client, newcomer, letters):
    client.post("/accounts/signup/", newcomer())
    waiting = OutgoingMail.objects.get()
    code = client.session["account_email_verification_code"]["code"]
    assert code not in str(waiting.facts)
    assert unlock(waiting.facts["code"]) == code
    OutgoingMail.objects.update(created_at=waiting.created_at - timedelta(minutes=11))
    assert letters() == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED
