"""Taking a programme: where somebody is, what they have seen, what they wrote, and when a part counts as done.

A screen counts as seen when its person carried on from it or answered it, and never by time. A part is done when every
screen that it has now was seen; what is done stays done, whatever a later edition brings. All of it is found by the
person alone: nobody else's progress or words can be asked for here.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction

from programmes import library
from programmes.actions import certifying, consenting
from programmes.kinds import Part, Screen, Step
from programmes.library import Programme
from programmes.models import Answer, Referral, Taking


class NotOpen(Exception):
    """This programme or part is not for this person, or not yet."""


class Gone(Exception):
    """This screen is not in the programme any more."""


# ---------------------------------------------------------------- who may


def may_take(person, programme: Programme) -> bool:
    """Whether this person may take the whole of it. One query, and only where a referral is needed."""
    if person is None or not person.is_parent:
        return False
    match programme.cover.words.open_to:
        case "everyone":
            return True
        case "enrolled":
            return consenting.may_read(person)
        case "referred":
            joined = Referral.objects.filter(
                party__person=person, programme=programme.slug, joined_at__isnull=False
            ).exclude(outcome=Referral.Ended.WITHDRAWN)
            return joined.exists()
    return False


# ---------------------------------------------------------------- where somebody is


@dataclass(frozen=True)
class Place:
    """One screen of a programme."""

    part: Part
    step: Step
    screen: Screen

    @property
    def key(self) -> tuple[str, str, str]:
        return self.part.slug, self.step.slug, self.screen.slug


@dataclass(frozen=True)
class Progress:
    """How far one person is in a programme as it stands now. Without a person, or before they began, it is empty."""

    programme: Programme
    taking: Taking | None = None

    @property
    def started(self) -> bool:
        return self.taking is not None

    @cached_property
    def seen(self) -> frozenset[str]:
        """The screens they have seen, as "part/step/screen"; some may not be in the programme any more."""
        return frozenset(self.taking.seen if self.taking is not None else ())

    @cached_property
    def kept_as_done(self) -> frozenset[str]:
        """The parts they finished once, by name."""
        return frozenset(self.taking.parts_done if self.taking is not None else ())

    def has_seen(self, part: Part, step: Step, screen: Screen) -> bool:
        return screen_key(part.slug, step.slug, screen.slug) in self.seen

    def has_begun(self, part: Part) -> bool:
        return any(self.has_seen(part, step, screen) for step, screen in part.places)

    def has_walked(self, part: Part, step: Step) -> bool:
        """Every screen of this step was seen."""
        return all(self.has_seen(part, step, screen) for screen in step.screens)

    def is_done(self, part: Part) -> bool:
        """Finished once, or nothing in it is left: a screen that was taken out holds nobody back."""
        return part.slug in self.kept_as_done or all(self.has_walked(part, step) for step in part.steps)

    @cached_property
    def done(self) -> frozenset[str]:
        """The parts of now that are finished, by name."""
        return frozenset(part.slug for part in self.programme.parts if self.is_done(part))

    @cached_property
    def finished(self) -> bool:
        """Every part that counts is done, or was when they finished."""
        if self.taking is not None and self.taking.finished_at is not None:
            return True
        needed = self.programme.needed
        return bool(needed) and all(part.slug in self.done for part in needed)

    def first_unseen(self, part: Part, after: tuple[str, str] | None = None) -> Place | None:
        """The first screen of the part that was not seen, if there is one below `after`; else the first of all."""
        unseen = [(step, screen) for step, screen in part.places if not self.has_seen(part, step, screen)]
        if not unseen:
            return None
        order = [(step.slug, screen.slug) for step, screen in part.places]
        begin = order.index(after) if after in order else -1
        for step, screen in unseen:
            if order.index((step.slug, screen.slug)) > begin:
                return Place(part, step, screen)
        return Place(part, *unseen[0])

    @cached_property
    def next(self) -> Place | None:
        """Where to carry on: after the screen they were at last, if that is still there; else at the first part that
        counts and is not done. None when nothing is left."""
        taking = self.taking
        part = self.programme.part(taking.part) if taking is not None else None
        if taking is not None and part is not None and part.slug not in self.done:
            return self.first_unseen(part, after=(taking.step, taking.screen))
        for each in self.programme.needed:
            if each.slug not in self.done:
                return self.first_unseen(each)
        return None

    @cached_property
    def here(self) -> str:
        """The name of the part they are in; "" before they begin and when nothing is left."""
        return self.next.part.slug if self.started and self.next is not None else ""

    def minutes_left_in(self, part: Part) -> int:
        """About how long the rest of a part takes: its unseen screens share the minutes of their step."""
        if part.slug in self.kept_as_done:
            return 0
        left = 0.0
        for step in part.steps:
            unseen = sum(not self.has_seen(part, step, screen) for screen in step.screens)
            left += step.minutes * unseen / len(step.screens)
        return math.ceil(left)

    @cached_property
    def minutes_left(self) -> int:
        return sum(self.minutes_left_in(part) for part in self.programme.needed)


def progress(person, programme: Programme) -> Progress:
    """How far this person is. One query; none for somebody signed out."""
    if person is None:
        return Progress(programme)
    return Progress(programme, Taking.objects.filter(person=person, programme=programme.slug).first())


def screen_key(part: str, step: str, screen: str) -> str:
    """How a screen is called among those that were seen."""
    return f"{part}/{step}/{screen}"


# ---------------------------------------------------------------- going on


def begin(person, programme: Programme, at: datetime) -> Taking:
    """The person's own taking of the programme, made the first time. Raises NotOpen for anybody but a parent."""
    if person is None or not person.is_parent:
        raise NotOpen
    taking, _made = Taking.objects.get_or_create(
        person=person, programme=programme.slug, defaults={"started_at": at, "last_at": at}
    )
    return taking


