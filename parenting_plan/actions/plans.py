"""Starting a plan, changing its facts, leaving it; and staff pausing it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from hub import clock
from hub.models import Notice
from parenting_plan import emails
from parenting_plan.actions.turn import NotShared, check_key, tell, turn, write_event
from parenting_plan.models import Child, Draft, Invitation, Party, Plan, Role

NO_LONGER_SHARED = "left"  # the kind of news of every end and pause, so that nobody can tell one from another
UNSEEN = {Plan.Orders.NONE, Plan.Orders.PROCEEDINGS}  # two answers that look the same in a shared plan


def start(
    *,
    by,
    children: Iterable[tuple[str, int, int]],
    orders: str = Plan.Orders.NONE,
    submit_key: str | None = None,
    at: datetime | None = None,
) -> Plan:
    """Begin a plan that only its starter sees. `children` are (first name, birth year, birth month).

    A second call with the same submit key gives back the plan of the first.
    """
    check_key(submit_key)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if submit_key and (done := Plan.objects.filter(events__submit_key=submit_key, parties__user=by).first()):
            return done
        at = at or clock.now()
        plan = Plan.objects.create(orders=orders, created_at=at)
        Party.objects.create(plan=plan, user=by, role=Role.A, joined_at=at, confirmed_at=at)
        _write_children(plan, children)
        write_event(plan, kind="started", role=Role.A, at=at, body=_facts(plan), submit_key=submit_key)
    return plan


def _write_children(plan: Plan, children: Iterable[tuple[str, int, int]]) -> None:
    plan.children.all().delete()
    Child.objects.bulk_create(
        Child(plan=plan, first_name=name, born_year=year, born_month=month) for name, year, month in children
    )


def _facts(plan: Plan) -> dict:
    return {
        "orders": plan.orders,
        "children": [[child.first_name, child.born_year, child.born_month] for child in plan.children.all()],
    }


def change_children(
    *,
    plan: Plan,
    by: Party,
    children: Iterable[tuple[str, int, int]],
    submit_key: str | None = None,
    at: datetime | None = None,
) -> None:
    """Put the children's names right. While nobody else has joined: afterwards both rely on them."""
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        if now.other is not None:
            raise NotShared
        _write_children(now.plan, children)
        now.write("children", body=_facts(now.plan), submit_key=submit_key)
        now.redraw()


def change_orders(
    *, plan: Plan, by: Party, orders: str, submit_key: str | None = None, at: datetime | None = None
) -> None:
    """Say what courts have ordered.

    In a shared plan a protective order stops sharing at once, and the other parent gets what they would get from any
    other end: the same line, notice and mail, and a plan that reads as before. Whether a court case is going on changes
    nothing there, so it is not kept: a longer record would tell the other parent that there is one.
    """
    orders = Plan.Orders(orders)
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        if now.other is not None and orders == Plan.Orders.PROTECTIVE:
            now.plan.paused_at = now.at
            now.plan.save(update_fields=["paused_at"])
            event = now.write("orders", body=_facts(now.plan) | {"orders": str(orders)}, submit_key=submit_key)
            now.tell(now.other, event, emails.address_of(now.plan), kind=NO_LONGER_SHARED)
            return
        if orders == now.plan.orders or (now.other is not None and {orders, Plan.Orders(now.plan.orders)} == UNSEEN):
            return
        now.plan.orders = orders
        now.plan.save(update_fields=["orders"])
        if orders == Plan.Orders.PROTECTIVE:
            _void_invitations(now.plan, now.at)
        now.write("orders", body=_facts(now.plan), submit_key=submit_key)
        now.redraw()


def _void_invitations(plan: Plan, at: datetime) -> None:
    plan.invitations.filter(outcome="").update(outcome=Invitation.Outcome.REPLACED, answered_at=at)


def keep(*, plan: Plan, by: Party, at: datetime | None = None) -> None:
    """Let a plan that nobody joined stay for another year, as if something had been written in it. Nothing else."""
    with turn(plan, by=by, at=at) as now:
        if now.plan.last_alone_at is not None:
            now.plan.last_alone_at = now.at
            now.plan.save(update_fields=["last_alone_at"])


def leave(*, plan: Plan, by: Party, at: datetime | None = None) -> None:
    """Stop sharing, for any reason, told to nobody. Agreed words stay readable to both; nothing open can be answered.

    Never refused because of a lock or a pause. Leaving twice is leaving once. The other parent is told that the plan
    is no longer shared; not when staff have paused it, for then they read that line already, and not twice.
    """
    if Party.objects.filter(pk=by.pk, left_at__isnull=False).exists():
        return
    with turn(plan, by=by, at=at, needs_sharing=False) as now:
        other = now.other
        now.party.left_at = now.at
        now.party.save(update_fields=["left_at"])
        Draft.objects.filter(party=now.party).delete()
        now.plan.grants.filter(by=now.party, revoked_at__isnull=True).update(revoked_at=now.at)
        _void_invitations(now.plan, now.at)
        shared = now.plan.still_shared
        if now.plan.ended_at is None:
            now.plan.ended_at = now.at
            now.plan.save(update_fields=["ended_at"])
        event = now.write("left")
        if shared:
            now.tell(other, event, emails.address_of(now.plan), kind=NO_LONGER_SHARED)


def pause(*, plan: Plan, at: datetime | None = None) -> None:
    """Staff stop a plan for now. Both parents get the line, notice and mail that they would get had the other left."""
    _by_staff(plan, "paused", at)


def resume(*, plan: Plan, at: datetime | None = None) -> None:
    """Staff let a paused plan go on. The news that it was no longer shared is put away."""
    _by_staff(plan, "resumed", at)


def _by_staff(plan: Plan, kind: str, at: datetime | None) -> None:
    with transaction.atomic():
        plan = Plan.objects.hold(plan.pk)
        at = at or clock.now()
        if (kind == "paused") == (plan.paused_at is not None) or plan.put_away_at:
            return
        was_shared = plan.still_shared
        plan.paused_at = at if kind == "paused" else None
        plan.save(update_fields=["paused_at"])
        event = write_event(plan, kind=kind, role="staff", at=at)
        here = emails.address_of(plan)
        if plan.still_shared:
            Notice.objects.filter(kind=NO_LONGER_SHARED, address=here, put_away_at=None).update(put_away_at=at)
        parents = plan.parties.filter(confirmed_at__isnull=False, left_at=None, user__isnull=False)
        if was_shared and kind == "paused" and parents.count() == 2:
            for party in parents.select_related("user"):
                tell(party, key=f"plan-event:{event.pk}", kind=NO_LONGER_SHARED, address=here, at=at)
