"""What is counted of the programmes: who was sent, who began, who finished."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hub import figures, words
from hub.figures import Table, rounded
from programmes import library
from programmes.models import Referral, Taking


def _titles() -> dict[str, str]:
    return {each.slug: each.title for each in library.programmes()}


@figures.counts
def referred(since: datetime, until: datetime) -> Iterable[Table]:
    """People referred in this time and how far they have come by now."""
    rows = Referral.objects.filter(made_at__gte=since, made_at__lt=until).order_by()
    far = {
        "joined": Count("pk", filter=Q(joined_at__isnull=False)),
        "learned": Count("pk", filter=Q(learned_at__isnull=False)),
        "attended": Count("pk", filter=Q(attended_at__isnull=False)),
        "complete": Count("pk", filter=Q(outcome=Referral.Ended.COMPLETE)),
    }
    table = Table(
        "referred",
        _("People sent to a programme"),
        _("Everybody referred in these twelve months, and how far they have come by now."),
        [_("Referred"), _("Joined"), _("E-learning finished"), _("Went to the workshop"), _("Complete")],
    )
    found = {row["programme"]: row for row in rows.values("programme").annotate(all=Count("pk"), **far)}
    for slug, title in _titles().items():
        if slug in found:
            table.rows.append((title, [rounded(found[slug][name]) for name in ("all", *far)]))
    yield table
    months = Table(
        "referred-by-month",
        _("People sent to a programme, month by month"),
        _("By the month in which they were referred."),
        [_("Referred"), _("Joined by now")],
    )
    spans = figures.months_until(until)
    told = rows.aggregate(
        **{f"all{n}": Count("pk", filter=Q(made_at__gte=a, made_at__lt=b)) for n, (a, b) in enumerate(spans)},
        **{
            f"joined{n}": Count("pk", filter=Q(made_at__gte=a, made_at__lt=b, joined_at__isnull=False))
            for n, (a, b) in enumerate(spans)
        },
    )
    for n, (begins, _ends) in enumerate(spans):
        month = date_format(words.at_home(begins).date(), "F Y")
        months.rows.append((month, [rounded(told[f"all{n}"]), rounded(told[f"joined{n}"])]))
    yield months


@figures.counts
def taken(since: datetime, until: datetime) -> Iterable[Table]:
    """Everybody who began a course in this time, sent or not."""
    rows = Taking.objects.filter(started_at__gte=since, started_at__lt=until).order_by().values("programme")
    done = Count("pk", filter=Q(finished_at__isnull=False))
    found = {row["programme"]: row for row in rows.annotate(all=Count("pk"), done=done)}
    table = Table(
        "taken",
        _("People who began a course"),
        _("Everybody who opened a first part in these twelve months, sent there or not."),
        [_("Began"), _("Finished by now")],
    )
    for slug, title in _titles().items():
        if slug in found:
            table.rows.append((title, [rounded(found[slug]["all"]), rounded(found[slug]["done"])]))
    yield table
