"""Kernel: files locked to a public key, in the age format (age-encryption.org). Who has the private key reads them.

The hub needs the public key alone; the private one belongs on another machine. No file is held in memory as a whole.
"""

import hashlib
from pathlib import Path
from typing import IO, Any, TypeAlias

import pyrage
from pyrage import x25519

Lock: TypeAlias = x25519.Recipient
Key: TypeAlias = x25519.Identity


class NotAKey(ValueError):
    """This text is not a key of age, or not the one that opens."""


def lock_of(text: str) -> Lock:
    """The public key, as `age-keygen` prints it: age1... Raises NotAKey."""
    try:
        return Lock.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise NotAKey("HUB_BACKUP_RECIPIENT is not a public key of age: it begins with age1.") from error


def key_in(file: Path) -> Key:
    """The private key in this file, as `age-keygen -o FILE` writes it. Raises NotAKey, OSError."""
    found = [line.strip() for line in file.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-")]
    try:
        return Key.from_str(found[0])
    except (IndexError, pyrage.IdentityError) as error:
        raise NotAKey(f"There is no private key of age in {file}.") from error


def seal(source: IO[bytes], target: Path, lock: Lock) -> None:
    with target.open("wb") as written:
        pyrage.encrypt_io(source, written, [lock])


def unseal(source: Path, target: Any, key: Key) -> None:
    """Writes what was locked to `target`, which needs no more than `write`. Raises NotAKey: also for a file that is
    not as it was locked, and then part of it may have been written.
    """
    try:
        with source.open("rb") as read:
            pyrage.decrypt_io(read, target, [key])
    except pyrage.DecryptError as error:
        raise NotAKey(f"This key does not open {source}, or it is not as it was locked.") from error


class Digest:
    """The SHA-256 of what is written to it."""

    def __init__(self):
        self.sha = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.sha.update(content)
        return len(content)

    def flush(self) -> None:
        pass
