"""The way in for the parent who was asked, and everybody who must not get in or learn anything."""

import json
import logging
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse

from accounts.models import User
from hub import clock, logs, mail
from hub.codes import in_fours
from hub.models import OutgoingMail
from parenting_plan import actions
from parenting_plan.models import Invitation, Party, Plan, SafetyReport
from tests.parenting_plan import family
from tests.parenting_plan.walking import answer_questions, hidden, masked, open_link, press_join, said, url

pytestmark = pytest.mark.usefixtures("db")  # by name, so that limits are forgotten between tests
GONE = "This link does not work any more"
NOT_WITH_THIS = "This invitation cannot be used with this account"


@pytest.fixture
def emailed(solo, amara) -> Invitation:
    """Amara's invitation to ben@example.com."""
    return actions.invite_by_email(plan=solo, by=family.party(solo, amara), email="ben@example.com")


@pytest.fixture
def coded(solo, amara) -> str:
    """A code of Amara's."""
    return actions.invite_by_code(plan=solo, by=family.party(solo, amara))[1]


def tables() -> str:
    """Every row but those that change when somebody signs in; of staff that is on record too."""
    signing_in = {
        "sessions.Session",
        "usersessions.UserSession",
        "accounts.User",
        "accounts.StaffMember",
        "hub.AccessRecord",
    }
    labels = [model for model in apps.get_models() if model._meta.label not in signing_in]
    return "\n".join(serialize("json", model.objects.order_by("pk")) for model in labels)


def try_to_join(client: Client, invitation: Invitation, orders: str = "none"):
    open_link(client, invitation)
    answer_questions(client, orders)
    return press_join(client)


# ---------------------------------------------------------------- the whole way
def test_by_email_the_invited_parent_joins(emailed, solo, amara, ben, signed_in):
    client = Client()
    opened = client.get(url("open_invitation", emailed.token()))
    assert opened["Location"] == url("invitation") and opened["Referrer-Policy"] == "no-referrer"
    page = said(client.get(url("invitation")))
    assert "A parent has asked you to work on a plan together" in page and "Amara" in page and "no hurry" in page
    assert client.get(url("join"))["Location"] == url("join_adults"), "the questions come first"
    answer_questions(client)
    door = said(client.get(url("join")))
    assert (
        f"{reverse('account_login')}?next={url('join')}" in door
        and f"{reverse('account_signup')}?next={url('join')}" in door
    )
    client.force_login(ben)
    page = said(client.get(url("join")))
    assert "Amara</span>’s plan?" in page
    joined = press_join(client)
    assert joined["Location"] == url("overview", solo.reference)
    assert client.get(url("overview", solo.reference)).status_code == 200
    me = Party.objects.get(user=ben)
    assert me.role == "b" and me.confirmed_at and me.gate_passed_at
    assert client.session.get("invitation") is None and not [key for key in client.session.keys() if "join" in key]  # noqa: SIM118  a session is no dict


def test_a_newcomer_signs_up_on_the_way_and_comes_back_to_the_invitation(emailed, solo, smtp):
    """The mark survives making an account, checking the address and being signed in."""
    client = Client()
    open_link(client, emailed)
    answer_questions(client)
    key = client.session.session_key
    newcomer = {
        "first_name": "Ben",
        "email": "ben@example.com",
        "password1": "green boats on the river",
        "next": url("join"),
    }
    answer = client.post(f"{reverse('account_signup')}?next={url('join')}", newcomer)
    assert answer.status_code == 302, said(answer)
    letter = OutgoingMail.objects.filter(kind__startswith="accounts/").latest("created_at")
    code = re.search(r"\b([A-Z0-9]{4}-?[A-Z0-9]{4})\b", mail.build(letter).body).group(1)
    answer = client.post(answer["Location"], {"code": code})
    assert answer.status_code == 302 and answer["Location"] == url("join")
    assert client.session.session_key != key, "a new session key, so that nobody else's is used"
    assert press_join(client)["Location"] == url("overview", solo.reference)
    assert Party.objects.get(role="b").user == User.objects.get(email="ben@example.com")


