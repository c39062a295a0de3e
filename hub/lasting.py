"""Kernel: what must outlast the database. Facts without anybody's words, a line each, in files beside the anchors.

The keeper adds to them within minutes. `restore` reads them: a backup that is brought back is older than they are.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

Fact = dict[str, Any]


def place(name: str) -> Path:
    return Path(settings.HUB_ANCHORS) / f"{name}.jsonl"


def read(name: str) -> list[Fact]:
    """Every fact, in the order in which they were added. A line cut short by a crash is no fact."""
    try:
        lines = place(name).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    return [fact for line in lines if (fact := _fact(line)) is not None]


def _fact(line: str) -> Fact | None:
    try:
        return json.loads(line)
    except ValueError:
        return None


def add(name: str, facts: Sequence[Fact]) -> int:
    """Adds those that are not there yet. Returns how many. Twice is once."""
    there = {json.dumps(fact, sort_keys=True) for fact in read(name)}
    new = [fact for fact in facts if json.dumps(fact, sort_keys=True) not in there]
    if not new:
        return 0
    place(name).parent.mkdir(parents=True, exist_ok=True)
    with place(name).open("a", encoding="ascii") as file:
        if file.tell() and not place(name).read_bytes().endswith(b"\n"):
            file.write("\n")
        file.writelines(json.dumps(fact) + "\n" for fact in new)
        file.flush()
        os.fsync(file.fileno())
    return len(new)
