"""Looks at whole plans: is each record as it was written, and do the tables say what the record says?

The words of a plan may be gone, all of them, where a row of PlanErased says so: the database takes such a row in only
when the time has come. Words that are gone and nobody erased are a fault, and so are words that are there still.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction

from parenting_plan import anchors, keeping, record, states
from parenting_plan.models import Clause, Plan, PlanErased, PlanEvent, Proposal
from parenting_plan.states import Move, State

AT_A_TIME = 200
MOVE_OF = {
    "suggestion": Move.COMMIT,
    "counter": Move.COUNTER,
    "rewritten": Move.REWRITE,
    "agreed": Move.AGREE,
    "withdrawn": Move.WITHDRAW,
    "set_aside": Move.SET_ASIDE,
}
BRINGS_WORDS = {Move.COMMIT, Move.COUNTER, Move.REWRITE}
NO_WORDS = json.loads(keeping.ERASED)
GONE = "words are gone and nobody erased them"
HERE = "words are here, though they were erased"


@dataclass
class Count:
    """What was looked at."""

    plans: int = 0
    events: int = 0
    erased: int = 0  # events without their words, erased as the law asks; the chain does not need them
    gone: int = 0  # events that were anchored and are not here any more
    gone_from: int = 0  # the plans they are missing from


@dataclass(frozen=True)
class PlanFault:
    """The first thing wrong with one plan. `seq` is the event it was found at."""

    reference: str
    seq: int
    what: str

    def __str__(self):
        return f"plan {self.reference}, event {self.seq}: {self.what}"


@dataclass
class _Part:
    """One question, as the events tell it."""

    state: State = State.EMPTY
    proposals: list[PlanEvent] = field(default_factory=list)
    open: PlanEvent | None = None
    agreed: PlanEvent | None = None
    agreeing: PlanEvent | None = None
    aside: PlanEvent | None = None
    seq: int = 0


def walk(plans: Iterable[int], count: Count, points: anchors.Points | None = None) -> Iterator[PlanFault]:
    """Look at every plan of these ids, and at what was anchored of it.

    What seems wrong is looked at again with the plans held: they may have moved. Read the points before the plans.
    """
    points = points or anchors.Points()
    batch: list[int] = []
    for pk in plans:
        batch.append(pk)
        if len(batch) == AT_A_TIME:
            yield from _batch(batch, count, points)
            batch = []
    yield from _batch(batch, count, points)


def gone_whole(points: anchors.Points, count: Count) -> Iterator[PlanFault]:
    """Plans that were anchored and are not in the database at all."""
    for plan in sorted(points.plans() - set(Plan.objects.values_list("pk", flat=True))):
        last = points.of(plan)[-1][1]
        count.gone, count.gone_from = count.gone + last, count.gone_from + 1
        yield PlanFault(f"number {plan}", 1, f"the plan and its {last} events were anchored and are not here any more")


def _batch(ids: list[int], count: Count, points: anchors.Points) -> Iterator[PlanFault]:
    moved = [plan.pk for plan, fault in _look(ids, count, points) if fault]
    if moved:
        with transaction.atomic():
            list(Plan.objects.select_for_update(no_key=True).filter(pk__in=moved).order_by("pk"))
            faults = [fault for _, fault in _look(moved, Count(), points) if fault]
        yield from faults


def _look(ids: list[int], count: Count, points: anchors.Points) -> Iterator[tuple[Plan, PlanFault | None]]:
    events, clauses, proposals = defaultdict(list), defaultdict(list), defaultdict(list)
    plans = list(Plan.objects.filter(pk__in=ids).select_related("erased").prefetch_related("parties").order_by("pk"))
    for event in PlanEvent.objects.filter(plan__in=ids).select_related("body").order_by("plan", "seq").iterator():
        events[event.plan_id].append(event)
    linked = ("open", "agreed", "agreed_by", "set_aside_by")
    for clause in Clause.objects.filter(plan__in=ids).select_related(*linked).order_by("pk"):
        clauses[clause.plan_id].append(clause)
    for proposal in Proposal.objects.filter(clause__plan__in=ids).select_related("by").order_by("number").iterator():
        proposals[proposal.clause_id].append(proposal)
    for plan in plans:
        count.plans += 1
        count.events += len(events[plan.pk])
        count.erased += sum(1 for event in events[plan.pk] if not hasattr(event, "body"))
        anchored = points.of(plan.pk)
        if anchored and (gone := max(0, anchored[-1][1] - max((event.seq for event in events[plan.pk]), default=0))):
            count.gone, count.gone_from = count.gone + gone, count.gone_from + 1
        yield plan, _first_fault(plan, events[plan.pk], clauses[plan.pk], proposals, anchored)


def _first_fault(
    plan: Plan, events: list[PlanEvent], clauses: list[Clause], proposals: dict, anchored: list[tuple[int, int, str]]
) -> PlanFault | None:
    erased = getattr(plan, "erased", None)
    try:
        chain = record.first_fault(
            (event.entry(plan.reference) for event in events), head_seq=plan.event_count, head=plan.head
        )
        outside = anchors.first_fault(anchored, {event.seq: event.hash for event in events})
        first = min(filter(None, [outside, chain]), key=lambda fault: fault.seq, default=None)
        if first:
            raise _Wrong(first.seq, first.what)
        if not events:
            raise _Wrong(1, "the plan has no record at all")
        parts: dict[str, _Part] = defaultdict(_Part)
        for event in events:
            _same_body(event, erased)
            if event.kind in MOVE_OF:
                _step(parts[event.part], event)
        _same_plan(plan, events)
        for clause in clauses:
            _same_part(parts.pop(clause.question, _Part()), clause, proposals[clause.pk], erased)
        if erased:
            _as_when_erased(erased, events, sum(len(proposals[clause.pk]) for clause in clauses))
        for key, part in parts.items():
            raise _Wrong(part.seq, f"the tables know nothing of {key}")
    except _Wrong as wrong:
        return PlanFault(plan.reference, wrong.seq, wrong.what)
    return None


class _Wrong(Exception):
    def __init__(self, seq: int, what: str):
        super().__init__(what)
        self.seq, self.what = seq, what


def _same_body(event: PlanEvent, erased: PlanErased | None) -> None:
    if not hasattr(event, "body"):
        if erased is None:
            raise _Wrong(event.seq, f"its {GONE}")
        return
    if erased:
        raise _Wrong(event.seq, f"its {HERE}")
    try:
        same = record.commitment(bytes(event.body.salt), event.body.words) == event.commitment
    except (TypeError, ValueError):
        same = False
    if not same:
        raise _Wrong(event.seq, "its words are not the ones that were written")


def _as_when_erased(erased: PlanErased, events: list[PlanEvent], suggestions: int) -> None:
    joined = [event.seq for event in events if event.kind == "joined"]
    if erased.why == PlanErased.Why.ALONE and joined:
        raise _Wrong(joined[0], "it was erased as a plan that nobody joined")
    if (erased.events, erased.suggestions) != (len(events), suggestions):
        raise _Wrong(events[-1].seq, "there were other numbers of events and suggestions when it was erased")


def _step(part: _Part, event: PlanEvent) -> None:
    """Play one event: only moves of the negotiation, each by whom it belongs to."""
    move = MOVE_OF[event.kind]
    try:
        part.state = states.check(
            move,
            part.state,
            by=event.role,
            author=part.open.role if part.open else None,
            rests_until=None,
            at=event.at,
            parents=1 if move == Move.REWRITE else 2,
            words_in_force=part.agreed is not None,
        )
    except states.Refused as refused:
        raise _Wrong(event.seq, f"{event.kind} could not be done then ({refused.reason})") from refused
    part.seq = event.seq
    if move in BRINGS_WORDS:
        part.proposals.append(event)
        part.open = event
        if event.proposal != len(part.proposals):
            raise _Wrong(event.seq, "its suggestion is not numbered after the one before")
    elif part.open and event.proposal != part.open.proposal:
        raise _Wrong(event.seq, "it answers another suggestion than the open one")
    elif move == Move.AGREE:
        part.agreed, part.agreeing, part.open = part.open, event, None
    else:
        part.open = None
    part.aside = event if move == Move.SET_ASIDE else None


def _same_plan(plan: Plan, events: list[PlanEvent]) -> None:
    last = events[-1].seq
    left = {event.role for event in events if event.kind == "left"}
    if (plan.ended_at is not None) != bool(left):
        raise _Wrong(last, "the plan and the record differ on whether it has ended")
    if left != {party.role for party in plan.parties.all() if party.left_at}:
        raise _Wrong(last, "the plan and the record differ on who has left")
    here = {party.role for party in plan.parties.all() if party.confirmed_at}
    if here != {"a"} | {event.role for event in events if event.kind == "joined"}:
        raise _Wrong(last, "the plan and the record differ on who the parents are")


def _same_part(part: _Part, clause: Clause, proposals: list[Proposal], erased: PlanErased | None) -> None:
    def same(in_table, in_record, what: str, seq: int = part.seq) -> None:
        if in_table != in_record:
            raise _Wrong(seq, f"{clause.question}: the tables say another {what}")

    same(len(proposals), len(part.proposals), "number of suggestions")
    for proposal, event in zip(proposals, part.proposals, strict=True):
        same(proposal.number, event.proposal, "number", event.seq)
        same(proposal.by.role, event.role, "author", event.seq)
        same(proposal.committed_at, event.at, "time", event.seq)
        if ((proposal.value, proposal.note) == (NO_WORDS, "")) != (erased is not None):
            raise _Wrong(event.seq, f"{clause.question}: its {HERE if erased else GONE}")
        if erased is None:
            same(proposal.digest, proposal.what_was_shown(), "digest", event.seq)
        if hasattr(event, "body"):
            told = {"value": proposal.value, "note": proposal.note, "digest": proposal.digest, "asked": proposal.asked}
            same(told, {name: event.body.words.get(name) for name in told}, "suggestion", event.seq)
    of_this = {None, *(proposal.pk for proposal in proposals)}
    same({clause.open_id, clause.agreed_id} <= of_this, True, "part's suggestion")
    same(clause.state, part.state, "state")
    same(clause.open and clause.open.number, part.open and part.open.proposal, "open suggestion")
    same(clause.agreed and clause.agreed.number, part.agreed and part.agreed.proposal, "agreed words")
    same(clause.agreed_by and clause.agreed_by.role, part.agreeing and part.agreeing.role, "parent who agreed")
    same(clause.agreed_at, part.agreeing and part.agreeing.at, "time of agreement")
    same(clause.set_aside_by and clause.set_aside_by.role, part.aside and part.aside.role, "parent who set it aside")
    if part.agreeing and hasattr(part.agreeing, "body"):
        words = part.agreeing.body.words
        same(clause.agreed.digest, words.get("digest"), "agreed digest", part.agreeing.seq)
        same(clause.rests_until.isoformat(), words.get("rests_until"), "time of rest", part.agreeing.seq)
