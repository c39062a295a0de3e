"""The plan as a reader sees it: one shape for page, PDF, email and export."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection

from parenting_plan import questions, record
from parenting_plan.models import Plan, Proposal


@dataclass(frozen=True)
class AgreedAnswer:
    """One question of the plan and what stands for it now."""

    number: str  # "C1"
    question: str  # the wording the parents answered, not today's
    value: dict  # {"kind": "words", "text": "..."}, {"kind": "not_needed"} or {"kind": "erased"}
    agreed_by: list[str]  # first names; for a proposed plan the one who proposes it
    agreed_at: datetime


@dataclass(frozen=True)
class AgreedSection:
    """One part of the plan, with its answers in the order of its questions."""

    letter: str
    slug: str
    title: str
    answers: list[AgreedAnswer] = field(default_factory=list)

    @property
    def agreed_count(self) -> int:
        """Answers in words; "no decision is needed" is not counted, here or on the first page."""
        return sum(1 for answer in self.answers if answer.value["kind"] != "not_needed")


@dataclass(frozen=True)
class AgreedPlan:
    """What is agreed and nothing else: no drafts, no suggestions, no notes. Safe to show to a professional."""

    reference: str
    title: str  # settings.HUB_PLAN_NAME
    children: list[str]  # first names
    one: str  # first name of the parent who started the plan
    other: str | None  # first name of the other parent; None while one parent works alone
    proposed_by: str | None  # set when one parent works alone: the plan is then proposed, not agreed
    order_in_force: bool
    agreed_count: int
    question_count: int
    not_needed_count: int
    made_at: datetime  # aware, UTC
    last_agreed_at: datetime | None
    demonstration: bool
    sections: list[AgreedSection]
    fingerprint: str  # sha256 of the content, in hex
    event_seq: int
    head: str  # first 16 hex digits of the head of the record's chain
    open_questions: list[str] = field(default_factory=list)  # headings only


def agreed_plan(plan: Plan, *, made_at: datetime) -> AgreedPlan:
    """What stands agreed now; or, while one parent works alone, what that parent proposes.

    `fingerprint` covers everything a reader sees but `made_at`: two plans with one fingerprint read the same.
    """
    parties = plan.people()
    here = [party for party in parties if party.confirmed_at]
    alone = len(here) == 1
    one = here[0].name
    other = None if alone else here[1].name
    children = [child.first_name for child in plan.children.all()]
    clauses = plan.clauses.filter(open__isnull=False) if alone else plan.clauses.filter(agreed__isnull=False)
    shown: dict[str, tuple[Proposal, datetime]] = {}
    for clause in clauses.select_related("open", "agreed"):
        if alone and clause.open:
            shown[clause.question] = (clause.open, clause.open.committed_at)
        elif clause.agreed and clause.agreed_at:
            shown[clause.question] = (clause.agreed, clause.agreed_at)
    names = [one] if alone else [one, other or ""]
    sections = []
    for section in questions.sections():
        answers = [
            AgreedAnswer(
                number=question.place,
                question=shown[question.key][0].asked,
                value=shown[question.key][0].value,
                agreed_by=names,
                agreed_at=shown[question.key][1],
            )
            for question in section.questions
            if question.key in shown
        ]
        if answers:
            sections.append(AgreedSection(section.letter, section.slug, section.title, answers))
    values = [proposal.value["kind"] for proposal, _ in shown.values()]
    not_needed = values.count("not_needed")
    kinds = ["suggestion", "rewritten"] if alone else ["agreed"]
    last_agreed_at = max((when for _, when in shown.values()), default=None)
    # the event of the words shown, though others may have been agreed since they were read
    events = plan.events.filter(kind__in=kinds, at__lte=last_agreed_at) if last_agreed_at else plan.events.none()
    event = events.order_by("-seq").first()
    content = {
        "title": settings.HUB_PLAN_NAME,
        "children": children,
        "one": one,
        "other": other,
        "order": plan.order_in_force,
        "sections": [
            [section.slug, [[a.number, a.question, a.value, a.agreed_at] for a in section.answers]]
            for section in sections
        ],
    }
    return AgreedPlan(
        reference=plan.reference,
        title=settings.HUB_PLAN_NAME,
        children=children,
        one=one,
        other=other,
        proposed_by=one if alone else None,
        order_in_force=plan.order_in_force,
        agreed_count=len(values) - not_needed,
        question_count=len(questions.by_key()) - not_needed,
        not_needed_count=not_needed,
        made_at=made_at,
        last_agreed_at=last_agreed_at,
        demonstration=connection.vendor == "sqlite",
        sections=sections,
        fingerprint=record.digest(content),
        event_seq=event.seq if event else 0,
        head=event.hash[:16] if event else "",
    )
