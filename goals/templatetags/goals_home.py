"""Goals on pages of others: `{% load goals_home %}`. Discreet: how many, and never a word of them.

{% goals_card %}          on the signed-in home
{% goals_reminder_row %}  in the settings
"""

from django import template
from django.template.context import Context

from goals.models import Goal, Reminder

register = template.Library()


@register.inclusion_tag("goals/_home_card.html", takes_context=True)
def goals_card(context: Context) -> dict:
    """How many goals this parent works on, or a quiet link. One query."""
    person = context["person"]
    if person is None or not person.is_parent:
        return {"is_parent": False}
    return {"is_parent": True, "active": Goal.objects.visible_to(person).in_work().count()}


@register.inclusion_tag("goals/_settings_row.html", takes_context=True)
def goals_reminder_row(context: Context) -> dict:
    """Whether they are reminded, and the way to change it. One query."""
    person = context["person"]
    if person is None or not person.is_parent:
        return {"is_parent": False}
    return {"is_parent": True, "wish": Reminder.objects.filter(person=person).first()}
