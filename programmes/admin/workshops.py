"""Workshops: making one, who has a place, the register, who came, calling one off.

Whoever may only view workshops sees their own sessions, as their facilitator, and records who came to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hub import audit, clock, words
from hub.desk.pages import Desk
from programmes import own_cases
from programmes.actions import booking, scheduling
from programmes.admin.common import own
from programmes.admin.filters import TO_BE_LED, OfTime, to_be_led
from programmes.admin.history import acts
from programmes.admin.wording import in_plain_words, needs_in_words
from programmes.forms.casework import AnotherTime, Came, ChangeWorkshop, NewWorkshop
from programmes.models import Attendance, Booking, Sitting, Workshop
from programmes.places import OPEN

State = Booking.State
ALL = Q()
ACTS = {
    "make workshop": gettext_lazy("Made"),
    "change workshop": gettext_lazy("Places, facilitator or how to get there changed"),
    "change time of workshop": gettext_lazy("Time or place changed"),
    "call off workshop": gettext_lazy("Called off"),
}


@dataclass
class There:
    """Somebody in a workshop, as the page of it shows them."""

    booking: Booking
    name: str
    case: str
    needs: list[str]
    came: str
    form: Came | None


def _said(sittings: Sequence[tuple[datetime, datetime]], way: str, town: str) -> str:
    """When and how a workshop is, in one line."""
    told = [
        _("%(when)s to %(ends)s") % {"when": words.when(begins), "ends": words.clock(ends)} for begins, ends in sittings
    ]
    return "; ".join([words.together(told), way + (f", {town}" if town else "")])


@admin.register(Workshop)
class WorkshopAdmin(Desk):
    """Somebody of a case that whoever looks has a part in is not in the names or numbers they see."""

    what_for = gettext_lazy("When workshops are, who has a place, the register, and who came.")
    reads = "read workshop"
    list_display = ["begins", "way", "where", "places", "waiting", "facilitator", "state"]
    list_display_links = ["begins"]
    list_filter = [OfTime, "way", "when"]
    ordering = ["-starts_at", "pk"]

    def get_queryset(self, request):
        """All of them; their own, for whoever may only view. (None asks for the house itself.)"""
        rows = super().get_queryset(request).select_related("facilitator").annotate(asked_at=Now())
        rows = rows.annotate(in_line=self._how_many(State.WAITING))
        if request is not None and own(request):
            rows = rows.annotate(in_line=self._how_many(State.WAITING, ~self._of_own(request)))
            rows = rows.annotate(unseen=self._how_many(State.BOOKED, self._of_own(request)))
        if request is None or self.sees_all(request):
            return rows
        return rows.filter(facilitator=request.user)

    @staticmethod
    def _of_own(request: HttpRequest) -> Q:
        """The bookings of people in a case of their own."""
        return Q(referral__party__case__in=own(request))

    @staticmethod
    def _how_many(state: str, also: Q = ALL) -> Coalesce:
        rows = Booking.objects.filter(also, workshop=OuterRef("pk"), state=state).order_by().values("workshop")
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

    def get_ordering(self, request):
        """What is still to come stands with the next one first."""
        to_come = request is not None and request.GET.get("time") in {"coming", "week", TO_BE_LED}
        return ["starts_at", "pk"] if to_come else super().get_ordering(request)

    def sees_all(self, request: HttpRequest) -> bool:
        return self.may(request, "change_workshop")

    def has_add_permission(self, request):
        return self.may(request, "add_workshop")

    @admin.display(description=gettext_lazy("begins"), ordering="starts_at")
    def begins(self, workshop) -> str:
        return words.when(workshop.starts_at)

    @admin.display(description=gettext_lazy("town"))
    def where(self, workshop) -> str:
        return workshop.town

    @admin.display(description=gettext_lazy("places taken"))
    def places(self, workshop) -> str:
        taken = workshop.taken - getattr(workshop, "unseen", 0)
        return _("%(taken)d of %(all)d") % {"taken": taken, "all": workshop.capacity}

    @admin.display(description=gettext_lazy("waiting"))
    def waiting(self, workshop) -> int:
        return workshop.in_line

    @admin.display(description=gettext_lazy("state"))
    def state(self, workshop) -> str:
        if workshop.cancelled_at:
            return _("Called off")
        return _("Begun or past") if workshop.starts_at <= workshop.asked_at else _("Still to come")

    def get_urls(self):
        return [
            self.door("<int:pk>/attendance/", self.attendance, "workshop_attendance"),
            self.door("<int:pk>/register/", self.register, "workshop_register", says_itself=True),
            self.door("<int:pk>/call-off/", self.call_off, "workshop_call_off", "change_workshop"),
            self.door("<int:pk>/arrange/", self.arrange, "workshop_arrange", "change_workshop"),
            self.door("<int:pk>/time/", self.another_time, "workshop_time", "change_workshop"),
            *super().get_urls(),
        ]

    def theirs(self, request: HttpRequest, pk) -> Workshop:
        """This workshop, if it is theirs to see. Refused, not hidden: staff know that others have sessions."""
        found = self.one(pk)
        if own(request):
            found.in_line = found.bookings.filter(~self._of_own(request), state=State.WAITING).count()
            found.unseen = found.bookings.filter(self._of_own(request), state=State.BOOKED).count()
        if not self.sees_all(request) and found.facilitator_id != request.user.pk:
            raise PermissionDenied
        return found

    def _crumbs(self, workshop: Workshop) -> list[tuple[str, str]]:
        return [(self.address("workshop_change", workshop.pk), words.when(workshop.starts_at))]

    def _back(self, workshop: Workshop) -> HttpResponse:
        return redirect(self.address("workshop_change", workshop.pk))

    def on_record_as(self, pk) -> str:
        return self._about(self.one(pk))

    def _about(self, workshop: Workshop) -> str:
        return f"workshop:{workshop.reference}"

    # ------------------------------------------------------------ making one

    def add_view(self, request, form_url="", extra_context=None):
        """A new workshop, by the clocks here."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # which refuses
        form = NewWorkshop(request.POST or None)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            names = ("way", "town", "joining", "capacity", "facilitator")
            facts = {name: told[name] for name in names}
            made = scheduling.schedule(form.sittings, **facts, by=request.user)
            if form.is_unusual:
                hours = words.length(form.length)
                said = _("Saved. It is %(hours)s long in all: two and a half hours are usual.") % {"hours": hours}
                messages.warning(request, said)
            else:
                messages.success(request, _("Saved. Parents can choose it now."))
            return redirect(
                self.address("workshop_change", made.pk)
                if self.sees_all(request)
                else self.address("workshop_changelist")
            )
        return self.page(
            request,
            "form",
            _("Make a workshop"),
            form=form,
            trouble="",
            button=_("Save"),
            back=self.address("workshop_changelist"),
            status=422 if form.errors else 200,
        )

    # ------------------------------------------------------------ one workshop

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One workshop and the people in it. Who reads it is written down."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        workshop = self.theirs(request, object_id)
        audit.record(person=request.user, what="read workshop", about=self._about(workshop))
        return self._shown(request, workshop)

    def _shown(self, request: HttpRequest, workshop: Workshop, posted=None, trouble: str = "") -> HttpResponse:
        has_begun = workshop.starts_at <= clock.now() and workshop.cancelled_at is None
        there = self.there(request, workshop, posted, with_forms=has_begun)
        sees_all = self.sees_all(request)
        return self.page(
            request,
            "workshop",
            words.when(workshop.starts_at),
            workshop=workshop,
            taken=workshop.taken - getattr(workshop, "unseen", 0),
            sittings=list(Sitting.objects.filter(workshop=workshop)),
            there=there,
            in_line=workshop.in_line,
            has_begun=has_begun,
            sees_all=sees_all,
            may_see_referrals=self.may(request, "view_referral"),
            may_move=self.may(request, "change_referral"),
            may_change_time=sees_all and not workshop.cancelled_at and workshop.starts_at > clock.now(),
            needs_another=sees_all and self._needs_another(request, workshop),
            may_call_off=sees_all and not workshop.cancelled_at and not any(each.came for each in there),
            history=acts(self._about(workshop), ACTS) if sees_all else [],
            trouble=trouble,
            status=422 if trouble else 200,
        )

    def _needs_another(self, request: HttpRequest, workshop: Workshop) -> bool:
        return to_be_led(request, Workshop.objects.filter(pk=workshop.pk), clock.now()).exists()

    def there(self, request: HttpRequest, workshop: Workshop, posted=None, *, with_forms: bool = False) -> list[There]:
        """Those who have a place, and those whose attendance was recorded. Three queries."""
        rows = workshop.bookings.filter(Q(state=State.BOOKED) | Q(attendance__isnull=False))
        rows = own_cases.without(rows, "referral__party__case", own(request))
        rows = rows.select_related("referral__party__case", "referral__needs", "attendance").order_by("placed_at", "pk")
        found = []
        for each in rows:
            recorded = getattr(each, "attendance", None)
            form = None
            if with_forms:
                form = Came(posted, prefix=f"b{each.pk}", recorded=recorded)
            found.append(
                There(
                    booking=each,
                    name=each.referral.party.name,
                    case=each.referral.party.case.reference,
                    needs=needs_in_words(getattr(each.referral, "needs", None)),
                    came=recorded.get_came_display() if recorded else "",
                    form=form,
                )
            )
        return found

    def attendance(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down who came, once it has begun. It can be put right later."""
        workshop = self.theirs(request, pk)
        if request.method != "POST":
            return self._back(workshop)
        if workshop.starts_at > clock.now() or workshop.cancelled_at is not None:
            messages.error(request, _("Who came can be recorded once the workshop has begun."))
            return self._back(workshop)
        there = self.there(request, workshop, request.POST, with_forms=True)
        if not all(each.form is not None and each.form.is_valid() for each in there):
            return self._shown(request, workshop, request.POST, _("Choose one of the answers for each person."))
        recorded = 0
        try:
            with transaction.atomic():
                for each in there:
                    if each.form is not None and self._record(request, each):
                        recorded += 1
        except booking.RecordedMeanwhile:
            told = _("A colleague has recorded something else since you looked. Nothing was recorded: look again.")
            messages.error(request, told)
            return self._back(workshop)
        except booking.Refused:
            messages.error(request, _("Somebody’s place has changed meanwhile. Nothing was recorded: look again."))
            return self._back(workshop)
        said = ngettext("Recorded for %(n)d person.", "Recorded for %(n)d people.", recorded) % {"n": recorded}
        messages.success(request, said if recorded else _("Nothing was changed."))
        return self._back(workshop)

    def _record(self, request: HttpRequest, there: There) -> bool:
        """Write down what was chosen for this person and was not there yet; whether there was anything."""
        assert there.form is not None
        form, now = there.form, Attendance.said(getattr(there.booking, "attendance", None))
        seen = form.cleaned_data["seen"]
        if not form.chosen or form.chosen in {seen, now}:
            return False
        told = {"came": form.cleaned_data["came"], "counts": form.decided(), "seen": seen or None}
        booking.record_attendance(there.booking, **told, by=request.user, at=clock.now())
        audit.record(person=request.user, what="record attendance", about=f"referral:{there.booking.referral_id}")
        return True

    def register(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The register, to print. Who opens it is written down."""
        workshop = self.theirs(request, pk)
        audit.record(person=request.user, what="read register", about=self._about(workshop))
        return self.page(
            request,
            "register",
            _("Register"),
            crumbs=self._crumbs(workshop),
            workshop=workshop,
            sittings=list(Sitting.objects.filter(workshop=workshop)),
            there=self.there(request, workshop),
        )

    def arrange(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change how to get there, the places and the facilitator. Nobody is told.

        What was not changed on the page stays as a colleague may have put it meanwhile.
        """
        workshop = self.theirs(request, pk)
        names = ("joining", "capacity", "facilitator")
        form = ChangeWorkshop(request.POST or None, initial={name: getattr(workshop, name) for name in names})
        if request.method == "POST" and form.is_valid():
            told = {name: form.cleaned_data[name] for name in form.changed_data}
            try:
                scheduling.arrange(workshop, **told, by=request.user, at=clock.now())
            except booking.TooFew:
                form.add_error("capacity", _("More people than that have a place already."))
            except scheduling.CannotLead:
                form.add_error("facilitator", _("This person cannot lead this workshop. Choose somebody else."))
            else:
                messages.success(request, _("Saved."))
                return self._back(workshop)
        return self.page(
            request,
            "form",
            _("Change this workshop"),
            crumbs=self._crumbs(workshop),
            form=form,
            trouble="",
            button=_("Save"),
            back=self.address("workshop_change", pk),
            status=422 if form.errors else 200,
        )

    def another_time(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another time or place: seen first, with who will be told, then everybody keeps their place and is told."""
        workshop = self.theirs(request, pk)
        form = AnotherTime.of(workshop, request.POST or None)
        trouble = ""
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            if scheduling.is_the_same(workshop, form.sittings, told["way"], told["town"]):
                trouble = _("The time and the place are what they were.")
            elif "seen" not in request.POST:
                return self._check_time(request, workshop, form)
            else:
                return self._change_time(request, workshop, form)
        return self.page(
            request,
            "form",
            _("Change the time or place"),
            crumbs=self._crumbs(workshop),
            form=form,
            trouble=trouble,
            button=_("Look at the change"),
            back=self.address("workshop_change", pk),
            status=422 if trouble or form.errors else 200,
        )

    def _change_time(self, request: HttpRequest, workshop: Workshop, form: AnotherTime) -> HttpResponse:
        seen = request.POST["seen"]
        workshop.changes = int(seen) if seen.isdecimal() and len(seen) < 9 else -1
        where = {name: form.cleaned_data[name] for name in ("way", "town", "joining")}
        try:
            scheduling.change(workshop, form.sittings, **where, by=request.user, at=clock.now())
        except scheduling.Refused as refused:
            messages.error(request, in_plain_words(refused))
        else:
            messages.success(request, _("Saved. Everybody with a place or a turn is told."))
        return self._back(workshop)

    def _check_time(self, request: HttpRequest, workshop: Workshop, form: AnotherTime) -> HttpResponse:
        told, begins, now = form.cleaned_data, form.sittings[0][0], clock.now()
        was = list(Sitting.objects.filter(workshop=workshop).values_list("starts_at", "ends_at"))
        until = words.until(scheduling.free_until(begins, now))
        say = [
            _("Now: %(when)s") % {"when": _said(was, workshop.get_way_display(), workshop.town)},
            _("Then: %(when)s") % {"when": _said(form.sittings, str(Workshop.Way(told["way"]).label), told["town"])},
            *self._who_is_told(request, workshop),
            _("Nobody loses their place or turn. The email names no day and no place."),
            _("Whoever has a place and cannot come may move it or give it up until %(until)s, however soon it begins.")
            % {"until": until},
        ]
        if form.is_unusual:
            hours = words.length(form.length)
            say.append(_("It is %(hours)s long in all: two and a half hours are usual.") % {"hours": hours})
        if begins - now < timedelta(hours=settings.WORKSHOP_MOVE_HOURS):
            say.append(_("It begins soon. Somebody may not read their email before: reach them in another way too."))
        if scheduling.near(workshop, form.sittings, told["way"], told["town"]):
            say.append(
                _(
                    "Another session is in this town on that day. People who must be kept apart may be in the two, and "
                    "could meet at the door. Choose another day if you can."
                )
            )
        return self.page(
            request,
            "check",
            _("Change this workshop?"),
            crumbs=self._crumbs(workshop),
            say=say,
            button=_("Change it and tell them"),
            back=self.address("workshop_time", workshop.pk),
            hidden={**{name: request.POST.get(name, "") for name in form.fields}, "seen": workshop.changes},
        )

    def _who_is_told(self, request: HttpRequest, workshop: Workshop) -> list[str]:
        rows = self._told(request, workshop).order_by("placed_at", "made_at", "pk")
        found = list(rows.values_list("state", "referral__party__name"))
        said = [
            (State.BOOKED, _("Told, because they have a place: %(names)s.")),
            (State.WAITING, _("Told, because they wait for one: %(names)s.")),
        ]
        names = [(sentence, [name for state, name in found if state == which]) for which, sentence in said]
        told = [sentence % {"names": words.together(theirs)} for sentence, theirs in names if theirs]
        return told or [_("Nobody has a place or a turn: nobody is told.")]

    def _told(self, request: HttpRequest, workshop: Workshop):
        """Places and turns whose people are told of a change, but for those of a case of their own."""
        rows = workshop.bookings.filter(state__in=OPEN)
        return own_cases.without(rows, "referral__party__case", own(request))

    def call_off(self, request: HttpRequest, pk: int) -> HttpResponse:
        """It does not take place: one more look, then everybody with a place or a turn is told."""
        workshop = self.theirs(request, pk)
        if workshop.cancelled_at is not None:
            return self._back(workshop)
        told = self._told(request, workshop).count()
        if request.method == "POST":
            try:
                with transaction.atomic():
                    booking.call_off(workshop, by=request.user, at=clock.now())
                    audit.record(person=request.user, what="call off workshop", about=self._about(workshop))
                done = ngettext(
                    "The workshop is called off. %(n)d person is told.",
                    "The workshop is called off. %(n)d people are told.",
                    told,
                )
                messages.success(request, done % {"n": told})
            except booking.AlreadyHeld:
                messages.error(request, _("Who came has been recorded: it has taken place."))
            return self._back(workshop)
        said = ngettext("%(n)d person will be told.", "%(n)d people will be told.", told) % {"n": told}
        return self.page(
            request,
            "check",
            _("Call off this workshop?"),
            crumbs=self._crumbs(workshop),
            say=[f"{words.when(workshop.starts_at)}. {said}", _("They can choose another. This is not taken back.")],
            button=_("Call it off"),
            back=self.address("workshop_change", pk),
            hidden={},
        )
