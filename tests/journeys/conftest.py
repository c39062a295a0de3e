"""The families of the plan's tests, for the journeys too."""

from tests.parenting_plan.conftest import elsewhere_plan, lively, plan, solo

__all__ = ["elsewhere_plan", "lively", "plan", "solo"]
