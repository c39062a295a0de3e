"""The agreed plan on paper: valid, readable, drawn in the right letters, and made from our own files alone."""

import html
import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pymupdf
import pytest
import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont, woff2

from hub import pdf
from tests.hub import agreed_plans
from tests.pdf_rules import verapdf

MM = 72 / 25.4
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")  # stock WeasyPrint's
LETTERS_ALONE = ("Polish", "Polish 2", "Vietnamese", "Vietnamese 2", "Welsh", "Welsh 2", "Irish", "Turkish")
LETTERS_ALONE += ("Cyrillic", "Cyrillic 2", "Greek", "Greek 2")
JOINED = {  # letters that change their shape beside each other: compared as pictures
    "Arabic": "noto-sans-arabic-arabic-400-normal",
    "Urdu": "noto-sans-arabic-arabic-400-normal",
    "Hindi": "noto-sans-devanagari-devanagari-400-normal",
    "Hindi 2": "noto-sans-devanagari-devanagari-400-normal",
    "Punjabi": "noto-sans-gurmukhi-gurmukhi-400-normal",
    "Bengali": "noto-sans-bengali-bengali-400-normal",
    "Gujarati": "noto-sans-gujarati-gujarati-400-normal",
    "Tamil": "noto-sans-tamil-tamil-400-normal",
}


def page_of(body: str, head: str = "") -> str:
    """A page without the foot of ours."""
    head += "<style>@page { @bottom-right { content: none !important } }</style>"
    return f'<!doctype html><html lang="en-GB"><head><title>A page</title>{head}</head><body>{body}</body></html>'


def drawn(plan) -> pdf.Drawn:
    return pdf.draw(agreed_plans.TEMPLATE, agreed_plans.context(plan))


def words_of(content: bytes) -> list[str]:
    with pymupdf.open(stream=content) as document:
        return [page.get_text() for page in document]


# ---------------------------------------------------------------- valid
@pytest.mark.timeout(300)
def test_every_kind_of_plan_meets_both_standards(tmp_path):
    plans = {
        "sixty": agreed_plans.plan(60),
        "solo": agreed_plans.plan(12, solo=True, demonstration=True),
        "order": agreed_plans.plan(25, order_in_force=True),
        "scripts": agreed_plans.in_every_script(),
        "unknown": agreed_plans.with_words("志明 likes ☐ lists.", "\U0001faea", children=("志明",)),
        "empty": agreed_plans.plan(1, sections=[], agreed_count=0, last_agreed_at=None, solo=True),
    }
    asked = []
    for name, plan in plans.items():
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(drawn(plan).content)
        asked += [(file, "ua1"), (file, "3a")]
    for (file, flavour), verdict in zip(asked, verapdf(*asked), strict=True):
        assert verdict.compliant, f"{file.name} as {flavour}: {verdict.faults}"
        assert verdict.checks > 5000


def test_the_rules_find_faults_in_a_bad_file(tmp_path):
    bad = tmp_path / "bad.pdf"
    weasyprint.HTML(string="<h3>No title, no language, no heading before this</h3>").write_pdf(
        bad, pdf_variant="pdf/ua-1"
    )
    half = tmp_path / "half.pdf"  # right in everything but the mark our finisher adds
    half.write_bytes(weasyprint.HTML(string=page_of("<h1>One</h1>")).write_pdf(pdf_variant="pdf/a-3a"))
    as_ua, as_a, without_mark = verapdf((bad, "ua1"), (bad, "3a"), (half, "ua1"))
    assert not as_ua.compliant
    assert "7.1-9" in " ".join(as_ua.faults)
    assert not as_a.compliant
    assert [fault.partition("x")[0] for fault in without_mark.faults] == ["5-1"]


