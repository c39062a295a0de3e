"""What an article is made of: its words, what it belongs to, its sources, and its easy-read rows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any

from hub import schema
from hub.schema import Field, Words, Wrong, check_all

TOPICS: dict[str, str] = {
    "starting-out": "Starting out",
    "talking": "Talking to each other",
    "children": "Your children",
    "practical": "Everyday life in two homes",
    "process": "Getting help and going to court",
    "safety": "Safety",
    "you": "Looking after yourself",
    "covid": "The Covid collection",
}
"""The rooms of the library, in their order on the page. The last is history."""

ARTICLE = (
    Field("title", "line", "Title"),
    Field("summary", "line", "What it tells, in one or two sentences"),
    Field("topic", "line", "Topic", help="One of: " + ", ".join(TOPICS)),
    Field("order", "number", "Place within its topic", least=1, most=99),
    Field("body", "words", "The article"),
    Field("picture", "picture", "Picture", needed=False),
    Field("picture_alt", "line", "The picture in words", needed=False),
    Field("child", "words", "A child’s voice", needed=False, help="In our words; never about one parent."),
    Field("child_age", "line", "Who says it", needed=False, help="For example: Maya, 9"),
    Field("try_this", "lines", "Try this", needed=False, most=3),
    Field("safety", "words", "If it is not safe: shown before everything else", needed=False),
    Field("history", "line", "For an article that is history: when it was true", needed=False),
    Field("easy_title", "line", "Title of the easy-read version", needed=False),
    Field("easy", "groups", "Easy read: one idea a row", needed=False, least=6, most=24, of=(
        Field("text", "words", "The idea: one or two short lines, **bold** for the key word"),
        Field("picture", "picture", "Picture"),
        Field("picture_alt", "line", "The picture in words"),
    )),
    Field("goals", "lines", "Goals it goes with", needed=False, most=8),
    Field("plan", "lines", "Parts or questions of the plan it goes with", needed=False, most=10,
          help="Such as money, or money/presents"),
    Field("programmes", "lines", "Programmes it goes with", needed=False, most=4),
    Field("also", "lines", "Other words people search for", needed=False, most=20),
    Field("links", "groups", "Where to read on, at other places", needed=False, most=8, of=(
        Field("text", "line", "What the link is called"),
        Field("url", "url", "Its address"),
        Field("about", "line", "Who they are and what is there"),
    )),
    Field("sources", "groups", "Where the facts come from", least=1, most=12, of=(
        Field("text", "line", "The source, so that a librarian could find it"),
        Field("url", "url", "Its address", needed=False),
    )),
    Field("owner", "line", "Who looks after it", help="For example: Content editor"),
    Field("checked_on", "date", "Facts last checked on"),
    Field("check_again_on", "date", "Check again by"),
)  # fmt: skip

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Article:
    """An article in one edition."""

    slug: str
    words: Words

    @property
    def title(self) -> str:
        return self.words.title

    @property
    def summary(self) -> str:
        return self.words.summary

    @property
    def topic(self) -> str:
        return self.words.topic

    @property
    def is_history(self) -> bool:
        return bool(self.words.history)

    @property
    def has_easy(self) -> bool:
        return bool(self.words.easy)

    @cached_property
    def minutes(self) -> int:
        """Minutes of calm reading, never less than one."""
        return ceil(len(self.words.body.split()) / WORDS_A_MINUTE) or 1


def check_article(told: Mapping[str, Any]) -> Words:
    """The words of an article. Raises Wrong."""
    words = check_all(told, ARTICLE)
    if words.topic not in TOPICS:
        raise Wrong(f"topic must be one of {', '.join(TOPICS)}")
    if words.picture and not words.picture_alt:
        raise Wrong("picture_alt is missing: say the picture in words")
    if words.child and not words.child_age:
        raise Wrong("child_age is missing: say who says it")
    if words.topic == "covid" and not words.history:
        raise Wrong("history is missing: the Covid collection is history, so say when it was true")
    if words.check_again_on <= words.checked_on:
        raise Wrong("check_again_on must be later than checked_on")
    return words


def read(text: str, name: str) -> Words:
    """The words of a content file called `name`, checked. Raises BrokenContent with file, line and what is wrong."""
    return schema.read(text, name, check_article)
