"""The kernel's doorbells."""

from celery import shared_task

from hub import bell, clock, editing, figures, mail, pulse, retention


@shared_task
def relay_mail() -> None:
    """Sends the mail that is due. Rings again when time ran out before the mail did."""
    if mail.relay().more:
        bell.ring(relay_mail.name)


@shared_task
def say_that_the_worker_works() -> None:
    """Beat rang, the broker carried it, and a worker is here: the pulse says when that was last so."""
    pulse.mark("worker")


@shared_task
def publish_what_is_due() -> None:
    """Editions whose time has come."""
    editing.publish_what_is_due()


@shared_task(soft_time_limit=600, time_limit=660)
def count_figures() -> None:
    """The numbers that managers look at, once a night."""
    figures.count(clock.now())


@shared_task(soft_time_limit=600, time_limit=660)
def erase_what_is_due() -> None:
    """What may not be kept any longer, once a night. Rings again when time ran out before the work did."""
    if retention.run().more:
        bell.ring(erase_what_is_due.name)
