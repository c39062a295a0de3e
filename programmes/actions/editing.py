"""What staff do with the words of the programmes: write an edition, publish it, go back, leave what a file brought.

An edition may be written at until it is published; then it stays as it is. Each act is in the access record.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from hub import audit, schema
from programmes import kinds, library
from programmes.models import Chapter, Edition


class CannotBeDone(Exception):
    """What was asked for cannot happen as things stand. Nothing was changed."""


class IsPublished(CannotBeDone):
    """People have seen these words: they stay as they are. Write a new edition."""


class IsFromAFile(CannotBeDone):
    """These words came from the repository: they stay as they came. Write a new edition."""


class ChangedMeanwhile(CannotBeDone):
    """Somebody else has changed these words since the page was drawn."""


def digest_of(words: dict[str, Any]) -> str:
    """A short mark of these words, for a form to say what its writer saw."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:24]


def checked(chapter: Chapter, words: dict[str, Any]) -> dict[str, Any]:
    """The words as they are kept. Raises schema.Wrong, also when they would change the chapter’s own name."""
    if words.get("slug") != (chapter.slug or chapter.programme):
        raise schema.Wrong("slug is the name of this chapter, and stays as it is")
    if chapter.slug:
        return dict(kinds.plain(kinds.check_part(words)))
    return dict(kinds.check_cover(words).words)


def begin(base: Edition, *, note: str, by, at: datetime) -> Edition:
    """A new edition with the words of an earlier one, for staff to change. Nobody sees it until it is published."""
    with transaction.atomic():
        made = library.add_edition(base.chapter, base.words, source=Edition.Source.STAFF, at=at, by=by, note=note)
        audit.record(person=by, what="write edition", about=f"edition:{made}")
    return made


def write(edition: Edition, words: dict[str, Any], *, seen: str, by) -> Edition:
    """Put these words in the place of those that `seen` marks. Raises schema.Wrong, or says what stands in the way."""
    words = checked(edition.chapter, words)
    with transaction.atomic():
        held = Edition.objects.select_for_update(of=("self",)).select_related("chapter").get(pk=edition.pk)
        if held.published_at is not None:
            raise IsPublished
        if held.source != Edition.Source.STAFF:
            raise IsFromAFile
        if digest_of(held.words) != seen:
            raise ChangedMeanwhile
        if held.words != words:
            held.words = words
            held.save(update_fields=["words"])
            audit.record(person=by, what="change edition", about=f"edition:{held}")
    return held


def publish(edition: Edition, *, seen: str, by, at: datetime) -> None:
    """Show this edition to everybody from now on; an earlier one too, which is how staff go back.

    `seen` marks the words that were on the check page. Raises ChangedMeanwhile.
    """
    with transaction.atomic():
        Chapter.objects.select_for_update(no_key=True).get(pk=edition.chapter_id)  # before the edition, as a load does
        held = Edition.objects.select_for_update(of=("self",)).select_related("chapter").get(pk=edition.pk)
        if digest_of(held.words) != seen:
            raise ChangedMeanwhile
        checked(held.chapter, held.words)
        was_published = held.published_at is not None
        library.publish(held, at=at)
        audit.record(
            person=by, what="go back to edition" if was_published else "publish edition", about=f"edition:{held}"
        )


def put_aside(edition: Edition, *, by, at: datetime) -> None:
    """Staff looked at what a file brought and stay with their own words. Doing it twice changes nothing."""
    with transaction.atomic():
        left = Edition.objects.filter(pk=edition.pk, published_at=None, put_aside_at=None).update(put_aside_at=at)
        if left:
            audit.record(person=by, what="leave edition", about=f"edition:{edition}")


def delete(edition: Edition, *, by) -> None:
    """Throw away what staff wrote and nobody has seen. Raises IsPublished or IsFromAFile."""
    with transaction.atomic():
        held = Edition.objects.select_for_update(of=("self",)).select_related("chapter").get(pk=edition.pk)
        if held.published_at is not None:
            raise IsPublished
        if held.source != Edition.Source.STAFF:
            raise IsFromAFile
        audit.record(person=by, what="delete edition", about=f"edition:{held}")
        held.delete()
