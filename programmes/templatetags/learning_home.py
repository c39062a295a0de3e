"""The course on the signed-in home: `{% load learning_home %}`. Discreet: no title, since one may tell of a court."""

from django import template
from django.template.context import Context

from programmes import under_way

register = template.Library()


@register.inclusion_tag("programmes/_home_card.html", takes_context=True)
def learning_cards(context: Context) -> dict:
    """At most one card, when a course is begun and not finished; else a quiet link. At most two queries."""
    person = context["person"]
    return {"progress": under_way.newest_unfinished(person) if person.is_parent else None}
