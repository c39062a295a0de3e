"""What allauth asks us: who is new, where people land, what they are told, how mail leaves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import emails
from accounts.models import User
from accounts.secrets import lock, unlock

WRONG_CODE = gettext_lazy("That code is not right. Check the newest email and try again")
TOO_MANY_TRIES = gettext_lazy("There have been too many tries. Wait a few minutes, then try again")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is closed for now"),
        "cannot_remove_primary_email": gettext_lazy("Your account needs an email address"),
        "duplicate_email": gettext_lazy("This is your email address already. Enter a different one"),
        "email_password_mismatch": gettext_lazy(
            "The email address or the password is not right. Check both and try again"
        ),
        "email_taken": gettext_lazy("This email address cannot be used here. Enter a different one"),
        "enter_current_password": gettext_lazy("This is not your password now. Try again"),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": gettext_lazy("That password is not right. Try again"),
        "invalid_login": gettext_lazy("We could not sign you in. Try again"),
        "rate_limited": TOO_MANY_TRIES,
        "same_as_current": gettext_lazy("This is your email address already. Enter a different one"),
        "too_many_login_attempts": TOO_MANY_TRIES,
        "unknown_email": WRONG_CODE,
    }

    # --- who is new

    def is_open_for_signup(self, request) -> bool:
        return settings.HUB_SIGN_UP_OPEN

    def save_user(self, request, user, form, commit=True):
        """Keep what the form cleaned; the page somebody came by says what kind of person they are."""
        user.kind = getattr(form, "kind", User.Kind.PARENT)
        return super().save_user(request, user, form, commit=commit)

    def clean_email(self, email: str) -> str:
        return User.objects.normal_email(email)

    def clean_password(self, password: str, user=None) -> str:
        """Refuse a weak password with one thing to put right, not a list."""
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise error.error_list[0] from None
        return password

    # --- where people land

    def is_safe_url(self, url: str) -> bool:
        """Only pages of this very site: a `next` may never lead people away."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_login_redirect_url(self, request) -> str:
        return landing(request.user)

    def get_signup_redirect_url(self, request) -> str:
        return landing(request.user)

    def get_email_verification_redirect_url(self, email_address) -> str:
        return reverse("accounts:settings") if self.request.user.is_authenticated else reverse("account_login")

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("accounts:settings")

    # --- how mail leaves

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        emails.put(template_prefix, email, code=context.get("code", ""))

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Tell a person of a change to their account, without saying from where it was made."""
        if settings.ACCOUNT_EMAIL_NOTIFICATIONS:
            emails.put(template_prefix, email or user.email)

    # --- how pages answer

    def is_ajax(self, request) -> bool:
        """Pages answer in HTML. Only the passkey script asks for something else."""
        match = request.resolver_match
        asks = request.method == "GET" and request.headers.get("Accept") == "application/json"
        return bool(asks and match and match.url_name == "mfa_login_webauthn")

    # --- proving it is you

    def get_reauthentication_methods(self, user) -> list[dict]:
        ours = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your app, or a spare code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [method | {"description": ours[method["id"]]} for method in super().get_reauthentication_methods(user)]


def landing(person: User) -> str:
    """Where this person goes after signing in, when no page was asked for."""
    if person.is_staff:
        return reverse("admin:index")
    if person.is_professional:
        return reverse("parenting_plan:professional")
    return reverse(settings.LOGIN_REDIRECT_URL)


class SecondStepAdapter(DefaultMFAAdapter):
    """Apps and passkeys. Secrets are locked before they are kept."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": gettext_lazy("Take the second step off first, then change your email address"),
        "cannot_delete_authenticator": gettext_lazy("Your account needs a second step"),
        "cannot_generate_recovery_codes": gettext_lazy("Add an app or a passkey first"),
        "incorrect_code": gettext_lazy("That code is not right. Wait for the next one and try again"),
        "rate_limited": TOO_MANY_TRIES,
        "unverified_email": gettext_lazy("Confirm your email address first"),
    }

    def encrypt(self, text: str) -> str:
        return lock(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unlock(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """The picture an app reads, to stand in the page itself: our pages load no picture from a data address."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def generate_authenticator_name(self, user, type) -> str:  # noqa: A002  allauth's own name
        return _("My passkey")

    def _get_site_name(self) -> str:
        return settings.MFA_TOTP_ISSUER
