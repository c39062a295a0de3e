"""The record and the ways in, as staff see them: references, states and times. No word of a plan, no name."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import clock
from hub.tables import ReadOnly
from parenting_plan.admin.common import NotOwnCase
from parenting_plan.models import Invitation, Issued, PlanErased, PlanEvent


@admin.register(PlanEvent)
class PlanEventAdmin(NotOwnCase, ReadOnly):
    """That something happened, and when. The words are elsewhere and not shown; the database refuses any change."""

    what_for = gettext_lazy("What happened in each plan, and when. No words.")
    list_display = ["plan", "seq", "kind", "part", "role", "at"]
    list_select_related = ["plan"]
    list_filter = ["kind"]
    search_fields = ["plan__reference"]
    search_help_text = gettext_lazy("Search by the reference of a plan")
    fields = ["plan", "seq", "kind", "part", "proposal", "role", "at", "previous", "hash"]
    ordering = ["-at", "-seq"]
    list_per_page = 50
    show_full_result_count = False


@admin.register(Invitation)
class InvitationAdmin(NotOwnCase, ReadOnly):
    """Whether a way in is open. Not to whom it went, nor why it ended: who was asked may say no unseen."""

    what_for = gettext_lazy("Whether the way into a plan is open. Not to whom it was sent.")
    list_display = ["plan", "way", "state", "created_at", "expires_at"]
    list_select_related = ["plan"]
    search_fields = ["plan__reference"]
    search_help_text = gettext_lazy("Search by the reference of a plan")
    fields = ["plan", "way", "state", "created_at", "expires_at"]
    ordering = ["-created_at"]
    list_per_page = 50
    show_full_result_count = False

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
    list_display = ["__str__", "plan", "agreed", "made_at", "pages"]
    list_select_related = ["plan"]
    search_fields = ["code", "plan__reference"]
    search_help_text = gettext_lazy("Search by a code without dashes, or by the reference of a plan")
    fields = ["plan", "__str__", "agreed", "made_at", "drawn_at", "pages", "sha256"]
    ordering = ["-made_at"]
    list_per_page = 50
    show_full_result_count = False


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
