"""Referrals from a file: read and looked at row by row, then brought in by a worker, all of them or none. What a row
says, and what is wrong with it: programmes.import_rows.

What is looked at stands in a table; nothing else is written before somebody confirms. The worker looks again under the
locks, so that a row that became wrong meanwhile stops everything. It writes whatever nobody waits for first, and holds
what parents may need only for the last few questions, however many rows there are.
"""

import gc
import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from hub import audit, clock, sheets
from hub.bell import ring_on_commit
from programmes import places
from programmes.import_rows import COLUMNS, NEEDED, Here, Told, compare, look, programmes_by_name, tell
from programmes.models import Case, Import, ImportRow, NeverOffered, Party, Referral
from programmes.places import Refused, only_staff

log = logging.getLogger(__name__)

MOST_ROWS = 5_000
MOST_UNREAD = 20  # headings that are told
MOST_TRIES = 3
AT_A_TIME = 1_000  # rows of one INSERT: PostgreSQL binds 65,535 values at most
State, Verdict = Import.State, ImportRow.Verdict


class NotReadable(Refused):
    """Nothing was kept. `why` is a key of sheets.NotASheet; or with the headings in question "columns", which are
    missing, or "twice", of which one would be left out."""

    def __init__(self, why: str, headings: Iterable[str] = ()):
        super().__init__(why)
        self.why, self.headings = why, list(headings)


class TooMany(Refused):
    """More rows than one file may have."""


class NotWaiting(Refused):
    """It was started, called off or has expired: there is nothing to confirm."""


class LeaveOutFirst(Refused):
    """Rows are to be mended, and nobody said that they are to be left out."""


class NothingNew(Refused):
    """No row of it would make a referral."""


class BecameWrong(Exception):
    """A row that was good when it was looked at is not any more."""

    def __init__(self, line: int, why: str):
        super().__init__(why)
        self.line, self.why = line, why


# ---------------------------------------------------------------- sent in, confirmed, called off


def send_in(content: bytes, *, by: User, at: datetime | None = None) -> Import:
    """Read a file, look at every row and keep that. Nothing else is written. The same file again replaces the look.

    Raises NotReadable and TooMany.
    """
    only_staff(by)
    names = {name: (str(said), *others) for name, (said, others) in COLUMNS.items()}
    try:
        sheet = sheets.read(sheets.text_of(content), names, MOST_ROWS)
    except sheets.NotASheet as error:
        raise NotReadable(error.why) from None
    except sheets.TooManyRows:
        raise TooMany from None
    if missing := [str(COLUMNS[name][0]) for name in NEEDED if name not in sheet.headings]:
        raise NotReadable("columns", missing)
    if sheet.twice:
        raise NotReadable("twice", sheet.twice[0])
    if not sheet.rows:
        raise NotReadable("empty")
    told = look(sheet.rows, by)
    at, sha256 = at or clock.now(), hashlib.sha256(content).hexdigest()
    counts = {verdict: sum(row.verdict == verdict for row in told) for verdict in Verdict}
    with transaction.atomic():
        Import.objects.filter(made_by=by, sha256=sha256, state=State.CHECKED).delete()
        made = Import.objects.create(
            made_by=by,
            made_at=at,
            kept_until=at + timedelta(days=settings.IMPORT_KEPT_DAYS),
            sha256=sha256,
            rows_sent=len(told),
            rows_new=counts[Verdict.NEW],
            rows_there=counts[Verdict.THERE],
            rows_wrong=counts[Verdict.WRONG],
            unread=sheet.unknown[:MOST_UNREAD],
        )
        ImportRow.objects.bulk_create(
            [
                ImportRow(of=made, line=row.line, words=row.words, verdict=row.verdict, said=row.faults or row.notes)
                for row in told
            ],
            batch_size=AT_A_TIME,
        )
        audit.record(person=by, what="check import", about=str(made), reason=f"{len(told)} rows, {sha256}")
    return made


def _held(made: Import) -> Import:
    return Import.objects.select_for_update(no_key=True).get(pk=made.pk)


