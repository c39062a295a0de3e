"""What time alone brings: a lock that ended, a suggestion that has waited. Found by query, told once, then silence."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from hub import clock
from hub.models import Notice
from parenting_plan import emails
from parenting_plan.actions.turn import tell
from parenting_plan.models import Clause, Party, Plan, PlanEvent

AT_A_TIME = 200


def tell_what_is_due(at: datetime | None = None) -> None:
    """Tell of every ended lock and every long wait, each once. Safe to run twice or at the same time."""
    at = at or clock.now()
    for part in Clause.objects.filter(rest_told=False, rests_until__lte=at).order_by("rests_until")[:AT_A_TIME]:
        _rest_is_over(part, at)
    plans = Clause.objects.filter(
        open__committed_at__lte=at - timedelta(days=min(settings.PLAN_NUDGE_DAYS)),
        plan__ended_at=None,
        plan__paused_at=None,
    )
    for plan_id in plans.values_list("plan_id", flat=True).distinct():
        _nudge(plan_id, at)


def _rest_is_over(part: Clause, at: datetime) -> None:
    with transaction.atomic():
        plan = Plan.objects.hold(part.plan_id)
        held = Clause.objects.select_for_update(of=("self",)).get(pk=part.pk)
        if held.rest_told or not held.rests_until or held.rests_until > at:
            return
        held.rest_told = True
        held.save(update_fields=["rest_told"])
        if not plan.still_shared:
            return
        agreement = (
            PlanEvent.objects.filter(plan=plan, kind="agreed", part=held.question).order_by("-seq").only("pk").first()
        )
        for party in _parents(plan):
            tell(
                party,
                key=f"rest-over:{agreement.pk}",
                kind="rest_over",
                address=emails.address_of_part(plan, held.question),
                at=at,
            )


def _nudge(plan_id: int, at: datetime) -> None:
    """One nudge after five days and one after fourteen, counted from the oldest suggestion that waits; then silence."""
    with transaction.atomic():
        plan = Plan.objects.hold(plan_id)
        if not plan.still_shared:
            return
        for party in _parents(plan):
            oldest = plan.clauses.waiting_for(party).order_by("open__committed_at").select_related("open").first()
            if oldest is None:
                continue
            waited = at - oldest.open.committed_at
            due = [days for days in settings.PLAN_NUDGE_DAYS if waited >= timedelta(days=days)]
            if due and not _nudged_lately(party, plan, at):
                tell(
                    party,
                    key=f"nudge:{oldest.open_id}:{max(due)}",
                    kind="nudge",
                    address=emails.address_of(plan),
                    at=at,
                )


def _nudged_lately(party: Party, plan: Plan, at: datetime) -> bool:
    """So that answering the oldest suggestion does not bring a nudge for the next one at once."""
    gap = timedelta(days=min(settings.PLAN_NUDGE_DAYS))
    nudges = Notice.objects.filter(person=party.user, kind="nudge", address=emails.address_of(plan))
    return nudges.filter(created_at__gt=at - gap).exists()


def _parents(plan: Plan) -> list[Party]:
    here = plan.parties.filter(confirmed_at__isnull=False, left_at=None, user__isnull=False).select_related("user")
    return list(here)
