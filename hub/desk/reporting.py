"""The page of numbers, for those who answer for the hub; and the same as a file."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import figures, sheets
from hub.desk.pages import Desk
from hub.figures import Number, Table
from hub.models import Figures

BAR = 160  # the longest bar, in pixels


def said(number: Number, unit: str) -> str:
    """The number in words."""
    if number is not None:
        return str(number)
    return _("too few to say") if unit == "days" else _("fewer than 5")


def drawn(table: Table) -> list[dict[str, Any]]:
    """Each row with its numbers in words and the length of its bar."""
    longest = max((numbers[0] or 0 for _label, numbers in table.rows), default=0) or 1
    return [
        {
            "label": label,
            "numbers": [said(number, table.unit) for number in numbers],
            "bar": round(BAR * (numbers[0] or 0) / longest),
        }
        for label, numbers in table.rows
    ]


@admin.register(Figures)
class FiguresAdmin(Desk):
    """One page in the place of Django's list. It reads one row, whatever the size of the hub."""

    what_for = gettext_lazy("How many people were referred, began and finished, and what plans agree on. Rounded.")

    def get_urls(self):
        return [
            path("", self.admin_site.admin_view(self.changelist_view), name="hub_figures_changelist"),
            self.door("file/", self.as_file, "figures_file"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        counted = figures.last()
        tables = counted.tables if counted else []
        return self.page(
            request,
            "figures",
            _("Numbers about the hub"),
            counted=counted,
            tables=[(table, drawn(table)) for table in tables],
            bar=BAR,
            crumbs=[],
        )

    def as_file(self, request: HttpRequest) -> HttpResponse:
        """Every table below the other, for a spreadsheet."""
        counted = figures.last()
        rows: list[list[str]] = []
        for table in counted.tables if counted else []:
            rows += [[str(table.title)], ["", *map(str, table.columns)]]
            rows += [[str(label), *(said(number, table.unit) for number in numbers)] for label, numbers in table.rows]
            rows.append([])
        span = [counted.since.date().isoformat(), counted.last_day.isoformat()] if counted else []
        sheet = sheets.write([_("Counted"), *span], rows)
        answer = HttpResponse(sheets.as_file(sheet), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="numbers.csv"'
        return answer
