"""What staff type when they work on requests about data."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import EmailField
from accounts.models import DataRequest
from accounts.rights import answering, asking
from accounts.staff.forms import reason_field
from hub import clock
from hub.desk.queue import Add, Decide
from hub.forms import PlainTextField
from hub.words import HOME

CHOOSE = ("", _("Choose"))
ONLY_COLLEAGUES = _("Only colleagues who work on requests read it. Nobody can change or delete it.")
NOT_WITHIN = timedelta(days=366)  # a request that came longer ago was mistyped


def _box(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Take(Decide):
    why = PlainTextField(label=_("A note"), help_text=ONLY_COLLEAGUES, required=False, widget=_box(3))


class Note(Add):
    words = PlainTextField(label=_("Your note"), help_text=ONLY_COLLEAGUES)


class Know(Decide):
    how = forms.ChoiceField(
        label=_("How do you know?"),
        choices=[CHOOSE, *answering.Known.choices],
        error_messages={"required": _("Choose how you know")},
    )
    words = PlainTextField(
        label=_("What did you see or hear?"),
        help_text=_("Do not copy a document here. Say which it was and who looked at it."),
        widget=_box(3),
        error_messages={"required": _("Say what you saw or heard")},
    )


class Answer(Decide):
    """Words for the person."""

    answer = PlainTextField(
        label=_("What they read"),
        help_text=_("It cannot be changed once it is sent. Say nothing about the other parent or about a legal hold."),
        error_messages={"required": _("Write what they read")},
    )

    def __init__(self, *args: Any, row: DataRequest, **kwargs: Any):
        super().__init__(*args, row=row, **kwargs)
        if row.person_id is None:
            self.fields["answer"].label = _("What you wrote or said to them")


class End(Answer):
    outcome = forms.ChoiceField(label=_("What came of it"), error_messages={"required": _("Choose what came of it")})
    field_order = ["version", "outcome", "answer"]

    def __init__(self, *args: Any, row: DataRequest, **kwargs: Any):
        super().__init__(*args, row=row, **kwargs)
        found = [(each.value, each.label) for each in answering.outcomes(row)]
        self.fields["outcome"].choices = [CHOOSE, *found]  # type: ignore[attr-defined]


class Why(Decide):
    reason = reason_field()


class WriteDown(forms.Form):
    """A request that came by letter, phone or email."""

    way = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[CHOOSE, *(each for each in DataRequest.Way.choices if each[0] != DataRequest.Way.ACCOUNT)],
        error_messages={"required": _("Choose how it came")},
    )
    received_on = forms.DateField(
        label=_("On which day?"),
        help_text=_("The day it reached us, also if nobody worked then. The month to answer counts from it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the day"), "invalid": _("Enter a day, such as 2026-11-22")},
    )
    kind = forms.ChoiceField(
        label=_("What do they ask for?"),
        choices=[CHOOSE, *DataRequest.Kind.choices],
        error_messages={"required": _("Choose what they ask for")},
    )
    email = EmailField(
        label=_("Email address of their account"),
        help_text=_("The whole address as they gave it. If there is such an account, the request is joined to it."),
        required=False,
    )
    words = PlainTextField(
        label=_("What they asked, in their words"),
        help_text=_("The person whose account it is can read this."),
        error_messages={"required": _("Write what they asked")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = asking.today()

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > asking.today():
            raise ValidationError(_("Enter a day that is not in the future"))
        if day < asking.today() - NOT_WITHIN:
            raise ValidationError(_("Enter a day within the last year"))
        return day

    @property
    def facts(self) -> dict[str, Any]:
        """For accounts.rights.answering.add: the day as a moment, midday at home, or now if that is earlier."""
        told = dict(self.cleaned_data)
        midday = datetime.combine(told.pop("received_on"), time(12), tzinfo=HOME)
        return told | {"received_at": min(midday, clock.now())}
