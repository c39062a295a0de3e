"""The kernel's doorbells."""

from celery import shared_task

from hub import bell, editing, mail


@shared_task
def relay_mail() -> None:
    """Sends the mail that is due. Rings again when time ran out before the mail did."""
    if mail.relay().more:
        bell.ring(relay_mail.name)


@shared_task
def publish_what_is_due() -> None:
    """Editions whose time has come."""
    editing.publish_what_is_due()
