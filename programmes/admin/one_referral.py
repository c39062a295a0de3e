"""What every page of one referral has in common: the way back to it, and an act that is written down."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hub import audit
from programmes.actions import referring
from programmes.admin.common import CaseDesk
from programmes.admin.wording import in_plain_words
from programmes.models import Party, Referral


class OneReferral(CaseDesk):
    case_at = "party__case"

    def _crumbs(self, referral: Referral) -> list[tuple[str, str]]:
        return [(self.address("referral_change", referral.pk), f"{referral.party.case}, {referral.party.name}")]

    def _back(self, referral: Referral) -> HttpResponse:
        return redirect(self.address("referral_change", referral.pk))

    def _about(self, referral: Referral) -> str:
        return f"referral:{referral.pk}"

    def _act(self, request: HttpRequest, referral: Referral, what: str, act, said: str, reason: str = "") -> bool:
        """Do it and write it down, or say what stands in the way. Whoever says more afterwards gives no `said`."""
        try:
            with transaction.atomic():
                act()
                audit.record(person=request.user, what=what, about=self._about(referral), reason=reason)
        except referring.Refused as refused:
            messages.error(request, in_plain_words(refused))
            return False
        if said:
            messages.success(request, said)
        return True

    def _also_about(self, request: HttpRequest, party: Party, what: str, reason: str = "") -> None:
        """What was done to two people stands in the record of both."""
        for each in party.referrals.order_by("-pk")[:1]:
            audit.record(person=request.user, what=what, about=self._about(each), reason=reason)
