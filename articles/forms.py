"""What people may say on the pages of the library."""

from django import forms


class Helpful(forms.Form):
    """The answer to “Was this helpful?”: a button pressed."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
