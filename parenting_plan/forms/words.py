"""Writing, sending and answering."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.forms import PlainTextField, Radios

LINES = 80  # more than any plan needs; thousands of empty lines would make a book of it


class Write(forms.Form):
    """A parent's own words for one question."""

    text = PlainTextField(
        label=_("Your words"),
        max_length=settings.PLAN_TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, needs_words: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_words = needs_words

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if self.needs_words and not text:
            raise forms.ValidationError(gettext("Write your suggestion, or use the starter wording"))
        if text.count("\n") >= LINES:
            raise forms.ValidationError(gettext("Use fewer lines. There is room for %(n)d.") % {"n": LINES})
        return text


class Note(forms.Form):
    """The short note that goes with a suggestion."""

    note = PlainTextField(
        label=_("Add a short note (optional)"),
        max_length=settings.PLAN_NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, them: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = gettext("%(name)s will see this. It does not become part of the plan.") % {
            "name": them
        }


class Answer(forms.Form):
    """Three answers of equal weight, none of them chosen for anybody; and the rarer ones, folded away on the page."""

    answer = forms.ChoiceField(
        label=_("How would you like to answer?"),
        help_text=_("No one should push you. You can leave this until later."),
        error_messages={"required": _("Choose how you would like to answer. Leaving it for now is an answer too.")},
    )

    def __init__(self, *args, them: str, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [
            ("agree", gettext("Agree to these words")),
            ("change", gettext("Suggest different words")),
            ("later", gettext("Leave it for now")),
        ]
        self.fields["answer"].widget = Radios(
            cards=True,
            hints={
                "agree": gettext("You see them once more before anything is final."),
                "change": gettext("Start from %(name)s’s words and change what you need.") % {"name": them},
                "later": gettext("%(name)s is not told. It will be here when you come back.") % {"name": them},
            },
            icons={"agree": "tick", "change": "pen", "later": "later"},
        )
        self.fields["answer"].choices = choices


class Seen(forms.Form):
    """What a form that acts carries along: which state and which words its reader saw, and its one-time key."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    submit_key = forms.CharField(widget=forms.HiddenInput, max_length=40)
