"""Kernel: a template and its context become a PDF. The only importer of WeasyPrint; it reads our files and no other.

One file meets two standards: PDF/UA-1 (a screen reader can use it) and PDF/A-3a (it can be kept for decades).
What bounds the work: the letters and lines of a page (MOST_LETTERS, MOST_LINES), one drawing at a time in a process,
and the time limits of the Celery task that calls it. A parent's words reach the template as text, which escapes them.
"""

import atexit
import hashlib
import logging
import os
import re
import threading
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import ngettext

log = logging.getLogger(__name__)

SHEET = "pdf.css"
PICTURES = frozenset({"img/symbol.svg", "img/scene-two-homes.svg"})
EASY_PICTURE = re.compile(r"img/easy-[a-z0-9-]+\.svg")  # of easy-read papers: the set grows, its names do not wander
ALWAYS = frozenset({"Atkinson Hyperlegible Next", "Familjen Grotesk"})  # the two families every plan is set in
# Of the page as HTML: 75 answers of 2,000 characters stay below, even when every one is a quotation mark.
MOST_LETTERS = 1_000_000
MOST_LINES = 6_000  # line breaks the parents typed: 80 in each of 75 answers; pages of them cost far more than words do
NOWHERE = "https://pdf.invalid/"  # where our files seem to live while a page is drawn; no machine can have this name
FONTS_CONF = Path(__file__).with_name("pdf_fonts.conf")

_one_at_a_time = threading.Lock()
_FACE = re.compile(r'@font-face\{font-family:"?([^;"]+)"?;[^}]*?url\("?(fonts/[a-z0-9-]+\.woff2)"?\)[^}]*\}')
_OWN_WAY = re.compile(r'dir="auto">([^<]*)')
# Letters with marks that have no letter of their own, as in Yoruba: the font that has both must draw them together.
_MARKED = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff][\u0300-\u036f]+(?=[^<>]*<)")
# Signs that steer their neighbours and are never drawn themselves.
_STEER = {0x200C, 0x200D, 0x2028, 0x2029, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080)}


class TooMuchToDraw(Exception):
    """The page is longer than any honest plan."""


@dataclass(frozen=True)
class Drawn:
    """A finished PDF."""

    content: bytes
    pages: int
    sha256: str


@dataclass(frozen=True)
class _Face:
    family: str
    file: str
    rule: str
    letters: frozenset[int]


def draw(template: str, context: dict[str, Any]) -> Drawn:
    """Draw the template as a tagged PDF. The same page gives the same bytes, in any process and on any machine.

    The template brings <html lang>, <title> and the dates; what the parents wrote must reach it as plain text.
    Raises TooMuchToDraw for a page nobody could mean.
    """
    return draw_page(render_to_string(template, context))


def draw_page(page: str) -> Drawn:
    """Draw a whole HTML page with our stylesheet.

    Nothing is read but that stylesheet, our fonts and pictures, by name; no address is opened. A letter that none of
    our fonts has is replaced by words in brackets, never by an empty box.
    """
    if len(page) > MOST_LETTERS:
        raise TooMuchToDraw(f"{len(page)} letters; at most {MOST_LETTERS} are drawn.")
    if (lines := page.count("<br") + page.count("<p")) > MOST_LINES:
        raise TooMuchToDraw(f"{lines} lines; at most {MOST_LINES} are drawn.")
    head, body, rest = page.partition("<body")
    page = head + body + _MARKED.sub(r'<span class="marked">\g<0></span>', _OWN_WAY.sub(_which_way, rest))
    page = _say_what_is_missing(page)
    with _one_at_a_time, _quietly():
        return _draw(page)


def get_ready() -> None:
    """Load what the first drawing would otherwise wait for, about a second. For a worker that has just started."""
    with _one_at_a_time, _quietly():
        _draw("<!doctype html><html lang=en-GB><title>-</title><body>-")


