"""The safeguarding queue: what people told us, what is due first, and every act on it. See actions.safeguarding."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from hub import audit, clock, words
from hub.desk.pages import READS
from hub.desk.queue import Queue, Verb
from parenting_plan.actions import safeguarding as acts
from parenting_plan.admin.common import NotOwnCase
from parenting_plan.forms import staff as forms
from parenting_plan.models import ReportNote, SafetyReport

State = SafetyReport.State


class OfState(admin.SimpleListFilter):
    """Without a choice: what is not closed."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("all", _("All")), *State.choices]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": _("Not closed")}, *others]

    def queryset(self, request, queryset):
        if self.value() in State.values:
            return queryset.filter(state=self.value())
        return queryset if self.value() == "all" else queryset.not_closed()


class OfSeverity(admin.SimpleListFilter):
    title = gettext_lazy("how urgent")
    parameter_name = "severity"

    def lookups(self, request, model_admin):
        return [("none", _("Not said yet")), *SafetyReport.Severity.choices]

    def queryset(self, request, queryset):
        if self.value():
            return queryset.filter(severity="" if self.value() == "none" else self.value())
        return queryset


class OfOwner(admin.SimpleListFilter):
    title = gettext_lazy("who looks at it")
    parameter_name = "owner"

    def lookups(self, request, model_admin):
        return [("me", _("Me")), ("nobody", _("Nobody yet"))]

    def queryset(self, request, queryset):
        if self.value() == "me":
            return queryset.filter(owner=request.user)
        return queryset.filter(owner=None) if self.value() == "nobody" else queryset


class OfDue(admin.SimpleListFilter):
    title = gettext_lazy("due")
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return [("past", _("The time is past"))]

    def queryset(self, request, queryset):
        return queryset.filter(due_at__lt=clock.now()) if self.value() == "past" else queryset


def _open(report: SafetyReport, _by: User) -> bool:
    return not report.is_closed


VERBS = {
    "take": Verb(
        gettext_lazy("Look after this report"),
        gettext_lazy("I will look after it"),
        forms.Take,
        acts.take,
        _open,
    ),
    "triage": Verb(
        gettext_lazy("Say how urgent it is"),
        gettext_lazy("Save"),
        forms.Triage,
        acts.triage,
        _open,
        (gettext_lazy("You decide; the hub never scores people. The time to look counts from when we were told."),),
    ),
    "hand-over": Verb(
        gettext_lazy("Hand it over"),
        gettext_lazy("Hand it over"),
        forms.HandOver,
        acts.hand_over,
        _open,
        (gettext_lazy("Only colleagues who work on reports, and have nothing to do with this case, are in the list."),),
    ),
    "note": Verb(
        gettext_lazy("Add a note"), gettext_lazy("Add the note"), forms.Note, acts.write_note, lambda *_: True
    ),
    "wait": Verb(
        gettext_lazy("It waits for somebody else"),
        gettext_lazy("Save"),
        forms.Act,
        acts.wait,
        lambda report, _by: report.state in {State.NEW, State.LOOKED_AT},
        (gettext_lazy("Say for whom or what. It stays in the queue."),),
    ),
    "hide": Verb(
        gettext_lazy("Put the words away"),
        gettext_lazy("Put them away"),
        forms.Hide,
        acts.hide,
        lambda report, _by: acts.may_be_hidden(report) and not report.is_hiding,
        (
            gettext_lazy(
                "The parent who told us then reads “These words are not shown for now” instead, and cannot agree to "
                "them by mistake. Their writer sees no change anywhere, and must not: it would tell them that we were "
                "told. To stop both parents writing, pause the plan."
            ),
        ),
    ),
    "show": Verb(
        gettext_lazy("Show the words again"),
        gettext_lazy("Show them again"),
        forms.Act,
        acts.unhide,
        lambda report, _by: report.is_hiding,
    ),
    "answer": Verb(
        gettext_lazy("Answer the person who told us"),
        gettext_lazy("Send this answer"),
        forms.Answer,
        acts.answer,
        lambda report, _by: report.may_answer and report.by_id and not report.answer,
        (
            gettext_lazy(
                "They said that a short message here is safe. They get one line of news and an email that says only "
                "“You have an update”. It can be sent once."
            ),
        ),
    ),
    "close": Verb(gettext_lazy("Close this report"), gettext_lazy("Close it"), forms.Close, acts.close, _open),
    "reopen": Verb(
        gettext_lazy("Take it up again"),
        gettext_lazy("Take it up again"),
        forms.Act,
        acts.reopen,
        lambda report, _by: report.is_closed,
    ),
}
SAID = {  # how the story says each act
    "take": gettext_lazy("Taken on"),
    "hand over": gettext_lazy("Handed over"),
    "triage": gettext_lazy("How urgent"),
    "wait with": gettext_lazy("Waits for somebody else"),
    "note on": gettext_lazy("Note"),
    "hide words of": gettext_lazy("Words put away"),
    "show words of": gettext_lazy("Words shown again"),
    "answer": gettext_lazy("Answered"),
    "close": gettext_lazy("Closed"),
    "reopen": gettext_lazy("Taken up again"),
}
CHOICES = {
    "triage": SafetyReport.Severity,
    "close": SafetyReport.Outcome,
    "answer": SafetyReport.Answer,
}
REFUSALS = {
    acts.Changed: gettext_lazy("A colleague has worked on this report since you opened it. Nothing was done."),
    acts.NotPossible: gettext_lazy("This cannot be done as the report stands now. Nothing was done."),
    acts.OwnCase: gettext_lazy("You have to do with this case yourself. Ask a colleague."),
}


