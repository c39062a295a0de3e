"""The plan's cards on the signed-in home: `{% load home %}`. Discreet: no names, no plan words until one is opened."""

from django import template

from parenting_plan.at_home import Corner

register = template.Library()

AT_A_TIME = 2


@register.inclusion_tag("parenting_plan/cards.html")
def plan_cards(corner: Corner) -> dict:
    """The newest of these plans; without any, what a plan is. No query."""
    return {"rows": corner.known[:AT_A_TIME], "more": len(corner.known) > AT_A_TIME, "waits": corner.waits}
