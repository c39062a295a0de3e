"""Exit this page: the browser itself leaves, the session ends on the server, and Back shows nothing private."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.parenting_plan import family

pytestmark = pytest.mark.django_db(transaction=True)


class Leaving:
    """Amara at her browser on a page of her plan, having come from another one. Nothing here drives her elsewhere."""

    def __init__(self, page, plan, weather, settings):
        self.page, self.weather, self.cookie_name = page, weather, settings.SESSION_COOKIE_NAME
        self.private = f"/plan/{plan.reference}/{family.HANDOVERS}/"
        page.goto(f"/plan/{plan.reference}/")
        page.goto(self.private)
        expect(page.get_by_text("at the school gate").first).to_be_visible()
        self.cookie = self.session()

    def session(self) -> str | None:
        return next((c["value"] for c in self.page.context.cookies() if c["name"] == self.cookie_name), None)

    def has_left(self) -> None:
        """She is at the weather, and what she left cannot be come back to."""
        self.page.wait_for_url(self.weather.address, timeout=5000)
        asked = self.weather.asked[0]
        assert "Referer" not in asked and "Cookie" not in asked
        assert self.session() in (None, "")
        assert not Session.objects.filter(session_key=self.cookie).exists()

    def sees_nothing_with_back(self) -> None:
        for _step in range(4):
            self.page.go_back()
            assert "school gate" not in self.page.content() and "Anya" not in self.page.content()


class Weather(ThreadingHTTPServer):
    """Another site, on a host of its own. It remembers what browsers told it."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Page)
        self.asked: list = []
        self.address = f"http://127.0.0.1:{self.server_port}/weather"


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/weather":
            self.server.asked.append(self.headers)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Weather</title><h1>Sunny</h1>")

    def log_message(self, *told):
        """Quiet."""


@pytest.fixture
def weather(settings):
    with Weather() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.HUB_EXIT_ADDRESS = server.address
        yield server
        server.shutdown()


@pytest.fixture
def leaving(open_browser, lively, amara, weather, settings, javascript):
    return Leaving(open_browser(amara, javascript=javascript), lively, weather, settings)


def test_the_button_leaves_and_ends_the_session(leaving, open_browser, settings, javascript, site):
    leaving.page.get_by_role("link", name="Exit this page").click()
    leaving.has_left()
    # The old cookie, taken along by somebody else, opens nothing.
    thief = open_browser(javascript=javascript)
    thief.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": leaving.cookie, "url": site.url}])
    thief.goto(leaving.private)
    assert "/accounts/login/" in thief.url
    leaving.sees_nothing_with_back()


def test_with_a_keyboard_it_is_a_link_like_any_other(leaving):
    leaving.page.get_by_role("link", name="Exit this page").focus()
    leaving.page.keyboard.press("Enter")
    leaving.has_left()


@pytest.fixture
def scripted(open_browser, lively, amara, weather, settings):
    return Leaving(open_browser(amara), lively, weather, settings)


def test_escape_three_times_leaves(scripted):
    scripted.page.keyboard.press("Escape")
    expect(scripted.page.get_by_text("Press Escape 2 more times to leave")).to_have_count(1)
    scripted.page.keyboard.press("Escape")
    scripted.page.keyboard.press("Escape")
    scripted.has_left()
    scripted.sees_nothing_with_back()


def test_escape_twice_and_another_key_stays(scripted):
    for key in ("Escape", "Escape", "Shift", "Escape", "Escape"):
        scripted.page.keyboard.press(key)
    assert scripted.page.url.endswith(scripted.private) and scripted.weather.asked == []
    assert scripted.session() == scripted.cookie


def test_escape_does_nothing_while_somebody_types(scripted, lively):
    scripted.page.goto(f"/plan/{lively.reference}/how-we-talk/day-to-day/write/")
    box = scripted.page.get_by_label("Your words", exact=True)
    box.fill("Words I do not want to lose")
    for _press in range(4):
        box.press("Escape")
    assert scripted.page.url.endswith("/write/") and scripted.weather.asked == []
    expect(box).to_have_value("Words I do not want to lose")
    assert Session.objects.filter(session_key=scripted.cookie).exists()


def test_the_key_can_be_turned_off_and_the_button_still_leaves(scripted):
    scripted.page.goto("/safety/")
    scripted.page.get_by_role("button", name="Turn the Escape key off").click()
    scripted.page.goto(scripted.private)
    for _press in range(4):
        scripted.page.keyboard.press("Escape")
    assert scripted.page.url.endswith(scripted.private) and scripted.weather.asked == []
    scripted.page.get_by_role("link", name="Exit this page").click()
    scripted.has_left()


def test_these_tests_would_see_an_exit_that_leaves_the_session_open(scripted, monkeypatch):
    """The broken twin: the way out goes to the weather and forgets to sign out."""
    from hub import views

    monkeypatch.setattr(views, "logout", lambda request: None)
    scripted.page.get_by_role("link", name="Exit this page").click()
    with pytest.raises(AssertionError, match="session"):
        scripted.has_left()
    assert scripted.page.url == scripted.weather.address


def test_these_tests_would_see_an_exit_that_goes_nowhere(scripted, monkeypatch, settings):
    """The other broken twin: the way out ends the session and stays in the hub."""
    from playwright.sync_api import TimeoutError as NeverThere

    settings.HUB_EXIT_ADDRESS = "/"
    scripted.page.get_by_role("link", name="Exit this page").click()
    with pytest.raises(NeverThere):
        scripted.has_left()
