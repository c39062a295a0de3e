"""What waits for coordinators and facilitators."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from hub.desk.today import Task, tells
from programmes.actions.referring import Status
from programmes.models import Booking, Referral, Workshop


@tells("programmes.change_referral")
def referrals(request: HttpRequest) -> Iterable[Task]:
    """Who was referred and has no account here yet: the link was not sent, or ran out."""
    at, address = timezone.now(), reverse("admin:programmes_referral_changelist")
    rows = Referral.objects.filter(joined_at=None, ended_at=None)
    no_link = Q(secret_hash="") | Q(link_expires_at=None)
    unsent, run_out = rows.filter(no_link).count(), rows.filter(~no_link, link_expires_at__lte=at).count()
    yield Task(
        unsent,
        ngettext("referral whose link was not sent yet", "referrals whose links were not sent yet", unsent),
        f"{address}?status={Status.MADE}",
    )
    yield Task(
        run_out,
        ngettext(
            "person whose link ran out before they joined", "people whose links ran out before they joined", run_out
        ),
        f"{address}?status={Status.LINK_RUN_OUT}",
    )


@tells("programmes.view_workshop")
def workshops(request: HttpRequest) -> Iterable[Task]:
    """Sessions of the next seven days, and those whose register is not complete: their own, for facilitators."""
    at, address = timezone.now(), reverse("admin:programmes_workshop_changelist")
    rows = Workshop.objects.filter(cancelled_at=None)
    if not request.user.has_perm("programmes.change_workshop"):
        rows = rows.filter(facilitator=request.user)
    soon = rows.filter(starts_at__range=(at, at + timedelta(days=7))).count()
    not_recorded = Booking.objects.filter(
        workshop=OuterRef("pk"), state=Booking.State.BOOKED, attendance=None, referral__ended_at=None
    )
    open_ones = rows.filter(Exists(not_recorded), starts_at__range=(at - timedelta(days=60), at), taken__gt=0).count()
    yield Task(
        soon,
        ngettext("workshop in the next seven days", "workshops in the next seven days", soon),
        f"{address}?time=coming",
    )
    yield Task(
        open_ones,
        ngettext(
            "workshop for which it is not recorded who came",
            "workshops for which it is not recorded who came",
            open_ones,
        ),
        f"{address}?time=past",
    )
