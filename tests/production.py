"""The hub as it stands in production, as far as one machine goes: gunicorn, and before it nginx with our file.

Both listen on this machine alone, on ports of their own.
"""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.roles import two_roles
from tests.servers import Missing

HOUSE = Path(__file__).resolve().parent.parent
CONFIGURATION = HOUSE / "hub" / "deploy" / "nginx.conf"


def invented() -> dict[str, str]:
    """Production's settings with the invented values of .ci/production.env."""
    lines = (HOUSE / ".ci" / "production.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@contextmanager
def tables(**more: str):
    """The same for the private servers of tests/servers.py, with `more`. Its database has production's two roles.

    The tables are there and full of our words; what the hub runs as may do no more than in production.
    """
    server = urlsplit(os.environ["DATABASE_URL"])
    given = {**os.environ, **invented(), "REDIS_URL": os.environ["REDIS_URL"], **more}
    with two_roles(unquote(server.hostname or ""), server.username or "") as found:
        for words in (["migrate", "--verbosity", "0"], ["app_role", "--grant", "hub_app"]):
            owner = {**given, "DATABASE_URL": found["hub_owner"]}
            subprocess.run([sys.executable, "manage.py", *words], cwd=HOUSE, env=owner, check=True)
        yield given | {"DATABASE_URL": found["hub_app"]}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nginx_program() -> str:
    """Where nginx is: Debian keeps it where only root looks."""
    if path := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin"):
        return path
    raise Missing("nginx-light")


@contextmanager
def web(environment: dict[str, str], log=None):
    """gunicorn as it is deployed. Yields the process and its port; a visit waits there until it can be served."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as gunicorn does where it opens the door itself
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "hub/deploy/gunicorn.py", "--bind", f"fd://{door.fileno()}"],
            cwd=HOUSE,
            env=environment,
            pass_fds=[door.fileno()],
            stdout=log,
            stderr=log,
        )
        try:
            yield process, door.getsockname()[1]
        finally:
            process.terminate()
            process.wait(30)


@dataclass(frozen=True)
class Proxy:
    plain: int  # the port that sends everybody to the other
    port: int  # the port with TLS
    home: Path

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """All that it wrote down."""
        return self.home / "log"

    def trust(self) -> ssl.SSLContext:
        """For a visitor who knows its certificate."""
        return ssl.create_default_context(cafile=self.home / "fullchain.pem")


def adapted(home: Path, upstream: str, pages: Path, plain: int, port: int, changes: dict[str, str]) -> Path:
    """A copy in `home` of the file we deploy, changed in where things are and in `changes`; beside it a certificate."""
    ask = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1"
    ask += " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ["-keyout", home / "privkey.pem", "-out", home / "fullchain.pem"]
    subprocess.run([*ask.split(), *files], check=True, capture_output=True)
    text = CONFIGURATION.read_text()
    places = {
        r"/tmp/(\w)": rf"{home}/\1",  # first: the other places may be below /tmp too
        r"/etc/nginx/certificate": str(home),
        r"/etc/nginx/pages": str(pages),
        r"server web:8000": f"server {upstream}",
        r"listen 8080 ": f"listen 127.0.0.1:{plain} ",
        r"listen 8443 ": f"listen 127.0.0.1:{port} ",
    }
    for here, there in places.items():
        text = re.sub(here, there, text)
    for setting, value in changes.items():
        text = re.sub(rf"\b{setting} [^;]+;", f"{setting} {value};", text)
    (home / "nginx.conf").write_text(text)
    return home / "nginx.conf"


@contextmanager
def proxy(home: Path, upstream: str, pages: Path, port: int = 0, **changes: str):
    """nginx before `upstream` (host:port), up and listening; `changes` are settings of other than our values.

    Its folder is `home`, which anybody may enter: as root, nginx works as nobody.
    """
    found = Proxy(free_port(), port or free_port(), home)
    conf = adapted(home, upstream, pages, found.plain, found.port, changes)
    with found.log.open("ab") as log:
        server = subprocess.Popen([nginx_program(), "-c", conf, "-g", "daemon off;"], stdout=log, stderr=log)
    try:
        for door in (found.plain, found.port):
            _wait_for(server, door, found.log)
        yield found
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _wait_for(server: subprocess.Popen, port: int, log: Path) -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except ConnectionRefusedError:
            continue
    raise RuntimeError(f"nginx did not start: {log.read_text()}")
