"""The other parent with the ordinary screens; then staff with a clever address. Each test: one thing not learnt."""

import logging
import re

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse

from hub import clock, mail
from hub.celery import write_lines
from hub.logs import Line
from hub.models import Notice, OutgoingMail
from parenting_plan import actions, drawing
from parenting_plan.models import Invitation, Plan, SafetyReport
from tests.parenting_plan import family, pages, walking
from tests.parenting_plan.conftest import lively, plan, solo

__all__ = ["lively", "plan", "solo"]


# ---------------------------------------------------------------- who stopped the sharing, and why
def by_leaving(plan, ben):
    actions.leave(plan=plan, by=family.party(plan, ben))


def by_staff(plan, ben):
    actions.pause(plan=plan)


def by_an_order(plan, ben):
    actions.change_orders(plan=plan, by=family.party(plan, ben), orders=Plan.Orders.PROTECTIVE)


def what_she_gets(plan, amara, ben, signed_in, smtp, stop) -> tuple:
    """Everything Amara sees, is told and is sent once the sharing has stopped."""
    mail.relay()
    smtp.mails.clear()
    stop(plan, ben)
    mail.relay()
    client = signed_in(amara)
    said = pages.everything_the_other_sees(client, plan, family.HANDOVERS, family.OVERNIGHTS)
    said |= {address: pages.masked(client.get(address)) for address in ("/plan/", "/plan/start/?read=yes")}
    said["/home/"] = re.sub(r"/news/\w+/", "", said["/home/"])
    post = [(letter["Subject"], letter.get_body(("plain",)).get_content()) for letter in smtp.to(amara.email)]
    news = list(Notice.objects.filter(person=amara).values_list("kind", "address"))
    return said, post, news


def test_leaving_a_pause_and_a_protective_order_are_one_and_the_same(lively, amara, ben, signed_in, smtp):
    actions.change_orders(plan=lively, by=family.party(lively, amara), orders=Plan.Orders.IN_FORCE)
    drawing.reading(Plan.objects.get())
    got = []
    for stop in (by_leaving, by_staff, by_an_order):
        with transaction.atomic():
            got.append(what_she_gets(Plan.objects.get(), amara, ben, signed_in, smtp, stop))
            transaction.set_rollback(True)
    for said, post, news in got[1:]:
        assert said == got[0][0]
        assert (post, len(news)) == (got[0][1], len(got[0][2])) and news == got[0][2]
    assert len(got[0][1]) == 1 and "no longer shared" in str(got[0][0])
    assert "There is a court order" in str(got[2][0])


def test_when_a_plan_goes_on_the_news_of_its_end_is_put_away(plan, amara):
    actions.pause(plan=plan)
    assert Notice.objects.filter(person=amara, kind="left", put_away_at=None).count() == 1
    actions.resume(plan=plan)
    assert not Notice.objects.filter(kind="left", put_away_at=None).exists()
    assert mail.relay().sent == 1  # "joined"; the news of the pause is not true any more
    assert OutgoingMail.objects.filter(kind="parenting_plan/left", state="dropped").count() == 2


def test_the_hour_of_a_protective_order_is_not_on_the_plan(lively, amara, ben):
    before = drawing.reading(lively)[0].made_at
    by_an_order(lively, ben)
    amara.first_name = "Amanda"  # new words on the first page, so a new drawing
    amara.save()
    assert drawing.reading(Plan.objects.get())[0].made_at == before


def test_a_court_case_is_nobodys_news_in_a_shared_plan(plan, ben):
    """A longer record would show in the number of the next entry, which is printed on the plan."""
    before = plan.event_count
    for orders in ("proceedings", "none"):
        actions.change_orders(plan=plan, by=family.party(plan, ben), orders=orders)
        plan.refresh_from_db()
        assert (plan.event_count, plan.orders) == (before, "none")


def test_a_second_protective_order_stops_the_sharing_again(plan, amara, ben, signed_in):
    for person in (ben, amara):
        answer = signed_in(person).post(pages.url("orders", plan), {"orders": "protective"})
        assert "Stop sharing now?" in pages.said(answer)
        signed_in(person).post(pages.url("orders", plan), {"orders": "protective", "do": "sure"})
        plan.refresh_from_db()
        assert plan.paused_at
        actions.resume(plan=plan)


# ---------------------------------------------------------------- what a code, a number or an id tells
@pytest.mark.parametrize("outcome", ["declined", "unknown", "unsafe"])
def test_the_inviter_cannot_try_their_own_code_to_see_if_it_was_refused(outcome, solo, amara, signed_in):
    hers, his = signed_in(amara), Client()
    walking.through_gate(hers, solo)
    code = walking.make_code(hers, solo)

    def tries_it() -> str:
        client = Client()
        return walking.masked(client.post(walking.url("enter_code"), {"code": code}, follow=True))

    ignored = tries_it(), walking.masked(hers.get(walking.url("invite", solo.reference)))
    his.post(walking.url("enter_code"), {"code": code})
    his.post(walking.url("say_no"), {"outcome": outcome})
    assert "throw the code away" in walking.said(his.get(walking.url("say_no")))
    assert SafetyReport.objects.count() == (outcome != "declined")
    assert (tries_it(), walking.masked(hers.get(walking.url("invite", solo.reference)))) == ignored


