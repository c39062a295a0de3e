"""What goes when its time is over. Each app says in its `retention` what that is, when, and how it is erased.

A worker does it once a night, in small batches that hold their rows for a moment only. Running it twice is running it
once. Counts are kept, never what was in the rows. Whatever a legal hold is on stays.
"""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from hub import audit, clock, holds, pulse

log = logging.getLogger(__name__)

PULSE = "retention"
FIRST_BATCH, LARGEST_BATCH = 10, 1_000
QUICK, SLOW = 0.04, 0.08  # seconds: a batch that takes less than the one may grow, more than the other must shrink

Said = str | Promise


@dataclass(frozen=True)
class Rule:
    """One kind of thing that does not stay for ever.

    key:   "<app>.<name>".
    what, term: for staff: what goes, and after how long.
    due:   the rows whose time is over at this moment; an index finds them however many others there are.
    erase: erases the rows of these keys, which are held, in the transaction it is called in; returns how many went.
           Every one of them must be gone from `due` afterwards. A file goes after the commit.
    holds: the kinds of legal hold that keep such a row, each with the way from the row to the number that is held.
    """

    key: str
    what: Said
    term: Said
    due: Callable[[datetime], QuerySet]
    erase: Callable[[Sequence[Any], datetime], int]
    holds: Mapping[str, str] = field(default_factory=dict)

    def free(self, at: datetime) -> QuerySet:
        """What is due and not held."""
        rows = self.due(at)
        for kind, way in self.holds.items():
            if numbers := holds.numbers(kind):
                rows = rows.filter(~Q(**{f"{way}__in": numbers}))
        return rows


_RULES: dict[str, Rule] = {}


def rule(each: Rule) -> Rule:
    """Registers it."""
    _RULES[each.key] = each
    return each


def rules() -> list[Rule]:
    return [_RULES[key] for key in sorted(_RULES)]


@dataclass(frozen=True)
class Due:
    """What one rule would erase now, and how much of what is due is held."""

    rule: Rule
    count: int
    held: int


def look(at: datetime | None = None) -> list[Due]:
    """What would go if the night were now. Changes nothing. Two counts for each rule."""
    at = at or clock.now()
    found = []
    for each in rules():
        all_due, free = each.due(at).order_by().count(), each.free(at).order_by().count()
        found.append(Due(each, free, all_due - free))
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
            done.failed.append(each.key)
    if not only or done.counts:
        _write_down(done, whole=not only)
    return done


def _apply(each: Rule, at: datetime, ends: float, done: Run) -> None:
    size = FIRST_BATCH
    while True:
        if time.monotonic() >= ends:
            done.more = True
            return
        begun = time.monotonic()
        with transaction.atomic():
            free = each.free(at).order_by("pk").select_for_update(skip_locked=True, of=("self",))
            keys = list(free.values_list("pk", flat=True)[:size])
            gone = each.erase(keys, at) if keys else 0
        took = time.monotonic() - begun
        if not keys:
            return
        done.counts[each.key] = done.counts.get(each.key, 0) + gone
        done.longest = max(done.longest, took)
        if not gone:
            raise RuntimeError(f"{each.key} left what is due where it was")
        if took > SLOW:
            size = max(1, size // 2)
        elif took < QUICK:
            size = min(size * 2, LARGEST_BATCH)


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
