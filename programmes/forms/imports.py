"""What staff send in to make many referrals at once: a file, or rows copied from a spreadsheet."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SendIn(forms.Form):
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Saved from your spreadsheet as CSV. 5,000 rows at most, and 4 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        error_messages={"empty": _("This file is empty.")},
    )
    rows = forms.CharField(
        label=_("Or paste rows here"),
        required=False,
        strip=False,
        help_text=_("Copied from your spreadsheet, with the row of headings. About a thousand rows fit."),
        widget=forms.Textarea(attrs={"rows": 6, "cols": 70, "spellcheck": "false"}),
    )

    def clean(self):
        told = super().clean()
        file, rows = told.get("file"), told.get("rows", "").strip()
        if file and file.size > settings.IMPORT_BYTES:
            self.add_error("file", gettext("This file is too large. 5,000 rows are less than 4 MB: send it in parts."))
        elif file and rows:
            self.add_error("rows", gettext("Send a file, or paste rows: not both at once."))
        elif not file and not rows and not self.errors:
            raise ValidationError(gettext("Choose a file, or paste rows."))
        return told

    def content(self) -> bytes:
        """What was sent in."""
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["rows"].encode()
