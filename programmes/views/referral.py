"""The way in for a parent whom a court or an adviser sent: what it is, and joining.

Before joining, these pages know nothing but that the link stands: not the programme, not the court, not a name. Used,
run out, never there and meant for another address all look the same.
"""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub import clock
from hub.http import page
from programmes.actions import referring
from programmes.models import Referral

OPENED = "referral"  # in the session: which link of which referral was opened. The token is not kept.
HERE, COVER = "programmes:referral", "programmes:cover"


@require_safe
def open_referral(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: leads on at once, so that the token leaves the address bar. Uses nothing up.

    It always leads to the same page: whether the token was good is said there, in the same words to everybody.
    Only here is no-referrer right: on a page with a form it makes browsers send "Origin: null", which we refuse.
    """
    try:
        found = referring.find(token, clock.now())
        request.session[OPENED] = [found.pk, found.link_number]
    except referring.LinkGone:
        if OPENED in request.session:
            del request.session[OPENED]
    response = redirect(HERE)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: HttpRequest) -> HttpResponse:
    """What it is, the way to sign in, and one button to join. Whoever has joined is led to their programme."""
    opened = _opened(request)
    if opened is None or (request.user.is_authenticated and not _is_meant(request.user, opened)):
        return _in_already(request) or page(request, "programmes/referral_gone.html", status=404)
    if not request.user.is_authenticated or request.method != "POST":
        return page(request, "programmes/referral.html")
    try:
        joined = referring.join(opened, request.user, clock.now())
    except referring.LinkGone:
        return _in_already(request) or page(request, "programmes/referral_gone.html", status=404)
    del request.session[OPENED]
    messages.success(request, _("You have joined. Take your time: you can stop and come back."))
    return redirect(COVER, joined.programme)


def _opened(request: HttpRequest) -> Referral | None:
    """The referral whose link this browser opened, if that very link still works."""
    opened = request.session.get(OPENED)
    if opened is None:
        return None
    try:
        return referring.same_link(*opened, clock.now())
    except referring.LinkGone:
        return None


def _is_meant(user, opened: Referral) -> bool:
    """Only a parent with exactly the address the link went to, and only once that address is verified."""
    if not user.is_parent or user.email != user.__class__.objects.normal_email(opened.party.email):
        return False
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def _in_already(request: HttpRequest) -> HttpResponse | None:
    """For a parent who has joined: the programme they were sent to last."""
    if not request.user.is_authenticated:
        return None
    mine = Referral.objects.filter(party__person=request.user, joined_at__isnull=False)
    joined = mine.exclude(outcome=Referral.Ended.WITHDRAWN).order_by("-joined_at").first()
    if joined is None:
        return None
    if OPENED in request.session:
        del request.session[OPENED]
    return redirect(COVER, joined.programme)
