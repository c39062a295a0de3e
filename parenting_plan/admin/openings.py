"""Who opened the words of a plan, when, why and how much of it: for auditors. No word of a plan."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy

from hub import audit
from hub.desk.pages import READS, Desk
from parenting_plan.actions.opening import with_pages_read
from parenting_plan.admin.common import NotOwnCase
from parenting_plan.models import StaffOpening


@admin.register(StaffOpening)
class StaffOpeningAdmin(NotOwnCase, Desk):
    what_for = gettext_lazy("Which staff opened the words of a plan, when, why, and how many pages they read.")
    lists, reads = "list openings", "read opening"
    list_display = ["opened_at", "by", "plan", "case_reference", "reason", "over", "pages"]
    search_fields = ["plan__reference", "case_reference", "by__email"]
    search_help_text = gettext_lazy("Search by the reference of a plan or of a case, or by who opened it")
    ordering = ["-opened_at", "-pk"]

    def get_queryset(self, request):
        return with_pages_read(super().get_queryset(request).select_related("plan", "by"))

    def found_else(self, written: str) -> Q:
        return Q(case_reference__icontains=written) | Q(by__email__icontains=written)

    @admin.display(description=gettext_lazy("until"))
    def over(self, opening):
        return opening.over_at

    @admin.display(description=gettext_lazy("pages read"))
    def pages(self, opening) -> int:
        return opening.pages_read

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One opening, with its reason in full."""
        if not self.has_view_permission(request) or request.method not in READS:
            raise PermissionDenied
        opening = self.one(object_id, request)
        audit.record(person=request.user, what=self.reads, about=f"plan:{opening.plan.reference}")
        return self.page(request, "opening", str(opening.plan), opening=opening)
