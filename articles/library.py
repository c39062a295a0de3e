"""The articles as people see them."""

from functools import cache
from pathlib import Path

from articles import kinds
from articles.kinds import TOPICS, Article

CONTENT = Path(__file__).parent / "content"


@cache
def _all() -> tuple[Article, ...]:
    found = [
        Article(path.stem, kinds.read(path.read_text("utf-8"), f"{path.parent.name}/{path.name}"))
        for path in sorted(CONTENT.glob("*/*.toml"))
    ]
    topics = list(TOPICS)
    return tuple(sorted(found, key=lambda each: (topics.index(each.topic), each.words.order, each.title)))


def articles() -> list[Article]:
    """Every article people see, by topic, then in the order of their topic."""
    return list(_all())


def article(slug: str) -> Article | None:
    return next((each for each in articles() if each.slug == slug), None)


def of_topic(topic: str) -> list[Article]:
    return [each for each in articles() if each.topic == topic]


def for_goal(slug: str, limit: int = 3) -> list[Article]:
    return [each for each in articles() if slug in each.words.goals][:limit]


def for_plan(key: str, limit: int = 3) -> list[Article]:
    """Those tagged with this question of the plan, then those tagged with its part."""
    exact = [each for each in articles() if key in each.words.plan]
    near = [each for each in articles() if key.split("/")[0] in each.words.plan and each not in exact]
    return [*exact, *near][:limit]


def for_programme(slug: str, limit: int = 3) -> list[Article]:
    return [each for each in articles() if slug in each.words.programmes][:limit]
