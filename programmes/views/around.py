"""The pages around the courses: which there are, which one is for me, and questions with answers. For anybody."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from hub import text
from hub.context import person_of
from hub.http import page, public
from programmes import finding, library, under_way
from programmes.forms.around import Afraid, Between, Search, Sent
from programmes.library import Programme

OPEN_TO = {
    "everyone": gettext_lazy("Open to everybody"),
    "referred": gettext_lazy("For parents who have been sent"),
    "enrolled": gettext_lazy("Only if your adviser asks you"),
    "nobody": gettext_lazy("This one has ended"),
}

SUGGESTED = ("getting-it-right", "planning-together", "positive-co-parenting")

# The four that people mix up, side by side: what is asked, and the answer for each by its slug.
COMPARED = (
    (
        gettext_lazy("What is it?"),
        {
            "getting-it-right": gettext_lazy("A short course with films. You take it on your own."),
            "planning-together": gettext_lazy("Eight parts to read, then one workshop in a small group."),
            "positive-co-parenting": gettext_lazy("Four meetings about your own family, with a court adviser."),
            "separated-parents": gettext_lazy("An older course. Planning Together took its place."),
        },
    ),
    (
        gettext_lazy("Who sends you?"),
        {
            "getting-it-right": gettext_lazy("Nobody. Start when you like."),
            "planning-together": gettext_lazy("A family court, or a Family Court Adviser."),
            "positive-co-parenting": gettext_lazy("The adviser in your court case asks you both. You can say no."),
            "separated-parents": gettext_lazy("Nobody can, since 29 March 2023."),
        },
    ),
    (
        gettext_lazy("How long is it?"),
        {
            "getting-it-right": gettext_lazy("A bit more than an hour, in short parts."),
            "planning-together": gettext_lazy("Up to two hours to read. Then 2.5 hours, or two evenings."),
            "positive-co-parenting": gettext_lazy("Twelve weeks. You go to two of the four meetings."),
            "separated-parents": gettext_lazy("It took about four hours."),
        },
    ),
    (
        gettext_lazy("Where is it?"),
        {
            "getting-it-right": gettext_lazy("Here, on your phone or computer."),
            "planning-together": gettext_lazy("You read it here. The workshop is by video, or in a room if need be."),
            "positive-co-parenting": gettext_lazy("Your adviser tells you where you meet."),
            "separated-parents": gettext_lazy("In a room, and later by video."),
        },
    ),
    (
        gettext_lazy("What does it cost?"),
        {
            "getting-it-right": gettext_lazy("It is free."),
            "planning-together": gettext_lazy("It is free."),
            "positive-co-parenting": gettext_lazy("Your adviser can tell you. We ask for nothing."),
            "separated-parents": gettext_lazy("It was free for those who were sent."),
        },
    ),
    (
        gettext_lazy("Is there a certificate?"),
        {
            "getting-it-right": gettext_lazy("Yes. It says that you took part."),
            "planning-together": gettext_lazy("Yes, once you have done the parts and the workshop."),
            "positive-co-parenting": gettext_lazy("No. The adviser writes a report for the court."),
            "separated-parents": gettext_lazy("The court was told who came."),
        },
    ),
    (
        gettext_lazy("Is the other parent there?"),
        {
            "getting-it-right": gettext_lazy("No. They are not told, either."),
            "planning-together": gettext_lazy("Never. You are put in different groups."),
            "positive-co-parenting": gettext_lazy("Yes, at the last meeting."),
            "separated-parents": gettext_lazy("No, never at the same time."),
        },
    ),
)


def public_until_asked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Public, like any page of words; but what is drawn for a query is that asker's alone and is kept nowhere."""
    kept = public(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return (view if request.GET else kept)(request, *args, **kwargs)

    return wrapped


# ---------------------------------------------------------------- which there are


def pages() -> list[tuple[str, date | None]]:
    """Every page around the courses for search engines: its path, and the day its facts were last checked."""
    found: list[tuple[str, date | None]] = [(reverse("programmes:landing"), None)]
    for each in library.programmes():
        checked = each.cover.words.checked_on
        day = date.fromisoformat(checked) if checked else None
        found.append((reverse("programmes:cover", args=[each.slug]), day))
        if each.cover.words.questions:
            found.append((reverse("programmes:questions", args=[each.slug]), day))
    return found


@require_safe
@public
def landing(request: HttpRequest) -> HttpResponse:
    """All programmes as cards, and four of them compared. A parent who has begun one finds that first."""
    shown = library.programmes()
    person = person_of(request)
    going = under_way.all_of(person, shown) if person is not None and person.is_parent else []
    compared = [each for each in shown if all(each.slug in answers for _asked, answers in COMPARED)]
    return page(
        request,
        "programmes/landing.html",
        {
            "cards": [_card(each) for each in shown],
            "going": [each for each in going if not each.finished],
            "has_words": bool(going),
            "compared": compared,
            "rows": [(asked, [(each, answers[each.slug]) for each in compared]) for asked, answers in COMPARED],
        },
    )


def _card(programme: Programme) -> dict:
    words = programme.cover.words
    return {
        "programme": programme,
        "words": words,
        "who_for": words.who_for.split("\n\n")[0],
        "open_to": OPEN_TO[words.open_to],
    }


# ---------------------------------------------------------------- which one is for me


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # it changes nothing and keeps nothing, so it needs no cookie
@public_until_asked
def which(request: HttpRequest) -> HttpResponse:
    """Three questions, one a page, then one clear suggestion. Nothing is kept, in the session or anywhere else.

    The first two answers travel in the address. Whether somebody is afraid must not: an address stays in the history of
    a browser that the other parent may open. So that question comes last and is sent as a POST, the result is drawn as
    its answer, and the tab says the same words whatever was chosen: the history of everybody looks alike.
    """
    asked = request.GET
    sent = Sent(asked if "question" in asked or "sent" in asked else None)
    if not sent.is_valid():
        return _ask(request, 1, sent, (reverse("programmes:landing"), _("Courses")))
    between = Between(asked if asked.get("question") == "2" or "between" in asked else None)
    here = f"{reverse('programmes:which')}?question=1&sent={sent.cleaned_data['sent']}"
    if not between.is_valid():
        return _ask(request, 2, between, (reverse("programmes:which"), _("The question before")), sent)
    afraid = Afraid(request.POST if request.method == "POST" else None)
    if not afraid.is_valid():
        return _ask(request, 3, afraid, (here, _("The question before")))
    suggestion = suggest(sent.cleaned_data["sent"], afraid.cleaned_data["afraid"])
    by_slug = {each.slug: each for each in library.programmes()}
    shown = {slug.replace("-", "_"): by_slug.get(slug) for slug in SUGGESTED}
    return page(
        request,
        "programmes/which_answer.html",
        {"suggestion": suggestion, "shown": shown} | sent.cleaned_data | between.cleaned_data,
    )


def _ask(request: HttpRequest, number: int, form, back: tuple[str, str], before: Sent | None = None) -> HttpResponse:
    context = {
        "number": number,
        "form": form,
        "field": next(iter(form)),
        "back": back,
        "before": before.cleaned_data if before else {},
        "has_errors": bool(form.errors),
    }
    return page(request, "programmes/which.html", context)


def suggest(sent: str, afraid: str) -> str:
    """What to suggest first: "help", "planning", "ask" or "getting". Not being sure whether one is afraid is enough."""
    if afraid != "no":
        return "help"
    return {"court": "planning", "adviser": "planning", "unsure": "ask", "nobody": "getting"}[sent]


# ---------------------------------------------------------------- questions and answers


def _with_questions(slug: str) -> Programme:
    programme = library.programme(slug)
    if programme is None or not programme.cover.words.questions:
        raise Http404
    return programme


@require_safe
@public_until_asked
def questions(request: HttpRequest, programme: str) -> HttpResponse:
    """Every question of a programme; with ?q= those that match; with ?sent= what it means for who was sent so."""
    found = _with_questions(programme)
    words = found.cover.words
    query = text.clean(request.GET.get("q", ""), one_line=True)[: finding.LONGEST_QUERY]
    matching = finding.find(words.questions, query)
    return page(
        request,
        "programmes/questions.html",
        {
            "programme": found,
            "search": Search(initial={"q": query}),
            "query": query,
            "matching": matching,
            "others": [each for each in words.questions if each not in matching],
            "sent": next((each for each in words.statuses or () if each.slug == request.GET.get("sent")), None),
        },
    )


@require_safe
@public
def one_question(request: HttpRequest, programme: str, asked: str) -> HttpResponse:
    """One question with its answer, to send to somebody or to find from outside."""
    found = _with_questions(programme)
    every = found.cover.words.questions
    one = next((each for each in every if each.slug == asked), None)
    if one is None:
        raise Http404
    return page(
        request,
        "programmes/one_question.html",
        {"programme": found, "asked": one, "others": [each for each in every if each is not one]},
    )
