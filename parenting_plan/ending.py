"""When the time of a plan is over, and when its one parent is told so (product decision 7).

A plan that nobody joined stays for PLAN_ALONE_MONTHS after anything was last done in it, and goes no sooner than thirty
days after its parent was told; once that parent has left, in the next night. A plan of two parents stays until its
youngest child is HUB_PLAN_AGE. The database asks the record itself again before it lets a word go; see `keeping`.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.models import BooleanField, Exists, Max, OuterRef, Q
from django.db.models.expressions import RawSQL

from hub.models import LegalHold
from hub.retention import months_before
from parenting_plan import keeping
from parenting_plan.models import Child, Draft, Grant, Invitation, Party, Plan, PlanErased, SafetyReport

NOTICE = timedelta(days=30)


@checks.register()
def plans_stay_long_enough(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """The database keeps plans so long whatever is set: less would be a promise that nothing keeps."""
    least = {"HUB_PLAN_AGE": (settings.PLAN_AGE, keeping.AGE)}
    least["PLAN_ALONE_MONTHS"] = (settings.PLAN_ALONE_MONTHS, keeping.MONTHS)
    return [
        checks.Error(f"{name} is {is_set}, and may not be under {lowest}.", id="parenting_plan.E001")
        for name, (is_set, lowest) in least.items()
        if is_set < lowest
    ]


def _recorded(why: str) -> RawSQL:
    sql = keeping.over(why, connection.vendor, "parenting_plan_plan.id").replace("%", "%%")
    return RawSQL(sql, [], output_field=BooleanField())  # noqa: S611  the words the database itself asks; no values


def _quiet_since(moment: datetime) -> Q:
    """Plans of one parent in which nothing was done after this moment. An invitation, or access for somebody, that
    still stood then was something; so was a draft.
    """
    mine = OuterRef("pk")
    return (
        Q(last_alone_at__lte=moment)
        & ~Exists(Draft.objects.filter(party__plan=mine, saved_at__gt=moment))
        & ~Exists(Invitation.objects.filter(plan=mine, expires_at__gt=moment))
        & ~Exists(Grant.objects.filter(plan=mine, expires_at__gt=moment))
    )


def _quiet_months(at: datetime) -> datetime:
    return months_before(at, settings.PLAN_ALONE_MONTHS)


def over_alone(at: datetime):
    """Plans that nobody joined and whose time is over. While staff have one paused its parent could do nothing in it,
    so it stays.
    """
    quiet = _quiet_months(at)
    told = Q(end_told_at__gt=quiet, end_told_at__lte=at - NOTICE)  # longer ago: something was done since
    told |= Q(put_away_at__isnull=False)
    left = Q(last_alone_at__isnull=False, ended_at__isnull=False)
    over = left | (_quiet_since(quiet) & told & Q(paused_at=None))
    return Plan.objects.filter(over).filter(_recorded(PlanErased.Why.ALONE))


def over_grown_up(at: datetime):
    """Plans whose youngest child is grown up; in the month of the birthday it is not yet."""
    year, month = at.year - max(settings.PLAN_AGE, keeping.AGE), at.month
    old = Q(born_year__lt=year) | Q(born_year=year, born_month__lt=month)
    someone = Child.objects.filter(old, born_year__lte=year).order_by().values("plan")
    younger = Child.objects.filter(plan=OuterRef("pk")).exclude(old)
    return Plan.objects.filter(~Exists(younger), pk__in=someone).filter(_recorded(PlanErased.Why.GROWN_UP))


def worked_on() -> Exists:
    """Plans that somebody told staff of, and staff still work on it: what they look into must not go meanwhile."""
    return Exists(SafetyReport.objects.not_closed().filter(plan=OuterRef("pk")))


def kept_back() -> Q:
    """Plans that stay for staff though their time may be over."""
    holds = LegalHold.objects.filter(released_at=None)
    person = Party.objects.filter(
        plan=OuterRef("pk"),
        user__in=holds.filter(kind=LegalHold.Kind.PERSON).values("number"),
    )
    return Q(worked_on()) | Exists(holds.filter(kind=LegalHold.Kind.PLAN, number=OuterRef("pk"))) | Exists(person)


# ---------------------------------------------------------------- telling


def to_tell(at: datetime):
    """Plans that go in thirty days if nothing is done in them, whose parent has not been told yet."""
    quiet = _quiet_months(at + NOTICE)
    open_ones = Plan.objects.filter(ended_at=None, paused_at=None, put_away_at=None)
    return open_ones.filter(_quiet_since(quiet), ~Q(end_told_at__gt=quiet))


def goes_at(plan: Plan) -> datetime | None:
    """From when on this plan goes; None unless its parent was told, and nothing was done in it since.

    Three small queries for a plan whose parent was told, else none.
    """
    told = plan.end_told_at
    if told is None or plan.last_alone_at is None or not plan.still_shared:
        return None
    found = (
        Draft.objects.filter(party__plan=plan).aggregate(at=Max("saved_at"))["at"],
        Invitation.objects.filter(plan=plan).aggregate(at=Max("expires_at"))["at"],
        Grant.objects.filter(plan=plan).aggregate(at=Max("expires_at"))["at"],
    )
    last = max(filter(None, found), default=plan.last_alone_at)
    last = max(last, plan.last_alone_at)
    if last >= told:
        return None
    return max(months_before(last, -settings.PLAN_ALONE_MONTHS), told + NOTICE)