def see(taking: Taking, part: str, step: str, screen: str, edition_pk: int, at: datetime) -> Progress:
    """Note that somebody carried on from this screen, of this edition of its part. Doing it twice changes nothing.

    Raises Gone when the screen is not in the programme any more.
    """
    with transaction.atomic():
        return _note(taking, part, step, screen, edition_pk, at)


def answer(
    taking: Taking, part: str, step: str, screen: str, kind: str, words: dict[str, Any], edition_pk: int, at: datetime
) -> Progress:
    """Keep what somebody wrote or chose here, in the place of what stood there before. The screen is seen by that.

    Raises Gone when the screen is not in the programme any more.
    """
    with transaction.atomic():
        found = _note(taking, part, step, screen, edition_pk, at)
        Answer.objects.update_or_create(
            taking=taking, part=part, step=step, screen=screen, defaults={"kind": kind, "words": words, "at": at}
        )
        return found


def finish(taking: Taking, at: datetime) -> Progress:
    """Finish a programme of which nothing is left: what they had yet to see may have been taken out since."""
    with transaction.atomic():
        taking, programme = _hold(taking)
        return _settle(taking, programme, at)


def _hold(taking: Taking) -> tuple[Taking, Programme]:
    """The row lock comes first: of two screens seen at the same moment, the second must know of the first."""
    held = Taking.objects.select_for_update(no_key=True).get(pk=taking.pk)
    programme = library.programme(held.programme)
    if programme is None:
        raise Gone
    return held, programme


def _note(taking: Taking, part: str, step: str, screen: str, edition_pk: int, at: datetime) -> Progress:
    taking, programme = _hold(taking)
    its_part = programme.part(part)
    its_step = its_part.step(step) if its_part else None
    if its_part is None or its_step is None or its_step.screen(screen) is None:
        raise Gone
    taking.seen.setdefault(screen_key(part, step, screen), edition_pk)
    taking.part, taking.step, taking.screen, taking.last_at = part, step, screen, at
    return _settle(taking, programme, at, {part: edition_pk})


def _settle(taking: Taking, programme: Programme, at: datetime, editions: dict[str, int] | None = None) -> Progress:
    """Write down each part that is done now, and the end of the programme when that was the last one."""
    found = Progress(programme, taking)
    for slug in found.done - found.kept_as_done:
        taking.parts_done[slug] = (editions or {}).get(slug, programme.editions[slug])
    ends = found.finished and taking.finished_at is None
    if ends:
        taking.finished_at = at
    taking.save()
    if ends:
        certifying.after_learning(taking, at)
    return Progress(programme, taking)


# ---------------------------------------------------------------- one's own words


def answer_to(person, programme: str, part: str, step: str, screen: str) -> Answer | None:
    """What this person wrote or chose on this screen."""
    return Answer.objects.filter(
        taking__person=person, taking__programme=programme, part=part, step=step, screen=screen
    ).first()


def forget(answer: Answer) -> None:
    """Delete one answer. Nothing of it is kept; that the screen was seen stays."""
    answer.delete()


def forget_all(person, programme: str | None = None) -> int:
    """Delete all that this person wrote and chose, in one programme or in all. Gives back how many answers went."""
    mine = Answer.objects.filter(taking__person=person)
    if programme is not None:
        mine = mine.filter(taking__programme=programme)
    return mine.delete()[0]


def promises(person, programme: str) -> list[str]:
    """What this person promised in the programme, in their own words."""
    kept = Answer.objects.filter(taking__person=person, taking__programme=programme, kind="pledge")
    return [text for words in kept.order_by("at", "id").values_list("words", flat=True) for text in words["boxes"]]
