"""What Prometheus and operators are told of requests about data: how many wait, and how near their last day is."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from prometheus_client.metrics_core import Metric

from accounts.models import DataRequest
from accounts.rights.asking import today
from hub import metrics, operations

NEAR = timedelta(days=7)


def _counted(now: datetime) -> dict[str, int]:
    last = today(now)
    return DataRequest.objects.exclude(state=DataRequest.State.DONE).aggregate(
        waiting=Count("pk"),
        near=Count("pk", filter=Q(due_on__gte=last, due_on__lte=last + NEAR)),
        late=Count("pk", filter=Q(due_on__lt=last)),
    )


@metrics.looked_up
def requests(now: datetime) -> Iterator[Metric]:
    told = _counted(now)
    yield metrics.gauge("hub_data_requests_waiting", "Requests about data that are not closed", told["waiting"])
    yield metrics.gauge("hub_data_requests_near", "Of these, the last day to answer is within a week", told["near"])
    yield metrics.gauge("hub_data_requests_late", "Of these, the last day to answer is past", told["late"])


@operations.asked
def part(now: datetime) -> operations.Part:
    name, told = _("Requests about data"), _counted(now)
    do = _("Tell the helpdesk and the safeguarding leads: “Requests about data” says which.")
    if late := told["late"]:
        said = ngettext("The last day to answer %(n)d is past.", "The last day to answer %(n)d of them is past.", late)
        return operations.Part(name, said % {"n": late}, do)
    if near := told["near"]:
        said = ngettext("%(n)d must be answered within a week.", "%(n)d must be answered within a week.", near)
        return operations.Part(name, said % {"n": near}, do)
    return operations.Part(name, _("None is near its last day."))
