"""Accounts that were closed, written down outside the database too, so that no backup brings them back.

The keeper adds a line for each to a file beside the anchors, within minutes: the number the account had and when it
was closed, nothing else. After a backup was brought back, whoever stands in that file is closed and erased once more.
"""

import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from accounts.models import User
from accounts.rights import closing
from hub import pulse, retention
from hub.models import AccessRecord

NAME = "closed-accounts.jsonl"


def place() -> Path:
    return Path(settings.HUB_ANCHORS) / NAME


def written() -> list[tuple[int, datetime]]:
    """Number and moment of each line, in the order in which they were added. A line cut short by a crash is no line."""
    try:
        lines = place().read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    return [told for line in lines if (told := _read(line))]


def _read(line: str) -> tuple[int, datetime] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told["person"], datetime.fromisoformat(told["at"])


def write_down() -> int:
    """Adds those closed since the last time. Returns how many. Twice is once."""
    there = set(written())
    found = AccessRecord.objects.filter(what=closing.ON_RECORD).order_by("at", "id").values_list("about", "at")
    new = [(int(about.removeprefix("user:")), at) for about, at in found.iterator()]
    new = [each for each in new if each not in there]
    if new:
        place().parent.mkdir(parents=True, exist_ok=True)
        with place().open("a", encoding="ascii") as file:
            if file.tell() and not place().read_bytes().endswith(b"\n"):
                file.write("\n")
            for person, at in new:
                file.write(json.dumps({"person": person, "at": at.isoformat()}) + "\n")
            file.flush()
            os.fsync(file.fileno())
    pulse.mark("closed", added=len(new))
    return len(new)


def close_again() -> int:
    """In a database that was brought back: closes and erases who had closed their account after the backup was made.

    Numbers may be given again after a backup came back; whoever joined after that moment is somebody else.
    """
    count = 0
    for number, at in written():
        person = User.objects.filter(pk=number, closed_at=None, joined_at__lt=at).first()
        if person is not None and not closing.is_of_staff(person):
            count += closing.close(person, reason="A backup had brought it back.", tells=False)
    retention.run(only=[closing.KEY])
    return count