def test_a_screen_reader_finds_its_way():
    with pikepdf.open(BytesIO(drawn(agreed_plans.plan(25)).content)) as document:
        root = document.Root
        assert str(root.Lang) == "en-GB"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(document.docinfo.Title) == "Our Child’s Plan for Anya and Finn, 21 November 2026"
        assert "/Author" not in document.docinfo
        assert "/Creator" not in document.docinfo
        assert all(page.Tabs == "/S" for page in document.pages)
        levels = [int(kind[1]) for kind in kinds(root.StructTreeRoot) if re.fullmatch(r"H\d", kind)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert "Figure" not in set(kinds(root.StructTreeRoot))  # pictures are decoration; none interrupts the reading
        with document.open_outline() as outline:
            [top] = outline.root
            parts = [item.title for item in top.children]
            assert "A About our children" in parts
            assert "How to check this copy" in parts
            assert [item.title[:2] for item in top.children[parts.index("A About our children")].children] == [
                "A1",
                "A4",
            ]


def kinds(element):
    """The structure of a tagged PDF in reading order, as names."""
    if isinstance(element, pikepdf.Array):
        for kid in element:
            yield from kinds(kid)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield str(element.S)[1:]
        if "/K" in element:
            yield from kinds(element.K)


# ---------------------------------------------------------------- what it says
def test_every_page_is_numbered_and_the_first_says_what_it_is():
    made = drawn(agreed_plans.plan(25))
    pages = words_of(made.content)
    assert made.pages == len(pages) > 5
    for at, words in enumerate(pages, start=1):
        assert f"Page {at} of {len(pages)}" in words
    first = " ".join(pages[0].split())
    for said in (
        f"Page 1 of {len(pages)} – check you have every page",
        "Our Child’s Plan for Anya and Finn",
        "Agreed by Priya and Callum",
        "25 of 75 questions agreed",
        "Saturday 21 November 2026, 7:02 pm",
        "7F3K-29QD-XM4T-B8WZ",
        "https://hub.example/verify/",
        "not legally binding",
    ):
        assert said in first
    whole = " ".join(" ".join(pages).split())
    assert "consent order" in whole
    assert "Checked on 3 November 2026" in whole
    assert "Still open" in whole
    assert "Demonstration" not in whole
    assert "A court order is in force" not in whole


def test_the_contents_name_the_right_pages():
    pages = words_of(drawn(agreed_plans.plan(40)).content)
    for title in ("Living and childcare", "Feelings and wellbeing", "Help and advice"):
        [told] = re.findall(rf"{title}\s+(?:[A-J]\s+)?(\d+)", pages[1])
        assert title in pages[int(told) - 1]


def test_a_proposed_plan_says_so_on_every_page():
    pages = words_of(drawn(agreed_plans.plan(12, solo=True)).content)
    assert "Proposed by Priya. Not agreed." in " ".join(pages[0].split())
    for words in pages:
        assert "Proposed by Priya, not agreed" in " ".join(words.split())
    whole = " ".join(pages)
    assert "If you wish to sign" not in whole
    assert "Agreed by" not in whole
    assert "agreed this" not in whole


def test_an_order_in_force_is_told_on_every_page():
    pages = words_of(drawn(agreed_plans.plan(6, order_in_force=True, demonstration=True)).content)
    assert "the order comes first" in " ".join(pages[0].split())
    assert "Demonstration copy" in pages[0]
    for words in pages[1:]:
        assert "A court order is in force. The order comes first." in words
        assert "Demonstration copy" in words


def test_the_page_and_the_paper_have_the_same_words():
    plan = agreed_plans.plan(25, order_in_force=True)
    twin = html.unescape(
        re.sub(r"<[^>]+>", " ", render_to_string("parenting_plan/agreed_body.html", agreed_plans.context(plan)))
    )
    on_page = Counter(re.findall(r"[\w']+", twin))
    on_paper: Counter[str] = Counter()
    with pymupdf.open(stream=drawn(plan).content) as document:
        for page in document:
            inside = pymupdf.Rect(0, 22 * MM, page.rect.width, page.rect.height - 22 * MM)
            on_paper.update(re.findall(r"[\w']+", page.get_text(clip=inside)))
    assert not on_page - on_paper
    only_paper = on_paper - on_page
    signing = (
        "If you wish to sign You do not have to A signature shows that you have both read the plan It does not make it"
    )
    allowed = Counter(f"{signing} legally binding Priya Callum Date Date Co Parenting Hub If you wish to sign".split())
    assert not {word for word in only_paper - allowed if not word.isdigit()}
    assert sum(times for word, times in only_paper.items() if word.isdigit()) == 15  # the page numbers of the contents


def test_a_kind_of_value_without_a_drawing_is_heard():
    plan = agreed_plans.with_words("x")
    plan.sections[0].answers[0].value["kind"] = "schedule_of_nowhere"
    with pytest.raises(Exception, match="schedule_of_nowhere"):
        drawn(plan)


# ---------------------------------------------------------------- letters
def font_file(name: str) -> bytes:
    plain = BytesIO()
    woff2.decompress(str(settings.HOUSE / "static" / "fonts" / f"{name}.woff2"), plain)
    return plain.getvalue()


def outline(font: TTFont, glyph: str) -> tuple:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[glyph].draw(pen)
    return tuple(pen.value)


def outlines_drawn(content: bytes) -> list[tuple]:
    """The outline of every visible sign on the first page, from the fonts in the file: the ink, not the claim."""
    found = []
    with pikepdf.open(BytesIO(content)) as document:
        page = document.pages[0]
        fonts = {}
        for name, font in page.Resources.Font.items():
            embedded = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
            fonts[name] = TTFont(BytesIO(embedded))
        font = None
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                font = fonts[str(operands[0])]
            elif str(operator) in {"TJ", "Tj"}:
                runs = operands[0] if str(operator) == "TJ" else operands
                codes = b"".join(bytes(run) for run in runs if isinstance(run, pikepdf.String))
                for at in range(0, len(codes), 2):
                    drawn_sign = outline(font, font.getGlyphName(int.from_bytes(codes[at : at + 2])))
                    if drawn_sign:
                        found.append(drawn_sign)
    return found


@cache
def stack() -> list[TTFont]:
    """The fonts of the words of a plan, in order."""
    return [TTFont(BytesIO(pdf._unpacked(face.file))) for face in pdf._faces() if "-400-" in face.file]


def expected_outlines(text: str) -> list[tuple]:
    """Each letter as the first font of the stack that has it draws it."""
    found = []
    for letter in text:
        font = next(font for font in stack() if ord(letter) in font.getBestCmap())
        found.append(outline(font, font.getBestCmap()[ord(letter)]))
    return [one for one in found if one]


def strokes(outlines: list[tuple]) -> list[tuple]:
    """The closed lines one after another, each from its own beginning: a font may draw a letter and its dot apart."""
    found: list[list] = []
    for move, points in (step for shape in outlines for step in shape):
        if move == "moveTo":
            found.append([])
            left, low = points[0]
        found[-1].append((move, tuple((x - left, y - low) for x, y in points)))
    return [tuple(one) for one in found]


@pytest.mark.parametrize("tongue", LETTERS_ALONE)
def test_a_name_is_drawn_with_its_own_letters(tongue):
    name = agreed_plans.NAMES[tongue]
    made = pdf.draw_page(page_of(f"<div>{name}</div>"))
    assert strokes(outlines_drawn(made.content)) == strokes(expected_outlines(name))
    assert name in words_of(made.content)[0]


def test_two_files_under_one_family_would_draw_other_letters(monkeypatch):
    """The trap the sheet avoids. If this fails, WeasyPrint has changed, and the test above may be blind."""
    rules = pdf._own_file(pdf.SHEET)
    merged = rules.replace(b'font-family:"Atkinson Ext";', b'font-family:"Atkinson Hyperlegible Next";')
    assert merged != rules
    usual = pdf._own_file
    monkeypatch.setattr(pdf, "_own_file", lambda name: merged if name == pdf.SHEET else usual(name))
    for kept in (pdf._faces, pdf._drawable, pdf._setting):
        kept.cache_clear()
    try:
        made = pdf.draw_page(page_of("<div>Łukasz</div>"))
    finally:
        monkeypatch.undo()
        for kept in (pdf._faces, pdf._drawable, pdf._setting):
            kept.cache_clear()
    assert "Łukasz" in words_of(made.content)[0]  # the copied text looks right
    assert strokes(outlines_drawn(made.content)) != strokes(expected_outlines("Łukasz"))


def ink(page: pymupdf.Page) -> pymupdf.Pixmap:
    """The page in grey, cut to what is printed on it."""
    grey = page.get_pixmap(dpi=144, colorspace=pymupdf.csGRAY)
    rows = [
        at for at in range(grey.height) if min(grey.samples[at * grey.stride : at * grey.stride + grey.width]) < 160
    ]
    columns = [at for at in range(grey.width) if min(grey.samples[at :: grey.stride]) < 160]
    cut = pymupdf.IRect(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    cut_out = pymupdf.Pixmap(pymupdf.csGRAY, cut)
    cut_out.copy(grey, cut)
    return cut_out


def difference(ours: pymupdf.Pixmap, theirs: pymupdf.Pixmap) -> float:
    """How much of the ink differs, 0 to 1; pictures of quite another size count as wholly different."""
    if abs(ours.width - theirs.width) > 6 or abs(ours.height - theirs.height) > 6:
        return 1.0
    width, height = min(ours.width, theirs.width), min(ours.height, theirs.height)
    best = 1.0
    for right in (-1, 0, 1):
        for down in (-1, 0, 1):
            apart = total = 0
            for y in range(max(0, -down), height - max(0, down)):
                a = ours.samples[y * ours.stride : y * ours.stride + width]
                b = theirs.samples[(y + down) * theirs.stride : (y + down) * theirs.stride + width]
                b = b[right:] if right >= 0 else b"\xff" * -right + b
                for one, other in zip(a, b, strict=False):
                    apart += abs(one - other)
                    total += 510 - one - other
            best = min(best, apart / max(total, 1))
    return best


def reference(text: str, font: str, tmp_path: Path) -> pymupdf.Pixmap:
    """The same words drawn by MuPDF, which shapes for itself, with that one font."""
    (tmp_path / "one.ttf").write_bytes(font_file(font))
    css = '@font-face {font-family: one; src: url("one.ttf")} div {font: 48pt one}'
    document = pymupdf.open()
    page = document.new_page()
    page.insert_htmlbox(
        pymupdf.Rect(50, 50, 550, 400), f"<div>{text}</div>", css=css, archive=pymupdf.Archive(str(tmp_path))
    )
    return ink(page)


@pytest.mark.parametrize("tongue", JOINED)
def test_a_name_whose_letters_join_looks_right(tongue, tmp_path):
    name, font = agreed_plans.NAMES[tongue], JOINED[tongue]
    style = "<style>div {font-size: 48pt; line-height: 2; color: black}</style>"
    with pymupdf.open(stream=pdf.draw_page(page_of(f"<div>{name}</div>", style)).content) as document:
        ours = ink(document[0])
    # The same letters kept from joining (Tamil letters stand apart anyway): the picture test must see the difference.
    apart = name[::-1] if tongue == "Tamil" else "\u200c".join(name)
    assert difference(ours, reference(name, font, tmp_path)) < 0.1
    assert difference(ours, reference(apart, font, tmp_path)) > 0.25


@pytest.mark.parametrize("tongue", agreed_plans.NAMES)
def test_a_name_is_copied_and_read_aloud_as_it_was_written(tongue):
    name = agreed_plans.NAMES[tongue]
    said = words_of(pdf.draw_page(page_of(f"<h1>{name}</h1>")).content)[0]
    assert re.sub(r"\s", "", said.replace("\u200b", "")) == re.sub(r"\s", "", name)


@pytest.mark.parametrize("sign", ["😀", "👍🏽", "❤️", "👨‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "✓", "→"])
def test_a_sign_is_one_drawing_and_never_a_box(sign):
    made = pdf.draw_page(page_of(f"<div>{sign}</div>"))
    shapes = outlines_drawn(made.content)
    assert len(shapes) == 1
    for name in ("noto-emoji-emoji-400-normal", "atkinson-hyperlegible-next-latin-400-normal"):
        assert shapes[0] != outline(TTFont(BytesIO(font_file(name))), ".notdef")


@pytest.mark.parametrize("marked", ["ọ̀", "ị́"])
def test_a_mark_stands_on_its_letter(marked):
    """Letter and mark come from one font, which knows where the mark goes."""
    with pikepdf.open(BytesIO(pdf.draw_page(page_of(f"<div>{marked}</div>")).content)) as document:
        [font] = document.pages[0].Resources.Font.values()
        assert "Noto-Vietnamese" in str(font.BaseFont)


def test_letters_we_cannot_print_are_told_in_words():
    pages = words_of(drawn(agreed_plans.with_words("Grandma calls her 志明 & smiles.", children=("志明",))).content)
    whole = " ".join(" ".join(pages).split())
    assert "Grandma calls her [2 signs we cannot print] & smiles." in whole
    assert "for [2 signs we cannot print]" in whole


def test_no_font_of_the_machine_is_used():
    with pikepdf.open(BytesIO(drawn(agreed_plans.in_every_script()).content)) as document:
        used = {
            str(font.BaseFont).partition("+")[2] for page in document.pages for font in page.Resources.Font.values()
        }
    ours = {face.family.replace(" ", "-") for face in pdf._faces()}
    assert used
    assert all(any(name.startswith(family) for family in ours) for name in used), used - ours


def test_words_without_an_end_stay_on_the_page():
    endless = [letter * 2000 for letter in "Wi中"] + ["ض" * 2000, "क" * 2000, "😀" * 500, "W" * 80 + "\n" * 40 + "x"]
    plan = agreed_plans.with_words(*endless, children=("W" * 80, "i" * 80), one="M" * 80, other="ض" * 80)
    with pymupdf.open(stream=drawn(plan).content) as document:
        for page in document:
            for x0, _, x1, y1, word, *_ in page.get_text("words"):
                assert 15 * MM <= x0 <= x1 <= page.rect.width - 15 * MM, (page.number, word[:20])
                assert y1 <= page.rect.height, (page.number, word[:20])


# ---------------------------------------------------------------- nothing comes in, nothing leaks out
@pytest.fixture
def listener():
    """A real web server that counts who comes."""
    asked: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if "redirect" in self.path:
                self.send_response(302)
                self.send_header("Location", "/elsewhere.png")
            else:
                self.send_response(200)
                self.send_header("Content-Type", "text/css" if "css" in self.path else "image/svg+xml")
            self.end_headers()
            if "redirect" not in self.path:
                self.wfile.write(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def tricks(site: str, secret: Path) -> list[str]:
    """Ways to make a drawer of pages fetch something (trust.md 0, 9)."""
    inner = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{site}/data-svg.png' width='9' height='9'/></svg>"
    return [
        f'<img src="{site}/img.png" alt="x">',
        f'<img src="{site}/redirect.png" alt="x">',
        f'<link rel="stylesheet" href="{site}/link.css">',
        f"<style>@import url({site}/import.css);</style>",
        f"<style>@font-face {{font-family: z; src: url({site}/font.woff2)}} b {{font-family: z}}</style><b>z</b>",
        f"<div style=\"background: url('{site}/background.png')\">x</div>",
        f"<style>li {{list-style-image: url({site}/list.png)}}</style><ul><li>x</li></ul>",
        f"<style>i::before {{content: url({site}/content.png)}}</style><i>x</i>",
        f'<svg width="9" height="9"><image href="{site}/svg-image.png" width="9" height="9"/></svg>',
        f'<svg width="9" height="9"><use href="{site}/svg-use.svg#a"/></svg>',
        f'<object data="{site}/object.svg" type="image/svg+xml">x</object>',
        f'<embed src="{site}/embed.svg" type="image/svg+xml">',
        f'<iframe src="{site}/iframe.html"></iframe>',
        f'<link rel="attachment" href="{site}/attachment.txt">',
        f'<a rel="attachment" href="{site}/attached-link.txt">x</a>',
        f'<base href="{site}/base/"><img src="relative.png" alt="x">',
        f'<img src="data:image/svg+xml,{html.escape(inner)}" alt="x">',
        f'<link rel="attachment" href="{secret.as_uri()}">',
        f'<a rel="attachment" href="{secret.as_uri()}">x</a>',
        f'<img src="{secret.as_uri()}" alt="x">',
        f'<object data="{secret.as_uri()}">x</object>',
        '<img src="https://pdf.invalid/../hub/settings.py" alt="x">',
        '<img src="https://pdf.invalid/img/../../manage.py" alt="x">',
        '<img src="img/scene-kitchen.svg" alt="x">',
    ]


def everything_in(content: bytes) -> bytes:
    """Every object and every unpacked stream of the file."""
    with pikepdf.open(BytesIO(content)) as document:
        found = [bytes(document.Root.unparse(resolved=False)), bytes(document.trailer.unparse())]
        for one in document.objects:
            found.append(one.unparse())
            if isinstance(one, pikepdf.Stream):
                found.append(one.read_bytes())
    return b"\n".join(found)


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.txt"
    file.write_text("canary-4f1a in a private file")
    return file


def test_a_template_full_of_tricks_fetches_nothing(listener, secret, caplog):
    site, asked = listener
    for trick in tricks(site, secret):
        with caplog.at_level(logging.CRITICAL):
            content = pdf.draw_page(
                page_of(trick, trick if trick.startswith(("<link", "<style", "<base")) else "")
            ).content
        whole = everything_in(content)
        assert not asked, trick
        for never in (b"canary-4f1a", b"/EmbeddedFile", b"/Filespec"):
            assert never not in whole, trick


def test_the_tricks_are_real(listener, secret):
    """The same pages in a stock WeasyPrint do fetch: the test above is able to fail."""
    site, asked = listener
    page = page_of("".join(tricks(site, secret)))
    content = weasyprint.HTML(string=page, base_url=site).write_pdf()
    assert len(set(asked)) >= 10, asked
    assert b"canary-4f1a" in everything_in(content)


def test_a_parents_words_are_never_markup(listener, secret):
    site, asked = listener
    said = tricks(site, secret)
    plan = agreed_plans.with_words(
        *said, children=('<b onclick="x">Anya', "</title><h1>"), one="<script>", other='"><img src=x>'
    )
    content = drawn(plan).content
    assert not asked
    whole = everything_in(content)
    assert b"canary-4f1a" not in whole
    assert b"/EmbeddedFile" not in whole
    text = "".join("".join(words_of(content)).split())
    for words in said:
        assert "".join(words.split()) in text
    assert '<bonclick="x">Anya' in text
    assert '"><imgsrc=x>' in text


def test_only_named_files_are_read():
    fetcher = pdf._fetcher()
    assert fetcher.fetch(pdf.NOWHERE + "img/symbol.svg").read().startswith(b"<svg")
    for address in (
        "img/symbol.svg",
        pdf.NOWHERE + "img/symbol.svg?x",
        pdf.NOWHERE + "img/../img/symbol.svg",
        pdf.NOWHERE + "hub.css",
        "file:///etc/hostname",
        "http://127.0.0.1/",
        "data:text/plain,x",
    ):
        with pytest.raises(ValueError, match="our own files"):
            fetcher.fetch(address)
        with pytest.raises(ValueError, match="our own files"):
            fetcher.open(address)


def test_files_come_from_where_collectstatic_put_them(tmp_path, settings):
    """A container may hold the collected files alone."""
    pdf._own_file.cache_clear()
    settings.STATICFILES_DIRS = []
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "symbol.svg").write_bytes(b"<svg>collected</svg>")
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    try:
        assert pdf._own_file("img/symbol.svg") == b"<svg>collected</svg>"
    finally:
        finders.get_finder.cache_clear()
        pdf._own_file.cache_clear()


def test_nothing_of_the_machine_is_in_the_file():
    content = drawn(agreed_plans.plan(25, demonstration=True)).content
    whole = everything_in(content)
    places = {
        str(settings.HOUSE),
        tempfile.gettempdir(),
        f"{Path.home()}/",
        "weasyprint-",
        "pdf.invalid",
    }
    for place in places - {"/", ""}:
        assert place.encode() not in whole + content, place
    for never in (
        b"/JavaScript",
        b"/JS",
        b"/OpenAction",
        b"/AA ",
        b"/Launch",
        b"/EmbeddedFile",
        b"/Filespec",
        b"/AcroForm",
    ):
        assert never not in whole, never


def test_a_page_nobody_could_mean_is_refused():
    with pytest.raises(pdf.TooMuchToDraw):
        pdf.draw_page("x" * (pdf.MOST_LETTERS + 1))
    with pytest.raises(pdf.TooMuchToDraw):
        drawn(agreed_plans.with_words(*["x\n" * 1000] * 7))


# ---------------------------------------------------------------- the same plan, the same bytes
def test_the_same_plan_gives_the_same_bytes_here_and_in_another_process(tmp_path):
    plain, signs = drawn(agreed_plans.plan(12)), drawn(agreed_plans.in_every_script())
    assert drawn(agreed_plans.plan(12)) == plain
    assert drawn(agreed_plans.plan(12, made_at=agreed_plans.MADE.replace(hour=20))) != plain
    script = (
        "import django; django.setup()\n"
        "from hub import pdf; from tests.hub import agreed_plans as a\n"
        "for p in (a.in_every_script(), a.plan(12)): print(pdf.draw(a.TEMPLATE, a.context(p)).sha256)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={
            **os.environ,
            "TMPDIR": str(tmp_path),
            "TZ": "Asia/Tokyo",
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": str(settings.HOUSE),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.split() == [signs.sha256, plain.sha256]


def test_getting_ready_leaves_nothing_to_wait_for():
    pdf.get_ready()
    assert pdf._faces.cache_info().currsize == 1
    assert pdf._setting.cache_info().currsize >= 1
