"""Referrals from a file: read and looked at row by row, then brought in by a worker, all of them or none.

What is looked at stands in a table; nothing else is written before somebody confirms. The worker looks again under the
locks, so that a row that became wrong meanwhile stops everything. It writes whatever nobody waits for first, and holds
what parents may need only for the last few questions, however many rows there are.
"""

import gc
import hashlib
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hub import audit, clock, sheets
from hub.bell import ring_on_commit
from programmes import library, own_cases, places
from programmes.actions import referring
from programmes.models import Case, Import, ImportRow, NeverOffered, Party, Referral
from programmes.places import Refused, only_staff

log = logging.getLogger(__name__)

MOST_ROWS = 5_000
MOST_UNREAD = 20  # headings that are told
MOST_TRIES = 3
AT_A_TIME = 1_000  # rows of one INSERT: PostgreSQL binds 65,535 values at most
State, Verdict = Import.State, ImportRow.Verdict

# The columns of a file: what each is called here, and what else it may be called.
COLUMNS: dict[str, tuple[Any, Sequence[str]]] = {
    "case_reference": (_("Case reference"), ("case", "case number", "case ref", "case no", "reference", "court case")),
    "court": (_("Court"), ("family court", "court name")),
    "name": (_("Name"), ("full name", "name on the court papers", "party", "party name", "parent")),
    "email": (_("Email address"), ("email", "e mail", "e mail address", "mail")),
    "programme": (_("Programme"), ("program", "course", "referred to")),
    "route": (_("Sent by"), ("route", "referred by", "source", "referral route")),
    "ordered_on": (_("Date of the order"), ("order date", "ordered on", "date of order", "date of decision", "date")),
    "hearing_on": (_("Next hearing"), ("hearing", "hearing date", "next hearing date", "hearing on")),
    "suitable_on": (
        _("Suitability looked at on"),
        ("suitability", "suitable on", "suitability date", "suitability looked at"),
    ),
}
NEEDED = ("case_reference", "name", "email", "programme", "route", "ordered_on")
LONGEST = {"case_reference": 60, "court": 120, "name": 120, "email": 254, "programme": 200, "route": 60}
ROUTES = {
    "court": ("court", "court order", "order", "judge", "magistrates"),
    "adviser": ("adviser", "advisor", "family court adviser", "family court advisor", "fca", "cafcass"),
}
FAULTS = {
    "no_case_reference": _("The case reference is missing."),
    "no_name": _("The name is missing."),
    "no_email": _("The email address is missing."),
    "no_programme": _("The programme is missing."),
    "no_route": _("Who sent them is missing: court, or adviser."),
    "no_ordered_on": _("The date of the order is missing."),
    "case_reference": _("The case reference needs letters and digits, 40 of them at most."),
    "email": _("This is not an email address."),
    "programme": _("There is no programme of this name to which people are sent."),
    "route": _("“Sent by” is court or adviser."),
    "ordered_on": _("The date of the order is not a day such as 22/11/2026."),
    "hearing_on": _("The next hearing is not a day such as 22/11/2026."),
    "suitable_on": _("The day of the look at suitability is not a day such as 22/11/2026."),
    "ordered_on_later": _("The date of the order has not come yet."),
    "suitable_on_later": _("The day of the look at suitability has not come yet."),
    "too_long": _("Something in this row is too long."),
    "twice": _("The same person is in this file before, for the same case and programme."),
    "other_name": _("This address has another name in this case. Two people need two addresses."),
    "own_case": _("You have a part in this case yourself. Somebody else must bring it in."),
    "not_allowed": _("Whoever started it may not bring referrals in any more."),
    "there": _("There is an open referral by now."),
}
NOTES = {
    "formula": _("Looks like a formula. It is kept as plain text."),
    "known_case": _("The case is known here already."),
    "lost_letter": _("There is a question mark: was a letter lost? If so, save the file again as “CSV UTF-8”."),
    "no_suitable_on": _("No link can be sent before suitability has been looked at."),
}


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


# ---------------------------------------------------------------- one row


@dataclass
class Told:
    """What a row says: facts for a referral, or what is wrong with it."""

    line: int
    words: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_there: bool = False

    @property
    def verdict(self) -> str:
        if self.faults:
            return Verdict.WRONG
        return Verdict.THERE if self.is_there else Verdict.NEW

    @property
    def who(self) -> tuple[str, str]:
        """The case and the address."""
        return self.facts["case_reference"], self.facts["email"]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def programmes_by_name() -> dict[str, str]:
    """Those that people are sent to, by every name a file may use."""
    found: dict[str, str] = {}
    for each in library.programmes():
        if each.cover.words.open_to in {"referred", "enrolled"}:
            found |= {_plain(each.slug): each.slug, _plain(each.title): each.slug}
    return found


def day_of(text: str) -> date | None:
    """A day as people here write it; the day stands before the month. Raises ValueError."""
    text = text.strip()
    if not text:
        return None
    text = re.sub(r"[ T]00:00(:00)?(\.0+)?$", "", text)
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y"):
        try:
            found = datetime.strptime(text, shape).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        if found.year < 1990:
            raise ValueError(text)
        return found
    raise ValueError(text)


