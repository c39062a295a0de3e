"""What people are told of their referral and their workshop: at once when something happens, and by the clock.

Everything is told once, by a key. A mail is asked again as it leaves whether it is still true (programmes.emails).
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.db.models.lookups import Exact

from hub import clock, mail, notices, words
from hub.models import Notice
from programmes import emails
from programmes.models import Booking, Referral, Workshop

log = logging.getLogger(__name__)

AT_A_TIME = 200
LEARNING_DAYS = (3, 0)  # before the last day, and on it
MORNING = time(9)  # by the clocks of the United Kingdom: no mail at midnight


def tell(
    booking: Booking, kind: str, *, at: datetime, key: str = "", also_notice: bool = True, changes: int | None = None
) -> None:
    """Tell the person of this booking, once: a mail, and a notice unless they did it themselves.

    With `changes` it is about the time that the workshop got by its nth change, and is not sent after another.
    """
    person = booking.referral.party.person
    if person is None:
        return
    key = f"booking:{booking.pk}:{key or kind}"
    if also_notice:
        address = emails.address_of(booking.referral)
        notices.tell(person=person, key=key, kind=f"programmes/{kind}", address=address, at=at)
    facts = {"booking": booking.pk} | ({} if changes is None else {"changes": changes})
    mail.put(kind=f"programmes/{kind}", key=key, person=person, facts=facts)


def tell_of_referral(referral: Referral, kind: str, key: str, *, at: datetime) -> None:
    """Tell the person who joined with this referral, once."""
    person = referral.party.person
    if person is None or referral.joined_at is None:
        return
    key = f"referral:{referral.pk}:{key}"
    notices.tell(person=person, key=key, kind=f"programmes/{kind}", address=emails.address_of(referral), at=at)
    mail.put(kind=f"programmes/{kind}", key=key, person=person, facts={"referral": referral.pk})


# ---------------------------------------------------------------- by the clock


def tell_what_is_due(at: datetime | None = None) -> None:
    """Every reminder that is due, each once. Safe to run twice or at the same time.

    What fails for one person is logged, tried again next time, and keeps nobody else waiting.
    """
    at = (at or clock.now()).astimezone(UTC)
    for find, work in (
        (_coming_up, _remind),
        (_learning_due, _remind_of_learning),
        (_waited_in_vain, _waiting_is_over),
    ):
        for about in find(at):
            _or_later(work, about, at)


def _or_later(work: Callable, about, at: datetime) -> None:
    try:
        with transaction.atomic():
            work(about, at)
    except Exception:
        log.exception("somebody could not be told what is due in their programme")


def _untold(key: str, person: str, changes: str = "") -> Q:
    """Rows whose person has no notice by this key, in which %s stands for the row's number.

    `changes` names the column of how often something was changed: after a change they are told again.
    """
    before, after = key.split("%s")
    name = Concat(Value(before), Cast(OuterRef("pk"), CharField()), Value(after))
    if changes:
        again = Concat(Value(":"), Cast(OuterRef(changes), CharField()))
        name = Concat(name, Case(When(Exact(OuterRef(changes), 0), then=Value("")), default=again))
    return ~Q(Exists(Notice.objects.filter(key=name, person=OuterRef(person))))


def _coming_up(at: datetime) -> list[tuple[Booking, int]]:
    """Places in workshops that begin soon, each with the hours of its reminder.

    Only the reminder nearest to the workshop is sent, and none whose moment had come when the place was got or the time
    was changed.
    """
    known_at = Coalesce("placed_at", "made_at")
    due: list[tuple[Booking, int]] = []
    nearer = timedelta(0)
    for hours in sorted(settings.WORKSHOP_REMINDER_HOURS):
        before = timedelta(hours=hours)  # elapsed hours, whatever the clocks do
        rows = Booking.objects.filter(
            _untold(f"booking:%s:soon:{hours}", "referral__party__person", "workshop__changes"),
            state=Booking.State.BOOKED,
            referral__ended_at=None,
            referral__party__person__isnull=False,
            referral__party__person__closed_at=None,
            workshop__cancelled_at=None,
            workshop__starts_at__gt=at + nearer,
            workshop__starts_at__lte=at + before,
        ).filter(workshop__starts_at__gt=Greatest(known_at, Coalesce("workshop__changed_at", known_at)) + before)
        rows = rows.select_related("workshop").order_by("workshop__starts_at", "pk")
        due += [(booking, hours) for booking in rows[:AT_A_TIME]]
        nearer = before
    return due


def _remind(due: tuple[Booking, int], at: datetime) -> None:
    booking, hours = due
    held = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    if held.state == Booking.State.BOOKED:
        n = booking.workshop.changes
        tell(held, "workshop_soon", key=f"soon:{hours}:{n}" if n else f"soon:{hours}", at=at, changes=n)


def _learning_due(at: datetime) -> list[tuple[Referral, int]]:
    """Open referrals whose e-learning is to be finished soon, each with the days of its reminder."""
    local = words.at_home(at)
    if local.time() < MORNING:
        return []
    due: list[tuple[Referral, int]] = []
    nearer = local.date()
    for days in sorted(LEARNING_DAYS):
        latest = local.date() + timedelta(days=days)
        rows = Referral.objects.filter(
            _untold(f"referral:%s:learning:{days}", "party__person"),
            learning_due_on__gte=nearer,
            learning_due_on__lte=latest,
            learned_at=None,
            ended_at=None,
            party__person__isnull=False,
            party__person__closed_at=None,
        )
        due += [(referral, days) for referral in rows.order_by("learning_due_on", "pk")[:AT_A_TIME]]
        nearer = latest + timedelta(days=1)
    return due


def _remind_of_learning(due: tuple[Referral, int], at: datetime) -> None:
    referral, days = due
    held = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    if held.ended_at is None and held.learned_at is None:
        tell_of_referral(held, "learning_due", key=f"learning:{days}", at=at)


def _waited_in_vain(at: datetime) -> list[Booking]:
    closed = at + timedelta(hours=settings.WORKSHOP_MOVE_HOURS)
    rows = Booking.objects.filter(state=Booking.State.WAITING, workshop__starts_at__lt=closed)
    return list(rows.order_by("pk")[:AT_A_TIME])


def _waiting_is_over(booking: Booking, at: datetime) -> None:
    """The line is closed (programmes.places.fill) and no place came free: they can choose another."""
    Workshop.objects.select_for_update(no_key=True).get(pk=booking.workshop_id)
    held = Booking.objects.get(pk=booking.pk)
    if held.state == Booking.State.WAITING:
        held.state, held.ended_at = Booking.State.OVER, at
        held.save(update_fields=["state", "ended_at"])
        tell(held, "wait_over", at=at)
