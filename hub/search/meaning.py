"""What a query means: its words, what else they may be called, what was misspelt, and whether it tells of danger."""

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from hub import text
from hub.search.index import EVERYTHING
from hub.search.stores import store
from hub.search.words import SMALL, distance, stem, words_of

CONTENT = Path(__file__).parent.parent / "content"
LONGEST = 200  # letters of a query that are read
MOST_WORDS = 16
MOST_TERMS = 8  # ways to say one thing
AS_TYPED, SAME_THING, BEGINNING, RESPELT = 1.0, 0.7, 0.7, 0.8
Stems = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """One way to say what was typed: stems that must all be there, and how near it is, rarer being worth more."""

    stems: Stems
    near: float
    rare: float = 0.0

    @property
    def worth(self) -> float:
        return self.near * self.rare


@dataclass
class Query:
    text: str  # as it is shown again in the box
    cut: bool = False
    groups: list[tuple[Term, ...]] = field(default_factory=list)  # one for each thing that was asked for
    respelt: list[tuple[str, str]] = field(default_factory=list)  # (typed, what we looked for instead)
    danger: list[str] = field(default_factory=list)  # the needs of the helplines to show first
    entries: int = 0

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem for group in self.groups for term in group for stem in term.stems)


# ---------------------------------------------------------------- content files


def _key(words: str) -> Stems:
    return tuple(stem(word) for word in words_of(words))


@cache
def synonyms() -> dict[Stems, tuple[Stems, ...]]:
    """Other ways to say it, by the stems of what is typed."""
    told = tomllib.loads((CONTENT / "synonyms.toml").read_text("utf-8"))
    found: dict[Stems, tuple[Stems, ...]] = {}
    for words, others in told.items():
        meant = tuple(tuple(stem(word) for word in words_of(other) if word not in SMALL) for other in others)
        found[_key(words)] = found.get(_key(words), ()) + tuple(filter(None, meant))
    return found


@cache
def dangers() -> dict[Stems, str]:
    """Words of danger by their stems, and the table of danger.toml they stand in."""
    told = tomllib.loads((CONTENT / "danger.toml").read_text("utf-8"))
    return {_key(words): kind for kind, table in told.items() for words in table["words"]}


@cache
def needs_of(kind: str) -> tuple[str, ...]:
    """Whose helplines are shown for this kind of danger: values of Helpline.Need."""
    told = tomllib.loads((CONTENT / "danger.toml").read_text("utf-8"))
    return tuple(told[kind]["needs"])


# ---------------------------------------------------------------- reading a query


def read(typed: str) -> Query:
    """What somebody typed, understood as well as we can. Two queries at most; none when nothing was typed."""
    shown = text.clean(typed[:LONGEST], one_line=True)
    query = Query(text=shown, cut=len(typed.strip()) > LONGEST)
    words = words_of(shown)[:MOST_WORDS]
    if not words:
        return query
    stems = [stem(word) for word in words]
    small = [word in SMALL for word in words]
    if all(small):
        small = [False] * len(words)
    drafts = {word: _ways(stem(word)) for word, is_small in zip(words, small, strict=True) if not is_small}
    phrases = list(_phrases(stems))
    known = _how_rare({each for ways in (*drafts.values(), *phrases) for term in ways for each in term.stems}, query)
    strange = [word for word, ways in drafts.items() if not any(_rare(term, known) for term in ways)]
    respelt = _respell([word for word in strange if len(word) > 2], query, known)
    for word, ways in drafts.items():
        if group := _weighed(respelt.get(word, ways), known):
            query.groups.append(group)
    query.groups += [group for ways in phrases if (group := _weighed(ways, known))]
    meant = {stem(word) for _typed, word in query.respelt}
    query.danger = _danger(stems, meant, strange)
    return query


def _ways(one: str) -> tuple[Term, ...]:
    others = synonyms().get((one,), ())
    return Term((one,), AS_TYPED), *(Term(other, SAME_THING) for other in others)


