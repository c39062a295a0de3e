"""The code of a certificate, as somebody types it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.codes import ALPHABET, tidy_code
from programmes.models.learning import CODE_LETTERS


class CertificateCode(forms.Form):
    """Spaces, dashes, small letters and look-alikes are forgiven."""

    code = forms.CharField(
        label=_("Certificate code"),
        help_text=_("It is on the paper: 16 letters and numbers, in groups of four."),
        max_length=80,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "govuk-input--width-20 govuk-input--extra-letter-spacing",
            }
        ),
        error_messages={
            "required": _("Enter the certificate code"),
            "max_length": _("Enter the code only: 16 letters and numbers, in groups of four"),
        },
    )

    def clean_code(self) -> str:
        code = tidy_code(self.cleaned_data["code"])
        if len(code) != CODE_LETTERS:
            raise forms.ValidationError(_("Check the code: it has 16 letters and numbers, in groups of four"))
        if set(code) - set(ALPHABET):
            raise forms.ValidationError(_("Check the code: it has only numbers and letters, and never the letter U"))
        return code
