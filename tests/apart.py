"""One tester of several (pytest -n 2) has PostgreSQL, Redis and files of its own, so that no tester meets another.

What they share is the machine. So a test that measures time (`pytest.mark.alone`) waits until the others have ended the
test they are in, and they wait until it is done: how busy they are is no part of what it measures.

A pytest plugin, named by tests/servers.py: it must have found its servers before Django reads its settings.
"""

import atexit
import fcntl
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import servers

os.environ.pop("PYTHONPATH", None)  # it led here; what the tests start must find its own way

if "PYTEST_XDIST_WORKER" in os.environ:
    own = ExitStack()
    atexit.register(own.close)
    os.environ.update(own.enter_context(servers.running()))
    places = [
        Path(tempfile.gettempdir(), f"{os.environ['PYTEST_XDIST_TESTRUNUID']}.{name}") for name in ("door", "room")
    ]
    door, room = (own.enter_context(place.open("w")) for place in places)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(item):
        """Before the clock of its time limit runs: a test enters the room, where one that measures is by itself.

        Whoever waits for an empty room stands in the door, so that nobody slips in before.
        """
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
        fcntl.flock(room, fcntl.LOCK_UN)

    def pytest_unconfigure():
        own.close()
        for place in places:
            place.unlink(missing_ok=True)
