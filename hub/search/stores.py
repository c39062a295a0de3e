"""The two databases behind search. Each keeps the same words, and answers the same questions alike.

PostgreSQL: a tsvector of stems of title, other words and summary, each with its field's letter, and one of those of the
text, both with a GIN index; pg_trgm for what was misspelt. SQLite: one FTS5 table with a column for each.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from hub.search.words import likeness

FIELDS = ("title", "also", "summary", "text")
LETTERS = "abc"  # behind the stems of title, other words and summary
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

    def candidates(self, wanted: Sequence[Wanted], most: int, limit: int) -> list[tuple]:
        """The entries for which most is found, with the bits of the groups that their text has.

        For each field of each `wanted`, no more than `most` entries that have it are looked at.
        """

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
                [(self._head(each), _vector(each.text), each.pk) for each in entries],
            )

    @staticmethod
    def _head(entry: Stems) -> str:
        fields = zip(LETTERS, (entry.title, entry.also, entry.summary), strict=True)
        return _vector(f"{stem}/{letter}" for letter, stems in fields for stem in stems)

    def forget(self, numbers: Sequence[int]) -> None:
        """The vectors go with their row."""

    def forget_all(self) -> None:
        """The vectors go with their rows."""

    # Each field has lexemes of its own, because an index knows no weights: asked with them, it reads every row again.
    CANDIDATES = f"""
        SELECT {COLUMNS}, found.bits FROM (
            SELECT id, sum(worth) AS score, bit_or(bit) AS bits FROM (
                SELECT h.id, w.worth, 0 AS bit FROM unnest(%s::text[]::tsquery[], %s::int[]) AS w (asked, worth)
                CROSS JOIN LATERAL (SELECT id FROM hub_searchentry WHERE head @@ w.asked LIMIT %s) h
                UNION ALL
                SELECT t.id, w.worth, w.bit
                FROM unnest(%s::text[]::tsquery[], %s::int[], %s::int[]) AS w (asked, worth, bit)
                CROSS JOIN LATERAL (SELECT id FROM hub_searchentry WHERE text @@ w.asked LIMIT %s) t
            ) hits GROUP BY id ORDER BY score DESC, id LIMIT %s
        ) found JOIN hub_searchentry e ON e.id = found.id ORDER BY found.score DESC, e.id
    """  # noqa: S608 - the columns are ours

    def candidates(self, wanted: Sequence[Wanted], most: int, limit: int) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(self.CANDIDATES, self.asked(wanted, most, limit))
            return cursor.fetchall()

    @staticmethod
    def asked(wanted: Sequence[Wanted], most: int, limit: int) -> list[Any]:
        def together(stems: tuple[str, ...], field: str = "") -> str:
            return " & ".join(f"'{stem}{field}'" for stem in stems)

        heads = [
            (together(each.stems, f"/{letter}"), worth)
            for each in wanted
            for letter, worth in zip(LETTERS, each.head, strict=True)
            if worth
        ]
        texts = [each for each in wanted if each.text]
        return [
            [asked for asked, _worth in heads],
            [worth for _asked, worth in heads],
            most,
            [together(each.stems) for each in texts],
            [each.text for each in texts],
            [each.bit for each in texts],
            most,
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

    def candidates(self, wanted: Sequence[Wanted], most: int, limit: int) -> list[tuple]:
        one = (
            "SELECT * FROM (SELECT rowid AS id, %s AS worth, %s AS bit FROM hub_searchtext"
            " WHERE hub_searchtext MATCH %s LIMIT %s)"
        )
        told: list[Any] = []
        for term in wanted[: self.MOST_SELECTS // len(FIELDS)]:
            stems = " AND ".join(f'"{stem}"' for stem in term.stems)
            for field, worth in zip(FIELDS, (*term.head, term.text), strict=True):
                if worth:
                    told += [worth, term.bit if field == "text" else 0, f"{{{field}}} : ({stems})", most]
        hits = " UNION ALL ".join([one] * (len(told) // 4))
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


def _vector(lexemes: Iterable[str]) -> str:
    """A tsvector as text, without places: where a word stands says nothing here."""
    return " ".join(f"'{each}'" for each in sorted(set(lexemes)))


def _is_near(typed: str, word: str) -> bool:
    return word.startswith(typed) or likeness(typed, word) >= LIKE_ENOUGH
