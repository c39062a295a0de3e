"""Closing an account for good: shut whole and at once, erased soon, and nobody outside can see a legal hold."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect

from accounts import tasks
from accounts.models import DataCopy, DataRequest, User
from accounts.rights import closing
from accounts.staff import helping
from goals import actions as goals
from goals.models import Goal
from hub import clock, files, keeping, mail, notices, own_data, retention
from hub.models import AccessRecord, LegalHold, Notice, OutgoingMail
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_probing import KNOWN, UNKNOWN, journeys, trail
from tests.parenting_plan import family
from tests.racing import at_once

QUESTION = f"{reverse('account_reauthenticate')}?next=%2Faccount%2Fclose%2Fcheck%2F"
CLOSE, CHECK, CLOSED = (reverse(f"accounts:{name}") for name in ("close", "close_check", "closed"))
YES = {"understand": "on"}


def sign_in(client: Client, person: User) -> Client:
    assert client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    return client


def sure(client: Client):
    """Tells the hub once more that it is them."""
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def hold(person: User) -> LegalHold:
    return LegalHold.objects.create(
        kind="person", number=person.pk, name=f"person {person.pk}", reason="A court asks.", placed_at=clock.now()
    )


@pytest.fixture
def held(request):
    """Whether a legal hold is on the account: what anybody outside can see must be the same."""
    return request.param


both = pytest.mark.parametrize("held", [False, True], indirect=True, ids=["free", "held"])


def told_of(person: User) -> dict[str, int]:
    """Rows that point at this person, by model: of everything but what names them by number alone."""
    found = {}
    for relation in User._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.field.db_constraint:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: person.pk}).count()
            if rows:
                found[relation.related_model._meta.label] = rows
    return found


# ---------------------------------------------------------------- shutting
@both
def test_closing_shuts_the_account_at_once_and_whole(amara, held):
    if held:
        hold(amara)
    here, there = sign_in(Client(), amara), sign_in(Client(), amara)
    Authenticator.objects.create(user=amara, type="recovery_codes", data={"seed": "x"})
    notices.tell(person=amara, key="n", kind="left", address="/", at=clock.now())
    mail.put(kind="parenting_plan/left", key="of-hers", person=amara)
    mail.put(kind="accounts/sign_in_code", key="a-code", to=amara.email, facts={"path": "/"})
    mail.put(kind="accounts/sign_in_code", key="of-another", to="b@example.com", facts={"path": "/"})
    sessions = list(Session.objects.values_list("session_key", flat=True))
    assert closing.close(amara)
    for client in (here, there):
        assert client.get("/home/")["Location"].startswith("/accounts/login/")
    assert not Session.objects.filter(session_key__in=sessions).exists()
    left = User.objects.get(pk=amara.pk)
    assert (left.email, left.first_name, left.is_active, left.wants_alerts, left.last_login, left.session_round) == (
        f"closed-{amara.pk}@closed.invalid", "", False, False, None, 1,
    )  # fmt: skip
    assert not left.has_usable_password() and left.closed_at is not None
    assert told_of(left) == {}
    for model in (EmailAddress, Authenticator, UserSession, Notice):
        assert not model.objects.exists()
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {f"account-closed:{amara.pk}", "of-another"}
    line = AccessRecord.objects.get(what="close account for good")
    assert (line.person_id, line.about, line.reason) == (amara.pk, f"user:{amara.pk}", "")
    assert authenticate(None, email="amara@example.com", password=PASSWORD) is None


def test_what_cannot_be_done_for_one_app_is_done_for_none(amara, monkeypatch):
    def fails(person, at):
        raise RuntimeError

    monkeypatch.setattr(own_data, "_CLOSERS", [*own_data._CLOSERS, fails])
    client = sign_in(Client(), amara)
    with pytest.raises(RuntimeError):
        closing.close(amara)
    assert client.get("/home/").status_code == 200
    assert not OutgoingMail.objects.exists() and not AccessRecord.objects.filter(what__startswith="close").exists()
    assert User.objects.get(pk=amara.pk).closed_at is None


def test_a_mail_goes_to_the_old_address_though_the_account_is_gone_and_tells_nothing(amara, letters):
    closing.close(amara)
    tasks.erase_closed()
    assert not User.objects.exists()
    (letter,) = letters()
    assert (letter.to, letter.subject) == (["amara@example.com"], settings.HUB_MAIL_SUBJECT)
    both_forms = letter.body + letter.alternatives[0].content
    assert both_forms.count("What you asked us to do is done.") == 2
    assert not re.search("Amara|account|plan|clos", both_forms, re.I)
    assert OutgoingMail.objects.get().person is None


def test_a_member_of_staff_closes_for_somebody_who_asked(amara, staff):
    assert closing.close(amara, by=staff, reason="She asked by letter.")
    line = AccessRecord.objects.get(what="close account for good")
    assert (line.person_id, line.reason) == (staff.pk, "She asked by letter.")


def test_an_account_that_was_closed_for_now_can_be_closed_for_good(amara, staff):
    helping.close(amara, by=staff, reason="Worried.")
    assert closing.close(amara, by=staff, reason="She asked by letter.")


@pytest.mark.parametrize("powers", [{"kind": "staff"}, {"is_superuser": True}])
def test_an_account_of_staff_is_not_closed_here(person, powers):
    stella = person("Stella", is_staff=True, **({"kind": "staff"} | powers))
    with pytest.raises(closing.StaffAccount):
        closing.close(stella)
    client = sign_in(Client(), stella)
    sure(client)
    for answer in (client.get(CLOSE), client.get(CHECK), client.post(CHECK, YES)):
        assert "Your lead stops it" in answer.content.decode()
    assert User.objects.get(pk=stella.pk).is_active


def test_helpdesk_cannot_find_it_nor_bring_it_back(amara, staff):
    closing.close(amara)
    left = User.objects.get(pk=amara.pk)
    assert helping.find("amara@example.com", by=staff) is None
    assert helping.find(left.email, by=staff) is None
    with pytest.raises(helping.NothingNew):
        helping.open_again(left, by=staff, reason="She changed her mind.")


def test_nobody_takes_the_name_that_a_closed_account_will_have(client, amara, newcomer):
    address = f"closed-{amara.pk}@closed.invalid"
    page = client.post("/accounts/signup/", newcomer(email=address)).content.decode()
    assert "Enter an email address in the right form" in page
    assert not User.objects.filter(email=address).exists()


@pytest.mark.django_db(transaction=True)
def test_two_closings_at_once_are_one(amara):
    came = at_once(*[lambda: closing.close(amara)] * 2)
    assert sorted(came) == [False, True]
    assert AccessRecord.objects.filter(what="close account for good").count() == 1
    assert OutgoingMail.objects.count() == 1
    assert User.objects.get().session_round == 1


# ---------------------------------------------------------------- from outside
@both
@pytest.mark.parametrize("name", list(journeys("")))
def test_a_closed_address_is_answered_like_one_that_never_was(amara, letters, name, held):
    assert amara.email == KNOWN
    if held:
        hold(amara)
    closing.close(amara)
    tasks.erase_closed()
    assert User.objects.filter(pk=amara.pk).exists() == held
    letters()
    once, first = trail(*journeys(KNOWN)[name]), letters()
    cache.clear()
    again, second = trail(*journeys(UNKNOWN)[name]), letters()
    assert once == again
    said = [[CODE.sub("", letter.body) for letter in sent] for sent in (first, second)]
    assert said[0] == said[1]


CODE = re.compile(r"[B-Z]{4}-[B-Z]{4}")


@both
def test_the_same_address_is_free_at_once_and_begins_empty(amara, client, joined, held):
    goals.start(person=amara, kind="me", words="I say hello first")
    if held:
        hold(amara)
    closing.close(amara)
    anew = joined(client, email="amara@example.com")
    assert anew.pk != amara.pk
    assert client.get(reverse("goals:list")).status_code == 200
    assert "I say hello first" not in client.get(reverse("goals:list")).content.decode()
    tasks.erase_closed()
    assert User.objects.filter(pk=amara.pk).exists() == Goal.objects.exists() == held
    assert client.get("/account/").status_code == 200


def test_a_code_that_was_asked_for_before_opens_nothing_afterwards(amara, code_sent):
    reset, coming_in = Client(), Client()
    reset.post("/accounts/password/reset/", {"email": amara.email})
    for_reset = code_sent(amara.email)
    coming_in.post("/accounts/login/code/", {"email": amara.email})
    for_coming_in = code_sent(amara.email)
    closing.close(amara)
    reset.post("/accounts/password/reset/confirm/", {"code": for_reset})
    reset.post("/accounts/password/reset/complete/", {"password1": "seven kettles under a bridge"})
    coming_in.post("/accounts/login/code/confirm/", {"code": for_coming_in})
    for client in (reset, coming_in):
        assert client.get("/account/").status_code == 302
    tasks.erase_closed()
    assert not User.objects.exists()


# ---------------------------------------------------------------- erasing
def test_every_way_from_a_row_to_a_person_lets_the_person_go():
    """A new one must say what becomes of it: it goes too, forgets whose it was, or names them by number alone."""
    ways = [
        relation.field
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    ]
    assert len(ways) > 30
    for field in ways:
        table, rule = field.model._meta.db_table, field.remote_field.on_delete
        assert rule in {models.CASCADE, models.SET_NULL} or (rule is models.DO_NOTHING and not field.db_constraint), (
            f"{field.model._meta.label}.{field.name} keeps its person from being erased"
        )
        kept = keeping.KEPT.get(table)
        if kept and field.db_constraint:  # the database would refuse it
            assert rule is models.SET_NULL and kept.columns and field.column not in kept.columns, field
        if rule is models.CASCADE:
            for hanging in field.model._meta.related_objects:
                assert hanging.on_delete in {models.CASCADE, models.SET_NULL}, hanging


def test_a_worker_erases_what_is_left_and_only_that(amara, ben, stranger):
    for each in (amara, ben):
        goals.start(person=each, kind="me", words="I say hello first")
    DataRequest.objects.create(kind="other", way="account", person=amara, received_at=clock.now(), due_on="2027-01-01")
    closing.close(amara)
    tasks.erase_closed()
    assert set(User.objects.values_list("first_name", flat=True)) == {"Ben", "Stranger"}
    assert Goal.objects.get().person == ben
    assert DataRequest.objects.get().person is None
    assert AccessRecord.objects.get(what="run retention").reason == "accounts.closed 1"


def test_what_another_tab_began_meanwhile_is_left_too(amara, ben):
    """He joined her plan in the very moment in which he closed his account: for her it is as if he had left."""
    closing.close(ben)
    plan = family.share(family.start(amara), User.objects.get(pk=ben.pk))
    tasks.erase_closed()
    plan.refresh_from_db()
    assert plan.ended_at and plan.parties.get(user=None).left_at
    assert not User.objects.filter(pk=ben.pk).exists()


def test_an_account_that_was_not_closed_cannot_be_erased(amara):
    assert closing.erase([amara.pk], clock.now()) == 0
    assert User.objects.filter(pk=amara.pk).exists()


def test_a_legal_hold_keeps_it_until_it_ends(amara):
    goals.start(person=amara, kind="me", words="I say hello first")
    placed = hold(amara)
    closing.close(amara)
    tasks.erase_closed()
    assert User.objects.get().closed_at and Goal.objects.exists()
    LegalHold.objects.filter(pk=placed.pk).update(
        ending_by=1, ending_at=clock.now(), released_by=2, released_at=clock.now()
    )
    assert retention.run().counts[closing.KEY] == 1
    assert not User.objects.exists() and not Goal.objects.exists()


def test_a_copy_of_their_data_goes_with_the_account(amara, tmp_path, settings, django_capture_on_commit_callbacks):
    settings.HUB_FILES = tmp_path
    name = files.keep(b"all of it", passing=True)
    now = clock.now()
    DataCopy.objects.create(person=amara, asked_at=now, ready_at=now, expires_at=now, sha256=name)
    hold(amara)
    with django_capture_on_commit_callbacks(execute=True):
        closing.close(amara)
    assert files.read(name, passing=True) is None
    assert not DataCopy.objects.exists()


def closed_accounts(count: int, goals_each: int) -> None:
    now = clock.now()
    people = [
        User(email=f"closed-{n}@closed.invalid", is_active=False, closed_at=now, password="!") for n in range(count)
    ]
    User.objects.bulk_create(people)
    Goal.objects.bulk_create(
        Goal(person=each, kind="me", words=f"Goal {n}", started_at=now, state_at=now)
        for each in people
        for n in range(goals_each)
    )


def test_a_hundred_closed_accounts_go_quickly(db, monkeypatch):
    """What one costs does not grow with what was in it, and many share what a batch costs."""
    monkeypatch.setattr(retention, "QUICK", 0)  # batches of one size, however busy the machine is
    monkeypatch.setattr(retention, "SLOW", 60)
    asked = []
    for each in (1, 20):
        closed_accounts(100, each)
        with CaptureQueriesContext(connection) as queries:
            done = retention.run(only=[closing.KEY])
        assert done.counts == {closing.KEY: 100} and not done.failed
        assert not User.objects.exists() and not Goal.objects.exists()
        asked.append(len(queries))
    assert asked[1] <= asked[0] + 10
    assert asked[1] < 12 * 100


# ---------------------------------------------------------------- the pages
def test_the_pages_from_the_first_to_the_last(amara, letters):
    client, elsewhere = sign_in(Client(), amara), sign_in(Client(), amara)
    page = client.get(CLOSE).content.decode()
    for words in (
        "What goes", "What stays, and why", "Get a copy first", "Is somebody making you do this?",
        "they will see that it is no longer shared, as when anybody leaves. Not why.",
        f"for {settings.HUB_BACKUPS_KEPT} nights",
    ):  # fmt: skip
        assert words in page, words
    for name in ("accounts:alerts", "parenting_plan:list", "goals:list", "usersessions_list", "help", "safety", "exit"):
        assert f'href="{reverse(name)}"' in page, name
    assert client.get(CHECK)["Location"] == QUESTION
    sure(client)
    page = client.post(CHECK, {}).content.decode()
    assert page.count("Tick the box if you want to close your account") == 2  # above, and beside the box
    assert "<title>Error:" in re.sub(r"\s+", " ", page)
    assert User.objects.get().is_active
    answer = client.post(CHECK, YES)
    assert (answer.status_code, answer["Location"]) == (302, CLOSED)
    assert not client.cookies[settings.SESSION_COOKIE_NAME].value
    page = client.get(CLOSED).content.decode()
    assert "It is done, and you are signed out everywhere." in page and "Amara" not in page
    assert elsewhere.get(CLOSED).status_code == 200  # and their session there is over too
    assert elsewhere.get("/account/").status_code == 302
    assert [letter.to for letter in letters()] == [["amara@example.com"]]


def test_a_professional_closes_theirs(solicitor):
    client = sign_in(Client(), solicitor)
    page = client.get(CLOSE).content.decode()
    assert "What the other parent will see" not in page and "Delete goals" not in page
    sure(client)
    assert client.post(CHECK, YES)["Location"] == CLOSED
    assert not User.objects.get().is_active


def test_somebody_signed_in_is_not_told_that_it_is_closed(amara):
    assert sign_in(Client(), amara).get(CLOSED)["Location"] == "/account/"


# ---------------------------------------------------------------- nobody else closes it
def test_without_a_proof_nothing_is_closed_and_a_proof_does_not_make_up_for_it(amara):
    """Somebody picks up an open phone, presses, and puts it back: her password, typed later, must not close it."""
    client = sign_in(Client(), amara)
    assert client.post(CHECK, YES)["Location"] == QUESTION
    answer = client.post(QUESTION, {"password": PASSWORD, "next": CHECK}, follow=True)
    assert "Close your account now?" in answer.content.decode()
    assert User.objects.get().is_active


def test_a_proof_lasts_five_minutes(amara):
    client = sign_in(Client(), amara)
    sure(client)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 5 * 60
    session.save()
    assert client.post(CHECK, YES).status_code == 302
    assert User.objects.get().is_active


def test_a_wrong_password_proves_nothing(amara):
    client = sign_in(Client(), amara)
    client.post(reverse("account_reauthenticate"), {"password": "not this one, sorry"})
    assert client.post(CHECK, YES)["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get().is_active


@pytest.mark.parametrize("minutes", [1, 6])
def test_who_has_no_password_must_just_have_come_in_by_a_code(amara, code_sent, minutes):
    amara.set_unusable_password()
    amara.save()
    client = Client()
    client.post("/accounts/login/code/", {"email": amara.email})
    client.post("/accounts/login/code/confirm/", {"code": code_sent(amara.email)})
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes * 60
    session.save()
    answer = client.post(CHECK, YES)
    if minutes == 1:
        assert answer["Location"] == CLOSED
    else:
        assert answer["Location"].startswith("/accounts/login/")
    assert User.objects.get().is_active == (minutes == 6)


def test_opening_pages_and_forged_forms_close_nothing(amara):
    client = sign_in(Client(), amara)
    sure(client)
    for address in (CLOSE, CHECK, f"{CHECK}?understand=on", CLOSED):
        client.get(address)
    assert client.post(CLOSE, YES).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(CHECK, YES).status_code == 403
    assert Client().post(CHECK, YES)["Location"].startswith("/accounts/login/")
    assert User.objects.get().is_active


def test_a_tab_of_before_does_nothing_to_whoever_signs_in_next(amara, ben):
    """His browser, her old tab: what is sent from it is his, and he has not proved that it is him."""
    client = sign_in(Client(), amara)
    sure(client)
    client.get(CHECK)
    client.post("/accounts/logout/")
    sign_in(client, ben)
    assert client.post(CHECK, YES)["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.filter(is_active=True).count() == 2


# ---------------------------------------------------------------- in a browser
def test_closing_in_a_browser(amara, open_browser, axe, no_sideways_scroll, javascript):
    page = open_browser(amara, javascript=javascript, width=390)
    page.goto(CLOSE)
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Go on").or_(page.get_by_role("link", name="Go on")).click()
    expect(page.get_by_role("heading", name="Close your account now?")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Close my account").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box")
    axe(page)
    page.get_by_label("I understand that this cannot be undone").check()
    page.get_by_role("button", name="Close my account").click()
    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    expect(page.get_by_role("link", name="Exit this page")).to_be_visible()
    page.goto(CHECK)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert not User.objects.get(pk=amara.pk).is_active
