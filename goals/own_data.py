"""What the hub holds of somebody's goals: theirs alone, and gone with their account."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import actions, copies
from goals.models import Felt, Goal, Reminder
from hub import own_data
from hub.own_data import Fate, Section, Told

own_data.call_mails({actions.MAIL: gettext_lazy("Something is still here for you, when you are ready")})


@own_data.copies
def copy(person, at: datetime) -> Iterator[Section]:
    """Four queries."""
    yield from own_data.section("goals", _("Your goals"), _("Nobody but you sees them."), map(_goal, copies.of(person)))
    yield from own_data.section(
        "goals_reminder", _("When we remind you"), _("You chose it. Nobody but you sees it."), _reminder(person)
    )


def _goal(goal: Goal) -> Told:
    told = Told(goal.words, "words")
    told.say("why", _("Why it matters"), goal.why).say("first_step", _("First step"), goal.first_step)
    told.say("for", _("Kind"), str(goal.get_kind_display())).say("state", _("State"), str(goal.get_state_display()))
    told.say("state_since", _("Since"), goal.state_at).say("begun_at", _("Begun"), goal.started_at)
    for said in goal.check_ins.all():
        value = {"felt": Felt(said.felt).label, "note": said.note, "at": said.at}
        told.add("check_ins", own_data.when(_("How it felt"), said.at), value, _lines(value["felt"], said.note))
    for was in goal.wordings.all():
        value = {"words": was.words, "why": was.why, "first_step": was.first_step, "until": was.until}
        words = _lines(was.words, was.why, was.first_step)
        told.add("earlier_words", own_data.when(_("What it said before, until"), was.until), value, words)
    return told


def _lines(*words) -> str:
    return "\n".join(str(each) for each in words if each)


def _reminder(person) -> Iterator[Told]:
    for wish in Reminder.objects.filter(person=person):
        told = Told(_("A reminder by email")).say("how_often", _("How often"), str(wish.get_every_display()))
        yield told.say("next_at", _("The next one"), wish.next_at)


@own_data.tells
def fate(person) -> Fate:
    has_any = Goal.objects.filter(person=person).exists() or Reminder.objects.filter(person=person).exists()
    return Fate(goes=(_("Your goals, what you wrote about them, and how they went."),) if has_any else ())


@own_data.on_closing
def close(person, at: datetime) -> None:
    """No reminder is sent to a closed account. The goals themselves go with the account."""
    if person.is_parent:
        actions.remind(person=person, every=None)
