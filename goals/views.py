"""The pages of somebody's own goals. Every one of them begins with the goals this person may see: their own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import ceil
from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.private import must_ask, private
from goals import actions, copies, history, suggestions
from goals.forms import HowItWent, Wish, Words
from goals.kinds import Suggestion
from goals.models import CheckIn, Felt, Goal, Reminder, new_key
from hub import clock
from hub.http import own_words, page, signed_in_only, to_save

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
GOALS_A_PAGE = 20
FOLDED = 8  # goals in a fold of the list; the rest have a page of their own
DIARY_A_PAGE = 20
NAME = "notes"  # neutral: a list of downloads on a shared machine tells nothing

MOVES = {
    "pause": (actions.pause, gettext_lazy("Paused. It waits here until you want it again.")),
    "achieve": (actions.achieve, gettext_lazy("Marked as done. You can still read all of it.")),
    "archive": (actions.archive, gettext_lazy("Put away. You can still read all of it.")),
    "take_up_again": (actions.take_up_again, gettext_lazy("You are working on it again.")),
}


# ---------------------------------------------------------------- who asks, and for what


def parents_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in as a parent. For anybody else these pages do not exist. Every one is private, and may ask again.

    A goal that was deleted in another window meanwhile is told in words, and what was just written is given back.
    """

    @wraps(view)
    @signed_in_only
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_parent:  # type: ignore[union-attr]
            raise Http404
        try:
            return private(view)(request, *args, **kwargs)
        except actions.Gone:
            return page(request, "goals/gone.html", {"own_words": own_words(request)}, status=409)

    return wrapped


def _goal(request: HttpRequest, reference: str) -> Goal:
    return get_object_or_404(Goal.objects.visible_to(request.user), reference=reference)


def _check_in(request: HttpRequest, reference: str, said: str) -> CheckIn:
    mine = CheckIn.objects.filter(goal__in=Goal.objects.visible_to(request.user)).select_related("goal")
    return get_object_or_404(mine, goal__reference=reference, reference=said)


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _key(request: HttpRequest) -> str:
    """The one-time key of the form that was sent; a new one for a form that is about to be shown."""
    posted = request.POST.get("submit_key", "")
    return posted if re.fullmatch(r"[\w-]{8,40}", posted, re.ASCII) else new_key()


@dataclass(frozen=True)
class Leaf:
    """One page of a long list."""

    number: int
    of: int
    size: int

    @property
    def rows(self) -> slice:
        return slice((self.number - 1) * self.size, self.number * self.size)

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1 if self.number < self.of else 0


def _leaf(request: HttpRequest, count: int, size: int) -> Leaf:
    """The page they ask for; the nearest there is, whatever they ask for."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 7 else 1
    of = max(ceil(count / size), 1)
    return Leaf(min(max(number, 1), of), of, size)


# ---------------------------------------------------------------- the list


@require_safe
@parents_only
def my_goals(request: HttpRequest) -> HttpResponse:
    """What I am working on; and folded away, what I paused, did or put away."""
    mine = Goal.objects.visible_to(request.user)
    counts = dict(mine.order_by().values_list("state").annotate(count=Count("pk")))
    active = counts.get(Goal.State.ACTIVE, 0)
    leaf = _leaf(request, active, GOALS_A_PAGE)
    folds: dict[str, list[Goal]] = {state: [] for state in ("paused", "achieved", "archived")}
    for each in mine.first_of_each_state(FOLDED).order_by("-state_at", "-pk") if sum(counts.values()) > active else ():
        folds[each.state].append(each)
    return page(
        request,
        "goals/list.html",
        {
            "working": list(mine.in_work().with_last()[leaf.rows]) if active else [],
            "active": active,
            "leaf": leaf,
            "folds": [(Goal.State(state), rows, counts[state]) for state, rows in folds.items() if rows],
            "count": sum(counts.values()),
            "folded": FOLDED,
        },
    )


@require_safe
@parents_only
def of_state(request: HttpRequest, state: str) -> HttpResponse:
    """All that is paused, all that is done, or all that is put away."""
    if state not in {"paused", "achieved", "archived"}:
        raise Http404
    mine = Goal.objects.visible_to(request.user).filter(state=state)
    leaf = _leaf(request, mine.count(), GOALS_A_PAGE)
    rows = mine.order_by("-state_at", "-pk")[leaf.rows]
    return page(request, "goals/of_state.html", {"state": Goal.State(state), "rows": rows, "leaf": leaf})


# ---------------------------------------------------------------- beginning


@require_safe
@parents_only
def choose(request: HttpRequest) -> HttpResponse:
    """What we suggest, by theme, and the way to one's own words."""
    mine = Goal.objects.visible_to(request.user).filter(state__in=["active", "paused"]).exclude(suggestion="")
    held = set(mine.values_list("suggestion", flat=True))
    return page(request, "goals/choose.html", {"themes": suggestions.themes(), "held": held})


