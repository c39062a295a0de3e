"""What the apps tell the signed-in home: the next steps of one person, and which of them comes first. Pure.

Each app says what it knows of this person in one look (parenting_plan.at_home, programmes.under_way, goals.at_home).
The home page shows one step as its one filled button and the others as links. Somebody else may see it over a shoulder:
a step names nobody, and says no word of a plan, a goal or a course.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, auto

from hub.forms import Words


class Comes(IntEnum):
    """What comes first, over all apps."""

    TODAY = auto()  # something at a fixed hour, today or tomorrow
    SENT = auto()  # something another person sent them to read
    DUE = auto()  # something with a last day that is near
    SOON = auto()  # something at a fixed hour within a week
    ASKED_FOR = auto()  # a reminder they asked for
    OPEN_AGAIN = auto()  # something that rested and can be changed again
    CARRY_ON = auto()  # nothing is needed: what they were in the middle of lately
    QUIET = auto()  # nothing is needed: what is theirs to go on with
    BEGIN = auto()  # nothing is there yet
    LEARN = auto()  # for whoever has nothing else


@dataclass(frozen=True)
class Step:
    comes: Comes
    title: Words
    words: Words
    action: Words
    address: str

    @property
    def needed(self) -> bool:
        """It needs them now, as far as anything here does."""
        return self.comes < Comes.CARRY_ON

    @property
    def quiet(self) -> bool:
        return self.comes in {Comes.CARRY_ON, Comes.QUIET}


def in_order(steps: Iterable[Step]) -> tuple[Step, list[Step]]:
    """The one next step, and whatever else needs them now. There is always at least one step."""
    first, *others = sorted(steps, key=lambda step: step.comes)
    return first, [step for step in others if step.needed]
