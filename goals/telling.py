"""Reminders that are due, found by a query. Each goes out once, and after a few without an answer they stop."""

import logging
from datetime import UTC, datetime

from django.db import transaction

from goals import actions
from goals.models import Goal, Reminder
from hub import clock, mail
from hub.words import at_home

log = logging.getLogger(__name__)

AT_A_TIME = 200
MOST_UNANSWERED = 4  # pressure is a harm: whoever does not answer is left in peace


def tell_what_is_due(at: datetime | None = None) -> None:
    """Every reminder that is due. Safe to run twice or at the same time; one that fails keeps nobody else waiting."""
    at = (at or clock.now()).astimezone(UTC)
    due = Reminder.objects.filter(next_at__lte=at).order_by("next_at", "pk")
    for pk in list(due.values_list("pk", flat=True)[:AT_A_TIME]):
        try:
            with transaction.atomic():
                _remind(pk, at)
        except Exception:
            log.exception("somebody could not be reminded of their goals")


def _remind(pk: int, at: datetime) -> None:
    rows = Reminder.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=pk, next_at__lte=at)
    held = rows.select_related(None).first()
    if held is None:  # another worker has it, or it is switched off
        return
    if held.unanswered >= MOST_UNANSWERED:
        held.delete()
        return
    held.next_at = actions.next_morning(at, held.every)
    if Goal.objects.filter(person=held.person_id).in_work().exists():
        held.unanswered += 1
        mail.put(kind=actions.MAIL, key=f"goals:{held.person_id}:{at_home(at).date()}", person=held.person)
    held.save(update_fields=["next_at", "unanswered"])
