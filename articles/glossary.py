"""Words explained: the glossary of content/glossary.toml, and the first use of each of its words in an article."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from hub import schema
from hub.markup import to_html
from hub.schema import Field, Wrong

FILE = Path(__file__).parent / "content" / "glossary.toml"

WORD = (
    Field("slug", "slug", "Its name in addresses"),
    Field("word", "line", "The word"),
    Field("also", "lines", "How else it is written", needed=False, most=12),
    Field("meaning", "line", "What it means"),
    Field("article", "slug", "The article that says more", needed=False),
)


@dataclass(frozen=True)
class Word:
    """A word and its meaning. "contact (old word)" has a second sense, so only what `also` says stands for it."""

    slug: str
    word: str
    also: tuple[str, ...]
    meaning: str
    article: str

    @property
    def written(self) -> tuple[str, ...]:
        """How it may stand in an article."""
        return self.also if self.word.endswith(")") and " (" in self.word else (self.word, *self.also)

    @property
    def letter(self) -> str:
        return self.word[0].upper()


def read(text: str, name: str) -> tuple[Word, ...]:
    """The words of a glossary file called `name`, by the alphabet.

    Raises BrokenContent with file, line and what is wrong.
    """
    return schema.read(text, name, _check, table="word")


def _check(told: Mapping[str, Any]) -> tuple[Word, ...]:
    if unknown := sorted(told.keys() - {"word"}):
        raise Wrong(f"nobody knows the name {', '.join(unknown)}")
    if not isinstance(told.get("word"), list) or not all(isinstance(entry, Mapping) for entry in told["word"]):
        raise Wrong("there must be a list of [[word]] tables")
    found: list[Word] = []
    taken: dict[str, str] = {}
    for number, entry in enumerate(told["word"], start=1):
        try:
            words = schema.check_all(entry, WORD)
        except Wrong as error:
            raise Wrong(error.what, number) from error
        each = Word(words.slug, words.word, tuple(words.also or ()), words.meaning, words.article)
        if each.slug in {other.slug for other in found}:
            raise Wrong(f"slug {each.slug} is there twice", number)
        for written in map(_alike, each.written):
            if taken.get(written, each.slug) != each.slug:
                raise Wrong(f"“{written}” stands for {taken[written]} already", number)
            taken[written] = each.slug
        found.append(each)
    return tuple(sorted(found, key=lambda each: (each.word.casefold(), each.slug)))


def _alike(written: str) -> str:
    return written.replace("'", "’").casefold()


@cache
def words() -> tuple[Word, ...]:
    return read(FILE.read_text("utf-8"), FILE.name)


def by_letter() -> list[tuple[str, list[Word]]]:
    """Every letter from A to Z that has words, with them."""
    letters: dict[str, list[Word]] = {}
    for each in words():
        letters.setdefault(each.letter, []).append(each)
    return list(letters.items())


# ---------------------------------------------------------------- explaining them in place

_TAG = re.compile(r"(<[^>]*>)")
_CLOSED = {"a", "h1", "h2", "h3"}  # a word is never a link inside a link, nor inside a heading


@dataclass(frozen=True)
class Explained:
    """An article’s text as HTML, in which the first use of each word leads to its meaning; and those words."""

    html: SafeString
    words: tuple[Word, ...]


@cache
def _finder() -> tuple[re.Pattern[str], dict[str, Word]]:
    """Finds every way in which a word is written; the longest first. What has a capital letter is taken as it is."""
    by_way = {_alike(written): each for each in words() for written in each.written}
    ways = sorted({written for each in words() for written in each.written}, key=lambda way: (-len(way), way))
    patterns = []
    for way in ways:
        pattern = re.escape(html.escape(way, quote=False)).replace("'", "’").replace("’", "['’]")
        patterns.append(pattern if way != way.lower() else f"(?i:{pattern})")
    return re.compile(rf"(?<![\w’'-])(?:{'|'.join(patterns)})(?![\w-])"), by_way


@lru_cache(maxsize=1000)
def explain(body: str) -> Explained:
    """The body in our markup (hub.markup), with its hard words linked to #word-…; the link itself is #use-…"""
    if not words():
        return Explained(to_html(body), ())
    finder, by_way = _finder()
    used: dict[str, Word] = {}

    def link(found: re.Match[str]) -> str:
        word = by_way.get(_alike(html.unescape(found[0])))
        if word is None or word.slug in used:
            return found[0]
        used[word.slug] = word
        return f'<a class="hub-word" id="use-{word.slug}" href="#word-{word.slug}">{found[0]}</a>'

    pieces, closed = [], 0
    for piece in _TAG.split(to_html(body)):
        if piece.startswith("<"):
            name = re.match(r"</?(\w+)", piece)
            if name and name[1] in _CLOSED:
                closed += -1 if piece.startswith("</") else 1
        elif not closed:
            piece = finder.sub(link, piece)
        pieces.append(piece)
    in_order = tuple(sorted(used.values(), key=lambda each: (each.word.casefold(), each.slug)))
    return Explained(mark_safe("".join(pieces)), in_order)  # noqa: S308 - made safe by to_html; slugs are checked
