"""Fields as parents fill them in."""

import datetime as dt

import pytest
from django import forms
from django.template import Context, Template

from hub.forms import Checkboxes, DayField, MonthYearField, NameField, PlainTextField, Radios


class Answer(forms.Form):
    answer = forms.ChoiceField(
        label="How would you like to answer?",
        help_text="No one should push you.",
        choices=[("agree", "Agree"), ("later", "Leave it for now")],
        widget=Radios(cards=True, hints={"later": "It will be here."}, icons={"later": "later"}),
        error_messages={"required": "Choose how to answer"},
    )
    words = PlainTextField(label="Your words", max_length=10)
    name = NameField(label="First name")
    born = MonthYearField(label="Born")
    starts = DayField(label="Starts", required=False)
    days = forms.MultipleChoiceField(label="Days", choices=[("w", "Wednesday")], widget=Checkboxes(), required=False)
    happy = forms.BooleanField(label="They are happy to get this", required=False)


def drawn(source: str, **context) -> str:
    return Template("{% load govuk hub %}" + source).render(Context(context))


def filled(**changes) -> Answer:
    return Answer(
        {"answer": "agree", "words": "Fine", "name": "Anya", "born_month": "5", "born_year": "2017", **changes}
    )


def test_a_filled_form_gives_clean_words_and_dates():
    form = filled(words=" a\r\nb\x00 ", starts_day="19", starts_month="november", starts_year="2026")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["words"] == "a\nb"
    assert form.cleaned_data["born"] == dt.date(2017, 5, 1)
    assert form.cleaned_data["starts"] == dt.date(2026, 11, 19)


def test_words_that_are_too_long_are_kept_and_the_person_told_by_how_much():
    form = filled(words="x" * 13)
    assert form.errors["words"] == ["Use 3 characters fewer. There is room for 10."]
    html = drawn("{% govuk_field form.words %}", form=form)
    assert "x" * 13 in html
    assert "maxlength" not in html
    assert 'aria-describedby="id_words_error id_words_info"' in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize(
    ("month", "year"),
    [("13", "2017"), ("0", "2017"), ("ma", "2017"), ("5", ""), ("5", "17000"), ("-5", "2017"), ("5", "0")],
)
def test_a_month_that_is_none_is_an_error_in_words(month, year):
    form = filled(born_month=month, born_year=year)
    assert form.errors["born"]
    assert "month" in form.errors["born"][0].lower() or "year" in form.errors["born"][0].lower()


def test_a_name_that_mixes_alphabets_is_an_error_in_words():
    assert filled(name="Аnna").errors["name"] == ["Use letters from one alphabet in each name"]
    assert filled(name="x" * 81).errors["name"] == ["Use 1 character fewer. There is room for 80."]


def test_the_error_summary_leads_to_the_first_control_of_each_field():
    form = Answer({})
    summary = drawn("{% error_summary form %}", form=form)
    assert "Have another look at 4 things" in summary
    page = summary + drawn("{% for field in form %}{% govuk_field field %}{% endfor %}", form=form)
    for target in ("id_answer_0", "id_words", "id_name", "id_born_month"):
        assert f'href="#{target}"' in summary
        assert page.count(f' id="{target}"') == 1
    assert drawn("{% error_summary form %}", form=Answer()).strip() == ""


def test_radios_say_their_question_and_choose_nothing_for_anybody():
    html = drawn("{% govuk_field form.answer heading=True %}", form=Answer())
    assert '<h1 class="govuk-fieldset__heading">How would you like to answer?</h1>' in html
    assert 'aria-describedby="id_answer_helptext"' in html
    assert "checked" not in html
    assert 'aria-describedby="id_answer_1_hint"' in html


def test_a_form_drawn_whole_uses_the_same_fields():
    html = str(Answer())
    assert "govuk-date-input" in html
    assert "govuk-textarea" in html
    assert " required" not in html


def test_a_date_is_shown_again_as_it_was_kept():
    html = drawn("{% govuk_field form.born %}", form=Answer(initial={"born": dt.date(2017, 5, 1)}))
    assert 'name="born_month" type="text" inputmode="numeric" value="5"' in html
    assert 'value="2017"' in html


@pytest.mark.parametrize(
    ("names", "letters"),
    [
        (("Priya", "Callum"), ("P", "C")),
        (("Callum", "Chris"), ("Ca", "Ch")),
        (("Chris", "Christine"), ("C", "Ct")),
        (("Alex", "alex"), ("A", "A")),
        (("Élodie", ""), ("É", "")),
        (("गुरु", "Ben"), ("गु", "B")),
    ],
)
def test_two_parents_with_one_initial_get_two_letters(names, letters):
    from hub.templatetags.hub import initials

    a, b = names
    assert (initials(a, b), initials(b, a)) == letters
