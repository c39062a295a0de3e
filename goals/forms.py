"""What people type about their goals, and the five faces they choose from."""

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.models import NOTE_LIMIT, WORDS_LIMIT, Felt, Goal, Reminder
from hub.forms import PlainTextField, Radios


def _box(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class FacesField(forms.TypedChoiceField):
    """Five faces with words, each a radio button. None is chosen for anybody."""

    unknown = _("Choose one of the five faces")

    def __init__(self, **kwargs):
        messages = {"required": self.unknown, "invalid_choice": self.unknown}
        kwargs |= {"choices": Felt.choices, "coerce": int, "widget": Radios(), "error_messages": messages}
        super().__init__(template_name="goals/_faces.html", **kwargs)


class Words(forms.Form):
    """A goal, in words of their own or in ours made theirs."""

    kind = forms.ChoiceField(
        label=_("Who is this goal for?"),
        choices=Goal.Kind.choices,
        widget=Radios(
            hints={
                "me": _("Something I do, whatever the other parent does."),
                "us": _("Something for how we two work together. I can only do my own half."),
            }
        ),
        error_messages={"required": _("Choose who this goal is for"), "invalid_choice": _("Choose one of the two")},
    )
    words = PlainTextField(
        label=_("My goal"),
        help_text=_("Say it as something you will do. For example: I say hello first at the door."),
        max_length=WORDS_LIMIT,
        widget=_box(2),
        error_messages={"required": _("Write what you would like to do")},
    )
    why = PlainTextField(
        label=_("Why it matters to my child (optional)"), required=False, max_length=WORDS_LIMIT, widget=_box(3)
    )
    first_step = PlainTextField(
        label=_("My first step (optional)"),
        help_text=_("Make it small. Something you could do this week."),
        required=False,
        max_length=WORDS_LIMIT,
        widget=_box(2),
    )


class HowItWent(forms.Form):
    """A check-in."""

    felt = FacesField(
        label=_("How has it been going?"), help_text=_("Go with your first feeling. Every answer is a fine answer.")
    )
    note = PlainTextField(
        label=_("A line for yourself (optional)"),
        help_text=_("What helped, or what got in the way?"),
        required=False,
        max_length=NOTE_LIMIT,
        widget=_box(3),
    )


class Wish(forms.Form):
    """Whether, and how often, they would like to be reminded."""

    every = forms.TypedChoiceField(
        label=_("Would you like a reminder?"),
        choices=[("0", _("No reminders")), *Reminder.Every.choices],
        coerce=int,
        widget=Radios(),
        error_messages={"required": _("Choose one"), "invalid_choice": _("Choose one of the three")},
    )
