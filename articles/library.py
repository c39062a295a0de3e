"""The articles as people see them: loaded from content/ into editions (hub.editions), and read back from there."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from articles import kinds
from articles.kinds import TOPICS, Article
from articles.models import Article as Work
from articles.models import Edition
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
    if words.topic != file.folder:
        raise schema.BrokenContent(f"{file.name}, line 1: topic must be {file.folder}, like the folder")
    return (file.stem,), dict(words)


def _complete(names: Sequence[Name]) -> None:
    if twice := sorted({slug for (slug,) in names if names.count((slug,)) > 1}):
        raise schema.BrokenContent(f"two articles are called {', '.join(twice)}")


# ---------------------------------------------------------------- reading


def read_edition(edition: Edition) -> Article:
    """The edition’s words as an article, also when it is not published."""
    return Article(edition.article.slug, kinds.check_article(edition.words))


_parsed: editions.Memory[Article] = editions.Memory(Edition, read_edition, most=2000)


def articles() -> list[Article]:
    """Every article people see, by topic, then in the order of their topic, then by title.

    One query when its editions were read before by this process; one more when not.
    """
    return list(_in_order(tuple(SHOWN.rows())))


def article(slug: str) -> Article | None:
    """The article people see now, or None. One query, as above."""
    shown = _shown().filter(slug=slug).first()
    return _parsed.of([shown])[shown] if shown else None


def _shown():
    rows = Work.objects.filter(withdrawn=False, current__isnull=False)
    return rows.values_list("current", "current__published_at")


SHOWN = About(lambda _nobody: _shown().order_by("pk"), stand_in=None)


@lru_cache(maxsize=8)
def _in_order(shown: tuple[Shown, ...]) -> tuple[Article, ...]:
    topics = list(TOPICS)
    found = _parsed.of(shown).values()
    return tuple(sorted(found, key=lambda each: (topics.index(each.topic), each.words.order, each.title)))


def of_topic(topic: str) -> list[Article]:
    return [each for each in articles() if each.topic == topic]


def for_goal(slug: str, limit: int = 3) -> list[Article]:
    return [each for each in articles() if slug in each.words.goals][:limit]


def for_plan(key: str, limit: int = 3) -> list[Article]:
    """Those tagged with this question of the plan, then its part's; of a part, then those of its questions."""
    part, _slash, question = key.partition("/")
    exact, near = [], []
    for each in articles():
        tags = each.words.plan
        if key in tags:
            exact.append(each)
        elif part in tags if question else any(tag.startswith(f"{part}/") for tag in tags):
            near.append(each)
    return [*exact, *near][:limit]


def for_programme(slug: str, limit: int = 3) -> list[Article]:
    return [each for each in articles() if slug in each.words.programmes][:limit]
