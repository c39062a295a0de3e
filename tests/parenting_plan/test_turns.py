"""What one turn at a plan promises at its edges: keys, clocks, limits, leaving, and who hears of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub import clock
from hub.models import Notice
from parenting_plan import actions, states
from parenting_plan.models import Clause, Draft, Party, Plan, PlanEvent
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, WEEK

WORDS = family.words("At the school gate.")


def commit(plan, person, question=HANDOVERS, **more):
    found = family.version(plan, question)
    return actions.commit(
        plan=plan, question=question, by=family.party(plan, person), **{"value": WORDS, "version": found, **more}
    )


# ---------------------------------------------------------------- submit keys


def test_the_same_form_sent_twice_does_its_work_once(plan, amara):
    event = commit(plan, amara, submit_key="one")
    with pytest.raises(actions.AlreadyDone) as done:
        commit(plan, amara, submit_key="one")
    assert done.value.event == event
    assert Notice.objects.filter(kind="suggestion").count() == 1


@pytest.mark.parametrize("key", ["", "x" * 41, "nul\x00", "\ud800", "two words", "quote'", "é"])
def test_a_key_that_no_form_of_ours_carries_is_refused_calmly(plan, amara, key):
    with pytest.raises(actions.Stale):
        commit(plan, amara, submit_key=key)
    with pytest.raises(actions.Stale):
        actions.commit_drafts(plan=plan, by=family.party(plan, amara), chosen={}, submit_key=key)
    with pytest.raises(actions.Stale):
        actions.start(by=amara, children=[], submit_key=key)
    assert not plan.clauses.exists()


def test_a_key_used_elsewhere_does_nothing_here(plan, elsewhere_plan, amara, ben, stranger):
    commit(elsewhere_plan, stranger, submit_key="mine")
    for person in (amara, ben):
        with pytest.raises(actions.Stale):
            commit(plan, person, submit_key="mine")
    commit(plan, amara, submit_key="amaras")
    with pytest.raises(actions.Stale):
        commit(plan, ben, WEEK, submit_key="amaras")


# ---------------------------------------------------------------- the lock, whatever clock the caller reads


@pytest.mark.parametrize("day", [datetime(2026, 10, 24, 18), datetime(2027, 3, 27, 18)], ids=str)
def test_a_caller_with_a_local_clock_still_gets_24_elapsed_hours(plan, amara, ben, day):
    agreed_at = day.replace(tzinfo=ZoneInfo("Europe/London"))
    family.settle(plan, amara, ben, HANDOVERS, "Gate.", at=agreed_at)
    rests_until = family.part(plan, HANDOVERS).rests_until
    assert rests_until.timestamp() - agreed_at.timestamp() == 24 * 60 * 60
    with pytest.raises(states.AtRest):
        commit(plan, amara, at=rests_until - timedelta(microseconds=1))
    assert commit(plan, amara, at=rests_until).kind == "suggestion"


def test_times_in_the_record_are_utc(plan, amara):
    at = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/London"))
    event = commit(plan, amara, at=at)
    assert (event.at, event.at.tzinfo) == (at, UTC)
