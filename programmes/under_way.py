"""Which courses somebody has begun, and how far they are: for the home page and the list of courses."""

from collections.abc import Iterable

from programmes import library
from programmes.actions.learning import Progress
from programmes.library import Programme
from programmes.models import Taking


def all_of(person, shown: Iterable[Programme]) -> list[Progress]:
    """Every course this person has begun and that is shown, the newest first. One query."""
    by_slug = {programme.slug: programme for programme in shown}
    return [
        Progress(by_slug[taking.programme], taking)
        for taking in Taking.objects.filter(person=person)
        if taking.programme in by_slug
    ]


def newest_unfinished(person) -> Progress | None:
    """The course this person was in last that has something left. One query, and one more when there is one."""
    for taking in Taking.objects.filter(person=person, finished_at=None):
        programme = library.programme(taking.programme)
        if programme is not None and (found := Progress(programme, taking)).next is not None:
            return found
    return None
