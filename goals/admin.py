"""What staff learn of goals: how many people chose what, and nothing smaller than five. No row of anybody, no word."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from goals import suggestions
from goals.models import Goal
from hub.admin import ReadOnly

FEW = 5


def counted(count: int) -> str:
    """The number; or that it is small, so that nobody can be made out. None is small too."""
    return str(count) if count >= FEW else _("fewer than 5")


@admin.register(Goal)
class GoalAdmin(ReadOnly):
    """One page of numbers in the place of Django's list. There is no page for a single goal."""

    def get_urls(self):
        return [path("", self.admin_site.admin_view(self.numbers), name="goals_goal_changelist")]

    def numbers(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Goals in numbers"),
            "subtitle": None,
            "is_popup": False,
            "opts": self.opts,
            "states": [state.label for state in Goal.State],
            "rows": _rows(),
        }
        return TemplateResponse(request, "goals/staff/numbers.html", context)


def _rows() -> list[dict[str, Any]]:
    """For each suggestion, and for goals in people's own words: how many people have it, in each state. One query."""
    told = Goal.objects.order_by().values_list("suggestion", "state").annotate(people=Count("person", distinct=True))
    people = {(suggestion, state): count for suggestion, state, count in told}
    named = [(each.slug, each.title) for each in suggestions.by_slug().values()] + [("", _("In their own words"))]
    return [
        {"title": title, "counts": [counted(people.get((slug, state), 0)) for state in Goal.State.values]}
        for slug, title in named
    ]
