"""Doorbells: each finds what is due by a query, calls one function, and may run twice."""

from celery import shared_task

from programmes import drawing, telling
from programmes.actions import importing


@shared_task
def tell_what_is_due() -> None:
    """Reminders of e-learning and workshops, and waiting lists that have closed."""
    telling.tell_what_is_due()


@shared_task
def draw_what_is_due() -> None:
    """Certificates that have no PDF yet."""
    drawing.draw_what_is_due()


@shared_task(soft_time_limit=90, time_limit=120)
def import_what_is_due() -> None:
    """Files of referrals that somebody confirmed."""
    importing.bring_in_what_is_due()
