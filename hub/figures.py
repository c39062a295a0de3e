"""Kernel: numbers about how the hub is used, for those who answer for it. Never about few people.

Each app says what it counts in its `figures`. A worker counts once a night; what is kept, drawn and handed out is
rounded already: to the nearest five, and "fewer than 5" below that, so that nobody can be made out, not by taking one
number from another either. Nothing is counted by area or by case.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from hub import pulse, words

STEP = 5  # numbers of people are rounded to this, and those below it are not told
ENOUGH = 20  # a time in the middle is told only when at least so many times stand behind it
MONTHS = 12
PULSE = "figures"

Said = str | Promise
Number = int | None  # None: fewer than STEP people, or too few times


@dataclass
class Table:
    """One table of numbers, which is its own chart: each row has a bar for its first number.

    `unit` is "people" (numbers of people or plans) or "days".
    """

    key: str
    title: Said
    what: Said
    columns: Sequence[Said]
    unit: str = "people"
    rows: list[tuple[Said, list[Number]]] = field(default_factory=list)


Source = Callable[[datetime, datetime], Iterable[Table]]
_SOURCES: list[Source] = []


def counts(source: Source) -> Source:
    """Registers what counts from one moment (included) to another (not): a query or two for each table."""
    _SOURCES.append(source)
    return source


def rounded(count: int) -> Number:
    """The number to the nearest five; None below five, none at all included."""
    return None if count < STEP else (count + STEP // 2) // STEP * STEP


def days_in_the_middle(seconds: Sequence[float]) -> Number:
    """The median in whole days, at least one; None when too few times stand behind it."""
    return max(1, round(median(seconds) / 86400)) if len(seconds) >= ENOUGH else None


def months_until(at: datetime) -> list[tuple[datetime, datetime]]:
    """Beginning and end of each of the last twelve full months by the clocks of the United Kingdom, oldest first."""
    first = words.at_home(at).date().replace(day=1)
    starts = [first]
    for _month in range(MONTHS):
        year, month = (starts[-1].year, starts[-1].month - 1)
        starts.append(date(year, month, 1) if month else date(year - 1, 12, 1))
    moments = [datetime(day.year, day.month, 1, tzinfo=words.HOME) for day in reversed(starts)]
    return list(pairwise(moments))


def count(at: datetime) -> None:
    """Counts everything over the last twelve full months and keeps it, rounded. May run twice."""
    spans = months_until(at)
    since, until = spans[0][0], spans[-1][1]
    tables = [_plain(table) for source in _SOURCES for table in source(since, until)]
    pulse.mark(PULSE, since=since.isoformat(), until=until.isoformat(), tables=tables)


def _plain(table: Table) -> dict[str, Any]:
    """As JSON: words are said now, in the language of the house."""
    told = asdict(table)
    told.update(title=str(table.title), what=str(table.what), columns=[str(each) for each in table.columns])
    told["rows"] = [[str(label), numbers] for label, numbers in table.rows]
    return told


@dataclass(frozen=True)
class Counted:
    """What was counted last."""

    at: datetime
    since: datetime
    until: datetime  # not included
    tables: list[Table]

    @property
    def last_day(self) -> date:
        return words.at_home(self.until).date() - timedelta(days=1)


def last() -> Counted | None:
    """One row read; None before the first night."""
    found = pulse.of(PULSE)
    if found is None or not found.facts:
        return None
    since, until = parse_datetime(found.facts["since"]), parse_datetime(found.facts["until"])
    tables = [Table(**{**told, "rows": [tuple(row) for row in told["rows"]]}) for told in found.facts["tables"]]
    return Counted(found.at, since, until, tables)  # type: ignore[arg-type]  # written by `count`
