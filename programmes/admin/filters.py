"""How staff narrow the lists of referrals and workshops, and find somebody in them."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib import admin
from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from hub import clock
from programmes import library, own_cases
from programmes.actions.referring import STATUS_WORDS, Status, WrongReference, tidy_reference
from programmes.admin.common import own
from programmes.models import Booking, Party, Referral

MOST_FOUND = 100  # people that one search finds: nobody reads more, and they write more of a name
# The words of a name, as the index "words_of_names" holds them.
NAME_BEGINS = "to_tsvector('simple'::regconfig, programmes_party.name) @@ to_tsquery('simple'::regconfig, %s)"


def people(written: str) -> list[int]:
    """The parties whose case reference or address begins so, or whose name has a word that begins with each of these.

    Each of the three has an index of its own, so that a search costs the same among very many.
    """
    ways = [Q(email__startswith=User.objects.normal_email(written))]
    try:
        ways.append(Q(case__reference__startswith=tidy_reference(written)))
    except WrongReference:
        pass
    if beginnings := re.findall(r"\w+", written.casefold())[:8]:
        if connection.vendor == "postgresql":
            begun = " & ".join(f"{each}:*" for each in beginnings)
            ways.append(Q(RawSQL(NAME_BEGINS, [begun], BooleanField())))  # noqa: S611  a constant; the words are bound
        else:
            ways.append(Q(*[Q(name__icontains=each) for each in beginnings]))
    found: dict[int, None] = {}
    for way in ways:
        found |= dict.fromkeys(Party.objects.filter(way).order_by().values_list("pk", flat=True)[:MOST_FOUND])
    return list(found)[:MOST_FOUND]


def of_status(rows, status: str, at: datetime):
    """The referrals that referring.status would give this word."""
    withdrawn = Q(outcome=Referral.Ended.WITHDRAWN)
    complete = Q(outcome=Referral.Ended.COMPLETE) | Q(learned_at__isnull=False, attended_at__isnull=False)
    no_link = Q(secret_hash="") | Q(link_expires_at=None)
    booked = Exists(Booking.objects.filter(referral=OuterRef("pk"), state=Booking.State.BOOKED))
    # in the words of the indexes of the worklists
    is_open = Q(outcome=Referral.Ended.OPEN, ended_at=None)
    joined = is_open & Q(attended_at=None, joined_at__isnull=False)
    not_joined = is_open & Q(attended_at=None, joined_at=None)
    match status:
        case Status.WITHDRAWN:
            return rows.filter(withdrawn)
        case Status.COMPLETE:
            return rows.filter(~withdrawn & complete)
        case Status.ATTENDED:
            return rows.filter(is_open, learned_at=None, attended_at__isnull=False)
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


TO_BE_LED = "lead"
A_WEEK, MAY_STILL_BE_RECORDED = timedelta(days=7), timedelta(days=60)


def _not_recorded(workshops, own_ones: Collection[int], at: datetime):
    """Workshops of the last weeks that somebody had a place in and nobody said whether they came.

    Somebody of `own_ones`, the cases of whoever asks, does not count: they are shown nothing of them.
    """
    waits = Booking.objects.filter(
        workshop=OuterRef("pk"), state=Booking.State.BOOKED, attendance=None, referral__ended_at=None
    )
    waits = own_cases.without(waits, "referral__party__case", own_ones)
    begun = workshops.filter(starts_at__range=(at - MAY_STILL_BE_RECORDED, at), cancelled_at=None, taken__gt=0)
    return begun.filter(Exists(waits))


def of_time(workshops, when: str, own_ones: Collection[int], at: datetime):
    """Those still to come, of the next days, past, waiting for who came, or called off. One more is `to_be_led`."""
    match when:
        case "coming":
            return workshops.filter(starts_at__gt=at, cancelled_at=None)
        case "week":
            return workshops.filter(starts_at__range=(at, at + A_WEEK), cancelled_at=None)
        case "past":
            return workshops.filter(starts_at__lte=at, cancelled_at=None)
        case "open":
            return _not_recorded(workshops, own_ones, at)
        case "off":
            return workshops.filter(cancelled_at__isnull=False)
    return workshops


def to_be_led(request: HttpRequest, workshops, at: datetime):
    """Those still to come that somebody else must lead. For whoever may change that; nobody else is told."""
    if not request.user.has_perm("programmes.change_workshop"):
        return workshops.none()
    return own_cases.led_by_one_of_theirs(of_time(workshops, "coming", (), at), own(request), request.user)


class OfTime(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = "time"

    def lookups(self, request, model_admin):
        may_change = request.user.has_perm("programmes.change_workshop")
        return [
            ("coming", _("Still to come")),
            ("week", _("In the next seven days")),
            ("past", _("Begun or past")),
            ("open", _("Who came is not recorded")),
            ("off", _("Called off")),
            *([(TO_BE_LED, _("Somebody else must lead it"))] if may_change else []),
        ]

    def queryset(self, request, queryset):
        if self.value() == TO_BE_LED:
            return to_be_led(request, queryset, clock.now())
        return of_time(queryset, self.value(), own(request), clock.now()) if self.value() else queryset
