"""Kernel: where to turn. Staff keep each helpline in editions, as they keep articles; what was shown stays on record.

Ring each number twice a year, and say on which day.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hub import editions
from hub.asked import About
from hub.schema import Field, Words, Wrong, check_all

FIELDS = (
    Field("title", "line", _("Name of the helpline")),
    Field("number", "line", _("Number"), help=_("As people read it, such as 0808 2000 247.")),
    Field("hours", "line", _("When somebody answers"), needed=False, help=_("Leave it empty when it is not certain.")),
    Field("who_for", "line", _("Who it is for, in one or two sentences")),
    Field("link", "url", _("Website"), needed=False),
    Field("need", "line", _("What people need it for")),
    Field("order", "number", _("Place on the page"), least=1, most=999, help=_("A smaller number stands further up.")),
    Field("checked_on", "date", _("Number rung, and all of this checked, on")),
    Field("check_again_on", "date", _("Check again by")),
)
NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,30}")


class Helpline(editions.Work):
    """Somewhere to turn, by its name. Points at the edition that people see."""

    class Need(models.TextChoices):
        DANGER = "danger", _("In danger now")
        ADULT = "adult", _("You are being hurt or frightened")
        COPE = "cope", _("Finding it hard to cope")
        CHILD = "child", _("A child is being hurt or is worried")
        OWN = "own", _("Worried about your own behaviour")
        LEGAL = "legal", _("Law and court")
        FAMILY = "family", _("Family life")

    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        app_label = "hub"
        ordering = ["order", "slug"]

    def __str__(self):
        return f"helplines/{self.slug}"

    def checked(self, words: Mapping[str, Any]) -> dict[str, Any]:
        return dict(check(words))


class Edition(editions.Edition):
    """One wording of a helpline. The database refuses a change of what was published."""

    helpline = models.ForeignKey(Helpline, on_delete=models.PROTECT, related_name="editions")

    OF = "helpline"

    class Meta:
        app_label = "hub"
        ordering = ["helpline", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["helpline", "number"], name="editions_of_a_helpline_are_numbered"),
            models.CheckConstraint(name="editions_of_helplines_begin_with_one", condition=Q(number__gte=1)),
        ]


def check(told: Mapping[str, Any]) -> Words:
    """The words of a helpline. Raises Wrong."""
    words = check_all(told, FIELDS)
    if words.need not in Helpline.Need.values:
        raise Wrong(f"need must be one of {', '.join(Helpline.Need.values)}")
    if not NUMBER.fullmatch(words.number):
        raise Wrong("number may hold digits and spaces")
    if words.check_again_on <= words.checked_on:
        raise Wrong("check_again_on must be later than checked_on")
    return words


def unsaved(title: str) -> Helpline:
    """A helpline that is not there yet, with an address of its own."""
    slug = slugify(title)[:50] or "helpline"
    taken = set(Helpline.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    names = (f"{slug}-{number}" if number > 1 else slug for number in range(1, len(taken) + 2))
    return Helpline(slug=next(name for name in names if name not in taken))


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class Line:
    """A helpline in one edition, as pages and papers say it."""

    name: str
    number: str
    hours: str
    who_for: str
    link: str
    need: str
    checked_on: date


def read_edition(edition: Edition) -> Line:
    """The edition’s words as a helpline, also when it is not published."""
    words = check(edition.words)
    return Line(
        name=words.title,
        number=words.number,
        hours=words.hours,
        who_for=words.who_for,
        link=words.link,
        need=words.need,
        checked_on=date.fromisoformat(words.checked_on),
    )


_parsed: editions.Memory[Line] = editions.Memory(Edition, read_edition)


def _shown():
    rows = Helpline.objects.filter(withdrawn=False, current__isnull=False)
    return rows.order_by("order", "slug").values_list("current", "current__published_at")


SHOWN = About(lambda _nobody: _shown(), stand_in=None)


def shown() -> list[Line]:
    """All that people see, in their order. One query when they were read before by this process; one more when not."""
    rows: Sequence[editions.Shown] = SHOWN.rows()
    found = _parsed.of(rows)
    return [found[each] for each in rows]


def by_need() -> list[tuple[str, list[Line]]]:
    """The same, grouped by what people need, in the order of `Helpline.Need`."""
    lines = shown()
    groups = [(str(need.label), [line for line in lines if line.need == need]) for need in Helpline.Need]
    return [(label, lines) for label, lines in groups if lines]
