"""What goes of plans when its time is over, and how staff name a plan that must not go."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import conflicts
from hub import holds, retention
from hub.kernel_retention import rows_of
from hub.retention import Rule, months_before
from parenting_plan import ending, keeping
from parenting_plan.actions.erasing import erase_plans
from parenting_plan.models import Grant, Invitation, Opening, Plan, PlanErased, ReportNote, SafetyReport, StaffOpening
from parenting_plan.own_case import own_plans

ADDRESS = timedelta(days=90)
SIX_YEARS, SEVEN_YEARS, A_YEAR = 6 * 12, 7 * 12, 12  # months
OF_PLAN = {"plan": "pk", "person": "parties__user"}


@holds.finder("plan")
def find(text: str) -> holds.Found | None:
    """A plan by its reference, in any letters people write it."""
    try:
        reference = conflicts.normal(text).lower()
    except conflicts.NotAReference:
        return None
    return Plan.objects.filter(reference=reference).values_list("pk", "reference").first()


@holds.names("plan")
def name_of(number: int, before: datetime) -> str | None:
    return Plan.objects.filter(pk=number, created_at__lt=before).values_list("reference", flat=True).first()


holds.own("plan")(own_plans)


@holds.lines("plan")
def lines(number: int) -> list[str]:
    """Lines about reports of a plan stay with it."""
    names = [f"plan:{reference}" for reference in Plan.objects.filter(pk=number).values_list("reference", flat=True)]
    return names + [
        f"report:{pk}" for pk in SafetyReport.objects.filter(plan=number).order_by().values_list("pk", flat=True)
    ]


# ---------------------------------------------------------------- plans


def _erase(why: str):
    def erase(keys: Sequence[Any], _at: datetime) -> int:
        return erase_plans(keys, why)

    return erase


def put_away(keys: Sequence[Any], at: datetime) -> int:
    return Plan.objects.filter(pk__in=keys).update(put_away_at=at)


OVER = {
    PlanErased.Why.ALONE: (
        ending.over_alone,
        _("Plans that nobody joined"),
        format_lazy(
            _("{months} months after the last change, and 30 days after the parent was told; at once when they left"),
            months=settings.PLAN_ALONE_MONTHS,
        ),
    ),
    PlanErased.Why.GROWN_UP: (
        ending.over_grown_up,
        _("Plans of children who are grown up"),
        format_lazy(_("When the youngest child is {age}"), age=max(settings.PLAN_AGE, keeping.AGE)),
    ),
}
for _why, (_over, _what, _term) in OVER.items():
    retention.rule(
        Rule(
            key=f"parenting_plan.{_why}",
            what=_what,
            term=_term,
            due=lambda at, over=_over: over(at).filter(~ending.worked_on()),
            erase=_erase(_why),
            holds=OF_PLAN,
        )
    )
    retention.rule(  # or a page that is still there would tell of a hold, or of a report
        Rule(
            key=f"parenting_plan.{_why}_unseen",
            what=format_lazy(_("{what}, kept for staff alone"), what=_what),
            term=_("At the same time: put out of sight of the parents, and not erased"),
            due=lambda at, over=_over: over(at).filter(ending.kept_back(), put_away_at=None),
            erase=put_away,
        )
    )


# ---------------------------------------------------------------- ways in, and who read


def addresses_to_forget(at: datetime):
    """Invitations that ended or ran out. (One that was answered would have run out a fortnight later at most.)"""
    over = at - ADDRESS
    found = Invitation.objects.filter(expires_at__lte=over + timedelta(days=settings.PLAN_INVITATION_DAYS))
    return found.filter(Q(expires_at__lte=over) | Q(answered_at__lte=over)).exclude(email="")


def forget_addresses(keys: Sequence[Any], _at: datetime) -> int:
    return Invitation.objects.filter(pk__in=keys).update(email="", salt=b"")


def grants_to_erase(at: datetime):
    """Access that was taken back or ran out. (What was taken back would have run out within its own days.)"""
    over = months_before(at, A_YEAR)
    found = Grant.objects.filter(expires_at__lte=over + timedelta(days=settings.PLAN_PROFESSIONAL_DAYS))
    return found.filter(Q(expires_at__lte=over) | Q(revoked_at__lte=over))


def erase_grants(keys: Sequence[Any], _at: datetime) -> int:
    Opening.objects.filter(grant__in=keys).delete()
    Grant.objects.filter(pk__in=keys).delete()
    return len(keys)


retention.rule(
    Rule(
        key="parenting_plan.invitation_addresses",
        what=_("Addresses of invitations"),
        term=_("90 days after the invitation ended"),
        due=addresses_to_forget,
        erase=forget_addresses,
        holds={"plan": "plan", "person": "by__user"},
    )
)
retention.rule(
    Rule(
        key="parenting_plan.grants",
        what=_("Access of professionals to a plan, and when they read it"),
        term=_("12 months after it ended"),
        due=grants_to_erase,
        erase=erase_grants,
        holds={"plan": "plan", "person": "by__user"},
    )
)


# ---------------------------------------------------------------- what staff did


def reports_to_erase(at: datetime):
    """Closed reports about no plan, with nothing written on them for six years."""
    over = months_before(at, SIX_YEARS)
    found = SafetyReport.objects.filter(state=SafetyReport.State.DONE, plan=None, created_at__lte=over)
    return found.filter(~Exists(ReportNote.objects.filter(report=OuterRef("pk"), at__gt=over)))


def erase_reports(keys: Sequence[Any], _at: datetime) -> int:
    ReportNote.objects.filter(report__in=keys).delete()
    SafetyReport.objects.filter(pk__in=keys).delete()
    return len(keys)


retention.rule(
    Rule(
        key="parenting_plan.reports",
        what=_("Reports to staff that are about no plan, with their notes"),
        term=_("6 years after the last note on a closed report"),
        due=reports_to_erase,
        erase=erase_reports,
        holds={"person": "by__user"},
    )
)
retention.rule(
    Rule(
        key="parenting_plan.report_notes",
        what=_("Notes of staff on reports about a plan that was erased"),
        term=_("6 years after the note"),
        due=lambda at: ReportNote.objects.filter(
            at__lte=months_before(at, SIX_YEARS), report__plan__erased__isnull=False
        ),
        erase=rows_of(ReportNote),
        holds={"plan": "report__plan"},
    )
)
retention.rule(
    Rule(
        key="parenting_plan.staff_openings",
        what=_("Who of the staff opened the words of a plan"),
        term=_("7 years"),
        due=lambda at: StaffOpening.objects.filter(opened_at__lte=months_before(at, SEVEN_YEARS)),
        erase=rows_of(StaffOpening),
        holds={"plan": "plan"},
    )
)
