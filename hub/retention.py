"""What goes when its time is over. Each app says in its `retention` what that is, when, and how it is erased.

A worker does it once a night, in small batches that hold their rows for a moment only. Running it twice, or in two
places at once, is running it once. Counts are kept, never what was in the rows. Whatever a legal hold is on stays.
"""

import calendar
import gc
import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from hub import audit, clock, holds, pulse
from hub.keeping import KEPT

log = logging.getLogger(__name__)

PULSE = "retention"
FIRST_BATCH, LARGEST_BATCH = 10, 1_000
QUICK, SLOW = 0.015, 0.04  # seconds beside the shortest batch: less, and the next may grow; more, and it must shrink
MOST_BAD = 10  # rows that cannot be erased, until their rule is given up for this time

Said = str | Promise
Way = str | Callable[[list[int]], Q]


@dataclass(frozen=True)
class Rule:
    """One kind of thing that does not stay for ever.

    key:   "<app>.<name>".
    what, term: for staff: what goes, and after how long.
    due:   the rows whose time is over at this moment. They are looked for without holding anything, and then asked
           about again one by one, by their key, while they are held.
    erase: erases the rows of these keys, which are held, in the transaction it is called in.
           None of them may be in `due` afterwards. A file that could not be drawn again goes after the
           commit.
    takes: holds, in that transaction, what hangs on these rows by more than one step and would make them not due; what
           hangs on them by one step cannot be added while they are held. `due` is asked again afterwards.
    holds: the kinds of legal hold that keep such a row, each with the way from the row to the number that is held, or
           with a function that makes a condition of those numbers.
    """

    key: str
    what: Said
    term: Said
    due: Callable[[datetime], QuerySet]
    erase: Callable[[Sequence[Any], datetime], int]
    holds: Mapping[str, Way] = field(default_factory=dict)
    takes: Callable[[Sequence[Any]], None] | None = None

    def _is_held(self) -> Q:
        held, standing = Q(), holds.standing() if self.holds else {}
        for kind, way in self.holds.items():
            if numbers := standing.get(kind):
                held |= way(numbers) if callable(way) else Q(**{f"{way}__in": numbers})
        return held

    def free(self, due: QuerySet) -> QuerySet:
        """What of this is not held."""
        held = self._is_held()
        return (due.filter(~held) if held else due).order_by()

    def held(self, due: QuerySet) -> QuerySet:
        """What of this is held."""
        held = self._is_held()
        return (due.filter(held) if held else due.none()).order_by()


_RULES: dict[str, Rule] = {}


def rule(each: Rule) -> Rule:
    """Registers it."""
    _RULES[each.key] = each
    return each


def rules() -> list[Rule]:
    return [_RULES[key] for key in sorted(_RULES)]


def months_before(at: datetime, months: int) -> datetime:
    """The same day and time so many months before, or the last day of that month where it has no such day."""
    years, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=years, month=month + 1, day=min(at.day, calendar.monthrange(years, month + 1)[1]))


@dataclass(frozen=True)
class Due:
    """What one rule would erase now, and how much of what is due is held."""

    rule: Rule
    count: int
    held: int


def look(at: datetime | None = None, *, most: int | None = None) -> list[Due]:
    """What would go if the night were now. Changes nothing. With `most`, nobody counts further than to one more."""
    at, end = at or clock.now(), most and most + 1
    found = []
    for each in rules():
        due = each.due(at)
        counts = [rows.values("pk").distinct()[:end].count() for rows in (each.free(due), each.held(due))]
        found.append(Due(each, *counts))
    return found


