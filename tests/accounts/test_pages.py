"""The pages of this room in a real browser: axe, 320 px, the keyboard's way, with and without JavaScript."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings

from hub import mail
from hub.models import OutgoingMail
from tests.accounts.conftest import CODE, PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def look(axe, no_sideways_scroll):
    """look(page): axe finds nothing, and nothing sticks out at 320 px."""

    def at(page):
        axe(page)
        no_sideways_scroll(page, 320)

    return at


def newest_code() -> str:
    return CODE.search(mail.build(OutgoingMail.objects.order_by("-created_at").first()).body)[1]


def test_signing_up_in_a_browser(open_browser, javascript, look):
    page = open_browser(javascript=javascript, width=390)
    page.goto("/accounts/signup/")
    look(page)
    page.get_by_role("button", name="Make my account").click()
    assert page.title().startswith("Error: ")
    look(page)
    page.get_by_label("What should we call you?").fill("Amara")
    page.get_by_label("Email address").fill("amara@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/accounts/confirm-email/")
    look(page)
    page.get_by_label("Code from the email").fill("BBBB-BBBB")
    page.get_by_role("button", name="Carry on").click()
    assert "That code is not right" in page.locator("main").inner_text()
    look(page)
    page.get_by_label("Code from the email").fill(newest_code())
    page.get_by_role("button", name="Carry on").click()
    page.wait_for_url("**/home/")


def test_signing_in_with_a_code_and_changing_a_name(open_browser, javascript, amara, look):
    page = open_browser(javascript=javascript)
    page.goto("/accounts/login/")
    look(page)
    page.get_by_role("link", name="Email me a code instead").click()
    look(page)
    page.get_by_label("Email address").fill(amara.email)
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_text("No email yet?").click()
    look(page)
    page.get_by_role("button", name="Send me a new code").click()
    page.get_by_text("A new code is on its way.").wait_for()
    page.get_by_label("Code from the email").fill(newest_code())
    page.get_by_role("button", name="Carry on").click()
    page.wait_for_url("**/home/")
    page.goto("/account/")
    look(page)
    page.get_by_role("link", name=re.compile("Change.*The name you are known by")).click()
    page.get_by_label("What should we call you?").fill("Mara")
    page.get_by_role("button", name="Save this name").click()
    page.get_by_text("Your name is changed.").wait_for()
    look(page)


def test_a_password_can_be_shown_only_where_scripts_run(open_browser, page_without_js):
    page = open_browser()
    page.goto("/accounts/login/")
    box = page.get_by_label("Password", exact=True)
    box.fill("let me see")
    page.get_by_role("button", name="Show password").click()
    assert box.get_attribute("type") == "text"
    page_without_js.goto("/accounts/login/")
    assert page_without_js.get_by_role("button", name="Show password").count() == 0


@pytest.mark.parametrize(
    ("path", "label", "purpose"),
    [
        ("/accounts/signup/", "What should we call you?", "given-name"),
        ("/accounts/signup/", "Email address", "email"),
        ("/accounts/signup/", "Password", "new-password"),
        ("/accounts/login/", "Email address", "email"),
        ("/accounts/login/", "Password", "current-password"),
    ],
)
def test_browsers_know_what_each_box_is_for(page, path, label, purpose):
    page.goto(path)
    box = page.get_by_label(label, exact=True)
    assert box.get_attribute("autocomplete") == purpose
    assert box.get_attribute("maxlength") is None
    assert box.get_attribute("placeholder") is None
    page.evaluate("box => document.execCommand('insertText', false, 'pasted words')", box.focus())
    assert box.input_value() == "pasted words"


PAGES = [
    "/accounts/signup/professional/", "/accounts/inactive/", "/accounts/password/reset/",
]  # fmt: skip
OWN_PAGES = [
    "/account/", "/account/name/", "/account/alerts/", "/accounts/email/", "/accounts/password/change/",
    "/accounts/logout/", "/accounts/sessions/", "/accounts/reauthenticate/", "/accounts/second-step/",
    "/accounts/second-step/app/add/", "/accounts/second-step/passkeys/", "/accounts/second-step/passkeys/add/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_for_anybody(page, look, path):
    page.goto(path)
    look(page)


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_of_a_person(open_browser, amara, look, path):
    page = open_browser(amara)
    page.goto(path)
    assert page.url.endswith(path)
    look(page)


def test_pages_of_a_person_with_an_app(open_browser, amara, look):
    TOTP.activate(amara, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(amara)
    page = open_browser(amara)
    for path in ("", "codes/", "codes/new/", "app/remove/", "confirm/"):
        page.goto(f"/accounts/second-step/{path}")
        assert page.url.endswith(f"/accounts/second-step/{path}")
        look(page)
    signing_in = open_browser()
    signing_in.goto("/accounts/login/")
    signing_in.get_by_label("Email address").fill(amara.email)
    signing_in.get_by_label("Password", exact=True).fill(PASSWORD)
    signing_in.get_by_role("button", name="Sign in").click()
    signing_in.wait_for_url("**/second-step/sign-in/")
    look(signing_in)


def test_a_passkey_from_making_it_to_signing_in_with_it_alone(open_browser, amara, look, site):
    """Chromium plays the device; the hub's own checks run."""
    address = site.url.replace("127.0.0.1", "localhost")
    page = open_browser(amara)
    page.context.add_cookies([cookie | {"domain": "localhost"} for cookie in page.context.cookies()])
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": kind | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.goto(f"{address}/accounts/second-step/passkeys/add/")
    page.get_by_label("A name for this passkey").fill("My phone")
    page.get_by_label("Let me sign in with this passkey alone").check()
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/second-step/codes/")
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    page.goto(f"{address}/accounts/second-step/passkeys/")
    page.get_by_text("My phone").first.wait_for()
    look(page)
    for link in ("Rename", "Take it off"):
        page.get_by_role("link", name=link).click()
        look(page)
        page.go_back()
    with time_machine.travel(time.time() + settings.HUB_PRIVATE_SECONDS):
        page.goto(f"{address}/goals/")
        page.get_by_role("link", name="Use a passkey").click()
        look(page)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(re.compile("/goals/$"))
    page.goto(f"{address}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{address}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/home/$"))
    page.goto(f"{address}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email address").fill(amara.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/second-step/sign-in/")
    look(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/home/$"))
