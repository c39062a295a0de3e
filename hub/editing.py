"""Kernel: what staff do with a work: write an edition, publish it now or later, go back, take the work out of view.

An edition may be written at until it is published; then it stays as it is. Each act is in the access record.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.db import transaction

from hub import audit, clock, editions
from hub.editions import Edition, Work

log = logging.getLogger(__name__)

LATEST = timedelta(days=366)  # nobody remembers what was planned for longer


class CannotBeDone(Exception):
    """What was asked for cannot happen as things stand. Nothing was changed."""


class IsPublished(CannotBeDone):
    """People have seen these words: they stay as they are. Write a new edition."""


class IsFromAFile(CannotBeDone):
    """These words came from the repository: they stay as they came. Write a new edition."""


class IsPlanned(CannotBeDone):
    """These words are to be published at a set time: they stay as they were looked at. Call that off first."""


class NotThen(CannotBeDone):
    """This moment has passed, or is more than a year away."""


class MayNotPublish(Exception):
    """Whoever set the time is gone, or may publish no longer."""


class ChangedMeanwhile(CannotBeDone):
    """Somebody else has changed these words since the page was drawn."""


E = TypeVar("E", bound=Edition)


def digest_of(words: Mapping[str, Any]) -> str:
    """A short mark of these words, for a form to say what its writer saw."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:24]


def begin(base: E, *, note: str, by, at: datetime) -> E:
    """A new edition with the words of an earlier one, for staff to change. Nobody sees it until it is published."""
    with transaction.atomic():
        made = editions.add_edition(base.work, base.words, source=Edition.Source.STAFF, at=at, by=by, note=note)
        audit.record(person=by, what="write edition", about=f"edition:{made}")
    return made  # type: ignore[return-value]  # an edition of the same work is of the same kind


def begin_work(work: Work, words: Mapping[str, Any], *, note: str, by, at: datetime) -> Edition:
    """A work that is not there yet, with its first edition, which nobody sees until it is published.

    Raises schema.Wrong; then nothing is kept.
    """
    with transaction.atomic():
        work.order = work.place_in(work.checked(words))
        work.save(force_insert=True)
        made = editions.add_edition(work, words, source=Edition.Source.STAFF, at=at, by=by, note=note)
        audit.record(person=by, what="write edition", about=f"edition:{made}")
    return made


def write(edition: E, words: Mapping[str, Any], *, seen: str, by) -> E:
    """Put these words in the place of those that `seen` marks. Raises schema.Wrong, or says what stands in the way."""
    checked = edition.work.checked(words)
    with transaction.atomic():
        held = _open(edition)
        if digest_of(held.words) != seen:
            raise ChangedMeanwhile
        if held.words != checked:
            held.words = checked
            held.save(update_fields=["words"])
            audit.record(person=by, what="change edition", about=f"edition:{held}")
    return held


def publish(edition: Edition, *, seen: str, by, at: datetime) -> None:
    """Show this edition to everybody from now on; an earlier one too, which is how staff go back.

    `seen` marks the words that were on the check page. Raises ChangedMeanwhile.
    """
    with transaction.atomic():
        editions.hold(edition)  # before the edition, as a load does
        held = _held(edition)
        if digest_of(held.words) != seen:
            raise ChangedMeanwhile
        held.work.checked(held.words)
        what = "publish edition" if held.published_at is None else "go back to edition"
        editions.publish(held, at=at)
        audit.record(person=by, what=what, about=f"edition:{held}")


def plan(edition: Edition, *, on: datetime, seen: str, by, at: datetime) -> None:
    """Publish it at this moment to come, or at another when it was planned before. `seen` as above.

    Raises ChangedMeanwhile or NotThen.
    """
    if not at < on <= at + LATEST:
        raise NotThen
    with transaction.atomic():
        editions.hold(edition)
        held = _held(edition)
        if digest_of(held.words) != seen:
            raise ChangedMeanwhile
        held.work.checked(held.words)
        held.due_at, held.due_by = on, by
        held.save(update_fields=["due_at", "due_by"])
        audit.record(person=by, what="plan edition", about=f"edition:{held}", reason=f"for {on:%Y-%m-%d %H:%M %Z}")


