"""The programmes as people see them: loaded from content/ into editions (hub.editions), and read back from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from django.db.models import QuerySet

from hub import editions, schema
from hub.asked import About
from hub.editions import File, Name, Report, Shown
from programmes import kinds
from programmes.models import Chapter, Edition

CONTENT = Path(__file__).parent / "content"


# ---------------------------------------------------------------- loading


def load(folder: Path = CONTENT, *, at: datetime | None = None) -> Report:
    """Bring the editions up to date with the files. All of it or, at the first broken file, nothing.

    Raises BrokenContent, which says file, line and what is wrong.
    """
    return editions.load(Chapter, editions.files_in(folder), _read, at=at, complete=_complete)


def _read(file: File) -> tuple[Name, editions.Words]:
    words = kinds.read(file.text, file.name)
    if file.stem != "cover":
        return (file.folder, words["slug"]), words
    if words["slug"] != file.folder:
        raise schema.BrokenContent(f"{file.name}, line 1: slug must be {file.folder}, like the folder")
    return (file.folder, ""), words


def _complete(names: Sequence[Name]) -> None:
    for programme, slug in names:
        if names.count((programme, slug)) > 1:
            raise schema.BrokenContent(f"{programme}: two parts are called {slug}")
        if (programme, "") not in names:
            raise schema.BrokenContent(f"{programme}: there is no cover.toml")


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


def read_edition(edition: Edition) -> kinds.Cover | kinds.Part:
    """The edition’s words as a cover or a part, also when it is not published."""
    return kinds.check_cover(edition.words) if edition.chapter.is_cover else kinds.check_part(edition.words)


_parsed: editions.Memory[kinds.Cover | kinds.Part] = editions.Memory(Edition, read_edition)


def programme(slug: str) -> Programme | None:
    """One query when its editions were read before by this process; one more when not."""
    found = _read_from(ONE.rows(slug))
    return found[0] if found else None


def programmes() -> list[Programme]:
    """All of them, in the order of their covers."""
    return sorted(_read_from(ALL.rows()), key=lambda found: (found.cover.words.order, found.slug))


def _shown(chapters) -> QuerySet:
    rows = chapters.filter(withdrawn=False, current__isnull=False).order_by("programme", "order", "slug")
    return rows.values_list("programme", "slug", "current_id", "current__published_at")


ALL = About(lambda _nobody: _shown(Chapter.objects.all()), stand_in=None)
ONE = About(lambda slug: _shown(Chapter.objects.filter(programme=slug)), stand_in="~")


def _read_from(rows) -> list[Programme]:
    _parsed.of([(edition, at) for _, _, edition, at in rows])  # all that are missing, in one query
    by_programme: dict[str, dict[str, Shown]] = {}
    for name, slug, edition, at in rows:
        by_programme.setdefault(name, {})[slug] = edition, at
    return [_put_together(name, tuple(shown.items())) for name, shown in by_programme.items() if "" in shown]


@lru_cache(maxsize=200)
def _put_together(slug: str, shown: tuple[tuple[str, Shown], ...]) -> Programme:
    read = _parsed.of([edition for _name, edition in shown])
    cover = read[dict(shown)[""]]
    parts = tuple(read[edition] for name, edition in shown if name)
    assert isinstance(cover, kinds.Cover)
    numbers = {name: number for name, (number, _at) in shown}
    return Programme(slug=slug, cover=cover, parts=parts, editions=numbers)  # type: ignore[arg-type]
