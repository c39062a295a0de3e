"""A parent's own place in the Positive co-Parenting Programme: what it asks, what they said, and what comes next.

Before staff begin it, nothing on these pages is worked out from anything the other parent said or did.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hub import clock
from hub.http import page, signed_in_only
from programmes import library
from programmes.actions import consenting
from programmes.actions.consenting import PROGRAMME
from programmes.forms.positive import Say
from programmes.models import Consent, Enrolment, Meeting, Referral

HERE = "programmes:positive"


@dataclass(frozen=True)
class Place:
    """Where one parent stands in one enrolment, as they may know it.

    `state` is "waiting" (staff have not set it up), "asked", "yes", "no", "withdrawn" (what they said last), "begun" or
    "ended". Of an ended one nothing else is told: it reads the same for both parents.
    """

    referral: Referral
    state: str
    enrolment: Enrolment | None = None
    said_at: datetime | None = None
    meetings: tuple[Meeting, ...] = ()
    next: Meeting | None = None


def place_of(person) -> dict:
    """What _positive.html needs: this person's places, the newest first; none for everybody else. At most 5 queries."""
    return {"positive": _places(person)}


def _places(person) -> list[Place]:
    rows = Referral.objects.filter(party__person=person, programme=PROGRAMME).order_by("-made_at", "-pk")
    mine = list(rows.select_related("party__case"))
    if not mine:
        return []
    enrolments = list(Enrolment.objects.filter(case__in={one.party.case_id for one in mine}).order_by("-made_at"))
    said: dict[tuple[int, int], Consent] = {}
    for consent in Consent.objects.filter(enrolment__in=enrolments, referral__in=mine).order_by("at", "pk"):
        said[consent.enrolment_id, consent.referral_id] = consent
    found: dict[int, Place] = {}  # by case: the newest referral of each counts
    for referral in mine:
        in_it = next((one for one in enrolments if _belongs(referral, one)), None)
        if referral.party.case_id in found or (in_it is None and referral.ended_at):
            continue
        found[referral.party.case_id] = _place(referral, in_it, said)
    return list(found.values())


def _belongs(referral: Referral, enrolment: Enrolment) -> bool:
    """The same rule as consenting.parents_of."""
    was_open = referral.ended_at is None or referral.ended_at > enrolment.made_at
    return enrolment.case_id == referral.party.case_id and referral.made_at <= enrolment.made_at and was_open


def _place(referral: Referral, enrolment: Enrolment | None, said: dict[tuple[int, int], Consent]) -> Place:
    if enrolment is None:
        return Place(referral, "waiting")
    if enrolment.ended_at or referral.ended_at:
        return Place(referral, "ended")
    if enrolment.begins_on:
        # their own, the child's and the joint one: never the other parent's
        whose = Q(referral=referral) | ~Q(whom=Meeting.With.PARENT)
        meetings = tuple(enrolment.meetings.filter(whose))
        now = clock.now()
        return Place(
            referral,
            "begun",
            enrolment,
            meetings=meetings,
            next=next((meeting for meeting in meetings if meeting.starts_at >= now), None),
        )
    last = said.get((enrolment.pk, referral.pk))
    return Place(referral, last.said if last else "asked", enrolment, said_at=last.at if last else None)


def _page_of(request: HttpRequest, place: Place, places: list[Place], form: Say) -> HttpResponse:
    return page(
        request,
        "programmes/positive.html",
        {
            "place": place,
            "others": [one for one in places if one is not place],  # somebody may be a parent in two cases
            "form": form,
            "programme": library.programme(PROGRAMME),
            "has_errors": bool(form.errors),
        },
    )


def _chosen(places: list[Place], pk: str | None) -> Place:
    """The place of this referral; without one, the newest that has not ended. 404 for a place of somebody else."""
    if not places:
        raise Http404
    if pk is None:
        return next((one for one in places if one.state != "ended"), places[0])
    for one in places:
        if str(one.referral.pk) == pk:
            return one
    raise Http404


def _back_to(place: Place, places: list[Place]) -> HttpResponse:
    return redirect(reverse(HERE) + (f"?to={place.referral.pk}" if len(places) > 1 else ""))


@require_safe
@signed_in_only
def positive(request: HttpRequest) -> HttpResponse:
    """This parent's place. For somebody who was never referred the page does not exist."""
    places = _places(request.user)
    return _page_of(request, _chosen(places, request.GET.get("to")), places, Say())


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def answer(request: HttpRequest) -> HttpResponse:
    """Yes, no, or a yes taken back: first the check page, then it is done."""
    told = request.POST if request.method == "POST" else request.GET
    places = _places(request.user)
    place = _chosen(places, told.get("to", ""))
    if place.enrolment is None:  # not set up yet, or ended: there is nothing to answer
        return _back_to(place, places)
    said = told.get("said", "")
    if said not in Consent.Said.values:
        return _page_of(request, place, places, Say(told))
    if request.method == "POST" and told.get("seen") == place.state:  # what was shown is still how it stands
        # Refused when it ended, or was taken back in another tab, a moment ago: the page they come to says so.
        with suppress(consenting.HasEnded, consenting.NothingToTakeBack):
            consenting.say(place.enrolment, place.referral, said, clock.now())
        return _back_to(place, places)
    if said == place.state or (said == Consent.Said.YES and place.state == "begun"):
        return _back_to(place, places)
    return page(request, "programmes/positive_check.html", {"place": place, "said": said})
