"""Whole copies of the hub: the database and the kept files, in a folder with a list of what must be in it.

A copy holds what the database and the folder of files hold at that moment, and nothing that was erased before. It is
locked to the public key HUB_BACKUP_RECIPIENT; without that, the disk it is written to must be encrypted.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from hub import clock, env, pulse, sealing

FORM = "hub backup v1"
NAME = "hub-%Y%m%dT%H%M%SZ"
LIST = "manifest.json"
AT_A_TIME = 2  # tables copied back at once


class Trouble(Exception):
    """The copy could not be made or brought back; the text says why, and what to do."""


@dataclass(frozen=True)
class Backup:
    """A finished copy, as its list tells of it."""

    folder: Path
    told: dict[str, Any]
    key: sealing.Key | None = None  # opens it, when it is locked

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.told["made_at"])


def make(into: Path) -> Backup:
    """Copy everything into a new folder below this one. It has its final name only when it is whole. Raises Trouble."""
    made_at = clock.now()
    anchor = pulse.of("anchor")  # read before the copy begins: what it anchors is in the copy
    folder, unfinished = into / made_at.strftime(NAME), into / made_at.strftime(f".{NAME}-unfinished")
    try:
        lock = sealing.lock_of(settings.HUB_BACKUP_RECIPIENT) if settings.HUB_BACKUP_RECIPIENT else None
        unfinished.mkdir(parents=True)
        unfinished.chmod(0o700)
        database = (_copy_sqlite if connection.vendor == "sqlite" else _copy_postgresql)(unfinished, lock)
        told: dict[str, Any] = {
            "form": FORM,
            "made_at": made_at.isoformat(),
            "database": {"kind": connection.vendor, "file": database, **_facts(unfinished / database)},
            "files": _copy_files(Path(settings.HUB_FILES), unfinished / "files", _newest_files(into, lock), lock),
            "migrations": [list(each) for each in sorted(MigrationLoader(connection).applied_migrations)],
            "anchor": anchor.facts.get("number", 0) if anchor else 0,
            "locked_to": str(lock) if lock else "",
        }
        (unfinished / LIST).write_text(json.dumps(told, indent=1))
        for each in (unfinished / database, unfinished / LIST, unfinished):
            _sync(each)
        unfinished.rename(folder)
        _sync(into)
    except (OSError, subprocess.CalledProcessError, sealing.NotAKey) as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        pulse.mark("backup", good=False, fault=type(error).__name__)
        raise Trouble(f"The copy was not made. {_words_of(error)}") from error
    pulse.mark("backup", bytes=told["database"]["bytes"], files=told["files"]["count"], anchor=told["anchor"])
    return Backup(folder, told)


def throw_old_away(into: Path, keep: int) -> int:
    """Keep only the newest copies; gives back how many went."""
    old = sorted(finished(into))[: -max(keep, 1)]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)


def finished(into: Path) -> list[Path]:
    """The folders of finished copies, oldest first."""
    return sorted(into.glob("hub-*Z")) if into.is_dir() else []


def check(folder: Path, key_file: Path | None = None) -> Backup:
    """Look that the copy holds exactly what its list says. Raises Trouble, and names what does not fit."""
    key = None
    try:
        told = json.loads((folder / LIST).read_bytes())
        database, listed = told["database"], told["files"]
        if told["form"] != FORM or _facts(folder / database["file"]) != {
            name: database[name] for name in ("sha256", "bytes")
        }:
            raise Trouble(f"{folder / database['file']} is not what was copied. Use another backup.")
        if locked_to := told.get("locked_to"):
            if key_file is None:
                raise Trouble(f"This backup is locked to {locked_to}. Give the file of its private key: --key FILE")
            key = sealing.key_in(key_file)
        names = _names(folder / "files")
        wrong = [name for name in names if _content(folder / "files" / name[:2] / name, key) != name]
        if wrong or _digest(names) != listed["sha256"]:
            raise Trouble(f"The files of {folder} are not what was copied ({', '.join(wrong[:5]) or 'some are gone'}).")
    except sealing.NotAKey as error:
        raise Trouble(str(error)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Trouble(f"{folder} is not a whole backup: {LIST} or something it names cannot be read.") from error
    return Backup(folder, told, key)


def bring_back(backup: Backup, address: str) -> None:
    """Fill an empty database from this copy. Raises Trouble when it is not empty, or when our code is the older."""
    known = set(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)
    ours = {app for app, _ in known}
    newer = [f"{app}.{name}" for app, name in backup.told["migrations"] if app in ours and (app, name) not in known]
    if newer:
        raise Trouble(f"This backup was made by newer code, which knows {newer[-1]}. Bring that code here first.")
    target = _target(address)
    kind = "sqlite" if target["ENGINE"].endswith("sqlite3") else "postgresql"
    if kind != backup.told["database"]["kind"]:
        raise Trouble(f"The backup is of {backup.told['database']['kind']}; the address names {kind}.")
    copied = backup.folder / backup.told["database"]["file"]
    try:
        if kind == "sqlite":
            _bring_back_sqlite(copied, Path(target["NAME"]), backup.key)
        else:
            _bring_back_postgresql(copied, target, backup.key)
    except (OSError, subprocess.CalledProcessError, sealing.NotAKey) as error:
        raise Trouble(f"The database could not be filled; empty it before you try again. {_words_of(error)}") from error


def bring_files_back(backup: Backup, into: Path) -> int:
    """Copy the kept files that are not there yet; gives back how many."""
    missing = [name for name in _names(backup.folder / "files") if not (into / name[:2] / name).exists()]
    for name in missing:
        place = into / name[:2] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        _take_out(backup.folder / "files" / name[:2] / name, place.with_suffix(".part"), backup.key)
        place.with_suffix(".part").rename(place)
    return len(missing)


# ---------------------------------------------------------------- PostgreSQL
def program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise Trouble(f"{name} is not installed here: it comes with Debian's postgresql-client.")
    return found


def _copy_postgresql(folder: Path, lock: sealing.Lock | None) -> str:
    """One snapshot, whatever parents write meanwhile. Roles and rights are not in it: `app_role --grant` gives them."""
    words = ["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s"]
    if lock is None:
        _run("pg_dump", connection.settings_dict, *words, "--file", str(folder / "database.dump"))
    else:
        with _piped("pg_dump", connection.settings_dict, *words) as out:
            sealing.seal(out, folder / "database.dump", lock)
    return "database.dump"


def _bring_back_postgresql(copied: Path, target: dict[str, Any], key: sealing.Key | None) -> None:
    asked = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
    if _run("psql", target, "--tuples-only", "--no-align", "--command", asked).strip() != "0":
        raise Trouble("That database is not empty. A backup is only brought back into an empty one.")
    words = ["--no-owner", "--no-privileges", "--exit-on-error"]
    if key is None:
        _run("pg_restore", target, *words, f"--jobs={AT_A_TIME}", str(copied))
    else:
        with _piped("pg_restore", target, *words, into=True) as pipe:
            sealing.unseal(copied, pipe, key)
    _run("psql", target, "--quiet", "--command", "ANALYZE")


def _typed(name: str, database: dict[str, Any], *words: str) -> tuple[list[str], dict[str, str]]:
    """A program of PostgreSQL with its words, and its environment: a password is not among the words."""
    given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {**os.environ, **{key: str(database[own]) for key, own in given.items() if database.get(own)}}
    return [program(name), "--no-password", "--dbname", database["NAME"], *words], environment


def _run(name: str, database: dict[str, Any], *words: str) -> str:
    command, environment = _typed(name, database, *words)
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@contextmanager
def _piped(name: str, database: dict[str, Any], *words: str, into: bool = False) -> Iterator[IO[bytes]]:
    """The pipe out of the program, or into it. Raises CalledProcessError with what it said when it did not end well."""
    command, environment = _typed(name, database, *words)
    ends = {"stdin" if into else "stdout": subprocess.PIPE}
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(command, env=environment, stderr=said, **ends) as running:  # type: ignore[call-overload]
            try:
                yield running.stdin if into else running.stdout
            except Exception:
                if not running.poll():  # it is well, so the fault is ours
                    running.kill()
                    raise
        if running.returncode:
            said.seek(0)
            raise subprocess.CalledProcessError(running.returncode, name, stderr=said.read().decode(errors="replace"))


# ---------------------------------------------------------------- SQLite
def _copy_sqlite(folder: Path, lock: sealing.Lock | None = None) -> str:
    """VACUUM INTO copies the rows alone: a page-by-page copy would hold what was erased until it is written over."""
    plain = folder / "database.plain"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(plain)])
    _put_in(plain, folder / "database.sqlite3", lock)
    plain.unlink()
    return "database.sqlite3"


def _bring_back_sqlite(copied: Path, into: Path, key: sealing.Key | None = None) -> None:
    if into.exists() and into.stat().st_size:
        raise Trouble("That database is not empty. A backup is only brought back into an empty one.")
    _take_out(copied, into, key)


# ---------------------------------------------------------------- files
def _target(address: str) -> dict[str, Any]:
    try:
        return env.database_at(address, "--into")
    except ImproperlyConfigured as error:
        raise Trouble(str(error)) from error


def _names(folder: Path) -> list[str]:
    """The files kept by content below this folder, by their names."""
    return sorted(path.name for path in folder.glob("??/*") if len(path.name) == 64)


def _newest_files(into: Path, lock: sealing.Lock | None) -> Path | None:
    """The files of the copy before, if it is locked as this one will be."""
    for before in finished(into)[-1:]:
        if json.loads((before / LIST).read_bytes()).get("locked_to", "") == (str(lock) if lock else ""):
            return before / "files"
    return None


def _put_in(source: Path, place: Path, lock: sealing.Lock | None) -> None:
    if lock is None:
        shutil.copyfile(source, place)
    else:
        with source.open("rb") as read:
            sealing.seal(read, place, lock)


def _take_out(source: Path, place: Path, key: sealing.Key | None) -> None:
    if key is None:
        shutil.copyfile(source, place)
    else:
        with place.open("wb") as written:
            sealing.unseal(source, written, key)


def _content(file: Path, key: sealing.Key | None) -> str:
    """The SHA-256 of what is in it, locked or not."""
    if key is None:
        return _facts(file)["sha256"]
    digest = sealing.Digest()
    sealing.unseal(file, digest, key)
    return digest.sha.hexdigest()


def _copy_files(source: Path, folder: Path, before: Path | None, lock: sealing.Lock | None) -> dict[str, Any]:
    """Copy every kept file. One that the copy before holds is linked: the same bytes lie on the disk once."""
    names, kept = _names(source), []
    folder.mkdir()
    for name in names:
        place = folder / name[:2] / name
        place.parent.mkdir(exist_ok=True)
        try:
            if before and (before / name[:2] / name).exists():
                os.link(before / name[:2] / name, place)
            else:
                _put_in(source / name[:2] / name, place, lock)
                _sync(place)
        except FileNotFoundError:  # erased since the list was made
            continue
        kept.append(name)
    return {"count": len(kept), "sha256": _digest(kept)}


def _digest(names: list[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _facts(file: Path) -> dict[str, Any]:
    with file.open("rb") as opened:
        return {"sha256": hashlib.file_digest(opened, "sha256").hexdigest(), "bytes": file.stat().st_size}


def _sync(place: Path) -> None:
    """What was written to this file or folder is on the disk."""
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _words_of(error: Exception) -> str:
    """What a program of PostgreSQL said, or what the disk did."""
    said = (error.stderr or "") if isinstance(error, subprocess.CalledProcessError) else str(error)
    return " ".join(said.split())[-500:]
