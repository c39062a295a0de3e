"""The record that cannot be rewritten unseen: canonical form, commitments, hash chain. Pure.

Form v1, frozen by golden vectors in tests/parenting_plan/golden_v1.json: JSON with sorted keys, no spaces, text in
Unicode NFC, times in UTC to the microsecond. An event's hash covers the plan's reference and the event's number, so
that an event cannot be moved to another place; it covers a salted commitment of the words, not the words, so that they
can be erased by law and the chain still verifies.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FORM = "v1"
BEGINNING = "0" * 64  # what the first event names as its predecessor
SALT_BYTES = 32


def canonical(value: Any) -> bytes:
    """The one way to write a value down. Same value, same bytes, for ever."""
    plain = _plain(value)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case datetime():
            if value.tzinfo is None:
                raise ValueError("A time in the record must say its zone.")
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case dict():
            plain = {_key(key): _plain(inner) for key, inner in value.items()}
            if len(plain) != len(value):
                raise ValueError("Two names in the record become one when they are composed.")
            return plain
        case list() | tuple():
            return [_plain(inner) for inner in value]
    raise TypeError(f"{type(value).__name__} has no place in the record.")


def _key(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError("A name in the record is a text.")  # 1 and "1" would otherwise be written the same
    return unicodedata.normalize("NFC", name)


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, in hex: what a form carries to say which words its reader saw."""
    return hashlib.sha256(canonical(value)).hexdigest()


def commitment(salt: bytes, body: Any) -> str:
    """SHA-256 of salt and canonical body, in hex. Without the salt the words cannot be guessed back."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} bytes.")
    return hashlib.sha256(salt + canonical(body)).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One event as the chain sees it."""

    plan: str
    seq: int
    kind: str
    part: str
    proposal: int | None
    role: str
    at: datetime
    commitment: str
    previous: str
    hash: str = ""

    def worked_out(self) -> str:
        """The hash this entry must carry."""
        return digest(
            {
                "form": FORM,
                "plan": self.plan,
                "seq": self.seq,
                "kind": self.kind,
                "part": self.part,
                "proposal": self.proposal,
                "role": self.role,
                "at": self.at,
                "commitment": self.commitment,
                "previous": self.previous,
            }
        )


@dataclass(frozen=True)
class Fault:
    """The first event that is not as it was written, and what is wrong with it."""

    seq: int
    what: str


def first_fault(entries: Iterable[Entry], *, head_seq: int, head: str) -> Fault | None:
    """Walk one plan's chain in order; None when every event, and the head the plan carries, is as it was written.

    `head_seq` and `head` come from the plan's own row, so that events cut from the end are noticed too.
    """
    previous, seq = BEGINNING, 0
    for entry in entries:
        seq += 1
        if entry.seq != seq:
            return Fault(seq, f"event {seq} is missing; event {entry.seq} stands in its place")
        if entry.previous != previous:
            return Fault(seq, "it does not follow from the event before it")
        if entry.worked_out() != entry.hash:
            return Fault(seq, "it was changed after it was written")
        previous = entry.hash
    if seq != head_seq:
        return Fault(min(seq, head_seq) + 1, f"the plan says {head_seq} events, the record holds {seq}")
    if previous != head:
        return Fault(seq, "the plan's head is another event")
    return None
