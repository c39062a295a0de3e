"""Goals on pages of others: `{% load goals_home %}`. Discreet: how many, and never a word of them.

{% goals_card corner %}   on the signed-in home
{% goals_reminder_row %}  in the settings
"""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from goals.at_home import Corner
from goals.models import Reminder
from hub.templatetags.hub import unchanging

register = template.Library()


@register.simple_tag
def goals_card(corner: Corner) -> SafeString:
    """How many goals this parent works on, or what goals are. No query."""
    return unchanging("goals/_home_card.html", active=corner.active)


@register.inclusion_tag("goals/_settings_row.html", takes_context=True)
def goals_reminder_row(context: Context) -> dict:
    """Whether they are reminded, and the way to change it. One query."""
    person = context["person"]
    if person is None or not person.is_parent:
        return {"is_parent": False}
    return {"is_parent": True, "wish": Reminder.objects.filter(person=person).first()}
