"""By when somebody who asks about their data is answered. Pure: no database, no request, no clock of its own.

One month from the day it came (UK GDPR 12A), counted as the Information Commissioner's Office counts: the same day of
the next month, or that month's last day where it has no such day. If nobody works on that day, the next day of work.
The law stops its clock while we ask who they are; ours goes on.

A complaint about what we do with their data is acknowledged within 30 days, and they hear what we found without undue
delay (Data Protection Act 2018, section 164A, since 19 June 2026). So within 30 days they hear what we found or, if
that takes longer, how far we are.
"""

from calendar import monthrange
from collections.abc import Container
from datetime import date, datetime, timedelta

from hub.words import at_home

MONTHS = 1
DAYS_OF_A_COMPLAINT = 30  # from the day after it came, as the Information Commissioner's Office counts them
MONTHS_EXTENDED = 3  # "may be extended by two further months", once, with reasons and within the first month
SATURDAY = 5


def answer_by(received_at: datetime, *, months: int = MONTHS, closed: Container[date] = ()) -> date:
    """The last day to answer what came at this moment. The day it came is the day by the clocks of the United Kingdom,
    whether or not anybody worked then. `closed` are days without work besides Saturdays and Sundays.
    """
    came = at_home(received_at).date()
    years, month = divmod(came.month - 1 + months, 12)
    year, month = came.year + years, month + 1
    return _at_work(date(year, month, min(came.day, monthrange(year, month)[1])), closed)


def hear_by(received_at: datetime, *, closed: Container[date] = ()) -> date:
    """The last day on which whoever complained at this moment hears from us."""
    return _at_work(at_home(received_at).date() + timedelta(days=DAYS_OF_A_COMPLAINT), closed)


def _at_work(last: date, closed: Container[date]) -> date:
    while last.weekday() >= SATURDAY or last in closed:
        last += timedelta(days=1)
    return last