@GET_OR_POST
@parents_only
def new(request: HttpRequest, suggestion: str = "") -> HttpResponse:
    """A goal in my own words; or a suggestion, filled in, that I make my own.

    What somebody wrote is taken also when the suggestion went out of view while they wrote.
    """
    ours = suggestions.by_slug().get(suggestion) if suggestion else None
    if suggestion and ours is None and not (request.method == "POST" and suggestions.was_offered(suggestion)):
        raise Http404
    form = Words(_posted(request), initial=_filled_in(ours))
    if request.method == "POST" and form.is_valid():
        goal = actions.start(person=request.user, suggestion=suggestion, submit_key=_key(request), **form.cleaned_data)
        messages.success(request, _("Your goal is saved. Only you can see it."))
        return redirect("goals:goal", goal.reference)
    mine = Goal.objects.visible_to(request.user).filter(state__in=["active", "paused"])
    context = {
        "form": form,
        "ours": ours,
        "same": mine.filter(suggestion=suggestion).first() if ours and not must_ask(request) else None,
        "submit_key": _key(request),
        "has_errors": bool(form.errors),
    }
    return page(request, "goals/new.html", context)


def _filled_in(ours: Suggestion | None) -> dict[str, str]:
    if ours is None:
        return {}
    words = ours.words
    return {"kind": words.kind, "words": words.title, "why": words.why, "first_step": words.first_step}


# ---------------------------------------------------------------- a goal


@GET_OR_POST
@parents_only
def goal(request: HttpRequest, reference: str) -> HttpResponse:
    """The goal, a place to say how it goes, and how it has been going."""
    mine = _goal(request, reference)
    form = HowItWent(_posted(request))
    if request.method == "POST" and form.is_valid():
        actions.check_in(goal=mine, submit_key=_key(request), **form.cleaned_data)
        messages.success(request, _("Saved. Only you can see it."))
        return redirect("goals:goal", mine.reference)
    context = {"goal": mine, "form": form, "submit_key": _key(request), "has_errors": bool(form.errors)}
    if must_ask(request):  # sent too late, and something is missing: what was just written, and nothing of before
        return page(request, "goals/say_again.html", context)
    context["ours"] = suggestions.by_slug().get(mine.suggestion) if mine.suggestion else None
    return page(request, "goals/goal.html", context | _looking_back(request, mine))


def _looking_back(request: HttpRequest, mine: Goal) -> dict[str, Any]:
    """The picture of the newest check-ins, the same as a table, and one page of the diary. Four queries at most."""
    told = mine.check_ins.aggregate(count=Count("pk"), first=Min("at"))
    leaf = _leaf(request, told["count"], DIARY_A_PAGE)
    newest = list(mine.check_ins.all()[: history.MOST]) if told["count"] else []
    said = [(each.felt, each.at) for each in reversed(newest)]
    at_hand = len(newest) == told["count"] or leaf.rows.stop <= len(newest)
    diary = newest[leaf.rows] if at_hand else list(mine.check_ins.all()[leaf.rows])
    return {
        "count": told["count"],
        "pictures": history.pictures(said),
        "picture_in_words": history.in_words(said, told["count"]) if said else "",
        "table": [(at, Felt(felt)) for felt, at in reversed(said)],
        "diary": diary,
        "leaf": leaf,
        "wordings": list(mine.wordings.all()),
    }


@GET_OR_POST
@parents_only
def words(request: HttpRequest, reference: str) -> HttpResponse:
    """Say the goal anew."""
    mine = _goal(request, reference)
    names = ("kind", "words", "why", "first_step")
    form = Words(_posted(request), initial={name: getattr(mine, name) for name in names})
    if request.method == "POST" and form.is_valid():
        actions.reword(goal=mine, **form.cleaned_data)
        messages.success(request, _("Your new words are saved. The old ones are kept below."))
        return redirect("goals:goal", mine.reference)
    return page(request, "goals/words.html", {"goal": mine, "form": form, "has_errors": bool(form.errors)})


