"""Goals of named parents, made by the actions themselves."""

from datetime import UTC, datetime, timedelta

import pytest

from goals import actions, suggestions

BEGUN = datetime(2026, 9, 7, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a process remembers of editions goes with the test: the next one may give their numbers to other words."""
    from hub import http

    def clear():
        suggestions._parsed.clear()
        suggestions._put_together.cache_clear()
        http._shelf.clear()

    clear()
    yield
    clear()


@pytest.fixture
def goal_of(db):
    """goal_of(amara, "I say hello first"): a goal they work on. felt=[...] says how it went, a week apart."""

    def make(person, words="I say hello first", *, felt=(), note="", **more):
        more = {"kind": "me", "at": BEGUN} | more
        made = actions.start(person=person, words=words, **more)
        for number, each in enumerate(felt):
            actions.check_in(goal=made, felt=each, note=note, at=BEGUN + timedelta(days=7 * (number + 1)))
        return made

    return make


@pytest.fixture
def hers(goal_of, amara):
    """A goal of Amara with two check-ins and an earlier wording."""
    made = goal_of(amara, "First words", why="Because of Maya", first_step="A first step", felt=(2, 4), note="A note")
    told = {"words": "I say hello first", "why": "Maya looks at us", "first_step": "Tomorrow at the door"}
    return actions.reword(goal=made, kind="me", at=BEGUN + timedelta(days=20), **told)
