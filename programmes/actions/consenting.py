"""The Positive co-Parenting Programme: staff enrol a case, each parent says yes or no alone, staff begin it.

Until it has begun, what one parent says changes nothing that the other sees, gets or could infer: no page, notice or
mail of theirs is made from it. Once it has begun, either may stop it: it ends for both, in the same words, whatever the
reason. The enrolment's row lock decides who was first when staff begin and a parent withdraws at the same moment.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from hub import audit, mail, notices
from hub.models import OutgoingMail
from programmes.models import Case, Consent, Enrolment, Meeting, Referral
from programmes.places import Refused, only_staff

PROGRAMME = "positive-co-parenting"
WEEKS = 12
KIND = "programmes/positive"
Said = Consent.Said


class AlreadyEnrolled(Refused):
    """The case has an enrolment that has not ended."""


class NotBothReferred(Refused):
    """The programme is for two parents: exactly two people of the case need an open referral to it."""


class NotBothSaidYes(Refused):
    """What at least one parent said last is not yes, or they have not said anything."""


class AlreadyBegun(Refused):
    """It has begun on another day."""


class NotBegun(Refused):
    """Meetings are set once the programme has begun."""


class HasEnded(Refused):
    """The programme has ended for this case."""


class NotYours(Refused):
    """This referral has no part in this enrolment, or nobody has joined with it."""


class NothingToTakeBack(Refused):
    """Only somebody who said yes can take it back."""


# ---------------------------------------------------------------- what stands


def parents_of(enrolment: Enrolment) -> list[Referral]:
    """The referrals of its two parents: those that were open when it was made, whatever became of them since."""
    made_at = enrolment.made_at
    of_the_case = Referral.objects.filter(party__case=enrolment.case_id, programme=PROGRAMME, made_at__lte=made_at)
    open_then = of_the_case.filter(Q(ended_at=None) | Q(ended_at__gt=made_at))
    return list(open_then.select_related("party__person").order_by("party__lane"))


def newest(enrolment: Enrolment, referral: Referral) -> Consent | None:
    """What this parent said last."""
    return Consent.objects.filter(enrolment=enrolment, referral=referral).order_by("-at", "-pk").first()


@dataclass(frozen=True)
class Standing:
    """For staff alone: a parent of an enrolment and what they said last."""

    referral: Referral
    consent: Consent | None

    @property
    def is_yes(self) -> bool:
        return self.consent is not None and self.consent.said == Said.YES


def standing(enrolment: Enrolment) -> list[Standing]:
    """For staff alone: both parents of an enrolment and what they said last."""
    return [Standing(referral, newest(enrolment, referral)) for referral in parents_of(enrolment)]


def both_said_yes(enrolment: Enrolment) -> bool:
    """Both said yes last, and neither referral has been withdrawn."""
    both = standing(enrolment)
    return len(both) == 2 and all(one.is_yes and one.referral.ended_at is None for one in both)


def may_read(person) -> bool:
    """Whether the materials are open to this person: staff have begun their programme, and it has not ended."""
    mine = Referral.objects.filter(party__person=person, programme=PROGRAMME, ended_at=None)
    begun = Enrolment.objects.filter(begins_on__isnull=False, ended_at=None, made_at__gte=OuterRef("made_at"))
    return mine.filter(Exists(begun.filter(case=OuterRef("party__case")))).exists()


def _held(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_for_update(of=("self",)).select_related("case").get(pk=enrolment.pk)


# ---------------------------------------------------------------- what staff do


def enrol(case: Case, basis: str, by, at: datetime) -> Enrolment:
    """Ask both parents of the case. Raises AlreadyEnrolled or NotBothReferred; ValueError for an unknown basis."""
    only_staff(by)
    basis = Enrolment.Basis(basis).value
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        if case.enrolments.filter(ended_at=None).exists():
            raise AlreadyEnrolled
        enrolment = Enrolment(case=case, basis=basis, made_by=by, made_at=at)
        if len(parents_of(enrolment)) != 2:
            raise NotBothReferred
        enrolment.save()
        audit.record(person=by, what="enrol", about=f"enrolment:{enrolment.pk}")
        _tell(enrolment, "asked", at)
    return enrolment


def begin(enrolment: Enrolment, begins_on: date, by, at: datetime) -> Enrolment:
    """Twelve weeks from this day, once both have said yes. Raises NotBothSaidYes, HasEnded or AlreadyBegun."""
    only_staff(by)
    with transaction.atomic():
        held = _held(enrolment)
        if held.ended_at:
            raise HasEnded
        if held.begins_on:
            if held.begins_on != begins_on:
                raise AlreadyBegun
            return held
        if not both_said_yes(held):
            raise NotBothSaidYes
        held.begins_on, held.ends_on = begins_on, begins_on + timedelta(weeks=WEEKS)
        held.save(update_fields=["begins_on", "ends_on"])
        audit.record(person=by, what="begin programme", about=f"enrolment:{held.pk}")
        _tell(held, "begun", at)
    return held


def set_meeting(
    enrolment: Enrolment, whom: str, starts_at: datetime, by, at: datetime, referral: Referral | None = None
) -> Meeting:
    """Set one of the four meetings, or move it: with one parent (`referral`), the child, or both parents together.

    Whoever it concerns is told that there is something to read; nobody hears of the other parent's own meeting.
    Raises NotBegun, HasEnded or NotYours; ValueError for an unknown kind or a time without a zone.
    """
    only_staff(by)
    whom = Meeting.With(whom).value
    if starts_at.tzinfo is None:
        raise ValueError("A time without a zone could mean two moments.")
    if (whom == Meeting.With.PARENT) != (referral is not None):
        raise ValueError("A meeting with one parent names them; no other does.")
    with transaction.atomic():
        held = _held(enrolment)
        if held.ended_at:
            raise HasEnded
        if not held.begins_on:
            raise NotBegun
        if referral is not None and referral.pk not in {one.pk for one in parents_of(held)}:
            raise NotYours
        meeting = Meeting.objects.filter(enrolment=held, whom=whom, referral=referral).first()
        if meeting is not None and meeting.starts_at == starts_at:
            return meeting
        if meeting is None:
            meeting = Meeting(enrolment=held, whom=whom, referral=referral)
        meeting.starts_at, meeting.attended = starts_at, None  # what was recorded was of the day before it moved
        meeting.save()
        audit.record(person=by, what="set meeting", about=f"enrolment:{held.pk}")
        for_whom = None if referral is None else [referral]
        _tell(held, f"meeting-{meeting.pk}-{starts_at:%Y%m%d%H%M}", at, for_whom, after=settings.PLAN_MAIL_GAP)
    return meeting


def record_attendance(meeting: Meeting, attended: bool | None, by, at: datetime) -> None:
    """Whether the meeting took place with those it was for; None takes back what was recorded. No notes are kept."""
    only_staff(by)
    with transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(attended=attended)
        audit.record(person=by, what="record meeting", about=f"enrolment:{meeting.enrolment_id}")
    meeting.attended = attended


def end(enrolment: Enrolment, by, at: datetime) -> None:
    """Finished or stopped: both parents read the same sentence. Ending twice is ending once."""
    only_staff(by)
    with transaction.atomic():
        held = _held(enrolment)
        if held.ended_at is None:
            audit.record(person=by, what="end programme", about=f"enrolment:{held.pk}")
            _end(held, at)


def after_withdrawal(referral: Referral, at: datetime) -> None:
    """Staff withdrew this referral. What had begun ends for both; before that the other parent notices nothing."""
    with transaction.atomic():
        for enrolment in Enrolment.objects.filter(case=referral.party.case_id, ended_at=None):
            held = _held(enrolment)
            if held.begins_on and referral.pk in {one.pk for one in parents_of(held)}:
                _end(held, at)


def _end(held: Enrolment, at: datetime) -> None:
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    _tell(held, "ended", at)


# ---------------------------------------------------------------- what a parent does


def say(enrolment: Enrolment, referral: Referral, said: str, at: datetime) -> Consent:
    """One parent's yes, no, or yes taken back; saying the same again changes nothing.

    Before it has begun nobody but staff can know of it. After that anything but yes ends the programme for both.
    Raises HasEnded, NotYours or NothingToTakeBack; ValueError for another word.
    """
    said = Said(said)
    with transaction.atomic():
        held = _held(enrolment)
        if held.ended_at:
            raise HasEnded
        mine = next((one for one in parents_of(held) if one.pk == referral.pk), None)
        if mine is None or mine.ended_at or mine.party.person_id is None:
            raise NotYours
        last = newest(held, mine)
        if last is not None and last.said == said:
            return last
        if held.begins_on and said == Said.NO:
            said = Said.WITHDRAWN  # it is their yes that they take back, whichever page they had open
        if said == Said.WITHDRAWN and (last is None or last.said != Said.YES):
            raise NothingToTakeBack
        consent = Consent.objects.create(enrolment=held, referral=mine, said=said, at=at)
        if held.begins_on:
            _end(held, at)
    return consent


# ---------------------------------------------------------------- telling


def _tell(
    enrolment: Enrolment,
    what: str,
    at: datetime,
    referrals: list[Referral] | None = None,
    after: timedelta = timedelta(0),
) -> None:
    """A notice and a neutral mail, to both parents unless some are named. Those who have not joined are not told."""
    for referral in parents_of(enrolment) if referrals is None else referrals:
        person = referral.party.person
        if person is not None:
            key = f"positive:{enrolment.pk}:{what}"
            notices.tell(person=person, key=key, kind=KIND, address=reverse("programmes:positive"), at=at)
            mail.put(
                kind=KIND,
                key=f"{key}:{person.pk}",
                person=person,
                facts={"enrolment": enrolment.pk},
                due_at=at + after if after else None,
            )


@mail.asked_again(KIND)
def _they_still_have_a_part_in_it(letter: OutgoingMail) -> bool:
    """Still a parent of it, and not told by a mail that left in the meantime: all of these say the same words."""
    enrolment = Enrolment.objects.filter(pk=letter.facts.get("enrolment")).first()
    if enrolment is None or letter.person_id not in {one.party.person_id for one in parents_of(enrolment)}:
        return False
    return not OutgoingMail.objects.filter(
        person_id=letter.person_id,
        state=OutgoingMail.State.SENT,
        kind=KIND,
        facts__enrolment=enrolment.pk,
        sent_at__gte=letter.created_at,
    ).exists()