@dataclass
class Run:
    """What one night erased, by rule."""

    counts: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    longest: float = 0.0  # seconds that one batch held its rows
    more: bool = False  # time was over before the work was

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def run(*, at: datetime | None = None, seconds: float = 540, only: Collection[str] = ()) -> Run:
    """Erase what is due; no batch is begun later than `seconds` after the start. One line on record for each run.

    A rule that fails is told in the log and left for the next time; the others are done. With `only`, the rules of
    these keys, at any time of the day: a line on record when something went.
    """
    at, ends = at or clock.now(), time.monotonic() + seconds
    done = Run()
    for each in (each for each in rules() if not only or each.key in only):
        try:
            _apply(each, at, ends, done)
        except Exception:  # one app's fault must not keep what the others should erase
            log.exception("retention failed", extra={"task": each.key})
            done.failed = sorted({*done.failed, each.key})
    if not only or done.counts:
        _write_down(done, whole=not only)
    return done


def _apply(each: Rule, at: datetime, ends: float, done: Run) -> None:
    """Erase by this rule until nothing is left that is free, or time is over.

    A row that somebody else holds is left for the next time. So is one that cannot be erased, and the others still go.
    """
    size, bad, erased, due = FIRST_BATCH, set[Any](), set[Any](), each.due(at)
    shortest = float("inf")  # most of it is questions, which cost the same for few rows as for many
    while True:
        free = each.free(due).values_list("pk", flat=True)[: LARGEST_BATCH + len(bad)]
        found, went = [pk for pk in free if pk not in bad], 0
        if not erased.isdisjoint(found):
            raise RuntimeError(f"{each.key} left what is due where it was")
        while found:
            begun = time.monotonic()
            if begun >= ends:
                done.more = True
                return
            keys, found = found[:size], found[size:]
            try:
                with _without_a_pause():
                    gone = _batch(each, due, keys, at)
                    took = time.monotonic() - begun
            except Exception:
                if len(keys) > 1:
                    size, found = 1, keys + found  # one of them is at fault, and only that one must wait
                    continue
                bad.add(keys[0])
                if len(bad) >= MOST_BAD:
                    raise
                log.exception("retention cannot erase a row", extra={"task": each.key})
                done.failed = sorted({*done.failed, each.key})
                continue
            done.longest = max(done.longest, took)
            went += len(gone)
            erased.update(gone)
            if gone:
                done.counts[each.key] = done.counts.get(each.key, 0) + len(gone)
            shortest = min(shortest, took)
            if took - shortest > SLOW:
                size = max(min(size, FIRST_BATCH), size // 2)
            elif took - shortest < QUICK:
                size = min(size * 2, LARGEST_BATCH)
        if not went:
            return


@contextmanager
def _without_a_pause() -> Iterator[None]:
    """The memory is not looked through while rows are held, but afterwards."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _may_lock(model) -> bool:
    """Whether the web's database role has the right to. Rows that nobody can ever change need no lock either."""
    kept = KEPT.get(model._meta.db_table)
    return kept is None or bool(kept.columns)


def _batch(each: Rule, due: QuerySet, keys: list[Any], at: datetime) -> list[Any]:
    """Erase those of these rows that are still due and that nobody else holds; which.

    They are asked about once they are held: what hangs on a row by its key cannot be added any more, and no legal hold
    placed until the end.
    """
    with transaction.atomic():
        holds.keep_out()
        rows = due.model._base_manager.filter(pk__in=keys).order_by("pk")
        if _may_lock(due.model):
            rows = rows.select_for_update(skip_locked=True)
        locked = list(rows.values_list("pk", flat=True))
        if locked and each.takes:
            each.takes(locked)
        still = list(each.free(due).filter(pk__in=locked).values_list("pk", flat=True)) if locked else []
        if still:
            each.erase(still, at)
    return still


def _write_down(done: Run, *, whole: bool) -> None:
    """The fact, without anything that was in it."""
    told = ", ".join(f"{key} {count}" for key, count in sorted(done.counts.items())) or "nothing was due"
    with transaction.atomic():
        audit.record(person=None, what="run retention", about="retention", reason=told[:500])
        if whole:
            pulse.mark(
                PULSE,
                good=not done.failed,
                counts=done.counts,
                failed=done.failed,
                longest_ms=round(done.longest * 1000),
                more=done.more,
            )
