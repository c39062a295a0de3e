"""Taking a programme: its cover, its parts, their steps and screens, and the end.

Tasters and covers are the same for everybody signed out, and nothing is kept for them. A parent's own place and words
are found by the parent alone. A press that comes twice, late or from a page of an earlier edition harms nothing.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.private import asks_first_unless_just_written, has_just_written, must_ask
from hub import clock
from hub.context import person_of
from hub.http import own_words, page, public, signed_in_only
from programmes import library
from programmes.actions import learning
from programmes.actions.learning import Place, Progress
from programmes.forms.learning import form_for
from programmes.kinds import Part, Screen, Step
from programmes.library import Programme
from programmes.models import Answer, Certificate, Edition

OWN_NUMBER = re.compile(r"\b(\d+):")
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


# ---------------------------------------------------------------- who asks for what


@dataclass(frozen=True)
class Here:
    """Somebody at a part: the person (None when signed out), what they may do and how far they are."""

    programme: Programme
    part: Part
    person: Any
    may_take: bool
    progress: Progress

    @property
    def is_open(self) -> bool:
        return self.may_take or bool(self.part.words.taster)

    @property
    def keeps(self) -> bool:
        """Whether this person's place and words are kept here: a parent's are, also in a taster."""
        return self.is_open and self.person is not None and self.person.is_parent


def programme_or_404(slug: str) -> Programme:
    found = library.programme(slug)
    if found is None:
        raise Http404
    return found


def _here(request: HttpRequest, programme: str, part: str) -> Here:
    found = programme_or_404(programme)
    its_part = found.part(part)
    if its_part is None or found.cover.words.open_to == "nobody":
        raise Http404
    person = person_of(request)
    is_parent = person is not None and person.is_parent
    return Here(
        programme=found,
        part=its_part,
        person=person,
        may_take=learning.may_take(person, found),
        progress=learning.progress(person if is_parent else None, found),
    )


@signed_in_only
def _sign_in(request: HttpRequest) -> HttpResponse:
    """Only for somebody signed out: on to the sign-in page, with what they had just written given back."""
    return redirect(request.path)


def _closed(request: HttpRequest, here: Here) -> HttpResponse:
    """Not a refusal but an explanation: who takes this programme, and what is open to everybody."""
    others = library.programmes()
    return page(
        request,
        "programmes/closed.html",
        {
            "programme": here.programme,
            "part": here.part,
            "is_parent": here.person.is_parent,
            "open_to": here.programme.cover.words.open_to,
            "tasters": [part for part in here.programme.parts if part.words.taster],
            "for_everybody": next((each for each in others if each.cover.words.open_to == "everyone"), None),
        },
        status=403,
    )


# ---------------------------------------------------------------- addresses


def address_of_part(programme: Programme, part: Part) -> str:
    return reverse("programmes:part", args=[programme.slug, part.slug])


def address_of(programme: Programme, place: Place) -> str:
    where = [programme.slug, place.part.slug, place.step.slug]
    if place.screen.slug:
        return reverse("programmes:screen", args=[*where, place.screen.slug])
    return reverse("programmes:step", args=where)


def _around(part: Part, step: Step, screen: Screen) -> tuple[int, Place | None, Place | None]:
    """The number of this screen in its part from 1, and the places before and after it."""
    places = part.places
    at = next(n for n, (its, shown) in enumerate(places) if its.slug == step.slug and shown.slug == screen.slug)
    before = Place(part, *places[at - 1]) if at else None
    after = Place(part, *places[at + 1]) if at + 1 < len(places) else None
    return at + 1, before, after


# ---------------------------------------------------------------- the cover


def _rows(programme: Programme, progress: Progress, may_take: bool, *, signed_out: bool) -> list[dict[str, Any]]:
    """The parts as the cover lists them."""
    # "Activity 2: Talk it out" brings a number of its own, and then nothing else has one.
    own = {part.slug: found[1] for part in programme.parts if (found := OWN_NUMBER.search(part.title))}
    number, rows = 0, []
    for part in programme.parts:
        number += 0 if part.words.extra else 1
        mark = own.get(part.slug, "") if own else str(number)
        is_done = progress.started and progress.is_done(part)
        state = "done" if is_done else "here" if progress.here == part.slug else "later"
        may_open = may_take or part.words.taster or (signed_out and programme.cover.words.open_to == "everyone")
        rows.append(
            {
                "part": part,
                "mark": "+" if part.words.extra else mark,
                "state": state,
                "address": address_of_part(programme, part) if may_open else "",
                "minutes": progress.minutes_left_in(part) if state == "here" else part.minutes,
            }
        )
    return rows


@require_safe
@public
def cover(request: HttpRequest, programme: str) -> HttpResponse:
    """The front of a programme: what it is, when it is not right, its parts, and one button to start or carry on."""
    found = programme_or_404(programme)
    words = found.cover.words
    person = person_of(request)
    may_take = learning.may_take(person, found)
    is_parent = person is not None and person.is_parent
    progress = learning.progress(person if is_parent else None, found)
    has_parts = bool(found.parts) and words.open_to != "nobody"
    tasters = [part for part in found.parts if part.words.taster] if has_parts else []
    can_start = has_parts and (may_take or (person is None and words.open_to == "everyone"))
    return page(
        request,
        "programmes/cover.html",
        {
            "programme": found,
            "words": words,
            "rows": _rows(found, progress, may_take, signed_out=person is None) if has_parts else [],
            "progress": progress,
            "may_take": may_take,
            "can_start": can_start,
            "taster": tasters[0] if tasters else None,
            "onward": _onward(found, progress),
        },
    )


def _onward(programme: Programme, progress: Progress) -> dict[str, Any]:
    """Where the one button of a cover leads: to the first screen, to the one to carry on with, or to the end."""
    place = progress.next
    if place is not None:
        return {"address": address_of(programme, place), "part": place.part, "started": progress.started}
    return {"address": reverse("programmes:finish", args=[programme.slug]), "part": None, "started": True}


# ---------------------------------------------------------------- a part


@GET_OR_POST
@public
def part(request: HttpRequest, programme: str, part: str) -> HttpResponse:
    """A part: its steps, what is done, and where to carry on. When it is done: what comes next."""
    here = _here(request, programme, part)
    if request.method == "POST":  # a page of an earlier edition, whose step is gone
        return redirect(request.path)
    if not here.is_open:
        return _closed(request, here) if here.person is not None else _sign_in(request)
    progress = here.progress
    place = progress.first_unseen(here.part, after=_left_off(progress, here.part))
    is_done = progress.started and progress.is_done(here.part)
    following = progress.next if is_done else None
    return page(
        request,
        "programmes/part.html",
        {
            "programme": here.programme,
            "part": here.part,
            "place_of_part": place_of_part(here.programme, here.part),
            "steps": _steps(here, place.step if place and progress.started and not is_done else None),
            "keeps": here.keeps,
            "signed_out": here.person is None,
            "is_done": is_done,
            "begun": progress.has_begun(here.part),
            "minutes_left": progress.minutes_left_in(here.part),
            "carry_on": address_of(here.programme, place) if place else "",
            "first": address_of(here.programme, Place(here.part, *here.part.places[0])),
            "following": following.part if following else None,
            "onward": address_of_part(here.programme, following.part) if following else "",
            "finished": progress.finished,
            "may_take": here.may_take,
        },
    )


def _steps(here: Here, at: Step | None) -> list[dict[str, Any]]:
    """The steps of a part as a list: what is done, and at which step one is."""
    return [
        {
            "step": step,
            "address": address_of(here.programme, Place(here.part, step, step.screens[0])),
            "done": here.progress.has_walked(here.part, step),
            "here": at is not None and step.slug == at.slug,
        }
        for step in here.part.steps
    ]


def _left_off(progress: Progress, part: Part) -> tuple[str, str] | None:
    taking = progress.taking
    return (taking.step, taking.screen) if taking is not None and taking.part == part.slug else None


def place_of_part(programme: Programme, part: Part) -> tuple[int, int]:
    """(2, 6) for the second of six parts that count; (0, 6) for a bonus."""
    needed = programme.needed
    return (needed.index(part) + 1 if part in needed else 0), len(needed)


# ---------------------------------------------------------------- a step and its screens


@GET_OR_POST
@public
def step(request: HttpRequest, programme: str, part: str, step: str, screen: str = "") -> HttpResponse:
    """One screen. Carrying on or answering is a POST that leads to the next page, so that going back is safe."""
    here = _here(request, programme, part)
    if not here.is_open:
        return _closed(request, here) if here.person is not None else _sign_in(request)
    its_step = here.part.step(step)
    its_screen = its_step.screen(screen) if its_step else None
    if its_step is None or its_screen is None:
        return _not_there(request, here, its_step, screen)
    if request.method != "POST":
        return _shown(request, here, its_step, its_screen)
    if here.person is None:
        return _sign_in(request)
    if not here.keeps:
        return redirect(request.path)
    return _taken(request, here, its_step, its_screen)


def _not_there(request: HttpRequest, here: Here, step: Step | None, screen: str) -> HttpResponse:
    """A step without the name of its screen leads to one; a press on a page that is gone leads back to its part."""
    if step is not None and not screen:
        unseen = (each for each in step.screens if not here.progress.has_seen(here.part, step, each))
        return redirect(address_of(here.programme, Place(here.part, step, next(unseen, step.screens[0]))))
    if request.method != "POST":
        raise Http404
    if own_words(request):
        context = {"programme": here.programme, "part": here.part, "own_words": own_words(request)}
        return page(request, "programmes/gone.html", context, status=409)
    messages.info(request, _("This part was changed while you were reading. Your place is kept."))
    return redirect(address_of_part(here.programme, here.part))


def _taken(request: HttpRequest, here: Here, step: Step, screen: Screen) -> HttpResponse:
    """Carry on, keep an answer, or delete one."""
    at = clock.now()
    where = here.part.slug, step.slug, screen.slug
    do = request.POST.get("do", "")
    if do == "forget":
        if kept := learning.answer_to(here.person, here.programme.slug, *where):
            learning.forget(kept)
            messages.success(request, _("Your words are deleted."))
        return redirect(request.path)
    edition = _edition_read(request, here)
    form = form_for(screen, request.POST) if do == "save" else None
    if form is not None and not form.is_valid():
        return _shown(request, here, step, screen, form=form)
    taking = here.progress.taking or learning.begin(here.person, here.programme, at)
    if form is not None:
        learning.answer(taking, *where, screen.kind, form.answer, edition, at)
        if _has_reply(screen):
            has_just_written(request)
            return redirect(request.path)
    else:
        learning.see(taking, *where, edition, at)
    return redirect(_next_address(here, step, screen))


def _next_address(here: Here, step: Step, screen: Screen) -> str:
    after = _around(here.part, step, screen)[2]
    return address_of(here.programme, after) if after else address_of_part(here.programme, here.part)


def _has_reply(screen: Screen) -> bool:
    """Whether something is said to an answer before going on."""
    return screen.kind != "reflection" or bool(screen.words.after)


def _edition_read(request: HttpRequest, here: Here) -> int:
    """The edition that was on the page that was sent, if it is one of this part; else the one shown now."""
    now = here.programme.editions[here.part.slug]
    told = request.POST.get("edition", "")
    if not told.isdecimal() or len(told) > 18 or int(told) == now:
        return now
    earlier = Edition.objects.filter(
        pk=int(told),
        chapter__programme=here.programme.slug,
        chapter__slug=here.part.slug,
        published_at__isnull=False,
    )
    return int(told) if earlier.exists() else now


def _shown(request: HttpRequest, here: Here, step: Step, screen: Screen, *, form=None) -> HttpResponse:
    kept = None
    if screen.asks and here.keeps and here.progress.has_seen(here.part, step, screen):  # what was answered was seen
        kept = learning.answer_to(here.person, here.programme.slug, here.part.slug, step.slug, screen.slug)
        if kept is not None and kept.kind != screen.kind:
            kept = None
    if kept is not None and form is None and (asked := asks_first_unless_just_written(request)):
        return asked
    replying = kept is not None and form is None and "again" not in request.GET and _has_reply(screen)
    if form is None and here.keeps and not replying:
        form = form_for(screen, was=kept.words if kept else None)
    number, before, after = _around(here.part, step, screen)
    return page(
        request,
        "programmes/step.html",
        {
            "programme": here.programme,
            "part": here.part,
            "place_of_part": place_of_part(here.programme, here.part),
            "step": step,
            "screen": screen,
            "words": screen.words,
            "piece": f"programmes/screens/{screen.kind}.html",
            "number": number,
            "of": len(here.part.places),
            "steps": _steps(here, step),
            "way": [
                {"here": n == number, "done": here.progress.has_seen(here.part, *place)}
                for n, place in enumerate(here.part.places, start=1)
            ],
            "minutes_left": here.progress.minutes_left_in(here.part),
            "before": address_of(here.programme, before) if before else "",
            "after": address_of(here.programme, after) if after else address_of_part(here.programme, here.part),
            "keeps": here.keeps,
            "signed_out": here.person is None,
            "edition": here.programme.editions[here.part.slug],
            "form": form,
            "kept": kept,
            "reply": reply_of(screen, kept) if replying and kept is not None else None,
            "has_errors": form is not None and form.is_bound and not form.is_valid(),
        },
    )


def reply_of(screen: Screen, kept: Answer) -> dict[str, Any]:
    """What is said to an answer: the part of the screen's words that belongs to what was chosen."""
    words, its = kept.words, screen.words
    match screen.kind:
        case "choice":
            chosen = [option for option in its.options if option["text"] == words["chose"]]
            return {
                "chose": words["chose"],
                "said": chosen[0]["said"] if chosen else "",
                "others": [option for option in its.options if option["text"] != words["chose"]],
            }
        case "check":
            return {"answers": [_reply_to(its.questions, each) for each in words["chose"]]}
        case "rewriter":
            ours = [each for each in its.messages if each["text"] == words["message"]]
            return {"message": words["message"], "text": words["text"], "ours": ours[0] if ours else None}
        case "order":
            return {"order": words["order"]}
        case "pledge":
            return {"lines": words["boxes"]}
        case "card":
            return {"lines": [*words["lines"], *([words["own"]] if words["own"] else [])]}
    return {"text": words["text"]}


