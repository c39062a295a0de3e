"""The plan as a reader sees it: one shape for page, PDF, email and export."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class AgreedAnswer:
    """One question of the plan and what stands for it now."""

    number: str  # "C1"
    question: str  # the wording the parents answered, not today's
    value: dict  # {"kind": "words", "text": "..."} or {"kind": "not_needed"}
    agreed_by: list[str]  # first names; for a proposed plan the one who proposes it
    agreed_at: datetime


@dataclass(frozen=True)
class AgreedSection:
    """One part of the plan, with its answers in the order of its questions."""

    letter: str
    slug: str
    title: str
    answers: list[AgreedAnswer] = field(default_factory=list)


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
