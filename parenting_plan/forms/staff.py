"""What staff type about reports and about opening a plan's words."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hub.desk.queue import Add, Decide
from hub.forms import PlainTextField
from parenting_plan.actions.safeguarding import colleagues
from parenting_plan.models import SafetyReport

AUDITORS_READ = _("Auditors read this line. Write no names, and nothing that a parent wrote.")
FEWEST_WORDS = 5


class Act(Decide):
    why = PlainTextField(label=_("Why"), help_text=AUDITORS_READ, max_length=400, widget=forms.Textarea({"rows": 3}))


class Take(Act):
    field_order = ["version", "why"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].required = False


class Triage(Act):
    severity = forms.ChoiceField(
        label=_("How soon must it be looked at?"), choices=[("", _("Choose one")), *SafetyReport.Severity.choices]
    )
    field_order = ["version", "severity", "why"]

    def __init__(self, *args, row: SafetyReport, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["severity"].initial = row.severity


class HandOver(Act):
    to = forms.ModelChoiceField(label=_("To whom"), queryset=User.objects.none(), empty_label=_("Choose a colleague"))
    field_order = ["version", "to", "why"]

    def __init__(self, *args, row: SafetyReport, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["to"].queryset = User.objects.filter(pk__in=[person.pk for person in colleagues(row)])
        self.fields["to"].label_from_instance = lambda person: f"{person.first_name}, {person.email}"


class Close(Act):
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=[("", _("Choose an outcome")), *SafetyReport.Outcome.choices]
    )
    field_order = ["version", "outcome", "why"]


class Hide(Act):
    may_show = forms.BooleanField(
        label=_("They may bring the words back themselves"),
        help_text=_("They then see a button “Show the words”. Without it only staff can."),
        required=False,
        initial=True,
    )
    field_order = ["version", "may_show", "why"]


class Answer(Act):
    answer = forms.ChoiceField(label=_("What they read"), choices=SafetyReport.Answer)
    field_order = ["version", "answer", "why"]


class Note(Add):
    """More for the story of a report. Nobody can change it afterwards."""

    words = PlainTextField(
        label=_("Your note"),
        help_text=_("It stays as it is: nobody can change or delete it. Only those who work on reports read it."),
        max_length=2000,
    )


class OpenWords(forms.Form):
    """Why staff must read the words of a plan."""

    case_reference = PlainTextField(
        label=_("Case reference"),
        help_text=_("The case you are working on, such as ZW26P00123 or report 41."),
        max_length=40,
        one_line=True,
    )
    reason = PlainTextField(label=_("Why you must read this plan"), max_length=400, widget=forms.Textarea({"rows": 3}))
    asked = forms.ModelChoiceField(
        label=_("Colleague you asked first"),
        help_text=_("Asking somebody is wise, not required."),
        queryset=User.objects.none(),
        empty_label=_("Nobody"),
        required=False,
    )

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = gettext("At least a sentence. %(more)s") % {"more": AUDITORS_READ}
        staff = User.objects.filter(is_staff=True, is_active=True).exclude(pk=person.pk)
        self.fields["asked"].queryset = staff.order_by("first_name", "pk")
        self.fields["asked"].label_from_instance = lambda other: f"{other.first_name}, {other.email}"

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if len(reason.split()) < FEWEST_WORDS:
            raise ValidationError(gettext("Write at least a sentence: what happened, and what you must find out."))
        return reason
