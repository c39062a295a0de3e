"""A parent's own workshop: the sessions they are offered, their place or turn, moving, giving up, and what they need.

Every page starts from the parent's own referral. What they are offered is theirs alone (programmes.lanes), so nothing
here can tell what anybody else of their case has done.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, F, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.private import asks_first
from hub import clock
from hub.http import page, signed_in_only, to_save
from programmes import calendar
from programmes.actions import booking as places
from programmes.actions.booking import Choice, Offer
from programmes.forms.workshops import NeedsForm
from programmes.models import Booking, Needs, Referral, Sitting, Workshop
from programmes.places import knew_it_before, may_leave_until

PROGRAMME = "planning-together"
MINE, COVER = "programmes:workshop", "programmes:cover"
AT_A_TIME = 20
CALENDAR_NAME = "appointment.ics"  # neutral: a list of downloads on a shared machine does not say of what

FILTERS: tuple[tuple[str, Any, Any, Any], ...] = (
    ("when", gettext_lazy("Time"), gettext_lazy("Any time"), Workshop.When),
    ("way", gettext_lazy("Place"), gettext_lazy("Any place"), Workshop.Way),
)

both = require_http_methods(["GET", "HEAD", "POST"])


# ---------------------------------------------------------------- whose it is


def sent_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, and sent to the programme that has workshops: the view gets (request, referral, ...).

    For anybody else there is no workshop.
    """

    @wraps(view)
    @signed_in_only
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        referral = referral_of(request.user)
        if referral is None:
            raise Http404
        return view(request, referral, *args, **kwargs)

    return wrapped


def referral_of(person, programme: str = PROGRAMME) -> Referral | None:
    """The person's own referral to this programme: the one that is open, else the one that ended last."""
    if not person.is_parent:
        return None
    mine = Referral.objects.filter(party__person=person, programme=programme, joined_at__isnull=False)
    mine = mine.select_related("party", "needs")
    return mine.order_by(F("ended_at").desc(nulls_first=True), "-joined_at", "-pk").first()


@dataclass(frozen=True)
class Mine:
    """Somebody's place, or their turn in a waiting list."""

    booking: Booking
    sittings: list[Sitting]

    @property
    def workshop(self) -> Workshop:
        return self.booking.workshop

    @property
    def until(self) -> datetime:
        """The last moment at which they may change it themselves: elapsed hours, whatever the clocks do."""
        return may_leave_until(self.booking, self.workshop)

    @property
    def has_changed(self) -> bool:
        """Whether staff changed its time or place since they got it."""
        return knew_it_before(self.booking, self.workshop)


def mine_of(booking: Booking | None) -> Mine | None:
    return Mine(booking, _in_order(booking.workshop)) if booking is not None else None


def _in_order(workshop: Workshop) -> list[Sitting]:
    return sorted(workshop.sittings.all(), key=lambda sitting: sitting.starts_at)


def held_by(referral: Referral) -> Mine | None:
    """What this referral holds now, without what else it could choose. Two queries, or one when it holds nothing."""
    rows = Booking.objects.filter(referral=referral, state__in=[Booking.State.BOOKED, Booking.State.WAITING])
    return mine_of(rows.select_related("workshop").prefetch_related("workshop__sittings").first())


# ---------------------------------------------------------------- the sessions


@dataclass(frozen=True)
class Session:
    """One workshop as the list and the check page show it: nothing in it is for those who have a place alone."""

    reference: str
    way: str
    town: str
    starts_at: datetime
    sittings: list[Sitting]
    left: int
    may_wait: bool

    @property
    def is_full(self) -> bool:
        return self.left < 1

    @property
    def places(self) -> str:
        """In words, and never who or how many are waiting."""
        if self.is_full:
            return _("Full: you can join the waiting list") if self.may_wait else _("Full")
        return ngettext("%(n)d place left", "%(n)d places left", self.left) % {"n": self.left}

    @property
    def choose(self) -> str:
        return _("Join the waiting list") if self.is_full else _("Choose this session")


