"""Nobody can find out whether an address has an account, and no look-alike address makes a second one."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD

KNOWN, UNKNOWN = "amara@example.com", "nobody@example.com"


def trail(*steps):
    """What a browser is shown along these steps, with what differs for everybody taken out."""
    client, seen = Client(), []
    for path, typed in steps:
        answer = client.post(path, typed, follow=True)
        body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        seen.append((answer.redirect_chain, answer.status_code, body.replace(KNOWN, "@").replace(UNKNOWN, "@")))
    return seen


def journeys(address: str):
    wrong = {"code": "BBBB-BBBB"}
    sign_up = {"first_name": "Amara", "email": address, "password1": PASSWORD}
    return {
        "sign up": [("/accounts/signup/", sign_up), ("/accounts/confirm-email/", wrong)],
        "sign in": [("/accounts/login/", {"login": address, "password": "not this one, sorry"})] * 6,
        "code": [
            ("/accounts/login/code/", {"email": address}),
            ("/accounts/login/code/confirm/", {"action": "resend"}),
            *[("/accounts/login/code/confirm/", wrong)] * 3,
        ],
        "reset": [
            ("/accounts/password/reset/", {"email": address}),
            *[("/accounts/password/reset/confirm/", wrong)] * 3,
        ],
    }


@pytest.mark.parametrize("name", list(journeys("")))
def test_a_known_and_an_unknown_address_are_answered_alike(amara, letters, name):
    known = trail(*journeys(KNOWN)[name])
    letters_known = letters()
    cache.clear()  # the limits per browser, so that the second trail starts as the first did
    unknown = trail(*journeys(UNKNOWN)[name])
    letters_unknown = letters()
    assert known == unknown
    assert len(letters_known) == len(letters_unknown)


def test_signing_up_twice_sends_two_mails_and_makes_one_account(client, joined, letters, newcomer):
    joined(client)
    before = User.objects.get()
    cache.clear()
    Client().post("/accounts/signup/", newcomer(first_name="Mallory", password1="quite another sentence here"))
    letter = letters()[-1]
    assert "You have one already" in letter.body
    after = User.objects.get()
    assert (after.first_name, after.password) == (before.first_name, before.password)


def test_a_known_address_costs_a_hash_as_a_new_one_does(client, amara, newcomer, monkeypatch):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda self, word: hashed.append(word))
    client.post("/accounts/signup/", newcomer())
    assert len(hashed) == 1


SAME = [
    "AMARA@EXAMPLE.COM", "Amara@Example.com", " amara@example.com ", "amara@example.com\t", "ａmara@example.com",
    "amara＠example.com", "ａｍａｒａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ᴬmara@example.com", "amarⓐ@example.com",
    "𝐚mara@example.com",
    "𝓪𝓶𝓪𝓻𝓪@example.com", "amara@ℯxample.com", "amara@example.ｃom", "amara@exa𝗆ple.com", "ⓐⓜⓐⓡⓐ@example.com",
    "amara@example.ⓒⓞⓜ", "AMARA＠EXAMPLE.COM", "amara@exampℓe.com", "𝔸mara@example.com", "amara@example。com",
]  # fmt: skip
OTHER = [
    "аmara@example.com", "amаra@example.com", "amarа@example.com", "amara@eхample.com", "amara@examрle.com",
    "amara@example.соm", "ɑmara@example.com", "αmara@example.com", "amara@exαmple.com", "amarạ@example.com",
    "amára@example.com", "am\u0430r\u0430@example.com", "amara\u200b@example.com", "a\u200dmara@example.com",
    "amara@exam\u00adple.com", "\u202eamara@example.com", "amara\u0301@example.com", "amara@examp\u0131e.com",
    "amara@\u0435xample.com", "amara\ufeff@example.com",
]  # fmt: skip


@pytest.mark.parametrize("address", SAME + OTHER)
def test_a_look_alike_address_makes_no_second_account(client, amara, newcomer, letters, address):
    client.post("/accounts/signup/", newcomer(email=address))
    assert User.objects.count() == 1
    assert all(letter.to == ["amara@example.com"] for letter in letters())


@pytest.mark.parametrize("address", OTHER)
def test_a_look_alike_address_asks_for_nothing_in_her_name(client, amara, letters, address):
    client.post("/accounts/password/reset/", {"email": address})
    client.post("/accounts/login/code/", {"email": address})
    assert letters() == []


def test_two_spellings_that_letters_fold_into_are_one_account(client, joined, newcomer):
    joined(client, email="kassim@example.com")
    other = Client()
    other.post("/accounts/signup/", newcomer(email="\u212aa\u017fsim@example.com"))  # Kelvin sign, long s
    assert User.objects.count() == 1
