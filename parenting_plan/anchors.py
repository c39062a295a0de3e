"""Anchors: what every plan's head was, signed and written down outside the database, so that its owner cannot rewrite
the record unseen.

Each anchor is one file of JSON in HUB_ANCHORS: the heads that changed since the anchor before, as (number of the plan,
number of the event, hash of the event); the root of their Merkle tree; and the SHA-256 of the file before it, so that
one taken away shows. Root and place are signed with an Ed25519 key that the database does not hold. A file says
nothing about a person: who has it cannot tell whose plan a number is, nor what is in it.
"""

import hashlib
import json
import os
import re
import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import F, Q

from hub import clock, pulse
from parenting_plan import record
from parenting_plan.models import Anchored, Plan

FORM = "anchor v1"
NONE_BEFORE = "0" * 64
MOST = 50_000  # heads in one anchor; what is left goes into the next at once
SIGNED = ("form", "number", "at", "previous", "begins", "root")
NAME = re.compile(r"anchor-(\d{9})\.json")

Head = tuple[int, int, str]  # plan, event, hash


class Lost(Exception):
    """The folder holds fewer anchors than were written: nothing may be added until somebody has looked."""


# ---------------------------------------------------------------- keys
def signing_key() -> Ed25519PrivateKey:
    """The private key: HUB_ANCHOR_KEY, or in development a file that is made when first needed."""
    text = settings.HUB_ANCHOR_KEY
    if not text and settings.DEBUG:
        text = _development_key()
    if not text:
        raise ImproperlyConfigured("Set HUB_ANCHOR_KEY to sign anchors: `openssl rand -hex 32` makes one.")
    return Ed25519PrivateKey.from_private_bytes(_key_bytes("HUB_ANCHOR_KEY", text))


def _development_key() -> str:
    place = settings.VAR / "anchor.key"
    try:
        with open(place, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(os.urandom(32).hex())
    except FileExistsError:
        pass
    return place.read_text().strip()


def trusted_keys() -> set[str]:
    """Public keys in hex whose signature counts: the one in use where it is known, and HUB_ANCHOR_PUBLIC_KEYS."""
    keys = {_key_bytes("HUB_ANCHOR_PUBLIC_KEYS", text).hex() for text in settings.HUB_ANCHOR_PUBLIC_KEYS}
    if settings.HUB_ANCHOR_KEY or settings.DEBUG:
        keys.add(public_key(signing_key()))
    return keys


def public_key(key: Ed25519PrivateKey) -> str:
    """What auditors are given, in hex."""
    return key.public_key().public_bytes_raw().hex()


def _key_bytes(name: str, text: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ImproperlyConfigured(f"{name} must be 64 characters of 0-9 and a-f.")
    return bytes.fromhex(text)


# ---------------------------------------------------------------- writing
def write(*, begins: str = "") -> int:
    """Anchor every head that changed since the last anchor, and give back how many.

    The file is written before the database remembers it, so that a crash between the two repeats heads and loses none.
    `begins` is the reason why what was anchored before binds no longer (a restored backup): then all heads are listed.
    Raises Lost and ImproperlyConfigured; both mark the pulse, so that somebody hears of it.
    """
    try:
        key = signing_key()
        total = done = _write_one(key, begins)
        while done == MOST:
            done = _write_one(key, "")
            total += done
    except (Lost, OSError, ImproperlyConfigured) as error:
        before = pulse.of("anchor")
        pulse.mark("anchor", good=False, **(before.facts if before else {}) | {"fault": type(error).__name__})
        raise
    return total


def _write_one(key: Ed25519PrivateKey, begins: str) -> int:
    with transaction.atomic():
        known = pulse.held("anchor").get("number", 0)
        newest = _newest_file()
        number = _number_of(newest) if newest else 0
        if number < known and not begins:
            raise Lost(
                f"{known} anchors were written and the newest in {settings.HUB_ANCHORS} is {number}. Put the missing "
                "files back, or, when they are gone for good, begin again with `manage.py anchor --begin-again REASON`."
            )
        if begins:
            Anchored.objects.all().delete()
        heads = list(_changed())
        number = max(number, known) + 1
        previous = hashlib.sha256(newest.read_bytes()).hexdigest() if newest else NONE_BEFORE
        told = {
            "form": FORM,
            "number": number,
            "at": clock.now(),
            "previous": previous,
            "begins": begins,
            "root": root_of(heads).hex(),
        }
        signature = key.sign(record.canonical(told)).hex()
        _keep(number, record.canonical({**told, "heads": heads, "key": public_key(key), "signature": signature}))
        Anchored.objects.bulk_create(
            [Anchored(plan_id=plan, seq=seq) for plan, seq, _ in heads],
            batch_size=5_000,
            update_conflicts=True,
            unique_fields=["plan"],
            update_fields=["seq"],
        )
        pulse.mark("anchor", number=number, heads=len(heads))
    return len(heads)


def _changed() -> Iterator[Head]:
    newer = Q(anchored=None, event_count__gt=0) | Q(event_count__gt=F("anchored__seq"))
    rows = Plan.objects.filter(newer).order_by("pk").values_list("pk", "event_count", "head")[:MOST]
    yield from rows.iterator(chunk_size=5_000)


def _newest_file() -> Path | None:
    return max(files(), default=None)


def _number_of(file: Path) -> int:
    return int(NAME.fullmatch(file.name)[1])  # type: ignore[index]  # files() gives no other names


def files() -> list[Path]:
    """Every anchor there is, oldest first."""
    folder = Path(settings.HUB_ANCHORS)
    return sorted(file for file in folder.iterdir() if NAME.fullmatch(file.name)) if folder.is_dir() else []


def _keep(number: int, content: bytes) -> None:
    """Write the file whole or not at all, and never over another of its number."""
    folder = Path(settings.HUB_ANCHORS)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), 0o444)
        os.fsync(file.fileno())
        os.link(file.name, folder / f"anchor-{number:09}.json")
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def root_of(heads: Iterable[Head]) -> bytes:
    """The root of the Merkle tree (as in RFC 6962: leaves and branches are marked apart, an odd one moves up)."""
    level = [hashlib.sha256(b"\0" + record.canonical(list(head))).digest() for head in heads]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2])]  # noqa: B905  an odd one moves up
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


