"""What time alone brings: a lock that ended, a suggestion that has waited, a plan that will go.

Found by query, told once, then silence.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from hub import clock
from hub.models import Notice
from parenting_plan import emails, ending
from parenting_plan.actions.turn import tell
from parenting_plan.models import Clause, Party, Plan, PlanEvent

log = logging.getLogger(__name__)

AT_A_TIME = 200


def tell_what_is_due(at: datetime | None = None) -> None:
    """Tell of every ended lock, long wait and plan that will go, each once. Safe to run twice or at the same time.

    What fails for one plan is logged, tried again next time, and keeps nobody else waiting. While a plan is paused its
    ended locks are told to nobody; they are told when it goes on.
    """
    at = at or clock.now()
    rested = Clause.objects.filter(rest_told=False, rests_until__lte=at, plan__paused_at=None).order_by("rests_until")
    for part in rested[:AT_A_TIME]:
        _or_later(_rest_is_over, part, at)
    for plan_id in _plans_to_nudge(at):
        _or_later(_nudge, plan_id, at)
    for plan_id in list(ending.to_tell(at).order_by().values_list("pk", flat=True)[:AT_A_TIME]):
        _or_later(_it_will_go, plan_id, at)


def _or_later(work: Callable, about, at: datetime) -> None:
    try:
        work(about, at)
    except Exception:
        log.exception("a plan could not be told what is due")


def _plans_to_nudge(at: datetime) -> list[int]:
    """Plans of two parents where the oldest suggestion waited long enough and its reader has not had the last nudge."""
    last = f":{max(settings.PLAN_NUDGE_DAYS)}"
    key = Concat(Value("nudge:"), Cast(OuterRef("open_id"), CharField()), Value(last))
    waiting = Clause.objects.filter(
        open__committed_at__lte=at - timedelta(days=min(settings.PLAN_NUDGE_DAYS)),
        plan__ended_at=None,
        plan__paused_at=None,
    )
    older = Clause.objects.filter(plan=OuterRef("plan"), open__by=OuterRef("open__by")).filter(
        Q(open__committed_at__lt=OuterRef("open__committed_at"))
        | Q(open__committed_at=OuterRef("open__committed_at"), open_id__lt=OuterRef("open_id"))
    )
    joined = Party.objects.filter(plan=OuterRef("plan"), confirmed_at__isnull=False).exclude(pk=OuterRef("open__by"))
    told = Notice.objects.filter(kind="nudge", key=key, person__parties__plan=OuterRef("plan"))
    return list(
        waiting.filter(Exists(joined), ~Exists(older), ~Exists(told)).values_list("plan_id", flat=True).distinct()
    )


def _rest_is_over(part: Clause, at: datetime) -> None:
    with transaction.atomic():
        plan = Plan.objects.hold(part.plan_id)
        held = Clause.objects.select_for_update(of=("self",)).get(pk=part.pk)
        if plan.paused_at or held.rest_told or not held.rests_until or held.rests_until > at:
            return
        held.rest_told = True
        held.save(update_fields=["rest_told"])
        if plan.ended_at:
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
    """One nudge after five days and one after fourteen, counted from the oldest suggestion that waits; then silence.

    For somebody who joined later, what was there already has waited since they joined.
    """
    with transaction.atomic():
        plan = Plan.objects.hold(plan_id)
        if not plan.still_shared:
            return
        for party in _parents(plan):
            oldest = (
                plan.clauses.waiting_for(party).order_by("open__committed_at", "open_id").select_related("open").first()
            )
            if oldest is None:
                continue
            waited = at - max(oldest.open.committed_at, party.confirmed_at)
            due = [days for days in settings.PLAN_NUDGE_DAYS if waited >= timedelta(days=days)]
            if due and not _nudged_lately(party, plan, at):
                tell(
                    party,
                    key=f"nudge:{oldest.open_id}:{max(due)}",
                    kind="nudge",
                    address=emails.address_of(plan),
                    at=at,
                )


def _it_will_go(plan_id: int, at: datetime) -> None:
    """One notice and one mail, thirty days before a plan that nobody joined goes. Told at most once for one silence."""
    with transaction.atomic():
        plan = Plan.objects.hold(plan_id)
        if not ending.to_tell(at).filter(pk=plan_id).exists():
            return
        plan.end_told_at = at
        plan.save(update_fields=["end_told_at"])
        for party in _parents(plan):
            tell(party, key=f"ending:{plan_id}:{at:%Y%m%d}", kind="ending", address=emails.address_of(plan), at=at)


def _nudged_lately(party: Party, plan: Plan, at: datetime) -> bool:
    """So that answering the oldest suggestion does not bring a nudge for the next one at once."""
    gap = timedelta(days=min(settings.PLAN_NUDGE_DAYS))
    nudges = Notice.objects.filter(person=party.user, kind="nudge", address=emails.address_of(plan))
    return nudges.filter(created_at__gt=at - gap).exists()


def _parents(plan: Plan) -> list[Party]:
    here = plan.parties.filter(confirmed_at__isnull=False, left_at=None, user__isnull=False).select_related("user")
    return list(here)
