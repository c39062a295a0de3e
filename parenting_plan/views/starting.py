"""Starting a plan alone: two safety questions, what courts have said, the children, a check, and the first question."""

import datetime as dt
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.http import page
from parenting_plan import actions
from parenting_plan.forms.joining import ChildrenForm, Orders
from parenting_plan.models import Plan
from parenting_plan.views import gate
from parenting_plan.views.common import fresh_key

KEPT = "starting"  # in the session until the plan is made: orders, children, the form's key. Never a safety answer.
READ_BEFORE = "read_before_you_start"  # in the session, once for each: another sign-in may be on another device
FIRST_QUESTION = ("about-our-children", "what-we-want")


def parents_may_start(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed-in parents only; a professional or a member of staff reads kindly why not."""

    @wraps(view)
    @login_required
    @require_http_methods(["GET", "HEAD", "POST"])
    def wrapped(request: HttpRequest) -> HttpResponse:
        if not request.user.is_parent:
            return page(request, "parenting_plan/start_not_for_you.html", status=403)
        return view(request)

    return wrapped


def _kept(request: HttpRequest) -> dict[str, Any]:
    return request.session.get(KEPT) or {}


def _keep(request: HttpRequest, **more: Any) -> None:
    request.session[KEPT] = {"key": fresh_key()} | _kept(request) | more


def _after_orders(request: HttpRequest) -> str:
    return "parenting_plan:start_check" if _kept(request).get("children") else "parenting_plan:start_children"


def born_words(year: int, month: int) -> str:
    """When a child was born, as people say it: "May 2017"."""
    return date_format(dt.date(year, month, 1), "F Y")


@parents_may_start
def begin(request: HttpRequest) -> HttpResponse:
    """The way to a plan. First, once in a session, it goes by the page on leaving fast."""
    if "read" in request.GET:
        request.session[READ_BEFORE] = True
    if not request.session.get(READ_BEFORE):
        return redirect("before_you_start")
    has_one = Plan.objects.visible_to(request.user).filter(ended_at=None, paused_at=None).exists()
    return page(request, "parenting_plan/start.html", {"has_one": has_one})


@parents_may_start
def adults(request: HttpRequest) -> HttpResponse:
    return gate.ask(
        request,
        "adults",
        no=lambda: redirect("parenting_plan:start_children_safety"),
        yes=lambda: redirect("parenting_plan:start_stay_safe"),
        back=(reverse("parenting_plan:start"), _("Start a plan")),
        eyebrow=_("Before you start: question 1 of 2"),
    )


@parents_may_start
def children_safety(request: HttpRequest) -> HttpResponse:
    return gate.ask(
        request,
        "children",
        no=lambda: redirect("parenting_plan:start_orders"),
        yes=lambda: redirect("parenting_plan:start_stay_safe"),
        back=(reverse("parenting_plan:start_adults"), _("The question before")),
        eyebrow=_("Before you start: question 2 of 2"),
    )


@require_safe
@parents_may_start
def stay_safe(request: HttpRequest) -> HttpResponse:
    return gate.stay_safe(
        request,
        {
            "for_whom": "starter",
            "carry_on": reverse("parenting_plan:start_orders"),
            "back": reverse("parenting_plan:start"),
        },
    )


@parents_may_start
def orders(request: HttpRequest) -> HttpResponse:
    """What courts have said; anything but "no" leads to a page that says what follows from it."""
    form = Orders(request.POST if request.method == "POST" else None, initial={"orders": _kept(request).get("orders")})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["orders"]
        _keep(request, orders=chosen)
        return redirect(_after_orders(request) if chosen == Plan.Orders.NONE else "parenting_plan:start_orders_meaning")
    return page(request, "parenting_plan/start_orders.html", {"form": form, "has_errors": bool(form.errors)})


@require_safe
@parents_may_start
def orders_meaning(request: HttpRequest) -> HttpResponse:
    chosen = _kept(request).get("orders", Plan.Orders.NONE)
    if chosen == Plan.Orders.NONE:
        return redirect("parenting_plan:start_orders")
    return page(
        request,
        "parenting_plan/start_orders_meaning.html",
        {"orders": chosen, "carry_on": reverse(_after_orders(request))} | gate.where_to_turn(),
    )


@parents_may_start
def children(request: HttpRequest) -> HttpResponse:
    if "orders" not in _kept(request):
        return redirect("parenting_plan:start_orders")
    known = [tuple(child) for child in _kept(request).get("children", [])]
    form = ChildrenForm(request.POST if request.method == "POST" else None, known=known)
    if request.method == "POST" and form.is_valid():
        _keep(request, children=form.children)
        return redirect("parenting_plan:start_check")
    return page(request, "parenting_plan/start_children.html", {"form": form, "has_errors": form.has_errors})


@parents_may_start
def check(request: HttpRequest) -> HttpResponse:
    """Everything once more; then the plan is made, once, and what the session held is gone."""
    kept = _kept(request)
    if request.method == "POST":
        key = request.POST.get("submit_key", "")
        if not kept.get("children"):
            return _made_before(request, key)
        if key == kept["key"]:
            plan = actions.start(
                by=request.user,
                children=[tuple(child) for child in kept["children"]],
                orders=kept["orders"],
                submit_key=key,
            )
            del request.session[KEPT]
            messages.success(
                request, _("Your plan is ready. Only you can see it. Here is a good question to begin with.")
            )
            return _first_question(plan)
    if "orders" not in kept:
        return redirect("parenting_plan:start_orders")
    if not kept.get("children"):
        return redirect("parenting_plan:start_children")
    return page(
        request,
        "parenting_plan/start_check.html",
        {
            "key": kept["key"],
            "orders": Plan.Orders(kept["orders"]),
            "children": [{"name": name, "born": born_words(year, month)} for name, year, month in kept["children"]],
        },
    )


def _made_before(request: HttpRequest, key: str) -> HttpResponse:
    """The same form a second time: the plan it made, or the beginning."""
    made = None
    if re.fullmatch(r"[0-9a-f]{32}", key):
        made = Plan.objects.visible_to(request.user).filter(events__submit_key=key, events__kind="started").first()
    return _first_question(made) if made else redirect("parenting_plan:start")


def _first_question(plan: Plan) -> HttpResponse:
    return redirect("parenting_plan:write", plan.reference, *FIRST_QUESTION)
