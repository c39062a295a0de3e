"""By when somebody who asks about their data is answered. Pure: no database, no request, no clock of its own.

One month from the day it came (UK GDPR 12(3)), counted as the Information Commissioner's Office counts: the same day of
the next month, or that month's last day where it has no such day. If nobody works on that day, the next day of work.
"""

from calendar import monthrange
from collections.abc import Container
from datetime import date, datetime, timedelta

from hub.words import at_home

MONTHS = 1
MONTHS_EXTENDED = 3  # "may be extended by two further months", once, with reasons and within the first month
SATURDAY = 5


def answer_by(received_at: datetime, *, months: int = MONTHS, closed: Container[date] = ()) -> date:
    """The last day to answer what came at this moment. The day it came is the day by the clocks of the United Kingdom,
    whether or not anybody worked then. `closed` are days without work besides Saturdays and Sundays.
    """
    came = at_home(received_at).date()
    years, month = divmod(came.month - 1 + months, 12)
    year, month = came.year + years, month + 1
    last = date(year, month, min(came.day, monthrange(year, month)[1]))
    while last.weekday() >= SATURDAY or last in closed:
        last += timedelta(days=1)
    return last
