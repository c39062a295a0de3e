"""The place of one person in a workshop, and what they need to take part."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hub import audit, clock
from programmes.actions import booking
from programmes.admin.one_referral import OneReferral
from programmes.admin.wording import in_plain_words, needs_in_words, workshop_in_words
from programmes.forms.casework import Place
from programmes.models import Booking, Needs
from programmes.places import OPEN


def looked_at(request: HttpRequest) -> int | None:
    """The place or turn that was on the page when staff decided."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else None


class Placing(OneReferral):
    def get_urls(self):
        changes = "change_referral"
        return [
            self.door("<int:pk>/needs/", self.needs, "referral_needs", "view_needs", says_itself=True),
            self.door("<int:pk>/place/", self.place, "referral_place", changes),
            self.door("<int:pk>/give-up/", self.give_up, "referral_give_up", changes),
            *super().get_urls(),
        ]

    def needs(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What this person needs in order to take part. Who reads it is written down."""
        referral = self.theirs(request, pk)
        audit.record(person=request.user, what="read needs", about=self._about(referral))
        return self.page(
            request,
            "needs",
            _("What they need"),
            crumbs=self._crumbs(referral),
            referral=referral,
            needs=needs_in_words(Needs.objects.filter(referral=referral).first()),
        )

    def place(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Place or move somebody. Only what may be offered to them is there to choose, for staff as for themselves."""
        referral = self.theirs(request, pk)
        offer = booking.offered(referral, clock.now())
        if request.method == "POST" and looked_at(request) != (offer.booking and offer.booking.pk):
            messages.error(request, in_plain_words(booking.MovedMeanwhile()))
            return self._back(referral)
        by_pk = {str(choice.workshop.pk): choice for choice in offer.choices}
        form = Place(request.POST or None, offered=[(pk_, workshop_in_words(choice)) for pk_, choice in by_pk.items()])
        if request.method == "POST" and form.is_valid():
            choice = by_pk[form.cleaned_data["workshop"]]
            made: list[Booking] = []

            def act():
                seen = looked_at(request)
                made.append(booking.put(referral, choice.workshop, seen=seen, by=request.user, at=clock.now()))

            if self._act(request, referral, "place in workshop", act, ""):
                if made[0].state == Booking.State.WAITING:
                    said = _("Saved. It is full: they are on its waiting list. They are told when they get a place.")
                    messages.warning(request, said)
                else:
                    messages.success(request, _("Saved. They have the place, and are told that there is news."))
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

    def give_up(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give their place back, after one more look."""
        referral = self.theirs(request, pk)
        if request.method == "POST":
            seen = looked_at(request)
            act = lambda: booking.take_back(referral, seen=seen, by=request.user, at=clock.now())  # noqa: E731
            self._act(request, referral, "give up place", act, _("The place is free again."))
            return self._back(referral)
        held = referral.bookings.filter(state__in=OPEN).first()
        return self.page(
            request,
            "check",
            _("Give up their place?"),
            crumbs=self._crumbs(referral),
            say=[_("The place goes to the first in line. Tell the person yourself: no mail is sent.")],
            button=_("Give it up"),
            back=self.address("referral_change", pk),
            hidden={"seen": held.pk if held else ""},
        )
