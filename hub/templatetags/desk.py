"""The content desks in templates.

{% desks_to_look_at %}     as `desks`: what is due for checking or waits, at each desk this member of staff may see
"""

from dataclasses import dataclass

from django import template
from django.contrib import admin

from hub.desk.content import ContentDesk
from hub.desk.listing import due, late

register = template.Library()


@dataclass(frozen=True)
class ToLookAt:
    """One desk, and how much there is to do at it."""

    title: str
    address: str
    due_count: int
    waiting_count: int
    late_count: int


@register.simple_tag(takes_context=True)
def desks_to_look_at(context) -> list[ToLookAt]:
    """Three queries for each desk."""
    request, found = context["request"], []
    for desk in admin.site._registry.values():
        if isinstance(desk, ContentDesk) and desk.has_view_permission(request):
            works = desk.get_queryset(request)
            told = ToLookAt(
                title=desk.desk,
                address=desk.address(f"{desk.opts.model_name}_changelist"),
                due_count=due(works).count(),
                waiting_count=works.filter(waits=True).count(),
                late_count=late(works).count(),
            )
            if told.due_count or told.waiting_count or told.late_count:
                found.append(told)
    return found
