"""Queries that are asked again and again about one person, such as those of the home page.

The ORM takes longer to write such a query than the database takes to answer it. So it writes each once in a process,
and from then on only the person differs:

    GOALS = About(lambda person: Goal.objects.filter(person=person).values_list("state", "started_at"))
    GOALS.of(amara)  # [("active", datetime(...)), ...]
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

SOMEBODY = -2_000_000_001
"""Stands for the person while the query is written. No row has this number."""


class About:
    """`write` gets the number of a person and gives back a `values_list` that mentions it; all else in it is fixed."""

    def __init__(self, write: Callable[[int], QuerySet]):
        self.write = write
        self._written: dict[str, tuple[str, Sequence[Any], dict]] = {}

    def of(self, person) -> list[tuple]:
        """The rows for this person, as the ORM would give them. One query."""
        if connection.vendor not in self._written:
            self._written[connection.vendor] = self._once()
        sql, values, converters = self._written[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(sql, [person.pk if value == SOMEBODY else value for value in values])
            rows = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def _once(self) -> tuple[str, Sequence[Any], dict]:
        compiler = self.write(SOMEBODY).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        assert SOMEBODY in values, "a query about a person names the person"
        return sql, values, compiler.get_converters([column for column, _sql, _name in compiler.select])


def _converted(row: tuple, converters: dict) -> tuple:
    told = list(row)
    for place, (functions, expression) in converters.items():
        for function in functions:
            told[place] = function(told[place], expression, connection)
    return tuple(told)
