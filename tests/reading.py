"""How hard a page is to read: its sentences, their length, and the Flesch-Kincaid grade."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

BLOCKS = {"p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "div", "legend", "label", "caption", "summary", "br"}
PROSE = {"p", "li", "dd", "td"}  # headings and labels would make any page look easy
SILENT = {"script", "style", "svg", "title", "noscript"}
VOID = {"br", "img", "input", "meta", "link", "source", "hr", "path", "circle"}

# Words that would be counted wrong by the rules below.
KNOWN = {
    "people": 2, "everyone": 3, "anyone": 3, "someone": 2, "something": 2, "sometimes": 2, "somewhere": 2, "everything": 3,
    "being": 2, "doing": 2, "going": 2, "seeing": 2, "trying": 2, "saying": 2, "area": 3, "idea": 3, "real": 1, "once": 1,
    "whole": 1, "themselves": 2, "themself": 2, "safely": 2, "homepage": 2, "page": 1, "pages": 2, "changes": 2, "science": 2,
    "quiet": 2, "diet": 2, "poem": 2, "create": 2, "created": 3, "family": 3, "every": 2, "different": 3, "evening": 2,
    "business": 2, "wednesday": 2, "wednesdays": 2, "cafcass": 2, "pdf": 3, "ip": 2, "utc": 3, "bbc": 3, "wcag": 2, "aa": 2,
    "household": 2, "hours": 2, "hour": 2, "our": 1, "ours": 1, "yours": 1, "your": 1, "more": 1, "before": 2, "helpline": 2,
    "helplines": 2, "lifetime": 2, "placement": 2, "mediator": 5, "mediators": 5, "period": 3, "serious": 3, "various": 3,
    "obvious": 3, "cookie": 2, "cookies": 2, "movie": 2, "email": 2, "emails": 2, "insured": 2, "sure": 1, "use": 1, "uses": 2,
    "used": 1, "used.": 1, "eye": 1, "queue": 1, "vera": 2, "axe": 1, "aren't": 1, "doesn’t": 2, "isn’t": 2, "didn’t": 2,
}  # fmt: skip


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open: list[str] = []
        self.blocks: list[tuple[str, list[str]]] = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        if tag == "main":
            self.inside = True
        if tag in BLOCKS and self.inside:
            self.blocks.append((self._prose() if tag == "br" else tag, []))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "main":
            self.inside = False
        if tag in self.open:
            while self.open.pop() != tag:
                pass
            if tag in BLOCKS and self.inside:
                self.blocks.append((self._prose(), []))

    def _prose(self) -> str:
        return next((tag for tag in reversed(self.open) if tag in BLOCKS), "div")

    def handle_data(self, data):
        if self.inside and self.blocks and not set(self.open) & SILENT:
            self.blocks[-1][1].append(data)


@dataclass(frozen=True)
class Reading:
    grade: float
    longest: str
    longest_words: int
    words: str  # everything that shows, in small letters


def words_of(sentence: str) -> list[str]:
    """Words, without numbers and addresses."""
    return [word for word in re.findall(r"[^\s]+", sentence) if re.search(r"[A-Za-z]", word) and "@" not in word]


def syllables(word: str) -> int:
    """How many beats an English word has, near enough."""
    word = re.sub(r"[^a-z’'-]", "", word.lower())
    if "-" in word:
        return sum(syllables(part) for part in word.split("-") if part)
    bare = re.sub(r"[’'](s|ll|re|ve|d|m)$", "", word)
    if bare in KNOWN:
        return KNOWN[bare]
    bare = re.sub(r"[’']", "", bare)
    if not bare:
        return 1
    beats = len(re.findall(r"[aeiouy]+", bare))
    if re.search(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouytd]ed$|[^aeioucgsxz]es$|[^aeiouy]ely$", bare) and not re.search(
        r"(sh|ch)es$", bare
    ):
        beats -= 1
    if re.search(r"ia|io(?!n)|ua[lt]|eo(?!p)|ism$|iou[^s]", bare):
        beats += 1
    return max(beats, 1)


def sentences(html: str) -> tuple[list[str], str]:
    """The sentences of a page's <main>, headings and labels left out; and all its words."""
    page = _Page()
    page.feed(html)
    found, every = [], []
    for tag, pieces in page.blocks:
        text = re.sub(r"\s+", " ", "".join(pieces)).strip()
        if not text:
            continue
        every.append(text)
        if tag in PROSE:
            parts = re.split(r"(?<=[.!?])[”’)]?\s+(?=[“‘(]?[A-Z0-9])", text)
            found += [part for part in parts if len(words_of(part)) > 1]
    return found, " ".join(every).lower()


def read(html: str) -> Reading:
    """The Flesch-Kincaid grade of a page's running words and its longest sentence."""
    found, every = sentences(html)
    counted = [words_of(sentence) for sentence in found]
    words = [word for sentence in counted for word in sentence]
    assert words, "this page says nothing"
    grade = 0.39 * len(words) / len(counted) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    longest = max(found, key=lambda sentence: len(words_of(sentence)))
    return Reading(round(grade, 2), longest, len(words_of(longest)), every)
