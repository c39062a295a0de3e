"""The browser of the tests sees what it should: faults are found, and pages without faults pass."""

import gzip
from collections.abc import Collection

import pytest
from playwright.sync_api import expect

from tests import looking


def test_the_start_page_opens(open_browser, javascript, axe, no_sideways_scroll):
    page = open_browser(javascript=javascript)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    axe(page)
    no_sideways_scroll(page)


def test_somebody_is_signed_in(open_browser, amara):
    page = open_browser(amara)
    page.goto("/home/")
    assert page.url.endswith("/home/")


def test_axe_sees_a_picture_without_words(page, axe):
    page.goto("/")
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"/static/img/symbol.svg\">'")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_a_page_that_is_too_wide_is_found(page, no_sideways_scroll):
    page.goto("/")
    page.evaluate(
        "() => { const box = document.createElement('div'); box.textContent = 'wide';"
        " box.style.width = '900px'; document.querySelector('main').append(box) }"
    )
    with pytest.raises(AssertionError, match="sideways"):
        no_sideways_scroll(page)


def test_faults_of_a_page_are_written_down(site, new_context, until):
    page = new_context(base_url=site.url).new_page()
    faults = looking.faults_of(page)
    page.goto("/")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.evaluate("document.body.innerHTML += '<p style=\"color: red\">inline</p>'")
    page.evaluate("new Image().src = 'https://tracker.example/pixel.gif'")
    page.wait_for_timeout(1)
    assert until(lambda: page.evaluate("1") and len(faults) >= 3)
    assert {"broken" in fault for fault in faults} == {True, False}


def test_other_sites_open_as_an_empty_page(page, elsewhere):
    gone = elsewhere(page)
    page.goto("/")
    page.goto("https://www.bbc.co.uk/weather")
    assert page.title() == "Elsewhere"
    assert gone == ["https://www.bbc.co.uk/weather"]


# ---------------------------------------------------------------- how much a visit weighs
FIRST_KB, FIRST_REQUESTS, NEXT_KB = 100, 8, 10


def over_the_wire(page, address: str, known: Collection[str] = ()) -> list[tuple[str, int]]:
    """What the browser fetched to show this page, and how many bytes of each, packed as a proxy would pack it.

    Without what it knows already: such files are kept for ever.
    """
    fetched = []

    def note(answer):
        if answer.url not in known:
            fetched.append(answer)

    page.on("response", note)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("response", note)
    return [(answer.url, packed(answer)) for answer in fetched if answer.status == 200]


def packed(answer) -> int:
    body = answer.body()
    kind = answer.headers.get("content-type", "")
    is_text = kind.startswith(("text/", "image/svg", "application/javascript"))
    return len(gzip.compress(body, 6)) if is_text else len(body)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_first_visit_is_light_and_the_next_page_lighter(open_browser, width):
    page = open_browser(width=width)
    first = over_the_wire(page, "/")
    assert len(first) <= FIRST_REQUESTS, first
    assert sum(size for _address, size in first) <= FIRST_KB * 1024, first
    known = {address for address, _size in first}
    following = over_the_wire(page, "/about/", known)
    assert sum(size for _address, size in following) <= NEXT_KB * 1024, following