def confirm(made: Import, *, by: User, leave_out: int = 0, at: datetime | None = None) -> Import:
    """Let the worker bring the good rows in. `leave_out` is how many others there are, as whoever confirms saw them.

    Works once: raises NotWaiting after that, LeaveOutFirst when rows are to be mended, NothingNew.
    """
    only_staff(by)
    with transaction.atomic():
        held = _held(made)
        if held.state != State.CHECKED or held.made_by_id != by.pk:
            raise NotWaiting
        if not held.rows_new:
            raise NothingNew
        if held.rows_wrong != leave_out:
            raise LeaveOutFirst
        held.state, held.started_at = State.STARTED, at or clock.now()
        held.save(update_fields=["state", "started_at"])
        reason = f"{held.rows_new} of {held.rows_sent} rows, {held.sha256}"
        audit.record(person=by, what="import referrals", about=str(held), reason=reason)
        ring_on_commit("programmes.tasks.import_what_is_due")
    return held


def call_off(made: Import, *, by: User) -> None:
    """It is not wanted: its rows are deleted now. Raises NotWaiting once it was started."""
    only_staff(by)
    with transaction.atomic():
        held = _held(made)
        if held.state not in {State.CHECKED, State.STOPPED, State.CALLED_OFF}:
            raise NotWaiting
        held.rows.all().delete()
        if held.state == State.CHECKED:
            held.state, held.ended_at = State.CALLED_OFF, clock.now()
            held.save(update_fields=["state", "ended_at"])
            audit.record(person=by, what="call off import", about=str(held))


# ---------------------------------------------------------------- brought in, by a worker


def bring_in_what_is_due() -> None:
    """Every import that was started and has not ended. Safe to run twice, and at the same moment."""
    for pk in Import.objects.filter(state=State.STARTED).order_by("started_at").values_list("pk", flat=True)[:20]:
        _try_to_bring_in(pk)


def _try_to_bring_in(pk: int) -> None:
    """All of it, or why nothing. A fault of ours is tried again at the next ring, three times in all."""
    due = Import.objects.filter(pk=pk, state=State.STARTED)
    tries = due.values_list("tries", flat=True).first()
    if tries is None:
        return
    if tries >= MOST_TRIES:
        _stop(pk, "trouble", None)
        return
    try:
        with transaction.atomic():
            held = due.select_for_update(no_key=True, skip_locked=True).first()
            if held is not None:
                bring_in(held)
    except BecameWrong as wrong:
        _stop(pk, wrong.why, wrong.line)
    except Exception:
        due.update(tries=tries + 1)
        log.exception("an import of referrals failed")


def _stop(pk: int, why: str, line: int | None) -> None:
    Import.objects.filter(pk=pk, state=State.STARTED).update(
        state=State.STOPPED, why=why, line=line, ended_at=clock.now()
    )


def bring_in(held: Import) -> None:
    """Make a referral of every good row, inside the caller's transaction. Raises BecameWrong."""
    by, at = held.made_by, clock.now()
    rows = list(held.rows.filter(verdict=Verdict.NEW).order_by("line"))
    if by is None or not by.is_active or not by.has_perm("programmes.import_referrals"):
        raise BecameWrong(1, "not_allowed")
    programmes, today = programmes_by_name(), timezone.localdate()
    told = [tell(row.line, row.words, programmes, today) for row in rows]
    for row in told:
        if row.faults:
            raise BecameWrong(row.line, row.faults[0])
    here = Here.of((row.who[0] for row in told), hold=True)
    compare(told, here, by)
    for row in told:
        if row.verdict != Verdict.NEW:
            raise BecameWrong(row.line, row.faults[0] if row.faults else "there")
    joining = _cases_and_parties(told, here, by, at)
    referrals = [_referral(row, here, by, at) for row in told]
    Referral.objects.bulk_create(referrals, batch_size=AT_A_TIME)
    audit.record_many(
        person=by, what="make referral", abouts=(f"referral:{each.pk}" for each in referrals), reason=str(held)
    )
    _link(rows, referrals)
    held.state, held.ended_at = State.DONE, at
    held.save(update_fields=["state", "ended_at"])
    _never_with_the_others(joining, at)


