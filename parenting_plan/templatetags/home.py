"""The plan's cards on the signed-in home: `{% load home %}`. Discreet: no names, no plan words until one is opened."""

from django import template
from django.template.context import Context
from django.utils.translation import gettext_lazy as _

from hub.models import Notice
from parenting_plan.models import Clause, Plan

register = template.Library()

NEWS_AT_A_TIME = 5
NEWS_WORDS = {
    "suggestion": _("A new suggestion for you to read"),
    "counter": _("An answer with different words"),
    "agreed": _("A part has been agreed"),
    "withdrawn": _("A suggestion was taken back"),
    "set_aside": _("A part was set aside"),
    "rest_over": _("You can suggest a change to a part again"),
    "nudge": _("Something is still here for you, when you are ready"),
    "joined": _("Your plan now has two parents"),
    "left": _("A plan is no longer shared"),
}


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


@register.inclusion_tag("parenting_plan/news.html", takes_context=True)
def news(context: Context) -> dict:
    """The newest notices of this person, until they put them away. One query."""
    kept = Notice.objects.filter(person=context["person"], put_away_at=None, kind__in=NEWS_WORDS)
    newest = list(kept[: NEWS_AT_A_TIME + 1])
    return {
        "news": [
            {"pk": notice.pk, "words": NEWS_WORDS[notice.kind], "address": notice.address, "at": notice.created_at}
            for notice in newest[:NEWS_AT_A_TIME]
        ],
        "earlier": len(newest) > NEWS_AT_A_TIME,
        "csrf_token": context["csrf_token"],
    }
