"""Where the plan takes up what a course was about: `{% load offers %}`. A course knows keys such as money/presents."""

from collections.abc import Iterable

from django import template
from django.template.context import Context
from django.urls import reverse

from parenting_plan import questions
from parenting_plan.models import Plan

register = template.Library()


@register.inclusion_tag("parenting_plan/offers.html", takes_context=True)
def plan_offers(context: Context, keys: Iterable[str]) -> dict:
    """ "In your plan": the questions of these keys, each a link into this parent's newest plan that can be written in.

    Without such a plan the questions are named and one link starts a plan. A key that nobody knows is left out;
    nothing is shown when none is left, nor to anybody who cannot have a plan. One query at most.
    """
    asked = [found for key in keys or () if (found := questions.by_key().get(key))]
    person = context["person"]
    if not asked or (person is not None and not person.is_parent):
        return {"rows": []}
    reference = _newest_plan(person) if person is not None else None
    return {
        "rows": [{"title": each.title, "url": _where(each, reference) if reference else ""} for each in asked],
        "has_plan": reference is not None,
    }


def _newest_plan(person) -> str | None:
    """The reference of the newest plan of theirs that nobody has left and that is not paused; it may be solo."""
    open_plans = Plan.objects.visible_to(person).filter(ended_at=None, paused_at=None)
    return open_plans.order_by("-created_at", "-pk").values_list("reference", flat=True).first()


def _where(asked: questions.Question, reference: str) -> str:
    return reverse("parenting_plan:question", args=[reference, asked.section_slug, asked.slug])
