"""Files kept by their content: written whole or not at all, named by their own SHA-256, never changed.

What is kept for a short time only (`passing`) lies in a folder of its own, which no backup copies.
"""

import hashlib
import os
import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings


class NoRoom(OSError):
    """The file could not be kept: the disk is full or cannot be written. Nothing half-written is left behind."""


PASSING = "passing"  # longer than two letters: hub.backups copies the folders of two


def place_of(sha256: str, *, passing: bool = False) -> Path:
    folder = Path(settings.HUB_FILES)
    return (folder / PASSING if passing else folder) / sha256[:2] / sha256


def keep(content: bytes, *, passing: bool = False) -> str:
    """Keep the bytes and return their SHA-256 in hex. Keeping the same bytes twice keeps one file. Raises NoRoom.

    A file that is there and damaged is put right.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    place = place_of(sha256, passing=passing)
    if read(sha256, passing=passing) is not None:
        return sha256
    unfinished = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            unfinished = file.name
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if unfinished:
            Path(unfinished).unlink(missing_ok=True)
        raise NoRoom(error.errno, "a file could not be kept") from error
    return sha256


def room() -> int:
    """How much of the disk of HUB_FILES is free, in hundredths; 0 when it cannot be reached."""
    folder = Path(settings.HUB_FILES)
    try:
        there = shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists()))
    except OSError:
        return 0
    return there.free * 100 // there.total if there.total else 0


def read(sha256: str, *, passing: bool = False) -> bytes | None:
    """The bytes, or None when they are gone or are no longer what they were."""
    try:
        content = place_of(sha256, passing=passing).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def forget(sha256: str, *, passing: bool = False) -> None:
    """Delete the file. It may be gone already. Call it after the commit of what made it needless."""
    place_of(sha256, passing=passing).unlink(missing_ok=True)


def forget_passing(older_than: timedelta) -> int:
    """Delete what was kept in passing so long ago, finished or not, and was left behind; gives back how many files."""
    count = 0
    for place in (Path(settings.HUB_FILES) / PASSING).glob("??/*"):
        try:
            if time.time() - place.stat().st_mtime > older_than.total_seconds():
                place.unlink()
                count += 1
        except FileNotFoundError:
            continue
    return count