def test_signing_in_with_a_password_keeps_the_mark(emailed, solo, ben):
    client = Client()
    open_link(client, emailed)
    answer_questions(client)
    posted = {"login": "ben@example.com", "password": "a long walk by the canal", "next": url("join")}
    answer = client.post(f"{reverse('account_login')}?next={url('join')}", posted)
    assert answer["Location"] == url("join")
    assert press_join(client)["Location"] == url("overview", solo.reference)


def test_by_code_the_joiner_waits_and_sees_nothing(coded, solo, amara, ben, signed_in):
    client = Client()
    written = in_fours(coded).lower().replace("-", " ")
    assert client.post(url("enter_code"), {"code": written})["Location"] == url("invitation")
    answer_questions(client)
    client.force_login(ben)
    assert "asked if it is really you" in said(client.get(url("join")))
    waiting = press_join(client)
    for page in (waiting, client.get(url("join")), client.get(url("join"))):
        assert "Waiting for" in said(page) and "Amara" in said(page)
        assert "Anya" not in said(page) and solo.reference not in said(page)
    assert client.get(url("overview", solo.reference)).status_code == 404
    assert "Anya" not in said(client.get(url("list")))
    assert not Party.objects.get(user=ben).confirmed_at


# ---------------------------------------------------------------- nothing before joining
def test_before_joining_no_childs_name_and_no_plan_words_anywhere(solo, amara, ben, coded, emailed, signed_in):
    family.suggest(solo, amara, family.HANDOVERS, "CANARY words about handovers", note="CANARY note")
    client = signed_in(ben)
    pages = [open_link(client, emailed), client.get(url("join_adults"))]
    answer_questions(client)
    names = [
        "invitation",
        "join_adults",
        "join_children_safety",
        "join_stay_safe",
        "join_orders",
        "join",
        "enter_code",
        "list",
    ]
    pages += [client.get(url(name)) for name in names] + [client.post(url("say_no"), {"outcome": "?"})]
    for page in pages:
        assert page.status_code == 200
        for secret in ("Anya", "Finn", "CANARY", solo.reference, amara.email, emailed.token()):
            assert secret not in said(page)
        assert emailed.token() not in str(page.headers)


def test_opening_the_link_uses_nothing_up_and_writes_nothing(emailed):
    before = tables()
    for _scanner in range(3):
        for method in ("get", "head"):
            assert getattr(Client(), method)(url("open_invitation", emailed.token())).status_code == 302
            assert open_link(Client(), emailed).status_code == 200
    assert tables() == before
    assert Client().post(url("open_invitation", emailed.token())).status_code == 405


def test_the_token_is_in_no_table_no_session_no_log_and_no_second_address(emailed, ben, caplog):
    caplog.set_level(logging.DEBUG)
    client = Client()
    token = emailed.token()
    answers = [client.get(url("open_invitation", token)), client.get(url("invitation"))]
    client.force_login(ben)
    answer_questions(client)
    answers += [client.get(url("join")), press_join(client), client.get(url("open_invitation", token))]
    for answer in answers:
        assert token not in str(answer.headers) and token not in said(answer)
    assert token not in tables() and token not in json.dumps(dict(client.session), default=str)
    assert not [record for record in caplog.records if token in logs.Line().format(record)]
    assert dict(Client().session) == {}


def test_an_unknown_token_leaves_no_session_and_no_cookie():
    client = Client()
    answer = client.get(url("open_invitation", "x" * 43))
    assert answer.status_code == 404 and settings.SESSION_COOKIE_NAME not in client.cookies


# ---------------------------------------------------------------- the gate of the invited parent
@pytest.mark.parametrize("answer", ["yes", "not_sure"])
@pytest.mark.parametrize("name", ["join_adults", "join_children_safety"])
def test_a_yes_leads_to_help_and_tells_the_inviter_nothing(name, answer, emailed, solo, amara, ben, signed_in):
    hers = signed_in(amara)
    ignored = masked(hers.get(url("invite", solo.reference)))
    client = signed_in(ben)
    open_link(client, emailed)
    answer_questions(client)
    client.get(url("join_adults"))
    before = tables()
    assert client.post(url(name), {"answer": answer})["Location"] == url("join_stay_safe")
    page = said(client.get(url("join_stay_safe")))
    assert "999" in page and "You do not have to join" in page and url("invitation") in page
    assert client.get(url("join"))["Location"] == url("join_adults"), "the earlier answers do not count any more"
    assert tables() == before and masked(hers.get(url("invite", solo.reference))) == ignored


