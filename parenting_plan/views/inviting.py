"""Asking the other parent, by email or with a code; and the facts that one parent may change: children, court orders.

Whatever becomes of an invitation, these pages say the same, unless somebody joined.
"""

import re

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub import clock
from hub.codes import in_fours
from hub.http import page
from parenting_plan import actions
from parenting_plan.forms.joining import ChildrenForm, InviteByEmail, Orders, WayToInvite, WhoJoined
from parenting_plan.models import Invitation, Party, Plan
from parenting_plan.states import Refused
from parenting_plan.views import gate
from parenting_plan.views.common import OURS, fresh_key, parents_only, refused

GATE = "asked before inviting in plan {}"  # a session mark: the questions were opened. It holds a time only.
# What the inviter's page shows as "not joined yet". Which of these it is, it never learns.
NOT_JOINED = (
    Invitation.Outcome.OPEN,
    Invitation.Outcome.DECLINED,
    Invitation.Outcome.UNKNOWN,
    Invitation.Outcome.UNSAFE,
)

both = require_http_methods(["GET", "HEAD", "POST"])


def key_of(request: HttpRequest) -> str:
    """The one-time key this form came with, or a fresh one when it is not a key of ours."""
    posted = request.POST.get("submit_key", "")
    return posted if re.fullmatch(r"[0-9a-f]{32}", posted) else fresh_key()


def _cannot_invite(request: HttpRequest, plan: Plan) -> HttpResponse | None:
    """Where somebody goes who has nobody to invite, or may not."""
    if not plan.still_shared:
        return refused(request, actions.NotShared(), plan)
    if plan.to_confirm:
        return redirect("parenting_plan:confirm", plan.reference)
    if plan.them:
        messages.info(request, _("You are both here. A plan has two parents at most."))
        return redirect(OURS, plan.reference)
    if not plan.may_be_shared:
        return page(request, "parenting_plan/invite_off.html", {"plan": plan})
    return None


