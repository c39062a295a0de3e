"""Easy read: one idea a row on the page, and the same on A4, drawn once for each edition and kept."""

import re
from io import BytesIO

import pikepdf
import pymupdf
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from articles import drawing, library, tasks
from articles.beside import EasyPaper
from articles.models import Article
from articles.templatetags.library import one_a_line
from hub import clock, editions, files, pdf
from tests import reading
from tests.articles.pages import PAGES, WITH_EASY, drawn, url, words_of
from tests.pdf_rules import verapdf

PDF = url("easy_pdf", WITH_EASY)
POINT = 14


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HUB_FILES = tmp_path / "files"


def easy() -> list:
    return [each for each in library.articles() if each.has_easy]


# ---------------------------------------------------------------- the pages


def test_there_are_at_least_twenty_and_the_list_has_them_all(db):
    assert len(easy()) >= 20
    html = drawn(PAGES["easy_list"])
    for each in easy():
        assert f'href="{url("easy", each.slug)}"' in html
        assert f'href="{url("easy_pdf", each.slug)}"' in html
        assert (each.words.easy_title or each.title) in words_of(html)


def test_the_foot_of_every_page_leads_to_them(db):
    for address in ("/", "/help/", PAGES["list"]):
        foot = Client().get(address).content.decode().split("<footer")[1]
        assert f'href="{url("easy_list")}"' in foot, address


def test_one_idea_a_row_each_with_a_picture_in_words(db):
    for each in easy():
        html = drawn(url("easy", each.slug))
        rows = re.findall(r'<div class="hub-easy__row">(.*?)</div></div>', html, re.S)
        assert len(rows) == len(each.words.easy)
        for row, told in zip(rows, each.words.easy, strict=True):
            assert re.search(rf'<img src="[^"]*{told["picture"].removesuffix(".svg")}[^"]*"[^>]* alt="[^"]+"', row)
            assert 1 <= row.count("<p ") <= 4, (each.slug, told["text"])
            assert (settings.HOUSE / "static" / "img" / told["picture"]).is_file()
        assert "help" in words_of(html).lower()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One thing. And **another**.", 2),
        ("Only **one. Not two** here.", 1),
        ("Call **999**. Do it now!", 2),
        ("Is it so? “Yes.” Good.", 3),
        ("It costs £10.50 at most.", 1),
        ("No end", 1),
    ],
)
def test_each_sentence_has_a_line_of_its_own(text, lines):
    html = one_a_line(text)
    assert html.count("<p") == lines
    assert html.count("<strong>") == text.count("**") // 2
    assert "**" not in html


def test_the_words_are_easy(db):
    for each in easy():
        found = reading.read(drawn(url("easy", each.slug)))
        assert found.grade <= 5, (each.slug, found.grade)
        assert found.longest_words <= 20, found.longest


def test_letters_are_large(open_browser):
    for width, least in ((390, 22), (1280, 24)):
        page = open_browser(width=width)
        page.goto(url("easy", WITH_EASY))
        size = page.locator(".hub-easy__row p").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert size >= least
        picture, words = page.locator(".hub-easy__row").first.locator("img, p").all()[:2]
        if width == 1280:
            assert picture.bounding_box()["x"] < words.bounding_box()["x"]


def test_from_the_article_to_easy_read_and_its_paper(open_browser, javascript):
    page = open_browser(javascript=javascript, width=390)
    page.goto(url("article", WITH_EASY))
    page.get_by_role("main").get_by_role("link", name="Easy read", exact=True).click()
    expect(page.locator(".hub-easy__row").first).to_be_visible()
    broken = page.locator(".hub-easy__row img").evaluate_all("all => all.filter(e => !e.naturalWidth).length")
    assert not broken
    with page.expect_download() as saved:
        page.get_by_role("button", name="Print it (PDF)").click()
    assert saved.value.suggested_filename == "easy-read.pdf"


# ---------------------------------------------------------------- the paper


@pytest.mark.timeout(300)
def test_every_paper_meets_both_standards(db, tmp_path):
    asked = []
    for each in easy():
        content, _sha256 = drawing.file_of(drawing.shown(each.slug))
        file = tmp_path / f"{each.slug}.pdf"
        file.write_bytes(content)
        asked += [(file, "ua1"), (file, "3a")]
    for (file, flavour), verdict in zip(asked, verapdf(*asked), strict=True):
        assert verdict.compliant, f"{file.name} as {flavour}: {verdict.faults}"
        assert verdict.checks > 500


def test_the_paper_is_a4_large_numbered_and_whole(db):
    for each in easy():
        with pymupdf.open(stream=drawing.file_of(drawing.shown(each.slug))[0]) as paper:
            said = ""
            for number, page in enumerate(paper, start=1):
                assert (round(page.rect.width), round(page.rect.height)) == (595, 842)
                text = page.get_text()
                assert f"Page {number} of {len(paper)}" in text.replace("\n", " ")
                said += " " + text
                spans = [span for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())
                         for span in line["spans"] if span["text"].strip()]  # fmt: skip
                assert min(span["size"] for span in spans) >= POINT - 0.1, each.slug
                assert len(page.get_text("words")) > 6, f"{each.slug}: page {number} is next to empty"
            said = re.sub(r"\s+", " ", said)
            for row in each.words.easy:
                assert row["text"].replace("**", "")[:20] in said, (each.slug, row["text"])


