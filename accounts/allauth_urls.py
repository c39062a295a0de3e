"""The addresses of allauth that exist here, one by one. What is not in this list cannot be reached."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as spare_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from accounts import views
from accounts.staff.signins import opens_the_account


def _at(route: str, view, name: str):
    return path(route, views.says_errors(view), name=name)


def _opens(route: str, view, name: str):
    """What opens the account is changed here."""
    return _at(route, opens_the_account(view), name)


urlpatterns = [
    _at("signup/", views.SignUp.as_view(), "account_signup"),
    _at("signup/professional/", views.SignUpAsProfessionalView.as_view(), "account_signup_professional"),
    _opens("confirm-email/", views.ConfirmEmailCode.as_view(), "account_email_verification_sent"),
    _at("login/", account.login, "account_login"),
    _at("login/code/", account.request_login_code, "account_request_login_code"),
    _at("login/code/confirm/", views.ConfirmSignInCode.as_view(), "account_confirm_login_code"),
    _at("logout/", account.logout, "account_logout"),
    _at("inactive/", account.account_inactive, "account_inactive"),
    _at("reauthenticate/", views.ConfirmItIsYou.as_view(), "account_reauthenticate"),
    _at("email/", views.ChangeEmail.as_view(), "account_email"),
    _opens("password/change/", account.password_change, "account_change_password"),
    _opens("password/set/", account.password_set, "account_set_password"),
    _at("password/reset/", account.password_reset, "account_reset_password"),
    _at("password/reset/confirm/", account.confirm_password_reset_code, "account_confirm_password_reset_code"),
    _opens("password/reset/complete/", views.ChooseNewPassword.as_view(), "account_complete_password_reset"),
    _at("sessions/", views.WhereSignedIn.as_view(), "usersessions_list"),
    # the second step
    _at("second-step/", second_step.index, "mfa_index"),
    _at("second-step/sign-in/", second_step.authenticate, "mfa_authenticate"),
    _at("second-step/confirm/", views.ConfirmBySecondStep.as_view(), "mfa_reauthenticate"),
    _opens("second-step/app/add/", app.activate_totp, "mfa_activate_totp"),
    _opens("second-step/app/remove/", app.deactivate_totp, "mfa_deactivate_totp"),
    _at("second-step/codes/", spare_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _opens("second-step/codes/new/", spare_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _at("second-step/codes/file/", spare_codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _at("second-step/passkeys/", passkey.list_webauthn, "mfa_list_webauthn"),
    _opens("second-step/passkeys/add/", passkey.add_webauthn, "mfa_add_webauthn"),
    _at("second-step/passkeys/confirm/", views.ConfirmByPasskey.as_view(), "mfa_reauthenticate_webauthn"),
    _at("second-step/passkeys/sign-in/", passkey.login_webauthn, "mfa_login_webauthn"),
    _opens("second-step/passkeys/<int:pk>/remove/", passkey.remove_webauthn, "mfa_remove_webauthn"),
    _at("second-step/passkeys/<int:pk>/name/", passkey.edit_webauthn, "mfa_edit_webauthn"),
]
