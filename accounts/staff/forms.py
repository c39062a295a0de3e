"""What staff are asked when they look after accounts, and what an invited member of staff is asked."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import conflicts, roles
from accounts.forms import EmailField, first_name_field, password_field
from accounts.models import StaffMember, User
from hub.forms import Checkboxes, PlainTextField

REASON_LIMIT = 300


def reason_field(label: Any = _("Why?"), help_text: Any = "") -> PlainTextField:
    """Read by auditors for years, so that it may hold no parent's words."""
    return PlainTextField(
        label=label,
        help_text=help_text or _("One line for auditors. Name no parent and no child, and quote nobody."),
        one_line=True,
        max_length=REASON_LIMIT,
        error_messages={"required": _("Say in a few words why")},
    )


class Reason(forms.Form):
    reason = reason_field()


class Roles(forms.Form):
    """One or more roles, each with what it may do, and why."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=Checkboxes,
        error_messages={"required": _("Choose one role or more")},
    )
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        field.choices = [(role.slug, role.title) for role in roles.ROLES]  # type: ignore[attr-defined]
        field.widget.hints = {role.slug: role.what for role in roles.ROLES}  # type: ignore[attr-defined]


class Invite(Roles):
    email = EmailField(
        label=_("Work email address"),
        help_text=_("We send a link that works once, for seven days. Only whoever opens that mailbox can use it."),
    )
    field_order = ["email", "roles", "reason"]


class JoinStaff(forms.Form):
    """The name and the password of somebody who was invited to work here."""

    first_name = first_name_field()
    password = password_field(new=True)

    def __init__(self, *args: Any, email: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            person = User(email=self.email, first_name=cleaned.get("first_name", ""))
            try:
                get_adapter().clean_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class FindPerson(forms.Form):
    email = EmailField(
        label=_("Their whole email address"),
        help_text=_("As they give it to you. Each search is written down for auditors."),
    )


class OwnCase(forms.Form):
    """A reference, taken as it is: nothing here says whether there is such a plan or case."""

    about = PlainTextField(
        label=_("Plan reference or case number"),
        help_text=_("As it stands on a letter or a plan. We do not look whether there is one."),
        one_line=True,
        max_length=conflicts.LONGEST * 2,
        error_messages={"required": _("Enter a plan reference or a case number")},
    )

    def clean_about(self) -> str:
        try:
            return conflicts.tidied(self.cleaned_data["about"])
        except conflicts.NotAReference:
            raise ValidationError(_("Use letters and digits only, up to 40 of them")) from None


class OwnCaseOf(OwnCase):
    """The same, said by the safeguarding lead for somebody else."""

    person = forms.ModelChoiceField(
        label=_("Who?"),
        queryset=StaffMember.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose who it is about")},
    )
    field_order = ["person", "about"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = StaffMember.objects.order_by("email")  # type: ignore[attr-defined]
