"""The doorbell of the accounts: what is due is found by a query, and it may run twice."""

from celery import shared_task

from accounts.rights import closing, copying
from accounts.staff import actions
from hub import bell, retention


@shared_task
def look_for_unused() -> None:
    """Stops accounts that nobody uses, and writes to those with a week left."""
    actions.look_for_unused()


@shared_task(soft_time_limit=600, time_limit=660)
def erase_closed() -> None:
    """Erases accounts that were closed, unless a legal hold keeps them. Rings again when time ran out first."""
    if retention.run(only=[closing.KEY, closing.AGAIN]).more:
        bell.ring(erase_closed.name)


@shared_task(soft_time_limit=540, time_limit=570)
def make_copies() -> None:
    """One copy of somebody's data that was asked for; rings again for the next. Those whose day is over go first."""
    copying.forget_what_is_old()
    if copying.make_what_is_due():
        bell.ring(make_copies.name)
