"""The code of a certificate, as somebody types it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.forms import PrintedCodeField


class CertificateCode(forms.Form):
    code = PrintedCodeField(
        label=_("Certificate code"),
        help_text=_("It is on the paper: 16 letters and numbers, in groups of four."),
        error_messages={"required": _("Enter the certificate code")},
    )
