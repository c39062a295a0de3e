"""What is counted of plans: how many, which parts are agreed, and how long agreeing takes. No words, no case."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hub import figures, words
from hub.figures import Number, Table, days_in_the_middle, rounded
from parenting_plan import questions
from parenting_plan.models import Clause, Party, Plan, Proposal

NEWEST = 20_000  # so many times are enough to know the one in the middle


@figures.counts
def plans(since: datetime, until: datetime) -> Iterable[Table]:
    """Plans begun in each month, and in how many both parents are by now."""
    both = Party.objects.filter(role="b", plan__created_at__gte=since, plan__created_at__lt=until).order_by()
    spans = figures.months_until(until)
    begun = Plan.objects.aggregate(
        **{f"n{n}": Count("pk", filter=Q(created_at__gte=a, created_at__lt=b)) for n, (a, b) in enumerate(spans)}
    )
    shared = both.aggregate(
        **{
            f"n{n}": Count("pk", filter=Q(plan__created_at__gte=a, plan__created_at__lt=b))
            for n, (a, b) in enumerate(spans)
        }
    )
    table = Table(
        "plans",
        _("Plans, month by month"),
        _("By the month in which a parent began it."),
        [_("Begun"), _("Both parents in it by now")],
    )
    for n, (begins, _ends) in enumerate(spans):
        month = date_format(words.at_home(begins).date(), "F Y")
        table.rows.append((month, [rounded(begun[f"n{n}"]), rounded(shared[f"n{n}"])]))
    yield table


@figures.counts
def agreed(since: datetime, until: datetime) -> Iterable[Table]:
    """In how many plans something of each section is agreed."""
    rows = Clause.objects.filter(agreed_at__gte=since, agreed_at__lt=until).order_by()
    table = Table(
        "agreed",
        _("Agreed sections"),
        _("Plans in which both parents agreed at least one part of the section in these twelve months."),
        [_("Plans")],
    )
    told = rows.aggregate(
        **{
            f"s{n}": Count("plan", distinct=True, filter=Q(question__startswith=f"{section.slug}/"))
            for n, section in enumerate(questions.sections())
        }
    )
    for n, section in enumerate(questions.sections()):
        table.rows.append((section.title, [rounded(told[f"s{n}"])]))
    yield table


@figures.counts
def how_long(since: datetime, until: datetime) -> Iterable[Table]:
    """The time in the middle: half of them took less."""
    table = Table(
        "how-long",
        _("How long agreeing takes"),
        _("The days in the middle: half took less, half took more."),
        [_("Days")],
        unit="days",
    )
    agreed_ones = Proposal.objects.filter(ending=Proposal.Ending.AGREED, ended_at__gte=since, ended_at__lt=until)
    answers = agreed_ones.order_by("-ended_at").values_list("committed_at", "ended_at")[:NEWEST]
    table.rows.append((_("From a suggestion to a yes"), [_middle(answers)]))
    firsts = (
        Party.objects.filter(role="b")
        .order_by()
        .annotate(first=Min("plan__clauses__proposals__ended_at", filter=Q(plan__clauses__proposals__ending="agreed")))
        .filter(first__gte=since, first__lt=until)
        .order_by("-first")
        .values_list("joined_at", "first")[:NEWEST]
    )
    table.rows.append((_("From both parents being in the plan to its first agreed part"), [_middle(firsts)]))
    yield table


def _middle(pairs: Iterable[tuple[datetime, datetime]]) -> Number:
    return days_in_the_middle([(ends - begins).total_seconds() for begins, ends in pairs if ends > begins])
