"""Words explained: the file, the page, and the first use of each in an article."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles import glossary, library
from articles.glossary import explain
from hub.markup import to_html
from hub.schema import BrokenContent
from tests.articles.pages import drawn, main_of, url

MIAM = '[[word]]\nslug = "miam"\nword = "MIAM"\nmeaning = "A first meeting."\n'


def read(text: str):
    return glossary.read(text, "glossary.toml")


# ---------------------------------------------------------------- the file


def test_the_glossary_is_there_and_leads_to_articles(db):
    words = glossary.words()
    assert len(words) >= 60
    there = {each.slug for each in library.articles()}
    assert not {word.article for word in words if word.article} - there
    for word in words:
        assert len(word.meaning.split()) <= 45, word.word


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(MIAM + MIAM, "glossary.toml, line 5, word 2: slug miam is there twice", id="slug-twice"),
        pytest.param(
            MIAM + MIAM.replace('"miam"', '"other"'),
            "glossary.toml, line 5, word 2: “miam” stands for miam already",
            id="one-word-for-two",
        ),
        pytest.param(MIAM.replace("meaning", "means"), "word 1: nobody knows the name means", id="a-wrong-name"),
        pytest.param('[[word]]\nslug = "a"\nword = "a"\n', "line 1, word 1: meaning is missing", id="no-meaning"),
        pytest.param(MIAM.replace('"miam"', '"Mi am"'), "word 1: slug may hold small letters", id="a-wrong-slug"),
        pytest.param(MIAM + "nonsense", "glossary.toml, line 5", id="not-toml"),
        pytest.param('words = "x"', "nobody knows the name words", id="something-else"),
        pytest.param('word = "x"', "there must be a list of [[word]] tables", id="not-a-list"),
        pytest.param("word = [3]", "there must be a list of [[word]] tables", id="not-tables"),
    ],
)
def test_a_broken_file_says_where_and_what(text, said):
    with pytest.raises(BrokenContent) as told:
        read(text)
    assert said in str(told.value)


def test_a_word_with_a_second_sense_is_found_only_as_it_says():
    [old] = read('[[word]]\nslug = "c"\nword = "contact (old word)"\nalso = ["contact order"]\nmeaning = "Time."\n')
    assert old.written == ("contact order",)
    [word] = read(MIAM)
    assert word.written == ("MIAM",)


# ---------------------------------------------------------------- in place


def links(html: str) -> list[str]:
    return re.findall(r'<a class="hub-word" id="use-([a-z0-9-]+)" href="#word-\1">', html)


def test_only_the_first_use_is_a_link():
    found = explain("Ask a mediator. A mediator listens. Mediators do not decide.")
    assert links(found.html) == ["mediator"]
    assert found.html.index("hub-word") < found.html.index("listens")
    assert [word.slug for word in found.words] == ["mediator"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## About mediation\n\nNothing else.", id="heading"),
        pytest.param("### A mediator", id="smaller-heading"),
        pytest.param("See [what mediation is](/articles/mediation/).", id="link"),
        pytest.param("[Read **about a mediator** here](/help/)", id="bold-in-a-link"),
        pytest.param("It is unmediation-like and premediation.", id="inside-a-word"),
        pytest.param("My mother-in-law-solicitor-ish", id="between-dashes"),
        pytest.param("The send button, and pr stunts.", id="small-letters-of-an-abbreviation"),
        pytest.param("Keep in contact. It is custody of nothing. I appeal to you.", id="second-senses"),
    ],
)
def test_no_link_in_a_heading_in_a_link_or_in_another_word(text):
    found = explain(text)
    assert not found.words
    assert found.html == to_html(text)


def test_a_word_in_a_heading_is_explained_where_it_is_used_next():
    html = explain("## Mediation\n\nTry mediation first.").html
    assert re.search(r"<h2[^>]*>Mediation</h2>", html)
    assert links(html) == ["mediation"]


def test_the_longest_word_is_taken():
    assert links(explain("Child-inclusive mediation may help.").html) == ["child-inclusive-mediation"]
    assert links(explain("You can ask for a child arrangements order.").html) == ["child-arrangements-order"]


def test_either_apostrophe_and_bold_words_are_found():
    assert links(explain("Children's services may ask.").html) == links(explain("Children’s services may ask.").html)
    assert links(explain("**Parental responsibility** is a duty.").html) == ["parental-responsibility"]


def test_nothing_of_the_text_is_lost_or_let_in(db):
    strip = re.compile(r'<a class="hub-word"[^>]*>(.*?)</a>')
    for each in library.articles():
        assert strip.sub(r"\1", explain(each.words.body).html) == to_html(each.words.body), each.slug
    assert "<script" not in explain("A mediator <script>alert(1)</script> & a MIAM").html


def test_most_articles_on_courts_explain_a_word(db):
    explained = [each.slug for each in library.of_topic("process") if explain(each.words.body).words]
    assert len(explained) > 0.8 * len(library.of_topic("process"))


# ---------------------------------------------------------------- the pages


def test_the_page_of_words_has_letters_and_leads_to_articles(db):
    html = drawn(url("glossary"))
    letters = [letter for letter, _words in glossary.by_letter()]
    assert letters == sorted(letters)
    for letter in letters:
        assert f'href="#letter-{letter}"' in html and f'id="letter-{letter}"' in html
    for word in glossary.words():
        assert f'id="{word.slug}"' in html, word.slug
    assert html.count("Read more<span") > 50


def test_to_the_meaning_and_back(open_browser, javascript):
    page = open_browser(javascript=javascript, width=390)
    page.goto(url("article", "mediation"))
    word = page.locator("a.hub-word").first
    slug = word.get_attribute("id").removeprefix("use-")
    word.click()
    meaning = page.locator(f"#word-{slug}")
    expect(meaning).to_be_in_viewport()
    assert page.url.endswith(f"#word-{slug}")
    meaning.get_by_role("link").click()
    assert page.url.endswith(f"#use-{slug}")
    expect(page.locator(f"#use-{slug}")).to_be_in_viewport()
    top = page.locator(".hub-top").bounding_box()
    assert page.locator(f"#use-{slug}").bounding_box()["y"] >= top["y"] + top["height"] - 1


def test_every_word_on_a_page_has_its_meaning_there_once(db):
    for each in library.articles():
        html = main_of(drawn(reverse("articles:article", args=[each.slug])))
        used = links(html)
        assert len(used) == len(set(used))
        for slug in used:
            assert html.count(f'id="word-{slug}"') == 1
            assert html.count(f'href="#use-{slug}"') == 1
