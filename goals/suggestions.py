"""The goals we suggest, by theme, read from content/. Pure.

A suggestion's slug is the tag by which articles and parts of courses say what they help with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hub import schema
from hub.schema import Field, Words, Wrong, check_all, check_names

CONTENT = Path(__file__).parent / "content"
KINDS = ("me", "us")

SUGGESTION = (
    Field("slug", "slug", "Name for addresses and tags"),
    Field("title", "line", "The goal, as a parent would say it"),
    Field("kind", "line", "me (as a parent) or us (as co-parents)"),
    Field("why", "line", "Why it matters to my child"),
    Field("first_step", "line", "A first step"),
    Field("steps", "lines", "More small steps", least=2, most=3),
    Field("safety", "line", "For somebody who is afraid, where this could do harm", needed=False),
)
THEME = (
    Field("title", "line", "Title"),
    Field("summary", "line", "What it is about"),
    Field("order", "number", "Place on the page", least=1, most=99),
    Field("suggestions", "groups", "The goals", least=1, most=20, of=SUGGESTION),
)


@dataclass(frozen=True)
class Suggestion:
    slug: str
    words: Words

    @property
    def title(self) -> str:
        return self.words.title


@dataclass(frozen=True)
class Theme:
    slug: str
    words: Words
    suggestions: tuple[Suggestion, ...]


def check_theme(told: Mapping[str, Any]) -> Words:
    """The words of a theme and of its goals. Raises Wrong."""
    bare = {name: value for name, value in told.items() if name != "suggestions"}
    words = check_all(bare, [field for field in THEME if field.name != "suggestions"])
    given = told.get("suggestions", [])
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise Wrong("suggestions must be a list of tables: [[suggestions]]")
    checked = []
    for number, each in enumerate(given, start=1):
        try:
            checked.append(_check_one(each))
        except Wrong as error:
            raise Wrong(error.what, number) from error
    check_names(checked, "suggestions")
    return Words(check_all({**bare, "suggestions": checked}, THEME) | words)


def _check_one(told: Mapping[str, Any]) -> Words:
    words = check_all(told, SUGGESTION)
    if words.kind not in KINDS:
        raise Wrong("kind must be me or us")
    return words


def read(text: str, name: str) -> Words:
    """The words of a content file called `name`. Raises BrokenContent with file, line and what is wrong."""
    return schema.read(text, name, check_theme, table="suggestions")


def load(folder: Path = CONTENT) -> tuple[Theme, ...]:
    """Every theme in its order. Raises BrokenContent, also for a slug that stands in two files."""
    themes, seen = [], {}
    for path in sorted(folder.glob("*.toml")):
        words = read(path.read_text("utf-8"), path.name)
        for number, each in enumerate(words.suggestions, start=1):
            if first := seen.get(each["slug"]):
                raise schema.BrokenContent(f"{path.name}, suggestions {number}: {each['slug']} is in {first} already")
            seen[each["slug"]] = path.name
        goals = tuple(Suggestion(each["slug"], each) for each in words.suggestions)
        themes.append(Theme(path.stem, words, goals))
    return tuple(sorted(themes, key=lambda theme: (theme.words.order, theme.slug)))


@cache
def themes() -> tuple[Theme, ...]:
    return load()


@cache
def by_slug() -> dict[str, Suggestion]:
    return {each.slug: each for theme in themes() for each in theme.suggestions}
