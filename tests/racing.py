"""People who press at the same moment, on the real database: for tests that say what comes of it."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

Calm = type[Exception] | tuple[type[Exception], ...]


class Crowd:
    """Threads, each with a connection of its own, that start every race at a barrier.

    `calm`: the refusals a race may bring, which it gives back as what came. Any other exception fails the test.
    """

    def __init__(self, size: int, calm: Calm = ()):
        self.calm = calm
        self.gate = threading.Barrier(size + 1)
        self.work: list = [None] * size
        self.came: list = [None] * size
        self.threads = [threading.Thread(target=self._run, args=(place,), daemon=True) for place in range(size)]
        for thread in self.threads:
            thread.start()

    def _run(self, place: int) -> None:
        connections["default"].ensure_connection()
        while True:
            self.gate.wait(60)
            if self.work[place] is None:
                break
            self.came[place] = [self._try(each) for each in self.work[place]]
            self.gate.wait(120)
        connections.close_all()

    @staticmethod
    def _try(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Exception as error:  # noqa: BLE001  the race looks at it
            return error

    def race(self, *work) -> list:
        """Each of `work` is what one thread does: one call, or a list of calls one after the other. What came."""
        self.work = [each if isinstance(each, list) else [each] for each in work]
        self.gate.wait(60)
        self.gate.wait(120)
        came = [answer for answers in self.came for answer in answers]
        worse = [error for error in came if isinstance(error, Exception) and not isinstance(error, self.calm)]
        assert not worse, repr(worse[:3])
        return came

    def end(self) -> None:
        self.work = [None] * len(self.threads)
        self.gate.wait(60)
        for thread in self.threads:
            thread.join(10)


def at_once(*work: Callable[[], Any], calm: Calm = ()) -> list:
    """What came of each call when all are made at the same moment, in their order."""
    crowd = Crowd(len(work), calm)
    try:
        return crowd.race(*work)
    finally:
        crowd.end()
