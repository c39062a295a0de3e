"""The safety questions, wherever they are asked. An answer decides which page comes next, and is kept nowhere."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hub.http import page
from hub.models import Helpline
from hub.views import helplines_by_need
from parenting_plan.forms.joining import SafetyQuestion

MARK_SECONDS = 2 * 60 * 60


def mark(request: HttpRequest, name: str) -> None:
    """Keep a time in the session, and nothing else: how far this person has come, for two hours."""
    request.session[name] = int(time.time())


def marked(request: HttpRequest, name: str) -> bool:
    """Whether the mark was made less than two hours ago."""
    made = request.session.get(name)
    return isinstance(made, int) and 0 <= time.time() - made < MARK_SECONDS


def unmark(request: HttpRequest, *names: str) -> None:
    """Take marks away."""
    for name in names:
        request.session.pop(name, None)


def ask(
    request: HttpRequest, about: str, *, no: str, yes: str, back: tuple[str, Any], eyebrow: str, gently: str = ""
) -> HttpResponse | None:
    """One safety question (`about` is "adults" or "children") on a page of its own.

    Leads to the address `no` or `yes`; "I am not sure" counts as yes. Nothing is written anywhere by answering.
    """
    form = SafetyQuestion(about, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect(no if form.cleaned_data["answer"] == "no" else yes)
    context = {"form": form, "about": about, "back": back, "eyebrow": eyebrow, "gently": gently}
    return page(request, "parenting_plan/safety_question.html", context | {"has_errors": bool(form.errors)})


def stay_safe(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Where to turn, and how to carry on: the same page whichever question led here, and whatever was said."""
    return page(request, "parenting_plan/stay_safe.html", _turn_to() | context)


def _turn_to() -> dict[str, Any]:
    first = (Helpline.Need.DANGER.label, Helpline.Need.ADULT.label, Helpline.Need.CHILD.label)
    groups = helplines_by_need()
    lines = [line for _need, of_need in groups for line in of_need]
    return {
        "danger": [line for line in lines if line.need == Helpline.Need.DANGER],
        "groups": [group for group in groups if group[0] in first[1:]],
        "more": [group for group in groups if group[0] not in first],
        "checked_on": min((line.checked_on for line in lines), default=None),
    }


def helplines() -> dict[str, Any]:
    """The same numbers for other calm pages."""
    return _turn_to()


def safety_words() -> str:
    return _("Two questions about safety")
