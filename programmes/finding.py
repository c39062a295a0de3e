"""Finding a question among the questions and answers of a programme, as people type. Pure.

Forgiving: capital letters, accents and apostrophes do not count, a word may be typed from its beginning only, or with
another ending, and the other words under which people look for a question count as its own.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hub.markup import to_html
from hub.schema import Words

SMALL_WORDS = set(
    """a about an and any are at be can did do does for from get go had has have he her him his how i if in is it its
    ive me my not of on or our she should so that the their them there they this to was we what when where which who
    why will with would you your""".split()
)
ENDINGS = ("ings", "ing", "ed", "ers", "er", "es", "s")
LONGEST_QUERY = 100
_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_TAG_OR_ENTITY = re.compile(r"(<[^>]*>|&[a-zA-Z]+;|&#\w+;)")


def plain(word: str) -> str:
    """The word without capital letters, accents and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if letter.isalnum())


def words_of(text: str) -> list[str]:
    return [found for word in _WORD.findall(text) if (found := plain(word))]


def fits(typed: str, word: str) -> bool:
    """Whether a typed word means this word: its beginning, or the same word with another ending."""
    if word.startswith(typed):
        return len(typed) > 2 or typed == word
    return bare(word) == bare(typed) or (len(word) > 3 and typed.startswith(word) and len(typed) - len(word) <= 3)


def bare(word: str) -> str:
    """The word without a usual ending: "orders" and "ordered" are both "order"."""
    return next((word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) - len(end) > 3), word)


def find(questions: Iterable[Words], query: str) -> list[Words]:
    """The questions that have every word of the query; if there are none, those that have some of them, best first.

    Small words such as "will" and "my" count only when nothing else was typed. An empty query finds nothing.
    """
    typed = words_of(query[:LONGEST_QUERY])
    typed = [word for word in typed if word not in SMALL_WORDS] or typed
    if not typed:
        return []
    scored = []
    for place, question in enumerate(questions):
        asked = words_of(f"{question.ask} {question.also}")
        told = words_of(question.answer)
        in_the_question = sum(any(fits(each, word) for word in asked) for each in typed)
        anywhere = sum(any(fits(each, word) for word in (*asked, *told)) for each in typed)
        scored.append((anywhere, in_the_question, -place, question))
    most = max((anywhere for anywhere, *_rest in scored), default=0)
    if not most:
        return []
    best = [row for row in scored if row[0] == most]
    return [row[3] for row in sorted(best, key=lambda row: row[:3], reverse=True)]


def marked(text: str, query: str) -> SafeString:
    """The text, escaped, with the words that were typed in <mark>."""
    return _mark(escape(text), query)


def marked_html(text: str, query: str) -> SafeString:
    """The text of hub.markup as HTML, with the words that were typed in <mark>."""
    return _mark(to_html(text), query)


def _mark(html: str, query: str) -> SafeString:
    typed = [word for word in words_of(query[:LONGEST_QUERY]) if word not in SMALL_WORDS]

    def mark(found: re.Match) -> str:
        word = plain(found[0])
        return f"<mark>{found[0]}</mark>" if any(fits(each, word) for each in typed) else found[0]

    pieces = _TAG_OR_ENTITY.split(html)
    drawn = (piece if place % 2 else _WORD.sub(mark, piece) for place, piece in enumerate(pieces))
    return mark_safe("".join(drawn))  # noqa: S308 - the HTML was safe, and <mark> is all that is added