def test_a_protective_order_ends_it_and_tells_nobody(emailed, solo, amara, ben, signed_in):
    client = signed_in(ben)
    open_link(client, emailed)
    before = tables()
    answer_questions(client, orders="protective")
    assert client.get(url("join"))["Location"] == url("join_adults")
    assert tables() == before and Plan.objects.get().orders == "none"


def test_the_questions_cannot_be_passed_by(emailed, ben, signed_in):
    client = signed_in(ben)
    open_link(client, emailed)
    for name in ("join_children_safety", "join_orders", "join"):
        assert client.get(url(name))["Location"] == url("join_adults")
    client.post(url("join"), {"shown": "x"})
    client.post(url("join_orders"), {"orders": "none"})
    client.post(url("join_children_safety"), {"answer": "no"})
    assert client.get(url("join"))["Location"] == url("join_adults")
    assert Party.objects.count() == 1


def test_answers_for_one_invitation_do_not_count_for_another(emailed, stranger, ben, signed_in):
    plan = family.start(stranger)
    other = actions.invite_by_email(plan=plan, by=family.party(plan, stranger), email="ben@example.com")
    client = signed_in(ben)
    open_link(client, emailed)
    answer_questions(client)
    open_link(client, other)
    assert client.get(url("join"))["Location"] == url("join_adults")


# ---------------------------------------------------------------- saying no
@pytest.mark.parametrize("outcome", ["declined", "unknown", "unsafe"])
def test_saying_no_needs_no_account_and_the_link_is_dead(outcome, emailed, ben, signed_in):
    client = Client()
    open_link(client, emailed)
    assert client.post(url("say_no"), {}).status_code == 200
    assert Invitation.objects.get().outcome == ""
    answer = client.post(url("say_no"), {"outcome": outcome})
    assert answer["Location"] == url("say_no")
    page = said(client.get(url("say_no")))
    assert "is not told" in page and "National Domestic Abuse Helpline" in page
    assert Invitation.objects.get().outcome == outcome
    assert SafetyReport.objects.count() == (outcome != "declined")
    for again in (client.get(url("invitation")), client.get(url("join")), open_link(signed_in(ben), emailed)):
        assert again.status_code == 404 and GONE in said(again)
    assert client.post(url("say_no"), {"outcome": outcome}).status_code == 404
    assert client.get(url("say_no"), follow=True).status_code == 404


def test_only_the_three_answers_can_be_given(emailed):
    client = Client()
    open_link(client, emailed)
    for outcome in ("joined", "replaced", "not_them", "", "nonsense"):
        assert client.post(url("say_no"), {"outcome": outcome}).status_code == 200
    assert Invitation.objects.get().outcome == ""


# ---------------------------------------------------------------- the abuse cases: all refused, and nothing learnt
def dead_pages(emailed, solo, amara) -> list:
    """The page of a link that does not work, for each of the reasons there are."""
    pages = [Client().get(url("open_invitation", "x" * 43)), Client().get(url("open_invitation", "a"))]
    me = family.party(solo, amara)
    changes = [
        {"outcome": "joined"},
        {"outcome": "replaced"},
        {"outcome": "declined"},
        {"outcome": "unsafe"},
        {"expires_at": clock.now()},
    ]
    for change in changes:
        as_it_was = {name: getattr(emailed, name) for name in change}
        Invitation.objects.filter(pk=emailed.pk).update(**change)
        pages.append(Client().get(url("open_invitation", emailed.token())))
        Invitation.objects.filter(pk=emailed.pk).update(**as_it_was)
    for change in ({"ended_at": clock.now()}, {"paused_at": clock.now()}, {"orders": "protective"}):
        Plan.objects.update(**change)
        pages.append(Client().get(url("open_invitation", emailed.token())))
        Plan.objects.update(ended_at=None, paused_at=None, orders="none")
    assert me.pk
    return pages


