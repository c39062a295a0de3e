"""What waits for coordinators and facilitators. Each number is the number of rows in the list it leads to."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from hub.desk.today import Task, tells
from programmes.actions.referring import Status
from programmes.admin.common import own
from programmes.admin.filters import TO_BE_LED, of_status, of_time, to_be_led
from programmes.models import Referral, Workshop


def rows_of(model: type[Model], request: HttpRequest) -> QuerySet:
    """The rows that this member of staff finds in the list: none of a case of their own, nor of somebody else’s."""
    return admin.site.get_model_admin(model).get_queryset(request)


@tells("programmes.change_referral")
def referrals(request: HttpRequest) -> Iterable[Task]:
    """Who was referred and has no account here yet: the link was not sent, or ran out."""
    at, address = timezone.now(), reverse("admin:programmes_referral_changelist")
    rows = rows_of(Referral, request)
    unsent, run_out = (of_status(rows, status, at).count() for status in (Status.MADE, Status.LINK_RUN_OUT))
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
    rows = rows_of(Workshop, request)
    soon, open_ones = (of_time(rows, when, own(request), at).count() for when in ("week", "open"))
    yield Task(
        soon,
        ngettext("workshop in the next seven days", "workshops in the next seven days", soon),
        f"{address}?time=week",
    )
    yield Task(
        open_ones,
        ngettext(
            "workshop for which it is not recorded who came",
            "workshops for which it is not recorded who came",
            open_ones,
        ),
        f"{address}?time=open",
    )


@tells("programmes.view_workshop", "programmes.change_workshop")
def to_be_led_by_others(request: HttpRequest) -> Iterable[Task]:
    """Sessions whose facilitator named a case of their own since somebody of it was booked. No word says whose."""
    rows = to_be_led(request, rows_of(Workshop, request), timezone.now())
    count, address = rows.count(), reverse("admin:programmes_workshop_changelist")
    said = ngettext("workshop that somebody else must lead", "workshops that somebody else must lead", count)
    yield Task(count, said, f"{address}?time={TO_BE_LED}")
