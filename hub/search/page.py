"""The page that searches. What somebody searches for is theirs: no log, no session, no table and no title has it."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hub import helplines
from hub.helplines import Helpline, Line
from hub.http import page, public
from hub.search.finding import Answer, find
from hub.search.index import rooms

IDEAS = (
    gettext_lazy("No reply to my messages"),
    gettext_lazy("Sharing Christmas"),
    gettext_lazy("My child does not want to go"),
    gettext_lazy("A new partner"),
    gettext_lazy("Taking a child abroad"),
    gettext_lazy("What does court cost?"),
)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Without a query a page of words like any other; an answer is the asker's alone and kept nowhere."""
    return _answer(request) if request.GET else _asks(request)


@public
def _asks(request: HttpRequest) -> HttpResponse:
    return page(request, "hub/search.html", {"answer": None, **_ways_on()})


def _answer(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("page", "")
    answer = find(request.GET.get("q", ""), int(asked) if asked.isdecimal() and len(asked) < 4 else 1)
    response = page(
        request,
        "hub/search.html",
        {
            "answer": answer,
            "lines": _first(answer.query.danger),
            "before": _to(answer, answer.page - 1) if answer.page > 1 else "",
            "after": _to(answer, answer.page + 1) if answer.page < answer.pages else "",
            **({} if answer.found else _ways_on()),
        },
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _ways_on() -> dict:
    return {"ideas": [(words, "?" + urlencode({"q": words})) for words in IDEAS], "rooms": rooms()}


def _to(answer: Answer, number: int) -> str:
    return "?" + urlencode({"q": answer.query.text, "page": str(number)})


def _first(needs: list[str]) -> list[Line]:
    """The first helplines for each of these needs, in the order of the help page; 999 stands on the card by itself."""
    others = [need for need in needs if need != Helpline.Need.DANGER]
    if not others:
        return []
    each = 3 if len(others) == 1 else 2
    return [line for _label, lines in helplines.by_need() if lines[0].need in others for line in lines[:each]]
