"""Kernel: what staff do with a work: write an edition, publish it, go back, leave what a file brought.

An edition may be written at until it is published; then it stays as it is. Each act is in the access record.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from hub import audit, editions
from hub.editions import Edition


class CannotBeDone(Exception):
    """What was asked for cannot happen as things stand. Nothing was changed."""


class IsPublished(CannotBeDone):
    """People have seen these words: they stay as they are. Write a new edition."""


class IsFromAFile(CannotBeDone):
    """These words came from the repository: they stay as they came. Write a new edition."""


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


def put_aside(edition: Edition, *, by, at: datetime) -> None:
    """Staff looked at what a file brought and stay with their own words. Doing it twice changes nothing."""
    with transaction.atomic():
        rows = type(edition)._default_manager.filter(pk=edition.pk, published_at=None, put_aside_at=None)
        if rows.update(put_aside_at=at):
            audit.record(person=by, what="leave edition", about=f"edition:{edition}")


def delete(edition: Edition, *, by) -> None:
    """Throw away what staff wrote and nobody has seen. Raises IsPublished or IsFromAFile."""
    with transaction.atomic():
        held = _open(edition)
        audit.record(person=by, what="delete edition", about=f"edition:{held}")
        held.delete()


def _held(edition: E) -> E:
    """The edition as it is now, locked."""
    rows = type(edition)._default_manager.select_for_update(of=("self",)).select_related(edition.OF)
    return rows.get(pk=edition.pk)


def _open(edition: E) -> E:
    """The edition, locked, when staff may still write at it. Raises IsPublished or IsFromAFile."""
    held = _held(edition)
    if held.published_at is not None:
        raise IsPublished
    if not held.is_by_staff:
        raise IsFromAFile
    return held
