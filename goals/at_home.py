"""A parent's goals as the signed-in home tells of them: how many, and never a word of them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from hub.asked import About
from hub.at_home import Comes, Step


@dataclass(frozen=True)
class Corner:
    suggestions: tuple[str, ...]  # of the goals in work, "" for one in their own words; the newest first
    asked: bool  # they wished to be reminded, were, and have not said since how it goes

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(slug for slug in self.suggestions if slug)

    @property
    def active(self) -> int:
        return len(self.suggestions)

    def steps(self) -> list[Step]:
        if not (self.asked and self.active):
            return []
        return [
            Step(
                Comes.ASKED_FOR,
                _("You wanted to look at your goals again"),
                _("Say how it has been going. Any answer is fine, and only you see it."),
                _("Open your goals"),
                reverse("goals:list"),
            )
        ]


GOALS = About(
    lambda person: (
        Goal.objects.filter(person=person).in_work().values_list("suggestion", "person__goal_reminder__unanswered")
    )
)


def of(person) -> Corner:
    """What this parent works on now; the goals are their own. One query."""
    rows = GOALS.of(person)
    return Corner(tuple(suggestion for suggestion, _count in rows), any(count for _suggestion, count in rows))
