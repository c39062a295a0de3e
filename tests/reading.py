"""How hard a page is to read: its sentences, their length, and the Flesch-Kincaid grade."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

BLOCKS = set("p li dt dd td th h1 h2 h3 h4 div legend label caption summary br".split())
PROSE = {"p", "li", "dd", "td"}  # headings and labels would make any page look easy
SILENT = {"script", "style", "svg", "title", "noscript"}
VOID = {"br", "img", "input", "meta", "link", "source", "hr"}

# Words the rules below would count wrongly, by their number of beats.
KNOWN = {
    word: beats
    for beats, words in {
        1: "real once whole page our ours your yours more sure use used eye queue axe",
        2: """people someone something sometimes somewhere being doing going seeing trying saying themselves homepage
            pages
            changes science quiet diet poem create every evening business wednesday
            wednesdays household hours hour before
            helpline helplines lifetime placement cookie cookies email emails uses ip aa cafcass""",
        3: """everyone anyone everything area idea created family different serious various obvious period pdf utc bbc
            wcag""",
        5: "mediator mediators",
    }.items()
    for word in words.split()
}
SILENT_E = re.compile(
    r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouytdl]ed$|[aeiouyl]led$|(?<![sc]h)(?<![aeioucgsxzl])es$|[aeiouy]les$|[^aeiouy]ely$"
)
SPLIT_VOWELS = re.compile(r"ia|io(?!n)|ua[lt]|eo(?!p)|ism$|iou[^s]")


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
    beats -= bool(SILENT_E.search(bare))
    beats += bool(SPLIT_VOWELS.search(bare))
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
