"""What goes back to the court or the adviser: that somebody took part, and when. Not how, and nothing they wrote."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from hub import audit, files, sheets, words
from programmes import library
from programmes.actions import referring
from programmes.models import Attendance, Certificate, Referral, Return

TEMPLATE = "programmes/staff/return.html"


class NotComplete(Exception):
    """There is nothing to tell before the programme is complete."""


def facts_of(referral: Referral) -> dict[str, Any]:
    """All that is told, by name. Raises NotComplete."""
    if referring.status(referral) != referring.Status.COMPLETE or not referral.learned_at:
        raise NotComplete
    counted = Attendance.objects.filter(booking__referral=referral, counts=True)
    attended = counted.select_related("booking__workshop").prefetch_related("booking__workshop__sittings").last()
    sittings = attended.booking.workshop.sittings.all() if attended else []
    certificate = Certificate.objects.filter(person=referral.party.person, programme=referral.programme).first()
    shown = library.programme(referral.programme)
    return {
        "case_reference": referral.party.case.reference,
        "name": referral.party.name,
        "programme": shown.title if shown else referral.programme,
        "learning_finished_on": words.at_home(referral.learned_at).date().isoformat(),
        "attended_on": sorted({words.at_home(each.starts_at).date().isoformat() for each in sittings}),
        "certificate": str(certificate) if referral.party.person_id and certificate else "",
    }


def make(referral: Referral, *, by, at: datetime) -> Return:
    """Write down exactly what is told, and draw it. Raises NotComplete; files.NoRoom when it cannot be kept."""
    with transaction.atomic():
        held = Referral.objects.select_for_update(of=("self",)).select_related("party__case").get(pk=referral.pk)
        made = Return.objects.create(referral=held, facts=facts_of(held), made_by=by, made_at=at)
        audit.record(person=by, what="make return", about=f"referral:{held.pk}")
        _draw(made)
    return made


def file_of(made: Return) -> bytes:
    """The PDF as it was drawn; drawn again from what was written down when the file is gone."""
    content = files.read(made.sha256) if made.sha256 else None
    return content if content is not None else _draw(made)


def _draw(made: Return) -> bytes:
    from hub import pdf  # drawing is heavy: only a process that draws loads it

    context = {
        "made": made,
        "rows": rows(made),
        "hub_name": settings.HUB_NAME,
        "demonstration": connection.vendor == "sqlite",
    }
    drawn = pdf.draw(TEMPLATE, context)
    files.keep(drawn.content)
    Return.objects.filter(pk=made.pk).update(sha256=drawn.sha256)
    made.sha256 = drawn.sha256
    return drawn.content


def rows(made: Return) -> list[tuple[str, str]]:
    """What is told, as label and words."""
    return told(made.facts)


def told(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """The same for facts that are not written down yet."""
    attended = words.together([_day(day) for day in facts["attended_on"]])
    found = [
        (_("Case reference"), facts["case_reference"]),
        (_("Name"), facts["name"]),
        (_("Programme"), facts["programme"]),
        (_("E-learning finished on"), _day(facts["learning_finished_on"])),
        (_("Workshop attended on"), attended),
        (_("Certificate code"), facts["certificate"]),
    ]
    return [(label, text) for label, text in found if text]


def _day(written: str) -> str:
    return words.day(datetime.fromisoformat(written).date())


def as_csv(made: Return) -> str:
    """One line with headings, for a spreadsheet. No cell is taken for a formula."""
    facts = made.facts | {"attended_on": " ".join(made.facts["attended_on"])}
    return sheets.write(facts, [facts.values()])
