"""What time alone brings is told once to those it concerns, late if it must be, and never to the wrong people."""

from datetime import timedelta

import pytest

from hub import clock, mail
from hub.models import Notice, OutgoingMail
from parenting_plan import actions, states, telling
from parenting_plan.models import Clause
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, HOLIDAYS, OVERNIGHTS, WEEK
from tests.racing import at_once

DAY = timedelta(days=1)


def told(kind, person=None):
    notices = Notice.objects.filter(kind=kind)
    return (notices.filter(person=person) if person else notices).count()


def mails(kind):
    return OutgoingMail.objects.filter(kind=f"parenting_plan/{kind}").count()


@pytest.fixture
def agreed(plan, amara, ben):
    """Handovers, agreed now."""
    family.settle(plan, amara, ben, HANDOVERS, "At the school gate.")
    return family.part(plan, HANDOVERS)


# ---------------------------------------------------------------- the lock ended


def test_the_end_of_a_lock_is_told_once_to_both(agreed, amara, ben):
    telling.tell_what_is_due(agreed.rests_until - timedelta(microseconds=1))
    assert told("rest_over") == 0
    for late in (timedelta(), timedelta(minutes=1), DAY):
        telling.tell_what_is_due(agreed.rests_until + late)
        assert (told("rest_over", amara), told("rest_over", ben)) == (1, 1)
        assert mails("rest_over") == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_tell_once(agreed, amara, ben):
    at_once(*[lambda: telling.tell_what_is_due(agreed.rests_until + DAY)] * 2)
    assert (told("rest_over", amara), told("rest_over", ben), mails("rest_over")) == (1, 1, 2)


def test_words_agreed_again_are_told_of_again(agreed, plan, amara, ben):
    telling.tell_what_is_due(agreed.rests_until)
    again = agreed.rests_until + DAY
    family.settle(plan, ben, amara, HANDOVERS, "At the library.", at=again)
    telling.tell_what_is_due(again + DAY)
    assert (told("rest_over", amara), told("rest_over", ben)) == (2, 2)


def test_with_beat_dead_for_two_days_the_lock_is_right_and_the_backlog_clears_once(plan, amara, ben):
    at = clock.now()
    for question in (HANDOVERS, WEEK, HOLIDAYS):
        family.settle(plan, amara, ben, question, "So.", at=at)
    edge = family.part(plan, HANDOVERS).rests_until  # nothing told anybody: the lock looks at the time alone
    with pytest.raises(states.AtRest):
        family.suggest(plan, ben, HANDOVERS, "Else.", at=edge - timedelta(microseconds=1))
    assert family.suggest(plan, ben, HANDOVERS, "Else.", at=edge)
    for late in (2 * DAY, 2 * DAY + timedelta(minutes=1)):
        telling.tell_what_is_due(edge + late)
        assert told("rest_over") == mails("rest_over") == 6


def test_a_paused_plan_hears_when_it_goes_on_and_an_ended_one_never(agreed, plan, amara, ben):
    actions.pause(plan=plan)
    telling.tell_what_is_due(agreed.rests_until + DAY)
    assert told("rest_over") == 0
    actions.resume(plan=plan)
    telling.tell_what_is_due(agreed.rests_until + DAY)
    assert told("rest_over") == 2


def test_nobody_is_told_of_a_lock_in_a_plan_that_ended(agreed, plan, ben):
    actions.leave(plan=plan, by=family.party(plan, ben))
    for _ in range(2):
        telling.tell_what_is_due(agreed.rests_until + DAY)
    assert told("rest_over") == 0
    assert not Clause.objects.filter(rest_told=False).exists()


def test_one_broken_plan_keeps_nobody_else_waiting(agreed, plan, amara, ben, person, monkeypatch):
    broken = family.share(family.start(person("Cleo")), person("Dan"))
    cleo, dan = (party.user for party in broken.parties.order_by("role"))
    family.settle(broken, cleo, dan, HANDOVERS, "Gate.", at=clock.now() - DAY)  # comes first in the queue
    whole = telling._parents
    monkeypatch.setattr(telling, "_parents", lambda which: None if which.pk == broken.pk else whole(which))
    telling.tell_what_is_due(agreed.rests_until)
    assert (told("rest_over", amara), told("rest_over", ben), told("rest_over", cleo)) == (1, 1, 0)
    monkeypatch.undo()
    telling.tell_what_is_due(agreed.rests_until)
    assert (told("rest_over", cleo), told("rest_over", dan)) == (1, 1)