def _session(choice: Choice) -> Session:
    its = choice.workshop
    return Session(its.reference, its.way, its.town, its.starts_at, _in_order(its), choice.left, choice.may_wait)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The filters of the address that mean something."""
    asked = {name: request.GET.get(name, "") for name, *_rest in FILTERS}
    return {name: asked[name] for name, _label, _any, kinds in FILTERS if asked[name] in kinds.values}


def _shown(request: HttpRequest, choices: Iterable[Choice], asked: dict[str, str]) -> dict[str, Any]:
    """A page of the list, with plain links to see fewer of them or the next."""
    every = list(choices)
    number = request.GET.get("page", "1")
    number = min(int(number), 1000) if number.isdecimal() and len(number) < 5 else 1
    first = (max(number, 1) - 1) * AT_A_TIME

    def to(page_number: int = 1, **other: str) -> str:
        told = {name: value for name, value in (asked | other).items() if value}
        query = urlencode(told | ({"page": page_number} if page_number > 1 else {}))
        return request.path + (f"?{query}" if query else "")

    filters = [
        {
            "label": label,
            "choices": [
                {"words": words, "url": to(**{name: value}), "current": asked.get(name, "") == value}
                for value, words in [("", any_of_them), *kinds.choices]
            ],
        }
        for name, label, any_of_them, kinds in FILTERS
    ]
    return {
        "sessions": [_session(choice) for choice in every[first : first + AT_A_TIME]],
        "filters": filters if every or asked else [],
        "is_narrowed": bool(asked),
        "everything": request.path,
        "earlier": to(number - 1) if first and every else "",
        "later": to(number + 1) if len(every) > first + AT_A_TIME else "",
    }


# ---------------------------------------------------------------- pages


@require_safe
@sent_only
def workshop(request: HttpRequest, referral: Referral) -> HttpResponse:
    """My place, or the sessions I can choose from."""
    asked = _asked(request)
    offer = places.offered(referral, clock.now(), **asked)
    return page(
        request,
        "programmes/workshop.html",
        {
            "state": offer.state,
            "mine": mine_of(offer.booking),
            "may_change": offer.may_change,
            "shown": _shown(request, (each for each in offer.choices if each.left > 0 or each.may_wait), asked),
            "has_needs": _needs_of(referral) is not None,
            "cover_url": reverse(COVER, args=[PROGRAMME]),
        },
    )


@require_safe
@sent_only
def move(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Another session for the place I have. Too late for that: whom to ask."""
    asked = _asked(request)
    offer = places.offered(referral, clock.now(), **asked)
    if offer.state != "booked":
        return redirect(MINE)
    if not offer.may_change:
        return page(request, "programmes/workshop_too_late.html")
    free = [choice for choice in offer.choices if choice.left > 0]
    return page(
        request,
        "programmes/workshop_move.html",
        {"mine": mine_of(offer.booking), "shown": _shown(request, free, asked)},
    )


@both
@sent_only
def session(request: HttpRequest, referral: Referral, reference: str) -> HttpResponse:
    """The check page before a place is booked or changed, or a turn taken; and the press on its button."""
    offer = places.offered(referral, clock.now())
    if offer.booking is not None and offer.booking.workshop.reference == reference:
        return redirect(MINE)  # a second press, or an old tab: they have what they asked for
    if offer.state not in {"free", "waiting", "booked"}:
        return redirect(MINE)
    if offer.state == "booked" and not offer.may_change:
        return page(request, "programmes/workshop_too_late.html")
    chosen = next((choice for choice in offer.choices if choice.workshop.reference == reference), None)
    if chosen is None:
        return _not_offered(request)
    if request.method != "POST":
        return _check(request, offer, chosen)
    return _press(request, referral, offer, chosen)


def _check(
    request: HttpRequest, offer: Offer, chosen: Choice, *, just_gone: bool = False, status: int = 200
) -> HttpResponse:
    shown = _session(chosen)
    what = "move" if offer.state == "booked" else "wait" if shown.is_full else "book"
    context = {
        "session": shown,
        "what": what,
        "can_be_done": not shown.is_full or (what == "wait" and shown.may_wait),
        "just_gone": just_gone,
        "mine": mine_of(offer.booking),
        "key": uuid.uuid4().hex,
        "changes": chosen.workshop.changes,
    }
    return page(request, "programmes/workshop_session.html", context, status=status)


