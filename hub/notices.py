"""News on somebody's own list. Written in the transaction of what it tells; leads to a page of ours."""

from datetime import datetime

from hub.models import Notice


def tell(*, person, key: str, kind: str, address: str, at: datetime) -> None:
    """Tells this person this thing exactly once, however often it is called.

    `address` is a path of the hub. Raises ValueError for anything else.
    """
    if not address.startswith("/") or address.startswith("//"):
        raise ValueError("A notice leads to a page of the hub.")
    Notice.objects.get_or_create(person=person, key=key, defaults={"kind": kind, "address": address, "created_at": at})
