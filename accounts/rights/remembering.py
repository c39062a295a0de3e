"""Accounts that were closed, written down outside the database too, so that no backup brings them back.

The keeper adds a line for each to a file beside the anchors, within minutes: the number the account had and when it
was closed, nothing else. After a backup was brought back, whoever stands in that file is closed and erased once more.
"""

from datetime import datetime

from accounts.models import User
from accounts.rights import closing
from hub import lasting, pulse, retention
from hub.models import AccessRecord

FILE = "closed-accounts"


def write_down() -> int:
    """Adds those closed since the last time. Returns how many. Twice is once."""
    found = AccessRecord.objects.filter(what=closing.ON_RECORD).order_by("at", "id").values_list("about", "at")
    facts = [{"person": int(about.removeprefix("user:")), "at": at.isoformat()} for about, at in found.iterator()]
    added = lasting.add(FILE, facts)
    pulse.mark("closed", added=added)
    return added


def close_again() -> int:
    """In a database that was brought back: closes and erases who had closed their account after the backup was made.

    Numbers may be given again after a backup came back; whoever joined after that moment is somebody else.
    """
    count = 0
    for fact in lasting.read(FILE):
        number, at = fact["person"], datetime.fromisoformat(fact["at"])
        person = User.objects.filter(pk=number, closed_at=None, joined_at__lt=at).first()
        if person is not None and not closing.is_of_staff(person):
            count += closing.close(person, reason="A backup had brought it back.", tells=False)
    retention.run(only=[closing.KEY])
    return count