@admin.register(SafetyReport)
class SafetyReportAdmin(NotOwnCase, Queue):
    """What people told us, due first. The words are on the page of one report only, and who read it is on record."""

    what_for = gettext_lazy("What people told us about safety, with what is due first.")
    lists = "list safety reports"
    list_display = ["due", "urgency", "what", "state", "looks_at_it", "created_at", "plan"]
    list_filter = [OfState, OfSeverity, OfOwner, OfDue, "kind"]
    search_fields = ["plan__reference"]
    search_help_text = gettext_lazy("Search by the reference of a plan")
    ordering = ["due_at", "pk"]
    verbs, refusals, not_possible = VERBS, REFUSALS, acts.NotPossible

    def has_view_permission(self, request, obj=None):
        """To see that there is a report is to know something: one permission for the list and for the work."""
        return request.user.has_perm(acts.WORKS_ON_REPORTS)

    def has_module_permission(self, request):
        return self.has_view_permission(request) or super().has_module_permission(request)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("plan", "owner", "by").defer("words")

    @admin.display(description=gettext_lazy("to be looked at by"), ordering="due_at")
    def due(self, report: SafetyReport) -> str:
        return words.when(report.due_at)

    @admin.display(description=gettext_lazy("how urgent"))
    def urgency(self, report: SafetyReport) -> str:
        return str(report.get_severity_display() or _("Not said yet"))

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, report: SafetyReport) -> str:
        return _what(report)

    @admin.display(description=gettext_lazy("who looks at it"))
    def looks_at_it(self, report: SafetyReport) -> str:
        return report.owner.first_name if report.owner else _("Nobody yet")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One report: its words, how it stands, its story. Written down before a word is shown: no record, no page."""
        if not self.has_view_permission(request) or request.method not in READS:
            raise PermissionDenied
        report = self.one(object_id, request)
        with transaction.atomic():
            audit.record(person=request.user, what="read safety report", about=f"report:{report.pk}")
            may = self.may_do(request, report)
            if report.owner == request.user:
                may.pop("take", None)
            response = self.page(
                request,
                "report",
                _("Report %(number)d: %(kind)s") % {"number": report.pk, "kind": _what(report)},
                report=report,
                who=_("Somebody who was invited") if report.by is None else report.by.get_role_display(),
                which=_which(report),
                urgency=self.urgency(report),
                looks_at_it=self.looks_at_it(report),
                is_late=not report.is_closed and report.due_at < clock.now(),
                story=_told(list(report.notes.select_related("by"))),
                may_take=may.pop("take", None),
                may=may,
                may_see_plan=report.plan_id and request.user.has_perm("parenting_plan.view_plan"),
                may_open=report.plan_id and request.user.has_perm("parenting_plan.open_plan_words"),
            )
        response.headers["Cache-Control"] = "no-store"
        return response

    def name_of(self, row: SafetyReport) -> str:
        return _("Report %(number)d") % {"number": row.pk}

    def stands(self, row: SafetyReport) -> str:
        now = SafetyReport.objects.select_related("owner").defer("words").get(pk=row.pk)
        told = {"state": now.get_state_display(), "urgency": self.urgency(now), "who": self.looks_at_it(now)}
        return _("Now: %(state)s. How urgent: %(urgency)s. Who looks at it: %(who)s.") % told


def _what(report: SafetyReport) -> str:
    """Its kind in words. Two people may not know each other: whoever was invited, and whoever invited."""
    if report.kind == SafetyReport.Kind.INVITATION_UNKNOWN and report.by_id:
        return _("Somebody they do not know joined their plan")
    return report.get_kind_display()


def _which(report: SafetyReport) -> str:
    """The place in the plan. To read the suggestion itself takes a stated reason, and another page than this."""
    if report.about is None:
        return _("The plan as a whole") if report.plan_id else _("An invitation")
    asked, number = report.about.clause.asked, report.about.number
    place = asked.place if asked else report.about.clause.question
    return _("%(place)s, suggestion %(number)d, by: %(role)s") % {
        "place": place,
        "number": number,
        "role": report.about.by.get_role_display(),
    }


@dataclass(frozen=True)
class Line:
    """One line of a report's story."""

    note: ReportNote
    what: str
    chosen: str


def _told(story: list[ReportNote]) -> list[Line]:
    named = {f"user:{pk}": name for pk, name in User.objects.filter(is_staff=True).values_list("pk", "first_name")}
    lines = []
    for note in story:
        chosen = named.get(note.facts, note.facts)
        if note.what in CHOICES:
            chosen = str(CHOICES[note.what](note.facts).label)
        elif note.what == "hide words of":
            chosen = _("They may bring them back themselves") if note.facts else _("Only staff can bring them back")
        lines.append(Line(note, str(SAID[note.what]), chosen))
    return lines
