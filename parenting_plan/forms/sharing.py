"""Letting a professional read the plan, telling staff that something is wrong, and checking a printed code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import EmailField
from hub.forms import ANSWER_LIMIT, PlainTextField, PrintedCodeField, Radios
from parenting_plan.models import SafetyReport


class LetRead(forms.Form):
    """The address of a solicitor, mediator or court adviser."""

    email = EmailField(
        label=_("Their email address"),
        help_text=_("They can read the plan only after they sign in with exactly this address. Check it with them."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter an email address"),
            "invalid": _("Enter an email address in full, such as name@example.com"),
            "max_length": _("Enter a shorter email address"),
        },
    )


class Report(forms.Form):
    """What is wrong, in as few or as many words as the person has."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[
            (SafetyReport.Kind.SAFETY, _("I do not feel safe, or I am worried about a child")),
            (SafetyReport.Kind.WORDS, _("Words in the plan upset or frighten me, or break the rules")),
        ],
        widget=Radios(),
        error_messages={
            "required": _("Choose what it is about"),
            "invalid_choice": _("Choose what it is about"),
        },
    )
    words = PlainTextField(
        label=_("What would you like us to know? (optional)"),
        help_text=_("A few words are enough. You can leave this empty."),
        max_length=ANSWER_LIMIT,
        required=False,
    )
    may_answer = forms.BooleanField(
        label=_("It is safe to send me a short message here"),
        help_text=_(
            "It says only that we have looked, and you get an email that says “You have an update”. "
            "Leave this empty if somebody else may see your phone or your account."
        ),
        required=False,
    )


class CheckCode(forms.Form):
    """The code printed on a plan."""

    code = PrintedCodeField(
        label=_("Check code"),
        help_text=_("It stands on the first and the last page: 16 letters and numbers, in groups of four."),
        error_messages={"required": _("Enter the check code")},
    )
