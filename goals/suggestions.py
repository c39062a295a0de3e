"""The goals we suggest, as people see them: loaded from content/ into editions (hub.editions), and read from there.

What a parent made of one is theirs: a goal keeps the words it was begun with, whatever becomes of the suggestion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from goals import kinds
from goals.kinds import THEMES, Suggestion, Topic
from goals.models import Edition
from goals.models import Suggestion as Work
from hub import editions, schema
from hub.asked import About
from hub.editions import File, Name, Report, Shown

CONTENT = Path(__file__).parent / "content"


# ---------------------------------------------------------------- loading


def load(folder: Path = CONTENT, *, at: datetime | None = None) -> Report:
    """Bring the editions up to date with the files. All of it or, at the first broken file, nothing.

    Raises BrokenContent, which says file, line and what is wrong.
    """
    return editions.load(Work, editions.files_in(folder), _read, at=at, complete=_complete)


def _read(file: File) -> tuple[Name, editions.Words]:
    if not schema.SLUG.fullmatch(file.stem) or len(file.stem) > 60:
        raise schema.BrokenContent(f"{file.name}: its name may hold small letters, digits and single dashes")
    words = kinds.read(file.text, file.name)
    if words.theme != file.folder:
        raise schema.BrokenContent(f"{file.name}, line 1: theme must be {file.folder}, like the folder")
    return (file.stem,), dict(words)


def _complete(names: Sequence[Name]) -> None:
    if twice := sorted({slug for (slug,) in names if names.count((slug,)) > 1}):
        raise schema.BrokenContent(f"two suggestions are called {', '.join(twice)}")


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class Theme:
    slug: str
    words: Topic
    suggestions: tuple[Suggestion, ...]


def read_edition(edition: Edition) -> Suggestion:
    """The edition’s words as a suggestion, also when it is not published."""
    return Suggestion(edition.suggestion.slug, kinds.check(edition.words))


_parsed: editions.Memory[Suggestion] = editions.Memory(Edition, read_edition)


def themes() -> tuple[Theme, ...]:
    """Every theme in its order with what we offer in it now; one with nothing is left out.

    One query when the editions were read before by this process; one more when not.
    """
    return _put_together(tuple(SHOWN.rows()))


def by_slug() -> dict[str, Suggestion]:
    """What we offer now, by name. One query, as above."""
    return {each.slug: each for theme in themes() for each in theme.suggestions}


def was_offered(slug: str) -> bool:
    """Whether we ever offered this, though staff may have taken it out since. One query."""
    return Work.objects.filter(slug=slug, current__isnull=False).exists()


def titles() -> dict[str, str]:
    """By name, what each is called that we offer or ever offered. One query."""
    rows = Work.objects.filter(current__isnull=False).values_list("slug", "current__words__title")
    return dict(rows.order_by("current__words__theme", "order", "slug"))


def _shown():
    rows = Work.objects.filter(withdrawn=False, current__isnull=False)
    return rows.order_by("pk").values_list("current", "current__published_at")


SHOWN = About(lambda _nobody: _shown(), stand_in=None)


@lru_cache(maxsize=8)
def _put_together(shown: tuple[Shown, ...]) -> tuple[Theme, ...]:
    found = sorted(_parsed.of(shown).values(), key=lambda each: (each.words.order, each.title))
    rooms = (
        Theme(slug, topic, tuple(each for each in found if each.words.theme == slug)) for slug, topic in THEMES.items()
    )
    return tuple(theme for theme in rooms if theme.suggestions)