@require_POST
@parents_only
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Pause it, mark it as done, put it away, or take it up again. No check page: each can be undone by another."""
    mine = _goal(request, reference)
    chosen = MOVES.get(request.POST.get("do", ""))
    if chosen is not None:
        act, said = chosen
        act(goal=mine)
        messages.success(request, str(said))
    return redirect("goals:goal", mine.reference)


@GET_OR_POST
@parents_only
def delete(request: HttpRequest, reference: str) -> HttpResponse:
    """A check page, then gone at once and for good. Sent twice, the second time says that it is gone already."""
    mine = Goal.objects.visible_to(request.user).filter(reference=reference).first()
    if request.method == "POST":
        if mine is not None:
            actions.delete(goal=mine)
        messages.success(request, _("That goal is deleted. Nothing of it is kept."))
        return redirect("goals:list")
    if mine is None:
        raise Http404
    return page(request, "goals/delete.html", {"goal": mine, "count": mine.check_ins.count()})


@GET_OR_POST
@parents_only
def forget_wordings(request: HttpRequest, reference: str) -> HttpResponse:
    """A check page, then the earlier words are gone. The goal stays as it is."""
    mine = _goal(request, reference)
    if request.method == "POST":
        actions.forget_wordings(goal=mine)
        messages.success(request, _("The earlier words are deleted."))
        return redirect("goals:goal", mine.reference)
    wordings = list(mine.wordings.all())
    if not wordings:
        return redirect("goals:goal", mine.reference)
    return page(request, "goals/forget_wordings.html", {"goal": mine, "wordings": wordings})


# ---------------------------------------------------------------- one check-in


@GET_OR_POST
@parents_only
def check_in(request: HttpRequest, reference: str, said: str) -> HttpResponse:
    """Change what I said on one day."""
    mine = _check_in(request, reference, said)
    form = HowItWent(_posted(request), initial={"felt": mine.felt, "note": mine.note})
    if request.method == "POST" and form.is_valid():
        actions.change_check_in(check_in=mine, **form.cleaned_data)
        messages.success(request, _("Changed. Only you can see it."))
        return redirect("goals:goal", mine.goal.reference)
    return page(request, "goals/check_in.html", {"said": mine, "form": form, "has_errors": bool(form.errors)})


@GET_OR_POST
@parents_only
def delete_check_in(request: HttpRequest, reference: str, said: str) -> HttpResponse:
    """A check page, then gone at once."""
    if request.method == "POST":
        mine = _goal(request, reference)
        found = mine.check_ins.filter(reference=said).first()
        if found is not None:
            actions.delete_check_in(check_in=found)
        messages.success(request, _("That line is deleted."))
        return redirect("goals:goal", mine.reference)
    return page(request, "goals/delete_check_in.html", {"said": _check_in(request, reference, said)})


# ---------------------------------------------------------------- reminders


@GET_OR_POST
@parents_only
def reminders(request: HttpRequest) -> HttpResponse:
    """Whether to be reminded: off until they choose it, and off again with one press."""
    wish = Reminder.objects.filter(person=request.user).first()
    form = Wish(_posted(request), initial={"every": wish.every if wish else 0})
    if request.method == "POST" and form.is_valid():
        every = form.cleaned_data["every"]
        actions.remind(person=request.user, every=every)
        messages.success(request, _("Reminders are on.") if every else _("Reminders are off."))
        return redirect("goals:list")
    return page(request, "goals/reminders.html", {"form": form, "wish": wish, "has_errors": bool(form.errors)})


# ---------------------------------------------------------------- to take away, and to delete


@require_safe
@parents_only
def as_text(request: HttpRequest) -> HttpResponse:
    told = copies.as_text(copies.of(request.user), clock.now())
    return to_save(HttpResponse(told, content_type="text/plain; charset=utf-8"), f"{NAME}.txt")


@require_safe
@parents_only
def as_json(request: HttpRequest) -> HttpResponse:
    told = copies.as_data(copies.of(request.user), clock.now())
    return to_save(JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2}), f"{NAME}.json")


@GET_OR_POST
@parents_only
def delete_all(request: HttpRequest) -> HttpResponse:
    """A check page, then all goals are gone at once and for good."""
    if request.method == "POST":
        actions.delete_all(person=request.user)
        messages.success(request, _("Everything here is deleted. Nothing of it is kept."))
        return redirect("goals:list")
    count = Goal.objects.visible_to(request.user).count()
    if not count:
        return redirect("goals:list")
    return page(request, "goals/delete_all.html", {"count": count})
