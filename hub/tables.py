"""Kernel: how staff see a table in Django's admin, before it says anything of its own."""

from itertools import product
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.text import capfirst

from hub import audit
from hub.paging import Pages

MOST_WORDS = 8  # of one search
OF_A_COLUMN = ("", "__exact", "__isnull")  # how Django's filters of a column write it into an address


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
        """The list. One that shows something of people's is on record, or is not shown.

        By any method: Django draws the list for OPTIONS as well, and for a form that asks for nothing.
        """
        answer = super().changelist_view(request, extra_context)
        if self.lists and answer.status_code == 200:
            audit.record(person=request.user, what=self.lists, about=f"list:{self.opts.model_name}")
        return answer

    def get_search_results(self, request, queryset, search_term):
        """Each word is looked for in each column: no more of them than somebody types, or the database gives up."""
        return super().get_search_results(request, queryset, " ".join(search_term.split()[:MOST_WORDS]))

    def response_action(self, request, queryset, *args, **kwargs):
        """An act on the rows that were chosen. What is no number of a row was typed by hand."""
        try:
            for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(chosen)
        except ValidationError:
            raise BadRequest from None
        return super().response_action(request, queryset, *args, **kwargs)

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
        """What the filters themselves write into an address, letter for letter. A filter of ours has a word of its own,
        and the word may be the name of a column: what follows it (`?owner__password__startswith=a`) is not offered.
        """
        filters: Any = self.list_filter
        ours = {each.parameter_name for each in filters if not isinstance(each, str)}
        columns = [each for each in filters if isinstance(each, str)]
        return lookup in ours | {f"{column}{how}" for column, how in product(columns, OF_A_COLUMN)}


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
