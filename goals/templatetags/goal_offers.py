"""Where a course or an article becomes a goal: `{% load goal_offers %}{% goal_offers slugs %}`."""

from collections.abc import Iterable

from django import template
from django.template.context import Context
from django.urls import reverse

from goals import suggestions
from goals.kinds import Suggestion
from goals.models import Goal

register = template.Library()


@register.inclusion_tag("goals/_offers.html", takes_context=True)
def goal_offers(context: Context, slugs: Iterable[str]) -> dict:
    """ "Make it a goal": one link for each of these tags, to its form filled in; or to the goal they have already.

    A tag that nobody knows is left out; nothing is shown when none is left, nor to anybody who cannot have goals.
    Signed out, the links lead through the sign-in. Two queries at most, one for somebody signed out, none without tags.
    """
    there = suggestions.by_slug() if slugs else {}
    offered = [found for slug in slugs or () if (found := there.get(slug))]
    person = context["person"]
    if not offered or (person is not None and not person.is_parent):
        return {"rows": []}
    mine = Goal.objects.visible_to(person).filter(
        suggestion__in=[each.slug for each in offered], state__in=[Goal.State.ACTIVE, Goal.State.PAUSED]
    )
    held = dict(mine.values_list("suggestion", "reference")) if person is not None else {}
    return {"rows": [_row(each, held.get(each.slug)) for each in offered]}


def _row(offered: Suggestion, reference: str | None) -> dict:
    url = reverse("goals:goal", args=[reference]) if reference else reverse("goals:new", args=[offered.slug])
    return {"title": offered.title, "url": url, "mine": bool(reference)}
