"""The plan's cards on the signed-in home: `{% load home %}`. Discreet: no names, no plan words until one is opened."""

from django import template
from django.template.context import Context

from parenting_plan.models import Clause, Plan

register = template.Library()


@register.inclusion_tag("parenting_plan/cards.html", takes_context=True)
def plan_cards(context: Context) -> dict:
    """What needs this parent now, then their plans. Three queries."""
    person = context["person"]
    plans = list(Plan.objects.visible_to(person).order_by("-created_at"))
    ready = set(
        Clause.objects.filter(plan__in=plans, open__isnull=False, plan__ended_at=None, plan__paused_at=None)
        .exclude(open__by__user=person)
        .values_list("plan_id", flat=True)
    )
    first = next((plan.pk for plan in plans if plan.pk in ready), None)
    return {"plans": [{"plan": plan, "ready": plan.pk in ready, "first_ready": plan.pk == first} for plan in plans]}