def test_no_idea_is_torn_over_two_pages_and_every_picture_has_words(db):
    content, _sha256 = drawing.file_of(drawing.shown(WITH_EASY))
    rows = library.article(WITH_EASY).words.easy
    with pikepdf.open(BytesIO(content)) as paper:
        assert bool(paper.Root.MarkInfo.Marked) and str(paper.Root.Lang) == "en-GB"
        assert str(paper.docinfo.Title) == "Easy read: Is it abuse?"
        told = [str(figure.Alt) for figure in figures(paper.Root.StructTreeRoot)]
        assert told == [row["picture_alt"] for row in rows]
    with pymupdf.open(stream=content) as paper:
        pages = [re.sub(r"\s+", " ", page.get_text()) for page in paper]
        for row in rows:
            plain = row["text"].replace("**", "")
            assert any(all(piece in page for piece in re.split(r"(?<=[.!?]) ", plain)) for page in pages), plain


def figures(node):
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from figures(each)
    elif isinstance(node, pikepdf.Dictionary):
        if node.get("/S") == "/Figure":
            yield node
        elif "/K" in node:
            yield from figures(node.K)


def test_it_is_drawn_once_and_kept(db, monkeypatch):
    first = Client().get(PDF)
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == 'attachment; filename="easy-read.pdf"'
    assert first.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in first.headers
    paper = EasyPaper.objects.get()
    assert files.read(paper.sha256) == first.content and paper.pages == 3

    def never(*_given, **_more):
        raise AssertionError("drawn again")

    monkeypatch.setattr(pdf, "draw", never)
    assert Client().get(PDF).content == first.content
    files.place_of(paper.sha256).unlink()
    with pytest.raises(AssertionError, match="drawn again"):
        Client().get(PDF)


def test_a_file_that_is_gone_is_drawn_again_alike(db):
    first = Client().get(PDF).content
    paper = EasyPaper.objects.get()
    files.place_of(paper.sha256).unlink()
    assert Client().get(PDF).content == first
    assert EasyPaper.objects.get() == paper


def test_a_new_edition_gets_a_paper_of_its_own(db):
    first = Client().get(PDF).content
    held = Article.objects.get(slug=WITH_EASY)
    rows = [dict(row) for row in held.current.words["easy"]]
    rows[0]["text"] = "This line is **new**."
    words = {**held.current.words, "easy": rows}
    made = editions.add_edition(held, words, source="staff", at=clock.now(), note="A line")
    editions.publish(made, at=clock.now())
    second = Client().get(PDF).content
    assert second != first
    with pymupdf.open(stream=second) as paper:
        assert "This line is new." in paper[0].get_text()
    assert EasyPaper.objects.count() == 2


def test_the_worker_draws_what_is_due(db, monkeypatch):
    drawing.shown(WITH_EASY)
    monkeypatch.setattr(drawing, "AT_A_TIME", 3)
    tasks.draw_what_is_due()
    assert EasyPaper.objects.count() == 3
    tasks.draw_what_is_due()
    assert EasyPaper.objects.count() == 6


def test_one_that_cannot_be_drawn_stops_no_other(db, monkeypatch):
    draw = drawing._draw
    failed = []

    def sometimes(edition):
        if not failed:
            failed.append(edition.pk)
            raise ValueError("cannot be drawn")
        return draw(edition)

    monkeypatch.setattr(drawing, "_draw", sometimes)
    monkeypatch.setattr(drawing, "AT_A_TIME", 3)
    drawing.draw_what_is_due()
    assert EasyPaper.objects.count() == 2
    assert not EasyPaper.objects.filter(edition=failed[0]).exists()


def test_without_room_a_page_says_so(db, settings, tmp_path):
    settings.HUB_FILES = tmp_path / "a-file"
    settings.HUB_FILES.write_text("no folder")
    answer = Client().get(PDF)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "300"
    assert url("easy", WITH_EASY) in answer.content.decode()


def test_only_our_easy_pictures_are_read(monkeypatch, caplog):
    """Another file of ours, one elsewhere on this machine, another machine: none of them."""
    read = []
    own = pdf._own_file
    monkeypatch.setattr(pdf, "_own_file", lambda name: read.append(name) or own(name))
    wanted = "".join(
        f'<img src="{src}" alt="a">'
        for src in ("img/easy-help.svg", "img/scene-rain.svg", "img/easy-../../x.svg", "file:///etc/passwd",
                    "https://elsewhere.example/img/easy-help.svg", "img/easy-help.svg?x")
    )  # fmt: skip
    pdf.draw_page(f"<!doctype html><html lang=en-GB><title>A</title><body>{wanted}")
    assert [name for name in read if name.startswith("img/")] == ["img/easy-help.svg"]
    assert caplog.text.count("refused") >= 3


def test_help_is_on_the_paper(db):
    with pymupdf.open(stream=Client().get(PDF).content) as paper:
        assert settings.HUB_ADDRESS + reverse("help") in paper[-1].get_text()
