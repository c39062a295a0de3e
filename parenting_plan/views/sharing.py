"""Who is in the plan and who may read it; stopping; and telling staff that something is wrong."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub import clock
from hub.http import page
from parenting_plan import actions, questions
from parenting_plan.forms.sharing import LetRead, Report
from parenting_plan.models import Grant, Party, Plan, Proposal
from parenting_plan.views.common import OURS, fresh_key, parents_only, their_name
from parenting_plan.views.gate import where_to_turn

OPENINGS_SHOWN = 10


def mine(me: Party) -> list[Grant]:
    """What this parent let others read, newest first. Never what the other parent did.

    Each has its `number` among one's own: the id of a row would tell how many people others have let in.
    """
    grants = list(me.grants.prefetch_related("openings").order_by("-created_at", "-pk"))
    for number, granted in enumerate(reversed(grants), start=1):
        granted.number = number
    return grants


def shelf_of(grants: list[Grant], at: datetime) -> dict[str, list[dict]]:
    """The grants in force and those that ended, each with its last openings and how many came before them."""
    shelf: dict[str, list[dict]] = {"open": [], "ended": []}
    for granted in grants:
        openings = list(granted.openings.all())
        row = {
            "grant": granted,
            "openings": openings[:OPENINGS_SHOWN],
            "earlier": max(len(openings) - OPENINGS_SHOWN, 0),
            "ended_at": granted.revoked_at or granted.expires_at,
        }
        in_force = granted.revoked_at is None and granted.expires_at > at
        shelf["open" if in_force else "ended"].append(row)
    return shelf


@require_safe
@parents_only
def sharing(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """One page for everything about who sees the plan."""
    context = {"plan": plan, "me": me, "them": their_name(plan), "in_force": me.grants.in_force(clock.now()).count()}
    return page(request, "parenting_plan/sharing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@parents_only
def professionals(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """Let somebody read the agreed plan, in two steps; see who may and when they did; renew."""
    context = {"plan": plan, "me": me, "them": their_name(plan), "may_grant": me.left_at is None}
    form = LetRead(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if email == me.user.email:
            form.add_error("email", _("This is your own address. Enter the address of whoever should read the plan"))
        elif request.POST.get("do") != "give":
            until = clock.now() + timedelta(days=settings.PLAN_PROFESSIONAL_DAYS)
            renews = me.grants.in_force(clock.now()).filter(email=email).exists()
            context |= {"email": email, "until": until, "renews": renews}
            return page(request, "parenting_plan/professionals_check.html", context)
        else:
            try:
                granted = actions.grant(plan=plan, by=me, email=email)
            except actions.NotShared:
                messages.info(request, _("This plan is no longer shared, so nothing was changed."))
                return redirect(OURS, plan.reference)
            except actions.TooMany:
                form.add_error("email", _("Ten people is the most for one day. Come back tomorrow to let in more"))
            else:
                messages.success(request, _("%(email)s can read the agreed plan.") % {"email": granted.email})
                return redirect("parenting_plan:professionals", plan.reference)
    context |= {"form": form, "shelf": shelf_of(mine(me), clock.now()), "has_errors": bool(form.errors)}
    return page(request, "parenting_plan/professionals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@parents_only
def end_access(request: HttpRequest, plan: Plan, me: Party, grant: int) -> HttpResponse:
    """Take access back, after one look at what that means."""
    granted = next((granted for granted in mine(me) if granted.number == grant), None)
    if granted is None:
        raise Http404
    if request.method == "POST" or granted.revoked_at:
        actions.revoke(granted=granted, by=me)
        messages.success(request, _("%(email)s can no longer read the plan.") % {"email": granted.email})
        return redirect("parenting_plan:professionals", plan.reference)
    return page(request, "parenting_plan/end_access.html", {"plan": plan, "granted": granted, "them": their_name(plan)})


@require_http_methods(["GET", "HEAD", "POST"])
@parents_only
def leave(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """Stop sharing. Nothing stands in the way of it: no lock, no pause, no reason asked for."""
    if me.left_at:
        return redirect(OURS, plan.reference)
    if plan.them is None:
        return redirect("parenting_plan:sharing", plan.reference)
    if request.method == "POST":
        try:
            actions.leave(plan=plan, by=me)
        except (actions.AlreadyDone, actions.NotShared):
            pass  # it is done, by this very form or by another tab
        messages.success(request, _("You have stopped sharing this plan."))
        return redirect(OURS, plan.reference)
    context = {"plan": plan, "them": their_name(plan), "submit_key": fresh_key(), "drafts": me.drafts.count()}
    return page(request, "parenting_plan/leave.html", context)


def asked_about(request: HttpRequest, plan: Plan) -> Proposal | None:
    """The suggestion of this plan that ?about=section/question&number=2 names, if there is one."""
    key, number = request.GET.get("about", ""), request.GET.get("number", "")
    if key not in questions.by_key() or not number.isascii() or not number.isdecimal() or len(number) > 6:
        return None
    found = Proposal.objects.filter(clause__plan=plan, clause__question=key, number=int(number))
    return found.select_related("clause", "by__user").first()


@require_http_methods(["GET", "HEAD", "POST"])
@parents_only
def report(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """Tell staff. Works at any time, in a plan that is paused or ended too; nobody else can learn of it."""
    context = {"plan": plan, "them": their_name(plan)} | where_to_turn()
    if request.method != "POST" and (answered := actions.answer_to(party=me, number=request.GET.get("answer", ""))):
        return page(request, "parenting_plan/report_answered.html", context | {"answer": answered})
    if request.method != "POST" and "sent" in request.GET:
        look_by = actions.look_by(clock.now())
        return page(request, "parenting_plan/report_sent.html", context | {"look_by": look_by})
    about = asked_about(request, plan)
    form = Report(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.report(**form.cleaned_data, party=me, about=about)
        return redirect(f"{request.path}?sent")
    context |= {"form": form, "about": about, "has_errors": bool(form.errors)}
    return page(request, "parenting_plan/report.html", context)
