"""Queries that are asked again and again about one person or thing, such as those of the home page.

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
    """`write` gets what stands for the person and gives back a `values_list` that mentions it; all else in it is fixed.

    With a word as `stand_in`, by which nothing is called, it is about a thing; with None it is the same for everybody.
    With several, `write` gets each of them, and `rows` what they stand for.
    """

    def __init__(self, write: Callable[..., QuerySet], stand_in: int | str | tuple[int | str, ...] | None = SOMEBODY):
        self.write = write
        self.stand_ins = stand_in if isinstance(stand_in, tuple) else () if stand_in is None else (stand_in,)
        self._written: dict[str, tuple[str, Sequence[Any], dict]] = {}

    def of(self, person) -> list[tuple]:
        """The rows for this person, as the ORM would give them. One query."""
        return self.rows(person.pk)

    def rows(self, *about: int | str) -> list[tuple]:
        if connection.vendor not in self._written:
            self._written[connection.vendor] = self._once()
        sql, values, converters = self._written[connection.vendor]
        stand_for = dict(zip(map(id, self.stand_ins), about, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(sql, [stand_for.get(id(value), value) for value in values])
            rows = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def _once(self) -> tuple[str, Sequence[Any], dict]:
        compiler = self.write(*self.stand_ins or (None,)).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        for one in self.stand_ins:  # as it left the ORM it may be another object of the same worth
            values = [one if value == one else value for value in values]
            assert one in values, "a query about somebody names them"
        return sql, values, compiler.get_converters([column for column, _sql, _name in compiler.select])


def _converted(row: tuple, converters: dict) -> tuple:
    told = list(row)
    for place, (functions, expression) in converters.items():
        for function in functions:
            told[place] = function(told[place], expression, connection)
    return tuple(told)
