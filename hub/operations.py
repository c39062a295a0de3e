"""How the hub is, part by part, in a sentence each, and what to do: for the page of staff and `manage.py status`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub import audit, clock, files, health, holds, retention
from hub.models import AccessRecord, OutgoingMail, Pulse

WORKER_IS_SILENT = timedelta(minutes=5)
ANCHOR_IS_OLD = timedelta(hours=2)
NIGHT_IS_OLD = timedelta(hours=26)
DRILL_IS_OLD = timedelta(days=8)
WRITTEN_DOWN_LATE = timedelta(hours=1)
LITTLE_ROOM = 10  # hundredths
HOLD_WAITS = timedelta(days=1)
POWERS_DIFFERED = timedelta(days=7)  # how long it is said


@dataclass(frozen=True)
class Part:
    """One part of the hub. `does` is what to do, and is empty when all is well."""

    name: str
    says: str
    does: str = ""

    @property
    def is_well(self) -> bool:
        return not self.does


_ASKED: list[Callable[[datetime], Part]] = []


def asked(part: Callable[[datetime], Part]) -> Callable[[datetime], Part]:
    """Registers a part of an app: `part(now)`, with a query or two."""
    _ASKED.append(part)
    return part


def look() -> list[Part]:
    """Every part, in the order in which somebody should worry. A few small queries."""
    now = clock.now()
    known = {part.name: part for part in Pulse.objects.all()}
    return [
        _record(known.get("record"), now),
        _anchors(known.get("anchor"), now),
        _lasting([known.get("closed"), known.get("holds")], now),
        _backups(known.get("backup"), now),
        _drill(known.get("drill"), now),
        _retention(known.get(retention.PULSE), now),
        _holds(now),
        *(part(now) for part in _ASKED),
        _mail(now),
        _copies(known.get("data copies"), now),
        _disk(),
        _worker(known.get("worker"), now),
        _powers(now),
        _migrations(),
        _redis(),
    ]


def _since(part: Pulse, now: datetime) -> str:
    return timesince(part.at, now, depth=1) if now - part.at >= timedelta(minutes=1) else _("less than a minute")


def _record(part: Pulse | None, now: datetime) -> Part:
    name, check = _("The record of plans"), _("Type: manage.py verify_record")
    if part is None:
        return Part(name, _("It has not been checked yet."), check)
    if not part.good:
        said = _("%(count)s faults were found %(since)s ago. The record is not as it was written.")
        told = {"count": part.facts.get("faults", "?"), "since": _since(part, now)}
        do = _("Change nothing and keep every backup. manage.py verify_record --all names each event.")
        return Part(name, said % told, do)
    told = {"plans": part.facts.get("plans", "?"), "since": _since(part, now)}
    said = _("Every plan is as it was written: %(plans)s looked at, %(since)s ago.") % told
    return Part(name, said, check if now - part.at > NIGHT_IS_OLD else "")


def _anchors(part: Pulse | None, now: datetime) -> Part:
    name, do = _("Anchors of the record"), _("Is the keeper up? manage.py anchor says what is wrong.")
    if part is None:
        return Part(name, _("Nothing has been anchored outside the database yet."), do)
    if not part.good:
        return Part(name, _("The last anchor could not be written, %(since)s ago.") % {"since": _since(part, now)}, do)
    said = _("Anchor %(number)s was written %(since)s ago.")
    said %= {"number": part.facts.get("number", "?"), "since": _since(part, now)}
    return Part(name, said, do if now - part.at > ANCHOR_IS_OLD else "")


def _lasting(written: list[Pulse | None], now: datetime) -> Part:
    """By what came last of the two: a backup that is brought back is only as good as both."""
    name, do = _("Closed accounts and legal holds"), _("Is the keeper up, and HUB_ANCHORS full? Its log says why.")
    known = [part for part in written if part is not None]
    if len(known) < len(written):
        return Part(name, _("They have not been written down beside the anchors yet."), do)
    oldest = min(known, key=lambda part: part.at)
    said = _("They were written down beside the anchors %(since)s ago.") % {"since": _since(oldest, now)}
    return Part(name, said, do if now - oldest.at > WRITTEN_DOWN_LATE else "")


def _holds(now: datetime) -> Part:
    name, (count, since) = _("Legal holds"), holds.waiting()
    if since is None or now - since <= HOLD_WAITS:
        return Part(name, _("None has waited a day for its second person."))
    said = ngettext("%(n)d waits for its second person", "%(n)d wait for their second person", count) % {"n": count}
    said = _("%(said)s, one for %(since)s.") % {"said": said, "since": timesince(since, now, depth=1)}
    return Part(name, said, _("Open “Legal holds”: each says who began it. Ask somebody else to look."))


def _backups(part: Pulse | None, now: datetime) -> Part:
    name, do = _("Backups"), _("Is the keeper up, and the disk full? manage.py backup says what is wrong.")
    if part is None:
        return Part(name, _("There is no backup yet."), do)
    if not part.good:
        return Part(name, _("The last backup failed, %(since)s ago.") % {"since": _since(part, now)}, do)
    said = _("The last backup was made %(since)s ago.") % {"since": _since(part, now)}
    return Part(name, said, do if now - part.at > NIGHT_IS_OLD else "")


def _drill(part: Pulse | None, now: datetime) -> Part:
    name, do = _("Bringing a backup back"), _("Type: manage.py restore_drill. Once a week is a good habit.")
    if part is None:
        return Part(name, _("Nobody has tried it yet."), do)
    if not part.good:
        return Part(name, _("The last try failed, %(since)s ago.") % {"since": _since(part, now)}, do)
    said = _("It worked %(since)s ago and took %(seconds)s seconds.")
    said %= {"since": _since(part, now), "seconds": part.facts.get("seconds", "?")}
    return Part(name, said, do if now - part.at > DRILL_IS_OLD else "")


def _retention(part: Pulse | None, now: datetime) -> Part:
    name, do = _("What may not be kept"), _("Are worker and beat up? manage.py retention does it now.")
    if part is None:
        return Part(name, _("Nothing has been looked for yet: it is done each night."), do)
    told = {"count": sum(part.facts.get("counts", {}).values()), "since": _since(part, now)}
    said = _("Erased in the last run, %(since)s ago: %(count)s.") % told
    if not part.good:
        said += " " + _("Not all could be: %(failed)s.") % {"failed": ", ".join(part.facts.get("failed", []))}
        return Part(name, said, _("manage.py retention tries again. The log says what was in the way."))
    if part.facts.get("more"):
        said += " " + _("There is more: it goes on.")
    return Part(name, said, do if now - part.at > NIGHT_IS_OLD else "")


def _mail(now: datetime) -> Part:
    name, state = _("Mail"), OutgoingMail.State
    dead = OutgoingMail.objects.filter(state=state.DEAD).count()
    if dead:
        said = ngettext("%(count)d mail was given up.", "%(count)d mails were given up.", dead) % {"count": dead}
        return Part(name, said, _("Open “Outgoing mail”: it says why, and tries again."))
    oldest = health.mail_waits_since(now)
    if oldest and now - oldest > health.MAIL_IS_LATE:
        said = _("The oldest mail has waited %(since)s.") % {"since": timesince(oldest, now, depth=1)}
        return Part(name, said, _("Are the worker and the mail server up? Nothing is lost: it leaves when they are."))
    return Part(name, _("It leaves on time."))


def _copies(part: Pulse | None, now: datetime) -> Part:
    name = _("Copies of people’s data")
    if part is None:
        return Part(name, _("Nobody has asked for one yet."))
    if part.good:
        return Part(name, _("The last one was made %(since)s ago.") % {"since": _since(part, now)})
    said = _("One could not be made, %(since)s ago. It was tried three times.") % {"since": _since(part, now)}
    return Part(name, said, _("The worker’s log says why. The person was told that they can ask again."))


def _disk() -> Part:
    name, free = _("Disk of HUB_FILES"), files.room()
    if free >= LITTLE_ROOM:
        return Part(name, _("%(free)d %% of it is free.") % {"free": free})
    said = _("%(free)d %% of it is free: plans and copies can soon not be drawn, or cannot now.") % {"free": free}
    return Part(name, said, _("Make room. What could not be drawn is drawn when somebody asks for it again."))


def _worker(part: Pulse | None, now: datetime) -> Part:
    name, do = _("Worker"), _("Restart worker and beat. What is due stands in the database and is made up for.")
    if part is None:
        return Part(name, _("No worker has said anything yet."), do)
    said = _("It last said that it works %(since)s ago.") % {"since": _since(part, now)}
    return Part(name, said, do if now - part.at > WORKER_IS_SILENT else "")


def _powers(now: datetime) -> Part:
    name = _("Powers of staff")
    if connection.vendor != "postgresql":
        return Part(name, _("Only PostgreSQL sees what is changed outside the pages."))
    lately = AccessRecord.objects.filter(what=audit.BEHIND, at__gt=now - POWERS_DIFFERED)
    if (last := lately.aggregate(last=Max("at"))["last"]) is not None:
        said = _("Some were changed outside the pages, %(since)s ago.") % {"since": timesince(last, now, depth=1)}
        ask = _("“Access records” say whose: “change powers outside the pages”. Ask who did it, and why.")
        return Part(name, said, ask)
    return Part(name, _("For a week, nothing was changed outside the pages."))


def _migrations() -> Part:
    if health.migrations_state() == "ok":
        return Part(_("Tables"), _("They are up to date."))
    return Part(_("Tables"), _("The code is newer than the tables."), _("Type: manage.py migrate, as the owner."))


def _redis() -> Part:
    state = health.redis_state()
    if state == "down":
        return Part(
            _("Redis"), _("It does not answer."), _("Start it again. Nothing is lost; limits do not count now.")
        )
    return Part(_("Redis"), _("It answers.") if state == "ok" else _("The hub works without it here."))
