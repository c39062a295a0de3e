"""A process looks before it serves: the web from hub/wsgi.py, a worker from hub/celery.py. Nobody need remember it."""

import logging

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

log = logging.getLogger(__name__)


def look_first() -> None:
    """Ask every app what it needs of the database (its checks tagged `database`). Raises ImproperlyConfigured.

    A database that cannot be reached right now is no reason to stay down: the process starts, and /readyz says so.
    """
    try:
        found = run_checks(tags=[Tags.database], include_deployment_checks=True, databases=["default"])
    except OperationalError:
        log.exception("the database could not be asked whether the record is safe")
        return
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
            getattr(connection, "close_pool", lambda: None)()  # a worker forks: no child may inherit this
    for message in found:
        if not message.is_serious():
            log.warning(message.msg)
    if serious := [message for message in found if message.is_serious()]:
        raise ImproperlyConfigured("This process must not start.\n" + "\n".join(str(message) for message in serious))
