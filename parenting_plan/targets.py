"""By when staff should have looked at a report. Pure: no database, no request, no clock of its own.

Counted in hours of work: Monday to Friday, 9 am to 5 pm by the clocks of the United Kingdom, without bank holidays.
Elapsed hours would promise somebody that a Saturday night is watched, and it is not.
"""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta

from hub.words import HOME, at_home

OPENS, CLOSES = time(9), time(17)
SATURDAY = 5


def working_time_after(at: datetime, hours: int, *, closed: Container[date] = ()) -> datetime:
    """The moment, in UTC, when so many hours of work have passed since `at`. `closed` are days without work."""
    left, local = timedelta(hours=hours), at_home(at)
    while True:
        opens, closes = (datetime.combine(local.date(), each, tzinfo=HOME) for each in (OPENS, CLOSES))
        if local.weekday() < SATURDAY and local.date() not in closed and local < closes:
            local = max(local, opens)
            if closes - local >= left:
                return (local + left).astimezone(UTC)
            left -= closes - local
        local = datetime.combine(local.date() + timedelta(days=1), time(0), tzinfo=HOME)
