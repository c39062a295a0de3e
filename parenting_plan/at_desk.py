"""What waits for safeguarding leads: what people told us and nobody has closed yet."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from hub.desk.today import Task, tells
from parenting_plan.actions import safeguarding


@tells(safeguarding.WORKS_ON_REPORTS)
def reports(request: HttpRequest) -> Iterable[Task]:
    """Those past the time by which they should have been looked at, then all."""
    found = safeguarding.waiting(request.user, timezone.now())
    address = reverse("admin:parenting_plan_safetyreport_changelist")
    yield Task(
        found.late,
        ngettext(
            "report to look at first: its time is past", "reports to look at first: their time is past", found.late
        ),
        f"{address}?due=past",
    )
    said = ngettext("safety report that is not closed", "safety reports that are not closed", found.count)
    yield Task(found.count, said, address)
