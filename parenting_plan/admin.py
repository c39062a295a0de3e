"""What staff see of plans: references, states and times. No word of a plan, no name of a parent or a child.

Drafts, suggestions, the words behind events and the children are not registered: staff cannot reach them here at all.
"""

from django.contrib import admin, messages
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hub import audit, clock
from hub.admin import NoGuessing, ReadOnly
from parenting_plan import actions
from parenting_plan.models import Invitation, Issued, Plan, PlanEvent, SafetyReport


@admin.register(Plan)
class PlanAdmin(ReadOnly):
    """Staff may pause a plan and let it go on; both parents then read the same neutral line."""

    list_display = ["reference", "created_at", "state"]
    search_fields = ["reference"]
    search_help_text = gettext_lazy("Search by reference")
    fields = ["reference", "state", "created_at", "paused_at", "ended_at", "event_count"]
    ordering = ["-created_at"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["pause", "resume"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, plan: Plan) -> str:
        if plan.ended_at:
            return _("Ended")
        return _("Paused") if plan.paused_at else _("Open")

    def has_pause_permission(self, request):
        return request.user.has_perm("parenting_plan.change_plan")

    @admin.action(permissions=["pause"], description=gettext_lazy("Pause"))
    def pause(self, request, queryset):
        return self._after_a_check(request, queryset, "pause")

    @admin.action(permissions=["pause"], description=gettext_lazy("Let a paused plan go on"))
    def resume(self, request, queryset):
        return self._after_a_check(request, queryset, "resume")

    def _after_a_check(self, request, queryset, what: str):
        """Ask once more; then do it, and write down who did."""
        plans = list(queryset.order_by("pk"))
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Pause these plans?") if what == "pause" else _("Let these plans go on?"),
                "plans": plans,
                "what": what,
                "opts": self.opts,
            }
            return TemplateResponse(request, "parenting_plan/staff_check.html", context)
        for plan in plans:
            with transaction.atomic():
                (actions.pause if what == "pause" else actions.resume)(plan=plan)
                audit.record(person=request.user, what=f"{what} plan", about=f"plan:{plan.reference}")
        said = ngettext("Done for %(count)d plan.", "Done for %(count)d plans.", len(plans)) % {"count": len(plans)}
        self.message_user(request, said, messages.SUCCESS)
        return None


@admin.register(PlanEvent)
class PlanEventAdmin(ReadOnly):
    """That something happened, and when. The words are elsewhere and not shown; the database refuses any change."""

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
class InvitationAdmin(ReadOnly):
    """Whether a way in is open. Not to whom it went, nor why it ended: who was asked may say no unseen."""

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
class IssuedAdmin(ReadOnly):
    """The PDFs that were drawn, by code. Not the files."""

    list_display = ["__str__", "plan", "agreed", "made_at", "pages"]
    list_select_related = ["plan"]
    search_fields = ["code", "plan__reference"]
    search_help_text = gettext_lazy("Search by a code without dashes, or by the reference of a plan")
    fields = ["plan", "__str__", "agreed", "made_at", "drawn_at", "pages", "sha256"]
    ordering = ["-made_at"]
    list_per_page = 50
    show_full_result_count = False


@admin.register(SafetyReport)
class SafetyReportAdmin(NoGuessing):
    """What people told us. The words are on the page of one report only, and who read it is written down."""

    list_display = ["created_at", "kind", "state", "plan"]
    list_select_related = ["plan"]
    list_filter = ["state", "kind"]
    fields = ["kind", "state", "created_at", "plan", "who", "which", "words"]
    readonly_fields = ["kind", "created_at", "plan", "who", "which", "words"]
    ordering = ["-created_at"]
    list_per_page = 50
    show_full_result_count = False

    @admin.display(description=gettext_lazy("who told us"))
    def who(self, report: SafetyReport) -> str:
        return report.by.get_role_display() if report.by else _("Somebody who was invited")

    @admin.display(description=gettext_lazy("about which suggestion"))
    def which(self, report: SafetyReport) -> str:
        """The place in the plan. To read the suggestion itself takes a stated reason, and another page than this."""
        if report.about is None:
            return _("The plan as a whole")
        asked, number = report.about.clause.asked, report.about.number
        place = asked.place if asked else report.about.clause.question
        return _("%(place)s, suggestion %(number)d, by: %(role)s") % {
            "place": place,
            "number": number,
            "role": report.about.by.get_role_display(),
        }

    def get_queryset(self, request):
        return super().get_queryset(request).defer("words")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Write down who opens a report before its words are shown."""
        report = self.get_object(request, object_id)
        if report is not None and self.has_view_or_change_permission(request, report):
            what = "change safety report" if request.method == "POST" else "read safety report"
            audit.record(person=request.user, what=what, about=f"report:{report.pk}")
        return super().change_view(request, object_id, form_url, extra_context)
