"""The record and the ways in, as staff see them: references, states and times. No word of a plan, no name."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import clock
from hub.paging import OfKind
from hub.tables import ReadOnly
from parenting_plan.admin.common import NotOwnCase
from parenting_plan.models import Invitation, Issued, PlanErased, PlanEvent, Role


@admin.register(PlanEvent)
class PlanEventAdmin(NotOwnCase, ReadOnly):
    """That something happened, and when. The words are elsewhere and not shown; the database refuses any change."""

    what_for = gettext_lazy("What happened in each plan, and when. No words.")
    list_display = ["plan", "number", "kind", "part", "which_parent", "at"]
    list_select_related = ["plan"]
    list_filter = [OfKind]
    search_fields = ["plan__reference"]
    search_help_text = gettext_lazy("Search by the reference of a plan")
    fields = ["plan", "number", "kind", "part", "suggestion", "which_parent", "at", "digest_before", "digest"]
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False

    def heading_of(self, row: PlanEvent) -> str:
        return _("Event %(n)d of plan %(plan)s") % {"n": row.seq, "plan": row.plan.reference}

    @admin.display(description=gettext_lazy("number"), ordering="seq")
    def number(self, event: PlanEvent) -> int:
        return event.seq

    @admin.display(description=gettext_lazy("suggestion"))
    def suggestion(self, event: PlanEvent) -> int | str:
        return event.proposal or ""

    @admin.display(description=gettext_lazy("by"), ordering="role")
    def which_parent(self, event: PlanEvent) -> str:
        return str(dict(Role.choices).get(event.role, event.role))

    @admin.display(description=gettext_lazy("digest of the event before"))
    def digest_before(self, event: PlanEvent) -> str:
        return event.previous

    @admin.display(description=gettext_lazy("digest of this event"))
    def digest(self, event: PlanEvent) -> str:
        return event.hash


@admin.register(Invitation)
class InvitationAdmin(NotOwnCase, ReadOnly):
    """Whether a way in is open. Not to whom it went, nor why it ended: who was asked may say no unseen."""

    what_for = gettext_lazy("Whether the way into a plan is open. Not to whom it was sent.")
    list_display = ["plan", "way", "state", "created_at", "expires_at"]
    list_select_related = ["plan"]
    search_fields = ["plan__reference"]
    search_help_text = gettext_lazy("Search by the reference of a plan")
    fields = ["plan", "way", "state", "created_at", "expires_at"]
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False

    def heading_of(self, row: Invitation) -> str:
        return _("Invitation to plan %(plan)s") % {"plan": row.plan.reference}

    @admin.display(description=gettext_lazy("state"))
    def state(self, invitation: Invitation) -> str:
        """An answer that is not yes looks like no answer, here too."""
        if invitation.outcome == Invitation.Outcome.JOINED:
            return _("Joined")
        return _("Run out") if invitation.expires_at <= clock.now() else _("Sent")


@admin.register(Issued)
class IssuedAdmin(NotOwnCase, ReadOnly):
    """The PDFs that were drawn, by code. Not the files."""

    what_for = gettext_lazy("Agreed plans that were drawn as a file, by their check code. Not the files.")
    list_display = ["code_in_it", "plan", "agreed", "made_at", "pages"]
    list_select_related = ["plan"]
    search_fields = ["code", "plan__reference"]
    search_help_text = gettext_lazy("Search by a check code, or by the reference of a plan")
    fields = ["plan", "code_in_it", "agreed", "made_at", "drawn_at", "pages", "fingerprint_of_file"]
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False

    def heading_of(self, row: Issued) -> str:
        return _("Drawn file %(code)s") % {"code": row}

    def found_else(self, written: str) -> Q:
        code = "".join(filter(str.isalnum, written)).upper()
        return Q(code__startswith=code) if code else super().found_else(written)

    @admin.display(description=gettext_lazy("check code"), ordering="code")
    def code_in_it(self, issued: Issued) -> str:
        return str(issued)

    @admin.display(description=gettext_lazy("fingerprint of the file (SHA-256)"))
    def fingerprint_of_file(self, issued: Issued) -> str:
        return issued.sha256


@admin.register(PlanErased)
class PlanErasedAdmin(NotOwnCase, ReadOnly):
    """That the words of a plan were erased, when and why. The database takes such a row in only when it is time."""

    what_for = gettext_lazy("Plans whose words were erased because their time was over. Nothing of what they said.")
    list_display = ["plan", "why", "at", "events", "suggestions"]
    list_select_related = ["plan"]
    list_filter = ["why"]
    search_fields = ["plan__reference"]
    search_help_text = gettext_lazy("Search by the reference of a plan")
    fields = ["plan", "why", "at", "events", "suggestions"]
    ordering = ["-at", "-pk"]
    list_per_page = 50
    show_full_result_count = False

    def heading_of(self, row: PlanErased) -> str:
        return _("Erased plan %(plan)s") % {"plan": row.plan.reference}
