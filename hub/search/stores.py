"""The two databases behind search. Each keeps the same words, and answers the same questions alike.

PostgreSQL: a weighted tsvector with the stems of title (A), other words (B) and summary (C), a second one for the text,
both with a GIN index; pg_trgm for what was misspelt. SQLite: one FTS5 table with a column for each.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from hub.search.words import likeness

FIELDS = ("title", "also", "summary", "text")
LIKE_ENOUGH = 0.3  # pg_trgm’s own threshold
COLUMNS = "e.id, e.key, e.kind, e.address, e.title, e.summary, e.heads, e.worth"


@dataclass(frozen=True)
class Wanted:
    """Stems that must stand together in one field, and what that is worth in each.

    `head`: in title, other words and summary. `text`: in the text, or 0 when that is not asked. `bit`: their group's.
    """

    stems: tuple[str, ...]
    head: tuple[int, int, int]
    text: int
    bit: int


@dataclass(frozen=True)
class Stems:
    """The stems of one entry, field by field."""

    pk: int
    title: Sequence[str]
    also: Sequence[str]
    summary: Sequence[str]
    text: Sequence[str]


class Store(Protocol):
    def lock(self) -> None:
        """Wait until nobody else is writing the index."""

    def write(self, entries: Iterable[Stems]) -> None: ...

    def forget(self, numbers: Sequence[int]) -> None: ...

    def forget_all(self) -> None: ...

    def candidates(self, wanted: Sequence[Wanted], limit: int) -> list[tuple]:
        """The entries for which most is found, with the bits of the groups that their text has."""

    def bodies(self, numbers: Sequence[int]) -> dict[int, str]:
        """The whole text of these entries."""

    def counted(self, stems: Sequence[str]) -> list[tuple[str, int]]:
        """(stem, entries) for each word with one of these stems."""

    def near(self, words: Sequence[str]) -> list[tuple[str, str, str, int]]:
        """(typed, word, stem, entries) for words that begin like a typed one, or are spelt much like it."""


def store() -> Store:
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


class PostgreSQL:
    LOCK = 0x5EA4C4

    def lock(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [self.LOCK])

    def write(self, entries: Iterable[Stems]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE hub_searchentry SET head = %s::tsvector, text = %s::tsvector WHERE id = %s",
                [(self._head(each), self._vector([("D", each.text)]), each.pk) for each in entries],
            )

    def _head(self, entry: Stems) -> str:
        return self._vector([("A", entry.title), ("B", entry.also), ("C", entry.summary)])

    @staticmethod
    def _vector(parts: list[tuple[str, Sequence[str]]]) -> str:
        """A tsvector as text. Where a word stands says nothing here; its place only carries its weight."""
        placed: dict[str, list[str]] = {}
        for place, (weight, stems) in enumerate(parts, start=1):
            for stem in dict.fromkeys(stems):
                placed.setdefault(stem, []).append(f"{place}{weight}")
        return " ".join(f"'{stem}':{','.join(places)}" for stem, places in sorted(placed.items()))

    def forget(self, numbers: Sequence[int]) -> None:
        """The vectors go with their row."""

    def forget_all(self) -> None:
        """The vectors go with their rows."""

    # The index is asked without weights, once for each way to say it: with them it would look at every row again.
    CANDIDATES = f"""
        SELECT {COLUMNS}, found.bits FROM (
            SELECT id, sum(worth) AS score, bit_or(bit) AS bits FROM (
                SELECT e.id, 0 AS bit,
                    CASE WHEN e.head @@ w.a THEN w.a_worth ELSE 0 END
                    + CASE WHEN w.b_worth > 0 AND e.head @@ w.b THEN w.b_worth ELSE 0 END
                    + CASE WHEN w.c_worth > 0 AND e.head @@ w.c THEN w.c_worth ELSE 0 END AS worth
                FROM unnest(
                    %s::text[]::tsquery[], %s::text[]::tsquery[], %s::text[]::tsquery[], %s::text[]::tsquery[],
                    %s::int[], %s::int[], %s::int[]
                ) AS w (asked, a, b, c, a_worth, b_worth, c_worth)
                JOIN hub_searchentry e ON e.head @@ w.asked
                UNION ALL
                SELECT e.id, w.bit, w.worth
                FROM unnest(%s::text[]::tsquery[], %s::int[], %s::int[]) AS w (asked, worth, bit)
                JOIN hub_searchentry e ON e.text @@ w.asked
            ) hits GROUP BY id ORDER BY score DESC, id LIMIT %s
        ) found JOIN hub_searchentry e ON e.id = found.id ORDER BY found.score DESC, e.id
    """  # noqa: S608 - the columns are ours

    def candidates(self, wanted: Sequence[Wanted], limit: int) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(self.CANDIDATES, self.asked(wanted, limit))
            return cursor.fetchall()

    @staticmethod
    def asked(wanted: Sequence[Wanted], limit: int) -> list[Any]:
        def together(stems: tuple[str, ...], weight: str = "") -> str:
            return " & ".join(f"'{stem}'{weight}" for stem in stems)

        heads = [each for each in wanted if each.head]
        texts = [each for each in wanted if each.text]
        return [
            [together(each.stems) for each in heads],
            *([together(each.stems, f":{weight}") for each in heads] for weight in "ABC"),
            *([each.head[place] for each in heads] for place in range(3)),
            [together(each.stems) for each in texts],
            [each.text for each in texts],
            [each.bit for each in texts],
            limit,
        ]

    def bodies(self, numbers: Sequence[int]) -> dict[int, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, body FROM hub_searchentry WHERE id = ANY(%s)", [list(numbers)])
            return dict(cursor.fetchall())

    def counted(self, stems: Sequence[str]) -> list[tuple[str, int]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT stem, entries FROM hub_searchword WHERE stem = ANY(%s)", [list(stems)])
            return cursor.fetchall()

    NEAR = """
        SELECT t.typed, w.word, w.stem, w.entries FROM unnest(%s::text[]) AS t (typed)
        JOIN hub_searchword w ON w.word LIKE t.typed || '%%' OR w.word %% t.typed
    """

    def near(self, words: Sequence[str]) -> list[tuple[str, str, str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(self.NEAR, [list(words)])
            return cursor.fetchall()


class SQLite:
    MOST_SELECTS = 400  # SQLite joins at most 500

    def lock(self) -> None:
        """A transaction that writes has the whole file."""

    def write(self, entries: Iterable[Stems]) -> None:
        entries = list(entries)
        self.forget([each.pk for each in entries])
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO hub_searchtext (rowid, title, also, summary, text) VALUES (%s, %s, %s, %s, %s)",
                [(each.pk, *(" ".join(getattr(each, field)) for field in FIELDS)) for each in entries],
            )

    def forget(self, numbers: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM hub_searchtext WHERE rowid = %s", [(number,) for number in numbers])

    def forget_all(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM hub_searchtext")

    def candidates(self, wanted: Sequence[Wanted], limit: int) -> list[tuple]:
        one = "SELECT rowid AS id, %s AS worth, %s AS bit FROM hub_searchtext WHERE hub_searchtext MATCH %s"
        told: list[Any] = []
        for each in wanted[: self.MOST_SELECTS // len(FIELDS)]:
            stems = " AND ".join(f'"{stem}"' for stem in each.stems)
            for field, worth in zip(FIELDS, (*each.head, each.text), strict=True):
                if worth:
                    told += [worth, each.bit if field == "text" else 0, f"{{{field}}} : ({stems})"]
        hits = " UNION ALL ".join([one] * (len(told) // 3))
        found = (
            f"SELECT id, sum(worth) AS score, sum(DISTINCT bit) AS bits FROM ({hits})"  # noqa: S608 - our own words
            " GROUP BY id ORDER BY score DESC, id LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {COLUMNS}, found.bits FROM ({found}) found"  # noqa: S608
                " JOIN hub_searchentry e ON e.id = found.id ORDER BY found.score DESC, e.id",
                [*told, limit],
            )
            return cursor.fetchall()

    IN_LIST = "IN (SELECT value FROM json_each(%s))"

    def bodies(self, numbers: Sequence[int]) -> dict[int, str]:
        with connection.cursor() as cursor:
            asked = f"SELECT id, body FROM hub_searchentry WHERE id {self.IN_LIST}"  # noqa: S608
            cursor.execute(asked, [json.dumps(list(numbers))])
            return dict(cursor.fetchall())

    def counted(self, stems: Sequence[str]) -> list[tuple[str, int]]:
        with connection.cursor() as cursor:
            asked = f"SELECT stem, entries FROM hub_searchword WHERE stem {self.IN_LIST}"  # noqa: S608
            cursor.execute(asked, [json.dumps(list(stems))])
            return cursor.fetchall()

    def near(self, words: Sequence[str]) -> list[tuple[str, str, str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT t.value, w.word, w.stem, w.entries FROM json_each(%s) t JOIN hub_searchword w"
                " ON substr(w.word, 1, length(t.value)) = t.value OR abs(length(w.word) - length(t.value)) < 4",
                [json.dumps(list(words))],
            )
            return [row for row in cursor.fetchall() if _is_near(row[0], row[1])]


def _is_near(typed: str, word: str) -> bool:
    return word.startswith(typed) or likeness(typed, word) >= LIKE_ENOUGH
