"""A real Celery worker as a process of its own, on the test's database and Redis."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent


class Worker:
    """`start`, then `stop` (warm: what runs is finished) or `kill` (power cut: the whole group at once)."""

    def __init__(self, environment: dict[str, str], concurrency: int = 1):
        self.environment = environment
        self.concurrency = concurrency
        self.lines: list[str] = []
        self._process: subprocess.Popen | None = None
        self._reader: threading.Thread | None = None
        self._ready = threading.Event()
        self._up = False

    def start(self, seconds: float = 60) -> "Worker":
        """Returns when the worker says that it is ready."""
        self._ready.clear()
        self._up = False
        command = [sys.executable, "-m", "celery", "-A", "hub", "worker", "--loglevel", "INFO"]
        command += ["--concurrency", str(self.concurrency), "--without-gossip", "--without-mingle"]
        self._process = subprocess.Popen(
            command,
            cwd=HOUSE,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        self._ready.wait(seconds)
        if not self._up:
            self.kill()
            raise AssertionError("The worker did not start:\n" + "\n".join(self.lines[-40:]))
        return self

    def _read(self, process) -> None:
        for line in process.stdout:
            self.lines.append(line.rstrip())
            if re.search(r"ready\.", line):
                self._up = True
                self._ready.set()
        self._ready.set()  # it ended: let `start` look
        process.stdout.close()

    @property
    def pid(self) -> int:
        """Of the main process; its children do the work."""
        assert self._process is not None
        return self._process.pid

    def stop(self, seconds: float = 40) -> int:
        """Ends it politely and gives back its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(seconds)
        finally:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to the worker and its children. Does nothing when it is gone already."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait(10)
        self._reader.join(10)
