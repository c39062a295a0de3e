"""The settings of accounts, read back one by one: none of them may change by accident."""

import pytest
from allauth import app_settings as house
from allauth.account import app_settings as account
from allauth.mfa import app_settings as second_step
from allauth.usersessions import app_settings as sessions
from django.conf import settings


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [
        (account, "EMAIL_VERIFICATION", "mandatory"),
        (account, "EMAIL_VERIFICATION_BY_CODE_ENABLED", True),
        (account, "EMAIL_VERIFICATION_BY_CODE_TIMEOUT", 600),
        (account, "LOGIN_BY_CODE_TIMEOUT", 600),
        (account, "PASSWORD_RESET_BY_CODE_ENABLED", True),
        (account, "PASSWORD_RESET_BY_CODE_TIMEOUT", 600),
        (account, "EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS", 3),
        (account, "LOGIN_BY_CODE_MAX_ATTEMPTS", 3),
        (account, "PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS", 3),
        (account, "REAUTHENTICATION_REQUIRED", True),
        (account, "REAUTHENTICATION_TIMEOUT", 300),
        (account, "LOGOUT_ON_PASSWORD_CHANGE", True),
        (account, "LOGOUT_ON_GET", False),
        (account, "SESSION_REMEMBER", False),
        (account, "EMAIL_SUBJECT_PREFIX", ""),
        (account, "CHANGE_EMAIL", True),
        (account, "UNIQUE_EMAIL", True),
        (account, "EMAIL_NOTIFICATIONS", True),
        (account, "EMAIL_UNKNOWN_ACCOUNTS", True),
        (account, "PREVENT_ENUMERATION", True),
        (account, "LOGIN_ON_PASSWORD_RESET", False),
        (sessions, "TRACK_ACTIVITY", True),
        (second_step, "SUPPORTED_TYPES", ["totp", "webauthn", "recovery_codes"]),
        (second_step, "TRUST_ENABLED", False),
        (second_step, "REAUTHENTICATION_REQUIRED", True),
    ],
)
def test_a_setting_has_the_value_we_chose(where, name, value):
    assert getattr(where, name) == value


def test_limits_are_on():
    limits = account.RATE_LIMITS
    assert limits["login_failed"] == "10/m/ip,5/300s/key"
    assert all(limits[name] for name in ("signup", "login", "reset_password", "request_login_code", "reauthenticate"))


def test_forwarded_addresses_count_only_behind_our_own_proxies():
    assert house.TRUSTED_PROXY_COUNT == settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
    assert house.TRUSTED_CLIENT_IP_HEADER is None


def test_one_backend_so_that_a_wrong_password_costs_one_hash():
    assert settings.AUTHENTICATION_BACKENDS == ["allauth.account.auth_backends.AuthenticationBackend"]


def test_session_cookies_say_nothing_to_scripts():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
