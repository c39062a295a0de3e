"""Kernel: how staff see a table in Django's admin, before it says anything of its own."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.text import capfirst

from hub import audit
from hub.paging import Pages


class NoGuessing(admin.ModelAdmin):
    """Staff filter by what the list offers, and by nothing else.

    Django lets an address ask for any column (`?to__startswith=b`): letter by letter, hidden words could be found out.
    """

    what_for: str | Promise = ""  # one plain sentence about the list, for the first page and above the list itself
    adds: str | Promise = ""  # the words on the button that leads to a new row; else Django's "Add ..."
    lists = ""  # the verb by which opening the list is on record, where its rows hold something of a person's
    paginator = Pages
    show_facets = admin.ShowFacets.NEVER  # numbers beside filters would be counted anew at each opening

    def changelist_view(self, request, extra_context=None):
        """The list. One that shows something of people's is on record, or is not shown."""
        if self.lists and request.method in {"GET", "HEAD"} and self.has_view_or_change_permission(request):
            audit.record(person=request.user, what=self.lists, about=f"list:{self.opts.model_name}")
        return super().changelist_view(request, extra_context)

    def get_paginator(self, request, queryset, per_page, orphans=0, allow_empty_first_page=True):
        pages: Any = super().get_paginator(request, queryset, per_page, orphans, allow_empty_first_page)
        asked = request.GET.get("p", "")
        pages.page_asked = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
        return pages

    def history_view(self, request, object_id, extra_context=None):
        """What staff did is told on the page itself, or to auditors: Django's own list of changes knows none of it."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", object_id)

    def lookup_allowed(self, lookup, value, request=None):
        offered: list[Any] = [self.date_hierarchy] if self.date_hierarchy else []
        filters: Any = self.list_filter
        for item in filters:
            offered.append(getattr(item, "parameter_name", None) or (item if isinstance(item, str) else item[0]))
        return any(lookup == name or lookup.startswith(f"{name}__") for name in offered)


class ReadOnly(NoGuessing):
    """A table that staff may look at and nobody may change here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def heading_of(self, row) -> str:
        """What the page of one row is called."""
        return capfirst(f"{self.opts.verbose_name} {row}")

    def render_change_form(self, request, context, *given, **more):
        """One row, fact by fact, under its own name."""
        context |= {"title": self.heading_of(context["original"]), "subtitle": None}
        return super().render_change_form(request, context, *given, **more)
