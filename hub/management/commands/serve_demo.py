"""The whole hub in one terminal, for trying it: web server, worker, beat and keeper, until Ctrl-C."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

STOP_SECONDS = 30  # a running task may take its time; then it is ended hard
READY_SECONDS = 60
QUICK_DEATHS = 3  # something that dies this often within seconds of its start is not helped by one more start


@dataclass
class Program:
    """One of the hub's processes, in a session of its own: Ctrl-C in the terminal reaches only the supervisor."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    started_at: float = 0
    quick_deaths: int = field(default=0)

    def start(self) -> None:
        self.end_hard()  # what a dead program left behind
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=settings.HOUSE, start_new_session=True)

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def is_hopeless(self) -> bool:
        """Counts deaths soon after a start; a program that ran for a while begins again at none."""
        self.quick_deaths = self.quick_deaths + 1 if time.monotonic() - self.started_at < 10 else 0
        return self.quick_deaths >= QUICK_DEATHS

    def ask_to_stop(self) -> None:
        """SIGTERM to the main process alone: it knows how to let its children finish."""
        if self.process is not None and not self.died():
            self.process.terminate()

    def wait_until_stopped(self, until: float) -> None:
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.1, until - time.monotonic()))
            self.end_hard()

    def end_hard(self) -> None:
        """SIGKILL to whatever is left of the program and its children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Command(BaseCommand):
    help = "Runs web server, worker, beat and keeper on this machine, with a made-up family. Ctrl-C stops everything."
    requires_system_checks = []  # migrate below runs them

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--bare", action="store_true", help="without the made-up family")

    def handle(self, *args, port, bare, **options):
        if not settings.DEBUG:
            raise CommandError("serve_demo is for trying the hub on one machine. In production see docker-compose.yml.")
        self._refuse_taken_port(port)
        self._prepare(bare)
        self.stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())
        programs = self._programs(port)
        try:
            for program in programs:
                program.start()
            if self._wait_for_web(programs[0], port):
                self._welcome(port, bare)
            hopeless = self._watch(programs)
        finally:
            self._stop_all(programs)
        if hopeless:
            raise CommandError(f"The {hopeless} could not be kept running; its last words are above.")

    @staticmethod
    def _refuse_taken_port(port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}"
                ) from error

    def _prepare(self, bare: bool) -> None:
        for folder in (settings.VAR, settings.HUB_FILES):
            folder.mkdir(parents=True, exist_ok=True)
        if settings.CELERY_BROKER_URL.startswith("filesystem://"):
            for key in ("data_folder_in", "control_folder"):
                Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS[key])).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if not bare:
            call_command("demo", "--if-empty", stdout=io.StringIO())  # it introduces itself once the hub is open

    @staticmethod
    def _programs(port: int) -> list[Program]:
        web = [sys.executable, "-m", "gunicorn", "--config", "hub/deploy/gunicorn.py"]
        web += ["--bind", f"127.0.0.1:{port}"]
        root = "ignore:You're running the worker with superuser privileges"  # fine for trying things at home
        worker = [sys.executable, "-W", root, "-m", "celery", "-A", "hub", "--quiet", "worker", "--beat"]
        worker += ["--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        keeper = [sys.executable, "manage.py", "keep", "--verbosity", "0"]
        return [Program("web server", web), Program("worker", worker), Program("keeper", keeper)]

    def _wait_for_web(self, web: Program, port: int) -> bool:
        """True as soon as the web server answers."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + READY_SECONDS
        while not self.stop.wait(0.1) and not web.died() and time.monotonic() < end:
            try:
                with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=5):
                    return True
            except OSError:
                continue
        return False

    def _welcome(self, port: int, bare: bool) -> None:
        self.stdout.write(self.style.SUCCESS(f"\nThe hub is open at http://localhost:{port}\n"))
        if not bare:
            call_command("demo", "--print", stdout=self.stdout)
        self.stdout.write("\nCtrl-C stops everything.\n")
        self.stdout.flush()

    def _watch(self, programs: list[Program]) -> str:
        """Starts again what died, until asked to stop. Gives back the name of a program that cannot live, or ""."""
        while not self.stop.wait(0.5):
            for program in programs:
                if program.died():
                    if program.is_hopeless():
                        return program.name
                    self.stderr.write(f"The {program.name} ended by itself. Starting it again.")
                    program.start()
        return ""

    def _stop_all(self, programs: list[Program]) -> None:
        self.stdout.write("\nStopping. What is being worked on is finished first.")
        self.stdout.flush()
        for program in programs:
            program.ask_to_stop()
        until = time.monotonic() + STOP_SECONDS
        for program in programs:
            program.wait_until_stopped(until)
