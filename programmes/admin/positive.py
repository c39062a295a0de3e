"""The Positive co-Parenting Programme: enrolling a case, what each parent said last, its weeks, meetings and end.

What a parent said is for staff alone. There are no notes of what was said in a meeting: they belong in the case system.
"""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import audit, clock
from programmes import own_cases
from programmes.actions import consenting, referring
from programmes.admin.common import CaseDesk, own
from programmes.admin.history import acts
from programmes.forms.casework import Begin, Enrol, SetMeeting
from programmes.models import Case, Enrolment, Meeting

REFUSALS = {
    consenting.AlreadyEnrolled: gettext_lazy("This case is enrolled already."),
    consenting.NotBothReferred: gettext_lazy("Two people of this case need an open referral to this programme first."),
    consenting.NotBothSaidYes: gettext_lazy("It can begin once both parents have said yes."),
    consenting.AlreadyBegun: gettext_lazy("It has begun already."),
    consenting.NotBegun: gettext_lazy("It has not begun yet."),
    consenting.HasEnded: gettext_lazy("It has ended."),
}


ACTS = {
    "enrol": gettext_lazy("Enrolled"),
    "begin programme": gettext_lazy("Begun"),
    "set meeting": gettext_lazy("Meeting set or moved"),
    "record meeting": gettext_lazy("Written down whether a meeting took place"),
    "end programme": gettext_lazy("Ended"),
}


class OfStage(admin.SimpleListFilter):
    title = gettext_lazy("stage")
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return [("asked", _("Parents are asked")), ("begun", _("Under way")), ("ended", _("Ended"))]

    def queryset(self, request, queryset):
        match self.value():
            case "asked":
                return queryset.filter(begins_on=None, ended_at=None)
            case "begun":
                return queryset.filter(begins_on__isnull=False, ended_at=None)
            case "ended":
                return queryset.filter(ended_at__isnull=False)
        return queryset


def stage_of(enrolment: Enrolment) -> str:
    if enrolment.ended_at:
        return _("Ended")
    return _("Under way") if enrolment.begins_on else _("Parents are asked")


