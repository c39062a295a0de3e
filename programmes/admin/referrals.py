"""Cases and referrals: who was sent, how far they are, their link, their place, and what goes back to the court.

Nothing a parent wrote is here, and no page of staff reads it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import audit, clock, files, words
from hub.desk.pages import Desk
from hub.models import AccessRecord
from programmes import library
from programmes.actions import booking as booking_acts
from programmes.actions import referring, returning, scheduling
from programmes.actions.referring import STATUS_WORDS, Status
from programmes.admin.common import Pages, title_of_programme
from programmes.forms.casework import KeepApartWith, Place, Reason, Refer, Suitable
from programmes.forms.workshops import NeedsForm
from programmes.models import Booking, Certificate, KeepApart, Needs, Party, Referral, Return
from programmes.places import OPEN

ACTS = {
    "make referral": gettext_lazy("Referral made"),
    "send link": gettext_lazy("Link sent"),
    "set suitability": gettext_lazy("Day of the look at suitability set"),
    "withdraw referral": gettext_lazy("Withdrawn"),
    "keep apart": gettext_lazy("Pair to keep apart named"),
    "no longer apart": gettext_lazy("Pair to keep apart taken back"),
    "place in workshop": gettext_lazy("Placed in a workshop by staff"),
    "give up place": gettext_lazy("Place given up by staff"),
    "record attendance": gettext_lazy("Attendance recorded"),
    "make return": gettext_lazy("Return made"),
}
REFUSALS = {
    referring.AlreadyReferred: gettext_lazy("This person has an open referral to this programme already."),
    referring.OtherName: gettext_lazy(
        "Somebody else of this case has this address. Two people need two addresses; or write the name as before."
    ),
    referring.NotSuitable: gettext_lazy("Say first on what day suitability was looked at."),
    referring.AlreadyJoined: gettext_lazy(
        "The link has been used, or the referral has ended: there is nothing to send."
    ),
    referring.SameCase: gettext_lazy("People of one case are kept apart already."),
    referring.TogetherAlready: gettext_lazy(
        "Both have a place or a turn in one session. Move one of them first, then name the pair."
    ),
    referring.StillToCome: gettext_lazy(
        "One of them has a place or a turn in a session to come. They chose it while the other could not be there. "
        "Take the pair back after that session, or once the place is given up."
    ),
    booking_acts.Full: gettext_lazy("That workshop has just filled up. Choose another."),
    booking_acts.TooLate: gettext_lazy("It is too late for that: the workshop has begun, or its list is closed."),
    scheduling.NothingNew: gettext_lazy("The time and the place are what they were."),
    booking_acts.NoPlace: gettext_lazy("There is no place to give up."),
    booking_acts.AlreadyAttended: gettext_lazy("They have been to the workshop: there is nothing left to book."),
    booking_acts.AlreadyHasPlace: gettext_lazy("They have a place there, or in another case."),
    booking_acts.Changed: gettext_lazy("The time or place of that workshop has just changed. Look again."),
    booking_acts.NotOffered: gettext_lazy("This workshop cannot be offered to them."),
}


def in_plain_words(refused: Exception) -> str:
    """What stands in the way."""
    return str(REFUSALS.get(type(refused), _("This cannot be done as things stand.")))


def of_status(rows, status: str, at: datetime):
    """The referrals that referring.status would give this word."""
    withdrawn = Q(outcome=Referral.Ended.WITHDRAWN)
    complete = Q(outcome=Referral.Ended.COMPLETE) | Q(learned_at__isnull=False, attended_at__isnull=False)
    no_link = Q(secret_hash="") | Q(link_expires_at=None)
    booked = Exists(Booking.objects.filter(referral=OuterRef("pk"), state=Booking.State.BOOKED))
    waiting = ~withdrawn & ~complete & Q(attended_at=None)
    joined = waiting & Q(joined_at__isnull=False)
    not_joined = waiting & Q(joined_at=None)
    match status:
        case Status.WITHDRAWN:
            return rows.filter(withdrawn)
        case Status.COMPLETE:
            return rows.filter(~withdrawn & complete)
        case Status.ATTENDED:
            return rows.filter(~withdrawn & ~complete, attended_at__isnull=False)
        case Status.BOOKED:
            return rows.filter(joined).filter(booked)
        case Status.LEARNING_DONE:
            return rows.filter(joined, learned_at__isnull=False).exclude(booked)
        case Status.JOINED:
            return rows.filter(joined, learned_at=None).exclude(booked)
        case Status.MADE:
            return rows.filter(not_joined & no_link)
        case Status.LINK_SENT:
            return rows.filter(not_joined & ~no_link, link_expires_at__gt=at)
        case Status.LINK_RUN_OUT:
            return rows.filter(not_joined & ~no_link, link_expires_at__lte=at)
    return rows


class OfProgramme(admin.SimpleListFilter):
    title = gettext_lazy("programme")
    parameter_name = "to"

    def lookups(self, request, model_admin):
        sent = {"referred", "enrolled"}
        return [(each.slug, each.title) for each in library.programmes() if each.cover.words.open_to in sent]

    def queryset(self, request, queryset):
        return queryset.filter(programme=self.value()) if self.value() else queryset


class OfStatus(admin.SimpleListFilter):
    title = gettext_lazy("how far")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [(str(status), said) for status, said in STATUS_WORDS.items()]

    def queryset(self, request, queryset):
        return of_status(queryset, self.value(), clock.now()) if self.value() else queryset


class OfDue(admin.SimpleListFilter):
    title = gettext_lazy("e-learning date")
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return [("soon", _("In the next three days")), ("past", _("Date is past"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        open_ones = queryset.filter(learned_at=None, ended_at=None)
        if self.value() == "soon":
            return open_ones.filter(learning_due_on__range=(today, today + timedelta(days=3)))
        return open_ones.filter(learning_due_on__lt=today) if self.value() == "past" else queryset


@dataclass(frozen=True)
class Happened:
    at: datetime
    what: str
    by: str


@admin.register(Referral)
class ReferralAdmin(Desk):
    paginator = Pages
    list_display = ["case", "name", "programme_title", "status", "learning_due_on", "made_at"]
    list_filter = [OfStatus, OfProgramme, OfDue]
    search_fields = ["party__case__reference", "party__name", "party__email"]
    search_help_text = gettext_lazy("Search by case reference, name or email address")
    ordering = ["-made_at", "-pk"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("party__case", "party__person")
        return rows.annotate(its_title=title_of_programme(), asked_at=Now()).prefetch_related("bookings")

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        try:
            found |= queryset.filter(party__case__reference__startswith=referring.tidy_reference(search_term))
        except referring.WrongReference:
            pass
        return found, may_repeat

    def has_add_permission(self, request):
        return self.may(request, "add_referral")

    @admin.display(description=gettext_lazy("case"))
    def case(self, referral) -> str:
        return referral.party.case.reference

    @admin.display(description=gettext_lazy("name"))
    def name(self, referral) -> str:
        return referral.party.name

    @admin.display(description=gettext_lazy("programme"))
    def programme_title(self, referral) -> str:
        return referral.its_title or referral.programme

    @admin.display(description=gettext_lazy("how far"))
    def status(self, referral) -> str:
        return str(STATUS_WORDS[Status(referring.status(referral, referral.asked_at))])

    def get_urls(self):
        changes = "change_referral"
        return [
            self.door("<int:pk>/send/", self.send, "referral_send", changes),
            self.door("<int:pk>/suitable/", self.suitable, "referral_suitable", changes),
            self.door("<int:pk>/withdraw/", self.withdraw, "referral_withdraw", changes),
            self.door("<int:pk>/apart/", self.apart, "referral_apart", "add_keepapart"),
            self.door("<int:pk>/apart/<int:pair>/", self.no_longer_apart, "referral_unpair", "delete_keepapart"),
            self.door("<int:pk>/needs/", self.needs, "referral_needs", "view_needs"),
            self.door("<int:pk>/place/", self.place, "referral_place", changes),
            self.door("<int:pk>/give-up/", self.give_up, "referral_give_up", changes),
            self.door("<int:pk>/return/", self.make_return, "referral_return", "add_return"),
            *super().get_urls(),
        ]

    def _crumbs(self, referral: Referral) -> list[tuple[str, str]]:
        return [(self.address("referral_change", referral.pk), f"{referral.party.case}, {referral.party.name}")]

    def _back(self, referral: Referral) -> HttpResponse:
        return redirect(self.address("referral_change", referral.pk))

    def _about(self, referral: Referral) -> str:
        return f"referral:{referral.pk}"

    # ------------------------------------------------------------ making one

    def add_view(self, request, form_url="", extra_context=None):
        """Refer one person of a case to a programme."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # which refuses
        form = Refer(request.POST or None)
        trouble = ""
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    made = referring.refer(**form.cleaned_data, by=request.user, at=clock.now())
                    audit.record(person=request.user, what="make referral", about=self._about(made))
            except referring.Refused as refused:
                trouble = in_plain_words(refused)
            else:
                messages.success(request, _("The referral is made. No link has been sent yet."))
                return self._back(made)
        return self.page(
            request,
            "form",
            _("Make a referral"),
            form=form,
            trouble=trouble,
            button=_("Make the referral"),
            back=self.address("referral_changelist"),
            status=422 if trouble or form.errors else 200,
        )

    # ------------------------------------------------------------ one referral

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One referral: how far it is, what happened, and what staff may do. Who reads it is written down."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        referral = self.one(object_id)
        audit.record(person=request.user, what="read referral", about=self._about(referral))
        status = Status(referring.status(referral))
        held = referral.bookings.filter(state__in=OPEN).select_related("workshop").first()
        certificate = None
        if referral.party.person_id:
            mine = Certificate.objects.filter(person=referral.party.person_id, programme=referral.programme)
            certificate = mine.first()
        may_change = self.may(request, "change_referral")
        is_open = referral.ended_at is None
        return self.page(
            request,
            "referral",
            f"{referral.party.case}, {referral.party.name}",
            referral=referral,
            programme=referral.its_title or referral.programme,
            status_words=STATUS_WORDS[status],
            held=held,
            certificate=certificate,
            history=self._history(referral),
            returns=list(referral.returns.all()[:20]) if self.may(request, "view_return") else [],
            apart=self._apart(referral) if self.may(request, "view_keepapart") else [],
            may_send=may_change and is_open and referral.joined_at is None,
            may_withdraw=may_change and is_open,
            may_place=may_change and is_open and referral.joined_at is not None and referral.attended_at is None,
            has_workshops=referral.programme == booking_acts.PROGRAMME,
            may_part=self.may(request, "add_keepapart"),
            may_take_back=self.may(request, "delete_keepapart"),
            may_read_needs=self.may(request, "view_needs"),
            may_return=self.may(request, "add_return") and status == Status.COMPLETE,
            link_hours=settings.PROGRAMME_LINK_HOURS,
            suitable_form=Suitable(initial={"suitable_on": referral.suitable_on}),
        )

    def _history(self, referral: Referral) -> list[Happened]:
        """What happened, the newest first: acts of staff by whom, and the milestones of the parent."""
        acts = AccessRecord.objects.filter(about=self._about(referral), what__in=list(ACTS)).select_related("person")
        found = [Happened(each.at, str(ACTS[each.what]), str(each.person or "")) for each in acts[:100]]
        for at, what in (
            (referral.joined_at, _("Joined with the link")),
            (referral.learned_at, _("E-learning finished")),
            (referral.attended_at, _("Workshop attended, as recorded")),
        ):
            if at:
                found.append(Happened(at, what, ""))
        for each in referral.bookings.select_related("workshop").order_by("-made_at")[:50]:
            told = {"state": each.get_state_display(), "when": words.when(each.workshop.starts_at)}
            found.append(Happened(each.ended_at or each.placed_at or each.made_at, _("%(state)s: %(when)s") % told, ""))
        return sorted(found, key=lambda each: each.at, reverse=True)

    def _apart(self, referral: Referral) -> list[tuple[KeepApart, Party]]:
        """The pairs this person is one of, each with the other one of it."""
        pairs = KeepApart.objects.filter(Q(one=referral.party) | Q(other=referral.party))
        pairs = pairs.select_related("one__case", "other__case").order_by("pk")
        return [(pair, pair.other if pair.one_id == referral.party_id else pair.one) for pair in pairs]

    # ------------------------------------------------------------ acts

    def _act(self, request: HttpRequest, referral: Referral, what: str, act, said: str, reason: str = "") -> bool:
        """Do it and write it down, or say what stands in the way."""
        try:
            with transaction.atomic():
                act()
                audit.record(person=request.user, what=what, about=self._about(referral), reason=reason)
        except referring.Refused as refused:
            messages.error(request, in_plain_words(refused))
            return False
        messages.success(request, said)
        return True

    def _also_about(self, request: HttpRequest, party: Party, what: str, reason: str = "") -> None:
        """What was done to two people stands in the record of both."""
        for each in party.referrals.order_by("-pk")[:1]:
            audit.record(person=request.user, what=what, about=self._about(each), reason=reason)

    def send(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the link, or a new one: the one before stops working."""
        referral = self.one(pk)
        if request.method == "POST":
            act = lambda: referring.send_link(referral, by=request.user, at=clock.now())  # noqa: E731
            said = _("A link is on its way. It works once, for %(hours)d hours.")
            self._act(request, referral, "send link", act, said % {"hours": settings.PROGRAMME_LINK_HOURS})
        return self._back(referral)

    def suitable(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The day on which suitability was looked at."""
        referral = self.one(pk)
        form = Suitable(request.POST or None, initial={"suitable_on": referral.suitable_on})
        if request.method == "POST" and form.is_valid():
            day = form.cleaned_data["suitable_on"]
            act = lambda: referring.set_suitable(referral, day, by=request.user)  # noqa: E731
            self._act(request, referral, "set suitability", act, _("The day is saved."))
            return self._back(referral)
        return self.page(
            request,
            "form",
            _("When was suitability looked at?"),
            crumbs=self._crumbs(referral),
            form=form,
            trouble="",
            button=_("Save"),
            back=self.address("referral_change", pk),
            status=422 if form.errors else 200,
        )

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End the referral, after one more look."""
        referral = self.one(pk)
        if referral.ended_at is not None:
            return self._back(referral)
        if request.method == "POST":

            def act():
                referring.withdraw(referral, by=request.user)

            self._act(request, referral, "withdraw referral", act, _("The referral is withdrawn."))
            return self._back(referral)
        return self.page(
            request,
            "check",
            _("Withdraw this referral?"),
            crumbs=self._crumbs(referral),
            say=[
                _("The link stops working, and a place in a workshop goes to the next in line."),
                _("They are told that there is news. What they wrote in the course stays theirs."),
            ],
            button=_("Withdraw it"),
            back=self.address("referral_change", pk),
            hidden={},
        )

    def apart(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Name somebody of another case with whom this person is never placed."""
        referral = self.one(pk)
        form = KeepApartWith(request.POST or None)
        found = request.method == "POST" and form.is_valid()
        if found and "confirmed" in request.POST:

            def act():
                referring.keep_apart(referral.party, form.party, by=request.user, at=clock.now())
                self._also_about(request, form.party, "keep apart")

            self._act(request, referral, "keep apart", act, _("These two are never placed together."))
            return self._back(referral)
        if found:
            return self.page(
                request,
                "check",
                _("Keep these two apart?"),
                crumbs=self._crumbs(referral),
                say=[
                    _("%(one)s and %(other)s.") % {"one": referral.party, "other": form.party},
                    _("They are never offered the same workshop. Neither of them is told."),
                    _("Each is then offered about half of the workshops they were. What they have now stays theirs."),
                ],
                button=_("Keep them apart"),
                back=self.address("referral_change", pk),
                hidden={**{name: request.POST[name] for name in form.fields}, "confirmed": "yes"},
            )
        return self.page(
            request,
            "form",
            _("Keep apart from somebody"),
            crumbs=self._crumbs(referral),
            form=form,
            trouble="",
            button=_("Look"),
            back=self.address("referral_change", pk),
            status=422 if form.errors else 200,
        )

    def no_longer_apart(self, request: HttpRequest, pk: int, pair: int) -> HttpResponse:
        """Take a pair back, after one more look and with the reason, which is kept in the record of access."""
        referral = self.one(pk)
        found = next((each for each in self._apart(referral) if each[0].pk == pair), None)
        if found is None:
            return self._back(referral)
        named, other = found
        form = Reason(request.POST or None)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]

            def act():
                referring.no_longer_apart(named, by=request.user, at=clock.now())
                self._also_about(request, other, "no longer apart", reason)

            said = _("The pair is taken back. They may be offered the same workshop.")
            self._act(request, referral, "no longer apart", act, said, reason)
            return self._back(referral)
        return self.page(
            request,
            "check_form",
            _("No longer keep these two apart?"),
            crumbs=self._crumbs(referral),
            say=[
                _("%(one)s and %(other)s.") % {"one": referral.party, "other": other},
                _("From then on they may be offered the same workshop, and may meet there. Neither of them is told."),
                _("Each is offered more workshops than before. Nobody loses one."),
                _("If one of them asked to be kept apart, speak with that person first, alone."),
                _("This waits while either of them has a place or a turn in a workshop to come."),
            ],
            form=form,
            button=_("Take the pair back"),
            back=self.address("referral_change", pk),
            status=422 if form.errors else 200,
        )

    def needs(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What this person needs in order to take part. Who reads it is written down."""
        referral = self.one(pk)
        audit.record(person=request.user, what="read needs", about=self._about(referral))
        return self.page(
            request,
            "needs",
            _("What they need"),
            crumbs=self._crumbs(referral),
            referral=referral,
            needs=needs_in_words(Needs.objects.filter(referral=referral).first()),
        )

    # ------------------------------------------------------------ their place in a workshop

    def place(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Place or move somebody. Only what may be offered to them is there to choose, for staff as for themselves."""
        referral = self.one(pk)
        offer = booking_acts.offered(referral, clock.now())
        by_pk = {str(choice.workshop.pk): choice for choice in offer.choices}
        form = Place(request.POST or None, offered=[(pk_, _said(choice)) for pk_, choice in by_pk.items()])
        if request.method == "POST" and form.is_valid():
            choice = by_pk[form.cleaned_data["workshop"]]
            if self._act(
                request,
                referral,
                "place in workshop",
                lambda: self._put(referral, choice.workshop, offer.booking, choice.left),
                _("Saved. They are told that there is news."),
            ):
                return self._back(referral)
        return self.page(
            request,
            "place",
            _("Move to another workshop") if offer.booking else _("Place in a workshop"),
            crumbs=self._crumbs(referral),
            referral=referral,
            offer=offer,
            form=form,
        )

    def _put(self, referral: Referral, workshop, held: Booking | None, left: int) -> None:
        at = clock.now()
        if held is not None and held.state == Booking.State.BOOKED:
            booking_acts.move(referral, workshop, at, by_staff=True)
        elif left > 0:
            booking_acts.book(referral, workshop, None, at, by_staff=True)
        else:
            booking_acts.wait(referral, workshop, at, by_staff=True)

    def give_up(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give their place back, after one more look."""
        referral = self.one(pk)
        if request.method == "POST":
            act = lambda: booking_acts.give_up(referral, clock.now(), by_staff=True)  # noqa: E731
            self._act(request, referral, "give up place", act, _("The place is free again."))
            return self._back(referral)
        return self.page(
            request,
            "check",
            _("Give up their place?"),
            crumbs=self._crumbs(referral),
            say=[_("The place goes to the first in line. Tell the person yourself: no mail is sent.")],
            button=_("Give it up"),
            back=self.address("referral_change", pk),
            hidden={},
        )

    # ------------------------------------------------------------ back to the court

    def make_return(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What goes back to the court or the adviser: seen first, exactly as it goes, then written down and drawn."""
        referral = self.one(pk)
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


def needs_in_words(needs: Needs | None) -> list[str]:
    """What somebody needs, in the words they chose it by."""
    if needs is None:
        return []
    labels = dict(NeedsForm.base_fields["ticked"].choices)  # type: ignore[attr-defined]
    found = [str(labels[name]) for name in NeedsForm.TICKED if getattr(needs, name)]
    if needs.interpreter:
        found.append(_("Interpreter: %(language)s") % {"language": needs.interpreter})
    return [*found, *([needs.other] if needs.other else [])]


def _said(choice: Any) -> str:
    """A workshop as staff choose it."""
    workshop = choice.workshop
    told = {"when": words.when(workshop.starts_at), "how": workshop.get_way_display(), "left": choice.left}
    where = f", {workshop.town}" if workshop.town else ""
    if choice.left > 0:
        return _("%(when)s, %(how)s") % told + where + " " + _("(%(left)d free)") % told
    return _("%(when)s, %(how)s") % told + where + " " + _("(full: waiting list)")


@admin.register(Return)
class ReturnAdmin(Desk):
    """What went back, when and by whom; each can be downloaded again."""

    paginator = Pages
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
        made = self.one(object_id)
        audit.record(person=request.user, what="read return", about=f"referral:{made.referral_id}")
        return self.page(
            request, "return_made", _("Return to the court or adviser"), made=made, rows=returning.rows(made)
        )

    def as_pdf(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = self.one(pk)
        try:
            content = returning.file_of(made)
        except files.NoRoom:
            raise Http404 from None
        return self._file(request, made, content, "application/pdf", "pdf")

    def as_csv(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = self.one(pk)
        return self._file(request, made, returning.as_csv(made).encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")

    def _file(self, request: HttpRequest, made: Return, content: bytes, kind: str, ending: str) -> HttpResponse:
        audit.record(person=request.user, what="download return", about=f"referral:{made.referral_id}")
        response = HttpResponse(content, content_type=kind)
        response.headers["Content-Disposition"] = f'attachment; filename="return-{made.pk}.{ending}"'
        return response