def _cases_and_parties(told: list[Told], here: Here, by: User, at: datetime) -> list[Party]:
    """Make what is missing; the new parties of cases that were here, whose other people must be looked after."""
    courts: dict[str, str] = {}
    for row in told:
        courts[row.who[0]] = courts.get(row.who[0]) or row.facts["court"]
    were_here = set(here.cases)
    made = [
        Case(reference=reference, court=court, made_by=by, made_at=at)
        for reference, court in courts.items()
        if reference not in were_here
    ]
    Case.objects.bulk_create(made, batch_size=AT_A_TIME)
    here.cases |= {each.reference: each for each in made}
    named = [here.cases[reference] for reference, court in courts.items() if court and not here.cases[reference].court]
    for case in named:
        case.court = courts[case.reference]
    Case.objects.bulk_update(named, ["court"], batch_size=500)
    parties = []
    for row in told:
        if row.who not in here.parties:
            reference, email = row.who
            lane = here.lanes[reference] = here.lanes.get(reference, -1) + 1
            party = Party(case=here.cases[reference], lane=lane, name=row.facts["name"], email=email)
            here.parties[row.who] = party
            parties.append(party)
    Party.objects.bulk_create(parties, batch_size=AT_A_TIME)
    return [each for each in parties if each.case.reference in were_here]


def _referral(row: Told, here: Here, by: User, at: datetime) -> Referral:
    names = ("programme", "route", "ordered_on", "hearing_on", "suitable_on")
    return Referral(party=here.parties[row.who], made_by=by, made_at=at, **{name: row.facts[name] for name in names})


def _link(rows: list[ImportRow], referrals: list[Referral]) -> None:
    """Each row knows its referral from now on, and the words are not needed any more."""
    pairs = [(referral.pk, row.pk) for row, referral in zip(rows, referrals, strict=True)]
    table = ImportRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET referral_id = %s, words = '{{}}' WHERE id = %s", pairs)  # noqa: S608


def _never_with_the_others(joining: list[Party], at: datetime) -> None:
    """What the other people of a known case have by now, a new one of it is never offered (referring._new_party).

    What they have is written down first, and every row of the import is compared with what it points to. Only then are
    their referrals held, and what came meanwhile is added: a few queries, whatever the number of rows, and nothing
    that takes long.
    """
    if not joining:
        return
    fresh = [each.pk for each in joining]
    others = list(Party.objects.filter(case__in={each.case_id for each in joining}).exclude(pk__in=fresh))
    before = _have(others, at)
    _close(joining, before)
    connection.check_constraints()  # here, and not at the commit, when parents would wait for it
    theirs = Referral.objects.filter(party__in=[each.pk for each in places.parties_of(others)]).values_list("pk")
    held = Referral.objects.filter(pk__in=[pk for (pk,) in theirs]).select_for_update(no_key=True).order_by("pk")
    gc.collect()  # or it comes in between
    len(held.values_list("pk"))  # as places.hold_referrals, but makes no objects of them
    _close(joining, _have(others, at) - before)


def _have(others: list[Party], at: datetime) -> set[tuple[int, int]]:
    """The workshops still to come that these people have a place or a turn in, each with their case among these."""
    found: set[tuple[int, int]] = set()
    for way in ("referrals__bookings", "person__case_parties__referrals__bookings"):
        to_come = {f"{way}__state__in": places.OPEN, f"{way}__workshop__starts_at__gt": at}
        rows = Party.objects.filter(pk__in=[each.pk for each in others], **to_come).order_by()
        found.update(rows.values_list("case", f"{way}__workshop"))
    return found


def _close(joining: list[Party], cases_and_workshops: set[tuple[int, int]]) -> None:
    closed: dict[int, list[int]] = {}
    for case, workshop in sorted(cases_and_workshops):
        closed.setdefault(case, []).append(workshop)
    NeverOffered.objects.bulk_create(
        [NeverOffered(party=party, workshop_id=pk) for party in joining for pk in closed.get(party.case_id, ())],
        batch_size=AT_A_TIME,
    )
