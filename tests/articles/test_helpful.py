"""“Was this helpful?”: counted for an edition and a month, once, from our own page, and never with anybody."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from articles import helpful
from articles.beside import Helped
from articles.models import Article
from hub import clock, editions
from tests.articles.pages import PLAIN, url, words_of
from tests.racing import at_once

HERE = url("helpful", PLAIN)
OURS = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}


def send(answer: str = "yes", *, slug: str = PLAIN, headers=None, client: Client | None = None, address="192.0.2.1"):
    client = client or Client(enforce_csrf_checks=True)
    return client.post(
        url("helpful", slug), {"answer": answer}, headers=OURS if headers is None else headers, REMOTE_ADDR=address
    )


def counts() -> dict[bool, int]:
    return dict(Helped.objects.values_list("yes", "count"))


# ---------------------------------------------------------------- counting


def test_a_yes_and_a_no_are_counted_for_the_edition_and_the_month(db):
    send("yes")
    send("no", address="192.0.2.2")
    send("no", address="192.0.2.3")
    assert counts() == {True: 1, False: 2}
    edition = Article.objects.get(slug=PLAIN).current
    assert set(Helped.objects.values_list("edition", "month")) == {(edition.pk, clock.now().date().replace(day=1))}
    [told] = helpful.told(PLAIN)
    assert (told.edition, told.yes, told.no) == (edition.number, 1, 2)
    assert not helpful.told("mediation")


def test_the_answer_leads_to_thanks_that_do_not_tell_it(db):
    pages = {}
    for number, answer in enumerate(("yes", "no"), start=1):
        sent = send(answer, address=f"192.0.2.{number}")
        assert sent.status_code == 303
        pages[answer] = (sent.headers["Location"], Client().get(sent.headers["Location"]).content)
    assert pages["yes"] == pages["no"]
    assert "Thank you" in words_of(pages["yes"][1].decode())


def test_a_new_edition_and_a_new_month_begin_anew(db, monkeypatch):
    send("yes")
    held = Article.objects.get(slug=PLAIN)
    made = editions.add_edition(held, {**held.current.words, "title": "Anew"}, source="staff", at=clock.now(), note="x")
    editions.publish(made, at=clock.now())
    send("yes", address="192.0.2.2")
    now = clock.now()
    monkeypatch.setattr(helpful.clock, "now", lambda: now.replace(year=now.year + 1))
    send("no", address="192.0.2.3")
    assert [(month.edition, month.yes, month.no) for month in helpful.told(PLAIN)] == [
        (made.number, 0, 1), (made.number, 1, 0), (made.number - 1, 1, 0),
    ]  # fmt: skip


def test_a_month_is_that_of_home(db, monkeypatch):
    from datetime import UTC, datetime

    monkeypatch.setattr(helpful.clock, "now", lambda: datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    helpful.count(PLAIN, yes=True)
    assert Helped.objects.get().month == date(2026, 7, 1)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_counted():
    at_once(*[lambda: helpful.count(PLAIN, yes=True)] * 6)
    assert counts() == {True: 6}


def test_an_article_that_is_not_there_counts_nothing(db):
    assert send(slug="nothing-of-the-kind").status_code == 404
    helpful.count("nothing-of-the-kind", yes=True)
    assert not Helped.objects.exists()


@pytest.mark.parametrize("answer", ["", "maybe", "yes" * 5000, "YES", "\0"])
def test_anything_but_yes_and_no_is_asked_again(answer, db):
    sent = send(answer)
    assert sent.status_code == 400
    assert "Nothing was counted" in sent.content.decode()
    assert not Helped.objects.exists()


# ---------------------------------------------------------------- once


def test_a_double_press_is_one_answer(db):
    for answer in ("yes", "yes", "no"):
        assert send(answer).status_code == 303
    assert counts() == {True: 1}
    send("no", slug="mediation")
    assert Helped.objects.count() == 2, "another article may be answered at once"


def test_a_double_press_in_a_browser(open_browser, javascript):
    page = open_browser(javascript=javascript, width=390)
    page.goto(url("article", PLAIN))
    page.get_by_role("button", name="Yes", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert counts() == {True: 1}
    assert page.context.cookies() == []
    page.get_by_role("link", name="Back to the article").click()
    assert page.url.endswith(url("article", PLAIN))
    page.go_back()
    page.reload()
    assert counts() == {True: 1}


def test_one_address_cannot_answer_for_ever(db):
    slugs = list(Article.objects.filter(withdrawn=False).values_list("slug", flat=True))[:25]
    found = [send(slug=slug).status_code for slug in slugs]
    assert found == [303] * 20 + [429] * 5
    assert sum(Helped.objects.values_list("count", flat=True)) == 20
    assert send(address="192.0.2.9").status_code == 303


# ---------------------------------------------------------------- from whom


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param(OURS, 303, id="ours"),
        pytest.param({"sec-fetch-site": "same-origin"}, 303, id="fetch-site-alone"),
        pytest.param({"origin": "http://testserver"}, 303, id="origin-alone"),
        pytest.param({"referer": f"http://testserver/articles/{PLAIN}/"}, 303, id="referer-alone"),
        pytest.param({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, 403, id="another-site"),
        pytest.param({"sec-fetch-site": "same-site", "origin": "http://evil.testserver"}, 403, id="a-neighbour"),
        pytest.param({"sec-fetch-site": "none"}, 403, id="typed"),
        pytest.param({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403, id="they-disagree"),
        pytest.param({"origin": "https://evil.example"}, 403, id="another-origin"),
        pytest.param({"origin": "https://testserver"}, 403, id="another-scheme"),
        pytest.param({"origin": "http://testserver.evil.example"}, 403, id="a-longer-name"),
        pytest.param({"origin": "null"}, 403, id="null"),
        pytest.param({"origin": "null", "referer": "http://testserver/"}, 403, id="null-with-referer"),
        pytest.param({"referer": "https://evil.example/http://testserver/"}, 403, id="another-referer"),
        pytest.param({"referer": "http://testserver.evil.example/"}, 403, id="a-longer-referer"),
        pytest.param({}, 403, id="silent"),
    ],
)
def test_only_our_own_page_is_counted(headers, status, db):
    sent = send(headers=headers)
    assert sent.status_code == status
    assert Helped.objects.exists() == (status == 303)
    assert "Set-Cookie" not in sent.headers


def test_another_site_is_refused_by_a_real_browser(open_browser, site):
    """A page of another site sends our form: the browser says so, and nothing is counted."""
    page = open_browser()
    form = f'<form method="post" action="{site.url}{HERE}"><button name="answer" value="yes">Win</button></form>'
    page.route("http://localhost.evil/**", lambda route: route.fulfill(content_type="text/html", body=form))
    page.goto("http://localhost.evil/")
    page.get_by_role("button", name="Win").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send that again")
    assert not Helped.objects.exists()


# ---------------------------------------------------------------- and nothing else


def test_nothing_about_a_person_is_kept(amara, signed_in):
    sent = send(client=signed_in(amara), address="198.51.100.77")
    assert sent.status_code == 303 and "Set-Cookie" not in sent.headers
    fields = {field.name for field in Helped._meta.get_fields()}
    assert fields == {"id", "edition", "month", "yes", "count"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM articles_helped")
        row = " ".join(map(str, cursor.fetchone()))
    assert "198.51" not in row and amara.email not in row


def test_the_cache_forgets_the_address_within_a_minute(db):
    """What it holds for the once is a digest, for sixty seconds, with no answer in it."""
    send("yes", address="198.51.100.77")
    redis = cache._cache.get_client(None, write=True)
    once = [key for key in redis.keys("*helpful_once*") if b":lock" not in key]
    assert once
    for key in once:
        assert b"198.51" not in key and 0 < redis.ttl(key) <= 60
        assert b"yes" not in redis.get(key)
