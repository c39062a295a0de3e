"""What happens to a goal: begun, said anew, felt, rested, done, deleted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from goals import actions, history, telling
from goals.models import CheckIn, Felt, Goal, Reminder, Wording
from hub import mail
from hub.models import OutgoingMail
from tests.goals.conftest import BEGUN
from tests.racing import at_once

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def test_a_goal_begins_with_a_parents_own_words(amara):
    made = actions.start(person=amara, kind="us", words="We text in two lines", at=BEGUN)
    assert (made.words, made.kind, made.state, made.suggestion) == ("We text in two lines", "us", "active", "")
    assert made.started_at == made.state_at == BEGUN
    assert len(made.reference) == 12


@pytest.mark.parametrize("who", ["staff", "solicitor"])
def test_only_a_parent_has_goals(who, request):
    with pytest.raises(actions.NotYours):
        actions.start(person=request.getfixturevalue(who), kind="me", words="x")
    with pytest.raises(actions.NotYours):
        actions.remind(person=request.getfixturevalue(who), every=7)
    assert not Goal.objects.exists() and not Reminder.objects.exists()


def test_a_double_press_begins_one_goal_and_two_parents_may_have_the_same_key(amara, ben):
    one, again = (actions.start(person=amara, kind="me", words="x", submit_key="one-key-12") for _ in range(2))
    actions.start(person=ben, kind="me", words="x", submit_key="one-key-12")
    assert one == again and Goal.objects.count() == 2


def test_a_check_in_sent_twice_is_said_once(goal_of, amara):
    made = goal_of(amara)
    for felt in (2, 5):
        actions.check_in(goal=made, felt=felt, submit_key="one-key-12")
    assert list(made.check_ins.values_list("felt", flat=True)) == [2]
    actions.check_in(goal=made, felt=5)
    assert made.check_ins.count() == 2


@pytest.mark.django_db(transaction=True)
def test_windows_that_press_at_once_say_it_once(goal_of, amara):
    made = goal_of(amara)
    at_once(*[lambda: actions.check_in(goal=made, felt=3, submit_key="the-same-key")] * 4)
    assert made.check_ins.count() == 1


@pytest.mark.django_db(transaction=True)
def test_windows_that_write_the_same_at_once_keep_one_earlier_wording(goal_of, amara):
    made = goal_of(amara, "As it was")
    for number in range(10):
        at_once(*[lambda words=f"As it is {number}": actions.reword(goal=made, kind="me", words=words)] * 4)
    assert made.wordings.count() == 10


@pytest.mark.django_db(transaction=True)
def test_workers_that_remind_at_once_send_one_mail(goal_of, amara):
    goal_of(amara)
    actions.remind(person=amara, every=7, at=BEGUN)
    at_once(*[lambda: telling.tell_what_is_due(BEGUN + 2 * WEEK)] * 4)
    assert OutgoingMail.objects.count() == 1 and Reminder.objects.get().unanswered == 1


def test_what_it_said_before_is_kept_and_the_same_words_keep_nothing(hers):
    (before,) = hers.wordings.all()
    assert (before.words, before.why, before.first_step) == ("First words", "Because of Maya", "A first step")
    assert hers.words == "I say hello first"
    actions.reword(goal=hers, kind="us", words=hers.words, why=hers.why, first_step=hers.first_step)
    assert hers.wordings.count() == 1
    hers.refresh_from_db()
    assert hers.kind == "us"


@pytest.mark.parametrize(
    ("act", "state"),
    [(actions.pause, "paused"), (actions.achieve, "achieved"), (actions.archive, "archived")],
)
def test_a_goal_rests_and_is_taken_up_again(goal_of, amara, act, state):
    made = goal_of(amara, felt=(3,))
    for at in (BEGUN + WEEK, BEGUN + 2 * WEEK):  # the second press changes nothing
        act(goal=made, at=at)
    made.refresh_from_db()
    assert (made.state, made.state_at) == (state, BEGUN + WEEK)
    actions.take_up_again(goal=made, at=BEGUN + 3 * WEEK)
    made.refresh_from_db()
    assert (made.state, made.state_at) == ("active", BEGUN + 3 * WEEK)
    assert made.check_ins.count() == 1


def test_a_check_in_changes_and_goes(hers):
    first, second = hers.check_ins.all()
    actions.change_check_in(check_in=first, felt=5, note="Better words")
    assert (first.felt, first.note) == (5, "Better words")
    assert first.at == BEGUN + 2 * WEEK
    actions.delete_check_in(check_in=second)
    assert list(hers.check_ins.all()) == [first]
    with pytest.raises(actions.Gone):
        actions.change_check_in(check_in=second, felt=1)


def test_earlier_words_go_and_the_goal_stays(hers):
    assert actions.forget_wordings(goal=hers) == 1
    hers.refresh_from_db()
    assert hers.words == "I say hello first" and not Wording.objects.exists()


def test_nothing_can_be_done_with_a_goal_that_is_gone(hers):
    said = hers.check_ins.first()
    actions.delete(goal=hers)
    for act in (
        lambda: actions.check_in(goal=hers, felt=1),
        lambda: actions.reword(goal=hers, kind="me", words="x"),
        lambda: actions.pause(goal=hers),
        lambda: actions.delete_check_in(check_in=said),
    ):
        with pytest.raises(actions.Gone):
            act()
    actions.delete(goal=hers)
    assert not CheckIn.objects.exists() and not Wording.objects.exists()


def test_deleting_all_takes_reminder_and_mails_and_leaves_everybody_else_alone(hers, goal_of, amara, ben):
    goal_of(ben)
    for person in (amara, ben):
        actions.remind(person=person, every=7)
        mail.put(kind=actions.MAIL, key=f"goals:{person.pk}:x", person=person)
    mail.put(kind="parenting_plan/nudge", key="another", person=amara)
    goal_of(amara, "Another")
    assert actions.delete_all(person=amara) == 2
    assert not Goal.objects.filter(person=amara).exists() and not Reminder.objects.filter(person=amara).exists()
    assert list(OutgoingMail.objects.filter(person=amara).values_list("key", flat=True)) == ["another"]
    assert Goal.objects.count() == Reminder.objects.count() == OutgoingMail.objects.filter(person=ben).count() == 1


def test_with_the_last_goal_goes_the_reminder_and_with_another_it_stays(hers, goal_of, amara):
    other = goal_of(amara, "Another")
    actions.remind(person=amara, every=14)
    actions.delete(goal=hers)
    assert Reminder.objects.filter(person=amara).exists()
    actions.delete(goal=other)
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("felt", [0, 6, -1])
def test_a_feeling_is_one_of_five(goal_of, amara, felt):
    made = goal_of(amara)
    with pytest.raises(ValueError):
        actions.check_in(goal=made, felt=felt)
    with pytest.raises(IntegrityError, match=r"a_feeling_is_one_of_five_faces|felt"), transaction.atomic():
        CheckIn.objects.create(goal=made, felt=felt, at=BEGUN)


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"words": ""}, "a_goal_says_something"),
        ({"kind": "no"}, "a_goal_is_for_me_or_for_us"),
        ({"state": "lost"}, "a_goal_is_worked_on_paused_done_or_put_away"),
    ],
)
def test_the_database_says_again_what_must_never_be_false(goal_of, amara, broken, name):
    made = goal_of(amara)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Goal.objects.filter(pk=made.pk).update(**broken)


# ---------------------------------------------------------------- the picture
def said(*felt):
    return [(each, BEGUN + number * WEEK) for number, each in enumerate(felt)]


def test_nothing_said_draws_nothing():
    assert history.pictures([]) == []


@pytest.mark.parametrize("count", [1, 2, 12, 60, 200])
def test_every_point_stands_inside_its_picture_on_the_row_of_its_face(count):
    felt = [1 + (number * 7) % 5 for number in range(count)]
    for drawn in history.pictures(said(*felt)):
        rows = {row["felt"]: row["y"] for row in drawn["rows"]}
        assert [row["felt"] for row in drawn["rows"]] == [5, 4, 3, 2, 1], "the best feeling stands above"
        assert [point["y"] for point in drawn["points"]] == [rows[each] for each in felt[-60:]]
        places = [float(point["x"]) for point in drawn["points"]]
        assert places == sorted(places)
        assert float(drawn["line_from"]) <= min(places) and max(places) < drawn["width"]
        assert bool(drawn["way"]) == (count > 1)


def test_the_picture_is_told_in_words_without_praise():
    assert history.in_words(said(2), 1) == "You have said how it felt once: not great, on 7 Sep 2026."
    told = history.in_words(said(1, 2, 5), 3)
    assert told == "3 times, from 7 Sep 2026 to 21 Sep 2026. The last one was: really well."
    assert history.in_words(said(*[3] * 60), 75).startswith("The last 60 times, from 7 Sep 2026")


def test_the_five_feelings_have_the_words_of_the_scale():
    assert [each.label for each in Felt] == ["Struggling", "Not great", "So-so", "Quite well", "Really well"]
