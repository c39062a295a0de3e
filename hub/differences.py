"""Two versions of the same words, compared word by word. Pure."""

import re
from typing import Literal

from diff_match_patch import diff_match_patch

Piece = tuple[Literal["same", "removed", "added"], str]
KINDS: dict[int, Literal["same", "removed", "added"]] = {0: "same", -1: "removed", 1: "added"}
FIRST_LETTER = 0xF0000  # private letters of plane 15, one for each different word; there is room for 65,000


def pieces(before: str, after: str) -> list[Piece]:
    """What was kept, removed and added, in reading order, in whole words.

    Joining what is not "removed" gives `after`; joining what is not "added" gives `before`. Fast on long text: a word
    becomes one letter, and the letters are compared.
    """
    letters: dict[str, str] = {}
    old, new = _as_letters(before, letters), _as_letters(after, letters)
    compare = diff_match_patch()
    compare.Diff_Timeout = 1.0
    found = compare.diff_main(old, new, False)
    compare.diff_cleanupSemantic(found)
    words = {letter: word for word, letter in letters.items()}
    return [(KINDS[kind], "".join(words[letter] for letter in run)) for kind, run in found]


def _as_letters(text: str, letters: dict[str, str]) -> str:
    return "".join(
        letters.setdefault(word, chr(FIRST_LETTER + len(letters))) for word in re.findall(r"\s+|\w+|[^\w\s]", text)
    )
