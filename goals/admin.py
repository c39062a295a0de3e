"""What staff learn of goals: how many people chose what, and nothing smaller than five. No row of anybody, no word.

And the content desk of what we suggest, as hub.desk has it.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import suggestions
from goals.kinds import KINDS, THEMES
from goals.models import Edition, Goal, Suggestion
from goals.shapes import FIELDS, SHAPE
from hub import schema
from hub.desk.content import ContentDesk
from hub.desk.listing import FromAFile, InView, ToCheck, word_of
from hub.tables import ReadOnly

FEW = 5


def counted(count: int) -> str:
    """The number; or that it is small, so that nobody can be made out. None is small too."""
    return str(count) if count >= FEW else _("fewer than 5")


@admin.register(Goal)
class GoalAdmin(ReadOnly):
    """One page of numbers in the place of Django's list. There is no page for a single goal."""

    what_for = gettext_lazy("How many people chose which goal. Never whose, and no small numbers.")

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
    """For each suggestion, and for goals in people's own words: how many people have it, in each state. Two queries."""
    told = Goal.objects.order_by().values_list("suggestion", "state").annotate(people=Count("person", distinct=True))
    people = {(suggestion, state): count for suggestion, state, count in told}
    named = [*suggestions.titles().items(), ("", _("In their own words"))]
    return [
        {"title": title, "counts": [counted(people.get((slug, state), 0)) for state in Goal.State.values]}
        for slug, title in named
    ]


class OfTheme(admin.SimpleListFilter):
    title = gettext_lazy("theme")
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        return [(slug, theme.title) for slug, theme in THEMES.items()]

    def queryset(self, request, queryset):
        return queryset.filter(theme=self.value()) if self.value() in THEMES else queryset


@admin.register(Suggestion)
class SuggestionAdmin(ContentDesk):
    """Every goal we suggest, and the edition of it that people see. No parent's goal is behind any of these pages."""

    what_for = gettext_lazy("The goals that we suggest. No parent’s goal is behind any of these pages.")
    list_display = ["title", "its_theme", "edition", "source", "last_checked", "check_again_by", "brought"]
    list_filter = [ToCheck, FromAFile, InView, OfTheme]
    search_fields = ["slug", "its_title"]
    ordering = ["slug"]
    reassurance = gettext_lazy("Goals that parents began from it keep the words they chose.")

    def get_queryset(self, request):
        shown = Edition.objects.filter(pk=OuterRef("current"))
        return super().get_queryset(request).annotate(theme=word_of(shown, "theme"))

    @admin.display(description=gettext_lazy("theme"), ordering="theme")
    def its_theme(self, suggestion) -> str:
        return str(THEMES[suggestion.theme].title) if suggestion.theme in THEMES else ""

    def shape_of(self, suggestion):
        return SHAPE

    def in_plain_words(self, error: schema.Wrong) -> str:
        if error.what.startswith("check_again_on must"):
            return _("“%(label)s” must be later than the day it was last looked at.") % {
                "label": FIELDS["check_again_on"].label
            }
        return super().in_plain_words(error)

    def without(self, suggestion):
        return [
            _("Parents are not offered it any more: not on the list of goals, nor in articles, courses and search."),
            _("Its own address answers “We cannot find that page”, with ways on."),
            _("Goals that parents made from it stay as they are, with their words and check-ins."),
            _("The small steps we show beside such a goal are not shown any more."),
        ]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The suggestion as a page."""
        edition = self.edition_or_404(pk)
        ours = suggestions.read_edition(edition)
        return self.as_people_see_it(request, "preview", edition, ours=ours, for_whom=KINDS[ours.words.kind])
