"""Asking the other parent: the gate first, one page whatever became of it, and limits in kind words."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from hub import clock, mail
from hub.models import OutgoingMail
from parenting_plan import actions
from parenting_plan.models import Invitation, Party, PlanEvent, SafetyReport
from tests.parenting_plan import family
from tests.parenting_plan.walking import (
    answer_questions,
    hidden,
    invited_by_email,
    make_code,
    masked,
    open_link,
    press_join,
    said,
    send,
    through_gate,
    url,
)

pytestmark = pytest.mark.usefixtures("db")  # by name, so that limits are forgotten between tests


def older(plan, **how) -> None:
    """All invitations of the plan, made longer ago."""
    for invitation in plan.invitations.all():
        invitation.created_at -= timedelta(**how)
        invitation.expires_at -= timedelta(**how)
        invitation.save()


# ---------------------------------------------------------------- the gate
def test_nothing_is_sent_before_both_questions_are_answered(solo, amara, signed_in):
    client = signed_in(amara)
    assert "two questions about safety" in said(client.get(url("invite", solo.reference)))
    client.post(url("invite", solo.reference), {"way": "email"})
    for name in ("invite_by_email", "invite_by_code"):
        assert client.get(url(name, solo.reference))["Location"] == url("invite_adults", solo.reference)
    assert send(client, solo, "ben@example.com")["Location"] == url("invite_adults", solo.reference)
    client.post(url("invite_by_code", solo.reference), {"submit_key": "a" * 32})
    # the second question alone is not enough
    answer = client.post(url("invite_children_safety", solo.reference), {"answer": "no"})
    assert answer["Location"] == url("invite_adults", solo.reference)
    assert not Invitation.objects.exists()
    assert not OutgoingMail.objects.exists()
    through_gate(client, solo)
    assert client.post(url("invite", solo.reference), {"way": "email"})["Location"] == url(
        "invite_by_email", solo.reference
    )
    assert client.post(url("invite", solo.reference), {"way": "code"})["Location"] == url(
        "invite_by_code", solo.reference
    )


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
@pytest.mark.parametrize("name", ["invite_adults", "invite_children_safety"])
def test_yes_keeps_sharing_off_until_the_questions_are_answered_again(name, answer, solo, amara, signed_in):
    client = signed_in(amara)
    invitation = invited_by_email(client, solo, "ben@example.com")
    client.get(url("invite_adults", solo.reference))
    assert client.post(url(name, solo.reference), {"answer": answer})["Location"] == url(
        "invite_stay_safe", solo.reference
    )
    page = said(client.get(url("invite_stay_safe", solo.reference)))
    assert "Sharing stays off" in page and "999" in page and url("invite_adults", solo.reference) in page
    assert send(client, solo, "ben@example.com", "d" * 32)["Location"] == url("invite_adults", solo.reference)
    client.post(url("invite_children_safety", solo.reference), {"answer": "no"})
    assert not solo.parties.get().gate_passed_at, "a yes is not undone by the second question"
    assert open_link(Client(), invitation).status_code == 404, "the link that was out there is dead"
    through_gate(client, solo)
    assert send(client, solo, "ben@example.com", "e" * 32).status_code == 302
    assert solo.invitations.filter(outcome="").count() == 1


def test_the_questions_come_again_after_three_months(solo, amara, signed_in):
    client = signed_in(amara)
    through_gate(client, solo)
    me = Party.objects.get()
    me.gate_passed_at -= timedelta(days=settings.PLAN_GATE_DAYS, seconds=1)
    me.save()
    assert send(client, solo, "ben@example.com")["Location"] == url("invite_adults", solo.reference)
    assert "two questions about safety" in said(client.get(url("invite", solo.reference)))
    me.gate_passed_at += timedelta(minutes=1)
    me.save()
    assert "How would you like to ask them?" in said(client.get(url("invite", solo.reference)))


# ---------------------------------------------------------------- by email
def test_by_email_the_letter_is_shown_word_for_word_checked_and_sent_once(solo, amara, ben, signed_in):
    client = signed_in(amara)
    through_gate(client, solo)
    page = client.get(url("invite_by_email", solo.reference))
    assert "A parent has asked you to work on a plan together." in said(page)
    key = hidden(page, "submit_key")
    posted = {"email": " Ben@Example.com ", "happy": "on", "submit_key": key}
    check = said(client.post(url("invite_by_email", solo.reference), posted))
    assert "Check before it is sent" in check and "ben@example.com" in check and not Invitation.objects.exists()
    assert "Ben@Example.com" in said(client.post(url("invite_by_email", solo.reference), posted | {"do": "change"}))
    for _again in range(2):
        answer = client.post(url("invite_by_email", solo.reference), posted | {"do": "send"})
        assert answer["Location"] == url("invite", solo.reference)
    page = said(client.get(url("invite", solo.reference)))
    assert (
        "Your invitation is sent." in page
        and "Sent. Not joined yet." in page
        and "It works once, for 14 days, until" in page
    )
    letter = OutgoingMail.objects.get()
    assert letter.to == "ben@example.com" and Invitation.objects.count() == 1
    # what the page showed is what leaves
    sent = [line for line in mail.build(letter).body.splitlines() if line and "http" not in line]
    shown = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", check))
    assert all(line in shown for line in sent)


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"email": "ben@example.com"}, "Tick the box"),
        ({"email": "", "happy": "on"}, "Enter their email address"),
        ({"email": "ben", "happy": "on"}, "right form"),
        ({"email": "AMARA@example.com", "happy": "on"}, "your own address"),
        ({"email": "a" * 300 + "@example.com", "happy": "on"}, "shorter"),
        ({"email": "ben@example.com\nBcc: x@example.com", "happy": "on"}, "right form"),
    ],
)
def test_an_invitation_that_cannot_be_sent_says_why(posted, words, solo, amara, signed_in):
    client = signed_in(amara)
    through_gate(client, solo)
    for do in ("", "send"):
        page = said(client.post(url("invite_by_email", solo.reference), posted | {"do": do}))
        assert words in page and "<title>Error:" in page
    assert not Invitation.objects.exists()


def test_the_page_says_the_same_whether_or_not_the_address_has_an_account(solo, amara, ben, signed_in):
    client = signed_in(amara)
    through_gate(client, solo)
    pages = []
    for number, email in enumerate(["ben@example.com", "nobody@example.com"]):
        send(client, solo, email, str(number) * 32)
        pages.append(re.sub(r"until [^<]*", "until", masked(client.get(url("invite", solo.reference)))))
    assert pages[0] == pages[1]


# ---------------------------------------------------------------- with a code
def test_a_code_is_shown_once_and_kept_nowhere(solo, amara, signed_in):
    client = signed_in(amara)
    through_gate(client, solo)
    assert "Show me the code" in said(client.get(url("invite_by_code", solo.reference)))
    page = said(client.post(url("invite_by_code", solo.reference), {"submit_key": "a" * 32}))
    fours = re.findall(r"<span>([0-9A-Z]{4})</span>", page)
    assert len(fours) == 3 and "We cannot show it again" in page and url("enter_code") in page
    again = said(client.post(url("invite_by_code", solo.reference), {"submit_key": "a" * 32}))
    assert "shown you this code already" in again and fours[0] not in again
    assert fours[0] not in said(client.get(url("invite", solo.reference)))
    assert fours[0] not in str(dict(client.session)) and Invitation.objects.count() == 1
    make_code(client, solo, "f" * 32)
    assert Client().post(url("enter_code"), {"code": "".join(fours)}).status_code == 200, "the new code replaced it"


def test_limits_are_told_kindly(solo, amara, signed_in):
    client = signed_in(amara)
    through_gate(client, solo)
    for letter in "abc":
        make_code(client, solo, letter * 32)
    page = client.post(url("invite_by_code", solo.reference), {"submit_key": "d" * 32})
    assert page.status_code == 429 and "You can ask again tomorrow" in said(page)
    assert send(client, solo, "ben@example.com", "e" * 32).status_code == 429
    assert "You have asked 3 times today" in said(client.get(url("invite", solo.reference)))
    older(solo, days=1)
    for letter in "de":
        make_code(client, solo, letter * 32)
    page = client.post(url("invite_by_code", solo.reference), {"submit_key": "f" * 32})
    assert page.status_code == 429 and "You have asked 5 times" in said(page) and "go on alone" in said(page)
    assert Invitation.objects.count() == 5


# ---------------------------------------------------------------- what the inviter can learn
@pytest.mark.parametrize("outcome", ["declined", "unknown", "unsafe"])
def test_refusing_looks_exactly_like_silence(outcome, solo, amara, ben, signed_in):
    """Every page of the inviter, byte for byte, and everything that happens when they ask again."""
    client = signed_in(amara)
    invitation = invited_by_email(client, solo, "ben@example.com")
    names = ["overview", "invite", "sharing", "children", "orders", "confirm", "invite_by_email", "invite_by_code"]
    client.get(url("invite", solo.reference))
    ignored = [masked(client.get(url(name, solo.reference))) for name in names]
    events, mails = PlanEvent.objects.count(), OutgoingMail.objects.count()
    visitor = Client()
    open_link(visitor, invitation)
    visitor.post(url("say_no"), {"outcome": outcome})
    assert Invitation.objects.get().outcome == outcome
    refused = [masked(client.get(url(name, solo.reference))) for name in names]
    assert refused == ignored
    assert (PlanEvent.objects.count(), OutgoingMail.objects.count()) == (events, mails)
    assert amara.notices.count() == 0
    # asked again: the same answers, but no mail leaves
    answer = send(client, solo, "ben@example.com", "d" * 32)
    assert answer["Location"] == url("invite", solo.reference)
    page = said(client.get(url("invite", solo.reference)))
    assert "Sent. Not joined yet." in page and "declined" not in page.lower()
    letter = OutgoingMail.objects.get(facts__invitation=Invitation.objects.get(outcome="").pk)
    assert not mail.still_wanted(letter)
    older(solo, days=15)
    assert "The time for your invitation is over" in said(client.get(url("invite", solo.reference)))


def test_asking_again_after_a_no_and_after_silence_reads_the_same(amara, ben, stranger, signed_in):
    pages = []
    for inviter, refuses in ((amara, False), (stranger, True)):
        plan = family.start(inviter)
        client = signed_in(inviter)
        invitation = invited_by_email(client, plan, "ben@example.com", ("1" if refuses else "2") * 32)
        if refuses:
            visitor = Client()
            open_link(visitor, invitation)
            visitor.post(url("say_no"), {"outcome": "unsafe"})
        answer = send(client, plan, "ben@example.com", ("3" if refuses else "4") * 32)
        shown = masked(answer) + masked(client.get(url("invite", plan.reference)))
        shown = re.sub(r"until [^<]*", "until", shown.replace(plan.reference, "PLAN"))
        pages.append(re.sub(r"'Content-Length', '\d+'", "", shown))
    assert pages[0] == pages[1]


def test_time_over_looks_the_same_too(solo, amara, ben, signed_in):
    client = signed_in(amara)
    invited_by_email(client, solo, "ben@example.com")
    client.get(url("invite", solo.reference))
    older(solo, days=14, seconds=1)
    ignored = masked(client.get(url("invite", solo.reference)))
    Invitation.objects.update(outcome="unsafe", answered_at=clock.now())
    assert "The time for your invitation is over" in ignored
    assert masked(client.get(url("invite", solo.reference))) == ignored


# ---------------------------------------------------------------- who joined with the code
def joined_by_code(client, plan, person, signed_in) -> Client:
    through_gate(client, plan)
    code = make_code(client, plan)
    joiner = signed_in(person)
    joiner.post(url("enter_code"), {"code": code})
    answer_questions(joiner)
    press_join(joiner)
    return joiner


def test_the_inviter_says_that_it_is_them(solo, amara, ben, signed_in):
    client = signed_in(amara)
    his = joined_by_code(client, solo, ben, signed_in)
    assert client.get(url("invite", solo.reference))["Location"] == url("confirm", solo.reference)
    assert "Ben</span> joined with your code" in said(client.get(url("confirm", solo.reference)))
    assert "<title>Error:" in said(client.get(url("confirm", solo.reference), {"asked": "1"}))
    check = client.get(url("confirm", solo.reference), {"asked": "1", "answer": "yes"})
    assert "Share this plan with" in said(check)
    assert his.get(url("overview", solo.reference)).status_code == 404, "a GET lets nobody in"
    assert "Waiting for" in said(his.get(url("join")))
    posted = {"answer": "yes", "joiner": hidden(check, "joiner"), "submit_key": "e" * 32}
    assert client.post(url("confirm", solo.reference), posted | {"joiner": "somebody"})["Location"] == url(
        "confirm", solo.reference
    )
    assert his.get(url("overview", solo.reference)).status_code == 404, "only the person on the page is let in"
    for _again in range(2):
        assert client.post(url("confirm", solo.reference), posted)["Location"] == url("overview", solo.reference)
    assert his.get(url("join"))["Location"] == url("overview", solo.reference)
    assert his.get(url("overview", solo.reference)).status_code == 200
    assert PlanEvent.objects.filter(kind="joined").count() == 1


def test_the_inviter_turns_somebody_away(solo, amara, ben, stranger, signed_in):
    client = signed_in(amara)
    theirs = joined_by_code(client, solo, stranger, signed_in)
    check = client.get(url("confirm", solo.reference), {"asked": "1", "answer": "no"})
    assert "Turn this person away?" in said(check)
    client.post(url("confirm", solo.reference), {"answer": "no", "joiner": hidden(check, "joiner")})
    assert theirs.get(url("overview", solo.reference)).status_code == 404
    assert theirs.get(url("join")).status_code == 404
    assert SafetyReport.objects.get().kind == "unknown" and Party.objects.count() == 1
    assert "Not joined yet" not in said(client.get(url("invite", solo.reference)))
    assert len(make_code(client, solo, "c" * 32)) == 14
    assert client.get(url("confirm", solo.reference))["Location"] == url("overview", solo.reference)


def test_a_full_ended_or_paused_plan_asks_nobody(plan, amara, ben, signed_in):
    client = signed_in(amara)
    names = ["invite", "invite_adults", "invite_children_safety", "invite_by_email", "invite_by_code"]
    for name in names:
        assert client.get(url(name, plan.reference))["Location"] == url("overview", plan.reference)
        assert client.post(url(name, plan.reference), {"submit_key": "a" * 32})["Location"] == url(
            "overview", plan.reference
        )
    actions.leave(plan=plan, by=family.party(plan, ben))
    for name in names:
        assert client.post(url(name, plan.reference), {"answer": "no"})["Location"] == url("overview", plan.reference)
    assert Invitation.objects.count() == 1
