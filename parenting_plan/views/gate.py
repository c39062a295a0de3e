"""The safety questions, wherever they are asked. An answer decides which page comes next, and is kept nowhere."""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from hub import helplines
from hub.helplines import Helpline
from hub.http import page
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
    request: HttpRequest,
    about: str,
    *,
    no: Callable[[], HttpResponse],
    yes: Callable[[], HttpResponse],
    back: tuple[str, str],
    eyebrow: str = "",
) -> HttpResponse:
    """One safety question (`about` is "adults" or "children") on a page of its own.

    `no` and `yes` lead on; "I am not sure" counts as yes. Nothing here writes an answer anywhere.
    """
    form = SafetyQuestion(about, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return no() if form.cleaned_data["answer"] == "no" else yes()
    context = {"form": form, "about": about, "back": back, "eyebrow": eyebrow}
    return page(request, "parenting_plan/safety_question.html", context | {"has_errors": bool(form.errors)})


def stay_safe(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Where to turn, and how to carry on: the same page whichever question led here, and whatever was said."""
    return page(request, "parenting_plan/stay_safe.html", where_to_turn() | context)


def where_to_turn() -> dict[str, Any]:
    """The helplines of the database, by need, and the oldest day on which one of them was checked."""
    first = (Helpline.Need.DANGER.label, Helpline.Need.ADULT.label, Helpline.Need.CHILD.label)
    groups = helplines.by_need()
    lines = [line for _need, of_need in groups for line in of_need]
    return {
        "danger": [line for line in lines if line.need == Helpline.Need.DANGER],
        "groups": [group for group in groups if group[0] in first[1:]],
        "more": [group for group in groups if group[0] not in first],
        "checked_on": min((line.checked_on for line in lines), default=None),
    }
