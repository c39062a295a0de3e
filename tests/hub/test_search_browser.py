"""Searching in a real browser, with and without scripts: by keyboard, on a phone, and with nothing found."""

import re

import pytest
from playwright.sync_api import expect

from hub import http


@pytest.fixture(autouse=True)
def empty_shelf():
    http._shelf.clear()
    yield
    http._shelf.clear()


def test_a_parent_finds_an_article_by_keyboard_alone(open_browser, javascript, axe, no_sideways_scroll):
    page = open_browser(javascript=javascript, width=390)
    page.goto("/search/")
    axe(page)
    box = page.get_by_role("searchbox", name="What would you like to know?")
    expect(box).to_have_accessible_description("In your own words. Spelling does not matter.")
    box.focus()
    page.keyboard.type("ex wont answer text")
    page.keyboard.press("Enter")
    first = page.locator("#found li").first
    expect(first.get_by_role("link", name="When there is no reply")).to_be_visible()
    expect(page).to_have_title(re.compile("^Search –"))
    expect(page.get_by_role("searchbox")).to_have_value("ex wont answer text")
    axe(page)
    no_sideways_scroll(page)
    assert page.context.cookies() == []
    first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name="When there is no reply")).to_be_visible()


def test_the_next_ten_and_the_ten_before(open_browser, javascript, axe):
    page = open_browser(javascript=javascript)
    page.goto("/search/?q=court")
    expect(page.locator("#found li.hub-read")).to_have_count(10)
    page.get_by_role("link", name="More pages that may help").click()
    expect(page.get_by_text("Page 2 of")).to_be_visible()
    assert page.locator("#found ol").get_attribute("start") == "11"
    axe(page)
    page.get_by_role("link", name="The ten before").click()
    expect(page.get_by_text("Page 1 of")).to_be_visible()


def test_somebody_afraid_sees_who_listens_before_all_results(open_browser, javascript, axe, no_sideways_scroll):
    page = open_browser(javascript=javascript, width=390)
    page.goto("/search/?q=he+hits+me+and+i+am+scared")
    card = page.get_by_role("region", name="There is somebody to talk to")
    expect(card.get_by_role("link", name="999", exact=True)).to_be_visible()
    assert card.bounding_box()["y"] < page.locator("#found").bounding_box()["y"]
    axe(page)
    no_sideways_scroll(page)
    card.get_by_role("link", name="All helplines").click()
    expect(page.get_by_role("heading", level=1, name="Get help")).to_be_visible()


def test_nothing_found_leads_on(open_browser, javascript, axe):
    page = open_browser(javascript=javascript)
    page.goto("/search/?q=zzqxvv")
    expect(page.get_by_text("We found no page for these words.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Sharing Christmas").click()
    expect(page.locator("#found li").first).to_contain_text("Christmas")


def test_a_long_letter_that_is_pasted_is_read_from_its_beginning(open_browser, javascript):
    page = open_browser(javascript=javascript)
    page.goto("/search/")
    page.get_by_role("searchbox").fill("my ex wont let me see the kids at christmas " * 300)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("we read only the beginning")).to_be_visible()
    expect(page.locator("#found li").first).to_be_visible()
