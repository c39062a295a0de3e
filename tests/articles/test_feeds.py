"""For readers that are not people: the Atom feed and the map of the site."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from articles import library, outside
from articles.models import Article
from hub import clock, editions, http
from tests.articles.pages import NOT_FOUND_BY_SEARCH, PAGES, drawn, url
from tests.articles.shelf import article

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def feed() -> ET.Element:
    http._shelf.clear()
    answer = Client().get(url("feed"))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.content.startswith(b"<?xml")
    return ET.fromstring(answer.content)


def site_map() -> dict[str, str]:
    http._shelf.clear()
    answer = Client().get("/sitemap.xml")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{MAP}urlset"
    found = {}
    for entry in root:
        assert entry.tag == f"{MAP}url"
        found[entry.findtext(f"{MAP}loc")] = entry.findtext(f"{MAP}lastmod") or ""
    return found


# ---------------------------------------------------------------- the feed


def test_the_feed_is_valid_atom(db):
    """What RFC 4287 asks for, element by element."""
    root = feed()
    assert root.tag == f"{ATOM}feed"
    assert (
        len(root.findall(f"{ATOM}id")) == len(root.findall(f"{ATOM}title")) == len(root.findall(f"{ATOM}updated")) == 1
    )
    assert root.find(f"{ATOM}author/{ATOM}name").text == settings.HUB_NAME
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": outside.address("list"), "self": outside.address("feed")}
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert 40 <= len(entries) == len(set(ids)) <= outside.NEWEST
    for entry in [root, *entries]:
        assert RFC_3339.fullmatch(entry.findtext(f"{ATOM}updated"))
        assert entry.findtext(f"{ATOM}id").startswith("http")
        assert entry.findtext(f"{ATOM}title").strip()
    for entry in entries:
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        assert entry.findtext(f"{ATOM}summary").strip()
    known = {"id", "title", "updated", "published", "link", "summary", "category"}
    assert {child.tag.removeprefix(ATOM) for entry in entries for child in entry} <= known
    newest = max(entry.findtext(f"{ATOM}updated") for entry in entries)
    assert root.findtext(f"{ATOM}updated") == newest


def test_the_feed_has_no_history_and_its_links_lead_somewhere(db):
    history = {outside.address("article", each.slug) for each in library.articles() if each.is_history}
    for entry in feed().findall(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link").get("href")
        assert link not in history
    assert Client().get(link.removeprefix(settings.HUB_ADDRESS)).status_code == 200


def moment(slug: str) -> datetime:
    for entry in feed().findall(f"{ATOM}entry"):
        if entry.findtext(f"{ATOM}id") == outside.address("article", slug):
            return datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).astimezone(UTC)
    raise AssertionError(f"{slug} is not in the feed")


def test_what_was_published_or_checked_last_comes_first(shelf):
    held = Article.objects.get(slug="our-cat")
    at = clock.now() + timedelta(days=3)
    made = editions.add_edition(held, {**held.current.words, "title": "Anew"}, source="staff", at=at, note="x")
    editions.publish(made, at=at)
    assert abs(moment("our-cat") - at) < timedelta(seconds=1)
    first = feed().find(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title") == "Anew"
    text = article("A lost coat").replace("2026-11-22", "2031-05-01").replace("2027-11-22", "2032-05-01")
    shelf.write("practical/a-lost-coat", text)
    assert moment("a-lost-coat") == datetime(2031, 4, 30, 23, tzinfo=UTC), (
        "the day it was checked, as it begins at home"
    )


def test_letters_that_mean_something_in_xml_are_only_letters(shelf):
    shelf.write("practical/our-cat", article("Cats & <b>dogs</b> “at home”"))
    titles = [entry.findtext(f"{ATOM}title") for entry in feed().findall(f"{ATOM}entry")]
    assert "Cats & <b>dogs</b> “at home”" in titles


def test_pages_say_where_the_feed_is(db):
    for name in ("list", "article"):
        assert re.search(
            rf'<link rel="alternate" type="application/atom\+xml" [^>]*href="{url("feed")}">', drawn(PAGES[name])
        )


# ---------------------------------------------------------------- the map


def test_the_map_has_every_page_that_search_engines_may_show(db):
    found = site_map()
    wanted = {settings.HUB_ADDRESS + PAGES[name] for name in PAGES if name not in NOT_FOUND_BY_SEARCH}
    assert wanted <= set(found)
    for each in library.articles():
        assert outside.address("article", each.slug) in found
        assert (outside.address("easy", each.slug) in found) == each.has_easy
    for name in ("start", "help", "how_it_works", "solicitors", "programmes:landing"):
        assert settings.HUB_ADDRESS + reverse(name) in found
    assert settings.HUB_ADDRESS + reverse("programmes:cover", args=["getting-it-right"]) in found


@pytest.mark.timeout(180)
def test_every_page_of_the_map_is_there_for_anybody_and_may_be_shown(db):
    client, robots = Client(), Client().get("/robots.txt").content.decode()
    closed = re.findall(r"^Disallow: (.+)$", robots, re.M)
    for address, day in site_map().items():
        path = address.removeprefix(settings.HUB_ADDRESS)
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert '<meta name="robots" content="index, follow">' in answer.content.decode(), path
        assert not any(path.startswith(place) for place in closed)
        assert not day or date.fromisoformat(day)


def test_days_of_the_map_are_those_of_the_articles(shelf):
    text = article().replace("2026-11-22", "2031-02-03").replace("2027-11-22", "2032-02-03")
    shelf.write("practical/our-cat", text)
    assert site_map()[outside.address("article", "our-cat")] == "2031-02-03"
    assert site_map()[outside.address("topic", "practical")] == "2031-02-03"


def test_robots_are_told_where_the_map_is(db):
    assert f"Sitemap: {settings.HUB_ADDRESS}/sitemap.xml" in Client().get("/robots.txt").content.decode()


def test_neither_costs_a_query_when_warm(db, django_assert_num_queries):
    client = Client()
    for address in (url("feed"), "/sitemap.xml"):
        client.get(address)
        with django_assert_num_queries(0):
            answer = client.get(address)
        assert "Set-Cookie" not in answer.headers
