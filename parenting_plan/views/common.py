"""What the pages of a plan share: the parent and their plan, the one-time key of a form, and the calm refusals."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hub import metrics
from hub.asked import SOMEBODY, About
from hub.http import page, signed_in_only
from parenting_plan import actions, questions, states
from parenting_plan.models import Clause, Party, Plan, Proposal
from parenting_plan.questions import Question

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


PART, WORDS = ([field.attname for field in model._meta.concrete_fields] for model in (Clause, Proposal))


def _asked(plan: int, question: str, reader: int) -> QuerySet:
    """One part of a plan with its two suggestions, and how it stands for this party."""
    parts = Clause.objects.resting().away_from(Party(pk=reader)).filter(plan=plan, question=question)
    words = [f"{which}__{column}" for which in ("open", "agreed") for column in WORDS]
    return parts.values_list(*PART, *words, "rests", "is_away")


ASKED = About(_asked, stand_in=(SOMEBODY, "~", SOMEBODY - 1))  # the heart of the page most often opened


def clause_of(plan: Plan, asked: Question) -> Clause:
    """The part's row with its words, or an unsaved one that says nothing was ever sent. One query."""
    rows = ASKED.rows(plan.pk, asked.key, plan.me.pk)
    if not rows:
        return Clause(plan=plan, question=asked.key)
    *row, rests, is_away = rows[0]
    part, opened, agreed = row[: len(PART)], row[len(PART) : -len(WORDS)], row[-len(WORDS) :]
    found = Clause.from_db(plan._state.db, PART, part)
    found.plan, found.rests, found.is_away = plan, rests, is_away
    for which, suggestion in (("open", opened), ("agreed", agreed)):
        if suggestion[0] is not None:
            proposal = Proposal.from_db(plan._state.db, WORDS, suggestion)
            proposal.by = plan.party_of[proposal.by_id]  # the parties are known already: no need to ask for them again
            setattr(found, which, proposal)
    found.agreed_by, found.set_aside_by = (
        plan.party_of.get(found.agreed_by_id),
        plan.party_of.get(found.set_aside_by_id),
    )
    return found


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
