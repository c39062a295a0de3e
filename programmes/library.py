"""The programmes as people see them: loaded from content/ into editions, and read back from there.

Files are loaded once each. A file that changed becomes a new edition; where staff have written a later edition than the
one the file last gave, theirs stays in place, the file's waits unpublished beside it, and the loader says so.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from hub import clock, schema
from programmes import kinds
from programmes.models import Chapter, Edition

CONTENT = Path(__file__).parent / "content"


# ---------------------------------------------------------------- loading


@dataclass
class Report:
    """What a load did, chapter by chapter."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # staff wrote a later edition: theirs stays
    withdrawn: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _File:
    programme: str
    slug: str
    order: int
    digest: str
    words: dict[str, Any]


def _files(folder: Path) -> list[_File]:
    """Every content file, read and checked. Raises BrokenContent at the first fault, before anything is written."""
    found = []
    for path in sorted(folder.glob("*/*.toml")):
        name = f"{path.parent.name}/{path.name}"
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise schema.BrokenContent(f"{name}: this is not UTF-8 text") from error
        words = kinds.read(text, name)
        is_cover = path.name == "cover.toml"
        if is_cover and words["slug"] != path.parent.name:
            raise schema.BrokenContent(f"{name}, line 1: slug must be {path.parent.name}, like the folder")
        slug = "" if is_cover else words["slug"]
        digest = hashlib.sha256(text.encode()).hexdigest()
        found.append(_File(path.parent.name, slug, 0 if is_cover else words["order"], digest, words))
    names = [(each.programme, each.slug) for each in found]
    for programme, slug in names:
        if names.count((programme, slug)) > 1:
            raise schema.BrokenContent(f"{programme}: two parts are called {slug}")
        if (programme, "") not in names:
            raise schema.BrokenContent(f"{programme}: there is no cover.toml")
    return found


def load(folder: Path = CONTENT, *, at: datetime | None = None) -> Report:
    """Bring the editions up to date with the files. All of it or, at the first broken file, nothing.

    Raises BrokenContent, which says file, line and what is wrong.
    """
    files = _files(folder)
    report = Report()
    with transaction.atomic():
        at = at or clock.now()
        chapters = {(each.programme, each.slug): each for each in Chapter.objects.select_for_update()}
        for file in files:
            _load_one(file, chapters.pop((file.programme, file.slug), None), report, at)
        for gone in chapters.values():
            if gone.file_digest and not gone.withdrawn:
                gone.withdrawn = True
                gone.save(update_fields=["withdrawn"])
                report.withdrawn.append(str(gone))
    return report


def _load_one(file: _File, chapter: Chapter | None, report: Report, at: datetime) -> None:
    if chapter is not None and chapter.file_digest == file.digest:
        return
    if chapter is None:
        chapter = Chapter.objects.create(programme=file.programme, slug=file.slug, order=file.order)
        report.new.append(str(chapter))
    current = chapter.current
    by_staff = current is not None and current.source == Edition.Source.STAFF
    edition = add_edition(chapter, file.words, source=Edition.Source.FILE, at=at)
    chapter.file_digest, chapter.withdrawn = file.digest, False
    chapter.save(update_fields=["file_digest", "withdrawn"])
    if by_staff:
        report.waiting.append(str(chapter))
        return
    if current is not None:
        report.changed.append(str(chapter))
    publish(edition, at=at)


def add_edition(
    chapter: Chapter, words: dict[str, Any], *, source: str, at: datetime, by=None, note: str = ""
) -> Edition:
    """A new, unpublished edition. Raises schema.Wrong when the words are not as they must be."""
    checked = kinds.check_cover(words).words if chapter.slug == "" else kinds.plain(kinds.check_part(words))
    with transaction.atomic():
        held = Chapter.objects.select_for_update(no_key=True).get(pk=chapter.pk)
        newest = held.editions.order_by("-number").values_list("number", flat=True).first() or 0
        return Edition.objects.create(
            chapter=held, number=newest + 1, words=dict(checked), source=source, made_by=by, made_at=at, note=note
        )


def publish(edition: Edition, *, at: datetime) -> None:
    """Let people see this edition from now on. An earlier one may be published again: that is how staff go back."""
    with transaction.atomic():
        chapter = Chapter.objects.select_for_update(no_key=True).get(pk=edition.chapter_id)
        if edition.published_at is None:
            edition.published_at = at
            edition.save(update_fields=["published_at"])
        chapter.current = edition
        chapter.order = edition.words.get("order", 0) if chapter.slug else 0
        chapter.save(update_fields=["current", "order"])


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class Programme:
    """A programme in the editions shown now. `editions` maps a part’s slug ("" for the cover) to its edition."""

    slug: str
    cover: kinds.Cover
    parts: tuple[kinds.Part, ...]
    editions: dict[str, int]

    @property
    def title(self) -> str:
        return self.cover.title

    @cached_property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @cached_property
    def needed(self) -> tuple[kinds.Part, ...]:
        """The parts that count for finishing."""
        return tuple(part for part in self.parts if not part.words.extra)

    def part(self, slug: str) -> kinds.Part | None:
        return next((part for part in self.parts if part.slug == slug), None)

    def after(self, part: kinds.Part) -> kinds.Part | None:
        place = self.parts.index(part)
        return self.parts[place + 1] if place + 1 < len(self.parts) else None


_parsed: OrderedDict[int, kinds.Cover | kinds.Part] = OrderedDict()  # editions never change once they are shown
KEPT = 1000


def programme(slug: str) -> Programme | None:
    """One query when its editions were read before by this process; one more when not."""
    found = _shown(Chapter.objects.filter(programme=slug))
    return found[0] if found else None


def programmes() -> list[Programme]:
    """All of them, in the order of their covers."""
    return sorted(_shown(Chapter.objects.all()), key=lambda found: (found.cover.words.order, found.slug))


def _shown(chapters) -> list[Programme]:
    rows = list(
        chapters.filter(withdrawn=False, current__isnull=False)
        .order_by("programme", "order", "slug")
        .values_list("programme", "slug", "current_id")
    )
    _read_missing([edition for _, _, edition in rows])
    by_programme: dict[str, dict[str, int]] = {}
    for name, slug, edition in rows:
        by_programme.setdefault(name, {})[slug] = edition
    return [_put_together(name, tuple(editions.items())) for name, editions in by_programme.items() if "" in editions]


def _read_missing(editions: list[int]) -> None:
    missing = [edition for edition in editions if edition not in _parsed]
    for found in Edition.objects.filter(pk__in=missing).select_related("chapter") if missing else ():
        _parsed[found.pk] = read_edition(found)
    for edition in editions:
        _parsed.move_to_end(edition)
    while len(_parsed) > max(KEPT, len(editions)):
        _parsed.popitem(last=False)


def read_edition(edition: Edition) -> kinds.Cover | kinds.Part:
    """The edition's words as a cover or a part, also when it is not published."""
    if edition.chapter.slug == "":
        return kinds.check_cover(edition.words)
    return kinds.check_part(edition.words)


@lru_cache(maxsize=200)
def _put_together(slug: str, editions: tuple[tuple[str, int], ...]) -> Programme:
    cover = _parsed[dict(editions)[""]]
    parts = tuple(_parsed[edition] for name, edition in editions if name)
    assert isinstance(cover, kinds.Cover)
    return Programme(slug=slug, cover=cover, parts=parts, editions=dict(editions))  # type: ignore[arg-type]
