"""What search may find of the goals: what we suggest, and never a goal of anybody.

A result leads to a page for everybody; from there a parent makes the goal their own, signed in.
"""

from collections.abc import Iterator

from django.urls import reverse

from goals import suggestions
from hub import search
from hub.search import Findable

WORTH = 0.6  # behind the articles about the same thing, which tell more


def findable() -> Iterator[Findable]:
    for each in suggestions.by_slug().values():
        words = each.words
        yield Findable(
            key=f"goals/{each.slug}",
            kind="goal",
            address=reverse("goals:idea", args=[each.slug]),
            title=each.title,
            summary=words.why,
            text="\n".join([words.first_step, *words.steps]),
            also=tuple(words.also or ()),
            worth=WORTH,
        )


search.register("goals", findable)
