"""Finding: the database gives the likeliest entries; one reckoning, the same for both databases, puts them in order."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hub.search.index import KINDS
from hub.search.meaning import Query, read
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
MANY = 2000  # entries; up to here all that have a word are looked at, from here on no more than
ENOUGH = 3000  # in all fields and for all words together
LINES = 200  # letters
SENTENCES = re.compile(r"(?<=[.!?])\s+")


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
    rows = _candidates(query, common_too=False) or _candidates(query, common_too=True)
    reckoning = _Reckoning(query)
    scored = [(reckoning.score(each), each) for each in map(Candidate._make, rows)]
    scored.sort(key=lambda pair: (-pair[0], pair[1].title, pair[1].key))
    best = scored[0][0] if scored else 0.0
    return [each for score, each in scored if score >= best * WORTH_SHOWING][:MOST]


def _candidates(query: Query, *, common_too: bool) -> list[tuple]:
    wanted = _wanted(query, common_too=common_too)
    lists = sum(sum(map(bool, (*each.head, each.text))) for each in wanted)
    each_list = query.entries if query.entries <= MANY else max(CANDIDATES, ENOUGH // lists)
    return store().candidates(wanted, each_list, CANDIDATES)


def _wanted(query: Query, *, common_too: bool) -> list[Wanted]:
    """What the database is asked for. That a text has a common word says little, so it is not asked at first."""
    wanted = []
    for number, group in enumerate(query.groups):
        for term in group:
            title, also, summary, text = (max(1, round(100 * factor * term.worth)) for factor in FIELDS)
            if term.rare <= RARE_ENOUGH and not common_too:
                text = 0
            wanted.append(Wanted(term.stems, (title, also, summary), text, 1 << number))
    return wanted


class _Reckoning:
    """What entries are worth for one query. Most lines of them have none of its words, and are passed over quickly."""

    def __init__(self, query: Query) -> None:
        self.stems = query.stems
        self.groups = query.groups
        self.most = [max(term.worth for term in group) for group in query.groups]
        self.asked = sum(self.most)
        self._worths: dict[frozenset[str], list[float]] = {frozenset(): [0.0] * len(query.groups)}

    def worths(self, hits: frozenset[str]) -> list[float]:
        """For each group the best of its terms among these stems. Different entries have few different ones."""
        found = self._worths.get(hits)
        if found is None:
            found = self._worths[hits] = [
                max((term.worth for term in group if hits.issuperset(term.stems)), default=0.0) for group in self.groups
            ]
        return found

    def score(self, entry: Candidate) -> float:
        title, summary, *also = entry.heads.split("\n")
        in_title, in_summary = self.stems.intersection(title.split()), self.stems.intersection(summary.split())
        said = [(saying, hits) for saying in also if (hits := self.stems.intersection(saying.split()))]
        in_also = frozenset().union(*(hits for _saying, hits in said))
        total = had = 0.0
        fields = zip(self.worths(in_title), self.worths(in_also), self.worths(in_summary), strict=True)
        for number, (worth_title, worth_also, worth_summary) in enumerate(fields):
            most = self.most[number]
            in_text = TEXT * most if entry.bits >> number & 1 else 0.0
            parts = (TITLE * worth_title, ALSO * worth_also, SUMMARY * worth_summary, in_text)
            if found := max(parts):
                had += most
                total += found + MORE * (sum(parts) - found)
        covered = 0.35 + 0.65 * had / self.asked
        if in_title:
            said.append((title, in_title))
        alike = max((self._alike(saying, hits) for saying, hits in said), default=0.0)
        return total * covered * (1 + alike) * entry.worth

    def _alike(self, saying: str, hits: frozenset[str]) -> float:
        """How nearly a title, or something people type, says what was asked: 1 when all of it and nothing else."""
        shared = sum(self.worths(hits))
        if not shared:
            return 0.0
        words = len(set(saying.split()))
        strange = words - len(hits)
        alike = shared / (self.asked + shared * strange / words)
        return max(alike, WHOLE) if not strange and words > 1 else alike


# ---------------------------------------------------------------- two lines, with the words marked


def lines(summary: str, body: str, stems: frozenset[str]) -> SafeString:
    """The summary when it has any of the words; else the place in the text that has most of them."""
    if len(summary) > LINES:  # the answer to a question: all of it is text
        body = f"{summary}\n{body}"
    elif _count(summary, stems):
        return marked(summary, stems)
    most, best = 0, ""
    for line in body.split("\n"):
        if _count(line, stems) > most:  # else none of its sentences has more
            told = SENTENCES.split(line)
            for at, sentence in enumerate(told):
                if (found := _count(sentence, stems)) > most:
                    most, best = found, " ".join(told[at : at + 2])
    return marked(_short(best or summary), stems)


def _short(text: str) -> str:
    if len(text) <= LINES:
        return text
    return text[:LINES].rsplit(" ", 1)[0].rstrip(",;:.– ") + " …"


def _count(text: str, stems: frozenset[str]) -> int:
    return len(stems.intersection(map(stem_of, WORD.findall(text))))


def marked(text: str, stems: Iterable[str]) -> SafeString:
    """The text, escaped piece by piece, with the words of these stems in <mark>."""
    pieces, at = [], 0
    for word in WORD.finditer(text):
        if stem_of(word[0]) in stems:
            pieces += [escape(text[at : word.start()]), "<mark>", escape(word[0]), "</mark>"]
            at = word.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308 - every piece is escaped above
