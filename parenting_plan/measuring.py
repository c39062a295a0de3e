"""What Prometheus and operators are told of plans: events of each kind, and how long reports wait for staff."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q
from django.db.models.signals import post_save
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from prometheus_client.metrics_core import Metric

from hub import metrics, operations
from parenting_plan.models import PlanEvent, SafetyReport


def count_event(sender, instance, created, **told) -> None:
    transaction.on_commit(partial(metrics.EVENTS.labels(instance.kind).inc))


post_save.connect(count_event, sender=PlanEvent, dispatch_uid="parenting_plan.measuring")


def _counted(now: datetime) -> dict[str, Any]:
    return SafetyReport.objects.exclude(state=SafetyReport.State.DONE).aggregate(
        count=Count("pk"), oldest=Min("created_at"), late=Count("pk", filter=Q(due_at__lt=now))
    )


@metrics.looked_up
def reports(now: datetime) -> Iterator[Metric]:
    told = _counted(now)
    yield metrics.gauge("hub_flags_waiting", "Safety reports that are not done", told["count"])
    yield metrics.gauge("hub_flags_late", "Safety reports past their target time", told["late"])
    yield metrics.gauge("hub_flags_oldest_seconds", "How long the oldest has waited", metrics.age(told["oldest"], now))


@operations.asked
def part(now: datetime) -> operations.Part:
    name, late = _("Safety reports"), _counted(now)["late"]
    if not late:
        return operations.Part(name, _("None is past its time."))
    said = ngettext("%(n)d is past its time.", "%(n)d are past their time.", late) % {"n": late}
    return operations.Part(name, said, _("Tell a safeguarding lead now, and the next one if nobody takes it."))
