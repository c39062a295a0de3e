"""One row of a file of referrals: what it says, what is wrong with it, and how it fits what is here.

Nothing is written here: programmes.actions.importing keeps what was found, and makes referrals of it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hub import sheets
from programmes import library, own_cases
from programmes.actions import referring
from programmes.models import Case, ImportRow, Party, Referral

Verdict = ImportRow.Verdict

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
