"""The way in for the parent who was asked: what it is, the safety questions, saying no, and joining.

Before joining, these pages know one thing about the plan: the first name of the parent who asked. Whatever is wrong
with an invitation looks the same, and whatever is wrong with the person who tries it does too.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub import clock
from hub.http import page
from parenting_plan import actions
from parenting_plan.forms.joining import InvitationCode, Orders, SayNo
from parenting_plan.models import Invitation, Party, Plan
from parenting_plan.views import gate
from parenting_plan.views.common import OURS

INVITED = "invitation"  # in the session: which invitation was opened. The token is not kept.
SAID_NO = "invitation answered"  # in the session until the next page: by which way it came, not what was said
OPENED, THROUGH, READY = "join questions opened", "join questions answered", "join orders answered"  # times only
MARKS = (OPENED, THROUGH, READY)

both = require_http_methods(["GET", "HEAD", "POST"])


def _gone(request: HttpRequest) -> HttpResponse:
    return page(request, "parenting_plan/invitation_gone.html", status=404)


def _opened(request: HttpRequest) -> Invitation | None:
    """The invitation this browser opened, if it still stands."""
    pk = request.session.get(INVITED)
    if pk is None:
        return None
    try:
        return actions.same_invitation(pk, clock.now())
    except actions.InvitationGone:
        return None


def invited_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets (request, invitation), or nobody gets anything but "does not work any more"."""

    @wraps(view)
    @both
    def wrapped(request: HttpRequest) -> HttpResponse:
        invitation = _opened(request)
        return _gone(request) if invitation is None else view(request, invitation)

    return wrapped


