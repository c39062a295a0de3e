"""A member of staff from the invitation to the first staff page, and the pages about staff and people, as they look."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import expect

from accounts import conflicts
from accounts.staff import actions
from tests.accounts.test_looking_after import app_code

STAFF, PEOPLE, OWN = "/staff/accounts/staffmember/", "/staff/accounts/user/", "/staff/accounts/conflict/"


@pytest.mark.parametrize(("javascript", "width"), [(False, 390), (True, 1280)], ids=["phone-without-js", "desktop"])
def test_from_the_invitation_to_the_staff_pages(
    open_browser, javascript, width, lead, letters, settings, axe, no_sideways_scroll
):
    settings.HUB_STAFF_SECOND_STEP = True
    actions.invite(email="nora@example.com", role_slugs=["helpdesk"], reason="She starts on Monday.", by=lead)
    link = re.search(r"/account/staff-invitation/\S+", letters()[-1].body)[0]
    page = open_browser(javascript=javascript, width=width)
    page.goto(link)
    expect(page).to_have_url(re.compile("/account/staff-invitation/$"))
    axe(page)
    no_sideways_scroll(page)
    page.get_by_label("What should we call you?").fill("Nora")
    page.get_by_label("Password", exact=True).fill("seven kettles under a bridge")
    page.get_by_role("button", name="Carry on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A second step when you sign in")
    page.goto("/staff/")
    expect(page.get_by_role("heading", level=1)).to_have_text("A second step when you sign in")
    page.get_by_role("link", name="Add an app").click()
    secret = page.locator(".accounts-letters").inner_text()
    page.get_by_label("Code from the app").fill(app_code(secret))
    page.get_by_role("button", name="Add this app").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your spare codes")
    axe(page)
    page.get_by_role("button", name="Go to the staff pages").click()
    expect(page).to_have_url(re.compile("/staff/$"))
    page.goto(PEOPLE)
    expect(page.get_by_label("Their whole email address")).to_be_visible()
    assert Authenticator.objects.filter(user__email="nora@example.com").count() == 2


def test_the_lead_invites_changes_and_stops(open_browser, lead, member, axe, no_sideways_scroll):
    stella = member("Stella", "helpdesk")
    for each in (lead, stella):
        TOTP.activate(each, "JBSWY3DPEHPK3PXP")
    conflicts.declare(person=stella, about="AB12", by=stella)
    page = open_browser(lead, width=390)
    page.goto(STAFF)
    axe(page)
    no_sideways_scroll(page, width=390)
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one role or more")
    axe(page)
    no_sideways_scroll(page, width=390)
    page.get_by_label("Work email address").fill("nora@example.com")
    page.get_by_label("Facilitator").check()
    page.get_by_label("Why?").fill("She starts on Monday.")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
    expect(page.get_by_role("link", name="Call it off nora@example.com")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Stella").first.click()
    expect(page.get_by_text("AB12")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Change the roles").click()
    page.get_by_label("Auditor").check()
    page.get_by_label("Why?").fill("She helps with audit.")
    page.get_by_role("button", name="Carry on").click()
    expect(page.get_by_role("heading", name="They get")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Change the roles").click()
    expect(page.get_by_text("The roles are changed.")).to_be_visible()
    page.get_by_role("link", name="Stop this account").click()
    axe(page)
    page.get_by_label("Why?").fill("She has left.")
    page.get_by_role("button", name="Stop this account").click()
    expect(page.get_by_text("The account is stopped.")).to_be_visible()
    expect(page.get_by_role("link", name="Invite them again")).to_be_visible()


def test_helpdesk_finds_one_person_and_helps(open_browser, member, amara, axe, no_sideways_scroll):
    stella = member("Stella", "helpdesk")
    TOTP.activate(stella, "JBSWY3DPEHPK3PXP")
    page = open_browser(stella, javascript=False, width=390)
    page.goto(PEOPLE)
    axe(page)
    page.get_by_label("Their whole email address").fill("amara@example.com")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    assert "amara" not in page.url
    axe(page)
    no_sideways_scroll(page, width=390)
    page.get_by_role("link", name="Amara").click()
    axe(page)
    no_sideways_scroll(page, width=390)
    page.get_by_role("link", name="Sign them out everywhere").click()
    axe(page)
    page.get_by_label("Why?").fill("She lost her phone and rang.")
    page.get_by_role("button", name="Sign them out").click()
    expect(page.get_by_text("They are signed out everywhere.")).to_be_visible()
    page.goto(OWN)
    page.get_by_label("Plan reference or case number").fill("AB12-3456")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("AB123456")).to_be_visible()
    axe(page)
    no_sideways_scroll(page, width=390)
