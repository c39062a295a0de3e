"""Somebody asks us about their data: the request, what they read back, and how they take it back.

Only they and the staff who answer know of it. Nothing here touches a plan, a mail or a page of anybody else.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from accounts.models import DataRequest, DataRequestNote, User
from accounts.rights.due import MONTHS, MONTHS_EXTENDED, answer_by, hear_by
from hub import audit, clock
from hub.words import at_home

MOST_OPEN = 5
MOST_IN_A_DAY = 10
ASKED = "ask"
PROVED = "proved"  # a fact of that note: they had just shown again that it is them
TOLD_THEM = ("extend", "answer", "close")  # notes whose words are for the person; they never read another


class Refused(Exception):
    """This cannot be done as things stand."""


class TooManyOpen(Refused):
    """They wait for as many answers as one person may."""


class TooManyToday(Refused):
    """They asked and took back many times today."""


class NotPossible(Refused):
    """This act makes no sense as the request stands now."""


def due_on(received_at: datetime, kind: str, *, extended: bool = False) -> date:
    """The last day to answer it: see accounts.rights.due."""
    closed = settings.HUB_CLOSED_DAYS
    if kind == DataRequest.Kind.COMPLAINT and not extended:
        return hear_by(received_at, closed=closed)
    return answer_by(received_at, months=MONTHS_EXTENDED if extended else MONTHS, closed=closed)


def today(at: datetime | None = None) -> date:
    """The day it is, by the clocks of the United Kingdom."""
    return at_home(at or clock.now()).date()


def is_late(row: DataRequest, at: datetime | None = None) -> bool:
    return row.state != DataRequest.State.DONE and row.due_on < today(at)


def put_on_record(
    row: DataRequest, what: str, *, by: User, at: datetime, facts: str = "", words: str = "", reason: str = ""
) -> DataRequestNote:
    """One line of the request's story and one for auditors, who read `facts` and `reason` and never `words`."""
    note = DataRequestNote.objects.create(request=row, by=by, at=at, what=what, facts=facts, words=words)
    said = ". ".join(filter(None, [facts, reason]))
    audit.record(person=by, what=f"{what} data request", about=f"request:{row.pk}", reason=said[:500])
    return note


def ask(*, person: User, kind: str, words: str, proved: bool = False, at: datetime | None = None) -> DataRequest:
    """Take a request from somebody signed in. `proved`: they have just shown again that it is them.

    Raises TooManyOpen, TooManyToday.
    """
    at = at or clock.now()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two tabs at once count one after the other
        theirs = DataRequest.objects.filter(person=person, way=DataRequest.Way.ACCOUNT)
        if theirs.exclude(state=DataRequest.State.DONE).count() >= MOST_OPEN:
            raise TooManyOpen
        if theirs.filter(received_at__gt=at - timedelta(days=1)).count() >= MOST_IN_A_DAY:
            raise TooManyToday
        row = DataRequest.objects.create(
            kind=DataRequest.Kind(kind),
            way=DataRequest.Way.ACCOUNT,
            person=person,
            words=words,
            received_at=at,
            due_on=due_on(at, kind),
            known_at=at,
        )
        put_on_record(row, ASKED, by=person, at=at, facts=PROVED if proved else "")
    return row


def of(person: User):
    """All that was ever asked for this account, the newest first; also by letter or phone, by whomever.

    Each has its `number` among them, by which its person finds it: the row's own would tell how many others ask.
    """
    numbered = DataRequest.objects.filter(person=person).annotate(number=Window(RowNumber(), order_by="pk"))
    return numbered.order_by("-received_at", "-pk")


def address_of(row: DataRequest) -> str:
    """The page on which its person sees it."""
    number = DataRequest.objects.filter(person=row.person_id, pk__lte=row.pk).count()
    return reverse("accounts:data_request", args=[number])


def told(row: DataRequest) -> list[DataRequestNote]:
    """What staff wrote to the person about it, the first thing first."""
    return list(row.notes.filter(what__in=TOLD_THEM).order_by("at", "pk"))


def take_back(row: DataRequest, *, by: User, at: datetime | None = None) -> None:
    """The person's own wish, at any moment until it is closed; a closing of the account that waits ends with it.

    Raises NotPossible when it is closed.
    """
    at = at or clock.now()
    with transaction.atomic():
        held = DataRequest.objects.select_for_update(no_key=True).get(pk=row.pk, person=by)
        if held.state == DataRequest.State.DONE:
            raise NotPossible
        held.state, held.outcome, held.ended_at = DataRequest.State.DONE, DataRequest.Outcome.WITHDRAWN, at
        held.closing_by = None
        held.version += 1
        held.save()
        put_on_record(held, "take back", by=by, at=at)
