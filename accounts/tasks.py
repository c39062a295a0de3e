"""The doorbell of the accounts: what is due is found by a query, and it may run twice."""

from celery import shared_task

from accounts.staff import actions


@shared_task
def look_for_unused() -> None:
    """Stops accounts that nobody uses, and writes to those with a week left."""
    actions.look_for_unused()
