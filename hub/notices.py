"""News on somebody's own list. Written in the transaction of what it tells; leads to a page of ours.

Each app says in its `emails` module how its kinds of news are called; what has no words is not shown.
"""

from collections.abc import Mapping
from datetime import datetime

from django.utils.crypto import salted_hmac

from hub.forms import Words
from hub.models import Notice

words: dict[str, Words] = {}
"""How each kind of news is called on the home page: no names, nothing that others at the table should read."""


def call(kinds: Mapping[str, Words]) -> None:
    """Give kinds of news their words."""
    words.update(kinds)


def mark_of(number: int) -> str:
    """What stands for one line of news in an address: its number would tell its reader how much others are told."""
    return salted_hmac("news on a list", str(number), algorithm="sha256").hexdigest()[:20]


def tell(*, person, key: str, kind: str, address: str, at: datetime) -> None:
    """Tells this person this thing exactly once, however often it is called.

    `address` is a path of the hub. Raises ValueError for anything else.
    """
    if not address.startswith("/") or address.startswith("//"):
        raise ValueError("A notice leads to a page of the hub.")
    Notice.objects.get_or_create(person=person, key=key, defaults={"kind": kind, "address": address, "created_at": at})