@both
@parents_only
def invite(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """Choose how to ask; what was sent, and that nobody joined yet. The safety questions come first."""
    if answer := _cannot_invite(request, plan):
        return answer
    form = WayToInvite(request.POST if request.method == "POST" else None)
    if request.method == "POST" and actions.gate_stands(me, clock.now()) and form.is_valid():
        by_email = form.cleaned_data["way"] == Invitation.Way.EMAIL
        return redirect(f"parenting_plan:invite_by_{'email' if by_email else 'code'}", plan.reference)
    return _invite_page(request, plan, me, form)


def _invite_page(
    request: HttpRequest, plan: Plan, me: Party, form: WayToInvite, status: int = 200, email: str = ""
) -> HttpResponse:
    now = clock.now()
    last = plan.invitations.first()
    if last and last.outcome not in NOT_JOINED:
        last = None
    return page(
        request,
        "parenting_plan/invite.html",
        {
            "plan": plan,
            "form": form,
            "has_errors": bool(form.errors),
            "gate_stands": actions.gate_stands(me, now),
            "last": last,
            "ran_out": last is not None and last.expires_at <= now,
            "limit": actions.limit(plan, me, now, email=email),
            "per_day": settings.PLAN_INVITATIONS_PER_DAY,
            "in_all": settings.PLAN_INVITATIONS_PER_PLAN,
        },
        status=status,
    )


# ---------------------------------------------------------------- the safety questions, again
def _close(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    gate.unmark(request, GATE.format(plan.pk))
    actions.close_gate(party=me)
    return redirect("parenting_plan:invite_stay_safe", plan.reference)


@both
@parents_only
def invite_adults(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    if answer := _cannot_invite(request, plan):
        return answer
    if request.method != "POST":
        gate.mark(request, GATE.format(plan.pk))
    return gate.ask(
        request,
        "adults",
        no=lambda: redirect("parenting_plan:invite_children_safety", plan.reference),
        yes=lambda: _close(request, plan, me),
        back=(reverse("parenting_plan:invite", args=[plan.reference]), _("Ask the other parent")),
        eyebrow=_("Before you share: question 1 of 2"),
    )


@both
@parents_only
def invite_children_safety(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    if answer := _cannot_invite(request, plan):
        return answer
    if not gate.marked(request, GATE.format(plan.pk)):
        return redirect("parenting_plan:invite_adults", plan.reference)

    def through() -> HttpResponse:
        gate.unmark(request, GATE.format(plan.pk))
        actions.pass_gate(party=me)
        return redirect("parenting_plan:invite", plan.reference)

    return gate.ask(
        request,
        "children",
        no=through,
        yes=lambda: _close(request, plan, me),
        back=(reverse("parenting_plan:invite_adults", args=[plan.reference]), _("The question before")),
        eyebrow=_("Before you share: question 2 of 2"),
    )


@require_safe
@parents_only
def invite_stay_safe(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    ours = reverse(OURS, args=[plan.reference])
    again = reverse("parenting_plan:invite_adults", args=[plan.reference])
    return gate.stay_safe(request, {"for_whom": "inviter", "carry_on": ours, "back": ours, "again": again})


# ---------------------------------------------------------------- by email
@both
@parents_only
def invite_by_email(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """The address, a check that shows the mail word for word, and off it goes."""
    if answer := _cannot_invite(request, plan) or _not_now(request, plan, me):
        return answer
    form = InviteByEmail(request.POST if request.method == "POST" else None, own=request.user.email)
    key = key_of(request)
    checked = request.method == "POST" and form.is_valid() and request.POST.get("do") != "change"
    if checked and request.POST.get("do") == "send":
        try:
            actions.invite_by_email(plan=plan, by=me, email=form.cleaned_data["email"], submit_key=key)
        except actions.AlreadyDone:
            pass
        except actions.TooMany:
            return _invite_page(request, plan, me, WayToInvite(), status=429, email=form.cleaned_data["email"])
        except Refused as refusal:
            return refused(request, refusal, plan)
        messages.success(request, _("Your invitation is sent."))
        return redirect("parenting_plan:invite", plan.reference)
    return page(
        request,
        "parenting_plan/invite_by_email.html",
        {
            "plan": plan,
            "form": form,
            "key": key,
            "checked": checked,
            "has_errors": bool(form.errors),
            "letter": _letter(),
            "subject": settings.HUB_MAIL_SUBJECT,
            "days": settings.PLAN_INVITATION_DAYS,
        },
    )


def _letter() -> str:
    """The mail as its reader gets it, but for the link."""
    facts = {"facts": {}, "link": _("(a link that works once)"), "settings_link": "", "hub_name": settings.HUB_NAME}
    more = {"hub_address": settings.HUB_ADDRESS, "subject": settings.HUB_MAIL_SUBJECT}
    return render_to_string("parenting_plan/email/invited.txt", facts | more).strip()


def _not_now(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse | None:
    now = clock.now()
    if not actions.gate_stands(me, now):
        return redirect("parenting_plan:invite_adults", plan.reference)
    if actions.limit(plan, me, now) and request.method != "POST":
        return redirect("parenting_plan:invite", plan.reference)
    return None


# ---------------------------------------------------------------- with a code
@both
@parents_only
def invite_by_code(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """Make a code and show it, once: in the answer to the button, and nowhere else."""
    if answer := _cannot_invite(request, plan) or _not_now(request, plan, me):
        return answer
    context = {
        "plan": plan,
        "key": key_of(request),
        "code": "",
        "shown_before": False,
        "days": settings.PLAN_INVITATION_DAYS,
    }
    if request.method == "POST":
        try:
            invitation, code = actions.invite_by_code(plan=plan, by=me, submit_key=context["key"])
            context |= {"code": code, "fours": in_fours(code).split("-"), "expires_at": invitation.expires_at}
            context["code_address"] = settings.HUB_ADDRESS.split("://")[-1] + reverse("parenting_plan:enter_code")
        except actions.AlreadyDone:
            context |= {"shown_before": True, "key": fresh_key()}
        except actions.TooMany:
            return _invite_page(request, plan, me, WayToInvite(), status=429)
        except Refused as refusal:
            return refused(request, refusal, plan)
    return page(request, "parenting_plan/invite_by_code.html", context)


@both
@parents_only
def confirm(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """Somebody used the code. Is it the right person? A question, then a check, then it is done."""
    if plan.to_confirm is None:
        return redirect(OURS, plan.reference)
    if not plan.still_shared:
        return refused(request, actions.NotShared(), plan)
    joiner = plan.to_confirm
    if request.method == "POST":
        wish = request.POST.get("answer")
        # The person on the page is the person let in: somebody else may have come since it was opened.
        if wish in {"yes", "no"} and request.POST.get("joiner") == _mark_of(joiner):
            return _confirmed(request, plan, me, joiner.name, wish, key_of(request))
        return redirect("parenting_plan:confirm", plan.reference)
    asked = "answer" in request.GET or "asked" in request.GET
    form = WhoJoined(request.GET if asked else None)
    form.fields["answer"].label = _("Is this the person you gave the code to?")
    answer = form.cleaned_data["answer"] if form.is_bound and form.is_valid() else ""
    context = {"plan": plan, "name": joiner.name, "joiner": _mark_of(joiner), "form": form, "answer": answer}
    context["key"] = fresh_key()
    return page(request, "parenting_plan/confirm.html", context | {"has_errors": bool(form.errors)})


def _mark_of(joiner: Party) -> str:
    return f"{joiner.joined_at:%Y%m%d%H%M%S%f}"


def _confirmed(request: HttpRequest, plan: Plan, me: Party, name: str, wish: str, key: str) -> HttpResponse:
    try:
        if wish == "yes":
            actions.confirm_joiner(plan=plan, by=me, submit_key=key)
            messages.success(request, _("%(name)s is here. You can now work on the plan together.") % {"name": name})
            return redirect(OURS, plan.reference)
        actions.turn_away_joiner(plan=plan, by=me)
    except Refused as refusal:
        return refused(request, refusal, plan)
    messages.success(request, _("Nobody has joined. Our team has been told. They saw nothing of your plan."))
    return redirect("parenting_plan:invite", plan.reference)


# ---------------------------------------------------------------- the facts of a plan
@both
@parents_only
def children(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """The children's names, which one parent may put right while they are alone here."""
    now = [(child.first_name, child.born_year, child.born_month) for child in plan.children.all()]
    if plan.them or not plan.still_shared:
        return page(request, "parenting_plan/children_kept.html", {"plan": plan})
    form = ChildrenForm(request.POST if request.method == "POST" else None, known=now)
    key = key_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_children(plan=plan, by=me, children=form.children, submit_key=key)
        except actions.AlreadyDone:
            pass
        except Refused as refusal:
            return refused(request, refusal, plan)
        messages.success(request, _("The children’s names are saved."))
        return redirect(OURS, plan.reference)
    return page(
        request, "parenting_plan/children.html", {"plan": plan, "form": form, "key": key, "has_errors": form.has_errors}
    )


@both
@parents_only
def orders(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """What courts have said: first what each answer does, then a check before sharing is stopped."""
    if not plan.still_shared:
        return refused(request, actions.NotShared(), plan)
    form = Orders(request.POST if request.method == "POST" else None)
    key = key_of(request)
    if request.method == "POST" and form.is_valid() and request.POST.get("do") != "change":
        chosen = form.cleaned_data["orders"]
        if chosen == Plan.Orders.PROTECTIVE and request.POST.get("do") != "sure":
            return page(
                request, "parenting_plan/orders_check.html", {"plan": plan, "form": form, "key": key, "orders": chosen}
            )
        try:
            actions.change_orders(plan=plan, by=me, orders=chosen, submit_key=key)
        except actions.AlreadyDone:
            pass
        except Refused as refusal:
            return refused(request, refusal, plan)
        messages.success(request, _("Saved."))
        return redirect(OURS, plan.reference)
    return page(
        request,
        "parenting_plan/orders.html",
        {
            "plan": plan,
            "form": form,
            "key": key,
            "now": Plan.Orders(plan.orders).label,
            "has_errors": bool(form.errors),
        },
    )
