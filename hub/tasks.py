"""The kernel's doorbells."""

from celery import shared_task

from hub import bell, mail


@shared_task
def relay_mail() -> None:
    """Sends the mail that is due. Rings again when time ran out before the mail did."""
    if mail.relay().more:
        bell.ring(relay_mail.name)