@contextmanager
def _quietly() -> Iterator[None]:
    """WeasyPrint forgets to close its own colour profile; Python closes it, and need not say so."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="unclosed file .*sRGB2014", category=ResourceWarning)
        yield


def _draw(page: str) -> Drawn:
    import weasyprint

    letters = {ord(letter) for letter in set(page)}
    usual = frozenset().union(*(face.letters for face in _faces() if face.family in ALWAYS and "-400-" in face.file))
    rare = letters - usual
    families = frozenset(face.family for face in _faces() if face.family in ALWAYS or face.letters & rare)
    sheet, fonts = _setting(families)
    document = weasyprint.HTML(string=page, base_url=NOWHERE, url_fetcher=_fetcher()).render(
        stylesheets=[sheet], font_config=fonts, presentational_hints=False, pdf_forms=False, pdf_variant="pdf/a-3a"
    )
    # Nothing of the machine, and no file, goes into the document.
    document.metadata.attachments.clear()
    document.metadata.authors.clear()
    document.metadata.generator = None
    content = document.write_pdf(pdf_variant="pdf/a-3a", finisher=_finish)
    return Drawn(content=content, pages=len(document.pages), sha256=hashlib.sha256(content).hexdigest())


# --- What may be read ----------------------------------------------------------------------------------------------


@cache
def _own_file(name: str) -> bytes:
    """One of our static files, from the source folder or from where collectstatic put it."""
    found = finders.find(name) or Path(settings.STATIC_ROOT) / name
    return Path(found).read_bytes()


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFilesOnly(URLFetcher):
        """Answers for the files we name. It knows no protocol: there is nothing in it that could open an address."""

        _fail_on_errors = False

        def __init__(self) -> None:  # the parent's would load the handlers for http, ftp, file and data
            self.known = {NOWHERE + name: name for name in PICTURES | {face.file for face in _faces()}}

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = self.known.get(url)
            if url.startswith(NOWHERE) and EASY_PICTURE.fullmatch(url.removeprefix(NOWHERE)):
                name = url.removeprefix(NOWHERE)
            if name is None:
                log.error("A PDF asked for something that is not ours; refused.")
                raise ValueError("Only our own files may be drawn.")
            if name.endswith(".svg"):
                return URLFetcherResponse(url, _own_file(name), {"Content-Type": "image/svg+xml"})
            return URLFetcherResponse(url, _unpacked(name), {"Content-Type": "font/ttf"})

        def open(self, url: Any, data: Any = None, timeout: Any = None) -> Any:
            raise ValueError("Only our own files may be drawn.")

    return OurFilesOnly()


# --- Fonts ---------------------------------------------------------------------------------------------------------


@cache
def _faces() -> tuple[_Face, ...]:
    """The fonts named in our stylesheet, each with the letters it can draw."""
    from io import BytesIO

    from fontTools.ttLib import TTFont

    faces = []
    for found in _FACE.finditer(_own_file(SHEET).decode()):
        with TTFont(BytesIO(_own_file(found[2])), lazy=True) as font:
            letters = frozenset(font.getBestCmap())
        faces.append(_Face(found[1], found[2], found[0], letters))
    return tuple(faces)


@cache
def _unpacked(name: str) -> bytes:
    """A font file as WeasyPrint would unpack it, kept so that it is unpacked once in a process."""
    from io import BytesIO

    from fontTools.ttLib import woff2

    plain = BytesIO()
    woff2.decompress(BytesIO(_own_file(name)), plain)
    return plain.getvalue()


@cache
def _drawable() -> frozenset[int]:
    return frozenset().union(*(face.letters for face in _faces()), _STEER, range(32))


@lru_cache(maxsize=8)
def _setting(families: frozenset[str]) -> tuple[Any, Any]:
    """The stylesheet with only these families, and a set of fonts that holds nothing else, not even the system's."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTS_CONF)
    try:
        fonts = FontConfiguration()
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
    rules = _own_file(SHEET).decode()
    for face in _faces():
        if face.family not in families:
            rules = rules.replace(face.rule, "")
    return CSS(string=rules, base_url=NOWHERE, url_fetcher=_fetcher(), font_config=fonts), fonts


atexit.register(_setting.cache_clear)  # the fonts lie in a temporary folder, which goes with them


def _say_what_is_missing(page: str) -> str:
    missing = {letter for letter in set(page) if ord(letter) not in _drawable()}
    if not missing:
        return page
    run = re.compile("[" + "".join(map(re.escape, sorted(missing))) + "]+")

    def in_words(found: re.Match[str]) -> str:
        n = sum(1 for letter in found[0] if unicodedata.category(letter)[0] != "M") or 1
        return ngettext("[%(n)d sign we cannot print]", "[%(n)d signs we cannot print]", n) % {"n": n}

    return run.sub(in_words, page)


def _which_way(found: re.Match[str]) -> str:
    """WeasyPrint does not know dir="auto": the first letter with a direction decides, as in a browser."""
    for letter in found[1]:
        way = unicodedata.bidirectional(letter)
        if way in {"R", "AL"}:
            return f'dir="rtl">{found[1]}'
        if way == "L":
            break
    return f'dir="ltr">{found[1]}'


# --- Standards -----------------------------------------------------------------------------------------------------

# PDF/A asks that every name in the metadata is described; the one for PDF/UA is not among those it knows.
_ACCESSIBLE = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289 that the document meets</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


def _finish(document: Any, pdf: Any) -> None:
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [part.replace(b"</rdf:RDF>", _ACCESSIBLE + b"</rdf:RDF>") for part in metadata.stream]
    # Of several signs that make up one letter, as in Hindi, only the last is given its text. A reader that finds none
    # for the others makes letters up: give it a space without width.
    for one in pdf.objects:
        if b"begincmap" in getattr(one, "stream", ()):
            one.stream = [line[:-2] + b"<200b>" if line.endswith(b" <>") else line for line in one.stream]
