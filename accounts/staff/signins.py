"""The record of staff's sign-ins and of what opens their accounts: one line each. How parents sign in is nobody's
business here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import signals as account
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.signals import second_step_refused
from accounts.staff import actions
from hub import audit


def _write(what: str, person: Any, *, by: Any = None, reason: str = "") -> None:
    if getattr(person, "kind", None) == User.Kind.STAFF:
        audit.record(person=by, what=what, about=f"user:{person.pk}", reason=reason)


# ---------------------------------------------------------------- coming in and going out


@receiver(account.user_logged_in)
def signed_in(user, **_more) -> None:
    _write("sign in", user, by=user)


@receiver(user_logged_out)
def signed_out(user, **_more) -> None:
    _write("sign out", user, by=user)


@receiver(user_login_failed)
def wrong_password(credentials, **_more) -> None:
    """Nobody is signed in; whose account it was is known by the address."""
    address = User.objects.normal_email(str(credentials.get("email") or credentials.get("username") or ""))
    _write("wrong password", User.objects.filter(email=address).first() if address else None)


@receiver(second_step_refused)
def wrong_second_step(person, **_more) -> None:
    """A signal of ours: allauth tells of wrong codes alone, and not of a passkey."""
    _write("wrong second step", person)


# ---------------------------------------------------------------- what opens the account


def opens_the_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wraps each page on which somebody changes what opens their account: all of it happens with its lines, or nothing.

    Of second steps we look for ourselves what was added and removed: allauth tells of some only when it is too late.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        person = request.user
        with transaction.atomic():
            if not person.is_authenticated or person.kind != User.Kind.STAFF:
                return view(request, *args, **kwargs)
            before = _second_steps(person)
            response = view(request, *args, **kwargs)
            after = _second_steps(person)
            _tell_of_second_steps(person, before, after)
            if {kind for pk, kind in after.items() if pk not in before} - {Authenticator.Type.RECOVERY_CODES}:
                actions.keep_this_session_only(request, person)
        return response

    return wrapped


def _second_steps(person: User) -> dict[int, str]:
    return dict(Authenticator.objects.filter(user=person).order_by("pk").values_list("pk", "type"))


def _tell_of_second_steps(person: User, before: dict[int, str], after: dict[int, str]) -> None:
    gone = [kind for pk, kind in before.items() if pk not in after]
    new = [kind for pk, kind in after.items() if pk not in before]
    if gone == new == [Authenticator.Type.RECOVERY_CODES]:
        _write("make new spare codes", person, by=person)
        return
    for what, kinds in (("remove second step", gone), ("add second step", new)):
        for kind in kinds:
            _write(what, person, by=person, reason=str(Authenticator.Type(kind).label))


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_changed(user, **_more) -> None:
    _write("change password", user, by=user)


@receiver(account.email_changed)
def address_changed(user, **_more) -> None:
    _write("change address", user, by=user)
