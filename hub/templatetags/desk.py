"""The first of the staff pages.

{% todays_tasks as tasks %}   what waits for this member of staff (hub.desk.today)
{% rooms app_list as rooms %} the lists they may open, each with what it is for
"""

from dataclasses import dataclass

from django import template
from django.contrib import admin

from hub.desk import today

register = template.Library()


@dataclass(frozen=True)
class Room:
    """One list of the staff pages."""

    title: str
    address: str
    what_for: str


@register.simple_tag(takes_context=True)
def todays_tasks(context) -> list[today.Task]:
    return today.of(context["request"])


@register.simple_tag
def rooms(app_list) -> list[Room]:
    return [
        Room(
            title=model["name"],
            address=model["admin_url"],
            what_for=str(getattr(admin.site._registry[model["model"]], "what_for", "")),
        )
        for app in app_list
        for model in app["models"]
        if model["admin_url"]
    ]
