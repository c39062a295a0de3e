"""Doorbells: each calls one function, and may run twice."""

from celery import shared_task

from goals import telling


@shared_task
def tell_what_is_due() -> None:
    """Reminders to say how it is going, for those who asked for them."""
    telling.tell_what_is_due()
