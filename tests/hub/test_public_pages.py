"""What anybody may read: no cookie, no query, plain words, and everything true of this house."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hub import helplines, http
from hub.helplines import Helpline
from parenting_plan import questions
from tests import reading
from tests.hub.lines import a_helpline

PAGES = [
    "start", "help", "safety", "how_it_works", "solicitors", "privacy", "cookies", "accessibility", "terms", "contact",
    "about", "before_you_start", "search",
]  # fmt: skip
FOUND_BY_SEARCH = {"start", "help", "how_it_works", "solicitors", "about"}
HARDER = {"solicitors": 7}  # read by lawyers; every other page stays at 5
LONGEST_SENTENCE = 25
BANNED = (
    "custody|visitation|residence|respondent|applicant|contact arrangements|contact order|absent parent|"
    "broken home|ex-partner|your ex |please note|utilise|commence|in order to|prior to|failure|failed|overdue|"
    "invalid|50:50"
).split("|")


@pytest.fixture(autouse=True)
def empty_shelf():
    http._shelf.clear()
    yield
    http._shelf.clear()


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


def drawn(name: str) -> str:
    return Client().get(reverse(name)).content.decode()


# ---------------------------------------------------------------- how they are served
def test_a_visitor_gets_no_cookie_and_costs_no_query(name, db, django_assert_num_queries):
    client, address = Client(), reverse(name)
    client.get(address)
    with django_assert_num_queries(0):
        answer = client.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not client.cookies
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Cookie" in answer.headers["Vary"]


def test_somebody_signed_in_gets_a_page_that_nobody_keeps(name, amara, signed_in):
    client = signed_in(amara)
    answer = client.get(reverse(name))
    assert answer.status_code == (302 if name == "start" else 200)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not http._shelf
    if name != "start":
        assert reverse("account_login") not in answer.content.decode().split("<main")[0]


def test_a_message_for_one_person_never_lands_on_a_page_for_all(amara, signed_in):
    """Messages live in the session: who has one brings a session cookie, and such a page is not kept."""
    client = signed_in(amara)
    client.post(reverse("accounts:first_name"), {"first_name": "Amara Rose"})
    assert "messages" not in client.cookies
    kept = client.get(reverse("help")).content.decode()
    assert "Your name is changed" in kept
    assert "Your name is changed" not in drawn("help")


def test_every_page_names_itself(name, db):
    html = drawn(name)
    title = re.search(r"<title>(.*?)</title>", html, re.S)[1].strip()
    assert title.endswith(f"– {settings.HUB_NAME}")
    assert len(title) > len(settings.HUB_NAME) + 5
    assert html.count("<h1") == 1
    described = re.search(r'<meta name="description" content="([^"]+)">', html)[1]
    assert 40 < len(unescape(described)) < 170, described
    assert f'<link rel="canonical" href="{settings.HUB_ADDRESS}{reverse(name)}">' in html
    told = dict(re.findall(r'<meta property="og:([a-z_]+)" content="([^"]+)">', html))
    assert told["url"] == settings.HUB_ADDRESS + reverse(name)
    assert told["title"] == title.partition(" – ")[0]
    assert told["description"] == described
    assert told["image"].startswith(f"{settings.HUB_ADDRESS}/static/img/share")
    robots = re.search(r'<meta name="robots" content="([^"]+)">', html)[1]
    assert robots == ("index, follow" if name in FOUND_BY_SEARCH else "noindex")
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert html.split("<main")[1].split("</main")[0].count('class="govuk-button"') <= 1, "one filled button a page"


def test_no_page_has_a_style_or_script_of_its_own(name, db):
    html = drawn(name)
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", html)


def test_every_link_leads_somewhere(db):
    addresses, pieces, outside = {}, {}, set()
    for name in PAGES:
        html = drawn(name)
        pieces[reverse(name)] = set(re.findall(r'\sid="([^"]+)"', html))
        for tag, href in re.findall(r'(<a\s[^>]*href="([^"]*)"[^>]*>)', html):
            href = unescape(href)
            if href.startswith("http"):
                assert 'rel="noreferrer"' in tag, tag
                assert "target=" not in tag, tag
                outside.add(href)
            elif not href.startswith(("tel:", "mailto:")):
                where, _, piece = href.partition("#")
                addresses.setdefault(where or reverse(name), set()).add(piece)
    for where, wanted in addresses.items():
        assert Client().get(where).status_code in {200, 302}, where
        if where in pieces:
            assert wanted - {""} <= pieces[where], f"{where} has no {wanted - pieces[where]}"
    assert {href.split("/")[2] for href in outside} <= {
        "refuge.org.uk", "www.womensaid.org.uk", "www.ncsc.gov.uk", "ico.org.uk", "www.equalityadvisoryservice.com",
    }  # fmt: skip


def test_search_engines_and_finders_of_weaknesses_are_told_where_to_go(db):
    robots = Client().get("/robots.txt")
    assert robots.headers["Content-Type"].startswith("text/plain")
    closed = robots.content.decode()
    for place in ("plan/", "learn/my-words/", "learn/workshop/", "referral/"):
        assert f"Disallow: /{place}\n" in closed, place
    told = Client().get("/.well-known/security.txt").content.decode()
    assert f"Contact: mailto:{settings.HUB_SUPPORT_EMAIL}" in told
    assert re.search(r"^Expires: 20\d\d-\d\d-\d\dT00:00:00Z$", told, re.M)


# ---------------------------------------------------------------- words
def test_the_words_are_plain(name, db):
    found = reading.read(drawn(name))
    assert found.grade <= HARDER.get(name, 5), f"grade {found.grade}"
    assert found.longest_words <= LONGEST_SENTENCE, found.longest
    assert not [word for word in BANNED if word in found.words]


BEATS = {
    1: "the asked write safe choose used called rules leaves gives helped",
    2: "parent agreed settles settled little children pages re-read answers email changes needed apple wishes safely",
    3: "suggested privacy video",
    4: "solicitor information",
}


@pytest.mark.parametrize("beats", BEATS)
def test_beats_are_counted_well_enough(beats):
    for word in BEATS[beats].split():
        assert reading.syllables(word) == beats, word


def test_hard_words_are_noticed():
    easy = "<main><p>You can start alone. You can stop at any time. We help you.</p></main>"
    hard = "<main><p>Notwithstanding aforementioned considerations, participation is discretionary.</p></main>"
    assert reading.read(easy).grade < 3
    assert reading.read(hard).grade > 15
    long = "<main><ul><li>" + "word " * 30 + "</li></ul></main>"
    assert reading.read(long).longest_words == 30


# ---------------------------------------------------------------- facts
def test_help_shows_every_number_of_the_house_and_when_it_was_checked(db):
    hidden = a_helpline("Gone", number="0800 000 0000", need="legal", out=True)
    a_helpline("Night line", number="0800 111 2222", hours="9 pm to 6 am", link="https://night.example/",
               checked_on="2026-03-02")  # fmt: skip
    html = drawn("help")
    assert hidden.number not in html
    assert len(helplines.shown()) == 15
    for line in helplines.shown():
        assert f'href="tel:{line.number.replace(" ", "")}"' in html, line
    assert "Checked on 2 March 2026" in html
    assert "9 pm to 6 am" in html
    assert '<a class="govuk-link" href="https://night.example/" rel="noreferrer">' in html
    main = html.split("<main")[1]
    assert main.index('href="tel:999"') == main.index('href="tel:')
    assert "Press 55" in main


def test_help_without_any_record_still_says_999(db):
    Helpline.objects.update(withdrawn=True)
    assert 'href="tel:999"' in drawn("help").split("<main")[1].split("</main")[0]


def test_how_it_works_lists_the_parts_there_are(db):
    html = unescape(drawn("how_it_works"))
    for section in questions.sections():
        assert f"<strong>{section.title}</strong><br>{section.summary}" in html
    assert html.count('class="hub-parts__letter"') == len(questions.sections()) == 10


def test_the_cookies_page_names_what_the_browser_gets(amara, client):
    html = drawn("cookies")
    client.get(reverse("account_login"))
    client.force_login(amara)
    client.get(reverse("home"))
    assert set(client.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    for cookie in client.cookies:
        assert cookie in html
    assert settings.CSRF_COOKIE_AGE is None
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    script = (settings.HOUSE / "static" / "hub.js").read_text("utf-8")
    assert set(re.findall(r'const [A-Z_]+ = "(hub-[a-z-]+)"', script)) == {"hub-exit-key-off"}
    assert "hub-exit-key-off" in html


def test_what_the_pages_promise_is_set(db):
    assert settings.HUB_EXIT_ADDRESS == "https://www.bbc.co.uk/weather"
    assert settings.PLAN_REST.total_seconds() == 24 * 3600
    assert settings.SESSION_COOKIE_AGE == 3600  # "after an hour without use, or after 12 hours" (accessibility)
    assert settings.HUB_SESSION_LONGEST_SECONDS == 12 * 3600
    assert f"“{settings.HUB_MAIL_SUBJECT}”" in unescape(drawn("safety"))
    assert f"{settings.PLAN_PROFESSIONAL_DAYS} days" in drawn("solicitors")
    assert f"{settings.PLAN_INVITATION_DAYS} days" in drawn("privacy")
    assert f"youngest child is {settings.PLAN_AGE}" in drawn("privacy")
    assert f"{settings.HUB_BACKUPS_KEPT} nights" in drawn("privacy")
    assert len(settings.PLAN_NUDGE_DAYS) == 2  # "we remind them twice at most" (how it works)
    assert settings.HUB_SUPPORT_EMAIL in drawn("contact")


def test_a_form_from_elsewhere_is_refused_kindly(db):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": "a@example.com"})
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "Please send that again" in html
    assert html.count("<h1") == 1


# ---------------------------------------------------------------- in a browser
@pytest.mark.parametrize("width", [390, 1280])
def test_nobody_is_shut_out(open_browser, axe, no_sideways_scroll, javascript, width):
    page = open_browser(javascript=javascript, width=width)
    for name in PAGES:
        page.goto(reverse(name))
        axe(page)
        no_sideways_scroll(page, 320)
        no_sideways_scroll(page, width)
    assert page.context.cookies() == []


def test_the_dark_is_as_clear(open_browser, axe):
    page = open_browser(width=390, color_scheme="dark")
    for name in PAGES:
        page.goto(reverse(name))
        axe(page)


def test_every_link_and_button_is_reached_by_the_tab_key_and_shows_it(open_browser):
    page = open_browser()
    for name in PAGES:
        page.goto(reverse(name))
        wanted = page.evaluate(
            "[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden])')]"
            ".filter(e => e.checkVisibility()).length"
        )
        seen = []
        for _ in range(wanted):
            page.keyboard.press("Tab")
            seen.append(
                page.evaluate(
                    """() => {
                        const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
                        const shows = s.outlineStyle !== 'none' || s.boxShadow !== 'none';
                        const top = document.querySelector('.hub-top').getBoundingClientRect().bottom;
                        const free = r.bottom > top || e.closest('.hub-top') || e.matches('.govuk-skip-link');
                        return [e.tagName, e.textContent.trim().slice(0, 40), Boolean(shows), Boolean(free)];
                    }"""
                )
            )
        assert all(tag in {"A", "BUTTON", "SUMMARY", "INPUT"} for tag, *_ in seen), (name, seen)
        assert all(shows and free for *_, shows, free in seen), (name, [stop for stop in seen if not all(stop[2:])])


def test_the_escape_key_can_be_turned_off(open_browser):
    page = open_browser()
    gone = []

    def answer(route):
        gone.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<title>Elsewhere</title>")

    page.context.route(f"**{reverse('exit')}", answer)
    page.goto(reverse("safety"))
    switch = page.locator("[data-exit-key-switch]")
    assert switch.inner_text() == "Turn the Escape key off"
    switch.click()
    assert switch.inner_text() == "Turn the Escape key on"
    page.goto(reverse("help"))
    for _ in range(3):
        page.keyboard.press("Escape")
    page.goto(reverse("safety"))
    assert not gone
    switch.click()
    assert page.evaluate("localStorage.length") == 0
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(f"**{reverse('exit')}")
    assert len(gone) == 1


def test_without_scripts_the_safety_page_says_why_there_is_no_switch(page_without_js):
    page_without_js.goto(reverse("safety"))
    assert not page_without_js.locator("[data-exit-key-switch]").is_visible()
    assert page_without_js.get_by_text("If you see no button here").is_visible()
