"""The staff pages of plans, by subject. Drafts, suggestions, children and the words behind events are not registered.

The words of a plan are on two pages of `plans` and nowhere else, behind an opening with a reason and an end.
"""

from parenting_plan.admin import openings, plans, record, safeguarding

__all__ = ["openings", "plans", "record", "safeguarding"]
