"""Cases and referrals: who was sent, how far they are, and their link.

Their place in a workshop is in placing.py, who is kept apart from them in apart.py, what goes back to the court in
returns.py. Nothing a parent wrote is here, and no page of staff reads it.
"""

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hub import audit, clock, words
from programmes import own_cases
from programmes.actions import booking as booking_acts
from programmes.actions import referring
from programmes.actions.referring import STATUS_WORDS, Status
from programmes.admin.apart import Apart
from programmes.admin.common import title_of_programme
from programmes.admin.filters import MOST_FOUND, OfDue, OfProgramme, OfStatus, people
from programmes.admin.history import Happened, acts
from programmes.admin.placing import Placing
from programmes.admin.returns import Returning
from programmes.admin.wording import in_plain_words
from programmes.forms.casework import Refer, Suitable
from programmes.models import Certificate, Referral
from programmes.places import OPEN

MOST_LINKS = 250  # at a time: as many as one form can hold
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

BESIDE: dict[type[referring.Refused], str] = {  # the field that an answer of the action is about
    referring.AlreadyReferred: "programme",
    referring.OtherName: "email",
    referring.OwnCase: "case_reference",
}


@admin.register(Referral)
class ReferralAdmin(Placing, Apart, Returning):
    what_for = gettext_lazy("Who was sent to a programme and how far they are: links, places, returns to the court.")
    adds = gettext_lazy("Make a referral")
    lists, reads = "list referrals", "read referral"
    actions = ["send_links"]
    change_list_template = "programmes/staff/referrals.html"
    list_display = ["case", "name", "programme_title", "status", "learning_due_on", "made_at"]
    list_filter = [OfStatus, OfProgramme, OfDue]
    search_fields = ["party__case__reference", "party__name", "party__email"]
    search_help_text = gettext_lazy("Search by case reference, name or email address")
    ordering = ["-made_at", "-pk"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("party__case")
        return rows.annotate(its_title=title_of_programme(), asked_at=Now()).prefetch_related("bookings")

    def get_ordering(self, request):
        """Dates that are near or past stand with the earliest first."""
        is_due = request is not None and request.GET.get("due")
        return ["learning_due_on", "pk"] if is_due else super().get_ordering(request)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        found = people(search_term)
        if len(found) >= MOST_FOUND:
            messages.warning(request, _("Very many match. Write more of the reference, name or address."))
        return queryset.filter(party__in=found), False

    def changelist_view(self, request, extra_context=None):
        more = {"may_import": self.may(request, "import_referrals")}
        return super().changelist_view(request, more | (extra_context or {}))

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
            *super().get_urls(),
        ]

    # ------------------------------------------------------------ making one

    def add_view(self, request, form_url="", extra_context=None):
        """Refer one person of a case to a programme."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # which refuses
        form = Refer(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    made = referring.refer(**form.cleaned_data, by=request.user, at=clock.now())
                    audit.record(person=request.user, what="make referral", about=self._about(made))
            except referring.Refused as refused:
                if isinstance(refused, referring.OwnCase):
                    own_cases.refused(request.user, f"case:{form.cleaned_data['case_reference']}")
                form.add_error(BESIDE.get(type(refused)), in_plain_words(refused))
            else:
                messages.success(request, _("The referral is made. No link has been sent yet."))
                return self._back(made)
        return self.page(
            request,
            "form",
            _("Make a referral"),
            form=form,
            trouble="",
            button=_("Make the referral"),
            back=self.address("referral_changelist"),
            status=422 if form.errors else 200,
        )

    # ------------------------------------------------------------ one referral

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One referral: how far it is, what happened, and what staff may do. Who reads it is written down."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        referral = self.theirs(request, object_id)
        audit.record(person=request.user, what="read referral", about=self._about(referral))
        status = Status(referring.status(referral))
        held = referral.bookings.filter(state__in=OPEN).select_related("workshop").first()
        certificate = None
        if referral.party.person_id:
            mine = Certificate.objects.filter(person=referral.party.person_id, programme=referral.programme)
            certificate = mine.first()
        may_change = self.may(request, "change_referral")
        is_open = referral.ended_at is None
        account_closed = referral.joined_at is not None and referring.has_nobody(referral.party)
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
            apart=self.pairs_of(request, referral) if self.may(request, "view_keepapart") else [],
            may_send=may_change and is_open and referral.joined_at is None,
            may_withdraw=may_change and is_open,
            may_place=may_change
            and is_open
            and referral.joined_at is not None
            and referral.attended_at is None
            and not account_closed,
            account_closed=account_closed,
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
        found = acts(self._about(referral), ACTS)
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

    # ------------------------------------------------------------ acts

    def send(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the link, or a new one: the one before stops working."""
        referral = self.theirs(request, pk)
        if request.method == "POST":
            act = lambda: referring.send_link(referral, by=request.user, at=clock.now())  # noqa: E731
            said = _("A link is on its way. It works once, for %(hours)d hours.")
            self._act(request, referral, "send link", act, said % {"hours": settings.PROGRAMME_LINK_HOURS})
        return self._back(referral)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "change_referral")

    @admin.action(permissions=["send"], description=gettext_lazy("Send the link to those chosen"))
    def send_links(self, request: HttpRequest, queryset):
        """Seen first, then sent to each who can get one; the others are named, with what stands in the way."""
        found = list(queryset.order_by("pk")[: MOST_LINKS + 1])
        chosen = found[:MOST_LINKS]
        ready = [each for each in chosen if each.suitable_on and not each.joined_at and not each.ended_at]
        if "confirmed" not in request.POST:
            told = {"n": len(ready), "hours": settings.PROGRAMME_LINK_HOURS, "others": len(chosen) - len(ready)}
            say = [
                ngettext("A link is sent to %(n)d person.", "A link is sent to %(n)d people.", len(ready)) % told,
                _("Each works once, for %(hours)d hours. A link sent before stops working.") % told,
            ]
            if len(ready) < len(chosen):
                others = _(
                    "Not sent to %(others)d: they have joined, it has ended, or suitability was not looked at yet."
                )
                say.insert(1, others % told)
            if len(found) > MOST_LINKS:
                more = _("You chose more than %(most)d. The others wait in the list: choose them again afterwards.")
                say.insert(0, more % {"most": MOST_LINKS})
            return self.page(
                request,
                "check_links",
                _("Send these links?"),
                say=say,
                names=[str(each.party) for each in ready],
                chosen=[each.pk for each in ready],
                back=self.address("referral_changelist"),
            )
        sent = 0
        for each in ready:
            try:
                with transaction.atomic():
                    referring.send_link(each, by=request.user, at=clock.now())  # type: ignore[arg-type]
                    audit.record(person=request.user, what="send link", about=self._about(each))
                sent += 1
            except referring.Refused as refused:
                messages.error(request, f"{each.party}: {in_plain_words(refused)}")
        said = ngettext("%(n)d link is on its way.", "%(n)d links are on their way.", sent) % {"n": sent}
        messages.success(request, said)
        return None

    def suitable(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The day on which suitability was looked at."""
        referral = self.theirs(request, pk)
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
        referral = self.theirs(request, pk)
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

    # ------------------------------------------------------------ their place in a workshop

    # ------------------------------------------------------------ back to the court
