"""What the staff pages of plans have in common: nobody meets a case of their own on any of them."""

from django.http import HttpRequest

from parenting_plan.own_case import own_plans


class NotOwnCase:
    """Before a ModelAdmin: rows about a plan this person has to do with are not there for them."""

    PLAN = "plan"  # the column that names the plan

    def get_queryset(self, request: HttpRequest):
        rows = super().get_queryset(request)  # type: ignore[misc]  # of the ModelAdmin beside it
        own = own_plans(request.user)
        return rows.exclude(**{f"{self.PLAN}__in": own}) if own else rows
