"""The rules of the negotiation, on one screen. Pure: no database, no request, no clock of its own.

A part of the plan (one question) is always in exactly one state. A move leads from one state to the next. Everything
that changes a part asks `check` first, inside the row lock, with the time read from the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    EMPTY = "empty"  # nothing has been sent
    SUGGESTED = "suggested"  # one suggestion is open, nothing agreed yet
    AGREED = "agreed"  # words in force, nothing open
    CHANGING = "changing"  # words in force, and one suggestion to change them is open
    SET_ASIDE = "set_aside"  # somebody said: we need help, or the court, with this (words in force may stand)


class Move(StrEnum):
    COMMIT = "commit"  # send a suggestion
    COUNTER = "counter"  # answer a suggestion with other words
    AGREE = "agree"
    WITHDRAW = "withdraw"  # take one's own suggestion back before it is answered
    REWRITE = "rewrite"  # working alone: put other words in place of one's own
    SET_ASIDE = "set_aside"


class Who(StrEnum):
    EITHER = "either"
    AUTHOR = "author"  # whoever sent the open suggestion
    READER = "reader"  # the other parent


@dataclass(frozen=True)
class Step:
    who: Who
    leads_to: State


OPEN = frozenset({State.SUGGESTED, State.CHANGING})  # states with one open suggestion

# (state, move) -> who may, and where it leads. What is not listed cannot happen.
MOVES: Mapping[tuple[State, Move], Step] = {
    (State.EMPTY, Move.COMMIT): Step(Who.EITHER, State.SUGGESTED),
    (State.EMPTY, Move.SET_ASIDE): Step(Who.EITHER, State.SET_ASIDE),
    (State.SUGGESTED, Move.COUNTER): Step(Who.READER, State.SUGGESTED),
    (State.SUGGESTED, Move.AGREE): Step(Who.READER, State.AGREED),
    (State.SUGGESTED, Move.SET_ASIDE): Step(Who.READER, State.SET_ASIDE),
    (State.SUGGESTED, Move.WITHDRAW): Step(Who.AUTHOR, State.EMPTY),
    (State.SUGGESTED, Move.REWRITE): Step(Who.AUTHOR, State.SUGGESTED),
    (State.AGREED, Move.COMMIT): Step(Who.EITHER, State.CHANGING),
    (State.AGREED, Move.SET_ASIDE): Step(Who.EITHER, State.SET_ASIDE),
    (State.CHANGING, Move.COUNTER): Step(Who.READER, State.CHANGING),
    (State.CHANGING, Move.AGREE): Step(Who.READER, State.AGREED),
    (State.CHANGING, Move.SET_ASIDE): Step(Who.READER, State.SET_ASIDE),
    (State.CHANGING, Move.WITHDRAW): Step(Who.AUTHOR, State.AGREED),
    (State.SET_ASIDE, Move.COMMIT): Step(
        Who.EITHER, State.SUGGESTED
    ),  # CHANGING when words are in force: see landing()
    (State.SET_ASIDE, Move.SET_ASIDE): Step(Who.EITHER, State.SET_ASIDE),
}


class Refused(Exception):
    """The plan is as it was. `reason` is a word for the program; the page has the words for people."""

    reason = "refused"


class NotNow(Refused):
    """This move does not start from the state the part is in."""

    reason = "not_now"


class NotYours(Refused):
    """Only the other parent may make this move: nobody agrees to their own words."""

    reason = "not_yours"


class AtRest(Refused):
    """The part was agreed less than the rest time ago. `until` is when a change may be suggested (UTC)."""

    reason = "at_rest"

    def __init__(self, until: datetime):
        super().__init__(self.reason)
        self.until = until


class NeedsTwo(Refused):
    """Rewriting is for a plan with one parent; counters and answers need two."""

    reason = "needs_two"


def at_rest(rests_until: datetime | None, at: datetime) -> bool:
    """True while an agreed part may not be touched. At the very instant `rests_until` it may be again."""
    return rests_until is not None and at < rests_until


def landing(state: State, move: Move, *, words_in_force: bool) -> State:
    """The state after a move. A suggestion on a part with words in force is a change, wherever it started."""
    state_after = MOVES[state, move].leads_to
    if state_after == State.SUGGESTED and words_in_force:
        return State.CHANGING
    return state_after


def check(
    move: Move,
    state: State,
    *,
    by: str,
    author: str | None,
    rests_until: datetime | None,
    at: datetime,
    parents: int,
    words_in_force: bool,
) -> State:
    """Where the move leads, or a Refused that says why it may not be made.

    `by` and `author` are roles ("a", "b"); `author` is who sent the open suggestion, if one is open.
    """
    if at_rest(rests_until, at):
        raise AtRest(rests_until)  # type: ignore[arg-type]
    step = MOVES.get((state, move))
    if step is None:
        raise NotNow
    if (step.who == Who.AUTHOR and by != author) or (step.who == Who.READER and by == author):
        raise NotYours
    if move == Move.REWRITE and parents > 1:
        raise NeedsTwo
    return landing(state, move, words_in_force=words_in_force)
