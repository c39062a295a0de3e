"""People who are never placed together though they are in different cases: naming a pair, and taking it back."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hub import clock
from programmes import own_cases
from programmes.actions import referring
from programmes.admin.common import own
from programmes.admin.one_referral import OneReferral
from programmes.forms.casework import KeepApartWith, Reason
from programmes.models import KeepApart, Party, Referral


class Apart(OneReferral):
    def get_urls(self):
        return [
            self.door("<int:pk>/apart/", self.apart, "referral_apart", "add_keepapart"),
            self.door("<int:pk>/apart/<int:pair>/", self.no_longer_apart, "referral_unpair", "delete_keepapart"),
            *super().get_urls(),
        ]

    def pairs_of(self, request: HttpRequest, referral: Referral) -> list[tuple[KeepApart, Party]]:
        """The pairs this person is one of, each with the other one of it; none with somebody of an own case."""
        pairs = KeepApart.objects.filter(Q(one=referral.party) | Q(other=referral.party))
        pairs = pairs.select_related("one__case", "other__case").order_by("pk")
        found = [(pair, pair.other if pair.one_id == referral.party_id else pair.one) for pair in pairs]
        return [(pair, other) for pair, other in found if other.case_id not in own(request)]

    def apart(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Name somebody of another case with whom this person is never placed."""
        referral = self.theirs(request, pk)
        form = KeepApartWith(request.POST or None)
        found = request.method == "POST" and form.is_valid()
        if found and form.party is not None and form.party.case_id in own(request):
            own_cases.refused(request.user, f"party:{form.party.pk}")
            form.add_error("email", form.NOBODY)
            found = False
        if found and "confirmed" in request.POST:

            def act():
                referring.keep_apart(referral.party, form.party, by=request.user, at=clock.now())
                self._also_about(request, form.party, "keep apart")

            self._act(request, referral, "keep apart", act, _("These two are never placed together."))
            return self._back(referral)
        if found:
            self._also_about(request, form.party, self.reads)
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
        referral = self.theirs(request, pk)
        found = next((each for each in self.pairs_of(request, referral) if each[0].pk == pair), None)
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