def call_off(edition: Edition, *, by) -> None:
    """Do not publish it by itself after all. Doing it twice, or too late, changes nothing."""
    with transaction.atomic():
        editions.hold(edition)
        if type(edition)._default_manager.filter(pk=edition.pk).exclude(due_at=None).update(due_at=None, due_by=None):
            audit.record(person=by, what="call off edition", about=f"edition:{edition}")


def publish_what_is_due(at: datetime | None = None) -> None:
    """Every edition whose time has come. Safe to run twice or at the same time; one that fails keeps no other waiting.

    It stays planned then, and the desk says that it is late.
    """
    at = at or clock.now()
    for model in [each for each in apps.get_models() if issubclass(each, Edition)]:
        due = model._default_manager.filter(due_at__lte=at).order_by("due_at", "pk")
        for edition in due.select_related(model.OF).defer("words"):
            try:
                _publish_planned(edition, at)
            except Exception:
                log.exception("an edition could not be published at its time")


def _publish_planned(edition: Edition, at: datetime) -> None:
    with transaction.atomic():
        editions.hold(edition)
        held = _held(edition)
        if held.due_at is None or held.due_at > at:  # another worker was here, or it was called off
            return
        by, work = held.due_by, held.work
        if by is None or not by.has_perm(f"{work._meta.app_label}.change_{work._meta.model_name}"):
            raise MayNotPublish
        work.checked(held.words)
        editions.publish(held, at=at)
        audit.record(person=by, what="publish edition as planned", about=f"edition:{held}")


def take_out(work: Work, *, why: str, by, at: datetime) -> None:
    """Nobody sees it from now on, and no load of files brings it back. Doing it twice changes nothing."""
    with transaction.atomic():
        held = editions.locked(work)
        if held.withdrawn:
            return
        held.withdrawn, held.taken_out_at, held.taken_out_why = True, at, why
        held.save(update_fields=["withdrawn", "taken_out_at", "taken_out_why"])
        editions.index(type(held))
        audit.record(person=by, what="take out", about=f"work:{held}", reason=why)


def put_back(work: Work, *, by) -> None:
    """Everybody sees its current edition again, also when its file is gone. Doing it twice changes nothing."""
    with transaction.atomic():
        held = editions.locked(work)
        if not held.withdrawn:
            return
        held.withdrawn, held.taken_out_at, held.taken_out_why = False, None, ""
        held.save(update_fields=["withdrawn", "taken_out_at", "taken_out_why"])
        editions.index(type(held))
        audit.record(person=by, what="put back", about=f"work:{held}")


def put_aside(edition: Edition, *, by, at: datetime) -> None:
    """Staff looked at what a file brought and stay with their own words. Doing it twice changes nothing."""
    with transaction.atomic():
        rows = type(edition)._default_manager.filter(pk=edition.pk, published_at=None, put_aside_at=None)
        if rows.update(put_aside_at=at):
            audit.record(person=by, what="leave edition", about=f"edition:{edition}")


def delete(edition: Edition, *, by) -> None:
    """Throw away what staff wrote and nobody has seen. Raises IsPublished, IsFromAFile or IsPlanned."""
    with transaction.atomic():
        held = _open(edition)
        audit.record(person=by, what="delete edition", about=f"edition:{held}")
        held.delete()


def _held(edition: E) -> E:
    """The edition as it is now, locked."""
    rows = type(edition)._default_manager.select_for_update(of=("self",)).select_related(edition.OF)
    return rows.get(pk=edition.pk)


def _open(edition: E) -> E:
    """The edition, locked, when staff may still write at it. Raises IsPublished, IsFromAFile or IsPlanned."""
    held = _held(edition)
    if held.published_at is not None:
        raise IsPublished
    if not held.is_by_staff:
        raise IsFromAFile
    if held.due_at is not None:
        raise IsPlanned
    return held
