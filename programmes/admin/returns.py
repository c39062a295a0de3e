"""What goes back to the court or the adviser: making it, and what went back before."""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.private import asks_before_file
from hub import audit, clock, files, sheets
from hub.http import to_save
from programmes.actions import returning
from programmes.admin.common import CaseDesk
from programmes.admin.one_referral import OneReferral
from programmes.models import Return


class Returning(OneReferral):
    def get_urls(self):
        return [
            self.door("<int:pk>/return/", self.make_return, "referral_return", "add_return"),
            *super().get_urls(),
        ]

    def make_return(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What goes back to the court or the adviser: seen first, exactly as it goes, then written down and drawn."""
        referral = self.theirs(request, pk)
        try:
            facts = returning.facts_of(referral)
            if request.method == "POST":
                returning.make(referral, by=request.user, at=clock.now())
                messages.success(request, _("The return is made. Download it below."))
                return self._back(referral)
        except returning.NotComplete:
            messages.error(request, _("There is nothing to return before the programme is complete."))
            return self._back(referral)
        except files.NoRoom:
            messages.error(request, _("The file could not be kept just now. Try again in a while."))
            return self._back(referral)
        return self.page(
            request,
            "return_check",
            _("Return to the court or adviser"),
            crumbs=self._crumbs(referral),
            rows=returning.told(facts),
            earlier=referral.returns.count(),
            back=self.address("referral_change", pk),
        )


@admin.register(Return)
class ReturnAdmin(CaseDesk):
    """What went back, when and by whom; each can be downloaded again."""

    what_for = gettext_lazy("What went back to the court or the adviser.")
    lists = "list returns"
    case_at = "referral__party__case"
    list_display = ["case", "name", "made_at", "made_by"]
    list_select_related = ["referral__party__case", "made_by"]
    search_fields = ["referral__party__case__reference"]
    search_help_text = gettext_lazy("Search by case reference")
    ordering = ["-made_at"]

    @admin.display(description=gettext_lazy("case"))
    def case(self, made) -> str:
        return made.facts.get("case_reference", "")

    @admin.display(description=gettext_lazy("name"))
    def name(self, made) -> str:
        return made.facts.get("name", "")

    def get_urls(self):
        return [
            self.door("<int:pk>/return.pdf", self.as_pdf, "return_pdf"),
            self.door("<int:pk>/return.csv", self.as_csv, "return_csv"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One return, as it went."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        made = self.theirs(request, object_id)
        audit.record(person=request.user, what="read return", about=f"referral:{made.referral_id}")
        return self.page(
            request, "return_made", _("Return to the court or adviser"), made=made, rows=returning.rows(made)
        )

    def as_pdf(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = self.theirs(request, pk)
        if question := asks_before_file(request):
            return question
        try:
            content = returning.file_of(made)
        except files.NoRoom:
            raise Http404 from None
        return self._file(request, made, content, "application/pdf", "pdf")

    def as_csv(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = self.theirs(request, pk)
        if question := asks_before_file(request):
            return question
        return self._file(request, made, sheets.as_file(returning.as_csv(made)), "text/csv; charset=utf-8", "csv")

    def _file(self, request: HttpRequest, made: Return, content: bytes, kind: str, ending: str) -> HttpResponse:
        audit.record(person=request.user, what="download return", about=f"referral:{made.referral_id}")
        return to_save(HttpResponse(content, content_type=kind), f"return-{made.pk}.{ending}")
