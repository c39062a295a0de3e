"""What somebody needs in order to take part, and which sessions they would like to see."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.forms import Checkboxes, PlainTextField
from programmes.models import Needs

OTHER_LIMIT, LANGUAGE_LIMIT = 300, 80


class NeedsForm(forms.Form):
    """Nothing in it has to be filled in. What is left empty is not needed."""

    TICKED = ("bsl", "captions", "large_print", "one_to_one", "breaks", "in_person")

    ticked = forms.MultipleChoiceField(
        label=_("What would help you?"),
        help_text=_("Tick as many as you like."),
        required=False,
        choices=[
            ("bsl", _("British Sign Language")),
            ("captions", _("Captions: the words on the screen")),
            ("large_print", _("Large print or easy read")),
            ("breaks", _("More breaks")),
            ("one_to_one", _("A session on my own, not in a group")),
            ("in_person", _("To meet in person, not online")),
        ],
        widget=Checkboxes,
    )
    interpreter = PlainTextField(
        label=_("If you need an interpreter: which language?"),
        max_length=LANGUAGE_LIMIT,
        one_line=True,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    words = PlainTextField(
        label=_("Anything else?"),
        help_text=_("For example the days and times when you could come, or help with reading."),
        max_length=OTHER_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @classmethod
    def of(cls, needs: Needs | None, posted: Any = None) -> "NeedsForm":
        """The form, filled in with what was said before."""
        if needs is None:
            return cls(posted)
        ticked = [name for name in cls.TICKED if getattr(needs, name)]
        return cls(posted, initial={"ticked": ticked, "interpreter": needs.interpreter, "words": needs.other})

    def facts(self) -> dict[str, Any]:
        """The columns of Needs, once the form is valid."""
        ticked = self.cleaned_data["ticked"]
        told = {name: name in ticked for name in self.TICKED}
        return told | {"interpreter": self.cleaned_data["interpreter"], "other": self.cleaned_data["words"]}
