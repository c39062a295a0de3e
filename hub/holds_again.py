"""Legal holds, written down outside the database too, so that no backup that is brought back loses one.

A line for each step: on what and by whom, by their numbers, and when. Why is not written down: it stays in the database
alone. After a backup was brought back, and before anything is erased, what the lines tell is done once more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction

from hub import audit, holds, lasting, pulse
from hub.models import LegalHold

FILE = "legal-holds"
PLACED, CONFIRMED, ENDED = "placed", "confirmed", "ended"
Key = tuple[str, int, datetime]
LOST = (
    "The reason was lost with the database: see the letter, or the log of whoever placed it. Placed again by restore."
)


@dataclass
class Done:
    """What came of the lines: how many holds were placed again and brought up to date, and on what none could be."""

    placed: int = 0
    brought_up: int = 0
    nowhere: list[str] = field(default_factory=list)


def write_down() -> int:
    """Adds every step taken since the last time. Returns how many. Twice is once."""
    steps = [step for hold in LegalHold.objects.order_by("placed_at", "pk").iterator() for step in _steps(hold)]
    added = lasting.add(FILE, steps)
    pulse.mark("holds", added=added)
    return added


def _steps(hold: LegalHold) -> Iterator[lasting.Fact]:
    about = {"kind": hold.kind, "number": hold.number, "placed_at": _written(hold.placed_at)}
    yield {"step": PLACED, **about, "by": hold.placed_by_id}
    if hold.confirmed_at:
        yield {"step": CONFIRMED, **about, "at": _written(hold.confirmed_at), "by": hold.confirmed_by_id}
    if hold.released_at:
        asked = {"asked_at": _written(hold.ending_at), "asked_by": hold.ending_by_id}
        yield {"step": ENDED, **about, **asked, "at": _written(hold.released_at), "by": hold.released_by_id}


def bring_back() -> Done:
    """In a database that was brought back: every hold stands again that stood when the last line was written.

    What was ended ends first: a thing has one hold at a time. A hold on what the backup does not have cannot be placed.
    """
    done, known = Done(), dict[Key, dict[str, lasting.Fact]]()
    for fact in lasting.read(FILE):
        known.setdefault((fact["kind"], fact["number"], _moment(fact["placed_at"])), {})[fact["step"]] = fact
    with transaction.atomic():
        for key, steps in known.items():
            if ENDED in steps:
                _end(_of(key), steps[ENDED], done)
        for key, steps in known.items():
            if ENDED not in steps:
                _confirm(_of(key) or _place(key, steps[PLACED], done), steps.get(CONFIRMED), done)
    return done


def _of(key: Key) -> LegalHold | None:
    kind, number, placed_at = key
    return LegalHold.objects.filter(kind=kind, number=number, placed_at=placed_at).first()


def _place(key: Key, placed: lasting.Fact, done: Done) -> LegalHold | None:
    kind, number, placed_at = key
    if holds.stands(kind, number):
        return None
    name = holds.name_of(kind, number, before=placed_at)
    if name is None:
        done.nowhere.append(f"{kind} {number}")
        return None
    hold = LegalHold.objects.create(
        kind=kind, number=number, name=name, reason=LOST, placed_by_id=placed["by"], placed_at=placed_at
    )
    _record(hold, "place legal hold again")
    done.placed += 1
    return hold


def _confirm(hold: LegalHold | None, confirmed: lasting.Fact | None, done: Done) -> None:
    if hold and confirmed and hold.confirmed_at is None:
        hold.confirmed_by_id, hold.confirmed_at = confirmed["by"], _moment(confirmed["at"])
        hold.save(update_fields=["confirmed_by", "confirmed_at"])
        _record(hold, "confirm legal hold again")
        done.brought_up += 1


def _end(hold: LegalHold | None, ended: lasting.Fact, done: Done) -> None:
    if hold and hold.released_at is None:
        hold.ending_by_id, hold.ending_at = ended["asked_by"], _moment(ended["asked_at"])
        hold.released_by_id, hold.released_at = ended["by"], _moment(ended["at"])
        hold.save(update_fields=["ending_by", "ending_at", "released_by", "released_at"])
        _record(hold, "end legal hold again")
        done.brought_up += 1


def _written(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _record(hold: LegalHold, what: str) -> None:
    audit.record(person=None, what=what, about=f"{hold.kind}:{hold.name} hold:{hold.pk}", reason="A restore.")
