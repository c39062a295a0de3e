"""Many plans at once, written straight into the tables with true hash chains: for tampering, and for the drill."""

import os
from datetime import timedelta

from django.db import connection, transaction

from hub import clock
from parenting_plan import record
from parenting_plan.models import Child, Clause, Party, Plan, PlanEvent, PlanEventBody, Proposal, new_reference

WORDS = "We hand over at the school gate on Fridays at half past three, with the bag packed the night before."


def make(count: int, parts: int = 2, children=()) -> list[Plan]:
    """Plans of two parents whose accounts are closed, each with this many parts suggested by one, agreed by the other.

    Every plan has 2 + 2 x parts events.
    """
    now = clock.now()
    with transaction.atomic():
        plans = Plan.objects.bulk_create(
            [Plan(reference=new_reference(), created_at=now) for _ in range(count)], batch_size=5_000
        )
        Party.objects.bulk_create(
            [Party(plan=plan, role=role, joined_at=now, confirmed_at=now) for plan in plans for role in "ab"],
            batch_size=5_000,
        )
        Child.objects.bulk_create(
            [
                Child(plan=plan, first_name=name, born_year=year, born_month=month)
                for plan in plans
                for name, year, month in children
            ],
            batch_size=5_000,
        )
        chains = Chains()
        for plan in plans:
            chains.add(plan, "started", "a", now, {"orders": "none", "children": [list(child) for child in children]})
            chains.add(plan, "joined", "b", now, {})
        chains.save()
    go_on(plans, parts, first=True)
    return plans


def go_on(plans: list[Plan], parts: int, *, first: bool = False) -> None:
    """More parts agreed in each of these plans: two more events for each part."""
    now, chains = clock.now(), Chains()
    with transaction.atomic():
        people = dict(Party.objects.filter(plan__in=plans, role="a").values_list("plan", "pk"))
        here = {} if first else _parts_of(plans)
        clauses = Clause.objects.bulk_create(
            [
                Clause(plan=plan, question=f"made-up/part-{here.get(plan.pk, 0) + number}", version=2, rest_told=True)
                for plan in plans
                for number in range(parts)
            ],
            batch_size=5_000,
        )
        proposals = [
            Proposal(
                clause=clause, number=1, by_id=people[clause.plan_id], value={"kind": "words", "text": WORDS},
                asked="Where?", asked_version=1, committed_at=now, ending="agreed", ended_at=now,
            )
            for clause in clauses
        ]  # fmt: skip
        value = {"kind": "words", "text": WORDS}
        digest = record.digest({"number": 1, "asked": "Where?", "value": value, "note": "", "by": "a"})
        for proposal in proposals:
            proposal.digest = digest
        Proposal.objects.bulk_create(proposals, batch_size=5_000)
        rests = now + timedelta(hours=24)
        told = {"value": value, "note": "", "digest": digest, "asked": "Where?", "asked_version": 1}
        agreed = {"digest": digest, "rests_until": rests.isoformat()}
        for clause in clauses:
            chains.add(clause.plan, "suggestion", "a", now, told, clause.question, 1)
            chains.add(clause.plan, "agreed", "b", now, agreed, clause.question, 1)
        _sql(
            "UPDATE parenting_plan_clause c SET state = 'agreed', agreed_id = p.id, agreed_by_id = b.id,"
            " agreed_at = p.committed_at, rests_until = %s FROM parenting_plan_proposal p, parenting_plan_party b"
            " WHERE p.clause_id = c.id AND b.plan_id = c.plan_id AND b.role = 'b' AND c.state = 'empty'",
            [rests],
        )
        chains.save()
        _sql("ANALYZE")  # as autovacuum would have by the time there are so many


def _sql(order: str, values=()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(order, values)


def _parts_of(plans) -> dict[int, int]:
    found: dict[int, int] = {}
    for plan in Clause.objects.filter(plan__in=plans).values_list("plan", flat=True):
        found[plan] = found.get(plan, 0) + 1
    return found


class Chains:
    """Events to be written, each after the one before, and the heads of their plans."""

    def __init__(self):
        self.events, self.bodies = [], []

    def add(self, plan, kind, role, at, body, part="", proposal=None):
        salt = os.urandom(record.SALT_BYTES)
        entry = record.Entry(
            plan=plan.reference, seq=plan.event_count + 1, kind=kind, part=part, proposal=proposal, role=role, at=at,
            commitment=record.commitment(salt, body), previous=plan.head,
        )  # fmt: skip
        plan.event_count, plan.head = entry.seq, entry.worked_out()
        self.events.append(
            PlanEvent(
                plan=plan, seq=entry.seq, kind=kind, part=part, proposal=proposal, role=role, at=at,
                commitment=entry.commitment, previous=entry.previous, hash=plan.head,
            )
        )  # fmt: skip
        self.bodies.append((salt, body))

    def save(self):
        PlanEvent.objects.bulk_create(self.events, batch_size=5_000)
        PlanEventBody.objects.bulk_create(
            [
                PlanEventBody(event=event, salt=salt, words=words)
                for event, (salt, words) in zip(self.events, self.bodies, strict=True)
            ],
            batch_size=5_000,
        )
        _sql(
            "UPDATE parenting_plan_plan p SET event_count = e.seq, head = e.hash FROM parenting_plan_planevent e"
            " WHERE e.plan_id = p.id AND e.seq > p.event_count"
            " AND NOT EXISTS (SELECT 1 FROM parenting_plan_planevent n WHERE n.previous = e.hash AND n.plan_id = p.id)"
        )
