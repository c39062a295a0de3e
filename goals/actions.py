"""Everything that happens to goals. Each holds the goal's row while it changes it, and done twice it is done once.

What is deleted is deleted at once and whole; with somebody's last goal go their reminder and the mails it sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from goals.models import CheckIn, Felt, Goal, Reminder, Wording, new_key
from hub import clock
from hub.models import OutgoingMail
from hub.words import HOME, at_home

MAIL = "goals/check_in"
MORNING = time(9)  # by the clocks of the United Kingdom: no mail at midnight


class NotYours(Exception):
    """Goals are a parent's own. Nobody else has any."""


class Gone(Exception):
    """This goal was deleted meanwhile."""


@contextmanager
def _held(goal: Goal) -> Iterator[Goal]:
    """The goal as it is now, held by its row lock until the work is written. Raises Gone."""
    with transaction.atomic():
        held = Goal.objects.select_for_update(no_key=True).filter(pk=goal.pk).first()
        if held is None:
            raise Gone
        yield held


# ---------------------------------------------------------------- the goal


def start(
    *,
    person,
    kind: str,
    words: str,
    why: str = "",
    first_step: str = "",
    suggestion: str = "",
    submit_key: str = "",
    at: datetime | None = None,
) -> Goal:
    """A new goal of this parent. Sent twice with one key it is one goal. Raises NotYours for anybody but a parent."""
    if not person.is_parent:
        raise NotYours
    at = at or clock.now()
    goal, _new = Goal.objects.get_or_create(
        person=person,
        submit_key=submit_key or new_key(),
        defaults={
            "kind": kind,
            "words": words,
            "why": why,
            "first_step": first_step,
            "suggestion": suggestion,
            "started_at": at,
            "state_at": at,
        },
    )
    return goal


def reword(
    *, goal: Goal, kind: str, words: str, why: str = "", first_step: str = "", at: datetime | None = None
) -> Goal:
    """Say the goal anew. What it said is kept; saying the same again keeps nothing. Raises Gone."""
    with _held(goal) as held:
        was, now = (held.words, held.why, held.first_step), (words, why, first_step)
        if was != now:
            said = dict(zip(("words", "why", "first_step"), was, strict=True))
            Wording.objects.create(goal=held, until=at or clock.now(), **said)
        held.kind, held.words, held.why, held.first_step = kind, *now
        held.save(update_fields=["kind", "words", "why", "first_step"])
        return held


def pause(*, goal: Goal, at: datetime | None = None) -> Goal:
    return _move(goal, Goal.State.PAUSED, at)


def achieve(*, goal: Goal, at: datetime | None = None) -> Goal:
    return _move(goal, Goal.State.ACHIEVED, at)


def archive(*, goal: Goal, at: datetime | None = None) -> Goal:
    return _move(goal, Goal.State.ARCHIVED, at)


def take_up_again(*, goal: Goal, at: datetime | None = None) -> Goal:
    return _move(goal, Goal.State.ACTIVE, at)


def _move(goal: Goal, state: Goal.State, at: datetime | None) -> Goal:
    """To this state from any other. It keeps the time at which it came there first. Raises Gone."""
    with _held(goal) as held:
        if held.state != state:
            held.state, held.state_at = state, at or clock.now()
            held.save(update_fields=["state", "state_at"])
        return held


# ---------------------------------------------------------------- how it felt


def check_in(*, goal: Goal, felt: int, note: str = "", submit_key: str = "", at: datetime | None = None) -> CheckIn:
    """Say how it felt. Sent twice with one key it is said once. A reminder then begins to count anew. Raises Gone."""
    at = at or clock.now()
    with _held(goal) as held:
        said, new = CheckIn.objects.get_or_create(
            goal=held, submit_key=submit_key or new_key(), defaults={"felt": Felt(felt), "note": note, "at": at}
        )
        if new:
            for wish in Reminder.objects.select_for_update(no_key=True).filter(person=held.person_id):
                wish.next_at, wish.unanswered = next_morning(at, wish.every), 0
                wish.save(update_fields=["next_at", "unanswered"])
        return said


def change_check_in(*, check_in: CheckIn, felt: int, note: str = "") -> CheckIn:
    """Put other words or another face in the place of what was said then. Nothing of the old is kept. Raises Gone."""
    with _held(check_in.goal):
        if not CheckIn.objects.filter(pk=check_in.pk).update(felt=Felt(felt), note=note):
            raise Gone
    check_in.refresh_from_db()
    return check_in


# ---------------------------------------------------------------- deleting


def delete_check_in(*, check_in: CheckIn) -> None:
    with _held(check_in.goal):
        CheckIn.objects.filter(pk=check_in.pk).delete()


def forget_wordings(*, goal: Goal) -> int:
    """Delete what the goal said before. Gives back how many wordings went."""
    with _held(goal) as held:
        return held.wordings.all().delete()[0]


def delete(*, goal: Goal) -> None:
    """The goal with its words, earlier words and check-ins. Nothing of it is kept. Does nothing when it is gone."""
    with transaction.atomic():
        Goal.objects.filter(pk=goal.pk).delete()
        if not Goal.objects.filter(person=goal.person_id).exists():
            _forget_reminders(goal.person_id)


def delete_all(*, person) -> int:
    """Everything this person has here, and that they had it. Gives back how many goals went."""
    with transaction.atomic():
        mine = Goal.objects.filter(person=person)
        count = mine.count()
        mine.delete()
        _forget_reminders(person.pk)
        return count


def _forget_reminders(person_pk: int) -> None:
    """The wish, and every trace of it in the outbox."""
    Reminder.objects.filter(person=person_pk).delete()
    OutgoingMail.objects.filter(person=person_pk, kind=MAIL).delete()


# ---------------------------------------------------------------- reminders


def remind(*, person, every: int | None, at: datetime | None = None) -> None:
    """Remind this parent every 7 or 14 days, or with None no more. Raises NotYours for anybody but a parent."""
    if not person.is_parent:
        raise NotYours
    with transaction.atomic():
        if not every:
            _forget_reminders(person.pk)
            return
        wish = Reminder.objects.select_for_update(no_key=True).filter(person=person).first()
        if wish is not None and wish.every == every:
            return
        told = {"every": Reminder.Every(every), "next_at": next_morning(at or clock.now(), every), "unanswered": 0}
        Reminder.objects.update_or_create(person=person, defaults=told)


def next_morning(at: datetime, days: int) -> datetime:
    """Nine in the morning, so many days of the calendar after this moment: never two in one week, whatever is late."""
    on = at_home(at).date() + timedelta(days=days)
    return datetime.combine(on, MORNING, HOME).astimezone(UTC)