# ---------------------------------------------------------------- reading
@dataclass
class Points:
    """What the anchors say of each plan, packed small: there may be millions."""

    packed: dict[int, bytearray] = field(default_factory=dict)
    shape = struct.Struct(">II32s")

    def add(self, number: int, head: Head) -> None:
        plan, seq, hashed = head
        self.packed.setdefault(plan, bytearray()).extend(self.shape.pack(number, seq, bytes.fromhex(hashed)))

    def of(self, plan: int) -> list[tuple[int, int, str]]:
        """(number of the anchor, number of the event, its hash), by event."""
        found = self.shape.iter_unpack(self.packed.get(plan, b""))
        return sorted(((number, seq, hashed.hex()) for number, seq, hashed in found), key=lambda point: point[1])

    def plans(self) -> set[int]:
        return set(self.packed)


@dataclass
class Found:
    """All anchors, read from first to last."""

    points: Points = field(default_factory=Points)
    faults: list[str] = field(default_factory=list)
    count: int = 0
    newest: int = 0
    newest_at: str = ""
    begun: list[str] = field(default_factory=list)  # each time they began again: when, and why


def read() -> Found:
    """Every anchor in HUB_ANCHORS, what it says, and what is wrong with it.

    What an anchor says counts even when the one before is missing: a fault is told, and nothing is believed less.
    """
    found, keys, previous = Found(), trusted_keys(), NONE_BEFORE
    for file in files():
        content, number = file.read_bytes(), _number_of(file)
        told = _told(content, number, keys)
        if isinstance(told, str):
            found.faults.append(f"anchor {number} {told}")
        else:
            if told["begins"]:
                found = Found(begun=[*found.begun, f"{told['at']}: {told['begins']}"], count=found.count)
            elif number != found.newest + 1:
                found.faults += [f"anchor {missing} is missing" for missing in range(found.newest + 1, number)][:20]
            elif told["previous"] != previous:
                found.faults.append(f"anchor {number} does not follow from the one before it")
            for head in told["heads"]:
                found.points.add(number, tuple(head))
            found.newest_at = told["at"]
        found.count, found.newest, previous = found.count + 1, number, hashlib.sha256(content).hexdigest()
    last = pulse.of("anchor")
    if last and last.facts.get("number", 0) > found.newest:
        found.faults.append(f"anchor {last.facts['number']} was written, and the newest here is {found.newest}")
    return found


def _told(content: bytes, number: int, keys: set[str]) -> dict | str:
    """What this file says, or what is wrong with it."""
    try:
        told = json.loads(content)
        key, heads = told["key"], told["heads"]
        sound = root_of(heads).hex() == told["root"] and told["number"] == number
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(told["signature"]), record.canonical({name: told[name] for name in SIGNED})
        )
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return "was changed after it was signed"
    if not sound:
        return "was changed after it was signed"
    return told if key in keys else "was signed with a key that is not trusted (HUB_ANCHOR_PUBLIC_KEYS)"


def first_fault(points: list[tuple[int, int, str]], hashes: dict[int, str]) -> record.Fault | None:
    """Compare what was anchored of one plan with its events (number: hash); the first that is not as it was."""
    sound, here = 0, max(hashes, default=0)
    for number, seq, hashed in points:
        if seq in hashes and hashes[seq] == hashed:
            sound = seq
            continue
        if seq > here:
            last = points[-1][1]
            events = f"event {last} was" if last == here + 1 else f"events {here + 1} to {last} were"
            return record.Fault(here + 1, f"{events} anchored (anchor {number} and on) and not here any more")
        since = f"after event {sound}" if sound else "from the beginning"
        return record.Fault(seq, f"it is not what was anchored (anchor {number}); it was rewritten somewhere {since}")
    return None
