"""What a person tells us when they ask about their data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import DataRequest
from hub.forms import PlainTextField, Radios

Kind = DataRequest.Kind
CHOOSE = _("Choose what you would like us to do")


class Ask(forms.Form):
    kind = forms.ChoiceField(
        label=_("What would you like us to do?"),
        choices=[
            (Kind.ERASE, _("Erase something")),
            (Kind.CORRECT, _("Put something right")),
            (Kind.COMPLAINT, _("Look into a complaint about how we use your data")),
            (Kind.OTHER, _("Something else about your data")),
        ],
        widget=Radios(
            hints={
                Kind.ERASE: _("Take away something about you that we keep."),
                Kind.CORRECT: _("Something we keep about you is wrong."),
                Kind.COMPLAINT: _("Such as: we showed something we should not have, or answered you wrongly."),
                Kind.OTHER: _("Such as a question, or asking us not to use something."),
            }
        ),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    words = PlainTextField(
        label=_("Tell us more"),
        help_text=_("Say what it is about and where you saw it. You need not say why."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Say what it is about, so that we know what to look for")},
    )
