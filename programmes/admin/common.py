"""What the staff pages of the programmes have in common."""

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.utils.functional import cached_property

from hub.desk.listing import word_of
from programmes.models import Edition


def title_of_programme(column: str = "programme") -> Subquery:
    """What people call the programme that a row names: for a list, without a query for each row."""
    covers = Edition.objects.filter(chapter__programme=OuterRef(column), chapter__slug="", pk=F("chapter__current"))
    return word_of(covers, "title")


class Pages(Paginator):
    """Pages of a list that may be long: of very many rows the database says about how many there are.

    It counts those of a search or a filter, and all as long as there are few.
    """

    FEW = 10_000

    @cached_property
    def count(self) -> int:
        query = self.object_list.query
        if connection.vendor == "postgresql" and not query.where:
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(query.model._meta.db_table)
                cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
                about = cursor.fetchone()[0]
            if about > self.FEW:
                return about
        return self.object_list.count()
