"""What people type keeps its letters and loses what nobody can see."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub import text

SURVIVES = [
    "Siôn Ŵyn o'r Tŷ Ŷ",  # Welsh
    "Zażółć gęślą jaźń, Łucja",  # Polish
    "Nguyễn Thị Đặng Ờ",  # Vietnamese
    "أحمد وفاطمة، السبت ٣:٣٠",  # Arabic
    "مُحَمَّد",  # Arabic with its vowels
    "می\u200cخواهم",  # Persian needs the non-joiner
    "अनन्या क्षमा श्री",  # Hindi
    "क्\u200dष",  # Hindi with a joiner
    "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",  # Punjabi
    "Олена Ґалаґан",  # Ukrainian
    "Ελένη",  # Greek
    "志明, 김민준, さくら",
    "🙂👍🏽",
    "👨\u200d👩\u200d👧\u200d👦 👩🏽\u200d❤️\u200d👨🏼",  # a family; two people
    "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",  # the flag of Wales
    "\U0001fae8 \U0001fadf",  # emoji younger than Python's tables
    "1️⃣ ❤️",
    "£5, 50 % – “well”… ½ ☎",
    "One line\nanother\n\nand a paragraph",
]


@pytest.mark.parametrize("words", SURVIVES)
def test_the_letters_of_every_family_survive(words):
    words = unicodedata.normalize("NFC", words)
    assert text.clean(words) == words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("NUL\x00 bell\x07 escape\x1b", "NUL bell escape"),
        ("a\tb", "a b"),
        ("user\u202etxt.exe\u2066x\u2069", "usertxt.exex"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("lone \ud800 half", "lone  half"),
        ("private \ue000\U000f0000 use", "private  use"),
        ("no such \u0378\ufdd0 letter", "no such  letter"),
        ("e\u0301", "é"),
        ("  around \n", "around"),
        ("line with space   \nnext", "line with space\nnext"),
        ("Latin\u200dletters", "Latinletters"),
        ("\u3164\u115f", ""),
        ("\u200d\u200c", ""),
        ("hidden\U000e0041\U000e0042", "hidden"),
    ],
)
def test_what_nobody_can_see_goes(typed, kept):
    assert text.clean(typed) == kept


def test_a_letter_carries_at_most_eight_marks():
    # "q" composes with none of them.
    assert text.clean("q" + "\u0301" * 30 + "!") == "q" + "\u0301" * 8 + "!"
    assert text.clean("ب" + "\u064b\u200d" * 30).count("\u064b") == 8


def test_one_line_is_one_line():
    assert text.clean(" Anna\n\tMaria   Lee\u00a0", one_line=True) == "Anna Maria Lee"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(typed):
    once = text.clean(typed)
    assert text.clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(character) in {"Cs", "Co"} for character in once)
    assert not any(unicodedata.category(character) == "Cc" and character != "\n" for character in once)
    once.encode()


@given(st.text(st.sampled_from("aé\u0301\u064b\u200d\u200c\u200b\u202e\n\r\t 🏴\U000e0067\U000e007f👩अ्\x00\u1160가ᄀ")))
@settings(max_examples=1000)
def test_cleaning_twice_changes_nothing_more_in_the_hard_corners(typed):
    once = text.clean(typed)
    assert text.clean(once) == once


def test_a_joiner_is_judged_by_its_letter_whatever_the_order_of_the_marks():
    assert text.clean("\u0301\u064b\u200c") == text.clean("\u064b\u0301\u200c") == "\u064b\u0301"
    assert text.clean("ب\u0301\u064b\u200cب") == text.clean("ب\u064b\u0301\u200cب") == "ب\u064b\u0301\u200cب"


@pytest.mark.parametrize("name", ["Anna", "Łukasz Đặng", "Олена", "Ελένη", "Anna Олена", "أحمد", "O’Brien-Ŵyn"])
def test_a_name_in_its_own_alphabet_is_welcome(name):
    assert not text.mixes_alphabets(name)


def test_a_name_with_borrowed_look_alike_letters_is_seen():
    assert text.mixes_alphabets("Аnna")  # a Cyrillic А
    assert text.mixes_alphabets("Ben Οscar")  # a Greek Ο