def test_no_row_of_another_shows_in_an_id(lively, amara, ben, signed_in):
    actions.grant(plan=lively, by=family.party(lively, ben), email="his@example.com")
    actions.grant(plan=lively, by=family.party(lively, amara), email="hers@example.com")
    page = pages.said(signed_in(amara).get(pages.url("professionals", lively)))
    assert 'id="access-1"' in page and "/professionals/1/end/" in page
    story = pages.said(signed_in(amara).get(pages.url("story", lively, family.HANDOVERS)))
    assert [f'step-{number}"' in story for number in range(1, 5)] == [True, False, True, False]


def test_a_new_name_is_drawn_at_once_and_not_on_the_first_download(lively, amara, signed_in):
    Plan.objects.update(pdf_due=False)
    signed_in(amara).post(reverse("accounts:first_name"), {"first_name": "Amanda"})
    assert Plan.objects.get().pdf_due


# ---------------------------------------------------------------- writing to somebody who does not want it
def test_a_new_plan_is_no_way_to_write_to_somebody_once_more(amara):
    for _again in range(3):
        another = family.start(amara)
        actions.invite_by_email(plan=another, by=family.party(another, amara), email="her.new.address@example.com")
    another = family.start(amara)
    with pytest.raises(actions.TooMany):
        actions.invite_by_email(plan=another, by=family.party(another, amara), email="her.new.address@example.com")
    Invitation.objects.update(created_at=clock.now().replace(year=2020))
    actions.invite_by_email(plan=another, by=family.party(another, amara), email="her.new.address@example.com")
    one_more = family.start(amara)
    actions.invite_by_email(plan=one_more, by=family.party(one_more, amara), email="her.new.address@example.com")
    Invitation.objects.update(created_at=clock.now().replace(year=2020))
    last = family.start(amara)
    with pytest.raises(actions.TooMany):
        actions.invite_by_email(plan=last, by=family.party(last, amara), email="her.new.address@example.com")
    actions.invite_by_email(plan=last, by=family.party(last, amara), email="somebody.else@example.com")


def test_giving_and_taking_back_access_sends_one_mail_a_day(lively, amara):
    for _again in range(3):
        granted = actions.grant(plan=lively, by=family.party(lively, amara), email="her.new.address@example.com")
        actions.revoke(granted=granted, by=family.party(lively, amara))
    assert OutgoingMail.objects.filter(to="her.new.address@example.com").count() == 1


def test_an_address_with_letters_nobody_sees_is_an_error_in_the_form(lively, amara, signed_in):
    for written in ("sol@exa\u200dmple.com", "s\u043el@example.com"):
        answer = signed_in(amara).post(pages.url("professionals", lively), {"email": written, "do": "give"})
        assert answer.status_code == 200 and "<title>Error:" in pages.said(answer)


def test_another_site_cannot_put_its_words_into_a_page_of_ours(amara):
    client = Client(enforce_csrf_checks=True)
    client.force_login(amara)
    words = {"text": "Ring this number at once"}
    from_elsewhere = client.post("/account/name/", words, headers={"Origin": "https://elsewhere.example"})
    from_here = client.post("/account/name/", words, headers={"Origin": "http://testserver"})
    assert from_elsewhere.status_code == from_here.status_code == 403
    assert "Ring this" not in pages.said(from_elsewhere) and "Ring this" in pages.said(from_here)


# ---------------------------------------------------------------- staff, and the lines of a log
@pytest.mark.parametrize(
    "address",
    [
        "/staff/hub/outgoingmail/?to__startswith=ben",
        "/staff/hub/outgoingmail/?facts__contains=1",
        "/staff/accounts/staffmember/?password__startswith=a",
        "/staff/parenting_plan/safetyreport/?words__contains=afraid",
        "/staff/parenting_plan/invitation/?outcome=unsafe",
        "/staff/parenting_plan/invitation/?email__startswith=ben",
        "/staff/parenting_plan/plan/?orders=protective",
        "/staff/parenting_plan/planevent/?submit_key__isnull=1",
    ],
)
def test_staff_cannot_ask_a_list_for_what_it_does_not_show(address, staff, signed_in, settings, lively):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.user_permissions.set(Permission.objects.all())
    client = signed_in(staff)
    assert client.get(address.partition("?")[0]).status_code == 200
    assert client.get(address).status_code == 400


def test_staff_can_still_filter_by_what_a_list_offers(staff, signed_in, settings, lively):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.user_permissions.set(Permission.objects.all())
    for address in (
        "/staff/hub/outgoingmail/?state__exact=waiting",
        "/staff/accounts/user/?kind__exact=parent",
        "/staff/hub/accessrecord/?at__year=2026",
        "/staff/hub/helpline/?checking=due",
    ):
        assert signed_in(staff).get(address).status_code == 200, address


def test_a_worker_writes_the_same_lines_as_the_web():
    logger, handler = logging.getLogger("a worker's"), logging.StreamHandler()
    logger.addHandler(handler)
    write_lines(logger=logger)
    logger.removeHandler(handler)
    assert isinstance(handler.formatter, Line)


@pytest.mark.parametrize("name", ["celery.redirected", "django.security.DisallowedHost", "py.warnings"])
def test_a_message_that_comes_ready_made_is_not_written_down(name):
    said = Line().format(logging.LogRecord(name, 30, "x.py", 1, "CANARY", None, None))
    assert "CANARY" not in said
