"""Workshops as staff put them into the calendar."""

from collections.abc import Sequence
from datetime import datetime, time

from django.db import transaction

from hub import audit
from hub.words import at_home
from programmes.models import Sitting, Workshop

EVENING = time(17)


def time_of_day(begins: datetime) -> str:
    """Day, evening or weekend, by the clocks here, as parents choose it."""
    local = at_home(begins)
    if local.weekday() >= 5:
        return Workshop.When.WEEKEND
    return Workshop.When.EVENING if local.time() >= EVENING else Workshop.When.DAY


def schedule(
    sittings: Sequence[tuple[datetime, datetime]], *, way: str, town: str, joining: str, capacity: int, facilitator, by
) -> Workshop:
    """A workshop of one or two sittings, as (begins, ends). Its first one decides what time of day it is."""
    sittings = sorted(sittings)
    begins = sittings[0][0]
    with transaction.atomic():
        made = Workshop.objects.create(
            way=way,
            when=time_of_day(begins),
            town=town,
            joining=joining,
            capacity=capacity,
            facilitator=facilitator,
            starts_at=begins,
        )
        Sitting.objects.bulk_create([Sitting(workshop=made, starts_at=start, ends_at=end) for start, end in sittings])
        audit.record(person=by, what="make workshop", about=f"workshop:{made.reference}")
    return made
