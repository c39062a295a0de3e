"""The way in for a parent who was sent, and everybody who must not get in or learn anything."""

import json
import logging
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse

from accounts.models import User
from hub import clock, logs, mail
from hub.models import OutgoingMail
from programmes.actions import referring
from programmes.models import Party, Referral
from tests.programmes import cases
from tests.programmes.pages import masked, press, said, signed, url
from tests.reading import read

pytestmark = pytest.mark.usefixtures("db")
GONE = "This link does not work here"
COURT = "The Family Court at Leeds"


@pytest.fixture
def sent_to_ben() -> Referral:
    """A link in Ben's mail, whether or not he has an account."""
    referral = cases.refer("ben@example.com", at=clock.now())
    referring.send_link(referral)
    return referral


def open_link(client: Client, token: str):
    return client.get(url("open_referral", token), follow=True)


def tables() -> str:
    """Every row but those that change when somebody signs in."""
    signing_in = {"sessions.Session", "usersessions.UserSession", "accounts.User"}
    labels = [model for model in apps.get_models() if model._meta.label not in signing_in]
    return "\n".join(serialize("json", model.objects.order_by("pk")) for model in labels)


# ---------------------------------------------------------------- the whole way
def test_the_parent_who_was_sent_joins(sent_to_ben, ben):
    client = Client()
    opened = client.get(url("open_referral", sent_to_ben.token()))
    assert opened["Location"] == url("referral") and opened["Referrer-Policy"] == "no-referrer"
    page = said(client.get(url("referral")))
    assert f"{reverse('account_login')}?next={url('referral')}" in page
    assert f"{reverse('account_signup')}?next={url('referral')}" in page
    assert reverse("help") in page and "afraid" in page
    client.force_login(ben)
    joined = press(client, url("referral"))
    assert joined["Location"] == url("cover", "planning-together")
    assert "You have joined" in said(client.get(joined["Location"]))
    sent_to_ben.refresh_from_db()
    assert sent_to_ben.party.person == ben and sent_to_ben.learning_due_on
    assert "referral" not in client.session


def test_a_newcomer_signs_up_on_the_way_and_comes_back(sent_to_ben):
    client = Client()
    open_link(client, sent_to_ben.token())
    newcomer = {
        "first_name": "Ben",
        "email": "ben@example.com",
        "password1": "green boats on the river",
        "next": url("referral"),
    }
    answer = client.post(f"{reverse('account_signup')}?next={url('referral')}", newcomer)
    letter = OutgoingMail.objects.filter(kind__startswith="accounts/").latest("created_at")
    code = re.search(r"\b([A-Z0-9]{4}-?[A-Z0-9]{4})\b", mail.build(letter).body).group(1)
    answer = client.post(answer["Location"], {"code": code})
    assert answer["Location"] == url("referral")
    assert press(client, url("referral"))["Location"] == url("cover", "planning-together")
    assert Party.objects.get().person == User.objects.get(email="ben@example.com")


def test_a_second_press_and_the_old_link_lead_a_joined_parent_to_the_programme(sent_to_ben, ben):
    client = signed(ben)
    open_link(client, sent_to_ben.token())
    press(client, url("referral"))
    cover = url("cover", "planning-together")
    assert client.post(url("referral"))["Location"] == cover
    assert client.get(url("referral"))["Location"] == cover
    assert open_link(client, sent_to_ben.token()).redirect_chain[-1][0] == cover
    assert open_link(client, "x" * 43).redirect_chain[-1][0] == cover
    assert Referral.objects.filter(joined_at__isnull=False).count() == 1


# ---------------------------------------------------------------- nothing before joining
def test_before_joining_nothing_of_the_referral_shows(sent_to_ben, ben, stranger):
    shown = []
    for person in (None, ben, stranger):
        client = signed(person) if person else Client()
        shown += [client.get(url("open_referral", sent_to_ben.token())), client.get(url("referral"))]
        if person is ben:
            shown += [client.get("/home/"), client.get(url("cover", "planning-together"))]
    party = sent_to_ben.party
    for page in shown:
        for secret in (COURT, party.case.reference, sent_to_ben.token(), "Where you are"):
            assert secret not in said(page) and secret not in str(page.headers)
        if "/home/" not in page.request["PATH_INFO"] and "/learn/" not in page.request["PATH_INFO"]:
            for secret in ("Planning Together", "workshop", party.email, "Leeds"):
                assert secret.casefold() not in said(page).casefold()


def test_opening_the_link_uses_nothing_up_and_writes_nothing(sent_to_ben):
    before = tables()
    for _scanner in range(3):
        for method in ("get", "head"):
            assert getattr(Client(), method)(url("open_referral", sent_to_ben.token())).status_code == 302
        assert open_link(Client(), sent_to_ben.token()).status_code == 200
    assert tables() == before
    assert Client().post(url("open_referral", sent_to_ben.token())).status_code == 405


def test_the_token_is_in_no_table_no_session_no_log_and_no_second_address(sent_to_ben, ben, caplog):
    caplog.set_level(logging.DEBUG)
    client, token = Client(), sent_to_ben.token()
    answers = [client.get(url("open_referral", token)), client.get(url("referral"))]
    client.force_login(ben)
    answers += [client.get(url("referral")), press(client, url("referral")), client.get(url("open_referral", token))]
    for answer in answers:
        assert token not in str(answer.headers) and token not in said(answer)
    assert token not in tables() and token not in json.dumps(dict(client.session), default=str)
    assert not [record for record in caplog.records if token in logs.Line().format(record)]


