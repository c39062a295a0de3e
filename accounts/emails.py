"""The mails of this room, by way of the outbox: a mail server that is down never keeps anybody from signing up.

A code lies locked in the outbox, so that nobody who reads the table can use it, and is dropped once it has run out.
Known and unknown addresses get one mail each, written the same way.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DataCopy
from accounts.secrets import lock
from hub import clock, mail, notices
from hub.models import OutgoingMail

notices.call(
    {
        "data_copy_ready": _("Something you asked for is ready"),
        "data_copy_failed": _("Something you asked for did not work. You can ask again"),
    }
)

KINDS = {
    "account/email/email_confirmation_signup": "accounts/confirm_sign_up",
    "account/email/email_confirmation": "accounts/confirm_email",
    "account/email/login_code": "accounts/sign_in_code",
    "account/email/password_reset_code": "accounts/reset_code",
    "account/email/unknown_account": "accounts/no_account",
    "account/email/account_already_exists": "accounts/have_account",
    "account/email/password_changed": "accounts/password_changed",
    "account/email/password_reset": "accounts/password_changed",
    "account/email/password_set": "accounts/password_changed",
    "account/email/email_changed": "accounts/email_changed",
    "mfa/email/recovery_codes_generated": "accounts/second_step_changed",
    "mfa/email/totp_activated": "accounts/second_step_changed",
    "mfa/email/totp_deactivated": "accounts/second_step_changed",
    "mfa/email/webauthn_added": "accounts/second_step_changed",
    "mfa/email/webauthn_removed": "accounts/second_step_changed",
}
# Where the one link of each mail leads: a name of an address.
DOORS = {
    "accounts/confirm_sign_up": "account_email_verification_sent",
    "accounts/confirm_email": "account_email_verification_sent",
    "accounts/sign_in_code": "account_confirm_login_code",
    "accounts/reset_code": "account_confirm_password_reset_code",
    "accounts/no_account": "account_signup",
    "accounts/have_account": "account_login",
    "accounts/password_changed": "account_reset_password",
    "accounts/email_changed": "contact",
    "accounts/second_step_changed": "mfa_index",
}
LIFE_OF_A_CODE = {
    "accounts/confirm_sign_up": settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    "accounts/confirm_email": settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    "accounts/sign_in_code": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
    "accounts/reset_code": settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT,
}


def put(template_prefix: str, email: str, *, code: str = "") -> None:
    """Put the mail that allauth calls `template_prefix` in the outbox, to this address and nobody else."""
    kind = KINDS[template_prefix]
    facts = {"path": reverse(DOORS[kind])}
    if code:
        facts["code"] = lock(code)
    mail.put(kind=kind, key=f"accounts:{uuid.uuid4()}", to=email, facts=facts)


def code_still_works(outgoing) -> bool:
    """A code that has run out would only confuse: it is not sent any more."""
    return timezone.now() - outgoing.created_at < timedelta(seconds=LIFE_OF_A_CODE[outgoing.kind])


for _kind in LIFE_OF_A_CODE:
    mail.asked_again(_kind, alert=False)(code_still_works)


@mail.asked_again("data_copy_ready", alert=False)
def _the_copy_is_there(letter: OutgoingMail) -> bool:
    """They asked for it themselves, so it is told whether or not they want alerts."""
    return DataCopy.objects.filter(pk=letter.facts["copy"], gone_at=None, expires_at__gt=clock.now()).exists()
