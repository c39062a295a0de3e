"""What happened to one thing, as a page of staff tells it: the newest first, with who did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from hub.models import AccessRecord

MOST = 100


@dataclass(frozen=True)
class Happened:
    at: datetime
    what: str
    by: str


def acts(about: str, words: Mapping[str, str | Promise]) -> list[Happened]:
    """The acts of staff that are on record and have words here."""
    rows = (
        AccessRecord.objects.filter(about=about, what__in=list(words)).select_related("person").order_by("-at", "-pk")
    )
    return [Happened(each.at, str(words[each.what]), str(each.person or "")) for each in rows[:MOST]]
