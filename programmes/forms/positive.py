"""What a parent says to the Positive co-Parenting Programme."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.forms import Radios
from programmes.models import Consent


class Say(forms.Form):
    """Yes or no. Neither is chosen for anybody, and both look the same."""

    said = forms.ChoiceField(
        label=_("Would you like to take part?"),
        choices=[
            (Consent.Said.YES, _("Yes, I would like to take part")),
            (Consent.Said.NO, _("No, I would rather not")),
        ],
        widget=Radios(cards=True),
        error_messages={"required": _("Choose yes or no"), "invalid_choice": _("Choose yes or no")},
    )
