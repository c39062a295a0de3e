"""The bell: asks a worker to look for work now. What is due stands in the database; a lost ring costs a minute."""

import logging
import os
import threading

from celery import Celery
from django.db import transaction

from hub.celery import app

log = logging.getLogger(__name__)

RING_LASTS = 600  # seconds: an older ring is thrown away unread; clocks may be five minutes apart


class Bell:
    """Publishes tasks from a thread of its own, so that no request waits for a broker, slow or down.

    Rings of the same task that have not gone out yet become one.
    """

    def __init__(self, app: Celery):
        self.app = app
        self._after_fork()
        os.register_at_fork(after_in_child=self._after_fork)  # a forked child has our memory but not our thread

    def _after_fork(self):
        self.asked: set[str] = set()
        self.wake = threading.Condition()
        self.thread: threading.Thread | None = None

    def ring(self, task: str) -> None:
        """Asks for a task by its name. Returns at once; never raises."""
        try:
            with self.wake:
                self.asked.add(task)
                if self.thread is None or not self.thread.is_alive():
                    self.thread = threading.Thread(target=self._publish, name="bell", daemon=True)
                    self.thread.start()
                self.wake.notify_all()
        except RuntimeError:  # no thread to be had: the interpreter is closing or the machine is full
            log.warning("the bell could not ring", extra={"task": task})

    def quiet(self, seconds: float) -> bool:
        """Waits until every ring has gone out or was given up. False when that took longer than this."""
        with self.wake:
            return self.wake.wait_for(lambda: not self.asked, timeout=seconds)

    def _publish(self):
        while True:
            with self.wake:
                self.wake.wait_for(lambda: self.asked)
                tasks = sorted(self.asked)
            for task in tasks:
                try:
                    self._send(task)
                except Exception:
                    log.warning("the broker did not take a ring", extra={"task": task}, exc_info=True)
                finally:
                    with self.wake:
                        self.asked.discard(task)
                        self.wake.notify_all()

    def _send(self, task: str):
        with self.app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=5)
            self.app.send_task(task, connection=connection, retry=False, ignore_result=True, expires=RING_LASTS)


bell = Bell(app)
ring = bell.ring


def ring_on_commit(task: str) -> None:
    """Rings once when the transaction commits, however often it is called in it; not at all when it rolls back."""
    connection = transaction.get_connection()
    if any(getattr(function, "rings", None) == task for _, function, _ in connection.run_on_commit):
        return

    def after_commit():
        ring(task)

    after_commit.rings = task  # type: ignore[attr-defined]
    transaction.on_commit(after_commit, robust=True)
