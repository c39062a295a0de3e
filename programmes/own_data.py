"""What the hub holds of somebody in their courses: to be copied, and what closing their account does to it.

Everything is found by the person alone. Who else is in a case or a session, why sessions are offered or not, and what
staff wrote for themselves is in no copy.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import own_data
from hub import words as say
from hub.own_data import Fate, Section, Told
from programmes import library, places, written
from programmes.actions import referring, returning
from programmes.forms.workshops import NeedsForm
from programmes.models import (
    Attendance,
    Booking,
    Certificate,
    Consent,
    Enrolment,
    Meeting,
    Needs,
    Referral,
    Return,
    Taking,
    Workshop,
)

own_data.call_mails({"programmes/referral": gettext_lazy("A link to join a course")})

STATES = {
    Booking.State.BOOKED: gettext_lazy("Booked"),
    Booking.State.WAITING: gettext_lazy("On the waiting list"),
    Booking.State.MOVED: gettext_lazy("Moved to another session"),
    Booking.State.GIVEN_UP: gettext_lazy("Given up"),
    Booking.State.CALLED_OFF: gettext_lazy("The session was called off"),
    Booking.State.OVER: gettext_lazy("Over"),
}
MEETINGS = {
    Meeting.With.PARENT: gettext_lazy("You and the adviser"),
    Meeting.With.CHILD: gettext_lazy("Your child and the adviser"),
    Meeting.With.JOINT: gettext_lazy("Both parents and the adviser"),
}
ENDS = {
    Referral.Ended.COMPLETE: gettext_lazy("You have done all of it"),
    Referral.Ended.WITHDRAWN: gettext_lazy("Your place on this course has ended"),
}


@own_data.copies
def copy(person, at: datetime) -> Iterator[Section]:
    """A fixed number of queries, however much there is."""
    shown = {programme.slug: programme for programme in library.programmes()}
    yield from own_data.section(
        "courses",
        _("Your courses"),
        _("How far you are. If you were sent to a course, our staff see when you have finished it."),
        _courses(person, shown),
    )
    yield from own_data.section(
        "courses_certificates",
        _("Your certificates"),
        _("Whoever has the code can check that it is genuine. They see the course and the day, and no name."),
        _certificates(person),
    )
    yield from own_data.section(
        "courses_notes",
        _("What you wrote in your courses"),
        _("Nobody but you sees it."),
        map(_note, written.of(person)),
    )
    yield from own_data.section(
        "courses_sent_to",
        _("What a court or an adviser asked of you"),
        _("You and our staff see it. The other parent does not."),
        [*_referrals(person, shown), *_returns(person)],
    )
    yield from own_data.section(
        "courses_sessions",
        _("Your sessions"),
        _("You and our staff see it. The other parent is not told where or when you go."),
        _bookings(person),
    )
    yield from own_data.section(
        "courses_yes_or_no",
        _("What you said about taking part"),
        _("You and our staff see it. The other parent does not see what you said."),
        [*_consents(person, shown), *_meetings(person)],
    )


def _title(programme: str, shown: dict[str, library.Programme]) -> str:
    return shown[programme].title if programme in shown else _("A course that has ended")


def _courses(person, shown: dict[str, library.Programme]) -> Iterator[Told]:
    for taking in Taking.objects.filter(person=person):
        told = Told(_title(taking.programme, shown), "course").say("begun_at", _("Begun"), taking.started_at)
        told.say("last_at", _("Last opened"), taking.last_at)
        parts = shown[taking.programme].parts if taking.programme in shown else ()
        finished = [part.title for part in parts if part.slug in taking.parts_done]
        yield told.say("parts_finished", _("Parts you finished"), finished).say(
            "finished_at", _("All of it finished"), taking.finished_at
        )


def _certificates(person) -> Iterator[Told]:
    for each in Certificate.objects.filter(person=person):
        told = Told(each.title, "course").say("says", _("What it says"), each.says)
        told.say("name", _("Name on it"), each.name).say("code", _("Code"), str(each))
        yield told.say("given_at", _("Given"), each.issued_at)


def _note(each: written.Written) -> Told:
    told = (
        Told(each.asked or each.part, "asked").say("course", _("Course"), each.course).say("part", _("Part"), each.part)
    )
    for piece in each.said:
        told.add("said", piece.label or _("You said"), {"to": piece.label, "said": piece.text}, piece.text)
    return told.say("at", _("When"), each.at)


def _referrals(person, shown: dict[str, library.Programme]) -> Iterator[Told]:
    """Those that this person has joined. The day on which suitability was looked at is for staff."""
    mine = Referral.objects.filter(party__person=person, joined_at__isnull=False)
    for referral in mine.select_related("party__case", "needs").order_by("-joined_at", "-pk"):
        told = Told(_title(referral.programme, shown), "course")
        told.say("case", _("Case reference"), referral.party.case.reference)
        told.say("name", _("Your name on the court papers"), referral.party.name)
        told.say("email", _("The address our link went to"), referral.party.email)
        told.say("sent_by", _("Sent by"), str(referral.get_route_display()))
        told.say("ordered_on", _("Date of the order or decision"), referral.ordered_on)
        told.say("hearing_on", _("Next hearing"), referral.hearing_on)
        told.say("joined_at", _("You joined"), referral.joined_at)
        told.say("learning_due_on", _("To be read by"), referral.learning_due_on)
        told.say("learned_at", _("All of it read"), referral.learned_at)
        told.say("attended_at", _("Workshop attended, written down"), referral.attended_at)
        told.say("ended_at", _("Ended"), referral.ended_at)
        told.say("outcome", _("How it ended"), str(ENDS.get(referral.outcome, "")))
        if (needs := getattr(referral, "needs", None)) is not None:
            told.say("you_need", _("What you need"), _in_words(needs))
        yield told


def _in_words(needs: Needs) -> list[str]:
    choices = dict(NeedsForm.base_fields["ticked"].choices)  # type: ignore[attr-defined]
    found = [str(choices[name]) for name in NeedsForm.TICKED if getattr(needs, name)]
    if needs.interpreter:
        found.append(_("An interpreter: %(language)s") % {"language": needs.interpreter})
    return [*found, needs.other] if needs.other else found


def _returns(person) -> Iterator[Told]:
    for made in Return.objects.filter(referral__party__person=person):
        told = Told(_("What we told the court or your adviser")).say("told_at", _("When"), made.made_at)
        for label, words in returning.rows(made):
            told.add("told", label, {"what": label, "words": words}, words)
        yield told


def _bookings(person) -> Iterator[Told]:
    mine = Booking.objects.filter(referral__party__person=person).select_related("workshop", "attendance")
    for booking in mine.prefetch_related("workshop__sittings").order_by("-made_at", "-pk"):
        workshop: Workshop = booking.workshop
        told = Told(_("A workshop"))
        for sitting in workshop.sittings.all():
            value = {"begins": sitting.starts_at, "ends": sitting.ends_at}
            told.add("times", _("When"), value, f"{say.when(sitting.starts_at)} – {say.when(sitting.ends_at)}")
        told.say("how", _("How"), str(workshop.get_way_display())).say("town", _("Town"), workshop.town)
        if booking.state == Booking.State.BOOKED:
            told.say("joining", _("How to get there or in"), workshop.joining)
        told.say("place", _("Your place"), str(STATES[Booking.State(booking.state)]))
        told.say("asked_at", _("You asked for it"), booking.made_at).say("got_at", _("You got it"), booking.placed_at)
        told.say("ended_at", _("It ended"), booking.ended_at)
        came: Attendance | None = getattr(booking, "attendance", None)
        if came is not None:
            told.say("came", _("What staff wrote down"), str(came.get_came_display()))
            told.say("counts", _("It counts as the whole workshop"), came.counts)
        yield told


def _consents(person, shown: dict[str, library.Programme]) -> Iterator[Told]:
    rows = Consent.objects.filter(referral__party__person=person).select_related("referral").order_by("-at", "-pk")
    for said in rows:
        told = Told(_title(said.referral.programme, shown), "course")
        yield told.say("said", _("You said"), str(said.get_said_display())).say("at", _("When"), said.at)


def _meetings(person) -> Iterator[Told]:
    """As on their own page: theirs, the child’s and the joint one, as long as it goes on; never the other parent’s."""
    yes = Consent.objects.filter(
        enrolment=OuterRef("enrolment"), referral__party__person=person, referral__ended_at=None, said=Consent.Said.YES
    )
    going = Meeting.objects.filter(enrolment__begins_on__isnull=False, enrolment__ended_at=None)
    whose = Q(referral__party__person=person) | ~Q(whom=Meeting.With.PARENT)
    for meeting in going.filter(Exists(yes), whose):
        yield Told(str(MEETINGS[Meeting.With(meeting.whom)]), "meeting").say("at", _("When"), meeting.starts_at)


# ---------------------------------------------------------------- closing the account


@own_data.tells
def fate(person) -> Fate:
    """Three queries."""
    goes, stays = [], []
    if Taking.objects.filter(person=person).exists():
        goes.append(_("Your courses: how far you are, and everything you wrote in them."))
    sent = Referral.objects.filter(party__person=person)
    rows = list(
        sent.values_list(
            Exists(Booking.objects.filter(referral=OuterRef("pk"), state__in=places.OPEN)),
            Exists(Needs.objects.filter(referral=OuterRef("pk"))),
            Exists(Enrolment.objects.filter(consents__referral=OuterRef("pk"))),
        )
    )
    if any(row[0] for row in rows):
        goes.append(_("Your place in a session that is still to come. Somebody else gets it."))
    if any(row[1] for row in rows):
        goes.append(_("What you told us you need to take part."))
    if rows:
        stays.append(_("What the court or your adviser asked of you, and whether you took part. Our staff keep that."))
    if any(row[2] for row in rows):
        stays.append(_("Whether you said yes or no to taking part with the other parent. Our staff keep that."))
    if Certificate.objects.filter(person=person).exists():
        stays.append(_("Your certificates, with the name on them. Whoever has the code of one can still check it."))
    return Fate(tuple(goes), tuple(stays))


@own_data.on_closing
def close(person, at: datetime) -> None:
    """Whatever they have in sessions still to come goes to the next in line, however soon it begins.

    Their referral stays: it is the court's. In the order of locks: referrals, then workshops.
    """
    with transaction.atomic():
        mine = Referral.objects.filter(party__person=person).order_by("pk").values_list("pk", flat=True)
        held = places.hold_referrals(*mine)
        bookings = Booking.objects.filter(referral__in=held, state__in=places.OPEN, workshop__starts_at__gt=at)
        places.hold_workshops(*bookings.values_list("workshop", flat=True))  # all of them, in order
        for referral in held.values():
            referring.release(referral, at)


@own_data.on_erasing
def erase(person) -> dict[str, int]:
    """What they said they need. Their name stays on a certificate and in a case, and leads to no account."""
    gone, _kinds = Needs.objects.filter(referral__party__person=person).delete()
    return {"needs": gone} if gone else {}
