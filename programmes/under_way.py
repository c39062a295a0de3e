"""Which courses somebody has begun, how far they are and what is due: for the home page and the list of courses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.asked import About
from hub.at_home import Comes, Step
from hub.words import at_home
from programmes import library
from programmes.actions.learning import Progress
from programmes.library import Programme
from programmes.models import Booking, Referral, Taking
from programmes.views.learning import address_of

LATELY = timedelta(days=14)  # a course left alone for longer waits on its card, and is no next step
DUE_WITHIN = timedelta(days=3)
TODAY_OR_TOMORROW, SOON = timedelta(hours=36), timedelta(days=7)


def all_of(person, shown: Iterable[Programme]) -> list[Progress]:
    """Every course this person has begun and that is shown, the newest first. One query."""
    by_slug = {programme.slug: programme for programme in shown}
    return [
        Progress(by_slug[taking.programme], taking)
        for taking in Taking.objects.filter(person=person)
        if taking.programme in by_slug
    ]


FIELDS = ("programme", "last_at", "part", "step", "screen", "seen", "parts_done")
TAKINGS = About(lambda person: Taking.objects.filter(person=person, finished_at=None).values_list(*FIELDS))


def newest_unfinished(person) -> Progress | None:
    """The course this person was in last that has something left. One query, and one more when there is one."""
    for row in TAKINGS.of(person):
        taking = Taking(**dict(zip(FIELDS, row, strict=True)))
        programme = library.programme(taking.programme)
        if programme is not None and (found := Progress(programme, taking)).next is not None:
            return found
    return None


# ---------------------------------------------------------------- on the home page


SENT = About(
    lambda person: (
        Referral.objects.filter(party__person=person, joined_at__isnull=False, ended_at=None)
        .order_by("learning_due_on", "pk")
        .annotate(
            begins=Min(
                "bookings__workshop__starts_at",
                filter=Q(bookings__state=Booking.State.BOOKED, bookings__workshop__cancelled_at=None),
            )
        )
        .values_list("programme", "learned_at", "learning_due_on", "begins")
    )
)


@dataclass(frozen=True)
class Corner:
    """What the signed-in home knows of somebody's courses. No title of a course: one may tell of a court."""

    progress: Progress | None
    begins: datetime | None  # when their next workshop begins
    due: str  # the programme of which something is to be finished within days; "" for none
    at: datetime

    @property
    def tags(self) -> tuple[str, ...]:
        return (self.progress.programme.slug,) if self.progress is not None else ()

    def steps(self) -> list[Step]:
        found = []
        if self.begins is not None and self.begins < self.at + SOON:
            found.append(_coming_up(Comes.TODAY if self.begins < self.at + TODAY_OR_TOMORROW else Comes.SOON))
        if self.due:
            found.append(_finish(self.due, self.progress))
        elif self.progress is not None and self.at - self.progress.taking.last_at < LATELY:  # type: ignore[union-attr]
            found.append(_carry_on(self.progress))
        return [*found, _learn()]


def of(person) -> Corner:
    """Two queries, and one more when a course is begun."""
    at = timezone.now()  # of this machine: a minute early or late matters to none of this
    sent = SENT.of(person)
    last_day = at_home(at + DUE_WITHIN).date()
    due = (slug for slug, learned, due_on, _begins in sent if learned is None and due_on and due_on <= last_day)
    return Corner(
        progress=newest_unfinished(person),
        begins=min((begins for *_facts, begins in sent if begins is not None and begins > at), default=None),
        due=next(due, ""),
        at=at,
    )


def _coming_up(comes: Comes) -> Step:
    return Step(
        comes,
        _("Something in your calendar is coming up"),
        _("Look at the day and the time, and at what to bring. You can still ask us for what you need."),
        _("Look at it"),
        reverse("programmes:workshop"),
    )


def _finish(slug: str, progress: Progress | None) -> Step:
    here = progress is not None and progress.programme.slug == slug
    return Step(
        Comes.DUE,
        _("There is still something to finish, when you are ready"),
        _("You were asked to do this by a day that is near. You can do it in small pieces."),
        _("Carry on") if here else _("Open it"),
        _carry_on(progress).address if progress is not None and here else reverse("programmes:cover", args=[slug]),
    )


def _carry_on(progress: Progress) -> Step:
    assert progress.next is not None
    return Step(
        Comes.CARRY_ON,
        _("Go on with your course, when you like"),
        _("It opens where you left it. You can stop at any time."),
        _("Carry on"),
        address_of(progress.programme, progress.next),
    )


def _learn() -> Step:
    return Step(
        Comes.LEARN,
        _("Ten minutes for you and your children"),
        _("Short courses with films and things to try. You can stop at any time, and nobody sees what you write."),
        _("See the courses"),
        reverse("programmes:landing"),
    )
