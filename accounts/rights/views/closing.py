"""The pages on which somebody closes their account: what it does, one question, and that it is done."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import CloseAccount
from accounts.private import has_just_proved, to_the_question
from accounts.rights import closing
from hub import own_data
from hub.context import person_of
from hub.http import page, public


def _not_for_staff(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Whoever works here is told who closes their account."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if closing.is_of_staff(request.user):  # type: ignore[arg-type]
            return page(request, "accounts/close_staff.html")
        return view(request)

    return wrapped


@login_required
@require_safe
@_not_for_staff
def close(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why, and what would be less. Nothing happens here."""
    context = {"fate": own_data.fate_of(request.user), "nights": settings.HUB_BACKUPS_KEPT}
    return page(request, "accounts/close.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@_not_for_staff
def close_check(request: HttpRequest) -> HttpResponse:
    """One tick and one button, for whoever has just proved who they are.

    A form that comes later than that does nothing, and is not done afterwards: they press the button themselves.
    """
    if not has_just_proved(request):
        return to_the_question(request, _("Sign in again first, so that we know it is you."))
    form = CloseAccount(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        closing.close(request.user)  # type: ignore[arg-type]
        logout(request)
        return redirect("accounts:closed")
    return page(request, "accounts/close_check.html", {"form": form, "has_errors": bool(form.errors)})


@require_safe
@public
@never_cache
def closed(request: HttpRequest) -> HttpResponse:
    """It is done. The same words for everybody, and nothing of whose account it was."""
    if person_of(request):
        return redirect(reverse("accounts:settings"))
    return page(request, "accounts/closed.html")
