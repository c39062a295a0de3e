"""The pages of the library: for anybody, without a cookie or a query, in plain words, whatever an article holds."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect

from articles import library, shelves, views
from articles.kinds import TOPICS
from hub import http
from hub.text import clean
from parenting_plan import questions
from tests import reading
from tests.articles.pages import HISTORY, NOT_FOUND_BY_SEARCH, PAGES, PLAIN, WITH_EASY, drawn, main_of, url, words_of
from tests.articles.shelf import article
from tests.hub.test_public_pages import BANNED, LONGEST_SENTENCE

# Words that stand on a page to be explained, or in the name of an old thing.
EXPLAINED = {
    "glossary": BANNED,
    "history": ["residence", "contact order"],
}


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


# ---------------------------------------------------------------- how they are served


def test_a_visitor_gets_no_cookie_and_costs_no_query(name, db, django_assert_num_queries):
    client = Client()
    client.get(PAGES[name])
    with django_assert_num_queries(0):
        answer = client.get(PAGES[name])
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers and not client.cookies
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Cookie" in answer.headers["Vary"] and "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("most", [pytest.param(3, id="list"), pytest.param(5, id="article")])
def test_a_cold_page_asks_little_of_the_database(most, db):
    address = PAGES["list" if most == 3 else "article"]
    drawn(address)
    http._shelf.clear()
    with CaptureQueriesContext(connection) as asked:
        drawn(address)
    assert len(asked) <= most, [query["sql"] for query in asked]


def test_somebody_signed_in_gets_a_page_that_nobody_keeps(name, amara, signed_in):
    answer = signed_in(amara).get(PAGES[name])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert not http._shelf


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        pytest.param("gzip, deflate, br", "br", id="br"),
        pytest.param("gzip", "gzip", id="gzip"),
        pytest.param("br;q=0, gzip;q=0.5", "gzip", id="not-br"),
        pytest.param("identity", "", id="neither"),
        pytest.param("", "", id="silent"),
    ],
)
def test_a_public_page_is_made_small_for_a_browser_that_can_unpack_it(accepted, sent, db):
    import gzip

    import brotli

    answer = Client().get(PAGES["article"], headers={"accept-encoding": accepted})
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[sent]
    assert answer.headers.get("Content-Encoding", "") == sent
    assert unpack(answer.content).decode() == drawn(PAGES["article"])


def test_no_page_of_a_person_is_made_small(amara, signed_in):
    """Its size could tell what is in it, since it holds secrets and words of others."""
    answer = signed_in(amara).get(PAGES["article"], headers={"accept-encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "address",
    [
        "/articles/nothing-of-the-kind/",
        "/articles/nothing-of-the-kind/print/",
        "/articles/nothing-of-the-kind/thank-you/",
        "/articles/nothing-of-the-kind/easy-read/",
        "/articles/nothing-of-the-kind/easy-read.pdf",
        f"/articles/{PLAIN}/easy-read/",
        f"/articles/{PLAIN}/easy-read.pdf",
        "/articles/topic/nothing/",
        "/articles/for/no-part/no-question/",
    ],
)
def test_what_is_not_there_is_not_found(address, db):
    assert Client().get(address).status_code == 404


def test_an_article_taken_out_is_gone_everywhere(db):
    from articles.models import Article

    title = library.article(WITH_EASY).title
    Article.objects.filter(slug=WITH_EASY).update(withdrawn=True)
    for name, status in (("article", 404), ("easy", 404), ("easy_pdf", 404), ("print", 404), ("thanks", 404)):
        assert Client().get(url(name, WITH_EASY)).status_code == status, name
    for address in (PAGES["list"], PAGES["easy_list"], url("topic", "safety"), url("feed"), "/sitemap.xml"):
        html = Client().get(address).content.decode()
        assert f"/articles/{WITH_EASY}/" not in html, address
        assert f">{title}<" not in html, address


# ---------------------------------------------------------------- what each says of itself


def test_every_page_names_itself(name, db):
    html = drawn(PAGES[name])
    title = re.search(r"<title>(.*?)</title>", html, re.S)[1].strip()
    assert title.endswith(f"– {settings.HUB_NAME}")
    assert html.count("<h1") == 1
    robots = re.search(r'<meta name="robots" content="([^"]+)">', html)[1]
    assert robots == ("noindex" if name in NOT_FOUND_BY_SEARCH else "index, follow")
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert main_of(html).count('class="govuk-button"') <= 1, "one filled button a page"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    scripts = re.findall(r"<script\b[^>]*>", html)
    assert all(" src=" in tag or 'type="application/ld+json"' in tag for tag in scripts)


def test_a_preview_of_a_link_is_ready(name, db):
    html = drawn(PAGES[name])
    if name in NOT_FOUND_BY_SEARCH:
        assert "og:title" not in html
        return
    told = dict(re.findall(r'<meta property="og:([a-z_:]+)" content="([^"]*)">', html))
    here = settings.HUB_ADDRESS + PAGES[name]
    assert told["url"] == here
    assert f'<link rel="canonical" href="{here}">' in html
    assert told["type"] in {"website", "article"}
    assert told["site_name"] == settings.HUB_NAME
    assert told["image"].startswith(settings.HUB_ADDRESS) and "share" in told["image"] and told["image:alt"]
    assert 10 < len(unescape(told["title"])) < 90 or name in {"easy_list", "easy"}
    described = unescape(re.search(r'<meta name="description" content="([^"]+)">', html)[1])
    assert 40 < len(described) <= 230 and described == unescape(told["description"])


def test_the_shared_picture_is_as_large_as_it_says():
    content = (settings.HOUSE / "static" / "img" / "share.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")) == (1200, 630)
    assert len(content) < 300_000


def data_of(html: str) -> list[dict]:
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    told = json.loads(block)
    assert told["@context"] == "https://schema.org"
    return told["@graph"]


def test_search_engines_are_told_what_an_article_is(db):
    found, way = data_of(drawn(PAGES["article"]))
    told = library.article(WITH_EASY)
    assert found["@type"] == "Article"
    assert found["headline"] == told.title
    assert found["dateModified"] == told.words.checked_on
    assert found["publisher"]["name"] == settings.HUB_NAME
    assert way["@type"] == "BreadcrumbList"
    assert [step["position"] for step in way["itemListElement"]] == [1, 2, 3]
    for step in way["itemListElement"]:
        path = step["item"].removeprefix(settings.HUB_ADDRESS)
        assert Client().get(path).status_code == 200, path


def test_html_in_an_article_is_shown_as_it_was_typed(shelf):
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    more = f'child = """\n{evil}\n"""\nchild_age = "{evil}"\ntry_this = ["{evil}"]\nsafety = "{evil}"'
    tables = f'[[links]]\ntext = "{evil}"\nurl = "https://example.com/"\nabout = "{evil}"'
    text = article(f"A cat {evil}", more=more, tables=tables).replace("Ask who feeds the pet.", evil)
    shelf.write("practical/our-cat", text.replace("What to do about a pet.", f"A pet {evil}"))
    for name in ("article", "print"):
        html = drawn(url(name, "our-cat"))
        assert "<script>alert" not in html and "<img src=x" not in html
        assert html.count("</script>") == len(re.findall(r"<script\b", html))
        assert "&lt;script&gt;alert(1)" in html
    assert data_of(drawn(url("article", "our-cat")))[0]["headline"] == clean(f"A cat {evil}", one_line=True)


# ---------------------------------------------------------------- what is on them


def test_the_library_shows_every_topic_and_what_to_start_with(db):
    html = drawn(PAGES["list"])
    for topic, title in TOPICS.items():
        assert f'href="{url("topic", topic)}">{title}</a>' in html
    start = html.split('id="start-here"')[1].split("</section>")[0]
    assert start.count("<li") == 5 == len(shelves.START_HERE)
    assert "Easy read" in start
    assert "History: these rules no longer apply" in words_of(html)


def test_the_lists_of_the_library_name_articles_there_are(db):
    there = {each.slug for each in library.articles()}
    assert set(shelves.START_HERE) | set(shelves.STILL_HELPS) <= there
    assert set(shelves.TOPIC_WORDS) == set(TOPICS)
    addresses = {"feed", "topic", "for"}
    assert not there & addresses, "an article would hide behind an address of the library"


def test_a_topic_lists_all_its_articles(db):
    for topic in TOPICS:
        html = drawn(url("topic", topic))
        for each in library.of_topic(topic):
            assert html.count(f'href="{url("article", each.slug)}"') >= 1, each.slug


def test_the_search_box_stands_only_where_there_is_a_search(db):
    from django.urls import NoReverseMatch

    html = drawn(PAGES["list"])
    try:
        assert f'action="{reverse("search")}"' in html
    except NoReverseMatch:
        assert 'role="search"' not in html


def test_history_says_first_that_it_is_history(db):
    for address in (PAGES["covid"], PAGES["history"], url("print", HISTORY)):
        said = words_of(drawn(address))
        assert "This is history. These rules no longer apply." in said
        assert said.index("This is history") < 500
    collection = drawn(PAGES["covid"])
    assert "What still helps today" in collection
    for slug in shelves.STILL_HELPS:
        assert url("article", slug) in collection
    assert "This is history" not in drawn(PAGES["article"])


def test_safety_comes_before_everything_else(db):
    for each in library.articles():
        html = drawn(url("article", each.slug))
        assert ('class="hub-safe"' in html) == bool(each.words.safety), each.slug
        if each.words.safety:
            after = html.index('class="hub-safe"')
            assert after < html.index('class="hub-course"')
            assert after < html.index("<figure") if "<figure" in html else True
            assert reverse("help") in html.split('class="hub-safe"')[1].split("</section>")[0], each.slug


@pytest.mark.timeout(120)
def test_every_article_is_drawn_whole(db):
    """Title, minutes, days, every heading and line, the child, what to try, links, sources, and its other forms."""
    for each in library.articles():
        html = drawn(url("article", each.slug))
        said = words_of(html)
        words = each.words
        for piece in (each.title, each.summary, *words.try_this, "Facts checked on", "We check again by"):
            assert re.sub(r"\s+", " ", piece) in said, (each.slug, piece)
        assert f"Article, {each.minutes} minute" in said
        for heading in re.findall(r"^## (.+)$", words.body, re.M):
            assert f">{heading}</h2>" in unescape(html), (each.slug, heading)
        assert ("A child’s view, in our words" in said) == bool(words.child)
        for link in [*words.links, *words.sources]:
            assert link.text in said, (each.slug, link.text)
            if link.url:
                assert f'href="{link.url}" rel="noreferrer"' in unescape(html)
        assert (url("easy", each.slug) in html) == each.has_easy
        assert url("print", each.slug) in html
        assert main_of(html).count("<h1") == 1


def test_links_inside_articles_lead_somewhere(db):
    client, known = Client(), {}
    for each in library.articles():
        html = main_of(drawn(url("article", each.slug)))
        pieces = set(re.findall(r'\sid="([^"]+)"', html))
        for href in map(unescape, re.findall(r'<a\s[^>]*href="([^"]*)"', html)):
            if href.startswith("#"):
                assert href[1:] in pieces, (each.slug, href)
            elif href.startswith("/"):
                path = href.partition("#")[0]
                if path not in known:
                    known[path] = client.get(path).status_code
                assert known[path] in {200, 302}, (each.slug, href)


def test_an_article_leads_on_to_plan_goals_courses_and_more(db):
    html = drawn(url("article", "handovers"))
    said = words_of(html)
    assert "In your plan" in said and "Make it a goal" in said and "A course about this" in said
    beside = shelves.beside(library.article("handovers"), library.articles())
    assert len(beside) == 4 and "handovers" not in {each.slug for each in beside}
    for each in beside:
        assert not each.is_history and url("article", each.slug) in html


def test_a_question_of_the_plan_leads_to_articles(db):
    for key in questions.by_key():
        section, question = key.split("/")
        assert Client().get(url("for_plan", section, question)).status_code == 200, key


def test_what_is_chosen_for_a_home_is_discreet(db):
    everything = library.articles()
    tags = {tag for each in everything for tag in each.words.goals}
    keys = {key for each in everything for key in each.words.plan}
    found = shelves.chosen(everything, goals=tags, plan=keys, programmes=["planning-together"], limit=200)
    assert found and not [each.slug for each in found if each.topic == "safety" or each.is_history]
    newcomer = shelves.chosen(everything)
    assert [each.slug for each in newcomer] == list(shelves.START_HERE[:3])
    chosen = shelves.chosen(everything, goals=["stay-calm-at-handovers"], plan=["living-and-childcare/handovers"])
    assert "handovers" in {each.slug for each in chosen}


def in_a_template(source: str, **context) -> str:
    from django.template import engines

    return engines["django"].from_string("{% load library %}" + source).render(context)


def test_other_pages_can_show_articles(db):
    for asked in ('goal="stay-calm-at-handovers"', 'plan="money/presents"', 'programme="getting-it-right"'):
        html = in_a_template(f"{{% articles_for {asked} level=3 %}}")
        assert "Articles that may help" in html and "<h3" in html
        assert 1 <= html.count("<li>") <= 3
    assert not in_a_template('{% articles_for goal="nothing" %}').strip()
    card = in_a_template("{% articles_card goals=goals %}", goals=["say-sorry-and-mend"])
    shown, folded = card.split("<details", 1)
    assert "<li>" not in shown and "saying-sorry" in folded


# ---------------------------------------------------------------- words


def test_the_words_around_are_plain(name, db):
    html = drawn(PAGES[name])
    found = reading.read(html)
    assert found.grade <= 7, f"grade {found.grade}"
    if name not in {"article", "history", "print"}:  # an article and its sources are judged where they are written
        assert found.longest_words <= LONGEST_SENTENCE, found.longest
    allowed = EXPLAINED.get(name, ())
    assert not [word for word in BANNED if word in found.words and word not in allowed]


def test_the_frame_of_an_article_is_plain(shelf):
    """With next to no article in it, what is left is ours."""
    for name in ("article", "print", "thanks"):
        found = reading.read(drawn(url(name, "our-cat")))
        assert found.grade <= 5, (name, found.grade)
        assert found.longest_words <= LONGEST_SENTENCE


# ---------------------------------------------------------------- in a browser


@pytest.mark.parametrize("width", [390, 1280])
def test_nobody_is_shut_out(open_browser, axe, no_sideways_scroll, javascript, width):
    page = open_browser(javascript=javascript, width=width)
    for address in PAGES.values():
        page.goto(address)
        axe(page)
        no_sideways_scroll(page, 320)
        no_sideways_scroll(page, width)
    assert page.context.cookies() == []


def test_the_dark_is_as_clear(open_browser, axe):
    page = open_browser(width=390, color_scheme="dark")
    for address in PAGES.values():
        page.goto(address)
        axe(page)


def test_from_the_library_to_an_article_and_on(open_browser, javascript):
    page = open_browser(javascript=javascript, width=390)
    page.goto(PAGES["list"])
    page.get_by_role("link", name="Talking to each other", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Talking to each other")
    page.get_by_role("link", name=library.article(PLAIN).title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(library.article(PLAIN).title)
    page.get_by_role("link", name="Talking to each other").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Talking to each other")


def test_a_signed_in_parent_is_led_into_their_own_plan_and_goals(open_browser, amara, axe):
    page = open_browser(amara)
    page.goto(url("article", "handovers"))
    expect(page.get_by_role("heading", name="Make it a goal")).to_be_visible()
    page.get_by_role("link", name="Stay calm at handovers").click()
    assert "/goals/" in page.url
    page.goto(url("article", "handovers"))
    axe(page)


def test_the_views_have_no_page_that_this_test_forgets():
    from articles.urls import urlpatterns

    elsewhere = {"feed", "helpful", "easy_pdf"}
    assert {pattern.name for pattern in urlpatterns} == {
        {"covid": "topic", "history": "article"}.get(name, name) for name in PAGES
    } | elsewhere
    assert views.SHOWN_OF_A_TOPIC > 3
