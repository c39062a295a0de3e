"""Kernel, pure: times, dates and a parent's own words, as the pages say them.

Times are kept in UTC and said in the time of the United Kingdom, with no countdowns and no "ago".
"""

import datetime as dt
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

HOME = ZoneInfo("Europe/London")


def at_home(moment: dt.datetime) -> dt.datetime:
    """Return the moment by the clocks of the United Kingdom. A time without a zone is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("A time without a zone could mean two moments.")
    return moment.astimezone(HOME)


def clock(moment: dt.datetime) -> str:
    """Say the time of day: "7:15 pm", "5 pm", "midday", "midnight".

    In the hour that comes twice when the clocks go back, say which of the two is meant.
    """
    local = at_home(moment)
    if (local.hour, local.minute) == (0, 0):
        return gettext("midnight")
    if (local.hour, local.minute) == (12, 0):
        return gettext("midday")
    hour = str(local.hour % 12 or 12)
    time = f"{hour}:{local.minute:02d}" if local.minute else hour
    half = pgettext("before midday", "am") if local.hour < 12 else pgettext("after midday", "pm")
    said = f"{time} {half}"
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        if local.fold == 0:
            return gettext("%(time)s (before the clocks go back)") % {"time": said}
        return gettext("%(time)s (after the clocks go back)") % {"time": said}
    return said


def day(date: dt.date | dt.datetime) -> str:
    """Say a date in full: "Thursday 19 November 2026"."""
    if isinstance(date, dt.datetime):
        date = at_home(date).date()
    return date_format(date, "l j F Y")


def when(moment: dt.datetime) -> str:
    """Say when something happened: "Thursday 19 November 2026, 7:15 pm"."""
    return gettext("%(day)s, %(time)s") % {"day": day(moment), "time": clock(moment)}


def until(moment: dt.datetime) -> str:
    """Say when something ends: "3:10 pm on Sunday 22 November". Midnight says which end of the day it is."""
    local = at_home(moment)
    date = date_format(local.date(), "l j F")
    if (local.hour, local.minute) == (0, 0):
        return gettext("midnight at the start of %(day)s") % {"day": date}
    return gettext("%(time)s on %(day)s") % {"time": clock(moment), "day": date}


def length(span: dt.timedelta) -> str:
    """Say how long something lasts, in whole hours, minutes or seconds: "24 hours"."""
    seconds = int(span.total_seconds())
    if seconds and seconds % 3600 == 0:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // 3600) % {"n": seconds // 3600}
    if seconds and seconds % 60 == 0:
        return ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}


def together(names: Iterable[str]) -> str:
    """Say names in one breath: "Anya", "Anya and Finn", "Anya, Finn and Bo". Nobody is the empty string."""
    *before, last = list(names) or [""]
    if not before:
        return last
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(before), "last": last}


def paragraphs(text: str) -> SafeString:
    """Turn a parent's plain text into paragraphs and line breaks. Everything they typed is escaped first.

    `dir="auto"` lets Arabic or Hebrew words run their own way without turning the page around.
    """
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    shown = (escape(block).replace("\n", "<br>") for block in blocks if block)
    return mark_safe("".join(f'<p dir="auto">{block}</p>' for block in shown))  # noqa: S308 - escaped above
