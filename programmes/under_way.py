"""Which courses somebody has begun, and how far they are: for the home page and the list of courses."""

from collections.abc import Iterable
from itertools import groupby

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from programmes import library
from programmes.actions.learning import Progress
from programmes.library import Programme
from programmes.models import Taking

OF_A_TAKING = ("programme", "part", "step", "screen", "last_at", "finished_at")


def all_of(person, shown: Iterable[Programme]) -> list[Progress]:
    """Every course this person has begun and that is shown, the newest first. One query."""
    by_slug = {programme.slug: programme for programme in shown}
    return [_progress(by_slug[slug], rows) for slug, rows in _takings(person) if slug in by_slug]


def newest_unfinished(person) -> Progress | None:
    """The course this person was in last that has something left. One query, and one more when there is one."""
    for slug, rows in _takings(person, finished_at=None):
        programme = library.programme(slug)
        found = _progress(programme, rows) if programme is not None else None
        if found is not None and found.next is not None:
            return found
    return None


def _takings(person, **which) -> list[tuple[str, list[tuple]]]:
    """The takings, the newest first, with a row for each screen that was seen and for each part that is done."""
    mine = Taking.objects.filter(person=person, **which).order_by()
    words = {name: Cast(Value(name), CharField()) for name in ("seen", "done", "")}
    seen = mine.annotate(what=words["seen"], a=F("seen__part"), b=F("seen__step"), c=F("seen__screen"))
    done = mine.exclude(parts_done=None).annotate(what=words["done"], a=F("parts_done__part"), b=words[""], c=words[""])
    columns = (*OF_A_TAKING, "what", "a", "b", "c")
    rows = list(seen.values_list(*columns).union(done.values_list(*columns), all=True))
    rows.sort(key=lambda row: (row[4], row[0]), reverse=True)
    return [(slug, list(each)) for slug, each in groupby(rows, key=lambda row: row[0])]


def _progress(programme: Programme, rows: list[tuple]) -> Progress:
    taking = Taking(**dict(zip(OF_A_TAKING, rows[0], strict=False)))
    marks = [row[len(OF_A_TAKING) :] for row in rows]
    return Progress(
        programme,
        taking,
        frozenset((part, step, screen) for what, part, step, screen in marks if what == "seen" and part),
        frozenset(part for what, part, _step, _screen in marks if what == "done"),
    )