def _remember(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """From here on the session knows which invitation it is; questions answered for another one do not count."""
    gate.unmark(request, *MARKS, SAID_NO)
    request.session[INVITED] = invitation.pk
    return redirect("parenting_plan:invitation")


@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: leads on at once, so that the token leaves the address bar. Uses nothing up.

    Only here is no-referrer right: on a page with a form it makes browsers send "Origin: null", which we refuse.
    """
    try:
        response = _remember(request, actions.find_invitation(token, clock.now(), way=Invitation.Way.EMAIL))
    except actions.InvitationGone:
        response = _gone(request)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@both
def enter_code(request: HttpRequest) -> HttpResponse:
    """A code handed over, typed in. Ten tries an hour from one place."""
    form = InvitationCode(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="invitation_code"):
            return page(request, "parenting_plan/enter_code_rest.html", status=429)
        try:
            code = form.cleaned_data["code"]
            return _remember(request, actions.find_invitation(code, clock.now(), way=Invitation.Way.CODE))
        except actions.InvitationGone:
            form.add_error("code", _("This code does not work. Look at each letter again, or ask for a new code"))
    return page(request, "parenting_plan/enter_code.html", {"form": form, "has_errors": bool(form.errors)})


def _words(invitation: Invitation, **more) -> dict:
    """All that a page may know before joining."""
    return {"inviter": invitation.by.name, **more}


@require_safe
@invited_only
def invitation(request: HttpRequest, opened: Invitation) -> HttpResponse:
    return page(request, "parenting_plan/invitation.html", _words(opened, form=SayNo()))


@both
def say_no(request: HttpRequest) -> HttpResponse:
    """No, without an account and without a reason; the inviter is not told. The link is dead afterwards."""
    if request.method != "POST":
        if way := request.session.pop(SAID_NO, None):
            by_email = way == Invitation.Way.EMAIL
            return page(request, "parenting_plan/said_no.html", {"by_email": by_email} | gate.where_to_turn())
        return redirect("parenting_plan:invitation")
    opened = _opened(request)
    if opened is None:
        return _gone(request)
    form = SayNo(request.POST)
    if not form.is_valid():
        return page(request, "parenting_plan/invitation.html", _words(opened, form=form, has_errors=True))
    try:
        actions.answer_invitation(invitation=opened, outcome=form.cleaned_data["outcome"])
    except actions.InvitationGone:
        return _gone(request)
    gate.unmark(request, INVITED, *MARKS)
    request.session[SAID_NO] = str(opened.way)
    return redirect("parenting_plan:say_no")


# ---------------------------------------------------------------- the safety questions
def _not_safe(request: HttpRequest) -> HttpResponse:
    gate.unmark(request, *MARKS)
    return redirect("parenting_plan:join_stay_safe")


@invited_only
def adults(request: HttpRequest, opened: Invitation) -> HttpResponse:
    if request.method != "POST":
        gate.mark(request, OPENED)
    return gate.ask(
        request,
        "adults",
        no=lambda: redirect("parenting_plan:join_children_safety"),
        yes=lambda: _not_safe(request),
        back=(reverse("parenting_plan:invitation"), _("The invitation")),
        eyebrow=_("Before you read on: question 1 of 3"),
    )


@invited_only
def children_safety(request: HttpRequest, opened: Invitation) -> HttpResponse:
    if not gate.marked(request, OPENED):
        return redirect("parenting_plan:join_adults")

    def through() -> HttpResponse:
        gate.mark(request, THROUGH)
        return redirect("parenting_plan:join_orders")

    return gate.ask(
        request,
        "children",
        no=through,
        yes=lambda: _not_safe(request),
        back=(reverse("parenting_plan:join_adults"), _("The question before")),
        eyebrow=_("Before you read on: question 2 of 3"),
    )


@require_safe
@invited_only
def stay_safe(request: HttpRequest, opened: Invitation) -> HttpResponse:
    back = reverse("parenting_plan:invitation")
    again = reverse("parenting_plan:join_adults")
    alone = reverse("parenting_plan:start")
    return gate.stay_safe(request, {"for_whom": "invited", "carry_on": alone, "back": back, "again": again})


@invited_only
def orders(request: HttpRequest, opened: Invitation) -> HttpResponse:
    """What courts have said. An order to stay away ends it here; nothing of the answer is kept or told."""
    if not gate.marked(request, THROUGH):
        return redirect("parenting_plan:join_adults")
    form = Orders(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["orders"] == Plan.Orders.PROTECTIVE:
            return _not_safe(request)
        gate.mark(request, READY)
        return redirect("parenting_plan:join")
    return page(request, "parenting_plan/join_orders.html", {"form": form, "has_errors": bool(form.errors)})


# ---------------------------------------------------------------- joining
@both
def join(request: HttpRequest) -> HttpResponse:
    """Sign in, read once more who asked, and join. The invitation shown is the one that is accepted."""
    opened = _opened(request)
    if opened is None:
        return _in_already(request) or _gone(request)
    if not (gate.marked(request, THROUGH) and gate.marked(request, READY)):
        return redirect("parenting_plan:join_adults")
    shown = _shown(request, opened)
    context = _words(opened, by_email=opened.way == Invitation.Way.EMAIL, shown=shown, other_opened=False)
    if not request.user.is_authenticated:
        return page(request, "parenting_plan/join_door.html", context)
    if request.method != "POST":
        return page(request, "parenting_plan/join.html", context)
    if not constant_time_compare(request.POST.get("shown", ""), shown):
        return page(request, "parenting_plan/join.html", context | {"other_opened": True}, status=409)
    verified = EmailAddress.objects.filter(user=request.user, email=request.user.email, verified=True).exists()
    try:
        party = actions.join(invitation=opened, user=request.user, has_verified=verified, came_through_gate=True)
    except actions.InvitationGone:
        return _in_already(request) or page(request, "parenting_plan/join_not_possible.html", status=403)
    gate.unmark(request, *MARKS)
    if party.confirmed_at:
        messages.success(request, _("You have joined. Take your time: nothing has to be done today."))
    return _in_already(request) or _gone(request)


def _shown(request: HttpRequest, opened: Invitation) -> str:
    """What a form carries to say which invitation its reader saw."""
    return salted_hmac("invitation shown", f"{opened.pk}:{request.user.pk}", algorithm="sha256").hexdigest()


def _in_already(request: HttpRequest) -> HttpResponse | None:
    """For somebody who has joined: their plan, or the page on which they wait for the inviter to say yes."""
    if not request.user.is_authenticated:
        return None
    mine = Party.objects.filter(user=request.user, left_at=None).select_related("plan")
    joined = Invitation.objects.filter(pk=request.session.get(INVITED), joined__user=request.user).first()
    if joined and (party := mine.filter(pk=joined.joined_id, confirmed_at__isnull=False).first()):
        gate.unmark(request, INVITED)
        return redirect(OURS, party.plan.reference)
    if waiting := Party.objects.waiting(request.user).select_related("plan").first():
        return page(request, "parenting_plan/join_waiting.html", {"inviter": waiting.plan.parties.get(role="a").name})
    return None
