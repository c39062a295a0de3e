"""Finding: the database gives the likeliest entries; one reckoning, the same for both databases, puts them in order."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hub.search.index import KINDS
from hub.search.meaning import Query, Stems, Term, read
from hub.search.stores import Wanted, store
from hub.search.words import WORD, stem_of

TITLE, ALSO, SUMMARY, TEXT = 6.0, 4.0, 2.5, 1.0
FIELDS = (TITLE, ALSO, SUMMARY, TEXT)
MORE = 0.25  # what a word is worth again in a second field
WHOLE = 0.75  # a saying of several words that stands whole in the query
CANDIDATES = 60
MOST = 50
PAGE = 10
WORTH_SHOWING = 0.18  # of what the best one has
RARE_ENOUGH = math.log(1 + 4)  # a word is common when more than a quarter of all entries have it
MANY = 2000  # entries; from here on a common word chooses no entries where there is a rarer one to choose them by:
CHOOSING = math.log(1 + 8)  # one that an eighth of all entries have
LINES = 200  # letters


class Candidate(NamedTuple):
    pk: int
    key: str
    kind: str
    address: str
    title: str
    summary: str
    heads: str
    worth: float
    bits: int


@dataclass(frozen=True)
class Found:
    kind: str | Promise
    address: str
    title: str
    lines: SafeString  # two lines of it, with the words that were found marked


@dataclass
class Answer:
    query: Query
    found: list[Found] = field(default_factory=list)
    count: int = 0
    page: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1


def find(typed: str, page: int = 1) -> Answer:
    """What there is for these words, ten at a time. Three queries; one more when a word is known to no entry."""
    query = read(typed)
    answer = Answer(query)
    ranked = in_order(query)
    answer.count = len(ranked)
    answer.page = min(max(1, page), answer.pages)
    shown = ranked[(answer.page - 1) * PAGE :][:PAGE]
    if shown:
        bodies = store().bodies([each.pk for each in shown])
        for each in shown:
            two = lines(each.summary, bodies.get(each.pk, ""), query.stems)
            answer.found.append(Found(KINDS.get(each.kind, ""), each.address, each.title, two))
    return answer


# ---------------------------------------------------------------- which, and in which order


def in_order(query: Query) -> list[Candidate]:
    """The entries for this query, the best first."""
    if not query.groups:
        return []
    rows = store().candidates(_wanted(query, common_too=False), CANDIDATES)
    if not rows:
        rows = store().candidates(_wanted(query, common_too=True), CANDIDATES)
    scored = [(_score(each, query), each) for each in map(Candidate._make, rows)]
    scored.sort(key=lambda pair: (-pair[0], pair[1].title, pair[1].key))
    best = scored[0][0] if scored else 0.0
    return [each for score, each in scored if score >= best * WORTH_SHOWING][:MOST]


def _wanted(query: Query, *, common_too: bool) -> list[Wanted]:
    """What the database is asked for: all of it, or in a big library all that is worth the time."""
    is_big = query.entries > MANY
    rarest = max(term.rare for group in query.groups for term in group)
    chooses = min(CHOOSING, 0.9 * rarest) if is_big else 0.0
    wanted = []
    for number, group in enumerate(query.groups):
        for term in group:
            if term.rare > chooses or common_too:
                title, also, summary, text = (max(1, round(100 * factor * term.worth)) for factor in FIELDS)
                if term.rare <= RARE_ENOUGH and not common_too:
                    text = 0
                    if is_big:
                        also = summary = 0  # enough of them have it in their title
                wanted.append(Wanted(term.stems, (title, also, summary), text, 1 << number))
    return wanted


def _score(entry: Candidate, query: Query) -> float:
    title, summary, *also = (frozenset(line.split()) for line in entry.heads.split("\n"))
    other = frozenset().union(*also)
    total = had = asked = 0.0
    for number, group in enumerate(query.groups):
        most = max(term.worth for term in group)
        parts = [
            TITLE * _best(group, title),
            ALSO * _best(group, other),
            SUMMARY * _best(group, summary),
            TEXT * most if entry.bits >> number & 1 else 0.0,
        ]
        asked += most
        if found := max(parts):
            had += most
            total += found + MORE * (sum(parts) - found)
    covered = 0.35 + 0.65 * had / asked
    sayings = [saying for saying in (title, *also) if not saying.isdisjoint(query.stems)]
    alike = max((_alike(query, saying, asked) for saying in sayings), default=0.0)
    return total * covered * (1 + alike) * entry.worth


def _best(group: Sequence[Term], stems: Stems | frozenset[str]) -> float:
    return max((term.worth for term in group if all(each in stems for each in term.stems)), default=0.0)


def _alike(query: Query, saying: frozenset[str], asked: float) -> float:
    """How nearly a title, or something people type, says what was asked: 1 when it says all of it and nothing else."""
    shared = sum(_best(group, saying) for group in query.groups)
    if not shared:
        return 0.0
    strange = len(saying - query.stems)
    alike = shared / (asked + shared * strange / len(saying))
    return max(alike, WHOLE) if not strange and len(saying) > 1 else alike


# ---------------------------------------------------------------- two lines, with the words marked


def lines(summary: str, body: str, stems: frozenset[str]) -> SafeString:
    """The summary when it has any of the words; else the place in the text that has most of them."""
    if len(summary) > LINES:  # the answer to a question: all of it is text
        body = f"{summary}\n{body}"
    elif _count(summary, stems):
        return marked(summary, stems)
    told = [re.split(r"(?<=[.!?])\s+", line) for line in body.split("\n")]
    counts = [(_count(sentence, stems), -row, -at) for row, line in enumerate(told) for at, sentence in enumerate(line)]
    most, row, at = max(counts)
    if not most:
        return marked(_short(summary), stems)
    return marked(_short(" ".join(told[-row][-at : 2 - at])), stems)


def _short(text: str) -> str:
    if len(text) <= LINES:
        return text
    return text[:LINES].rsplit(" ", 1)[0].rstrip(",;:.– ") + " …"


def _count(text: str, stems: frozenset[str]) -> int:
    return len({found for word in WORD.findall(text) if (found := stem_of(word)) in stems})


def marked(text: str, stems: Iterable[str]) -> SafeString:
    """The text, escaped piece by piece, with the words of these stems in <mark>."""
    pieces, at = [], 0
    for word in WORD.finditer(text):
        if stem_of(word[0]) in stems:
            pieces += [escape(text[at : word.start()]), "<mark>", escape(word[0]), "</mark>"]
            at = word.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308 - every piece is escaped above
