"""What the staff pages of plans have in common: nobody meets a case of their own on any of them."""

from typing import Any

from django.http import Http404, HttpRequest

from hub.desk.pages import Desk
from parenting_plan.own_case import own_plans

READS = {"GET", "HEAD"}


class NotOwnCase:
    """Before a ModelAdmin: rows about a plan this person has to do with are not there for them."""

    PLAN = "plan"  # the column that names the plan

    def get_queryset(self, request: HttpRequest):
        rows = super().get_queryset(request)  # type: ignore[misc]  # of the ModelAdmin beside it
        own = own_plans(request.user)
        return rows.exclude(**{f"{self.PLAN}__in": own}) if own else rows


class PlanDesk(NotOwnCase, Desk):
    """A list and pages of ours about plans."""

    def row(self, request: HttpRequest, pk: Any):
        """This row; or the page that there is none, also when it is about a case of their own."""
        text = str(pk)
        found = None
        if text.isdecimal() and len(text) < 19:
            found = self.get_queryset(request).filter(pk=int(text)).first()
        if found is None:
            raise Http404
        return found
