"""What people are asked when they sign up, sign in and look after their account. allauth's checks, our words."""

from typing import Any

from allauth.account import forms as stock
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as app_codes
from allauth.mfa.webauthn import forms as passkeys
from allauth.mfa.webauthn.internal import auth as passkey_parts
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.passwords import RULES, NotEasyToGuess
from accounts.signals import second_step_refused
from accounts.staff.actions import is_work_address
from hub.forms import NameField, Words

PASSWORD = _("Password")
PASSWORD_LIMIT = 256
UNSEEN = {"null_characters_not_allowed": _("There is a character in it that cannot be seen. Type it again")}


class EmailField(forms.EmailField):
    """An email address in its one normal form. Letters that only look like others are refused, not guessed at."""

    default_error_messages = {
        "required": _("Enter your email address"),
        "invalid": _("Enter an email address in the right form, such as name@example.com"),
        "max_length": _("Enter a shorter email address"),
    }

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", _("Email address"))
        kwargs.setdefault("max_length", 254)
        attrs = {"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        kwargs.setdefault("widget", forms.EmailInput(attrs=attrs))
        super().__init__(**kwargs)
        _uncut(self)

    def clean(self, value: Any) -> str:
        address = get_user_model().objects.normal_email(str(value or ""))
        nobodys = address.endswith(".invalid")  # by RFC 2606: names what is left of closed accounts here
        if nobodys or not (address.isascii() and address.isprintable()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().clean(address)


def password_field(label: Words = PASSWORD, *, new: bool = False) -> forms.CharField:
    """A box for a password: pasting works, password managers know what it is for."""
    return _uncut(
        forms.CharField(
            label=label,
            strip=False,
            help_text=RULES if new else "",
            max_length=PASSWORD_LIMIT,
            error_messages={
                "required": _("Choose a password") if new else _("Enter your password"),
                "max_length": _("Use 256 characters or fewer"),
                **UNSEEN,
            },
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
        )
    )


def code_field(label: Words, hint: Words) -> forms.CharField:
    """A box for a code from an email or an app. Phones can fill it in."""
    attrs = {
        "autocomplete": "one-time-code",
        "spellcheck": "false",
        "autocapitalize": "characters",
        "class": "govuk-input--width-10",
    }
    return _uncut(
        forms.CharField(
            label=label,
            help_text=hint,
            max_length=40,
            error_messages={
                "required": _("Enter the code"),
                "max_length": _("Enter the code, and nothing else"),
                **UNSEEN,
            },
            widget=forms.TextInput(attrs=attrs),
        )
    )


def _uncut(field: forms.CharField) -> forms.CharField:
    """A browser cuts what is pasted to `maxlength` without a word: an error says it better."""
    field.widget.attrs.pop("maxlength", None)
    return field


def first_name_field() -> NameField:
    """The one thing we ask about a person."""
    return NameField(
        label=_("What should we call you?"),
        help_text=_("Your first name, or the name you are known by."),
        error_messages={"required": _("Enter the name you would like to be called")},
        widget=forms.TextInput(
            attrs={"autocomplete": "given-name", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )


# --- Coming in -------------------------------------------------------------------------------------------------------


class SignUp(stock.SignupForm):
    """A new parent: a name to be known by, an email address, a password."""

    kind = User.Kind.PARENT
    field_order = ["first_name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(
            help_text=_("We send a code to it, to check that it is yours. The other parent never sees it.")
        )
        self.fields["password1"] = password_field(new=True)
        self.fields["first_name"] = first_name_field()
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        password = cleaned.get("password1")
        if password and not self.has_error("password1"):
            person = User(email=cleaned.get("email", ""), first_name=cleaned.get("first_name", ""))
            try:
                NotEasyToGuess().validate(password, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request):
        """Take as long for an address that has an account as for a new one: a hash is slow enough to be seen."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class SignUpAsProfessional(SignUp):
    """A new solicitor, mediator or court adviser."""

    kind = User.Kind.PROFESSIONAL

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "Use the address the parent gave us. We send a code to it, to check that it is yours."
        )
        self.fields["first_name"].help_text = _("Your first name is enough.")


class SignIn(stock.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()
        self.fields["password"] = password_field()
        self.order_fields(["login", "password"])


class AskForSignInCode(stock.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField()


class _CodeFromEmail:
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(  # type: ignore[attr-defined]
            _("Code from the email"), _("Eight letters. Capitals, spaces and dashes do not matter.")
        )


class ConfirmSignInCode(_CodeFromEmail, stock.ConfirmLoginCodeForm):
    pass


class ConfirmEmailCode(_CodeFromEmail, stock.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmResetCode(_CodeFromEmail, stock.ConfirmPasswordResetCodeForm):
    pass


# --- Looking after the account ---------------------------------------------------------------------------------------


class AskForReset(stock.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField()


class _OneNewPassword:
    """The new password once: with a button to show it, typing it twice only makes mistakes."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields = self.fields  # type: ignore[attr-defined]
        del fields["password2"]
        fields["password1"] = password_field(_("New password"), new=True)

    def clean_password1(self) -> str:
        from allauth.account.adapter import get_adapter

        return get_adapter().clean_password(self.cleaned_data["password1"], user=self.user)  # type: ignore[attr-defined]


class ChooseNewPassword(_OneNewPassword, stock.ResetPasswordKeyForm):
    pass


class SetFirstPassword(_OneNewPassword, stock.SetPasswordForm):
    pass


class ChangePassword(_OneNewPassword, stock.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password_field(_("Your password now"))
        self.order_fields(["oldpassword", "password1"])


class ChangeEmail(stock.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["email"] = EmailField(
            label=_("New email address"),
            help_text=_("We send a code to it. Nothing changes until you enter that code."),
        )

    def clean_email(self) -> str:
        """Whoever works here stays reachable at work: an address elsewhere would outlive their work."""
        address = super().clean_email()
        if self.user.kind == User.Kind.STAFF and not is_work_address(address):
            raise ValidationError(_("Use a work address. Staff accounts can have no other"), code="not_at_work")
        return address


class ConfirmItIsYou(stock.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field()


class FirstName(forms.ModelForm):
    first_name = first_name_field()

    class Meta:
        model = User
        fields = ["first_name"]


class Alerts(forms.ModelForm):
    wants_alerts = forms.BooleanField(label=_("Email me when something is ready for me"), required=False)

    class Meta:
        model = User
        fields = ["wants_alerts"]


class PrivatePages(forms.ModelForm):
    asks_again = forms.BooleanField(label=_("Ask me again before my goals and notes are shown"), required=False)

    class Meta:
        model = User
        fields = ["asks_again"]


class CloseAccount(forms.Form):
    """One tick before what nobody can undo."""

    understand = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Tick the box if you want to close your account. If not, go back")},
    )


# --- The second step -------------------------------------------------------------------------------------------------


class _Told:
    """A second step that is refused is told, once for each try: a wrong one, a broken one, or one too many."""

    def full_clean(self):
        super().full_clean()  # type: ignore[misc]
        errors = (error for field in self.errors.as_data().values() for error in field)  # type: ignore[attr-defined]
        if any(error.code != "required" for error in errors):
            second_step_refused.send(sender=type(self), person=self.whose())

    def whose(self) -> User | None:
        return self.user  # type: ignore[attr-defined]


class _CodeFromApp:
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(  # type: ignore[attr-defined]
            _("Code"), _("Six numbers from your app, or eight numbers from your list of spare codes.")
        )


class SecondStep(_Told, _CodeFromApp, second_step.AuthenticateForm):
    pass


class ConfirmBySecondStep(_Told, _CodeFromApp, second_step.ReauthenticateForm):
    pass


class AddApp(app_codes.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code from the app"), _("Six numbers. They change every 30 seconds."))


class _NameOfAPasskey:
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(  # type: ignore[attr-defined]
            label=_("A name for this passkey"),
            help_text=_("So that you know it again, such as “My phone”. Only you see it."),
            required=False,
            max_length=60,
            error_messages={"max_length": _("Use 60 characters or fewer"), **UNSEEN},
            widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
        )


class _FromThePasskey:
    """What the browser's script hands over. People never see it, so a broken one is told in words they can use."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        words = _("The passkey did not answer. Try again, or choose another way")
        self.fields["credential"].error_messages |= {"required": words, "invalid": words}  # type: ignore[attr-defined]


class _AskedForAPasskey(_Told, _FromThePasskey):
    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (AttributeError, KeyError) as error:  # allauth and its library take parts of it for granted
            words = self.fields["credential"].error_messages["invalid"]  # type: ignore[attr-defined]
            raise ValidationError(words, code="invalid") from error


class PasskeySignIn(_AskedForAPasskey, passkeys.LoginWebAuthnForm):
    def whose(self) -> User | None:
        """Nobody is known yet: whose passkey it says it is, as for an address with a wrong password."""
        try:
            credential = self.fields["credential"].clean(self.data.get("credential"))
            return passkey_parts.extract_user_from_response(credential)
        except (ValidationError, AttributeError):
            return None


class PasskeySecondStep(_AskedForAPasskey, passkeys.AuthenticateWebAuthnForm):
    pass


class ConfirmByPasskey(_AskedForAPasskey, passkeys.ReauthenticateWebAuthnForm):
    pass


class AddPasskey(_NameOfAPasskey, _FromThePasskey, passkeys.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Let me sign in with this passkey alone, without a password"),
            required=False,
        )
        self.order_fields(["name", "passwordless", "credential"])


class RenamePasskey(_NameOfAPasskey, passkeys.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = _("Enter a name for this passkey")
