"""Kernel: every Django form drawn as GOV.UK Frontend markup, and the fields people type into.

The settings name `GovukRenderer` as FORM_RENDERER. A page draws a field with `{% govuk_field form.email %}` and never
writes an `<input>`. Labels, hints and errors are words for people and live in the form.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input
from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hub import codes, text

Words = str | Promise

ANSWER_LIMIT = 2000
NOTE_LIMIT = 500
NAME_LIMIT = 80


# --- What people choose from and type into ---------------------------------------------------------------------------


class _Hinted:
    """Choices that may each carry a hint and an icon, by value."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[Any] = (),
        *,
        hints: Mapping[str, Words] | None = None,
        icons: Mapping[str, str] | None = None,
        cards: bool = False,
        inline: bool = False,
    ):
        super().__init__(attrs, choices)  # type: ignore[call-arg]
        self.hints, self.icons, self.cards, self.inline = hints or {}, icons or {}, cards, inline

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)  # type: ignore[misc]
        copy.hints, copy.icons = dict(self.hints), dict(self.icons)
        return copy


class Radios(_Hinted, forms.RadioSelect):
    """Radio buttons. `cards=True` draws each choice as a card: answers of equal weight, none chosen for anybody."""


class Checkboxes(_Hinted, forms.CheckboxSelectMultiple):
    """Checkboxes with hints."""


class DateParts(forms.MultiWidget):
    """A date typed as numbers, part by part: easier than a calendar for a date people know by heart."""

    def __init__(self, parts: Iterable[str], attrs: dict[str, Any] | None = None):
        self.parts = tuple(parts)
        super().__init__({part: forms.TextInput() for part in self.parts}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, dt.date):
            return [getattr(value, part) for part in self.parts]
        return [None for _part in self.parts]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_{self.parts[0]}" if id_ else id_


# --- How a field is drawn --------------------------------------------------------------------------------------------

# A widget's GOV.UK class, and the template that draws the field. First match wins.
DRAWN_AS: dict[type, tuple[str, str]] = {
    forms.CheckboxSelectMultiple: ("", "checkboxes"),  # before its parent, RadioSelect
    forms.RadioSelect: ("", "radios"),
    forms.CheckboxInput: ("govuk-checkboxes__input", "checkbox"),
    DateParts: ("", "date"),
    forms.Textarea: ("govuk-textarea", "textarea"),
    forms.SelectMultiple: ("govuk-select", "select"),
    forms.Select: ("govuk-select", "select"),
    forms.PasswordInput: ("govuk-input", "password"),
    Input: ("govuk-input", "input"),  # text, email, number, file and the rest
    forms.Widget: ("", "input"),
}

# The word above each box of a date, and how many characters wide the box is.
PART_WORDS: dict[str, tuple[Words, int]] = {"day": (_("Day"), 2), "month": (_("Month"), 2), "year": (_("Year"), 4)}


def drawn_as(widget: forms.Widget) -> tuple[str, str]:
    return next(how for kind, how in DRAWN_AS.items() if isinstance(widget, kind))


