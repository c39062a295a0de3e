"""Times, dates and words, as the pages say them."""

import datetime as dt

import pytest

from hub import words

UTC = dt.UTC


def utc(*when: int) -> dt.datetime:
    return dt.datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (utc(2026, 11, 19, 19, 15), "7:15 pm"),
        (utc(2026, 11, 19, 17, 0), "5 pm"),
        (utc(2026, 11, 19, 0, 5), "12:05 am"),
        (utc(2026, 11, 19, 12, 30), "12:30 pm"),
        (utc(2026, 11, 19, 12, 0), "midday"),
        (utc(2026, 11, 19, 0, 0), "midnight"),
        (utc(2026, 7, 1, 14, 30), "3:30 pm"),
    ],
)
def test_a_time_is_said_by_the_clocks_of_the_country(moment, said):
    assert words.clock(moment) == said


def test_a_moment_is_said_with_its_day_in_full():
    assert words.when(utc(2026, 11, 19, 19, 15)) == "Thursday 19 November 2026, 7:15 pm"


def test_late_evening_in_utc_is_already_tomorrow_in_summer():
    assert words.when(utc(2026, 6, 30, 23, 30)) == "Wednesday 1 July 2026, 12:30 am"
    assert words.day(utc(2026, 6, 30, 23, 30)) == "Wednesday 1 July 2026"


def test_the_end_of_a_rest_names_its_hour_first():
    assert words.until(utc(2026, 11, 22, 15, 10)) == "3:10 pm on Sunday 22 November"


def test_an_end_at_midnight_says_which_end_of_the_day():
    assert words.until(utc(2026, 11, 22, 0, 0)) == "midnight at the start of Sunday 22 November"


def test_twenty_four_hours_across_the_spring_change_end_an_hour_later_on_the_clock():
    agreed = utc(2026, 3, 28, 15, 10)
    assert words.until(agreed) == "3:10 pm on Saturday 28 March"
    assert words.until(agreed + dt.timedelta(hours=24)) == "4:10 pm on Sunday 29 March"


def test_twenty_four_hours_across_the_autumn_change_end_an_hour_earlier_on_the_clock():
    agreed = utc(2026, 10, 24, 14, 10)
    assert words.until(agreed) == "3:10 pm on Saturday 24 October"
    assert words.until(agreed + dt.timedelta(hours=24)) == "2:10 pm on Sunday 25 October"


def test_the_hour_that_comes_twice_says_which_one_is_meant():
    assert words.when(utc(2026, 10, 25, 0, 30)) == "Sunday 25 October 2026, 1:30 am (before the clocks go back)"
    assert words.when(utc(2026, 10, 25, 1, 30)) == "Sunday 25 October 2026, 1:30 am (after the clocks go back)"
    assert words.clock(utc(2026, 10, 25, 2, 0)) == "2 am"


def test_the_hour_that_is_left_out_in_spring_is_never_said():
    assert words.clock(utc(2026, 3, 29, 0, 59)) == "12:59 am"
    assert words.clock(utc(2026, 3, 29, 1, 0)) == "2 am"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="two moments"):
        words.when(dt.datetime(2026, 11, 19, 19, 15))  # noqa: DTZ001


def test_a_plain_date_needs_no_zone():
    assert words.day(dt.date(2026, 11, 19)) == "Thursday 19 November 2026"


def test_a_parents_words_become_paragraphs_and_line_breaks():
    assert words.paragraphs("One\ntwo\n\nthree") == '<p dir="auto">One<br>two</p><p dir="auto">three</p>'
    assert words.paragraphs("One\r\n\r\n\r\ntwo\n") == '<p dir="auto">One</p><p dir="auto">two</p>'
    assert words.paragraphs("") == ""


def test_a_parents_words_are_never_markup():
    from django.utils.safestring import mark_safe

    assert words.paragraphs("<script>&") == '<p dir="auto">&lt;script&gt;&amp;</p>'
    assert words.paragraphs(mark_safe("<b>bold</b>")) == '<p dir="auto">&lt;b&gt;bold&lt;/b&gt;</p>'


def test_names_are_said_in_one_breath():
    assert words.together([]) == ""
    assert words.together(["Anya"]) == "Anya"
    assert words.together(["Anya", "Finn"]) == "Anya and Finn"
    assert words.together(["Anya", "Finn", "Bo"]) == "Anya, Finn and Bo"
