"""The invited person's way in: the link, a name and a password, and on to the second step."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import StaffInvitation
from accounts.staff import actions
from accounts.staff.forms import JoinStaff
from hub import clock
from hub.http import page

INVITED = "staff invitation"  # in the session: which one was opened. The token is not kept.


def _gone(request: HttpRequest) -> HttpResponse:
    return page(request, "accounts/staff/invitation_gone.html", status=404)


@require_safe
@never_cache
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: leads on at once, so that the token leaves the address bar. Uses nothing up."""
    try:
        found = actions.find_invitation(token, clock.now())
    except actions.InvitationGone:
        response = _gone(request)
    else:
        request.session[INVITED] = found.pk
        response = redirect("accounts:staff_invitation")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest) -> HttpResponse:
    """A name and a password, once. Then they are signed in, and the staff door leads on to the second step.

    Whoever is signed in here as somebody else is signed out first: an account of staff is nobody's second self.
    """
    opened = _opened(request)
    if opened is None:
        return _gone(request)
    form = JoinStaff(request.POST if request.method == "POST" else None, email=opened.email)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.accept(opened, **form.cleaned_data)
        except actions.InvitationGone:
            return _gone(request)
        logout(request)
        login = Login(user=person, email=person.email, redirect_url=reverse("admin:login"))
        response = perform_password_login(request, {"email": person.email}, login)
        if request.user.is_authenticated:
            reauthenticate_by_password(request)  # just typed: the page of the app need not ask for it again
        return response
    words = {"form": form, "email": opened.email, "has_errors": bool(form.errors)}
    return page(request, "accounts/staff/invitation.html", words)


def _opened(request: HttpRequest) -> StaffInvitation | None:
    pk = request.session.get(INVITED)
    try:
        return actions.same_invitation(pk, clock.now()) if pk else None
    except actions.InvitationGone:
        return None
