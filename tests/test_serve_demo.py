"""`make run` from the moment the packages are there: one terminal, every program, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path, **more) -> dict[str, str]:
    """A newcomer's: no PostgreSQL, no Redis, nothing set."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DATABASE_", "REDIS_"))}
    return {**keep, "HUB_VAR": str(folder), "PYTHONUNBUFFERED": "1", **more}


class Terminal:
    """`manage.py serve_demo` as somebody runs it, with what it printed."""

    def __init__(self, folder: Path, port: int, *words: str):
        self.port, self.lines = port, []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve_demo", "--port", str(port), *words],
            cwd=HOUSE,
            env=environment(folder, HUB_ADDRESS=f"http://localhost:{port}"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line.rstrip())
                self._news.notify_all()
        self.process.stdout.close()

    def wait_for_line(self, part: str, seconds: float = 90) -> None:
        with self._news:
            found = self._news.wait_for(lambda: any(part in line for line in self.lines), seconds)
        assert found, "\n".join(self.lines)

    def get(self, path: str) -> int:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status

    def children(self) -> dict[str, int]:
        """The pids of the supervisor's own children, by what they run."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        found = {}
        for pid in pids:
            words = Path(f"/proc/{pid}/cmdline").read_text()
            known = {"gunicorn": "web", "celery": "worker", "\0keep\0": "keeper"}
            found[next((name for word, name in known.items() if word in words), words)] = int(pid)
        return found

    def end(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self._reader.join(10)
        return code


def group_is_gone(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def terminal(tmp_path):
    made = Terminal(tmp_path / "var", free_port(), "--bare")
    yield made
    if made.process.poll() is None:
        made.end()


def test_everything_runs_restarts_and_stops(terminal, until):
    terminal.wait_for_line("The hub is open")
    assert terminal.get("/readyz") == 200
    first = terminal.children()
    assert set(first) == {"web", "worker", "keeper"}

    os.kill(first["worker"], signal.SIGKILL)
    os.kill(first["web"], signal.SIGKILL)
    terminal.wait_for_line("The worker ended by itself")
    terminal.wait_for_line("The web server ended by itself")

    def answers():
        try:
            return terminal.get("/healthz") == 200
        except OSError:
            return False

    assert until(answers, 60)
    second = terminal.children()
    assert set(second) == {"web", "worker", "keeper"}
    assert second.pop("keeper") == first.pop("keeper")
    assert not set(second.values()) & set(first.values())

    assert terminal.end() == 0, "\n".join(terminal.lines)
    assert all(group_is_gone(pid) for pid in [*first.values(), *second.values()])


def test_a_taken_port_is_said_at_once(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "serve_demo", "--bare", "--port", str(port)],
            cwd=HOUSE,
            env=environment(tmp_path / "var"),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"make run PORT={port + 1}" in done.stderr


def test_it_refuses_to_be_production(tmp_path):
    lines = (HOUSE / ".ci" / "production.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    done = subprocess.run(
        [sys.executable, "manage.py", "serve_demo"],
        cwd=HOUSE,
        env=environment(tmp_path, **given),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "docker-compose.yml" in done.stderr
