"""Private PostgreSQL and Redis for one run of the tests, on unix sockets in a folder of their own.

    python tests/servers.py -- pytest tests/accounts -k sign_in

The command after -- finds them by DATABASE_URL and REDIS_URL. Both servers and their folder are gone when it ends.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

HOUSE = Path(__file__).resolve().parent.parent
READY_SECONDS = 30


class Missing(Exception):
    """A program the tests need is not on this machine; the text says which."""


def postgres_programs() -> Path:
    """The folder of initdb and pg_ctl: the newest Debian has, or the one on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    raise Missing("postgresql")


def redis_program() -> str:
    """Where redis-server (or its twin valkey-server) is."""
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return path
    raise Missing("redis-server")


@contextmanager
def folder():
    """A short folder (a socket's path may have about 100 characters) that the database's user may enter."""
    path = Path(tempfile.mkdtemp(prefix="hub-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres(home: Path):
    """A cluster without fsync and without TCP. Yields the address of its empty database."""
    programs, cluster = postgres_programs(), home / "postgres"
    cluster.mkdir()
    user: dict = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(cluster, owner.pw_uid, owner.pw_gid)
        user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    quiet: dict = {"stdout": subprocess.DEVNULL, "check": True, "cwd": cluster, **user}
    plain = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(
        [programs / "initdb", "-D", cluster / "base", "-U", "hub", "-A", "trust", "-E", "UTF8", "--no-sync"],
        env=plain,
        **quiet,
    )
    settings = (
        "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
    )
    control = [programs / "pg_ctl", "-D", cluster / "base", "-w", "-t", str(READY_SECONDS), "-l", cluster / "log"]
    subprocess.run([*control, "-o", f"{settings} -k {cluster}", "start"], env=plain, **quiet)
    try:
        subprocess.run([programs / "createdb", "-h", cluster, "-U", "hub", "hub"], env=plain, **quiet)
        yield f"postgres://hub@{quote(str(cluster), safe='')}/hub"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], env=plain, **{**quiet, "check": False})


@contextmanager
def redis(home: Path):
    """A Redis that keeps nothing on disk and throws nothing away. Yields its address."""
    socket, log = home / "redis.sock", home / "redis.log"
    command = [redis_program(), "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no"]
    command += ["--maxmemory-policy", "noeviction", "--dir", home]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=out, start_new_session=True)
    try:
        assert server.stdout is not None
        for line in server.stdout:
            if b"ready to accept connections" in line.lower():
                break
        else:
            raise RuntimeError(f"redis-server did not start: {log.read_text()}")
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait(READY_SECONDS)


@contextmanager
def running():
    """Both servers up. Yields the environment that finds them; the hub's own files go to the same folder."""
    with ExitStack() as stack:
        home = stack.enter_context(folder())
        found = {"DATABASE_URL": stack.enter_context(postgres(home)), "REDIS_URL": stack.enter_context(redis(home))}
        for name in ("var", "static"):
            (home / name).mkdir()
        found |= {"HUB_VAR": str(home / "var"), "HUB_STATIC_ROOT": str(home / "static")}
        yield {**os.environ, **found, "PYTHONPATH": str(HOUSE), "PYTEST_PLUGINS": "tests.apart"}


def stop(number, frame):
    """A polite end: lets every `finally` run."""
    raise SystemExit(128 + number)


def main(command: list[str]) -> int:
    """Runs the command beside both servers and gives back its exit code."""
    if command[:1] == ["--"]:
        command = command[1:]
    if not command:
        print(__doc__)
        return 2
    if command[0] in {"pytest", "python"}:
        command = [sys.executable, *(["-m", "pytest"] if command[0] == "pytest" else []), *command[1:]]
    signal.signal(signal.SIGTERM, stop)
    try:
        with running() as environment:
            return subprocess.call(command, env=environment, cwd=HOUSE)
    except Missing as name:
        print(f"The tests need {name}. `make test` installs it when run as root on Debian or Ubuntu; or type")
        print(f"    sudo apt-get install {name}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
