"""What somebody reads when a page cannot help: in our design, in plain words, with a way on, and without a database."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.views import defaults

from hub import helplines, views
from tests import reading
from tests.hub.test_public_pages import BANNED, LONGEST_SENTENCE

BARE = ["500.html", "503.html", "busy.html"]
FULL = ["400.html", "403.html", "403_csrf.html", "404.html", "409.html", "413.html", "429.html"]


def provoke_400() -> HttpResponse:
    return Client().get("/", headers={"Host": "nobody.invalid"})


def provoke_403_csrf() -> HttpResponse:
    return Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@example.com"})


def provoke_404() -> HttpResponse:
    return Client().get("/no-such-page/")


def provoke_413() -> HttpResponse:
    much = {"login": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    return Client().post(reverse("account_login"), much, content_type="application/x-www-form-urlencoded")


def provoke_429() -> HttpResponse:
    client = Client()
    answers = [client.post(reverse("parenting_plan:verify"), {"code": "AAAABBBBCCCCDDDD"}) for _ in range(12)]
    return next(answer for answer in answers if answer.status_code == 429)


def provoke_500(monkeypatch) -> HttpResponse:
    def breaks():
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(views, "example_of_a_change", breaks)
    monkeypatch.setattr("hub.http._shelf", {})
    return Client(raise_request_exception=False).get("/")


def provoke_busy(monkeypatch) -> HttpResponse:
    def waits():
        raise OperationalError("database is locked")

    monkeypatch.setattr(views, "example_of_a_change", waits)
    monkeypatch.setattr("hub.http._shelf", {})
    return Client().get("/")


HOW = {
    "400": (provoke_400, 400, "That did not come through"),
    "403 csrf": (provoke_403_csrf, 403, "Please send that again"),
    "404": (provoke_404, 404, "We cannot find that page"),
    "413": (provoke_413, 413, "That was too much at once"),
    "429": (provoke_429, 429, "Let us take a short rest"),
    "500": (provoke_500, 500, "Something went wrong on our side"),
    "busy": (provoke_busy, 503, "Please try that again"),
}


@pytest.fixture(params=HOW)
def provoked(request, db, monkeypatch) -> tuple[HttpResponse, int, str]:
    provoke, status, title = HOW[request.param]
    return provoke(monkeypatch) if "monkeypatch" in provoke.__code__.co_varnames else provoke(), status, title


def test_it_says_what_happened_and_where_to_go(provoked):
    answer, status, title = provoked
    html = unescape(answer.content.decode())
    assert answer.status_code == status
    assert f'<h1 class="govuk-heading-xl">{title}</h1>' in html
    assert re.search(r"<title>.+ – ", html)
    assert '<meta name="robots" content="noindex">' in html
    main = html.split("<main")[1].split("</main")[0]
    for where in ("/", reverse("help"), reverse("search"), reverse("contact")):
        assert f'href="{where}"' in main, where
    assert f'href="{reverse("exit")}"' in html and "0800 1111" in html
    assert "Traceback" not in html and "RuntimeError" not in html


def test_nobody_keeps_it(provoked):
    answer, _status, _title = provoked
    assert "public" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("name", BARE)
def test_what_is_shown_when_all_is_broken_asks_nothing_of_anybody(name, django_db_blocker):
    """No context, no session, no database: this test has none, and asking one is an error."""
    html = get_template(name).render({"own_words": []} if name == "busy.html" else None)
    assert html.count("<h1") == 1 and "{{" not in html


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_when_the_page_of_helplines_may_be_down_a_number_stands_here(name, db):
    number = "0808 2000 247"
    kept = {line.number for _need, lines in helplines.by_need() for line in lines}
    assert number in get_template(name).render() and number in kept


def test_a_page_that_is_not_for_you(rf, db, amara):
    request = rf.get("/")
    request.user, request.htmx = amara, False
    answer = defaults.permission_denied(request, Exception())
    assert answer.status_code == 403
    assert "This page is not open to you" in answer.content.decode()


@pytest.mark.parametrize("name", [*FULL, *BARE])
def test_the_words_are_plain(name, rf, db):
    request = rf.get("/")
    html = get_template(name).render({"own_words": []}, request)
    found = reading.read(html)
    assert found.grade <= 5, found.grade
    assert found.longest_words <= LONGEST_SENTENCE, found.longest
    assert not [word for word in BANNED if word in found.words]


def test_the_way_out_says_nothing_of_us_even_when_a_browser_stays(db):
    answer = Client().get(reverse("exit"))
    assert answer.status_code == 302 and answer.headers["Location"] == settings.HUB_EXIT_ADDRESS
    html = answer.content.decode()
    assert f'<a href="{settings.HUB_EXIT_ADDRESS}">Weather</a>' in html
    assert settings.HUB_NAME not in html and "hub" not in html.casefold() and "parent" not in html.casefold()


@pytest.mark.parametrize("width", [390, 1280])
def test_nobody_is_shut_out(open_browser, axe, no_sideways_scroll, javascript, width):
    page = open_browser(javascript=javascript, width=width)
    page.goto("/no-such-page/")
    axe(page)
    no_sideways_scroll(page, 320)
    page.get_by_role("link", name="Find somebody to talk to").click()
    page.get_by_role("heading", level=1, name="Get help").wait_for()
