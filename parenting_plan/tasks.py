"""Doorbells: each finds what is due by a query, calls one function, and may run twice."""

from celery import shared_task

from parenting_plan import drawing, telling


@shared_task
def tell_what_is_due() -> None:
    """Locks that ended, and suggestions that have waited 5 or 14 days."""
    telling.tell_what_is_due()


@shared_task
def draw_what_is_due() -> None:
    """Plans whose agreed words changed since they were last drawn."""
    drawing.draw_what_is_due()