def _reply_to(questions: list, answered: dict[str, str]) -> dict[str, str]:
    said = [
        option["said"]
        for question in questions
        if question["ask"] == answered["ask"]
        for option in question["options"]
        if option["text"] == answered["chose"]
    ]
    return {**answered, "said": said[0] if said else ""}


# ---------------------------------------------------------------- the end


@GET_OR_POST
@signed_in_only
def finish(request: HttpRequest, programme: str) -> HttpResponse:
    """The end of a programme: what was in it, what they promised, the certificate, and what may come next."""
    found = programme_or_404(programme)
    person = request.user
    if not found.parts or found.cover.words.open_to == "nobody" or not person.is_parent:  # type: ignore[union-attr]
        raise Http404
    progress = learning.progress(person, found)
    taking = progress.taking
    if taking is None or not progress.finished:
        return redirect("programmes:cover", found.slug)
    if request.method == "POST":
        learning.finish(taking, clock.now())
        return redirect(request.path)
    promises = learning.promises(person, found.slug)
    return page(
        request,
        "programmes/finish.html",
        {
            "programme": found,
            "words": found.cover.words,
            "taking": taking,
            "done": [part for part in found.parts if part.slug in progress.done],
            "extras": [part for part in found.parts if part.words.extra and part.slug not in progress.done],
            "promises": promises,
            "promises_are_shown": not must_ask(request),
            "certificate": Certificate.objects.filter(person=person, programme=found.slug).exists(),
        },
    )
