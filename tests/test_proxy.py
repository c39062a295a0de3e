"""What a visitor meets at the door: the real nginx, with the file we deploy, before the real gunicorn."""

import http.client
import os
import re
import socket
import ssl
from contextlib import ExitStack
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from hub.management.commands.draw_error_pages import PAGES
from tests import production, servers
from tests.production import Proxy

MANIFEST = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
NOT_MET_HERE = ["admin", "films", "noto-*", "pdf.css", "staff.css"]
TOO_MUCH = "That was too much at once"
RESTING = "The hub is resting for a moment"
WEATHER = "https://www.bbc.co.uk/weather"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.body.decode())
        return unescape(found[1]) if found else ""


def ask(proxy: Proxy, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    line = http.client.HTTPSConnection("localhost", proxy.port, timeout=20, context=proxy.trust())
    try:
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        line.close()


def call(proxy: Proxy, words: bytes) -> ssl.SSLSocket:
    """A visitor's line on which these words were said."""
    line = proxy.trust().wrap_socket(
        socket.create_connection(("127.0.0.1", proxy.port), timeout=20), server_hostname="localhost"
    )
    line.sendall(words)
    return line


def half_a_form(proxy: Proxy) -> ssl.SSLSocket:
    """A visitor who promises a hundred letters and sends three."""
    return call(proxy, b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nlog")


@pytest.fixture(scope="module")
def pages():
    """The folder of pages that `draw_error_pages` wrote, with the static files they and the hub name beside it."""
    with (
        servers.folder() as home,
        override_settings(STATIC_ROOT=home / "static", STORAGES=settings.STORAGES | MANIFEST),
    ):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_MET_HERE)
        call_command("draw_error_pages", home / "pages")
        yield home / "pages"


@pytest.fixture(scope="module")
def hub(django_db_setup, pages):
    """The port of gunicorn, which serves one visitor at a time, and the file where it writes what nginx told it."""
    database = connection.settings_dict
    told = "%(s)s %({x-forwarded-for}i)s %({x-forwarded-proto}i)s %({host}i)s"
    environment = os.environ | production.invented()
    environment |= {
        "DATABASE_URL": f"postgres://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "HUB_ONE_DATABASE_ROLE": "yes",
        "HUB_HOSTS": "localhost",
        "HUB_EXIT_ADDRESS": WEATHER,
        "HUB_STATIC_ROOT": str(pages.parent / "static"),
        "HUB_WEB_PROCESSES": "1",
        "HUB_WEB_THREADS": "1",
        "GUNICORN_CMD_ARGS": f"--access-logfile - --access-logformat '{told}'",
    }
    log = pages.parent / "hub.log"
    with log.open("wb") as out, production.web(environment, out) as (_process, port):
        first = http.client.HTTPConnection("127.0.0.1", port, timeout=60)  # it is answered when gunicorn is up
        first.request("GET", "/healthz", headers={"Host": "localhost"})
        assert first.getresponse().status == 200
        first.close()
        yield port, log


@pytest.fixture(scope="module")
def proxy(hub, pages):
    with servers.folder() as home, production.proxy(home, f"127.0.0.1:{hub[0]}", pages) as found:
        yield found


@pytest.fixture(scope="module")
def deserted(pages):
    """A proxy behind which nobody answers."""
    with servers.folder() as home, production.proxy(home, f"127.0.0.1:{production.free_port()}", pages) as found:
        yield found


# ---------------------------------------------------------------- too much at once
@pytest.mark.parametrize("sign", ["a", "?", "ش", "🙂"], ids=["letters", "marks", "arabic", "faces"])
def test_a_search_of_ten_thousand_signs_is_answered(proxy, sign):
    answer = ask(proxy, f"/search/?q={quote(sign * 10_000)}")
    assert (answer.status, answer.heading) == (200, "Search")


def test_an_address_without_end_is_refused_in_our_design(proxy):
    answer = ask(proxy, "/search/?q=" + "a" * 140_000)
    assert (answer.status, answer.heading) == (414, TOO_MUCH)


def test_a_form_without_end_is_refused_in_our_design(proxy):
    answer = ask(proxy, "/account/login/", "POST", b"x" * 300_000)
    assert (answer.status, answer.heading) == (413, TOO_MUCH)


def test_a_browser_is_told_the_same(proxy, new_context):
    """Browsers speak HTTP/2, for which nginx has ways of its own."""
    page = new_context(ignore_https_errors=True).new_page()
    assert page.goto(f"{proxy.address}/search/?q={quote('🙂' * 10_000)}").status == 200
    told = page.evaluate(
        """async () => {
            const answer = await fetch("/account/login/", { method: "POST", body: "x".repeat(300000) });
            const [entry] = performance.getEntriesByType("navigation");
            return [entry.nextHopProtocol, answer.status, await answer.text()];
        }"""
    )
    assert told[:2] == ["h2", 413]
    assert TOO_MUCH in told[2]


def test_what_cannot_be_read_is_refused_in_our_design(proxy):
    with call(proxy, b"GET / HTTP/1.1\r\n\r\n") as line:  # it names no host
        said = b"".join(iter(lambda: line.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 400 ") and b"That did not come through" in said


# ---------------------------------------------------------------- many, and slow
def test_a_slow_form_holds_up_nobody_and_is_cut(hub, pages):
    """The hub behind has time for one visitor only, and never hears of this one."""
    with (
        servers.folder() as home,
        production.proxy(home, f"127.0.0.1:{hub[0]}", pages, client_body_timeout="300ms") as proxy,
        half_a_form(proxy) as slow,
    ):
        assert ask(proxy, "/healthz").status == 200
        assert slow.recv(1) == b""


def test_one_visitor_cannot_take_every_line(proxy, until):
    with ExitStack() as lines:
        for _number in range(60):
            lines.enter_context(half_a_form(proxy))
        until(lambda: ask(proxy, "/").status == 429)  # as soon as nginx has heard all of them
        assert ask(proxy, "/").heading == "Let us take a short rest"
        assert WEATHER in ask(proxy, "/exit/").body.decode()


# ---------------------------------------------------------------- what passes through
def test_the_hub_is_told_the_visitors_own_address_and_no_other(proxy, hub, until):
    assert ask(proxy, "/healthz", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="http").status == 200
    assert "203.0.113.9" not in hub[1].read_text()
    assert until(lambda: "200 127.0.0.1 https localhost\n" in hub[1].read_text())


def test_static_files_come_small_and_for_good(proxy):
    front = ask(proxy, "/").body.decode()
    sheet = re.search(r'href="(/static/hub\.[0-9a-f]{12}\.css)"', front)[1]
    script = re.search(r'src="(/static/hub\.[0-9a-f]{12}\.js)"', front)[1]
    for path in (sheet, script):
        whole = ask(proxy, path)
        assert "Content-Encoding" not in whole.headers
        for encoding in ("br", "gzip", "br"):  # the proxy keeps them: it must not mix them up
            small = ask(proxy, path, Accept_Encoding=encoding)
            assert small.headers["Content-Encoding"] == encoding
            assert len(small.body) < len(whole.body) / 2
            assert small.headers["Cache-Control"] == "max-age=315360000, public, immutable"


def test_pages_of_words_come_small(proxy):
    answer = ask(proxy, "/", Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.body) < 8_000


def test_who_asks_in_the_open_is_sent_to_the_private_door(proxy):
    line = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=20)
    line.request("GET", "/help/?a=b", headers={"Host": "localhost"})
    answer = line.getresponse()
    line.close()
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/help/?a=b")


def test_the_question_of_the_machines_is_not_answered_to_the_world(proxy):
    assert ask(proxy, "/readyz").status == 404
    assert ask(proxy, "/proxy/503.html").status == 404


# ---------------------------------------------------------------- when the hub does not answer
@pytest.mark.parametrize("path", ["/", "/search/?q=words", "/plan/ABCD/", "/static/hub.css"])
def test_a_hub_that_does_not_answer_rests(deserted, path):
    answer = ask(deserted, path)
    assert (answer.status, answer.heading) == (503, RESTING)
    said = answer.body.decode()
    assert "0800 1111" in said and 'href="/exit/"' in said and 'content="noindex"' in said
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_way_out_leads_out_whatever_happens(proxy, deserted):
    answer = ask(proxy, "/exit/")
    assert (answer.status, answer.headers["Location"]) == (302, WEATHER)
    answer = ask(deserted, "/exit/")
    assert answer.status == 200
    assert f'<meta http-equiv="refresh" content="0; url={WEATHER}">' in answer.body.decode()
    assert "hub" not in answer.body.decode().casefold() and "parent" not in answer.body.decode().casefold()


def test_the_page_of_a_resting_hub_is_dressed(deserted, new_context):
    page = new_context(ignore_https_errors=True).new_page()
    page.goto(deserted.address)
    paper, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.hub-foot')).color]"
    )
    assert paper == "rgb(250, 247, 243)" and ink != "rgb(0, 0, 0)"


def test_no_fault_is_written_down_with_visitor_or_address(proxy, deserted):
    ask(proxy, "/account/login/?next=CANARY", "POST", b"x" * 300_000)
    ask(deserted, "/plan/CANARY/")
    for door in (proxy, deserted):
        written = door.log.read_text()
        assert " 5" in written or " 413 " in written
        assert "CANARY" not in written and "127.0.0.1" not in written and "localhost" not in written


# ---------------------------------------------------------------- the pages themselves
def test_every_page_the_proxy_names_was_drawn(pages):
    named = set(re.findall(r"/proxy/(\w+)\.html", production.CONFIGURATION.read_text()))
    drawn = {path.stem for path in pages.iterdir()}
    assert named == drawn == {*PAGES, "exit"}


@pytest.mark.parametrize("name", PAGES)
def test_a_drawn_page_stands_alone(pages, name):
    html = (pages / f"{name}.html").read_text()
    assert "<style>" in html and 'rel="stylesheet"' not in html and "{%" not in html and "{{" not in html
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", address) for address in re.findall(r"/static/[^\"]+", html))
    assert html.count("<h1") == 1
    title = re.search(r"<title>(.*) – ", html)[1]
    assert f'<h1 class="govuk-heading-xl">{title}</h1>' in html
