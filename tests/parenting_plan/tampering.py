"""What the owner of the database could do to the record."""

from contextlib import contextmanager

from django.db import connection

from parenting_plan.models import Plan, PlanEvent
from tests import emptying


@contextmanager
def behind_the_back():
    """As the owner of the database could: with the guards switched off."""
    guards = emptying.triggers()
    with connection.cursor() as cursor:
        connection.check_constraints()
        for table, name, _ in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name, _ in guards:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def _one(plan: Plan, seq: int):
    return PlanEvent.objects.filter(plan=plan, seq=seq)


def cut(cursor, plan: Plan, seq: int, until: int = 10**6) -> None:
    for table, column in (("planeventbody", "event_id"), ("planevent", "id")):
        cursor.execute(
            f"DELETE FROM parenting_plan_{table} WHERE {column} IN"
            " (SELECT id FROM parenting_plan_planevent WHERE plan_id = %s AND seq BETWEEN %s AND %s)",
            [plan.pk, seq, until],
        )


# Each kind leaves event `seq` as the first that is not what it was.
def edit(cursor, plan, seq, other):
    _one(plan, seq).update(role="x")


def delete(cursor, plan, seq, other):
    cut(cursor, plan, seq, seq)


def swap(cursor, plan, seq, other):
    for old, new in ((seq, 999), (seq + 1, seq), (999, seq + 1)):
        _one(plan, old).update(seq=new)


def forge(cursor, plan, seq, other):
    _one(plan, seq).update(kind="withdrawn", commitment="1" * 64, hash=f"{plan.pk:064x}")


def transplant(cursor, plan, seq, other):
    columns = ("kind", "part", "proposal", "role", "at", "commitment", "previous", "hash")
    (theirs,) = _one(other, seq).values(*columns)
    _one(plan, seq).update(**theirs)


def cut_the_tail(cursor, plan, seq, other):
    """With the head moved back, so that the plan itself tells of nothing."""
    cut(cursor, plan, seq)
    head = PlanEvent.objects.filter(plan=plan).latest("seq")
    Plan.objects.filter(pk=plan.pk).update(event_count=head.seq, head=head.hash)


def rebuild(cursor, plan, seq, other):
    """Every hash from `seq` on worked out anew, and the head moved along."""
    previous = None
    for event in PlanEvent.objects.filter(plan=plan, seq__gte=seq).order_by("seq"):
        event.previous = previous or event.previous
        event.role = "x" if event.seq == seq else event.role
        event.hash = previous = event.entry(plan.reference).worked_out()
        _one(plan, event.seq).update(previous=event.previous, hash=event.hash, role=event.role)
    Plan.objects.filter(pk=plan.pk).update(head=previous)


KINDS = (edit, delete, swap, forge, transplant, cut_the_tail, rebuild)