def _phrases(stems: Sequence[str]) -> Iterable[tuple[Term, ...]]:
    """For each saying of several words, such as "wont answer", what else it may be called."""
    for size in (4, 3, 2):
        for at in range(len(stems) - size + 1):
            if others := synonyms().get(tuple(stems[at : at + size])):
                yield tuple(Term(other, SAME_THING) for other in others)


def _how_rare(stems: Iterable[str], query: Query) -> dict[str, float]:
    """How much it says that an entry has this stem; nothing for a stem that no entry has."""
    counted: dict[str, int] = {}
    for each, entries in store().counted([EVERYTHING, *sorted(stems)]):
        counted[each] = counted.get(each, 0) + entries
    query.entries = counted.pop(EVERYTHING, 0)
    return {each: _rarity(entries, query.entries) for each, entries in counted.items()}


def _rarity(entries: int, of: int) -> float:
    return math.log(1 + of / max(1, min(entries, of)))


def _rare(term: Term, known: Mapping[str, float]) -> float:
    return max(known[each] for each in term.stems) if all(each in known for each in term.stems) else 0.0


def _weighed(ways: Iterable[Term], known: Mapping[str, float]) -> tuple[Term, ...]:
    """The ways that some entry may have, with their worth, the best first and each once."""
    best: dict[Stems, Term] = {}
    for term in ways:
        rare = _rare(term, known)
        if rare and (term.stems not in best or best[term.stems].near < term.near):
            best[term.stems] = Term(term.stems, term.near, rare)
    return tuple(sorted(best.values(), key=lambda term: (-term.near, -term.rare, term.stems))[:MOST_TERMS])


def _respell(typed: Sequence[str], query: Query, known: dict[str, float]) -> dict[str, tuple[Term, ...]]:
    """For words that no entry has: those that begin so, or else those that are spelt most like them."""
    found: dict[str, tuple[Term, ...]] = {}
    if not typed:
        return found
    near = store().near(typed)
    for word in typed:
        rows = [(other, of, entries) for asked, other, of, entries in near if asked == word]
        begin = sorted((row for row in rows if row[0].startswith(word)), key=lambda row: (-row[2], row[0]))
        like = sorted((distance(word, row[0]), -row[2], row[0], row[1]) for row in rows if not row[0].isdigit())
        allowed = 1 if len(word) < 7 else 2
        like = [row for row in like if row[0] <= min(allowed, like[0][0])][:2]
        if begin:
            chosen = [(of, entries, BEGINNING) for _other, of, entries in begin[:MOST_TERMS]]
            known |= {
                of: _rarity(sum(row[2] for row in begin), query.entries) for of, _e, _how in chosen
            }  # as one word
        else:
            chosen = [(of, -entries, RESPELT) for _far, entries, _other, of in like]
            query.respelt += [(word, like[0][2])] if like else []
        for of, entries, _how in chosen:
            known.setdefault(of, _rarity(entries, query.entries))
        ways = [Term((of,), how) for of, _entries, how in chosen]
        ways += [Term(other, SAME_THING) for of, _e, how in chosen if how == RESPELT for other in _others(of)]
        found[word] = tuple(ways)
    return found


def _others(one: str) -> tuple[Stems, ...]:
    return tuple(other for other in synonyms().get((one,), ()) if len(other) == 1)


def _danger(stems: Sequence[str], meant: Iterable[str], strange: Iterable[str]) -> list[str]:
    """The needs to show helplines for: what a word of danger says, also when it is misspelt by a letter."""
    said = {tuple(stems[at : at + size]) for size in (1, 2, 3, 4) for at in range(len(stems) - size + 1)}
    said |= {(each,) for each in meant}
    kinds = {kind for words, kind in dangers().items() if words in said}
    for word in strange:
        kinds |= {
            kind
            for words, kind in dangers().items()
            if len(words) == 1 and len(words[0]) > 4 and distance(stem(word), words[0]) < 2
        }
    return list(dict.fromkeys(need for kind in sorted(kinds) for need in needs_of(kind)))