@admin.register(Enrolment)
class EnrolmentAdmin(CaseDesk):
    what_for = gettext_lazy("Cases in the Positive co-Parenting Programme: consents, meetings, and when it ends.")
    adds = gettext_lazy("Enrol a case")
    lists, reads = "list enrolments", "read enrolment"
    case_at = "case"
    list_display = ["case_reference", "basis", "stage", "begins_on", "ends_on"]
    list_display_links = ["case_reference"]
    list_filter = [OfStage, "basis"]
    search_fields = ["case__reference"]
    search_help_text = gettext_lazy("Search by case reference")
    ordering = ["-made_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("case")

    def has_add_permission(self, request):
        return self.may(request, "add_enrolment")

    @admin.display(description=gettext_lazy("case"))
    def case_reference(self, enrolment) -> str:
        return enrolment.case.reference

    @admin.display(description=gettext_lazy("stage"))
    def stage(self, enrolment) -> str:
        return stage_of(enrolment)

    def get_urls(self):
        changes = "change_enrolment"
        return [
            self.door("<int:pk>/begin/", self.begin, "enrolment_begin", changes),
            self.door("<int:pk>/meeting/", self.meeting, "enrolment_meeting", changes),
            self.door("<int:pk>/attended/", self.attended, "enrolment_attended", changes),
            self.door("<int:pk>/end/", self.end, "enrolment_end", changes),
            *super().get_urls(),
        ]

    def _crumbs(self, enrolment: Enrolment) -> list[tuple[str, str]]:
        return [(self.address("enrolment_change", enrolment.pk), str(enrolment.case))]

    def _back(self, enrolment: Enrolment) -> HttpResponse:
        return redirect(self.address("enrolment_change", enrolment.pk))

    def _act(self, request: HttpRequest, act, said: str) -> bool:
        """The actions write themselves into the access record."""
        try:
            act()
        except (consenting.Refused, ValueError) as refused:
            messages.error(request, str(REFUSALS.get(type(refused), _("This cannot be done as things stand."))))
            return False
        messages.success(request, said)
        return True

    def add_view(self, request, form_url="", extra_context=None):
        """Enrol a case: both parents are asked, each alone."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # which refuses
        form = Enrol(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                reference = referring.tidy_reference(form.cleaned_data["case_reference"])
                case = Case.objects.get(reference=reference)
                if case.pk in own(request):
                    own_cases.refused(request.user, f"case:{reference}")
                    raise Case.DoesNotExist
                made = consenting.enrol(case, form.cleaned_data["basis"], by=request.user, at=clock.now())
                messages.success(request, _("Enrolled. Each parent is asked alone, and answers alone."))
                return self._back(made)
            except (referring.WrongReference, Case.DoesNotExist):
                form.add_error("case_reference", _("No case has this reference here. Make the referrals first."))
            except consenting.Refused as refused:
                said = str(REFUSALS.get(type(refused), _("This cannot be done as things stand.")))
                form.add_error("case_reference", said)
        return self.page(
            request,
            "form",
            _("Enrol a case"),
            form=form,
            trouble="",
            button=_("Enrol"),
            back=self.address("enrolment_changelist"),
            status=422 if form.errors else 200,
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One enrolment: what each parent said last, its weeks and its meetings. Who reads it is written down."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        enrolment = self.theirs(request, object_id)
        audit.record(person=request.user, what="read enrolment", about=f"enrolment:{enrolment.pk}")
        parents = consenting.parents_of(enrolment)
        may_change = self.may(request, "change_enrolment") and enrolment.ended_at is None
        return self.page(
            request,
            "enrolment",
            str(enrolment.case),
            enrolment=enrolment,
            stage=stage_of(enrolment),
            standing=consenting.standing(enrolment),
            meetings=list(enrolment.meetings.select_related("referral__party")),
            may_begin=may_change and not enrolment.begins_on and consenting.both_said_yes(enrolment),
            may_end=may_change,
            may_meet=may_change and enrolment.begins_on is not None,
            now=clock.now(),
            begin_form=Begin(),
            meeting_form=SetMeeting(parents=parents),
            history=acts(f"enrolment:{enrolment.pk}", ACTS),
            trouble="",
        )

    def begin(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Twelve weeks from a day, once both have said yes."""
        enrolment = self.theirs(request, pk)
        form = Begin(request.POST or None)
        if request.method == "POST" and form.is_valid():
            day = form.cleaned_data["begins_on"]
            act = lambda: consenting.begin(enrolment, day, by=request.user, at=clock.now())  # noqa: E731
            self._act(request, act, _("It begins. Both parents are told that there is news."))
            return self._back(enrolment)
        return self._form(request, enrolment, _("When does it begin?"), form)

    def meeting(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set one of the four meetings, or move it."""
        enrolment = self.theirs(request, pk)
        parents = consenting.parents_of(enrolment)
        form = SetMeeting(request.POST or None, parents=parents)
        if request.method == "POST" and form.is_valid():
            whom, _dash, alone = form.cleaned_data["whom"].partition("-")
            referral = next((each for each in parents if str(each.pk) == alone), None)
            starts_at = form.at
            assert starts_at is not None
            act = lambda: consenting.set_meeting(enrolment, whom, starts_at, request.user, clock.now(), referral)  # noqa: E731
            self._act(request, act, _("Saved. Those it concerns are told that there is news."))
            return self._back(enrolment)
        return self._form(request, enrolment, _("Set a meeting"), form)

    def _form(self, request: HttpRequest, enrolment: Enrolment, title: str, form) -> HttpResponse:
        return self.page(
            request,
            "form",
            title,
            crumbs=self._crumbs(enrolment),
            form=form,
            trouble="",
            button=_("Save"),
            back=self.address("enrolment_change", enrolment.pk),
            status=422 if form.errors else 200,
        )

    def attended(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whether a meeting took place. No notes."""
        enrolment = self.theirs(request, pk)
        number, said = request.POST.get("meeting", ""), request.POST.get("attended", "")
        found = enrolment.meetings.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
        if request.method == "POST" and isinstance(found, Meeting) and said in {"yes", "no", "unknown"}:
            if found.starts_at > clock.now():
                messages.error(request, _("This meeting is still to come."))
            else:
                took_place = {"yes": True, "no": False, "unknown": None}[said]
                consenting.record_attendance(found, took_place, request.user, clock.now())
                messages.success(request, _("Recorded."))
        return self._back(enrolment)

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Finished or stopped, after one more look: both parents read the same words."""
        enrolment = self.theirs(request, pk)
        if enrolment.ended_at is not None:
            return self._back(enrolment)
        if request.method == "POST":
            self._act(request, lambda: consenting.end(enrolment, request.user, clock.now()), _("It has ended."))
            return self._back(enrolment)
        return self.page(
            request,
            "check",
            _("End the programme for this case?"),
            crumbs=self._crumbs(enrolment),
            say=[_("Finished or stopped: both parents read the same words. This is not taken back.")],
            button=_("End it"),
            back=self.address("enrolment_change", pk),
            hidden={},
        )
