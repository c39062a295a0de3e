"""What the staff pages of plans have in common: nobody meets a case of their own on any of them."""

from django.db.models import Q
from django.http import HttpRequest

from parenting_plan.models import Plan
from parenting_plan.own_case import own_plans

MOST_FOUND = 100  # plans that one search finds: whoever looks for one writes more of its reference


class NotOwnCase:
    """Before a ModelAdmin: rows about a plan this person has to do with are not there for them."""

    PLAN = "plan"  # the column that names the plan

    def get_queryset(self, request: HttpRequest):
        rows = super().get_queryset(request)  # type: ignore[misc]  # of the ModelAdmin beside it
        own = own_plans(request.user)
        return rows.exclude(**{f"{self.PLAN}__in": own}) if own else rows

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """By the beginning of a plan’s reference: found by its index, however many plans there are."""
        written = search_term.strip().lower()
        if not written:
            return queryset, False
        plans = Plan.objects.filter(reference__startswith=written).order_by().values_list("pk", flat=True)[:MOST_FOUND]
        return queryset.filter(Q(**{f"{self.PLAN}__in": list(plans)}) | self.found_else(search_term)), False

    def found_else(self, written: str) -> Q:
        """What else a search finds: nothing, unless a list says so."""
        return Q(pk__in=[])
