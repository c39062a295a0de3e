"""Two addresses for machines: is the process up, and may it be given visitors? Neither shows a version."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import BooleanField, ExpressionWrapper, Min, Q
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from hub import mail
from hub.models import OutgoingMail

MAIL_IS_LATE = timedelta(seconds=120)
_migrated = False  # once true it stays true for this process: nobody unapplies a migration under a running web


def healthz(request):
    """The process answers. Asks nothing of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request):
    """Whether visitors may come. 503 without a database or with migrations waiting.

    Late mail and a Redis that is down make the hub "degraded", not closed: parents can still read and answer,
    and what must happen stands in the database.
    """
    found = {"database": "down", "migrations": "unknown", "mail": "unknown", "redis": redis_state()}
    try:
        found["migrations"] = migrations_state()
        found["database"] = "ok"
        if found["migrations"] == "ok":
            found["mail"] = mail_state()
    except DatabaseError:
        pass
    if found["database"] != "ok" or found["migrations"] != "ok":
        state = "not ready"
    else:
        state = "ready" if set(found.values()) <= {"ok", "not used"} else "degraded"
    return JsonResponse({"state": state, **found}, status=503 if state == "not ready" else 200)


def migrations_state() -> str:
    """ "ok", or "waiting" when the code knows a migration that the database does not."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    else:
        connection.ensure_connection()
    return "ok" if _migrated else "waiting"


def mail_state() -> str:
    """ "late" when a mail that should have left two minutes ago still waits, "given up" when one is dead."""
    if OutgoingMail.objects.filter(state=OutgoingMail.State.DEAD).exists():
        return "given up"
    since, now = mail_waits_since(timezone.now()), timezone.now()
    return "late" if since is not None and since < now - MAIL_IS_LATE else "ok"


def mail_waits_since(now: datetime) -> datetime | None:
    """Since when the oldest mail waits that should have left; None when none does. One query.

    Each try in vain puts the moment at which a mail is due further off: counted is from its first, within a quarter.
    While a mail is held for a try, that try has not put it off yet.
    """
    waiting = OutgoingMail.objects.filter(Q(due_at__lte=now) | Q(tries__gt=0), state=OutgoingMail.State.WAITING)
    held = ExpressionWrapper(Q(leased_until__isnull=False), output_field=BooleanField())
    rows = waiting.order_by().annotate(held=held).values_list("tries", "held").annotate(Min("due_at"))
    return min((due - mail.waited(max(tries - held, 0)) for tries, held, due in rows), default=None)


def redis_state() -> str:
    """ "ok", "down", or "not used" on a machine that works without it."""
    if not settings.REDIS_URL:
        return "not used"
    return "ok" if cache.is_there() else "down"  # type: ignore[attr-defined]  # hub.caches.Forgiving, as REDIS_URL is set
