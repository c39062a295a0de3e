"""What staff do with a request about data. Each act is one transaction: the request, a line of its story, the audit
record.

Nothing is given or erased before we know that it is them: the likeliest to pretend is the other parent. Nobody works
on a request of somebody they have to do with. An account is closed by two people, and not before its owner had time
to say no, unless they asked for it themselves, signed in and proved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import conflicts
from accounts.models import DataRequest, DataRequestNote, User
from accounts.rights import closing, copying
from accounts.rights.asking import (
    ASKED,
    PROVED,
    TOLD_THEM,
    NotPossible,
    Refused,
    address_of,
    due_on,
    is_late,
    put_on_record,
    today,
)
from accounts.staff import helping
from hub import clock, mail, notices

WORKS_ON_REQUESTS = "accounts.work_datarequest"
CLOSES_ACCOUNTS = "accounts.close_accounts"
PROPOSED = "propose closing in"

State, Outcome, Kind, Way = DataRequest.State, DataRequest.Outcome, DataRequest.Kind, DataRequest.Way
CHANGES = "state outcome ended_at owner known_at extended due_on closing_by version".split()
OF_COMPLAINTS = {Outcome.UPHELD, Outcome.NO_FAULT}
OF_EVERY_KIND = {Outcome.WITHDRAWN, Outcome.NOT_THEM}
NEED_IDENTITY = {Outcome.GIVEN, Outcome.CLOSED, Outcome.PART, Outcome.PUT_RIGHT} | OF_COMPLAINTS


class Known(models.TextChoices):
    """How staff came to know that it is them."""

    ANSWERED = "answered", _("We wrote to the address of their account, and they answered from it")
    SIGNED_IN = "signed_in", _("They said the same in a request from their account")
    PAPERS = "papers", _("They showed us a document with their photograph")
    ACTS_FOR = "acts_for", _("Somebody acts for them and showed us their signed permission")


class Changed(Refused):
    """Somebody else acted on this request since it was read. Nothing was done."""


class OwnCase(Refused):
    """Whoever would act has to do with this person."""


class NotKnown(Refused):
    """First we must know that it is them."""


class EnoughCopies(Refused):
    """They have had as many copies as one person may within a day."""


class TooEarly(Refused):
    """The person still has time to say no."""


class SamePerson(Refused):
    """A second colleague is needed."""


# ---------------------------------------------------------------- who may know of which


def _own(person: User) -> Q:
    theirs = EmailAddress.objects.filter(user=person).values_list(Lower("email"))
    address = User.objects.normal_email(person.email)
    by_address = Q(person__email__in=theirs) | Q(email__in=theirs) | Q(email=address)
    return Q(person__in=conflicts.whom(person)) | by_address


def open_to(person: User):
    """The requests this member of staff may know of: none of their own, nor of anybody they have to do with."""
    return DataRequest.objects.exclude(_own(person))


@dataclass(frozen=True)
class Waiting:
    """The queue at a glance."""

    count: int
    late: int  # the last day to answer is past
    closings: int  # accounts that somebody else proposed to close


def to_confirm(person: User) -> Q:
    """A closing of an account that waits for a second person, and this one may be it."""
    return Q(closing_by__isnull=False) & ~Q(closing_by=person)


def waiting(person: User, at: datetime | None = None) -> Waiting:
    """What is not closed, without what this person must not know of. One query besides that."""
    rows = open_to(person).exclude(state=State.DONE).order_by()
    return Waiting(
        **rows.aggregate(
            count=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=today(at))),
            closings=Count("pk", filter=to_confirm(person)),
        )
    )


# ---------------------------------------------------------------- one act


@contextmanager
def _held(
    row: DataRequest,
    what: str,
    *,
    by: User,
    version: int | None,
    at: datetime,
    facts: str = "",
    words: str = "",
    reason: str = "",
) -> Iterator[DataRequest]:
    """Hold the request for one act; afterwards save it, tell its story and write it on record.

    With a version of None the act adds something and changes nothing, so it cannot come too late.
    Raises Changed, OwnCase.
    """
    with transaction.atomic():
        held = DataRequest.objects.select_for_update(no_key=True).get(pk=row.pk)
        if not open_to(by).filter(pk=held.pk).exists():
            raise OwnCase
        if version is not None and held.version != version:
            raise Changed
        yield held
        if version is not None:
            held.version += 1
            held.save(update_fields=CHANGES)
        put_on_record(held, what, by=by, at=at, facts=facts, words=words, reason=reason)


def _must(condition: object, otherwise: type[Refused] = NotPossible) -> None:
    if not condition:
        raise otherwise


def add(
    *,
    way: str,
    kind: str,
    received_at: datetime,
    by: User,
    email: str = "",
    words: str = "",
    at: datetime | None = None,
) -> DataRequest:
    """Write down a request that came by letter, phone or email. The account is found by exactly this address, or there
    is none. Whoever asked is not known yet to be that person. Raises OwnCase, NotPossible.
    """
    at, way = at or clock.now(), Way(way)
    _must(way != Way.ACCOUNT and received_at <= at)
    email = User.objects.normal_email(email)
    with transaction.atomic():
        person = User.objects.filter(email=email, closed_at=None).first() if email else None
        if (person is not None and person.pk in conflicts.whom(by)) or email in conflicts.addresses(by):
            raise OwnCase
        row = DataRequest.objects.create(
            kind=Kind(kind),
            way=way,
            person=person,
            email=email,
            words=words,
            received_at=received_at,
            due_on=due_on(received_at, kind),
            state=State.IDENTITY,
        )
        put_on_record(row, "add", by=by, at=at, facts=str(way))
    return row


def take(row: DataRequest, *, by: User, version: int, why: str = "", at: datetime | None = None) -> None:
    """Look after this request from now on, whoever did before."""
    with _held(row, "take", by=by, version=version, words=why, at=at or clock.now()) as held:
        _must(held.state != State.DONE)
        held.owner = by
        if held.state == State.NEW:
            held.state = State.WORKED_ON


def write_note(row: DataRequest, *, words: str, by: User, at: datetime | None = None) -> None:
    """Add to its story, for colleagues only. The audit record says that there is a note, not what it says."""
    with _held(row, "note on", by=by, version=None, words=words, at=at or clock.now()):
        pass


def may_be_known(row: DataRequest) -> bool:
    return row.state != State.DONE and row.known_at is None


def know(row: DataRequest, *, how: str, words: str, by: User, version: int, at: datetime | None = None) -> None:
    """We know that it is them: how, and in words what was seen or heard."""
    at, how = at or clock.now(), Known(how)
    with _held(row, "know who made", by=by, version=version, facts=str(how), words=words, at=at) as held:
        _must(may_be_known(held))
        held.known_at, held.state = at, State.WORKED_ON
        held.owner = held.owner or by


def has_account(row: DataRequest) -> bool:
    """Whether there is an account to act on. Nobody is helped here with an account of staff."""
    return row.person_id is not None and helping.people().filter(pk=row.person_id, closed_at=None).exists()


def may_be_copied(row: DataRequest) -> bool:
    return row.state != State.DONE and has_account(row) and row.person is not None and row.person.is_active


def copy(row: DataRequest, *, by: User, version: int, why: str = "", at: datetime | None = None) -> None:
    """Have a copy made for them, which they alone can save, signed in. Raises NotKnown, EnoughCopies."""
    at = at or clock.now()
    with _held(row, "start a copy for", by=by, version=version, words=why, at=at) as held:
        _must(may_be_copied(held))
        _must(held.known_at, NotKnown)
        try:
            copying.ask(held.person, by=by, at=at)
        except copying.EnoughForToday:
            raise EnoughCopies from None
        held.state, held.owner = State.WORKED_ON, held.owner or by


def may_be_extended(row: DataRequest, at: datetime | None = None) -> bool:
    """Once, and only while they can still be told within the first month."""
    return row.state != State.DONE and not row.extended and not is_late(row, at)


def extend(row: DataRequest, *, answer: str, by: User, version: int, at: datetime | None = None) -> None:
    """Take two months more. `answer` says to the person why; they read it."""
    at = at or clock.now()
    with _held(row, "extend", by=by, version=version, words=answer, at=at) as held:
        _must(may_be_extended(held, at))
        held.extended, held.due_on = True, due_on(held.received_at, held.kind, extended=True)
        _tell(held, at)


def write_answer(row: DataRequest, *, answer: str, by: User, version: int, at: datetime | None = None) -> None:
    """Write to the person: they read it on their page. Somebody without an account was written to otherwise."""
    at = at or clock.now()
    with _held(row, "answer", by=by, version=version, words=answer, at=at) as held:
        _must(held.state != State.DONE)
        _tell(held, at)


def outcomes(row: DataRequest) -> list[Outcome]:
    """With what it may be closed now. That an account was closed is said by closing it, or when it is gone already."""
    gone = (row.way == Way.ACCOUNT and row.person_id is None) or (row.person is not None and row.person.closed_at)
    fits = OF_COMPLAINTS if row.kind == Kind.COMPLAINT else set(Outcome) - OF_COMPLAINTS
    found = [each for each in Outcome if each in fits | OF_EVERY_KIND and (each != Outcome.CLOSED or gone)]
    return [each for each in found if row.known_at or each not in NEED_IDENTITY]


def end(row: DataRequest, *, outcome: str, answer: str, by: User, version: int, at: datetime | None = None) -> None:
    """Close the request with what came of it and the answer to them. Raises NotKnown."""
    at, outcome = at or clock.now(), Outcome(outcome)
    with _held(row, "close", by=by, version=version, facts=str(outcome), words=answer, at=at) as held:
        _must(held.state != State.DONE and held.closing_by_id is None)
        _must(held.known_at or outcome not in NEED_IDENTITY, NotKnown)
        _must(outcome in outcomes(held))
        _done(held, outcome, at)
        _tell(held, at)


def _done(row: DataRequest, outcome: Outcome, at: datetime) -> None:
    row.state, row.outcome, row.ended_at = State.DONE, outcome, at


# ---------------------------------------------------------------- closing an account, by two people


def may_be_proposed(row: DataRequest) -> bool:
    """They asked to erase, there is an account, and nobody has proposed it yet."""
    return (
        row.state != State.DONE
        and row.kind in {Kind.ERASE, Kind.OTHER}
        and row.closing_by_id is None
        and has_account(row)
    )


def propose(row: DataRequest, *, reason: str, by: User, version: int, at: datetime | None = None) -> None:
    """Propose to close the account. Its owner is told at once, so that they can say no. Raises NotKnown."""
    at = at or clock.now()
    with _held(row, PROPOSED, by=by, version=version, words=reason, reason=reason, at=at) as held:
        _must(may_be_proposed(held))
        _must(held.known_at, NotKnown)
        held.closing_by, held.state = by, State.WORKED_ON
        held.owner = held.owner or by
        key = f"closing:{held.pk}:{held.version}"
        address = address_of(held)
        notices.tell(person=held.person, key=key, kind="closing_asked", address=address, at=at)
        mail.put(
            kind="accounts/closing_asked",
            key=key,
            to=held.person.email,
            facts={"path": address, "request": held.pk},
        )


def call_off(row: DataRequest, *, reason: str, by: User, version: int, at: datetime | None = None) -> None:
    """Do not close the account after all."""
    what = "call off closing in"
    with _held(row, what, by=by, version=version, words=reason, reason=reason, at=at or clock.now()) as held:
        _must(held.closing_by_id is not None)
        held.closing_by = None


def may_close_from(row: DataRequest) -> datetime:
    """The moment from which a second person may close the account.

    At once for whoever asked to erase from their account and had proved then that it is them; for anybody else some
    days after the owner was told. Counted by the notes, which nobody can change.
    """
    notes = {note.what: note for note in row.notes.filter(what__in=[ASKED, PROPOSED]).order_by("at", "pk")}
    asked, proposed = notes.get(ASKED), notes[PROPOSED]
    if row.kind == Kind.ERASE and row.way == Way.ACCOUNT and asked is not None and asked.facts == PROVED:
        return proposed.at
    return proposed.at + timedelta(days=settings.HUB_CLOSE_WAIT_DAYS)


def close_account(row: DataRequest, *, reason: str, by: User, version: int, at: datetime | None = None) -> None:
    """The second person agrees: the account is closed, and with it the request. A legal hold keeps what is held.

    Raises SamePerson, TooEarly, NotKnown.
    """
    at = at or clock.now()
    with _held(row, "close the account of", by=by, version=version, words=reason, reason=reason, at=at) as held:
        _must(held.state != State.DONE and held.closing_by_id is not None and has_account(held))
        _must(held.closing_by_id != by.pk, SamePerson)
        _must(held.known_at, NotKnown)
        _must(may_close_from(held) <= at, TooEarly)
        _must(closing.close(held.person, by=by, reason=reason, at=at))
        held.closing_by = None
        _done(held, Outcome.CLOSED, at)


# ---------------------------------------------------------------- telling


def _tell(row: DataRequest, at: datetime) -> None:
    """News that leads to their page, and the one discreet mail. Nobody is told who has no account, or none any more."""
    if row.person is None or row.person.closed_at is not None:
        return
    key = f"request:{row.pk}:{row.version}"
    address = address_of(row)
    notices.tell(person=row.person, key=key, kind="data_answer", address=address, at=at)
    mail.put(kind="accounts/data_answer", key=key, person=row.person, facts={"request": row.pk})


def is_to_be_acknowledged(row: DataRequest, story: list[DataRequestNote]) -> bool:
    """A complaint of which nobody has said to them that it came. Who complains from their account reads so at once."""
    waits = row.kind == Kind.COMPLAINT and row.way != Way.ACCOUNT and row.state != State.DONE
    return waits and not any(note.what in TOLD_THEM for note in story)


def story(row: DataRequest) -> list[DataRequestNote]:
    return list(row.notes.select_related("by"))
