"""The three questions of "which one is for me?". Only what is chosen decides what is shown; nothing is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.forms import PlainTextField, Radios


class Sent(forms.Form):
    """Question 1: by GET."""

    sent = forms.ChoiceField(
        label=_("Has a court or an adviser sent you?"),
        choices=[
            ("court", _("Yes, a family court ordered it")),
            ("adviser", _("Yes, a Family Court Adviser asked me to")),
            ("nobody", _("No, I am here by myself")),
            ("unsure", _("I am not sure")),
        ],
        widget=Radios(hints={"adviser": _("They work for Cafcass."), "unsure": _("We tell you where to look.")}),
        error_messages={
            "required": _("Choose one. “I am not sure” is fine."),
            "invalid_choice": _("Choose one"),
        },
    )


class Between(forms.Form):
    """Question 2: by GET. No answer to it says that somebody is afraid."""

    between = forms.ChoiceField(
        label=_("How are things between you and the other parent now?"),
        choices=[
            ("talk", _("We can talk, most of the time")),
            ("argue", _("We argue, or it gets tense")),
            ("hardly", _("We hardly speak, or not at all")),
        ],
        widget=Radios(),
        error_messages={
            "required": _("Choose the one that is nearest. It need not fit well."),
            "invalid_choice": _("Choose one"),
        },
    )


class Afraid(forms.Form):
    """Question 3: by POST alone, so that the answer is in no address."""

    afraid = forms.ChoiceField(
        label=_("Are you afraid of the other parent?"),
        help_text=_("Say yes, too, if a court or the police told one of you to stay away."),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unsure", _("I am not sure, or I would rather not say"))],
        widget=Radios(),
        error_messages={
            "required": _("Choose one. “I am not sure” is fine."),
            "invalid_choice": _("Choose one"),
        },
    )


class Search(forms.Form):
    """A word to look for among questions and answers. Anything may be typed; too much of it is not an error."""

    q = PlainTextField(
        label=_("Search these questions"),
        one_line=True,
        required=False,
        max_length=10_000,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "true", "enterkeyhint": "search"}),
    )
