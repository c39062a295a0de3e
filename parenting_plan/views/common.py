"""What the pages of a plan share: the parent and their plan, the one-time key of a form, and the calm refusals."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hub import metrics
from hub.http import page, signed_in_only
from parenting_plan import actions, questions, states
from parenting_plan.models import Party, Plan

OURS = "parenting_plan:overview"


def parents_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, and one of the two parents of the plan in the address: the view gets (request, plan, party, ...).

    For anybody else the plan does not exist. `plan.me`, `plan.them` and `plan.names` are there for the page.
    """

    @wraps(view)
    @signed_in_only
    def wrapped(request: HttpRequest, reference: str, *args, **kwargs) -> HttpResponse:
        found = Party.objects.of_a_plan_visible_to(request.user, reference)
        parties = sorted(found, key=lambda party: party.role)
        if not parties:
            raise Http404
        plan = parties[0].plan
        plan.know(parties)
        plan.party_of = {party.pk: party for party in parties}
        here = [party for party in parties if party.confirmed_at]
        me = next(party for party in here if party.user_id == request.user.pk)
        plan.me = me
        plan.them = next((party for party in here if party.role != me.role), None)
        plan.to_confirm = next((party for party in parties if not party.confirmed_at), None)
        plan.one = next(party for party in here if party.role == "a")
        plan.other = next((party for party in here if party.role == "b"), None)
        return view(request, plan, me, *args, **kwargs)

    return wrapped


def asked_or_404(section: str, question: str) -> questions.Question:
    asked = questions.question(section, question)
    if asked is None:
        raise Http404
    return asked


def fresh_key() -> str:
    """A one-time key for a form: the same form sent twice does its work once."""
    return uuid.uuid4().hex


def their_name(plan: Plan) -> str:
    """The other parent's first name, or what to call them before they have joined."""
    return plan.them.name if plan.them else _("the other parent")


def refused(
    request: HttpRequest,
    refusal: states.Refused,
    plan: Plan,
    *,
    question=None,
    value: dict | None = None,
    note: str = "",
) -> HttpResponse:
    """The calm page for a change that could not be made: what happened, where things stand, and the person's words."""
    metrics.REFUSALS.labels(refusal.reason).inc()
    if isinstance(refusal, actions.NotShared) and not (note or (value or {}).get("text")):
        messages.info(request, _("This plan is no longer shared, so nothing was changed."))
        return redirect(OURS, plan.reference)
    return page(
        request,
        "parenting_plan/refused.html",
        {
            "plan": plan,
            "asked": question,
            "reason": refusal.reason,
            "until": getattr(refusal, "until", None),
            "value": value or {},
            "note": note,
            "them": their_name(plan),
        },
        status=429 if isinstance(refusal, actions.TooMany) else 409,
    )


def with_sitting(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Carry "answering one after another" along to the next page."""
    if "sitting" in request.GET:
        response["Location"] += "&sitting=1" if "?" in response["Location"] else "?sitting=1"
    return response
