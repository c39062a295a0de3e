"""The tables of the two-parent record. One-row facts live here; whatever touches several rows is in actions."""

from parenting_plan.models.clauses import (
    Anchored,
    Clause,
    ClauseRow,
    Draft,
    Issued,
    PlanErased,
    PlanEvent,
    PlanEventBody,
    Proposal,
)
from parenting_plan.models.plans import Child, Grant, Invitation, Opening, Party, Plan, Role, new_reference
from parenting_plan.models.safety import ReportNote, SafetyReport, StaffOpening

__all__ = [
    "Anchored",
    "Child",
    "Clause",
    "ClauseRow",
    "Draft",
    "Grant",
    "Invitation",
    "Issued",
    "Opening",
    "Party",
    "Plan",
    "PlanErased",
    "PlanEvent",
    "PlanEventBody",
    "Proposal",
    "ReportNote",
    "Role",
    "SafetyReport",
    "StaffOpening",
    "new_reference",
]