def test_an_unknown_token_leaves_no_session_and_no_cookie(settings):
    client = Client()
    assert open_link(client, "x" * 43).status_code == 404
    assert settings.SESSION_COOKIE_NAME not in client.cookies


# ---------------------------------------------------------------- whatever is wrong looks the same
def _with_another_address(person, token, _referral):
    return person("Carl"), token


def _used(person, token, referral):
    referring.join(referring.find(token), person("Ben"))
    return person("Carl"), token


def _used_by_them_and_taken_out(person, token, referral):
    ben = person("Ben")
    referring.join(referring.find(token), ben)
    referring.withdraw(referral)
    return ben, token


def _run_out(person, token, referral):
    Referral.objects.filter(pk=referral.pk).update(link_expires_at=clock.now() - timedelta(seconds=1))
    return person("Ben"), token


def _replaced(person, token, referral):
    referring.send_link(referral)
    return person("Ben"), token


def _withdrawn(person, token, referral):
    referring.withdraw(referral)
    return person("Ben"), token


def _never_was(person, token, _referral):
    return person("Ben"), token[:-1] + "x"


def _not_verified(person, token, _referral):
    ben = person("Ben")
    EmailAddress.objects.filter(user=ben).update(verified=False)
    return ben, token


def _a_professional(person, token, _referral):
    return person("Ben", kind="professional"), token


def _the_other_party(person, token, referral):
    dora = person("Dora")
    cases.refer(dora.email, at=clock.now())
    return dora, token


WRONG = [
    _with_another_address, _used, _used_by_them_and_taken_out, _run_out, _replaced, _withdrawn, _never_was,
    _not_verified, _a_professional, _the_other_party,
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_whatever_is_wrong_gives_the_same_page_and_joins_nobody(wrong, sent_to_ben, person):
    never = signed(person("Nemo"))
    never.get(url("open_referral", "y" * 43))
    expected = masked(never.get(url("referral")))
    somebody, token = wrong(person, sent_to_ben.token(), sent_to_ben)
    joined = list(Party.objects.order_by("pk").values_list("pk", "person"))
    client = signed(somebody)
    first = client.get(url("open_referral", token))
    assert (first.status_code, first["Location"]) == (302, url("referral"))
    shown = client.get(url("referral"))
    assert shown.status_code == 404 and GONE in said(shown)
    if somebody.is_parent:  # a professional has other places in the frame of every page
        assert masked(shown) == expected
        assert masked(client.post(url("referral"))) == expected
    assert COURT not in said(shown) and "Planning" not in said(shown)
    assert list(Party.objects.order_by("pk").values_list("pk", "person")) == joined


def test_signed_out_a_dead_link_is_the_same_page_too(sent_to_ben):
    expected = masked(open_link(Client(), "y" * 43))
    client = Client()
    open_link(client, sent_to_ben.token())
    referring.withdraw(sent_to_ben)
    assert masked(client.get(url("referral"))) == expected
    assert masked(open_link(Client(), sent_to_ben.token())) == expected


def test_a_new_link_ends_what_an_older_one_had_opened(sent_to_ben, ben):
    client = signed(ben)
    open_link(client, sent_to_ben.token())
    referring.send_link(sent_to_ben)
    assert client.post(url("referral")).status_code == 404
    open_link(client, sent_to_ben.token())
    assert press(client, url("referral"))["Location"] == url("cover", "planning-together")


def test_a_wrong_link_after_a_good_one_forgets_the_good_one(sent_to_ben):
    client = Client()
    open_link(client, sent_to_ben.token())
    assert open_link(client, "z" * 43).status_code == 404
    assert client.get(url("referral")).status_code == 404


# ---------------------------------------------------------------- words, cost, and looks
def test_the_pages_are_easy_to_read(sent_to_ben, ben):
    client = Client()
    shown = [open_link(client, "x" * 43), open_link(client, sent_to_ben.token())]
    client.force_login(ben)
    shown += [client.get(url("referral"))]
    for page in shown:
        reading = read(said(page))
        assert reading.grade <= 5 and reading.longest_words <= 25, (page.request["PATH_INFO"], reading)


def test_a_page_costs_few_queries(sent_to_ben, ben, django_assert_max_num_queries):
    client = signed(ben)
    open_link(client, sent_to_ben.token())
    with django_assert_max_num_queries(10):
        client.get(url("referral"))


def test_in_a_browser(sent_to_ben, ben, open_browser, javascript, axe, no_sideways_scroll):
    for width in (390, 1280):
        page = open_browser(javascript=javascript, width=width)
        page.goto(url("open_referral", "x" * 43))
        axe(page)
        no_sideways_scroll(page)
        page.goto(url("open_referral", sent_to_ben.token()))
        assert page.url.endswith(url("referral"))
        axe(page)
        no_sideways_scroll(page)
    page = open_browser(ben, javascript=javascript, width=390)
    page.goto(url("open_referral", sent_to_ben.token()))
    axe(page)
    page.get_by_role("button", name="Join").click()
    assert page.url.endswith(url("cover", "planning-together"))
    page.get_by_text("You have joined").wait_for()
    page.get_by_role("heading", name="Where you are").wait_for()
    axe(page)
    no_sideways_scroll(page)
