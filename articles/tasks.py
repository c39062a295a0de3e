"""Doorbells: each finds what is due by a query, calls one function, and may run twice."""

from celery import shared_task

from articles import drawing


@shared_task
def draw_what_is_due() -> None:
    """Easy-read versions that have no PDF yet."""
    drawing.draw_what_is_due()
