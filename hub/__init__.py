"""The front door and the kernel of the hub."""

from hub.celery import app as celery_app

__all__ = ["celery_app"]