# ---------------------------------------------------------------- a suggestion that waits


def each_day(until_day, since):
    """What beat does, once a day; gives back on which days a nudge came."""
    came, before = [], told("nudge")
    for day in range(until_day + 1):
        telling.tell_what_is_due(since + day * DAY)
        if told("nudge") > before:
            came.append(day)
            before = told("nudge")
    return came


def test_nudges_come_after_5_and_14_days_and_then_silence(plan, amara, ben):
    at = clock.now()
    family.suggest(plan, amara, HANDOVERS, "Gate.", at=at)
    assert each_day(60, at) == [5, 14]
    assert told("nudge", amara) == 0
    assert told("nudge", ben) == mails("nudge") == 2


def test_suggestions_sent_together_bring_no_more_nudges_than_one(plan, amara, ben):
    at = clock.now()
    for question in (HANDOVERS, WEEK, OVERNIGHTS, HOLIDAYS):
        family.suggest(plan, amara, question, "So.", at=at)
    assert each_day(40, at) == [5, 14]
    assert telling._plans_to_nudge(at + 40 * DAY) == []  # nor is the plan looked at again


def test_an_answer_ends_the_nudges(plan, amara, ben):
    at = clock.now()
    family.suggest(plan, amara, HANDOVERS, "Gate.", at=at)
    family.agree(plan, ben, HANDOVERS, at=at + 4 * DAY)
    assert each_day(30, at) == []


def test_answering_the_oldest_brings_no_nudge_for_the_next_at_once(plan, amara, ben):
    at = clock.now()
    family.suggest(plan, amara, HANDOVERS, "Gate.", at=at)
    family.suggest(plan, amara, WEEK, "Weekly.", at=at + timedelta(hours=1))
    assert each_day(5, at) == [5]
    family.agree(plan, ben, HANDOVERS, at=at + 5 * DAY)
    assert [day for day in range(6, 30) if each_day(0, at + day * DAY)] == [10, 15]


@pytest.mark.parametrize("end", ["pause", "leave"])
def test_nobody_is_nudged_about_a_plan_that_is_not_shared(plan, amara, ben, end):
    at = clock.now()
    family.suggest(plan, amara, HANDOVERS, "Gate.", at=at)
    if end == "pause":
        actions.pause(plan=plan)
    else:
        actions.leave(plan=plan, by=family.party(plan, amara))
    assert each_day(20, at) == []


def test_nobody_is_nudged_while_one_parent_works_alone_and_the_wait_begins_when_the_other_joins(solo, amara, ben):
    at = clock.now() - 30 * DAY
    family.suggest(solo, amara, HANDOVERS, "Gate.", at=at)
    assert each_day(29, at) == []
    family.share(solo, ben, at=at + 30 * DAY)
    assert each_day(50, at) == [35, 44]


def test_with_beat_dead_for_three_weeks_one_nudge_comes_not_two(plan, amara):
    at = clock.now()
    family.suggest(plan, amara, HANDOVERS, "Gate.", at=at)
    for day in (21, 22, 30, 40):
        telling.tell_what_is_due(at + day * DAY)
    assert told("nudge") == 1


def test_a_nudge_about_what_was_answered_meanwhile_is_not_sent(plan, amara, ben, settings):
    at = clock.now()
    family.suggest(plan, amara, HANDOVERS, "Gate.", at=at)
    telling.tell_what_is_due(at + 5 * DAY)
    waiting = OutgoingMail.objects.get(kind="parenting_plan/nudge")
    assert mail.still_wanted(waiting)
    family.agree(plan, ben, HANDOVERS, at=at + 5 * DAY)
    assert not mail.still_wanted(waiting)
