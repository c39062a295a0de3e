"""What of the kernel's own tables goes when its time is over: mail, news, sessions, lines on record."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hub import holds, retention
from hub.models import AccessRecord, LegalHold, Notice, OutgoingMail
from hub.retention import Rule, months_before

MAIL = timedelta(days=30)
STUCK_MAIL = timedelta(days=90)
NEWS_MONTHS, READ_NEWS_MONTHS = 24, 12
VISITS = timedelta(days=90)
A_DAY = timedelta(days=1)  # a session lives for half of one: younger than this it may be about to be written
State = OutgoingMail.State


def rows_of(model: type[Model]) -> Callable[[Sequence[Any], datetime], int]:
    """How the rows of one table are erased, with what the database lets go together with them."""

    def erase(keys: Sequence[Any], _at: datetime) -> int:
        model._base_manager.filter(pk__in=keys).delete()
        return len(keys)

    return erase


def _names_of(kind: str, numbers: Sequence[int]) -> list[str]:
    """What the lines about these are about."""
    held = LegalHold.objects.filter(kind=kind, number__in=numbers, released_at=None)
    return [about for hold in held for about in holds.on_record(hold)]


def _about(kind: str) -> Callable[[list[int]], Q]:
    return lambda numbers: Q(about__in=_names_of(kind, numbers))


retention.rule(
    Rule(
        key="hub.sent_mail",
        what=_("Mail that has left"),
        term=_("30 days after it left"),
        due=lambda at: OutgoingMail.objects.filter(state=State.SENT, due_at__lte=at - MAIL, sent_at__lte=at - MAIL),
        erase=rows_of(OutgoingMail),
        holds={"person": "person"},
    )
)
retention.rule(
    Rule(
        key="hub.stuck_mail",
        what=_("Mail that was given up, refused, put aside or not needed any more"),
        term=_("90 days after it should have left"),
        due=lambda at: OutgoingMail.objects.filter(
            state__in=[State.DROPPED, State.REFUSED, State.DEAD, State.SETTLED], due_at__lte=at - STUCK_MAIL
        ),
        erase=rows_of(OutgoingMail),
        holds={"person": "person"},
    )
)
retention.rule(
    Rule(
        key="hub.news",
        what=_("News on people’s own lists"),
        term=_("12 months after it was put away, or 24 months after it came"),
        due=lambda at: Notice.objects.filter(
            Q(put_away_at__lte=months_before(at, READ_NEWS_MONTHS)) | Q(created_at__lte=months_before(at, NEWS_MONTHS))
        ),
        erase=rows_of(Notice),
        holds={"person": "person"},
    )
)
retention.rule(
    Rule(
        key="hub.sessions",
        what=_("Sessions that ran out"),
        term=_("the next night"),
        due=lambda at: Session.objects.filter(expire_date__lte=at),
        erase=rows_of(Session),
    )
)
retention.rule(
    Rule(
        key="hub.visits",
        what=_("Devices on which somebody signed in: address on the internet, browser, times"),
        term=_("a day after the session ended, and 90 days after it was last used at the latest"),
        due=lambda at: UserSession.objects.filter(
            Q(last_seen_at__lte=at - VISITS)
            | Q(last_seen_at__lte=at - A_DAY)
            & ~Exists(Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at))
        ),
        erase=rows_of(UserSession),
        holds={"person": "user"},
    )
)
retention.rule(
    Rule(
        key="hub.access",
        what=_("Lines about who opened or did what"),
        term=_("when the time that was written on the line is over: seven years, unless the operator set another"),
        due=lambda at: AccessRecord.objects.filter(kept_until__lte=at),
        erase=rows_of(AccessRecord),
        holds={
            "person": lambda numbers: Q(person__in=numbers) | _about("person")(numbers),
            "plan": _about("plan"),
            "case": _about("case"),
        },
    )
)
retention.rule(
    Rule(
        key="hub.changes",
        what=_("What Django’s own staff pages wrote down about changes"),
        term=_("as long as lines about who did what"),
        due=lambda at: LogEntry.objects.filter(action_time__lte=at - timedelta(days=settings.HUB_AUDIT_DAYS)),
        erase=rows_of(LogEntry),
        holds={"person": "user"},
    )
)
