"""A content file that is not as it must be: file, line, step and what is wrong, in words."""

import pytest

from hub import schema
from programmes import kinds
from tests.programmes.courses import CARD, CHECK, ORDER, REFLECTION, REWRITER, SCENARIO, cover, part, reading

GOOD = part("first", "First", 1, reading("one"), reading("two"))


def broken(text: str, name: str = "a-course/1-first.toml") -> str:
    with pytest.raises(schema.BrokenContent) as error:
        kinds.read(text, name)
    return str(error.value)


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


def test_what_is_good_comes_back_as_it_was():
    words = kinds.read(GOOD, "a-course/1-first.toml")
    assert words["slug"] == "first"
    assert words["checked_on"] == "2026-11-22"
    assert [step["slug"] for step in words["step"]] == ["one", "two"]
    assert kinds.plain(kinds.check_part(words)) == words


def test_a_slip_of_the_pen_names_file_and_line():
    text = GOOD.replace('title = "Two"', 'title = "Two')
    said = broken(text)
    assert said.startswith(f"a-course/1-first.toml, line {line_of(text, 'title = ') and line_of(text, 'Two')}: ")


def test_a_field_left_out_names_the_line_of_its_step():
    text = GOOD.replace('slug = "two"\ntitle = "Two"\n', 'slug = "two"\n')
    second = [n for n, line in enumerate(text.splitlines(), start=1) if line == "[[step]]"][1]
    assert broken(text) == f"a-course/1-first.toml, line {second}, step 2: title is missing"


def test_a_field_of_the_part_left_out_names_the_top():
    said = broken(GOOD.replace('summary = "What is in First"\n', ""))
    assert said == "a-course/1-first.toml, line 1: summary is missing"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "reading"', 'kind = "game"', "kind must be one of reading, film"),
        ("minutes = 2", 'minutes = "two"', "minutes must be a whole number from 1 to 15"),
        ("minutes = 2", "minutes = 90", "minutes must be a whole number from 1 to 15"),
        ("minutes = 2", "minutes = true", "minutes must be a whole number from 1 to 15"),
        ('slug = "one"', 'slug = "One Two"', "slug may hold small letters, digits and single dashes"),
        ('slug = "two"', 'slug = "one"', "another step is called one already"),
        ('title = "One"', 'title = "One"\ncolour = "red"', "nobody knows the name colour"),
        ('text = "A few words to read."', 'text = "  "', "text is empty"),
        ('text = "A few words to read."', "text = 7", "text must be text in quotation marks"),
        ('title = "One"', 'title = "One\\ntwo"', "title must be one line"),
        ('title = "One"', f'title = "{"x" * 301}"', "title is too long"),
        ('title = "One"', 'title = "One"\npicture = "../secret.svg"', "picture must be the name of a picture"),
        ('title = "One"', 'title = "One"\npicture = "scene-rain.svg"', "picture_alt is missing"),
        ('title = "One"', 'title = "One"\nhelp_link = "yes"', "help_link must be true or false"),
        ("checked_on = 2026-11-22", 'checked_on = "yesterday"', "checked_on must be a date such as 2026-11-22"),
        ('slug = "first"', 'slug = "questions"', "slug must not be questions: that is the name of another page"),
    ],
)
def test_what_is_wrong_is_said_in_words(old, new, said):
    assert said in broken(GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("step", "old", "new", "said"),
    [
        (ORDER, 'why = "It begins with you."\n', "", "items 1: why is missing"),
        (CHECK, 'said = "Friends help."\n', "", "questions 2: options 1: said is missing"),
        (REWRITER, 'tips = ["One thing?", "No history?", ', "tips = [", "tips must have 3 to 6 entries, and has 1"),
        (SCENARIO, 'badly = "no-such-badly"', 'badly = "a film"', "badly must be the name of a film"),
        (CARD, 'ideas = [', 'ideas = [3, ', "entry 1 of ideas must be text"),
    ],
)  # fmt: skip
def test_what_is_wrong_deep_inside_is_named_too(step, old, new, said):
    assert said in broken(part("p", "P", 1, step.replace(old, new, 1)))


def test_a_part_without_a_step_is_no_part():
    assert "there is no step in it" in broken(part("empty", "Empty", 1))


def test_a_cover_says_who_may_take_it_and_has_no_question_twice():
    text = cover("a-course", "A course", "some", 1)
    assert "open_to must be one of everyone, referred, enrolled, nobody" in broken(text, "a-course/cover.toml")
    question = '\n[[questions]]\nslug = "who"\nask = "Who?"\nanswer = "You."\nchecked_on = 2026-11-22\n'
    text = cover("a-course", "A course", "everyone", 1) + question + question
    assert "questions: who is there twice" in broken(text, "a-course/cover.toml")


def test_a_scenario_has_six_screens_and_everything_else_one():
    step = kinds.check_part(kinds.read(part("p", "P", 1, SCENARIO, REFLECTION), "p.toml")).steps[0]
    assert [screen.slug for screen in step.screens] == ["watch", "child", "choose", "rewind", "changed", "skill"]
    assert [screen.kind for screen in step.screens] == ["film", "reflection", "choice", "film", "reflection", "skill"]
    assert [screen.asks for screen in step.screens] == [False, True, True, False, True, False]


def test_a_name_that_was_left_out_is_empty_and_not_a_fault():
    words = kinds.Words(text="x")
    assert words.after == ""
    with pytest.raises(AttributeError):
        _ = words.__no_such__
