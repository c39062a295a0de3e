"""The record of staff's sign-ins: one line each. Nothing of it for parents."""

import json
from hashlib import sha256

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from hub import audit
from hub.models import AccessRecord, OutgoingMail
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_looking_after import app_code, sure

SECRET = "JBSWY3DPEHPK3PXP"


def lines(*what: str) -> list[tuple[int | None, str, str]]:
    """Who did what about whom, without what the database saw: see test_staff_powers."""
    rows = AccessRecord.objects.exclude(what__in=[audit.BEHIND, audit.SEEN]).order_by("pk")
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


KEY = ec.derive_private_key(1234567, ec.SECP256R1())
NAMED = b"a passkey of a test"


def seen(challenge: bytes, kind: str) -> bytes:
    return json.dumps({"type": kind, "challenge": websafe_encode(challenge), "origin": "https://testserver"}).encode()


def sent(**response: bytes) -> dict:
    """A passkey's answer as a browser hands it over."""
    parts = {name: websafe_encode(value) for name, value in response.items()}
    return {"id": websafe_encode(NAMED), "rawId": websafe_encode(NAMED), "type": "public-key", "response": parts}


def give_passkey(person) -> None:
    made = AttestedCredentialData.create(bytes(16), NAMED, ES256.from_cryptography_key(KEY.public_key()))
    data = AuthenticatorData.create(sha256(b"testserver").digest(), 0x45, 0, made)
    attested = bytes(AttestationObject.create("none", data, {}))
    credential = sent(clientDataJSON=seen(b"made", "webauthn.create"), attestationObject=attested)
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Phone", "credential": credential})


def passkey(person, browser, *, good: bool = False) -> dict[str, str]:
    """What this passkey answers to the page that the browser has just asked for; signed wrongly if not good."""
    challenge = websafe_decode(browser.session["mfa.webauthn.state"]["challenge"])
    told, data = seen(challenge, "webauthn.get"), sha256(b"testserver").digest() + b"\x05" + bytes(4)
    signature = KEY.sign(data + sha256(told if good else b"else").digest(), ec.ECDSA(hashes.SHA256()))
    whose = user_pk_to_url_str(person).encode()
    answer = sent(clientDataJSON=told, authenticatorData=data, signature=signature, userHandle=whose)
    return {"credential": json.dumps(answer)}


SECOND_STEPS = {
    "a code": lambda _person, _browser: {"code": "000000"},
    "a spare code": lambda _person, _browser: {"code": "00000000"},
    "a passkey": passkey,
    "a passkey with parts missing": lambda _person, _browser: {"credential": '{"id": 1}'},
    "a passkey that cannot be read": lambda _person, _browser: {"credential": "no passkey"},
}


@pytest.mark.parametrize("tried", SECOND_STEPS)
@pytest.mark.parametrize("where", ["sign-in", "confirm"])
def test_each_try_of_a_second_step_that_fails_is_one_line(staff, tried, where):
    TOTP.activate(staff, SECRET)
    RecoveryCodes.activate(staff)
    give_passkey(staff)
    browser = sign_in(staff)
    page = "/accounts/second-step/sign-in/"
    if where == "confirm":
        browser.post(page, {"code": app_code(SECRET)})
        page = f"/accounts/second-step/{'passkeys/' if 'passkey' in tried else ''}confirm/"
    before = len(lines())
    for _try in range(2):
        browser.get(page)
        browser.post(page, SECOND_STEPS[tried](staff, browser))
    assert lines()[before:] == [(None, "wrong second step", f"user:{staff.pk}")] * 2


@pytest.mark.parametrize("alone", [False, True])
def test_a_passkey_that_is_right_is_a_sign_in(staff, alone):
    give_passkey(staff)
    browser = Client() if alone else sign_in(staff)
    page = f"/accounts/second-step/{'passkeys/' if alone else ''}sign-in/"
    browser.get(page, headers={"accept": "application/json" if alone else "text/html"})
    browser.post(page, passkey(staff, browser, good=True))
    assert lines() == [(staff.pk, "sign in", f"user:{staff.pk}")]


def test_a_passkey_alone_that_fails_is_a_line_about_whom_it_names(staff, amara):
    give_passkey(staff)
    browser, page = Client(), "/accounts/second-step/passkeys/sign-in/"
    for answer in (
        lambda: passkey(staff, browser),
        lambda: passkey(amara, browser),
        lambda: {"credential": '{"id": 1}'},
        lambda: {"credential": '["id"]'},
        dict,
    ):
        browser.get(page, headers={"accept": "application/json"})
        assert browser.post(page, answer())["Location"] == "/accounts/login/"
    assert lines() == [(None, "wrong second step", f"user:{staff.pk}")]


def test_tries_beyond_the_limit_are_refused_as_before_and_told_as_well(staff):
    TOTP.activate(staff, SECRET)
    browser = sign_in(staff)
    page = "/accounts/second-step/sign-in/"
    refused = 0
    while refused < 2:
        answer = browser.post(page, {"code": "000000"}).content.decode()
        refused += "too many tries" in answer
    assert "too many tries" in browser.post(page, {"code": app_code(SECRET)}).content.decode()
    assert browser.get("/staff/").status_code == 302
    told = lines()
    assert told == [(None, "wrong second step", f"user:{staff.pk}")] * len(told) and 4 <= len(told) <= 20


def test_a_second_step_sent_empty_is_no_try(staff):
    TOTP.activate(staff, SECRET)
    sign_in(staff).post("/accounts/second-step/sign-in/", {"code": ""})
    assert lines() == []


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


@pytest.mark.parametrize(
    ("domains", "address", "is_taken"),
    [
        ([], "nora@anywhere.example", True),
        (["work.example"], "nora@work.example", True),
        (["work.example"], "NORA@Work.Example", True),
        (["work.example"], "nora@anywhere.example", False),
        (["work.example"], "nora@not-work.example", False),
        (["work.example"], "nora@a.work.example", False),
    ],
)
def test_staff_change_their_address_to_one_at_work_alone(staff, settings, code_sent, domains, address, is_taken):
    settings.HUB_STAFF_DOMAINS = domains
    browser, before = sign_in(staff), staff.email
    sure(browser)
    answer = browser.post("/accounts/email/", {"email": address})
    if is_taken:
        browser.post("/accounts/confirm-email/", {"code": code_sent(address.lower())})
    else:
        assert answer.context["form"].errors["email"] == ["Use a work address. Staff accounts can have no other"]
        assert not OutgoingMail.objects.exists()
    staff.refresh_from_db()
    assert staff.email == (address.lower() if is_taken else before)
    assert lines("change address") == [(staff.pk, "change address", f"user:{staff.pk}")] * is_taken


def test_parents_keep_any_address(amara, settings, code_sent):
    settings.HUB_STAFF_DOMAINS = ["work.example"]
    browser = sign_in(amara)
    sure(browser)
    browser.post("/accounts/email/", {"email": "amara@new.example"})
    browser.post("/accounts/confirm-email/", {"code": code_sent("amara@new.example")})
    amara.refresh_from_db()
    assert amara.email == "amara@new.example"


def test_how_parents_sign_in_is_nobodys_business(amara, ben):
    TOTP.activate(ben, SECRET)
    sign_in(amara).post("/accounts/logout/")
    sign_in(amara, "not this one, sorry")
    trying = sign_in(ben)
    trying.post("/accounts/second-step/sign-in/", {"code": "000000"})
    trying.post("/accounts/second-step/sign-in/", {"credential": "no passkey"})
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
