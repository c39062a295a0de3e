"""What a test asks of a page in a real browser."""

import re
import shutil
from contextlib import contextmanager
from functools import wraps
from weakref import WeakSet

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator

FLAGS = (
    "--no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --no-proxy-server"
).split()
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]

advice: dict[str, set[str]] = {}  # best practices axe would like, and the pages: printed at the end of a run
without_javascript: WeakSet = WeakSet()  # browser contexts in which no script runs
twins: dict = {}  # beside a page of those, a page in which axe can run


def chromium() -> str:
    """Where the browser is."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise RuntimeError("Browser tests need Chromium: `make test` installs it as root, or: apt-get install chromium")


@contextmanager
def arriving():
    """While this is on, a click or a key that leads to another page ends when that page is there, whole.

    Playwright's own end as soon as the new page is named, when it may hold nothing yet: a look at once sees an empty
    page, now and then, on a busy machine.
    """
    plain = {name: getattr(Locator, name) for name in ("click", "press")}

    def patient(action):
        @wraps(action)
        def act(locator, *given, **more):
            done = action(locator, *given, **more)
            if not locator.page.is_closed():
                locator.page.wait_for_load_state("load")
            return done

        return act

    for name, action in plain.items():
        setattr(Locator, name, patient(action))
    try:
        yield
    finally:
        for name, action in plain.items():
            setattr(Locator, name, action)


@contextmanager
def scripted(page):
    """The page itself; or, when no script may run in it, a twin with the same elements in which axe can."""
    if page.context not in without_javascript:
        yield page
        return
    shown = re.sub(r"<script\b.*?</script>|</?noscript[^>]*>", "", page.content(), flags=re.DOTALL)
    twin = twin_of(page)
    twin.set_viewport_size(page.viewport_size)
    twin.route(page.url, lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8"))
    try:
        twin.goto(page.url)
        yield twin
    finally:
        twin.unroute(page.url)


def twin_of(page):
    """A second window beside this one, with scripts and without cookies, kept to the end of the test."""
    if page not in twins:
        twins[page] = page.context.browser.new_context().new_page()
    return twins[page]


def put_twins_away() -> None:
    while twins:
        _page, twin = twins.popitem()
        twin.context.close()


def axe(page) -> list[str]:
    """No violation of WCAG 2.0, 2.1 or 2.2, levels A and AA. Gives back what axe would like beyond that."""
    tags = {"type": "tag", "values": [*STANDARDS, "best-practice"]}
    with scripted(page) as seen:
        found = Axe().run(seen, options={"runOnly": tags, "resultTypes": ["violations"]}).response["violations"]
    wrong = [fault for fault in found if set(fault["tags"]) & set(STANDARDS)]
    said = "\n".join(
        f"{fault['id']}: {fault['help']}\n" + "\n".join(f"    {node['html']}" for node in fault["nodes"])
        for fault in wrong
    )
    assert not wrong, f"axe at {page.url}\n{said}"
    wishes = [fault["id"] for fault in found]
    for wish in wishes:
        advice.setdefault(wish, set()).add(page.url.split("/", 3)[-1])
    return wishes


def no_sideways_scroll(page, width: int = 320) -> None:
    """At this width (320 px is 400 % zoom of a desktop) nothing sticks out to the right."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 900})
    try:
        outside = page.evaluate(
            """() => {
                const edge = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= edge) return [];
                return [...document.querySelectorAll('body *')]
                    .filter(e => e.getBoundingClientRect().right > edge + 1)
                    .slice(0, 5)
                    .map(e => e.outerHTML.slice(0, 160));
            }"""
        )
        assert not outside, f"{page.url} scrolls sideways at {width} px because of\n" + "\n".join(outside)
    finally:
        page.set_viewport_size(before)


def faults_of(page) -> list[str]:
    """A list that fills itself: script errors, broken content-security rules, anything fetched from elsewhere."""
    faults: list[str] = []
    home = {"localhost", "127.0.0.1"}

    def console(message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(message.text)

    def request(asked):
        host = asked.url.split("/")[2].split(":")[0] if "://" in asked.url else ""
        if host and host not in home and not asked.is_navigation_request():
            faults.append(f"fetched from elsewhere: {asked.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", request)
    return faults
