"""Files kept by their content: written whole or not at all, named by their own SHA-256, never changed."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class NoRoom(OSError):
    """The file could not be kept: the disk is full or cannot be written. Nothing half-written is left behind."""


def place_of(sha256: str) -> Path:
    return Path(settings.HUB_FILES) / sha256[:2] / sha256


def keep(content: bytes) -> str:
    """Keep the bytes and return their SHA-256 in hex. Keeping the same bytes twice keeps one file. Raises NoRoom.

    A file that is there and damaged is put right.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    place = place_of(sha256)
    if read(sha256) is not None:
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


def read(sha256: str) -> bytes | None:
    """The bytes, or None when they are gone or are no longer what they were."""
    try:
        content = place_of(sha256).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def forget(sha256: str) -> None:
    """Delete the file. It may be gone already. Call it after the commit of what made it needless."""
    place_of(sha256).unlink(missing_ok=True)
