"""What people are asked when they start a plan, ask the other parent, or are asked."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import EmailField
from hub.forms import MonthYearField, NameField, PlainTextField, Radios
from parenting_plan.models import Invitation, Plan

MOST_CHILDREN = 8
# Years. The joint record is kept until the youngest child is 25, and one parent types in their age: this keeps it for
# seven years at least, whatever they type.
OLDEST = 18

SAFETY_QUESTIONS = {
    "adults": _("Has somebody close to you ever hurt, frightened or controlled you or another adult?"),
    "children": _("Are you worried that a child is being hurt, or may not be safe?"),
}


class SafetyQuestion(forms.Form):
    """One of the two safety questions. Nobody keeps the answer."""

    answer = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No")), ("not_sure", _("I am not sure"))],
        widget=Radios(),
        error_messages={"required": _("Choose an answer. “I am not sure” is a good answer too")},
    )

    def __init__(self, about: str, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = SAFETY_QUESTIONS[about]


class Orders(forms.Form):
    """What courts and the police have decided."""

    orders = forms.ChoiceField(
        label=_("Has a court or the police decided anything about your family?"),
        choices=[
            (Plan.Orders.NONE, _("No")),
            (Plan.Orders.PROCEEDINGS, _("A court case is going on")),
            (Plan.Orders.IN_FORCE, _("There is a court order about the children")),
            (Plan.Orders.PROTECTIVE, _("One of us must stay away or not be in touch")),
        ],
        widget=Radios(
            hints={
                Plan.Orders.PROCEEDINGS: _("Nothing is decided yet."),
                Plan.Orders.IN_FORCE: _("It says, for example, where they live or when they see each of you."),
                Plan.Orders.PROTECTIVE: _(
                    "For example a non-molestation order, a restraining order, or a rule about bail from the police."
                ),
            }
        ),
        error_messages={"required": _("Choose what fits best")},
    )


class ChildForm(forms.Form):
    """One child: a first name, and the month and year of birth."""

    first_name = NameField(
        label=_("First name"),
        error_messages={"required": _("Enter your child’s first name")},
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    born = MonthYearField(
        label=_("When were they born?"),
        help_text=_("The month and the year, such as 5 2017. We do not need the day."),
        error_messages={
            "required": _("Enter the month and year your child was born"),
            "invalid": _("Enter the month and year as numbers, such as 5 2017"),
            "too_early": _("A plan is for children under 18. Check the year"),
            "too_late": _("Enter a month that has already begun"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["born"].latest_on = today
        self.fields["born"].earliest_on = dt.date(today.year - OLDEST, today.month, 1)

    def clean_first_name(self) -> str:
        name = self.cleaned_data["first_name"]
        if not any(letter.isalpha() for letter in name):
            raise ValidationError(self.fields["first_name"].error_messages["required"], code="required")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if born := cleaned.get("born"):
            cleaned["child"] = (cleaned.get("first_name", ""), born.year, born.month)
        return cleaned


class ChildrenForm:
    """Up to eight children on one page. "Add" and "Remove" are buttons of the form, so no script is needed."""

    def __init__(self, posted: Mapping[str, Any] | None = None, known: Iterable[tuple[str, int, int]] = ()):
        self.asks_for_rows = False
        self.new_row: int | None = None
        if posted is None:
            typed = [{"first_name": name, "born": [month, year]} for name, year, month in known]
            self.rows = self._rows(typed or [{}])
            return
        typed = [self._typed(posted, number) for number in range(self._count(posted))]
        wish = str(posted.get("do", ""))
        if wish == "add":
            self.asks_for_rows = True
            if len(typed) < MOST_CHILDREN:
                self.new_row = len(typed)
                typed.append({})
        elif wish.startswith("remove-") and wish.removeprefix("remove-") in map(str, range(len(typed))):
            self.asks_for_rows = True
            del typed[int(wish.removeprefix("remove-"))]
        if self.asks_for_rows:
            self.rows = self._rows(typed or [{}])
            return
        filled = [row for row in typed if row["first_name"].strip() or any(part.strip() for part in row["born"])]
        self.rows = [
            ChildForm(
                {
                    f"child{number}-first_name": row["first_name"],
                    f"child{number}-born_month": row["born"][0],
                    f"child{number}-born_year": row["born"][1],
                },
                prefix=f"child{number}",
            )
            for number, row in enumerate(filled or typed[:1])
        ]

    @staticmethod
    def _count(posted: Mapping[str, Any]) -> int:
        rows = str(posted.get("rows", ""))
        return min(max(int(rows), 1), MOST_CHILDREN) if rows.isdecimal() and len(rows) < 3 else 1

    @staticmethod
    def _typed(posted: Mapping[str, Any], number: int) -> dict[str, Any]:
        return {
            "first_name": str(posted.get(f"child{number}-first_name", "")),
            "born": [str(posted.get(f"child{number}-born_{part}", "")) for part in ("month", "year")],
        }

    def _rows(self, typed: list[dict[str, Any]]) -> list[ChildForm]:
        rows = [ChildForm(prefix=f"child{number}", initial=row) for number, row in enumerate(typed)]
        if self.new_row is not None:
            rows[self.new_row].fields["first_name"].widget.attrs["autofocus"] = True
        return rows

    @property
    def room_for_more(self) -> bool:
        return len(self.rows) < MOST_CHILDREN

    def is_valid(self) -> bool:
        """True when the person pressed Continue and every child is fine."""
        return not self.asks_for_rows and all(row.is_valid() for row in self.rows)

    @property
    def has_errors(self) -> bool:
        return any(row.is_bound and row.errors for row in self.rows)

    @property
    def children(self) -> list[tuple[str, int, int]]:
        """(first name, year, month) of each child, once `is_valid` said so."""
        return [row.cleaned_data["child"] for row in self.rows]


class WayToInvite(forms.Form):
    way = forms.ChoiceField(
        label=_("How would you like to ask them?"),
        choices=[(Invitation.Way.EMAIL, _("We send an email")), (Invitation.Way.CODE, _("I hand over a code"))],
        widget=Radios(
            cards=True,
            hints={
                Invitation.Way.EMAIL: _("You give us their address. Only that address can use the invitation."),
                Invitation.Way.CODE: _("You write a code down and pass it on. You check who has joined."),
            },
            icons={Invitation.Way.EMAIL: "plan", Invitation.Way.CODE: "pen"},
        ),
        error_messages={"required": _("Choose one of the two")},
    )


class InviteByEmail(forms.Form):
    """Where the invitation goes, and that its reader is happy to get it."""

    email = EmailField(
        label=_("Their email address"),
        help_text=_("An address that only they read."),
        error_messages={"required": _("Enter their email address")},
    )
    happy = forms.BooleanField(
        label=_("They are happy to get this email from the hub"),
        help_text=_("Ask them first, if it is safe to ask."),
        error_messages={"required": _("Tick the box if they are happy to get this email. If not, do not send it")},
    )

    def __init__(self, *args: Any, own: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.own = own
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        if self.cleaned_data["email"] == self.own:
            raise ValidationError(_("This is your own address. Enter the other parent’s"))
        return self.cleaned_data["email"]


class WhoJoined(forms.Form):
    answer = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No, or I am not sure"))],
        widget=Radios(),
        error_messages={"required": _("Choose an answer")},
    )


class SayNo(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Which fits best?"),
        choices=[
            (Invitation.Outcome.DECLINED, _("No thank you")),
            (Invitation.Outcome.UNKNOWN, _("I do not know this person")),
            (Invitation.Outcome.UNSAFE, _("I do not feel safe")),
        ],
        widget=Radios(
            hints={
                Invitation.Outcome.UNKNOWN: _("Our team will look at it."),
                Invitation.Outcome.UNSAFE: _("Our team will look at it. We show you who can help."),
            }
        ),
        error_messages={"required": _("Choose what fits best")},
    )


class InvitationCode(forms.Form):
    code = PlainTextField(
        label=_("Your code"),
        help_text=_("Twelve letters and numbers. Capitals, spaces and dashes do not matter."),
        one_line=True,
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "govuk-input--width-20",
            }
        ),
        error_messages={"required": _("Enter the code you were given")},
    )