class GovukBoundField(forms.BoundField):
    """A field of a form, with what the templates in govuk/fields/ need to draw it."""

    @property
    def template_name(self) -> str:
        return getattr(self.field, "template_name", None) or f"govuk/fields/{drawn_as(self.field.widget)[1]}.html"

    def get_context(self) -> dict[str, Any]:
        return {"field": self, "heading": False, "size": "s", "label": self.label, "optional_words": ""}

    @property
    def focus_id(self) -> str:
        """Where the error summary sends people: the field's first control."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect):
            options = self.options
            return options[0]["id"] if options else self.auto_id
        return self.id_for_label or self.auto_id

    @property
    def limit(self) -> int | None:
        """How many characters there is room for, where the page counts them."""
        return getattr(self.field, "max_length", None) if isinstance(self.field.widget, forms.Textarea) else None

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if self.limit and described is not None and self.auto_id:
            return f"{described} {self.auto_id}_info".strip()
        return described

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices of radios or checkboxes, with every key the templates read."""
        widget = self.field.widget
        hints, icons = getattr(widget, "hints", {}), getattr(widget, "icons", {})
        found = []
        for option in self.subwidgets:
            value = str(option.data["value"])
            found.append(
                {
                    "id": option.id_for_label or "",
                    "name": option.data["name"],
                    "value": value,
                    "label": option.choice_label,
                    "hint": hints.get(value, ""),
                    "icon": icons.get(value, ""),
                    "chosen": option.data["selected"],
                    "disabled": bool(option.data["attrs"].get("disabled")),
                }
            )
        return found

    @property
    def in_cards(self) -> bool:
        return bool(getattr(self.field.widget, "cards", False))

    @property
    def in_a_row(self) -> bool:
        return bool(getattr(self.field.widget, "inline", False))

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The boxes of a date, in the order they are typed."""
        context = self.field.widget.get_context(self.html_name, self.value(), {"id": self.auto_id})
        found = []
        for part, box in zip(self.field.widget.parts, context["widget"]["subwidgets"], strict=True):
            word, width = PART_WORDS[part]
            value = "" if box["value"] is None else str(box["value"])
            found.append(
                {
                    "id": f"{self.auto_id}_{part}",
                    "name": box["name"],
                    "value": value,
                    "word": word,
                    "width": width,
                }
            )
        return found

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)  # people read our messages, not the browser's
        if css := drawn_as(widget)[0]:
            error = f"{css}--error" if self.errors and css != "govuk-checkboxes__input" else ""
            counted = "govuk-js-character-count" if self.limit else ""
            attrs["class"] = " ".join(filter(None, [css, error, counted, widget.attrs.get("class")]))
        return attrs


class GovukRenderer(TemplatesSetting):
    """FORM_RENDERER = "hub.forms.GovukRenderer" """

    form_template_name = "govuk/form.html"
    bound_field_class = GovukBoundField


# --- Fields ----------------------------------------------------------------------------------------------------------


def too_long(count: int, limit: int) -> str:
    """Say how much too much there is, and what there is room for."""
    over = count - limit
    return ngettext(
        "Use %(over)d character fewer. There is room for %(limit)d.",
        "Use %(over)d characters fewer. There is room for %(limit)d.",
        over,
    ) % {"over": over, "limit": limit}


class PlainTextField(forms.CharField):
    """Words a person types, cleaned as `hub.text.clean` says. Words that are too long are an error, never cut."""

    widget = forms.Textarea
    default_error_messages = {"required": _("Write something here, or leave this page without saving.")}

    def __init__(self, *, max_length: int = ANSWER_LIMIT, one_line: bool = False, **kwargs: Any):
        self.one_line = one_line
        if one_line:
            kwargs.setdefault("widget", forms.TextInput)
        elif "widget" not in kwargs:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 5})
        super().__init__(**kwargs)
        # Not handed to CharField: it would write a maxlength that silently cuts what is pasted.
        self.max_length: int = max_length
        self.widget.attrs.pop("maxlength", None)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return self.empty_value or ""
        return text.clean(str(value), one_line=self.one_line)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.max_length:
            raise ValidationError(too_long(len(value), self.max_length), code="max_length")


class PrintedCodeField(forms.CharField):
    """A code of 80 bits as it stands on paper; spaces, dashes, small letters and look-alikes are forgiven."""

    default_error_messages = {
        "required": _("Enter the code"),
        "max_length": _("Enter the code only: 16 letters and numbers, in groups of four"),
        "letters": _("Check the code: it has 16 letters and numbers, in groups of four"),
        "alphabet": _("Check the code: it has only numbers and letters, and never the letter U"),
    }

    def __init__(self, **kwargs: Any):
        box = {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "govuk-input--width-20 govuk-input--extra-letter-spacing",
        }
        super().__init__(max_length=80, widget=forms.TextInput(attrs=box), **kwargs)

    def clean(self, value: Any) -> str:
        code = codes.tidy_code(super().clean(value))
        if len(code) != codes.PRINTED_LETTERS:
            raise ValidationError(self.error_messages["letters"], code="letters")
        if set(code) - set(codes.ALPHABET):
            raise ValidationError(self.error_messages["alphabet"], code="alphabet")
        return code


class NameField(PlainTextField):
    """The first name a person chooses to go by, or a child's first name."""

    default_error_messages = {
        "required": _("Enter a first name"),
        "mixed": _("Use letters from one alphabet in each name"),
    }

    def __init__(self, *, max_length: int = NAME_LIMIT, **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput(attrs={"spellcheck": "false", "class": "govuk-input--width-20"}))
        super().__init__(max_length=max_length, one_line=True, **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if text.mixes_alphabets(value):
            raise ValidationError(self.error_messages["mixed"], code="mixed")


class _DatePartsField(forms.Field):
    """A date in parts. The widget hands over one string per part, in the order of `parts`."""

    parts: tuple[str, ...] = ()
    earliest = 1900

    def __init__(
        self, *, earliest: dt.date | None = None, latest: Callable[[], dt.date] | dt.date | None = None, **kwargs: Any
    ):
        self.earliest_on, self.latest_on = earliest or dt.date(self.earliest, 1, 1), latest
        kwargs.setdefault("widget", DateParts(self.parts))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dt.date | None:
        typed = [text.clean(str(part or ""), one_line=True) for part in (value or [])]
        if not any(typed):
            self.validate(None)
            return None
        date = self.read(dict(zip(self.parts, typed, strict=False)))
        self.run_validators(date)
        return date

    def read(self, typed: dict[str, str]) -> dt.date:
        try:
            date = dt.date(_number(typed["year"]), _month(typed["month"]), _number(typed.get("day", "1")))
        except (KeyError, ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        latest = self.latest_on() if callable(self.latest_on) else self.latest_on
        if date < self.earliest_on:
            raise ValidationError(self.error_messages["too_early"], code="too_early")
        if latest and date > latest:
            raise ValidationError(self.error_messages["too_late"], code="too_late")
        return date

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class MonthYearField(_DatePartsField):
    """A month and a year, such as when a child was born. Kept as the first day of that month."""

    parts = ("month", "year")
    default_error_messages = {
        "required": _("Enter a month and a year"),
        "invalid": _("Enter a month and a year as numbers, such as 5 2017"),
        "too_early": _("Enter a later year"),
        "too_late": _("Enter a month that has already begun"),
    }


class DayField(_DatePartsField):
    """A day, month and year."""

    parts = ("day", "month", "year")
    default_error_messages = {
        "required": _("Enter a day, a month and a year"),
        "invalid": _("Enter a real date, such as 19 11 2026"),
        "too_early": _("Enter a later date"),
        "too_late": _("Enter an earlier date"),
    }


def _number(typed: str) -> int:
    if not typed.isdecimal() or len(typed) > 4:
        raise ValueError(typed)
    return int(typed)


def _month(typed: str) -> int:
    """Read a month typed as a number or as its name, in the language of the page."""
    if typed.isdecimal():
        return _number(typed)
    begun = unicodedata.normalize("NFC", typed).casefold().rstrip(".")
    named = [number for number, name in MONTHS.items() if len(begun) >= 3 and str(name).casefold().startswith(begun)]
    if len(named) != 1:
        raise ValueError(typed)
    return named[0]
