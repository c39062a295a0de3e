"""A workshop for somebody's own calendar. Neutral: whoever else reads that calendar learns a time and nothing more."""

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, Event, Timezone

from hub.words import at_home

# The rule in force in the United Kingdom since 1996: a rule, for some calendars do not read a list of days.
UNITED_KINGDOM = b"""BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""


def file_for(*, whose: int, sittings: Sequence[tuple[datetime, datetime]], sequence: int, made_at: datetime) -> bytes:
    """One event for each sitting, as (begins, ends).

    `whose` is the referral: its nth sitting keeps its name through every move, and a higher `sequence` takes the place
    of an event that is in the calendar already. The same facts give the same bytes.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Appointment//EN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_ical(UNITED_KINGDOM))
    for number, (begins, ends) in enumerate(sittings, start=1):
        calendar.add_component(_event(whose, number, begins, ends, sequence, made_at))
    return calendar.to_ical()


def _event(whose: int, number: int, begins: datetime, ends: datetime, sequence: int, made_at: datetime) -> Component:
    event = Event()
    event.add("uid", _name_of(whose, number))
    event.add("dtstamp", made_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", sequence)
    event.add("dtstart", _moment(begins))
    event.add("dtend", _moment(ends))
    event.add("summary", _("Appointment"))
    event.add("class", "PRIVATE")
    return event


def _moment(at: datetime) -> datetime:
    """By the clocks of the United Kingdom; in UTC in the hour that comes twice, for a local time could mean both."""
    local = at_home(at)
    return at.astimezone(UTC) if local.fold else local


def _name_of(whose: int, number: int) -> str:
    """The same for ever, and nobody can work out whose it is."""
    words = f"calendar:{whose}:{number}".encode()
    return str(uuid.UUID(bytes=hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).digest()[:16], version=4))
