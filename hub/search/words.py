"""Words as search compares them: without capitals, accents, apostrophes and endings. Pure; the same on any database."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’ʼ`´][^\W_]+)*")
LONGEST_WORD = 40
SHORT = re.compile("[^aeiou]+[aeiouy][^aeiouwxy]")  # one beat: mov, car, plan

# They say nothing alone. A query of nothing else is searched for all the same.
SMALL = frozenset(
    """a about all also am an and any are arent as at be because been being but by can cannot cant could couldnt did
    didnt do does doesnt doing dont each else even for from had has hasnt have havent having he hed her here hers hes
    him his how i id if ill im in into is isnt it its ive just let lets like may me might more most must my myself no
    not now of off on one only or our out over please really s shall she shed shes should so some than that thats the
    their them then there these they theyre this those to too up us very was wasnt we were what whats when where which
    while who why will with wont would wouldnt yet you your yours""".split()
)

# What no ending tells: past forms, plurals, American spelling.
ODD = {
    "children": "child", "childrens": "child", "grandchildren": "grandchild", "grandchildrens": "grandchild",
    "stepchildren": "stepchild", "men": "man", "mens": "man", "women": "woman", "womens": "woman", "people": "person",
    "went": "go", "goes": "go", "gone": "go", "going": "go", "said": "say", "told": "tell", "took": "take",
    "taken": "take", "taking": "take", "gave": "give", "given": "give", "kept": "keep", "met": "meet", "paid": "pay",
    "left": "leave", "saw": "see", "seen": "see", "hid": "hide", "hidden": "hide", "broke": "break",
    "broken": "break", "brought": "bring", "spent": "spend", "sent": "send", "wrote": "write", "written": "write",
    "spoke": "speak", "spoken": "speak", "felt": "feel", "lost": "lose", "got": "get", "getting": "get",
    "fought": "fight", "stole": "steal", "stolen": "steal", "drank": "drink", "drunk": "drink", "died": "die",
    "dying": "die", "dies": "die", "dead": "die", "lying": "lie", "lied": "lie", "tied": "tie", "evening": "evening",
    "beaten": "beat", "threw": "throw", "thrown": "throw", "center": "centre", "behavior": "behaviour",
    "counselor": "counsellor", "schedule": "schedule", "used": "use", "using": "use",
}  # fmt: skip


def plain(word: str) -> str:
    """The word in small letters, without accents and apostrophes."""
    word = word.casefold()
    if not word.isalnum() or not word.isascii():
        word = "".join(letter for letter in unicodedata.normalize("NFKD", word) if letter.isalnum())
    return word[:LONGEST_WORD]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is left of a plain word without its ending: "mediator" and "mediation" are both "mediat"."""
    if word in ODD:
        return _bare(ODD[word])
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    word = re.sub(r"iz(e|ed|es|er|ers|ing|ation|ations)$", r"is\1", word)
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("sses"):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word in ODD:
        return _bare(ODD[word])
    for ending, instead in (
        ("eed", "ee"), ("ation", "at"), ("ator", "at"), ("ative", "at"), ("ied", "y"), ("ying", "y"), ("ment", ""),
        ("ness", ""), ("ing", ""), ("ed", ""), ("ly", ""),
    ):  # fmt: skip
        left = word.removesuffix(ending)
        if left != word and len(left) >= (4 if ending == "ly" else 3 - len(instead)) and re.search("[aeiouy]", left):
            if ending in {"ing", "ed"} and re.search(r"([bdfgmnprt])\1$|[a-z]{4}ll$", left):
                return left[:-1]  # stopped: stop
            word = left + instead
            if ending in {"ing", "ed"} and SHORT.fullmatch(word):
                return word + "e"  # moving: move
            break
    return _bare(word)


def _bare(word: str) -> str:
    if len(word) > 3 and word.endswith("e"):
        return word if SHORT.fullmatch(word[:-1]) else word[:-1]  # a plane is no plan
    if len(word) > 3 and word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "i"
    return word


@lru_cache(maxsize=50_000)
def stem_of(typed: str) -> str:
    """The stem of a word as it stands in a text."""
    return stem(plain(typed))


def words_of(text: str) -> list[str]:
    """The plain words of a text, in its order."""
    return [found for word in WORD.findall(text) if (found := plain(word))]


def stems_of(text: str) -> list[str]:
    """The stems of a text’s words, without small words, in its order."""
    return [stem(word) for word in words_of(text) if word not in SMALL]


# ---------------------------------------------------------------- spelling


def trigrams(word: str) -> frozenset[str]:
    """As PostgreSQL’s pg_trgm cuts a word: two spaces before it and one behind."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def likeness(one: str, other: str) -> float:
    """pg_trgm’s similarity: how many of their trigrams two words share, from 0 to 1."""
    a, b = trigrams(one), trigrams(other)
    return len(a & b) / len(a | b)


def distance(one: str, other: str) -> int:
    """How many letters must be put in, left out, changed or swapped with their neighbour to make one the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        previous, before_that = row, before
        row = [at]
        for place, there in enumerate(other, start=1):
            costs = [previous[place] + 1, row[place - 1] + 1, previous[place - 1] + (letter != there)]
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == there:
                costs.append(before_that[place - 2] + 1)
            row.append(min(costs))
        before = previous
    return row[-1]
