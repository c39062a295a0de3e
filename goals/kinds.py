"""What a suggested goal is made of, and the themes it may belong to. Pure.

A suggestion's name is the tag by which articles and parts of courses say what they help with. It is the name of its
file and of its row, and no wording of it, so that no edit can change it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub import schema
from hub.schema import Field, Words, Wrong, check_all

KINDS = {"me": _("Me as a parent"), "us": _("Us as co-parents")}


@dataclass(frozen=True)
class Topic:
    title: str | Promise
    summary: str | Promise


THEMES = {
    "myself": Topic(_("Looking after myself"), _("Your child leans on you. It helps them when you are well.")),
    "my-child": Topic(
        _("With my child"), _("Small things that tell a child: I see you, and none of this is your fault.")
    ),
    "two-homes": Topic(
        _("Between two homes"), _("Handovers, times and house rules: the days your child lives every week.")
    ),
    "talking": Topic(
        _("Talking with the other parent"), _("Messages and news that stay short, kind and about the children.")
    ),
    "deciding": Topic(_("Planning and deciding"), _("Bigger questions, one at a time and early enough.")),
}
"""In their order on the page."""

SUGGESTION = (
    Field("title", "line", _("The goal, as a parent would say it")),
    Field("theme", "line", _("Theme")),
    Field("order", "number", _("Place within its theme"), least=1, most=99),
    Field("kind", "line", _("Who it is for")),
    Field("why", "line", _("Why it matters to my child")),
    Field("first_step", "line", _("A first step")),
    Field("steps", "lines", _("More small steps"), least=2, most=3),
    Field("safety", "line", _("For somebody who is afraid, where this could do harm"), needed=False),
    Field("also", "lines", _("Other words people search for"), needed=False, most=20),
    Field("checked_on", "date", _("Last looked at on")),
    Field("check_again_on", "date", _("Look again by")),
)


@dataclass(frozen=True)
class Suggestion:
    """A goal we suggest, in one edition."""

    slug: str
    words: Words

    @property
    def title(self) -> str:
        return self.words.title


def check(told: Mapping[str, Any]) -> Words:
    """The words of a suggestion. Raises Wrong."""
    words = check_all(told, SUGGESTION)
    if words.theme not in THEMES:
        raise Wrong(f"theme must be one of {', '.join(THEMES)}")
    if words.kind not in KINDS:
        raise Wrong("kind must be me or us")
    if words.check_again_on <= words.checked_on:
        raise Wrong("check_again_on must be later than checked_on")
    return words


def read(text: str, name: str) -> Words:
    """The words of a content file called `name`, checked. Raises BrokenContent with file, line and what is wrong."""
    return schema.read(text, name, check)
