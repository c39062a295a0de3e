"""Kernel, pure: what a content file may hold, field by field, and how a mistake in it is told.

An app says which fields its courses or articles have. The same fields then read the files, check what staff typed, and
draw the form in which they type it. Every mistake is told with file, line and what is wrong.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from django.utils.functional import Promise

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LINE_LIMIT, WORDS_LIMIT = 300, 6000  # letters


class BrokenContent(Exception):
    """A content file is not as it must be. Says the file, the line and what is wrong."""


class Wrong(Exception):
    """Some words are not as they must be. `where` is the nth table of the file’s list, or 0 for its top."""

    def __init__(self, what: str, where: int = 0):
        super().__init__(what)
        self.what, self.where = what, where


@dataclass(frozen=True)
class Field:
    """One named piece of a step, a cover or an article. `kind` is how it is typed:

    line      one line of text              words     paragraphs, with the little markup of hub.markup
    lines     a list of lines               groups    a list of small tables, each with the fields `of`
    yes       true or false                 slug      a name for addresses
    film      a film of static/films        picture   a file of static/img
    number    a whole number                date      a day
    url       an address of another site
    """

    name: str
    kind: str
    label: "str | Promise"
    needed: bool = True
    least: int = 0
    most: int = 0
    of: tuple["Field", ...] = ()
    help: "str | Promise" = ""


class Words(dict):
    """The words of a step by name, also as attributes; a name that was left out is empty."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name, "")


# ---------------------------------------------------------------- checking


def _one(told: Any, of: Field, where: str) -> Any:
    """The words of one field, checked. Raises Wrong."""

    def wrong(what: str):
        return Wrong(f"{where}{of.name} {what}")

    if of.kind in {"line", "words", "slug", "film", "picture", "url"}:
        if not isinstance(told, str):
            raise wrong("must be text in quotation marks")
        text = told.strip()
        if not text:
            raise wrong("is empty")
        if of.kind == "line" and "\n" in text:
            raise wrong("must be one line")
        if len(text) > (WORDS_LIMIT if of.kind == "words" else LINE_LIMIT):
            raise wrong("is too long")
        if of.kind == "slug" and not SLUG.fullmatch(text):
            raise wrong("may hold small letters, digits and single dashes")
        if of.kind == "film" and not SLUG.fullmatch(text):
            raise wrong("must be the name of a film in static/films, without its ending")
        if of.kind == "picture" and not re.fullmatch(r"[a-z0-9-]+\.svg", text):
            raise wrong("must be the name of a picture in static/img, such as scene-handover.svg")
        if of.kind == "url" and not _leads_elsewhere(text):
            raise wrong("must be a whole address that begins with https://")
        return text
    if of.kind == "yes":
        if not isinstance(told, bool):
            raise wrong("must be true or false")
        return told
    if of.kind == "number":
        if not isinstance(told, int) or isinstance(told, bool) or not of.least <= told <= of.most:
            raise wrong(f"must be a whole number from {of.least} to {of.most}")
        return told
    if of.kind == "date":
        if isinstance(told, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", told):
            return told
        if not isinstance(told, dt.date) or isinstance(told, dt.datetime):
            raise wrong("must be a date such as 2026-11-22")
        return told.isoformat()
    if not isinstance(told, list):
        raise wrong("must be a list")
    if len(told) < of.least or (of.most and len(told) > of.most):
        raise wrong(f"must have {of.least} to {of.most} entries, and has {len(told)}")
    if of.kind == "lines":
        line = Field(of.name, "line", of.label)
        return [_one(entry, line, f"{where}entry {number} of ") for number, entry in enumerate(told, start=1)]
    checked = []
    for number, entry in enumerate(told, start=1):
        if not isinstance(entry, Mapping):
            raise wrong("must be a list of tables")
        checked.append(check_all(entry, of.of, f"{where}{of.name} {number}: "))
    return checked


def _leads_elsewhere(text: str) -> bool:
    try:
        found = urlsplit(text)
    except ValueError:
        return False
    return found.scheme == "https" and "." in found.netloc and not re.search(r"[\s<>\"]", text)


def check_one(told: Any, of: Field) -> Any:
    """The words of one field alone, as somebody typed them. Raises Wrong."""
    return _one(told, of, "")


def check_all(told: Mapping[str, Any], fields: Iterable[Field], where: str = "") -> Words:
    """The words of these fields by name, and no others. Raises Wrong."""
    fields = list(fields)
    if unknown := sorted(told.keys() - {each.name for each in fields}):
        raise Wrong(f"{where}nobody knows the name {', '.join(unknown)}")
    words = Words()
    for each in fields:
        left_out = each.name not in told or told[each.name] in ("", [])
        if left_out and each.needed:
            raise Wrong(f"{where}{each.name} is missing")
        if not left_out:
            words[each.name] = _one(told[each.name], each, where)
    return words


def check_names(entries: Iterable[Mapping[str, Any]], what: str) -> None:
    """Each of these tables has a slug of its own. Raises Wrong."""
    slugs = [entry["slug"] for entry in entries]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise Wrong(f"{what}: {', '.join(twice)} is there twice")


# ---------------------------------------------------------------- files

T = TypeVar("T")


def read(text: str, name: str, check: Callable[[dict[str, Any]], T], *, table: str = "") -> T:
    """What `check` makes of the content file called `name`; `table` is the list whose entries it counts.

    Raises BrokenContent with file, line and what is wrong.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        last = str(text.count("\n") + 1)  # "at end of document"
        raise BrokenContent(f"{name}, line {line[1] if line else last}: {error}") from error
    try:
        return check(told)
    except Wrong as error:
        place = f"line {_line_of(text, table, error.where)}"
        if error.where:
            place += f", {table} {error.where}"
        raise BrokenContent(f"{name}, {place}: {error.what}") from error


def _line_of(text: str, table: str, number: int) -> int:
    """The line on which the nth [[table]] begins; 1 for the top."""
    if not number:
        return 1
    head = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
    headings = [at for at, line in enumerate(text.splitlines(), start=1) if head.match(line)]
    return headings[number - 1] if number <= len(headings) else 1
