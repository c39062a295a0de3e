"""The live server's door: open while a test runs, shut between two tests.

A browser may still be asking for something when a test ends: an autosave, say, that leaves with the page. Answered
while the database is being emptied, such a request stands in the way of the emptying, or writes into the next test.
"""

import threading
from contextlib import contextmanager

from django.core.servers.basehttp import ServerHandler

PATIENCE = 60  # seconds for which a request under way when a test ends is waited for


class Door:
    """Counts the requests that are being answered, up to the last byte and Django's own tidying after it."""

    def __init__(self):
        self.opened = False
        self.inside = 0
        self.changed = threading.Condition()

    def open(self) -> None:
        with self.changed:
            self.opened = True

    def shut(self) -> None:
        """Lets nothing in any more, and waits until whoever is inside has left."""
        with self.changed:
            self.opened = False
            assert self.changed.wait_for(lambda: not self.inside, PATIENCE), f"{self.inside} requests never end"

    def enter(self) -> bool:
        with self.changed:
            self.inside += self.opened
            return self.opened

    def leave(self) -> None:
        with self.changed:
            self.inside -= 1
            self.changed.notify_all()


@contextmanager
def kept(door: Door):
    """While it lasts, every request to a live server goes through this door."""
    plain = ServerHandler.run

    def run(handler, application):
        if not door.enter():
            handler.request_handler.close_connection = True  # as if there were nobody here
            return
        try:
            plain(handler, application)
        finally:
            door.leave()

    ServerHandler.run = run
    try:
        yield door
    finally:
        ServerHandler.run = plain
