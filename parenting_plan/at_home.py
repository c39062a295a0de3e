"""A parent's plans as the signed-in home tells of them: without a name and without a word of a plan."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.asked import About
from hub.at_home import Comes, Step
from parenting_plan.models import Draft, Party, PlanEvent

NEWS_FOR = timedelta(days=7)  # an ended lock is a next step this long; nobody is reminded of it for ever


@dataclass(frozen=True)
class Row:
    """One plan of this parent."""

    reference: str
    begun_at: datetime
    shared: bool  # nobody has left it and it is not paused
    known: bool  # False: they joined with a code, and the other parent has not said that it is them
    ready: bool  # a suggestion of the other parent waits to be read
    open_again: bool  # a lock ended lately, and nothing was suggested since
    settled: int  # questions agreed or not needed
    last: str  # the question that was written about last, by them or on the record; "" for none

    @property
    def address(self) -> str:
        return reverse("parenting_plan:overview", args=[self.reference])


@dataclass(frozen=True)
class Corner:
    rows: tuple[Row, ...]

    @property
    def known(self) -> list[Row]:
        return [row for row in self.rows if row.known]

    @property
    def waits(self) -> bool:
        return not all(row.known for row in self.rows)

    @property
    def tags(self) -> tuple[str, ...]:
        """The question they or the record wrote about last: what articles are chosen by."""
        return tuple(row.last for row in self.known if row.last and row.shared)[:1]

    def steps(self) -> list[Step]:
        """At most one for each kind: the newest plan of which it is true."""
        if not self.rows:
            return [_begin()]
        found = []
        here = [row for row in self.known if row.shared]
        if ready := next((row for row in here if row.ready), None):
            found.append(_read(ready))
        if again := next((row for row in here if row.open_again and not row.ready), None):
            found.append(_open_again(again))
        if here and not found:
            found.append(_go_on(here[0]))
        return found


def _asked(person: int) -> QuerySet:
    """Every plan they are in, the newest first."""
    clauses = "plan__clauses"
    drafted = Draft.objects.filter(party=OuterRef("pk")).order_by("-saved_at").values("question")[:1]
    recorded = PlanEvent.objects.filter(plan=OuterRef("plan")).exclude(part="").order_by("-seq").values("part")[:1]
    agreed = Q(**{f"{clauses}__state__in": ["agreed", "changing"]})
    rested = Q(
        **{
            f"{clauses}__state": "agreed",
            f"{clauses}__rests_until__gt": Now() - NEWS_FOR,
            f"{clauses}__rests_until__lte": Now(),
        }
    )
    return (
        Party.objects.filter(user=person, plan__put_away_at=None)
        .exclude(confirmed_at=None, plan__ended_at__isnull=False)  # they wait in vain: nobody can say yes any more
        .order_by("-plan__created_at")
        .annotate(
            is_open=Count(f"{clauses}__open"),
            mine=Count(f"{clauses}__open", filter=Q(**{f"{clauses}__open__by": F("pk")})),
            rested=Count(clauses, filter=rested),
            settled=Count(clauses, filter=agreed),
            last=Coalesce(Subquery(drafted), Subquery(recorded)),
        )
        .values_list(
            "plan__reference",
            "plan__created_at",
            "plan__ended_at",
            "plan__paused_at",
            "confirmed_at",
            "is_open",
            "mine",
            "rested",
            "settled",
            "last",
        )
    )


PLANS = About(_asked)


def of(person) -> Corner:
    """Every plan this parent is in, the newest first. One query."""
    rows = PLANS.of(person)
    return Corner(
        tuple(
            Row(
                reference=reference,
                begun_at=begun_at,
                shared=ended_at is None and paused_at is None,
                known=confirmed_at is not None,
                ready=is_open > mine,
                open_again=rested > 0,
                settled=settled,
                last=last or "",
            )
            for (reference, begun_at, ended_at, paused_at, confirmed_at, is_open, mine, rested, settled, last) in rows
        )
    )


def _read(row: Row) -> Step:
    return Step(
        Comes.SENT,
        _("There is something for you to read in your plan"),
        _(
            "You can agree, suggest different words, or leave it."
            " There is no rush, and no one is told whether you have looked."
        ),
        _("Open the plan"),
        row.address,
    )


def _open_again(row: Row) -> Step:
    return Step(
        Comes.OPEN_AGAIN,
        _("A part of your plan has had its rest"),
        _("It stands as it is. From now on, either of you may suggest a change. If it still fits, do nothing."),
        _("Open the plan"),
        row.address,
    )


def _go_on(row: Row) -> Step:
    return Step(
        Comes.QUIET,
        _("Go on with your plan, when you like"),
        _("One small question at a time is enough. You can also leave it for today."),
        _("Open the plan"),
        row.address,
    )


def _begin() -> Step:
    return Step(
        Comes.BEGIN,
        _("Start your plan"),
        _(
            "Write down what would help your children, one small question at a time."
            " You can do it all by yourself. Nobody is told."
        ),
        _("Start a plan"),
        reverse("parenting_plan:start"),
    )
