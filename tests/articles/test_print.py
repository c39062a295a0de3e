"""An article on paper: its own page without a script, and what a browser prints."""

import pymupdf
import pytest
from playwright.sync_api import expect

from articles import library
from tests.articles.pages import HISTORY, PLAIN, drawn, main_of, url, words_of


def test_the_page_for_paper_has_the_article_and_whole_addresses(db):
    for slug in (PLAIN, "mediation", HISTORY):
        told, html = library.article(slug), drawn(url("print", slug))
        said = words_of(html)
        for link in [*told.words.links, *told.words.sources]:
            assert link.text in said
            if link.url:
                assert link.url in said, "on paper nobody can press a link"
        assert "Was this helpful?" not in said and "Read next" not in said
        assert f'<link rel="canonical" href="http://localhost:8000{url("article", slug)}">' in html
        assert url("article", slug) in said
        assert main_of(html).count("<h1") == 1


def test_it_can_be_reached_and_left_without_a_script(open_browser, javascript):
    page = open_browser(javascript=javascript, width=390)
    page.goto(url("article", PLAIN))
    page.get_by_role("link", name="Print", exact=True).click()
    expect(page.get_by_text("This page is made for paper")).to_be_visible()
    assert page.get_by_role("button", name="Print now").is_visible() == javascript
    page.get_by_role("link", name="Back to the article").click()
    assert page.url.endswith(url("article", PLAIN))


@pytest.mark.parametrize("name", ["article", "print"])
def test_what_comes_out_of_a_printer(open_browser, name):
    """The article and nothing of the frame; the meanings of its words with it."""
    page = open_browser()
    page.goto(url(name, "mediation"))
    with pymupdf.open(stream=page.pdf(format="A4")) as paper:
        said = " ".join(" ".join(sheet.get_text() for sheet in paper).split())
        assert len(paper) <= 5
    assert "What is mediation" in said and "Words on this page" in said and "First: are you safe?" in said
    for gone in ("Exit this page", "Was this helpful?", "Read next", "Make it a goal", "Childline", "made for paper",
                 "Back to where you were"):  # fmt: skip
        assert gone not in said, gone
