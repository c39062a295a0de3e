"""A library of many thousand articles that never were, as search would see it: for `make bench`.

Each is made of two real ones: the words of both, shuffled, cut to the length of the first; so are its title, its
summary and what else people type for it. So words are as common, as rare and as near to their like as in the real one.
"""

import random
from collections.abc import Iterator

from articles.searching import findable
from hub import search
from hub.search import Findable

APP = "bench"
ARTICLES = 10_000


def fill(number: int = ARTICLES) -> None:
    """Put this many made-up articles into the index, beside the real ones. The same ones each time."""
    made = list(made_up(number))  # before the transaction, which may not stand idle
    search.register(APP, lambda: made)
    search.refresh(APP)


def made_up(number: int) -> Iterator[Findable]:
    chance = random.Random(7)
    real = [each for each in findable() if each.kind == "article"]
    for count in range(number):
        one, other = chance.sample(real, 2)
        yield Findable(
            key=f"{APP}/{count}",
            kind="article",
            address=f"/articles/made-up-{count}/",
            title=_mixed(one.title, other.title, chance),
            summary=_mixed(one.summary, other.summary, chance),
            text=_mixed(one.text, other.text, chance),
            also=_sayings(one.also, other.also, chance),
            worth=one.worth,
        )


def _mixed(one: str, other: str, chance: random.Random) -> str:
    """Words of both, in no order, as long as the first and with a full stop where that has one."""
    words = [word.strip(".,;:!?") for word in f"{one} {other}".split()]
    chance.shuffle(words)
    taken = iter(words)
    return "\n".join(
        " ".join(next(taken) + ("." if word.endswith(".") else "") for word in line.split()) for line in one.split("\n")
    )


def _sayings(one: tuple[str, ...], other: tuple[str, ...], chance: random.Random) -> tuple[str, ...]:
    words = " ".join([*one, *other]).split()
    chance.shuffle(words)
    taken = iter(words)
    return tuple(" ".join(next(taken) for _ in saying.split()) for saying in one)
