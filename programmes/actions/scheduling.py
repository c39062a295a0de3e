"""Workshops as staff put them into the calendar, and as they change them there."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from hub import audit, clock
from hub.words import at_home
from programmes import places, telling
from programmes.actions import booking
from programmes.models import Sitting, Workshop
from programmes.places import OPEN, Changed, NotOffered, Refused, TooLate, only_staff

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


class CannotLead(Refused):
    """Somebody who has a place or a turn there could not be offered it if this member of staff led it. For staff."""


def arrange(workshop: Workshop, *, by, at: datetime | None = None, **changed: Any) -> None:
    """Change how to get there, the places or the facilitator: `joining`, `capacity`, `facilitator`.

    What is not given stays as it is. Nobody is told, and nobody loses a place by it. Raises CannotLead and TooFew.
    """
    only_staff(by)
    with transaction.atomic():
        if "capacity" in changed:
            booking.set_capacity(workshop, changed["capacity"], by=by, at=at)
        held = places.hold_workshops(workshop.pk)[workshop.pk]
        led_by = held.facilitator_id
        held.joining = changed.get("joining", held.joining)
        held.facilitator = changed.get("facilitator", held.facilitator)
        is_new = held.facilitator_id not in {None, led_by}
        held.save(update_fields=["joining", "facilitator"])
        if is_new:
            for each in held.bookings.filter(state__in=OPEN).select_related("referral__party"):
                if held.pk in places.closed_to(each.referral.party):
                    raise CannotLead
        audit.record(person=by, what="change workshop", about=f"workshop:{held.reference}")


class NothingNew(Refused):
    """Time and place are what they were. For staff."""


def is_the_same(workshop: Workshop, sittings: Sequence[tuple[datetime, datetime]], way: str, town: str) -> bool:
    """Whether this workshop is at these times and in this place already."""
    now = sorted(workshop.sittings.values_list("starts_at", "ends_at"))
    return (now, workshop.way, workshop.town) == (sorted(sittings), way, town)


def free_until(begins: datetime, at: datetime) -> datetime:
    """Until when whoever has a place may leave it, when a workshop that begins then is changed now."""
    return min(begins, at + timedelta(hours=settings.WORKSHOP_CHANGED_HOURS))


def near(workshop: Workshop, sittings: Sequence[tuple[datetime, datetime]], way: str, town: str) -> bool:
    """Whether another workshop is in the same town on one of these days: people kept apart could meet at its door."""
    if way != Workshop.Way.IN_PERSON:
        return False
    others = Sitting.objects.filter(workshop__way=way, workshop__town__iexact=town, workshop__cancelled_at=None)
    days = {at_home(begins).date() for begins, _ends in sittings}
    around = others.exclude(workshop=workshop).filter(
        starts_at__gt=sittings[0][0] - timedelta(days=1), starts_at__lt=sittings[-1][0] + timedelta(days=1)
    )
    return any(at_home(begins).date() in days for begins in around.values_list("starts_at", flat=True))


def change(
    workshop: Workshop,
    sittings: Sequence[tuple[datetime, datetime]],
    *,
    way: str,
    town: str,
    joining: str,
    by,
    at: datetime | None = None,
) -> Workshop:
    """Give a workshop that is still to come another time or place. Everybody keeps their place or turn, and is told.

    Who has a place may move or give it up for WORKSHOP_CHANGED_HOURS, however soon it begins now. What anybody is
    offered does not change: lanes and claims know the workshop and not its time. `workshop` is as staff looked at it.

    Raises Changed when somebody else has changed it since, TooLate when it has begun or would begin in the past,
    NotOffered when it is called off, NothingNew.
    """
    only_staff(by)
    sittings = sorted(sittings)
    with transaction.atomic():
        held = places.hold_workshops(workshop.pk)[workshop.pk]
        at = at or clock.now()
        if held.cancelled_at is not None:
            raise NotOffered
        if held.changes != workshop.changes:
            raise Changed
        begins = sittings[0][0]
        if held.starts_at <= at or begins <= at:
            raise TooLate
        if is_the_same(held, sittings, way, town):
            raise NothingNew
        held.way, held.town, held.joining = way, town, joining
        held.when, held.starts_at = time_of_day(begins), begins
        held.changes, held.changed_at = held.changes + 1, at
        held.free_until = free_until(begins, at)
        held.save()
        held.sittings.all().delete()
        Sitting.objects.bulk_create([Sitting(workshop=held, starts_at=start, ends_at=end) for start, end in sittings])
        audit.record(person=by, what="change time of workshop", about=f"workshop:{held.reference}")
        everybody = held.bookings.filter(state__in=OPEN).select_related("referral__party__person").order_by("pk")
        for each in everybody:
            key = f"changed:{held.changes}"
            telling.tell(each, "session_changed", key=key, at=at, changes=held.changes)
        places.fill(held, at)
    return held
