"""One tester of several (pytest -n 2) has PostgreSQL, Redis and files of its own, so that no tester meets another.

A pytest plugin, named by tests/servers.py: it must have found its servers before Django reads its settings.
"""

import atexit
import os
from contextlib import ExitStack

from tests import servers

os.environ.pop("PYTHONPATH", None)  # it led here; what the tests start must find its own way

if "PYTEST_XDIST_WORKER" in os.environ:
    own = ExitStack()
    atexit.register(own.close)
    os.environ.update(own.enter_context(servers.running()))

    def pytest_unconfigure():
        own.close()
