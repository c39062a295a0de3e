"""Kernel, pure: what people type, made safe to keep (trust.md, section 6).

The words stay as they were written: nothing is translated, cut short or put in other letters. What goes is what
nobody can see and a page, an email or a PDF could trip over.
"""

import re
import unicodedata

MARKS_IN_A_ROW = 8

# The flags of England, Scotland and Wales are spelt with invisible letters after a black flag.
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
_NEW_LINES = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_JOINERS = "\u200c\u200d"
# Signs of category Cf that are drawn, in Arabic, Syriac and Kaithi.
_DRAWN_FORMATS = {*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD}
# Letters and marks that are never drawn: a name made of them would look empty.
_UNSEEN = {0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0}


def clean(text: str, *, one_line: bool = False) -> str:
    """Return the text as we keep it; cleaning twice changes nothing more.

    Lines end in a newline alone, letters are composed (NFC), control and direction characters, private and unassigned
    characters, lone surrogates and invisible ones are gone, a letter carries at most eight marks. A joiner stays where
    a script or an emoji needs it. With `one_line`, any run of white space becomes one space.
    """
    text = _NEW_LINES.sub("\n", text)
    text = re.sub("[\t\v\f]", " ", text)
    flags = {at for match in _FLAG.finditer(text) for at in range(*match.span())}
    kept: list[str] = []
    base = ""  # the last letter or sign, without the marks on it: composing puts marks in another order
    for at, character in enumerate(text):
        if at in flags or _stays(character, base):
            kept.append(character)
            if unicodedata.category(character)[0] != "M":
                base = character
    composed = _few_marks(unicodedata.normalize("NFC", "".join(kept)))
    if one_line:
        return " ".join(composed.split())
    return "\n".join(line.rstrip() for line in composed.split("\n")).strip()


def _stays(character: str, base: str) -> bool:
    point, category = ord(character), unicodedata.category(character)
    if character == "\n":
        return True
    if character in _JOINERS:
        return _may_join(base)
    if point in _UNSEEN or category in {"Cc", "Cs", "Co"}:
        return False
    if category == "Cf":
        return point in _DRAWN_FORMATS
    if category == "Cn":
        # Python's tables are older than people's phones: these blocks are set aside for emoji.
        return 0x1F000 <= point <= 0x1FAFF
    return True


def _may_join(base: str) -> bool:
    """A joiner says something only after a letter beyond Latin, Greek and Cyrillic, or after an emoji."""
    if not base or base in _JOINERS:
        return False
    return ord(base) >= 0x0590 and unicodedata.category(base)[0] in "LSC"


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        if character in _JOINERS:
            kept.append(character)
            continue
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def mixes_alphabets(text: str) -> bool:
    """Say whether one word borrows look-alike letters, such as a Cyrillic "а" in a Latin name."""
    for word in text.split():
        alphabets = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
        if len(alphabets & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            return True
    return False