def test_guessed_reused_expired_replaced_ended_paused_all_look_the_same(emailed, solo, amara):
    pages = dead_pages(emailed, solo, amara)
    assert len({masked(page) for page in pages}) == 1
    assert pages[0].status_code == 404 and GONE in said(pages[0]) and "Amara" not in said(pages[0])
    assert open_link(Client(), emailed).status_code == 200, "and the real one works"


def test_a_code_cannot_be_tried_as_a_link_nor_a_token_as_a_code(coded, solo, amara):
    assert Client().get(url("open_invitation", coded)).status_code == 404
    invitation = actions.invite_by_email(plan=solo, by=family.party(solo, amara), email="ben@example.com")
    assert "does not work" in said(Client().post(url("enter_code"), {"code": invitation.token()}))


@pytest.fixture
def wrong_people(person, amara, ben, stranger, solicitor, staff):
    """Everybody who must not get in with an invitation to ben@example.com."""
    unverified = person("Una", email="una@example.com")
    EmailAddress.objects.filter(user=unverified).update(verified=False)
    return {
        "another address": stranger,
        "unverified": unverified,
        "the inviter": amara,
        "solicitor": solicitor,
        "staff": staff,
    }


def test_wrong_people_are_refused_alike_and_learn_nothing(emailed, solo, wrong_people, signed_in):
    pages = set()
    before = tables()
    for person in wrong_people.values():
        if person == wrong_people["unverified"]:
            Invitation.objects.update(email=person.email)
        answer = try_to_join(signed_in(person), emailed)
        Invitation.objects.update(email="ben@example.com")
        assert answer.status_code == 403 and NOT_WITH_THIS in said(answer)
        main = said(answer)
        pages.add(main[main.index("<main") : main.index("</main>")])
    assert len(pages) == 1 and "Amara" not in pages.pop() and tables() == before
    assert Party.objects.count() == 1
    assert Invitation.objects.get().outcome == ""


def test_a_third_parent_is_refused_whatever_they_bring(plan, amara, stranger, signed_in):
    """Two parents, ever: even with an invitation that should not be there."""
    now = clock.now()
    third = Invitation(
        plan=plan, by=family.party(plan, amara), way="email", email=stranger.email,
        created_at=now, expires_at=now + timedelta(days=14), secret_hash="0" * 64,
    )  # fmt: skip
    from hub.codes import fingerprint

    third.secret_hash = fingerprint(third.token())
    third.save()
    answer = try_to_join(signed_in(stranger), third)
    assert answer.status_code == 403 and NOT_WITH_THIS in said(answer) and plan.parties.count() == 2


def test_a_link_works_once(emailed, solo, ben, person, signed_in):
    early, late = signed_in(ben), signed_in(person("Late"))
    open_link(late, emailed)
    answer_questions(late)
    shown = hidden(late.get(url("join")), "shown")
    assert try_to_join(early, emailed).status_code == 302
    assert late.post(url("join"), {"shown": shown}).status_code == 404
    assert open_link(Client(), emailed).status_code == 404
    assert open_link(early, emailed).status_code == 404
    assert solo.parties.count() == 2


def test_joining_twice_is_joining_once(emailed, coded, solo, ben, signed_in, amara):
    invitation = actions.invite_by_email(plan=solo, by=family.party(solo, amara), email="ben@example.com")
    client = signed_in(ben)
    open_link(client, invitation)
    answer_questions(client)
    shown = hidden(client.get(url("join")), "shown")
    mark = client.session["invitation"]
    first = client.post(url("join"), {"shown": shown})
    session = client.session
    session["invitation"] = mark
    session.save()
    second = client.post(url("join"), {"shown": shown})
    assert first["Location"] == second["Location"] == url("overview", solo.reference)
    assert solo.parties.count() == 2


def test_the_invitation_shown_is_the_invitation_accepted(emailed, solo, stranger, ben, signed_in):
    """Two tabs: the form of the first does not accept the invitation of the second."""
    plan = family.start(stranger)
    other = actions.invite_by_email(plan=plan, by=family.party(plan, stranger), email="ben@example.com")
    client = signed_in(ben)
    open_link(client, emailed)
    answer_questions(client)
    shown = hidden(client.get(url("join")), "shown")
    open_link(client, other)
    answer_questions(client)
    answer = client.post(url("join"), {"shown": shown})
    assert answer.status_code == 409 and "opened another invitation" in said(answer) and "Stranger" in said(answer)
    assert not Party.objects.filter(user=ben).exists()
    for forged in ("", "x", str(other.pk)):
        assert client.post(url("join"), {"shown": forged}).status_code == 409
    assert press_join(client)["Location"] == url("overview", plan.reference)
    assert not solo.parties.filter(user=ben).exists()


