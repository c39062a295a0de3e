"""Lists that may be long: nobody counts a hundred thousand rows to show fifty, nor reads them to offer a filter."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ABOUT_HOW_MANY = (  # of one of our tables: what the database thinks, or when they are few a count
    "SELECT CASE WHEN reltuples > {few} THEN reltuples::bigint ELSE (SELECT count(*) FROM {table}) END"
    " FROM pg_class WHERE oid = %s::regclass"
)
EACH_VALUE = (
    "WITH RECURSIVE found (it) AS (SELECT min({column}) FROM {table} UNION ALL"
    " SELECT (SELECT min({column}) FROM {table} WHERE {column} > found.it) FROM found"
    " WHERE found.it IS NOT NULL) SELECT it FROM found WHERE it IS NOT NULL"
)


class Pages(Paginator):
    """Of a whole table the database says about how many there are. Of a search or a filter as many are counted as lead
    to the next page or two: the last page offered is then not the last there is, and leads on.
    """

    FEW, AHEAD = 10_000, 1
    page_asked = 1

    @cached_property
    def count(self) -> int:
        query = getattr(self.object_list, "query", None)
        if query is None:
            return len(self.object_list)
        if connection.vendor == "postgresql" and not query.where:
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(query.model._meta.db_table)
                cursor.execute(ABOUT_HOW_MANY.format(few=self.FEW, table=table), [table])
                found: int = cursor.fetchone()[0]
            self.is_about = found > self.FEW
            return found
        most = (self.page_asked + self.AHEAD) * self.per_page + 1
        rows: Any = self.object_list
        counted: int = rows[:most].count()
        self.are_more = counted == most
        return counted

    is_about = are_more = False  # whether `count` is what the database thinks, or where counting stopped

    @property
    def how_many(self) -> str:
        """The number as it may be said: it never says fewer than there are."""
        number = f"{self.count:,}"
        if self.is_about:
            return _("About %(n)s") % {"n": number}
        return _("More than %(n)s") % {"n": f"{self.count - 1:,}"} if self.are_more else number


def values_of(model, column: str) -> list[str]:
    """Every value of this column, which must be the first of an index: it leaps from one to the next."""
    quoted = connection.ops.quote_name
    of = {"table": quoted(model._meta.db_table), "column": quoted(model._meta.get_field(column).column)}
    with connection.cursor() as cursor:
        cursor.execute(EACH_VALUE.format(**of))
        return [it for (it,) in cursor.fetchall()]


class OfValue(admin.SimpleListFilter):
    """One choice for each value of a column."""

    column: ClassVar[str]

    def lookups(self, request, model_admin):
        return [(it, it) for it in values_of(model_admin.model, self.column)]

    def queryset(self, request, queryset):
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class OfKind(OfValue):
    title = gettext_lazy("kind")
    parameter_name = column = "kind"
