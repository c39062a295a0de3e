"""The banner of somebody who has the words of a plan open: `{% load staff_words %}`."""

from django import template

from parenting_plan.actions.opening import standing_of
from parenting_plan.models import StaffOpening

register = template.Library()


@register.simple_tag(takes_context=True)
def open_words(context) -> list[StaffOpening]:
    """The openings of whoever looks at this page, for any staff page. One query, and none for who may open nothing."""
    person = context["request"].user
    return list(standing_of(person)) if person.has_perm("parenting_plan.open_plan_words") else []
