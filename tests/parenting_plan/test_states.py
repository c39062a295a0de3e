"""The rules of the negotiation: every move from every state, and the 24 hours to the microsecond."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from hub import words
from parenting_plan import states
from parenting_plan.states import Move, State

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(hours=24)

# What each of the two parents may do, written out by hand: (state, move, who) -> the state after it.
# "author" sent the open suggestion and "reader" did not; where nothing is open, "one" stands for either parent.
EXPECTED = {
    (State.EMPTY, Move.COMMIT, "one"): State.SUGGESTED,
    (State.EMPTY, Move.SET_ASIDE, "one"): State.SET_ASIDE,
    (State.SUGGESTED, Move.COUNTER, "reader"): State.SUGGESTED,
    (State.SUGGESTED, Move.AGREE, "reader"): State.AGREED,
    (State.SUGGESTED, Move.SET_ASIDE, "reader"): State.SET_ASIDE,
    (State.SUGGESTED, Move.WITHDRAW, "author"): State.EMPTY,
    (State.SUGGESTED, Move.REWRITE, "author"): State.SUGGESTED,
    (State.AGREED, Move.COMMIT, "one"): State.CHANGING,
    (State.AGREED, Move.SET_ASIDE, "one"): State.SET_ASIDE,
    (State.CHANGING, Move.COUNTER, "reader"): State.CHANGING,
    (State.CHANGING, Move.AGREE, "reader"): State.AGREED,
    (State.CHANGING, Move.SET_ASIDE, "reader"): State.SET_ASIDE,
    (State.CHANGING, Move.WITHDRAW, "author"): State.AGREED,
    (State.SET_ASIDE, Move.COMMIT, "one"): State.SUGGESTED,
    (State.SET_ASIDE, Move.SET_ASIDE, "one"): State.SET_ASIDE,
}
# Moves that the state knows but that are the other parent's to make.
NOT_YOURS = {(state, move, "reader" if who == "author" else "author") for state, move, who in EXPECTED if who != "one"}


def whos(state):
    return ("author", "reader") if state in states.OPEN else ("one",)


EVERY = [(state, move, who) for state, move in product(State, Move) for who in whos(state)]


def check(move, state, who="one", *, rests_until=None, at=NOON, parents=None, words_in_force=None):
    return states.check(
        move,
        state,
        by="b" if who == "reader" else "a",
        author="a" if state in states.OPEN else None,
        rests_until=rests_until,
        at=at,
        parents=parents or (1 if move == Move.REWRITE else 2),
        words_in_force=state in {State.AGREED, State.CHANGING} if words_in_force is None else words_in_force,
    )


@pytest.mark.parametrize(("state", "move", "who"), EVERY)
def test_every_move_from_every_state_is_the_one_written_here(state, move, who):
    if (state, move, who) in EXPECTED:
        assert check(move, state, who) == EXPECTED[state, move, who]
    elif (state, move, who) in NOT_YOURS:
        with pytest.raises(states.NotYours):
            check(move, state, who)
    else:
        with pytest.raises(states.NotNow):
            check(move, state, who)


def test_the_table_and_this_list_name_the_same_moves():
    assert {(state, move) for state, move, _ in EXPECTED} == set(states.MOVES)
    assert len(EVERY) == len(Move) * (len(State) + len(states.OPEN))


@pytest.mark.parametrize(("state", "move", "who"), sorted(EXPECTED))
def test_nothing_at_all_may_be_done_to_a_part_at_rest(state, move, who):
    with pytest.raises(states.AtRest) as refused:
        check(move, state, who, rests_until=NOON + TICK)
    assert refused.value.until == NOON + TICK


@pytest.mark.parametrize("move", Move)
def test_rest_is_said_first_even_where_the_move_is_not_one(move):
    for state in State:
        with pytest.raises(states.AtRest):
            check(move, state, rests_until=NOON + DAY)


def test_the_lock_holds_until_its_last_microsecond_and_not_one_longer():
    assert states.at_rest(NOON, NOON - TICK)
    assert not states.at_rest(NOON, NOON)
    assert not states.at_rest(None, NOON)
    with pytest.raises(states.AtRest):
        check(Move.COMMIT, State.AGREED, rests_until=NOON, at=NOON - TICK)
    assert check(Move.COMMIT, State.AGREED, rests_until=NOON, at=NOON) == State.CHANGING


@pytest.mark.parametrize("state", [State.SET_ASIDE, State.SUGGESTED])
def test_a_suggestion_where_words_are_in_force_is_a_change(state):
    move = Move.COMMIT if state == State.SET_ASIDE else Move.COUNTER
    assert check(move, state, "reader", words_in_force=True) == State.CHANGING


def test_two_parents_cannot_rewrite():
    with pytest.raises(states.NeedsTwo):
        check(Move.REWRITE, State.SUGGESTED, "author", parents=2)


LONDON = ZoneInfo("Europe/London")
CLOCKS_BACK = datetime(2026, 10, 24, 18, 30, tzinfo=LONDON)
CLOCKS_ON = datetime(2027, 3, 27, 18, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("agreed_at", "said"),
    [
        (CLOCKS_BACK, "5:30 pm on Sunday 25 October"),  # the day has 25 hours
        (CLOCKS_ON, "7:30 pm on Sunday 28 March"),  # the day has 23 hours
        (datetime(2026, 11, 21, 15, 10, tzinfo=LONDON), "3:10 pm on Sunday 22 November"),
        (datetime(2026, 10, 24, 2, 20, tzinfo=LONDON), "1:20 am (after the clocks go back) on Sunday 25 October"),
        (datetime(2026, 10, 24, 1, 20, tzinfo=LONDON), "1:20 am (before the clocks go back) on Sunday 25 October"),
        (datetime(2028, 2, 28, 12, 0, tzinfo=LONDON), "midday on Tuesday 29 February"),
        (datetime(2026, 12, 31, 0, 0, tzinfo=LONDON), "midnight at the start of Friday 1 January"),
    ],
)
def test_24_hours_are_24_elapsed_hours_on_any_day(agreed_at, said):
    from django.utils import translation

    rests_until = agreed_at.astimezone(UTC) + DAY
    assert rests_until.timestamp() - agreed_at.timestamp() == 24 * 60 * 60
    assert states.at_rest(rests_until, rests_until - TICK)
    assert not states.at_rest(rests_until, rests_until)
    with translation.override("en-gb"):
        assert words.until(rests_until) == said


def test_a_lock_added_to_local_time_would_be_an_hour_wrong_so_utc_it_is():
    for agreed_at, hours in ((CLOCKS_BACK, 25), (CLOCKS_ON, 23)):
        wrong = agreed_at + DAY
        assert wrong.timestamp() - agreed_at.timestamp() == hours * 60 * 60
