"""What search may find in the library: each article that people see, its easy-read version, and the glossary."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from articles import glossary, library
from articles.kinds import TOPICS, Article
from hub import search
from hub.search import Findable, Room, without_markup

HISTORY = 0.5  # what no longer applies comes after what does
EASY = 0.75  # right behind the article itself


def findable() -> Iterator[Findable]:
    for article in library.articles():
        yield _article(article)
        if article.has_easy:
            yield _easy(article)
    yield Findable(
        key="articles/glossary",
        kind="help",
        address=reverse("articles:glossary"),
        title=_("Words explained"),
        summary=_("Hard words of courts, mediation and money, each in one or two plain sentences."),
        text="\n".join(f"{word.word}: {word.meaning}" for word in glossary.words()),
        also=("glossary", "what does it mean", "legal words", "jargon", "meaning of words", "dictionary"),
        worth=0.8,
    )


def _article(article: Article) -> Findable:
    words = article.words
    told = [words.history, words.safety, words.body, *(words.try_this or []), words.child]
    return Findable(
        key=f"articles/{article.slug}",
        kind="article",
        address=reverse("articles:article", args=[article.slug]),
        title=article.title,
        summary=article.summary,
        text="\n".join(without_markup(text) for text in told if text),
        also=tuple(words.also or ()),
        worth=HISTORY if article.is_history else 1.0,
    )


def _easy(article: Article) -> Findable:
    words = article.words
    return Findable(
        key=f"articles/{article.slug}/easy",
        kind="easy",
        address=reverse("articles:easy", args=[article.slug]),
        title=words.easy_title or article.title,
        summary=without_markup(words.easy[0]["text"]).replace("\n", " "),
        text="\n".join(without_markup(row["text"]) for row in words.easy),
        also=tuple(words.also or ()),
        worth=EASY * (HISTORY if article.is_history else 1.0),
    )


def rooms() -> list[Room]:
    return [Room(title, reverse("articles:topic", args=[topic])) for topic, title in TOPICS.items()]


search.register("articles", findable, rooms)
