"""Staff read the words of a plan: for a stated reason, for a short time, and every page of it on record (trust T14)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Now

from accounts.models import User
from hub import audit, clock
from hub.models import AccessRecord
from parenting_plan.actions.safeguarding import OwnCase
from parenting_plan.models import Plan, StaffOpening
from parenting_plan.own_case import is_own

READ = "read words of plan"


def open_words(
    *, plan: Plan, by: User, case_reference: str, reason: str, asked: User | None = None, at: datetime | None = None
) -> StaffOpening:
    """Let this person read the words of this one plan for settings.PLAN_OPENING.

    `asked` is a colleague who was asked first; nobody has to be. Somebody who has it open already gets that opening:
    a second would make the time longer than it says. Raises OwnCase, and conflicts.NotAReference for a case that names
    nothing.
    """
    with transaction.atomic():
        plan = Plan.objects.hold(plan.pk)
        if is_own(by, plan, f"case:{case_reference}"):
            raise OwnCase
        at = at or clock.now()
        if there := StaffOpening.objects.in_force(at).filter(plan=plan, by=by).first():
            return there
        opening = StaffOpening.objects.create(
            plan=plan,
            by=by,
            case_reference=case_reference,
            reason=reason,
            asked=asked,
            opened_at=at,
            ends_at=at + settings.PLAN_OPENING,
        )
        audit.record(person=by, what="open words of plan", about=f"plan:{plan.reference}", reason=_why(opening))
    return opening


def _why(opening: StaffOpening) -> str:
    return f"{opening.case_reference}: {opening.reason}"


def standing(*, plan: Plan, by: User, at: datetime | None = None) -> StaffOpening | None:
    """The opening that lets this person read this plan now, by the database's clock; None for their own case."""
    rows = StaffOpening.objects.in_force(at or clock.now()).filter(plan=plan, by=by)
    found = rows.select_related("plan").first()
    return None if found is None or is_own(by, plan) else found


def standing_of(by: User) -> QuerySet[StaffOpening]:
    """Every plan this person has open now, for the banner."""
    return StaffOpening.objects.in_force(Now()).filter(by=by).select_related("plan")


def note_reading(opening: StaffOpening) -> None:
    """Write down that one page of words is read. Called before the words are looked up: no record, no words."""
    audit.record(person=opening.by, what=READ, about=f"plan:{opening.plan.reference}", reason=_why(opening))


def close(*, opening: StaffOpening, at: datetime | None = None) -> None:
    """End it before its time. Closing twice is closing once."""
    with transaction.atomic():
        at = at or clock.now()
        if StaffOpening.objects.in_force(at).filter(pk=opening.pk).update(closed_at=at):
            about = f"plan:{opening.plan.reference}"
            audit.record(person=opening.by, what="close words of plan", about=about, reason=_why(opening))


def with_pages_read(rows: QuerySet[StaffOpening]) -> QuerySet[StaffOpening]:
    """Each with `pages_read`, counted from the audit records themselves."""
    read = AccessRecord.objects.filter(
        what=READ,
        about=Concat(Value("plan:"), OuterRef("plan__reference"), output_field=CharField()),
        person=OuterRef("by_id"),
        at__gte=OuterRef("opened_at"),
        at__lte=Coalesce(OuterRef("closed_at"), OuterRef("ends_at")),
    )
    counted = read.order_by().values("about").annotate(count=Count("pk")).values("count")
    return rows.annotate(pages_read=Coalesce(Subquery(counted), 0))
