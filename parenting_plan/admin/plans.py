"""Plans: their state, pausing them, and, for a stated reason and a short time, the words both parents already see."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import conflicts
from hub import audit, clock
from hub.desk.pages import READS, Desk
from parenting_plan import actions, questions, summary
from parenting_plan.actions import opening as openings
from parenting_plan.actions.safeguarding import WORKS_ON_REPORTS, OwnCase
from parenting_plan.admin.common import NotOwnCase
from parenting_plan.forms.staff import OpenWords
from parenting_plan.models import Plan, PlanEvent, Proposal, Role, StaffOpening

PAUSES, OPENS = "pause_plan", "open_plan_words"
WRITTEN = ("suggestion", "counter", "rewritten")


@admin.register(Plan)
class PlanAdmin(NotOwnCase, Desk):
    """Staff may pause a plan and let it go on; both parents then read the same neutral line."""

    PLAN = "pk"
    what_for = gettext_lazy("Plans by their reference: how each stands, pausing it, opening its words for a reason.")
    list_display = ["reference", "created_at", "state"]
    search_fields = ["reference"]
    search_help_text = gettext_lazy("Search by reference")
    list_select_related = ["erased"]
    ordering = ["-pk"]
    actions = ["pause", "resume"]

    def get_urls(self):
        return [
            self.door("<int:pk>/open/", self.open, "plan_open", OPENS),
            self.door("<int:pk>/words/", self.words, "plan_words", OPENS),
            self.door("<int:pk>/words/<slug:section>/<slug:question>/", self.part, "plan_part", OPENS),
            self.door("<int:pk>/close/", self.close, "plan_close", OPENS),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("state"))
    def state(self, plan: Plan) -> str:
        if plan.put_away_at:
            return _("Erased") if hasattr(plan, "erased") else _("Its time is over; kept for staff alone")
        if plan.ended_at:
            return _("Ended")
        return _("Paused") if plan.paused_at else _("Open")

    # ------------------------------------------------------------ one plan, without its words

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """State, times and counts. Who looked is written down: how much somebody writes is told here too."""
        if not self.has_view_permission(request) or request.method not in READS:
            raise PermissionDenied
        plan = self.one(object_id, request)
        audit.record(person=request.user, what="look at plan", about=f"plan:{plan.reference}")
        return self.page(
            request,
            "plan",
            plan.reference,
            plan=plan,
            state=self.state(plan),
            written=_how_much(plan),
            reports=plan.reports.not_closed().count() if request.user.has_perm(WORKS_ON_REPORTS) else None,
            may_pause=self.may(request, PAUSES),
            may_open=self.may(request, OPENS),
            minutes=_minutes(),
        )

    # ------------------------------------------------------------ pausing

    def has_pause_permission(self, request):
        return self.may(request, PAUSES)

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
            title = _("Pause these plans?") if what == "pause" else _("Let these plans go on?")
            return self.page(request, "check", title, plans=plans, what=what)
        for plan in plans:
            with transaction.atomic():
                (actions.pause if what == "pause" else actions.resume)(plan=plan)
                audit.record(person=request.user, what=f"{what} plan", about=f"plan:{plan.reference}")
        said = ngettext("Done for %(count)d plan.", "Done for %(count)d plans.", len(plans)) % {"count": len(plans)}
        self.message_user(request, said, messages.SUCCESS)
        return None

    # ------------------------------------------------------------ breaking the glass

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a case reference and a reason; then the words are there for a short time."""
        plan = self.one(pk, request)
        if openings.standing(plan=plan, by=request.user):
            return redirect(self.address("plan_words", plan.pk))
        form, trouble = OpenWords(request.POST or None, person=request.user), ""
        if request.method == "POST" and form.is_valid():
            try:
                openings.open_words(plan=plan, by=request.user, **form.cleaned_data)
            except OwnCase:
                trouble = _("You have to do with this case yourself. Ask a colleague.")
            except conflicts.NotAReference:
                trouble = _("Enter the case reference in letters and numbers.")
            else:
                return redirect(self.address("plan_words", plan.pk))
        return self.page(
            request,
            "form",
            _("Open the words of plan %(plan)s") % {"plan": plan.reference},
            crumbs=self._crumbs(plan),
            say=[
                _("You will be able to read what both parents can read: the agreed words and the suggestions.")
                + " "
                + _("Drafts, goals and private notes stay closed."),
                _("It ends after %(n)d minutes. Each page you read is written down, with your reason.")
                % {"n": _minutes()},
            ],
            form=form,
            trouble=trouble,
            button=_("Open the words"),
            back=self.address("plan_change", plan.pk),
            status=422 if trouble or form.errors else 200,
        )

    def words(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What is agreed, and which parts have suggestions. One page read is one line on record, and first the line."""
        plan, opening = self._opened(request, pk)
        if opening is None:
            return redirect(self.address("plan_open", plan.pk))
        if not _is_shared(plan):
            return self._drawn(request, "words", plan, opening, agreed=None, parts=[])
        openings.note_reading(opening)
        keys = set(Proposal.objects.filter(clause__plan=plan).values_list("clause__question", flat=True))
        parts = [asked for key, asked in questions.by_key().items() if key in keys]
        agreed = summary.agreed_plan(plan, made_at=clock.now())
        return self._drawn(request, "words", plan, opening, agreed=agreed, parts=parts)

    def part(self, request: HttpRequest, pk: int, section: str, question: str) -> HttpResponse:
        """Every suggestion of one part with its note, as both parents see them in its story. No draft."""
        plan, opening = self._opened(request, pk)
        asked = questions.question(section, question)
        if asked is None:
            raise Http404
        if opening is None or not _is_shared(plan):
            return redirect(self.address("plan_open" if opening is None else "plan_words", plan.pk))
        openings.note_reading(opening)
        found = Proposal.objects.filter(clause__plan=plan, clause__question=asked.key)
        suggestions = list(found.select_related("by__user").order_by("number"))
        crumbs = [(self.address("plan_words", plan.pk), _("Words"))]
        return self._drawn(request, "part", plan, opening, asked=asked, suggestions=suggestions, crumbs=crumbs)

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it now."""
        plan, opening = self._opened(request, pk)
        if request.method == "POST" and opening:
            openings.close(opening=opening)
            messages.success(request, _("The words are closed again."))
        return redirect(self.address("plan_change", plan.pk))

    def _opened(self, request: HttpRequest, pk: int) -> tuple[Plan, StaffOpening | None]:
        plan = self.one(pk, request)
        return plan, openings.standing(plan=plan, by=request.user)

    def _drawn(self, request: HttpRequest, template: str, plan: Plan, opening: StaffOpening, **context) -> HttpResponse:
        crumbs = [*self._crumbs(plan), *context.pop("crumbs", [])]
        title = _("Words of plan %(plan)s") % {"plan": plan.reference}
        response = self.page(request, template, title, plan=plan, opening=opening, crumbs=crumbs, **context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _crumbs(self, plan: Plan) -> list[tuple[str, str]]:
        return [(self.address("plan_change", plan.pk), plan.reference)]


def _is_shared(plan: Plan) -> bool:
    """Whether two parents see these words. What one parent wrote alone has been shown to nobody."""
    return sum(1 for party in plan.people() if party.confirmed_at) == 2


def _minutes() -> int:
    return int(settings.PLAN_OPENING.total_seconds() // 60)


def _how_much(plan: Plan) -> list[tuple[str, int, int]]:
    """How many suggestions each parent sent in the last day and week: harassment can be in the number (trust T16)."""
    at = clock.now()
    sent = PlanEvent.objects.filter(plan=plan, kind__in=WRITTEN, at__gt=at - timedelta(days=7)).order_by()
    of_day = Count("pk", filter=Q(at__gt=at - timedelta(days=1)))
    counted = {each["role"]: each for each in sent.values("role").annotate(day=of_day, week=Count("pk"))}
    none = {"day": 0, "week": 0}
    found = [(role, counted.get(role.value, none)) for role in Role]
    return [(str(role.label), of["day"], of["week"]) for role, of in found]
