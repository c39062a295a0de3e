"""Changing password, email address, name and alerts; forgotten passwords; other sessions; the second step."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import authenticate
from django.test import Client

from accounts.devices import device_words
from tests.accounts.conftest import PASSWORD

NEW = "seven kettles under a bridge"


def sure(client):
    """Tells the hub once more that it is her."""
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_a_forgotten_password_is_replaced_by_code(client, amara, code_sent, letters):
    client.post("/accounts/password/reset/", {"email": amara.email})
    client.post("/accounts/password/reset/confirm/", {"code": code_sent(amara.email)})
    answer = client.post("/accounts/password/reset/complete/", {"password1": NEW}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "Your password is changed. Sign in with the new one." in answer.content.decode()
    assert authenticate(None, email=amara.email, password=NEW) == amara
    assert "Your password was changed." in letters()[0].body


def test_changing_a_password_ends_every_session(client, joined):
    person = joined(client)
    other = Client()
    other.force_login(person)
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    assert answer["Location"] == "/account/"
    for browser in (client, other):
        assert browser.get("/account/").status_code == 302


def test_the_old_password_is_asked_for(client, joined):
    joined(client)
    answer = client.post("/accounts/password/change/", {"oldpassword": "wrong as can be", "password1": NEW})
    assert "This is not your password now. Try again" in answer.content.decode()


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "Use 10 characters or more"),
        ("1234567890", "Many people use this password"),
        ("amara.example.com", "could be guessed"),
        ("Amaraamara1", "could be guessed"),
        ("parentingplan1", "could be guessed"),
        ("x\0" + NEW, "cannot be seen"),
        ("long " * 60, "Use 256 characters or fewer"),
    ],
)
def test_a_weak_password_is_refused_with_one_thing_to_put_right(client, newcomer, password, words):
    page = client.post("/accounts/signup/", newcomer(password1=password)).content.decode()
    assert words in page
    assert page.count("govuk-error-message") == 1


def test_a_sentence_a_paste_and_any_letters_make_a_good_password(client, joined):
    person = joined(client, password1="  три чайника 🌉 under a bridge ")
    assert authenticate(None, email=person.email, password="  три чайника 🌉 under a bridge ") == person


def test_changing_the_email_address(client, joined, code_sent, letters):
    person = joined(client)
    assert client.post("/accounts/email/", {"email": "new@example.com"})["Location"].startswith(
        "/accounts/reauthenticate/"
    )
    sure(client)
    assert client.post("/accounts/email/", {"email": "NEW@example.com"})["Location"] == "/accounts/confirm-email/"
    person.refresh_from_db()
    assert person.email == "amara@example.com"
    answer = client.post("/accounts/confirm-email/", {"code": code_sent("new@example.com")})
    assert answer["Location"] == "/account/"
    person.refresh_from_db()
    assert person.email == "new@example.com"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.com", True, True)]
    (notice,) = letters()
    assert notice.to == ["amara@example.com"]
    assert "new@example.com" not in notice.body


def test_an_address_of_somebody_else_cannot_be_taken_nor_found_out(client, joined, ben, letters):
    person = joined(client)
    sure(client)
    for address in (ben.email, "nobody@example.com"):
        answer = client.post("/accounts/email/", {"email": address})
        assert answer["Location"] == "/accounts/confirm-email/"
        (letter,) = letters()
        assert letter.to == [address]
        assert "confirm that this email address is yours" in letter.body
    person.refresh_from_db()
    assert person.email == "amara@example.com"


def test_name_and_alerts(client, joined):
    person = joined(client)
    client.post("/account/name/", {"first_name": "Mara  Ann"})
    client.post("/account/alerts/", {})
    person.refresh_from_db()
    assert (person.first_name, person.wants_alerts) == ("Mara Ann", False)
    client.post("/account/alerts/", {"wants_alerts": "on"})
    person.refresh_from_db()
    assert person.wants_alerts
    page = client.post("/account/name/", {"first_name": ""}).content.decode()
    assert "Enter the name you would like to be called" in page
    person.refresh_from_db()
    assert person.first_name == "Mara Ann"


PRIVATE = [
    "/account/", "/account/name/", "/account/alerts/", "/account/private-pages/", "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/password/set/", "/accounts/sessions/", "/accounts/reauthenticate/", "/accounts/second-step/",
    "/accounts/second-step/app/add/", "/accounts/second-step/app/remove/", "/accounts/second-step/codes/",
    "/accounts/second-step/codes/new/", "/accounts/second-step/codes/file/", "/accounts/second-step/confirm/",
    "/accounts/second-step/passkeys/", "/accounts/second-step/passkeys/add/", "/accounts/second-step/passkeys/confirm/",
    "/accounts/second-step/passkeys/1/name/", "/accounts/second-step/passkeys/1/remove/",
]  # fmt: skip


@pytest.mark.parametrize("path", PRIVATE)
def test_signed_out_people_are_asked_to_sign_in(client, path):
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code in (302, 404)
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/login/")


def test_a_person_sees_and_ends_only_their_own_sessions(client, joined, ben):
    joined(client)
    his, hers = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}), Client()
    his.post("/accounts/login/", {"login": ben.email, "password": PASSWORD})
    hers.post(
        "/accounts/login/",
        {"login": "amara@example.com", "password": PASSWORD},
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537"},
    )
    page = client.get("/accounts/sessions/").content.decode()
    assert "Chrome on Android" in page
    assert "Firefox on Windows" not in page
    assert "127.0.0.1" not in page
    client.post("/accounts/sessions/")
    assert hers.get("/account/").status_code == 302
    assert his.get("/account/").status_code == 200
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Mac"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_in_words(name, words):
    assert device_words(name) == words


def app_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def test_an_app_is_added_asked_for_and_taken_off(client, joined, letters, django_capture_on_commit_callbacks):
    person = joined(client)
    sure(client)
    page = client.get("/accounts/second-step/app/add/").content.decode()
    assert "style=" not in page
    secret = re.search(r'accounts-letters">(\w+)<', page)[1]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/second-step/app/add/", {"code": app_code(secret)}, follow=True)
    codes = re.findall(r"<li>(\d{8})</li>", answer.content.decode())
    assert len(codes) == 10
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert "second step" in letters()[-1].body
    assert client.get("/accounts/second-step/codes/file/").content.decode().split() == codes

    other = Client()
    answer = other.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/second-step/sign-in/"
    assert other.get("/account/").status_code == 302
    assert "That code is not right" in other.post("/accounts/second-step/sign-in/", {"code": "000000"}).content.decode()
    other.post("/accounts/second-step/sign-in/", {"code": codes[0]})
    assert other.get("/account/").status_code == 200

    client.post("/accounts/second-step/app/remove/")
    assert not Authenticator.objects.exists()


def test_a_second_step_stands_in_the_way_of_a_code_by_email_too(client, joined, code_sent):
    person = joined(client)
    sure(client)
    secret = re.search(r'accounts-letters">(\w+)<', client.get("/accounts/second-step/app/add/").content.decode())[1]
    client.post("/accounts/second-step/app/add/", {"code": app_code(secret)})
    other = Client()
    other.post("/accounts/login/code/", {"email": person.email})
    other.post("/accounts/login/code/confirm/", {"code": code_sent(person.email)})
    assert other.get("/account/").status_code == 302


def test_where_a_session_was_used_is_written_at_most_every_five_minutes(client, joined, django_assert_num_queries):
    joined(client)
    client.get("/accounts/password/set/")
    with django_assert_num_queries(1):  # the person; the session itself lies in the cache
        client.get("/accounts/password/set/")
