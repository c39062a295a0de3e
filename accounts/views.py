"""Signing up, signing in, and looking after one's account. allauth does the work; what differs is said here."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views as stock
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.base import views as second_step
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as passkey
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.devices import device_words
from accounts.forms import Alerts, FirstName, PrivatePages, SignUpAsProfessional
from accounts.private import is_for_a_file, is_for_own_data, is_for_private_words
from accounts.signals import renamed


def says_errors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the page's title begin "Error:" when its form was filled in and something must be looked at again."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        context = getattr(response, "context_data", None) or {}
        form = context.get("form")
        if request.method == "POST" and form is not None and form.is_bound and form.errors:
            context["has_errors"] = True
        return response

    return wrapped


# --- Coming in -------------------------------------------------------------------------------------------------------


class SignUp(stock.SignupView):
    extra_context = {"professional": False}


class SignUpAsProfessionalView(stock.SignupView):
    extra_context = {"professional": True}

    def get_form_class(self):
        return SignUpAsProfessional


class _SendsAgain:
    """A second code goes out the same way as the first, to an address we know and to one we do not: one mail each."""

    again: str

    def send_again(self, process) -> HttpResponse:
        process.generate_code()
        process.send()
        process.record_resend()
        process.persist()
        messages.success(self.request, _("A new code is on its way. Use the newest email."))  # type: ignore[attr-defined]
        return HttpResponseRedirect(self.passthrough_next_url(reverse(self.again)))  # type: ignore[attr-defined]

    def _resend_form_valid(self, form) -> HttpResponse:
        return self.send_again(self._process)  # type: ignore[attr-defined]


class ConfirmEmailCode(_SendsAgain, stock.ConfirmEmailVerificationCodeView):
    again = "account_email_verification_sent"


class ConfirmSignInCode(_SendsAgain, stock.ConfirmLoginCodeView):
    again = "account_confirm_login_code"


class ChooseNewPassword(stock.CompletePasswordResetView):
    success_url = reverse_lazy("account_login")


# --- Proving again who one is ----------------------------------------------------------------------------------------


class _SaysWhy:
    """The page that asks says what for: private words, or a change of the account."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        where = self.get_next_url() or ""  # type: ignore[attr-defined]
        return context | {
            "for_private_words": is_for_private_words(where),
            "for_own_data": is_for_own_data(where),
            "for_a_file": is_for_a_file(where),
        }


class ConfirmItIsYou(_SaysWhy, stock.ReauthenticateView):
    pass


class ConfirmBySecondStep(_SaysWhy, second_step.ReauthenticateView):
    pass


class ConfirmByPasskey(_SaysWhy, passkey.ReauthenticateWebAuthnView):
    def form_invalid(self, form) -> HttpResponse:
        """Ask once more. (allauth goes by way of the sign-in page, and forgets where somebody was going.)"""
        super().form_invalid(form)  # for its message
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))


# --- Looking after the account ---------------------------------------------------------------------------------------


@login_required
@require_safe
def settings_page(request: HttpRequest) -> HttpResponse:
    """Everything a person can change about their account, on one page."""
    return render(request, "accounts/settings.html", {"has_second_step": is_mfa_enabled(request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def first_name(request: HttpRequest) -> HttpResponse:
    form = FirstName(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            renamed.send(sender=None, person=form.save())
        messages.success(request, _("Your name is changed."))
        return redirect("accounts:settings")
    return _form_page(request, "accounts/first_name.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    form = Alerts(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        messages.success(request, _("Emails are on.") if person.wants_alerts else _("Emails are off."))
        return redirect("accounts:settings")
    return _form_page(request, "accounts/alerts.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def private_pages(request: HttpRequest) -> HttpResponse:
    """Whether goals and notes ask again who reads them. Whoever turns that off has just proved that it is them."""
    person = request.user
    if person.asks_again and not did_recently_reauthenticate(request):  # type: ignore[union-attr]
        raise ReauthenticationRequired
    form = PrivatePages(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        asks = form.save().asks_again
        messages.success(request, _("We will ask again.") if asks else _("We will not ask again."))
        return redirect("accounts:settings")
    return _form_page(request, "accounts/private_pages.html", form)


def _form_page(request: HttpRequest, template: str, form) -> HttpResponse:
    if form.errors:
        request.user.refresh_from_db()  # the page's frame must not show what was refused
    return render(request, template, {"form": form, "has_errors": bool(form.errors)})


class ChangeEmail(stock.EmailView):
    """One address per person: the new one takes the old one's place once its code is entered."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)


class WhereSignedIn(ListUserSessionsView):
    """A person's own open sessions, told in words: never where, never the address of a device."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["devices"] = [
            {
                "words": device_words(session.user_agent),
                "this_one": session.is_current(),
                "since": session.created_at,
                "last": session.last_seen_at,
            }
            for session in context["sessions"]
        ]
        return context