def tell(line: int, words: dict[str, str], programmes: dict[str, str], today: date) -> Told:
    """What a row says by itself, before anything is compared."""
    told = Told(line, words)
    told.faults += [f"no_{name}" for name in NEEDED if not words.get(name)]
    if any(len(words.get(name, "")) > most for name, most in LONGEST.items()):
        told.faults.append("too_long")
    if any(sheets.looks_like_a_formula(text) for text in words.values()):
        told.notes.append("formula")
    if any("?" in words.get(name, "") or "\ufffd" in words.get(name, "") for name in ("name", "court")):
        told.notes.append("lost_letter")
    facts: dict[str, Any] = {"court": words.get("court", ""), "name": words.get("name", "")}
    try:
        facts["case_reference"] = referring.tidy_reference(words.get("case_reference", ""))
    except referring.WrongReference:
        told.faults.append("case_reference")
    facts["email"] = User.objects.normal_email(words.get("email", ""))
    try:
        validate_email(facts["email"])
    except ValidationError:
        told.faults.append("email")
    facts["programme"] = programmes.get(_plain(words.get("programme", "")), "")
    facts["route"] = next((kind for kind, said in ROUTES.items() if _plain(words.get("route", "")) in said), "")
    told.faults += [name for name in ("programme", "route") if not facts[name]]
    for name in ("ordered_on", "hearing_on", "suitable_on"):
        try:
            facts[name] = day_of(words.get(name, ""))
            if name != "hearing_on" and facts[name] and facts[name] > today:
                told.faults.append(f"{name}_later")
        except ValueError:
            told.faults.append(name)
    told.faults = [each for each in told.faults if f"no_{each}" not in told.faults]
    if not told.faults and not facts["suitable_on"]:
        told.notes.append("no_suitable_on")
    told.facts = facts
    return told


# ---------------------------------------------------------------- compared with what is here


@dataclass
class Here:
    """What is here of the cases a file names."""

    cases: dict[str, Case]
    parties: dict[tuple[str, str], Party]  # by reference and address
    open_ones: set[tuple[int, str]]  # party and programme
    lanes: dict[str, int]  # the highest of each case

    @classmethod
    def of(cls, references: Iterable[str], *, hold: bool = False) -> "Here":
        """Four queries. `hold` locks the cases, so that nobody else adds to them until the transaction ends."""
        rows = Case.objects.filter(reference__in=set(references)).order_by("pk")
        cases = {each.reference: each for each in (rows.select_for_update(no_key=True) if hold else rows)}
        by_pk = {each.pk: each.reference for each in cases.values()}
        parties: dict[tuple[str, str], Party] = {}
        lanes: dict[str, int] = {}
        for each in Party.objects.filter(case__in=by_pk).order_by():
            reference = by_pk[each.case_id]
            parties[reference, each.email] = each
            lanes[reference] = max(each.lane, lanes.get(reference, 0))
        open_ones = Referral.objects.filter(party__case__in=by_pk, ended_at=None).order_by()
        return cls(cases, parties, set(open_ones.values_list("party", "programme")), lanes)


def compare(rows: list[Told], here: Here, by: User) -> None:
    """Add to each row what is wrong with it beside the others and beside what is here."""
    good = [row for row in rows if not row.faults]
    mine = own_cases.addresses(by)
    known_as_own = own_cases.of(by)
    own_ones = {row.who[0] for row in good if row.who[1] in mine}
    own_ones |= {reference for reference, case in here.cases.items() if case.pk in known_as_own}
    own_ones |= own_cases.named(by, {row.who[0] for row in good})
    seen: set[tuple[str, str, str]] = set()
    names: dict[tuple[str, str], str] = {}
    for row in good:
        reference, _email = row.who
        party = here.parties.get(row.who)
        name = names.setdefault(row.who, party.name if party else row.facts["name"])
        key = (*row.who, row.facts["programme"])
        if reference in own_ones:
            row.faults.append("own_case")
        elif name.casefold() != row.facts["name"].casefold():
            row.faults.append("other_name")
        elif key in seen:
            row.faults.append("twice")
        elif party is not None and (party.pk, row.facts["programme"]) in here.open_ones:
            row.is_there = True
        elif reference in here.cases:
            row.notes.append("known_case")
        seen.add(key)


def look(rows: Iterable[sheets.Row], by: User) -> list[Told]:
    """Every row with what will happen to it."""
    programmes, today = programmes_by_name(), timezone.localdate()
    told = [tell(row.line, row.cells, programmes, today) for row in rows]
    compare(told, Here.of(row.who[0] for row in told if not row.faults), by)
    return told


def sentences(said: Iterable[str]) -> list[str]:
    """What stands with a row, in words."""
    return [str(FAULTS.get(each) or NOTES.get(each) or "") for each in said]


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
