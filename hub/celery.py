"""How a worker starts. Celery only rings the bell; what is due stands in the database."""

import os

from celery import Celery
from celery.signals import after_setup_logger, after_setup_task_logger, worker_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("hub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@after_setup_logger.connect
@after_setup_task_logger.connect
def write_lines(logger, **kwargs) -> None:
    """Workers and beat write the same lines as the web: Celery's own would hold the words of every exception."""
    from hub.logs import Line

    for handler in logger.handlers:
        handler.setFormatter(Line())


@worker_init.connect
def look_before_working(**kwargs) -> None:
    """Ends the worker when it must not start: Celery would swallow anything milder."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    from hub.starting import look_first

    django.setup()
    try:
        look_first()
    except ImproperlyConfigured as refusal:
        raise SystemExit(str(refusal)) from refusal


@worker_process_init.connect
def warm_up(**kwargs) -> None:
    """The PDF machine and its fonts are read once in each process, before the first plan waits for them."""
    from hub import pdf

    pdf.get_ready()