def _press(request: HttpRequest, referral: Referral, offer: Offer, chosen: Choice) -> HttpResponse:
    """Do what the page that was sent had asked. What cannot be done any more is said in words; nothing else happens."""
    asked, do = chosen.workshop, request.POST.get("do", "")
    try:
        if request.POST.get("changes", "0") != str(asked.changes):
            raise places.Changed
        if do == "move":
            places.move(referral, asked)
            messages.success(request, _("You have moved. If the old date is in your calendar, take it out."))
        elif do == "wait":
            got = places.wait(referral, asked)
            if got.state == Booking.State.BOOKED:
                messages.success(request, _("A place was free after all. It is yours."))
            else:
                messages.success(request, _("You are on the waiting list."))
        elif do == "book":
            places.book(referral, asked, request.POST.get("submit_key", "")[:40] or None)
            messages.success(request, _("Your place is booked."))
        else:
            return redirect(request.path)
    except places.Full:
        return _check(request, offer, replace(chosen, left=0), just_gone=True, status=409)
    except places.TooLate:
        if do != "move":
            return _not_offered(request)
        return page(request, "programmes/workshop_too_late.html", status=409)
    except places.NotOffered:
        return _not_offered(request)
    except places.Changed:
        messages.info(request, _("The time or place of this session has changed. Nothing was done. Please look again."))
        return redirect(request.path)
    except places.AlreadyHasPlace:
        messages.info(request, _("You have a place already. You can move it from here."))
    except places.Refused:
        messages.info(request, _("Something had changed in the meantime. This is how things stand now."))
    return redirect(MINE)


def _not_offered(request: HttpRequest) -> HttpResponse:
    """Begun, called off, never there, or not for this person: all of these look the same."""
    return page(request, "programmes/workshop_not_here.html", status=404)


@both
@sent_only
def give_up(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Give back a place, until 48 hours before; or leave a waiting list."""
    now = clock.now()
    mine = held_by(referral)
    if mine is None or referral.ended_at is not None or mine.workshop.starts_at <= now:
        return redirect(MINE)
    is_waiting = mine.booking.state == Booking.State.WAITING
    if not is_waiting and now > mine.until:
        return page(request, "programmes/workshop_too_late.html")
    held = f"{mine.booking.pk}-{mine.booking.state}"
    if request.method == "POST" and request.POST.get("held") == held:  # else it changed since they looked: ask again
        try:
            places.give_up(referral)
        except places.TooLate:
            return page(request, "programmes/workshop_too_late.html", status=409)
        except places.Refused:
            return redirect(MINE)
        messages.success(
            request,
            _("You have left the waiting list.")
            if is_waiting
            else _("You have given up your place. If the date is in your calendar, take it out."),
        )
        return redirect(MINE)
    return page(request, "programmes/workshop_give_up.html", {"mine": mine, "is_waiting": is_waiting, "held": held})


@require_safe
@sent_only
def calendar_file(request: HttpRequest, referral: Referral) -> HttpResponse:
    """My own place for my own calendar. Without one there is no such file."""
    mine = held_by(referral)
    if mine is None or mine.booking.state != Booking.State.BOOKED:
        raise Http404
    content = calendar.file_for(
        whose=referral.pk,
        sittings=[(sitting.starts_at, sitting.ends_at) for sitting in mine.sittings],
        sequence=_sequence(mine.booking),
        made_at=max(mine.booking.placed_at or mine.booking.made_at, mine.workshop.changed_at or mine.booking.made_at),
    )
    return to_save(HttpResponse(content, content_type="text/calendar; charset=utf-8"), CALENDAR_NAME)


def _sequence(booking: Booking) -> int:
    """Higher after every move, and after every change that staff made to a session of theirs."""
    so_far = Booking.objects.filter(referral=booking.referral_id, pk__lte=booking.pk)
    counted = so_far.aggregate(places=Count("pk"), changes=Sum("workshop__changes"))
    return counted["places"] - 1 + counted["changes"]


# ---------------------------------------------------------------- what somebody needs


def _needs_of(referral: Referral) -> Needs | None:
    return getattr(referral, "needs", None)  # read together with the referral


@both
@sent_only
def needs(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What would help: saved, changed or removed. Theirs, the staff's, and for whoever leads their session."""
    if referral.ended_at is not None:
        return redirect(MINE)
    said = _needs_of(referral)
    if request.method == "POST" and request.POST.get("do") == "remove":
        Needs.objects.filter(referral=referral).delete()
        messages.success(request, _("All of it is removed."))
        return redirect("programmes:needs")
    if request.method != "POST" and said is not None and (asked := asks_first(request)):
        return asked
    form = NeedsForm.of(said, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        if any(facts.values()):
            Needs.objects.update_or_create(referral=referral, defaults=facts | {"changed_at": clock.now()})
        else:
            Needs.objects.filter(referral=referral).delete()
        messages.success(request, _("Saved. You can change it at any time."))
        return redirect(MINE)
    context = {"form": form, "has_needs": said is not None, "has_errors": bool(form.errors)}
    return page(request, "programmes/needs.html", context)
