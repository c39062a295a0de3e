"""What waits for a member of staff today: each app says its own lines in its `at_desk`; the first page shows them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Task:
    """One line of the first page. `words` say what waits, without the number; no name of anybody stands in it."""

    count: int
    words: str
    address: str


Source = Callable[[HttpRequest], Iterable[Task]]
_SOURCES: list[tuple[tuple[str, ...], Source]] = []


def tells(*permissions: str) -> Callable[[Source], Source]:
    """Registers what has a line for those who hold all of these permissions. It is asked at each opening of the page:
    a query or two, quick however many rows there are. The time is this machine's: asking the database for it would be
    one query more, and nothing is decided here.
    """

    def register(source: Source) -> Source:
        _SOURCES.append((permissions, source))
        return source

    return register


def of(request: HttpRequest) -> list[Task]:
    """Every line with something in it, in the order of the apps."""
    told = [source(request) for permissions, source in _SOURCES if request.user.has_perms(permissions)]
    return [task for tasks in told for task in tasks if task.count]
