"""What an article weighs for a visitor, on the wire: from the real web server in production's settings, in Chromium.

Static files as collectstatic leaves them (brotli), pages as the server sends them, both with their headers.
"""

import os
import socket
import subprocess
import sys
import urllib.request

import pytest
from django.conf import settings

from articles import library
from tests.articles.pages import PAGES, url

KILOBYTE = 1024
FIRST, FILES, NEXT = 100 * KILOBYTE, 8, 10 * KILOBYTE


@pytest.fixture(scope="module")
def static_root(tmp_path_factory):
    """The files of production, made once."""
    folder = tmp_path_factory.mktemp("static")
    given = {**production(), "HUB_STATIC_ROOT": str(folder)}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=settings.HOUSE, env=given, check=True
    )
    return folder


def production() -> dict[str, str]:
    lines = (settings.HOUSE / ".ci" / "production.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {**os.environ, **given, "HUB_HTTPS_REDIRECT": "no", "HUB_HOSTS": "localhost", "HUB_PROXIES": "0"}


@pytest.fixture
def web(static_root, process_environment, until):
    """gunicorn as in production, on this test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = ("DATABASE_URL", "REDIS_URL", "HUB_VAR", "HUB_FILES")
    given = production() | {name: process_environment[name] for name in kept if name in process_environment}
    given |= {"HUB_STATIC_ROOT": str(static_root), "HUB_WEB_PROCESSES": "1", "HUB_ONE_DATABASE_ROLE": "yes"}
    command = [sys.executable, "-m", "gunicorn", "--config", "hub/deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=settings.HOUSE, env=given)

    def answers():
        try:
            return urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5).status == 200
        except OSError:
            return False

    try:
        until(answers, seconds=60)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(30)


class Scales:
    """Weighs what a window fetches: every address with its bytes on the wire, headers and all."""

    def __init__(self, page):
        self.wire = page.context.new_cdp_session(page)
        self.wire.send("Network.enable")
        self.addresses: dict[str, str] = {}
        self.bytes: dict[str, float] = {}
        self.wire.on("Network.requestWillBeSent", lambda told: self._asked(told))
        self.wire.on("Network.loadingFinished", lambda told: self._came(told))
        self.wire.on("Network.responseReceived", lambda told: self._answered(told))
        self.coded: dict[str, str] = {}

    def _asked(self, told):
        if told["request"]["url"].startswith("http"):
            self.addresses[told["requestId"]] = told["request"]["url"]

    def _answered(self, told):
        headers = {name.lower(): value for name, value in told["response"]["headers"].items()}
        self.coded[told["requestId"]] = headers.get("content-encoding", "")

    def _came(self, told):
        if told["requestId"] in self.addresses:
            self.bytes[told["requestId"]] = told["encodedDataLength"]

    def empty(self) -> None:
        self.addresses.clear()
        self.bytes.clear()
        self.coded.clear()

    @property
    def total(self) -> float:
        return sum(self.bytes.values())

    @property
    def fetched(self) -> list[str]:
        """What really came over the wire, not out of the browser's own memory."""
        return [self.addresses[number] for number, size in self.bytes.items() if size]

    def __str__(self):
        rows = sorted(((self.bytes[number], self.addresses[number]) for number in self.bytes), reverse=True)
        return "\n".join(f"{size:9.0f}  {address}" for size, address in rows)


@pytest.mark.timeout(180)
def test_the_first_article_is_light_and_the_next_is_next_to_nothing(web, new_context):
    """The heaviest article, with a picture, and then three others, as a phone fetches them."""
    with_picture = [each for each in library.articles() if each.words.picture]
    heaviest = max(with_picture, key=lambda each: len(each.words.body) + len(str(each.words.get("sources"))))
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    scales = Scales(page)

    def read(address: str) -> None:
        scales.empty()
        page.goto(web + address, wait_until="networkidle")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")

    read(url("article", heaviest.slug))
    assert scales.total <= FIRST, f"\n{scales}"
    assert len(scales.fetched) <= FILES, f"\n{scales}"
    codings = set(scales.coded.values())
    assert "br" in codings, "the static files and the page come as brotli"
    for slug in ("telling-the-children", "texting-without-sparks", "what-cafcass-does"):
        read(url("article", slug))
        assert scales.total <= NEXT, f"\n{scales}"
    for name in ("list", "covid"):
        read(PAGES[name])
        assert scales.total <= NEXT, f"\n{scales}"
    assert page.context.cookies() == []


@pytest.mark.timeout(120)
def test_the_first_visit_to_the_start_page_is_light(web, new_context):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    scales = Scales(page)
    page.goto(web + "/", wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert scales.total <= FIRST, f"\n{scales}"
    assert len(scales.fetched) <= FILES, f"\n{scales}"


@pytest.mark.timeout(120)
def test_data_for_search_engines_does_not_offend_the_rules_of_the_page(web, new_context):
    """The JSON-LD block stands in the page, is not run, and our content-security policy says nothing against it."""
    page = new_context().new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.log('offended ' + e.blockedURI))"
    )
    answer = page.goto(web + PAGES["article"], wait_until="networkidle")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe-inline" not in policy
    assert page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")[
        "@graph"
    ]
    assert not said
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.head.append(script);
    }""")
    assert page.evaluate("window.ran === undefined") and any("offended" in line for line in said), "the rules are awake"
