"""Private pages ask once more who reads them: whoever picks up an unlocked phone must not read goals and notes.

Fresh is a session in which somebody signed in, proved again who they are, or opened a private page a short while ago
(`HUB_PRIVATE_SECONDS`). allauth asks for the proof: a password, a code or a passkey, whichever the account has.
Only reading asks. What is sent is always taken, so that nobody's words are lost; the page it leads to may ask.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urljoin

from allauth.account import app_settings as allauth_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, get_reauthentication_flows
from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

FRESH = "private_at"  # in the session: when it was fresh last
AFRESH_AFTER = 30  # a page opened sooner after another writes no new time: reading must not cost a write each time
ANSWERED = "private_answered"  # in the session: the address at which somebody has just written


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for somebody signed in that shows what they wrote for themselves alone."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return view(request, *args, **kwargs)
        return asks_first(request) or view(request, *args, **kwargs)

    return wrapped


def asks_first(request: HttpRequest) -> HttpResponse | None:
    """The way to the page that asks; or None, and the words may be shown: then the session is fresh from now on."""
    if must_ask(request):
        return _to_the_question(request)
    if request.user.asks_again and time.time() - request.session[FRESH] >= AFRESH_AFTER:  # type: ignore[union-attr]
        request.session[FRESH] = time.time()
    return None


def must_ask(request: HttpRequest) -> bool:
    """Whether this person must prove again who they are before private words are shown to them."""
    if not request.user.asks_again:  # type: ignore[union-attr]
        return False
    at = request.session.get(FRESH)
    return not isinstance(at, int | float) or time.time() - at >= settings.HUB_PRIVATE_SECONDS


def has_just_proved(request: HttpRequest) -> bool:
    """Whether they showed a moment ago who they are, for what nobody may do who only picked up a phone.

    Whoever has no password or second step must just have signed in by a code to their email.
    """
    if get_reauthentication_flows(request.user):  # type: ignore[arg-type]
        return did_recently_reauthenticate(request)
    times = [record["at"] for record in get_authentication_records(request, request.user)]  # type: ignore[arg-type]
    return bool(times) and time.time() - times[-1] < allauth_settings.REAUTHENTICATION_TIMEOUT


def has_just_written(request: HttpRequest, leads_to: str = "") -> None:
    """Let the next page at this address, or at the one it leads to, show what was just sent, once, and nothing else."""
    if must_ask(request):
        request.session[ANSWERED] = leads_to or request.path


def asks_first_unless_just_written(request: HttpRequest) -> HttpResponse | None:
    """As `asks_first`, but words that came from this very session a moment ago are shown without asking."""
    if ANSWERED in request.session and request.session.pop(ANSWERED) == request.path:
        return None
    return asks_first(request)


def asks_before_file(request: HttpRequest) -> HttpResponse | None:
    """The way to the page that asks who saves a file about other people (product 9.5); None when staff just proved it.
    The question leads back to the page on which the file is offered.
    """
    return None if has_just_proved(request) else to_the_question(request, _("Sign in again to save this file."))


def is_for_a_file(address: str) -> bool:
    """Whether staff are on their way to a file, or to the page on which it is offered."""
    return bool(address) and address.startswith(reverse("admin:index"))


def is_for_own_data(address: str) -> bool:
    """Whether they are on their way to a copy of their data, or to what they asked about it."""
    return bool(address) and address.startswith(reverse("accounts:your_data"))


def is_for_private_words(address: str) -> bool:
    """Whether the page that asks was come upon on the way to private words, not to a change of the account."""
    others = (reverse("accounts:settings").rstrip("/"), reverse("admin:index"))
    return bool(address) and not address.startswith(others)


def _to_the_question(request: HttpRequest) -> HttpResponse:
    return to_the_question(request, _("Sign in again to read this. It is only for you."))


def to_the_question(request: HttpRequest, say: str) -> HttpResponse:
    """The way to the page on which they prove who they are, and back to this address; nothing sent is kept for then.

    `say` is for somebody who can only sign in anew.
    """
    # A file leads back to the page it is offered on: saving it would leave the question standing on the screen.
    wanted = request.get_full_path() if request.path.endswith("/") else urljoin(request.path, ".")
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:  # no password, no app, no passkey: all they can do is to sign in anew, by a code to their email
        logout(request)
        messages.info(request, say)
    where = methods[0]["url"] if methods else reverse("account_login")
    return redirect(f"{where}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")


# ---------------------------------------------------------------- what makes a session fresh


def _signed_in(sender: Any, request: HttpRequest | None = None, **_more: Any) -> None:
    if request is not None:
        request.session[FRESH] = time.time()


def _proved(sender: Any, request: HttpRequest, *, reauthenticated: bool = False, **_more: Any) -> None:
    if reauthenticated:
        request.session[FRESH] = time.time()


def listen() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="private pages: signed in")
    authentication_step_completed.connect(_proved, dispatch_uid="private pages: proved again")
