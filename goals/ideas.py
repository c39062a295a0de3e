"""A suggested goal as anybody may read it: where search leads. Nothing private is on it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from goals import suggestions
from goals.kinds import KINDS
from hub.context import person_of
from hub.http import page, public


@require_safe
@public
def idea(request: HttpRequest, suggestion: str) -> HttpResponse:
    """What the goal is, why it matters to a child, and small steps. A parent, signed in, goes on to make it theirs."""
    person = person_of(request)
    if person is not None and person.is_parent:
        return redirect("goals:new", suggestion)
    ours = suggestions.by_slug().get(suggestion)
    if ours is None:
        raise Http404
    context = {"ours": ours, "for_whom": KINDS[ours.words.kind], "signed_out": person is None}
    return page(request, "goals/idea.html", context)
