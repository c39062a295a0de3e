"""Ben, signed in, against what Amara does with her account: he learns nothing, gets nothing and loses nothing."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.models import User
from accounts.rights import asking, closing
from hub import clock, mail, notices, own_data, retention
from hub.models import LegalHold, Notice, OutgoingMail
from parenting_plan import actions, drawing
from parenting_plan.actions import safeguarding
from parenting_plan.models import PlanErased, SafetyReport
from programmes.actions import booking
from tests.parenting_plan import family, pages
from tests.parenting_plan.conftest import lively, plan, solo
from tests.parenting_plan.family import HANDOVERS
from tests.parenting_plan.pages import said, url
from tests.programmes import cases

__all__ = ["lively", "plan", "solo"]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.HUB_FILES = tmp_path


def hold(kind: str, number: int) -> None:
    LegalHold.objects.create(kind=kind, number=number, name="x", reason="A court asks.", placed_at=clock.now())


def night() -> dict[str, int]:
    cache.clear()
    done = retention.run()
    assert not done.failed
    return done.counts


# ---------------------------------------------------------------- what shows
@pytest.fixture
def sol(person):
    return person("Sol", kind="professional")


def test_a_hold_shows_to_nobody_when_whoever_is_alone_in_a_plan_closes(solo, amara, ben, sol, signed_in):
    """Ben typed in her code and waits; she let a solicitor read, and a drawing with its code is out there."""
    family.suggest(solo, amara, HANDOVERS, "At the school gate.")
    mine = family.party(solo, amara)
    code = drawing.issue(solo).code
    actions.grant(plan=solo, by=mine, email=sol.email)
    invitation, secret = actions.invite_by_code(plan=solo, by=mine)
    actions.join(invitation=invitation, user=ben, has_verified=True)
    assert "One plan is waiting" in said(signed_in(ben).get("/plan/"))
    joining = [reverse(f"parenting_plan:{name}") for name in ("invitation", "join", "join_adults", "enter_code")]
    his = ["/home/", "/plan/", "/account/close/", "/account/your-data/", url("overview", solo), *joining]

    def seen() -> list[str]:
        cache.clear()
        for_him, for_sol = signed_in(ben), signed_in(sol)
        session = for_him.session
        session["invitation"] = invitation.pk
        session.save()
        found = [pages.masked(for_him.get(address)) for address in his]
        found += [pages.masked(for_sol.get(f"/professional/{tail}")) for tail in ("", f"{solo.reference}/")]
        found += [said(Client().post(reverse("parenting_plan:enter_code"), {"code": secret}))]
        return [pages.MASKED.sub("", page) for page in [*found, said(Client().post("/verify/", {"code": code}))]]

    told = {}
    for how in ("free", "person", "plan"):
        with transaction.atomic():
            if how != "free":
                hold(how, amara.pk if how == "person" else solo.pk)
            assert closing.close(amara)
            before_the_worker = seen()
            tasks.erase_closed()
            assert seen() == before_the_worker, how
            assert PlanErased.objects.exists() == (how == "free")
            night()
            told[how] = seen()
            assert told[how] == before_the_worker, how
            transaction.set_rollback(True)
    assert told["free"] == told["person"] == told["plan"]
    assert "waiting" not in "".join(told["free"]) and "erased since" in told["free"][-1]


def test_who_joins_in_the_moment_of_closing_has_left_though_a_hold_keeps_the_account(amara, ben):
    """Else she would share a plan with somebody who never answers, and would know that he is held."""
    at = clock.now()
    referral = cases.joined(ben, at=at)
    session = cases.workshop_for(referral, starts_at=at + timedelta(days=30))
    hold("person", ben.pk)
    closing.close(ben)
    plan = family.share(family.start(amara), User.objects.get(pk=ben.pk))  # another tab of his
    booking.book(referral, session, at=at)
    tasks.erase_closed()
    plan.refresh_from_db()
    assert plan.ended_at and family.party(plan, ben).left_at
    assert cases.booked(session) == set()
    assert User.objects.filter(pk=ben.pk).exists()
    assert closing.AGAIN not in night()


# ---------------------------------------------------------------- what staff look into
def test_what_staff_still_look_into_stays_until_they_have_finished(solo, amara, ben, staff):
    """Somebody she asked said that they are not safe, and she closes her account."""
    invitation = actions.invite_by_email(plan=solo, by=family.party(solo, amara), email=ben.email)
    actions.answer_invitation(invitation=invitation, outcome="unsafe")
    mine = actions.report(kind="safety", words="I am afraid.", party=family.party(solo, amara))
    stays = " ".join(str(line) for line in own_data.fate_of(amara).stays)
    assert "they still look into" in stays
    closing.close(amara)
    tasks.erase_closed()
    night()
    assert not User.objects.filter(pk=amara.pk).exists() and not PlanErased.objects.exists()
    assert SafetyReport.objects.get(pk=mine.pk).words == "I am afraid."
    assert solo.invitations.count() == 1
    for report in SafetyReport.objects.all():
        safeguarding.close(report=report, outcome="help", by=staff, version=report.version)
    assert night()["parenting_plan.alone"] == 1
    assert SafetyReport.objects.get(pk=mine.pk).words == "" and not solo.invitations.exists()


def test_nothing_is_said_of_reports_where_none_is_open(solo, amara, staff):
    mine = actions.report(kind="safety", words="I am afraid.", party=family.party(solo, amara))
    safeguarding.close(report=mine, outcome="help", by=staff, version=0)
    assert "look into" not in str(list(map(str, own_data.fate_of(amara).stays)))


# ---------------------------------------------------------------- her address, anew
@pytest.mark.parametrize("held", [False, True], ids=["free", "held"])
def test_a_new_account_with_her_address_gets_into_nothing_of_the_old_one(lively, amara, ben, person, held, signed_in):
    address = amara.email
    alone = family.start(amara)
    asked = actions.invite_by_email(plan=alone, by=family.party(alone, amara), email="someone@example.com")
    EmailAddress.objects.create(user=amara, email="amara-at-work@example.com", verified=True)
    for number, to in enumerate((address, "amara-at-work@example.com")):
        sent = mail.put(kind="accounts/sign_in_code", key=f"code {number}", to=to, facts={"path": "/"})
        OutgoingMail.objects.filter(pk=sent.pk).update(state="sent", sent_at=clock.now())
    if held:
        hold("person", amara.pk)
    closing.close(amara)
    tasks.erase_closed()
    anew = person("Anew", email=address)
    EmailAddress.objects.create(user=anew, email="amara-at-work@example.com", verified=True)
    client = signed_in(anew)
    doors = [url("overview", lively), url("agreed", lively), url("overview", alone)]
    doors += [f"/professional/{lively.reference}/", reverse("parenting_plan:open_invitation", args=[asked.token()])]
    assert {client.get(door).status_code for door in doors} == {404}
    assert "Start your plan" in said(client.get("/home/"))
    assert {section.key for section in own_data.copy_of(anew, clock.now())} == {"account", "account_signed_in"}
    with pytest.raises(actions.InvitationGone):  # she asked somebody from the old one
        actions.find_invitation(asked.token(), clock.now())


# ---------------------------------------------------------------- two plans, two people
def test_a_copy_keeps_two_people_apart_who_know_the_same_third(plan, amara, ben, stranger):
    other = family.share(family.start(amara, children=[("Kit", 2021, 3)]), stranger)
    family.settle(plan, amara, ben, HANDOVERS, "With Ben at the gate.")
    family.settle(other, amara, stranger, HANDOVERS, "With the stranger at the pool.")
    copies = {who: str(own_data.copy_of(who, clock.now())) for who in (ben, stranger)}
    for who, words in ((ben, "pool"), (stranger, "gate")):
        assert words not in copies[who] and "Amara" in copies[who]
    assert "Kit" not in copies[ben] and "Finn" not in copies[stranger]
    assert "Stranger" not in copies[ben] and "Ben" not in copies[stranger]


# ---------------------------------------------------------------- a child made older than they are
def test_no_typed_birthday_ends_a_shared_record_within_seven_years(amara, signed_in):
    """One parent types it in, the other sees it nowhere, and the record goes when the youngest is 25."""
    client, today = signed_in(amara), timezone.localdate()
    start = [reverse(f"parenting_plan:{name}") for name in ("start_orders", "start_children")]
    client.post(start[0], {"orders": "none"})

    def answer(months: int) -> int:
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        told = {"rows": "1", "child0-first_name": "Anya", "child0-born_month": month + 1, "child0-born_year": year}
        return client.post(start[1], told).status_code

    assert [answer(months) for months in (0, 18 * 12, 18 * 12 + 1, 25 * 12)] == [302, 302, 200, 200]


# ---------------------------------------------------------------- gaps between numbers
def test_no_number_on_his_pages_tells_that_somebody_else_asked_or_was_told(amara, ben, signed_in):
    """He asks, looks, and asks again: what she did in between is in no address that he gets."""
    client, told = signed_in(ben), {"kind": "other", "words": "What do you hold of me?"}
    asked = reverse("accounts:ask_about_data")
    for number, number_of_hers in enumerate((0, 3), start=1):
        for _each in range(number_of_hers):
            asking.ask(person=amara, kind="erase", words="All of it.")
            notices.tell(person=amara, key=f"x{_each}", kind="data_answer", address="/", at=clock.now())
        assert client.post(asked, told)["Location"] == f"/account/your-data/requests/{number}/"
        notices.tell(person=ben, key=f"y{number}", kind="data_answer", address="/", at=clock.now())
    for number in (0, 3, 10**30):
        assert client.get(f"/account/your-data/requests/{number}/").status_code == 404
    assert "What do you hold of me?" in said(client.get("/account/your-data/requests/2/", follow=True))
    marks = sorted(set(re.findall(r"/news/(\w+)/put-away/", said(client.get("/home/")))))
    assert len(marks) == 2 and all(re.fullmatch("[0-9a-f]{20}", mark) for mark in marks)
    assert client.post(reverse("put_away", args=[marks[0]])).status_code == 302
    assert Notice.objects.filter(person=ben, put_away_at=None).count() == 1
    hers = notices.mark_of(Notice.objects.filter(person=amara)[0].pk)
    assert client.post(reverse("put_away", args=[hers])).status_code == 404
