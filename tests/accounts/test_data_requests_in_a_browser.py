"""Somebody asks on a phone, staff answer at a desk, and they read the answer."""

import re

from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import expect

from accounts.models import DataRequest


def test_a_request_from_the_phone_to_the_answer(open_browser, amara, member, axe, no_sideways_scroll):
    stella = member("Stella", "helpdesk")
    TOTP.activate(stella, "JBSWY3DPEHPK3PXP")
    phone = open_browser(amara, javascript=False, width=390)
    phone.goto("/account/your-data/ask/")
    phone.get_by_role("button", name="Send this to our staff").click()
    expect(phone.get_by_role("alert")).to_contain_text("Choose what you would like us to do")
    axe(phone)
    no_sideways_scroll(phone, width=390)
    phone.get_by_label("Put something right").check()
    phone.get_by_label("Tell us more").fill("My name is spelt with two Ms.")
    phone.get_by_role("button", name="Send this to our staff").click()
    expect(phone.get_by_text("We have it. We answer by")).to_be_visible()
    axe(phone)
    no_sideways_scroll(phone, width=390)

    row = DataRequest.objects.get()
    desk = open_browser(stella)
    desk.goto("/staff/")
    desk.get_by_role("link", name="1 request about data to answer").click()
    expect(desk.get_by_role("cell", name=amara.email)).to_be_visible()
    axe(desk)
    desk.goto(f"/staff/accounts/datarequest/{row.pk}/change/")
    expect(desk.get_by_text("My name is spelt with two Ms.")).to_be_visible()
    axe(desk)
    desk.get_by_role("link", name="Close this request").click()
    desk.get_by_role("button", name="Close the request").click()
    expect(desk.get_by_role("alert")).to_contain_text("Choose what came of it")
    axe(desk)
    desk.get_by_label("What came of it").select_option("put_right")
    desk.get_by_label("What they read").fill("It has two Ms now.")
    desk.get_by_role("button", name="Close the request").click()
    expect(desk.get_by_text("Done: Close this request.")).to_be_visible()
    axe(desk)

    phone.goto("/account/your-data/")
    expect(phone.get_by_text("We put it right.")).to_be_visible()
    phone.get_by_role("link", name=re.compile("To put something right")).click()
    expect(phone.get_by_text("It has two Ms now.")).to_be_visible()
    axe(phone)