def test_a_form_of_another_persons_session_does_not_join(emailed, ben, stranger, signed_in):
    theirs, his = signed_in(stranger), signed_in(ben)
    for client in (theirs, his):
        open_link(client, emailed)
        answer_questions(client)
    shown = hidden(theirs.get(url("join")), "shown")
    assert his.post(url("join"), {"shown": shown}).status_code == 409


def test_signed_out_nobody_joins(emailed):
    client = Client()
    open_link(client, emailed)
    answer_questions(client)
    answer = client.post(url("join"), {"shown": "x"})
    assert "Make an account, or sign in" in said(answer) and Party.objects.count() == 1
    assert Client().get(url("join")).status_code == 404


@pytest.mark.parametrize("change", [{"ended_at": "now"}, {"paused_at": "now"}, {"orders": "protective"}])
def test_a_plan_that_ended_paused_or_may_not_be_shared_lets_nobody_in(change, emailed, ben, signed_in):
    client = signed_in(ben)
    open_link(client, emailed)
    answer_questions(client)
    shown = hidden(client.get(url("join")), "shown")
    Plan.objects.update(**{name: clock.now() if value == "now" else value for name, value in change.items()})
    for answer in (client.get(url("join")), client.post(url("join"), {"shown": shown}), client.get(url("invitation"))):
        assert answer.status_code == 404 and GONE in said(answer)
    assert Party.objects.count() == 1


def test_decline_then_join_is_too_late(emailed, ben, signed_in):
    client = signed_in(ben)
    open_link(client, emailed)
    answer_questions(client)
    shown = hidden(client.get(url("join")), "shown")
    visitor = Client()
    open_link(visitor, emailed)
    visitor.post(url("say_no"), {"outcome": "declined"})
    assert client.post(url("join"), {"shown": shown}).status_code == 404
    assert Party.objects.count() == 1


def test_another_person_who_signs_in_does_not_inherit_the_mark(emailed, ben, stranger):
    client = Client()
    client.force_login(stranger)
    open_link(client, emailed)
    client.force_login(ben)
    assert client.get(url("join")).status_code == 404


def test_a_session_key_planted_beforehand_is_not_the_one_that_joins(emailed, ben):
    client = Client()
    open_link(client, emailed)
    planted = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer_questions(client)
    client.force_login(ben)
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert attacker.get(url("join")).status_code == 404


# ---------------------------------------------------------------- codes
def test_wrong_codes_get_a_rest_after_ten(coded):
    client = Client()
    for number in range(10):
        answer = client.post(url("enter_code"), {"code": f"wrong {number}"})
        assert answer.status_code == 200 and "This code does not work" in said(answer)
    answer = client.post(url("enter_code"), {"code": coded})
    assert answer.status_code == 429 and "Please try again in an hour" in said(answer)
    assert Client().post(url("enter_code"), {"code": coded}).status_code == 429, "a new browser is no way round"
    forwarded = Client(headers={"x-forwarded-for": "203.0.113.7"})
    assert forwarded.post(url("enter_code"), {"code": coded}).status_code == 429, "nor is a made-up address"


@pytest.mark.parametrize("code", ["", " ", "x" * 61, "\x00", "ПРИВЕТ", "' OR 1=1 --"])
def test_strange_codes_are_no_trouble(code):
    client = Client()
    answer = client.post(url("enter_code"), {"code": code})
    assert answer.status_code == 200 and "<title>Error:" in said(answer)
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_wrong_used_and_expired_codes_look_the_same(coded, solo, amara):
    def page(code):
        answer = Client().post(url("enter_code"), {"code": code})
        return masked(answer).replace(code, "CODE")

    wrong = page("0" * 12)
    Invitation.objects.update(outcome="declined")
    assert page(coded) == wrong
    Invitation.objects.update(outcome="", expires_at=clock.now())
    assert page(coded) == wrong
