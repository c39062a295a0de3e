"""Reading and answering: one question with all that stands about it, agreeing, setting aside, and its story."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub import differences
from hub.http import page
from parenting_plan import actions, questions, states
from parenting_plan import story as telling
from parenting_plan.forms.words import Answer, Seen
from parenting_plan.models import Clause, Party, Plan, Proposal
from parenting_plan.questions import Question
from parenting_plan.views.common import (
    asked_or_404,
    clause_of,
    fresh_key,
    parents_only,
    refused,
    their_name,
    with_sitting,
)
from parenting_plan.views.writing import (
    GET_OR_POST,
    draft_of,
    here,
    is_theirs,
    marked,
    onward,
    text_of,
)


@GET_OR_POST
@parents_only
def question(request: HttpRequest, plan: Plan, me, section: str, question: str) -> HttpResponse:
    """One question: what is agreed, what is suggested, and the ways to answer."""
    asked = asked_or_404(section, question)
    if not plan.still_shared:
        return redirect("parenting_plan:overview", plan.reference)
    clause = clause_of(plan, asked)
    theirs = is_theirs(plan, clause)
    if clause.is_away and request.POST.get("do") == "show":
        actions.show_words(party=me, about=clause.open)
        return with_sitting(request, here(plan, asked))
    if clause.state == states.State.EMPTY and request.method != "POST":
        return here(plan, asked, "write")
    form = Answer(request.POST, them=their_name(plan)) if request.method == "POST" else None  # else drawn as it is
    if request.method == "POST" and theirs:
        if other_way := request.POST.get("other"):
            return _other_way(request, plan, asked, other_way)
        if form.is_valid():
            return _answer(request, plan, asked, form.cleaned_data["answer"])
    before, after = questions.neighbours(asked.key)
    return page(
        request,
        "parenting_plan/question.html",
        {
            "plan": plan,
            "asked": asked,
            "section": questions.section(asked.section_slug),
            "clause": clause,
            "theirs": theirs,
            "mine": clause.open is not None and not theirs,
            "rests": clause.rests,
            "draft": None if theirs else draft_of(plan, asked),
            "compared": _compared(clause, me) if clause.open and not clause.is_away else None,
            "may_show": clause.is_away and actions.may_show_words(party=me, about=clause.open),
            "them": their_name(plan),
            "form": form,
            "before": before,
            "after": after,
            "sitting": "sitting" in request.GET,
            "has_errors": form is not None and theirs and bool(form.errors),
        },
    )


def _earlier(clause: Clause, me: Party) -> Proposal | None:
    """What the open suggestion is a change of: the words in force, else the one it answered, unless put away for me."""
    if clause.agreed:
        return clause.agreed
    if clause.open.number == 1:
        return None
    answered = clause.proposals.filter(number__lt=clause.open.number, ending=Proposal.Ending.COUNTERED)
    return answered.away_from(me).order_by("-number").first()


def _compared(clause: Clause, me: Party) -> list[differences.Piece] | None:
    earlier = _earlier(clause, me)
    if earlier is None or earlier.is_away or earlier.value["kind"] != "words" or clause.open.value["kind"] != "words":
        return None
    return differences.pieces(text_of(earlier.value), text_of(clause.open.value))


def _answer(request: HttpRequest, plan: Plan, asked: Question, answer: str) -> HttpResponse:
    if answer == "later":
        if "sitting" in request.GET:  # the next page is about another part
            words = _("“%(part)s” is left for now. %(name)s is not told.")
            messages.success(request, words % {"part": asked.short, "name": their_name(plan)})
            return onward(request, plan, asked)
        messages.success(request, _("Left for now. %(name)s is not told.") % {"name": their_name(plan)})
        return redirect("parenting_plan:overview", plan.reference)
    return with_sitting(request, here(plan, asked, {"agree": "agree", "change": "write"}[answer]))


def _other_way(request: HttpRequest, plan: Plan, asked: Question, way: str) -> HttpResponse:
    if way == "not_needed":
        draft = draft_of(plan, asked)
        try:
            actions.save_draft(
                party=plan.me, question=asked.key, value=marked("not_needed", text_of(draft.value) if draft else "")
            )
        except states.Refused as refusal:
            return refused(request, refusal, plan, question=asked)
        return with_sitting(request, here(plan, asked, "send"))
    response = here(plan, asked, "set_aside")
    response["Location"] += f"?for={'court' if way == 'court' else 'help'}"
    return with_sitting(request, response)


@GET_OR_POST
@parents_only
def agree(request: HttpRequest, plan: Plan, me, section: str, question: str) -> HttpResponse:
    """Read the words once more, then agree to exactly these."""
    asked = asked_or_404(section, question)
    clause = clause_of(plan, asked)
    if request.method == "POST":
        seen = Seen(request.POST)
        if seen.is_valid():
            told = seen.cleaned_data
            try:
                actions.agree(
                    plan=plan,
                    question=asked.key,
                    by=me,
                    version=told["version"],
                    digest=told["digest"],
                    submit_key=told["submit_key"],
                )
            except actions.AlreadyDone:
                pass
            except states.Refused as refusal:
                return refused(request, refusal, plan, question=asked)
            if "sitting" in request.GET:  # the next page is about another part
                messages.success(request, _("You have both agreed to “%(part)s”.") % {"part": asked.short})
            else:
                messages.success(request, _("You have both agreed to this part."))
            return onward(request, plan, asked)
    if not is_theirs(plan, clause) or clause.is_away or not plan.still_shared:
        return here(plan, asked)
    return page(
        request,
        "parenting_plan/agree.html",
        {
            "plan": plan,
            "asked": asked,
            "clause": clause,
            "them": their_name(plan),
            "digest": clause.open.what_was_shown(),
            "submit_key": fresh_key(),
            "sitting": "sitting" in request.GET,
        },
    )


@GET_OR_POST
@parents_only
def set_aside(request: HttpRequest, plan: Plan, me, section: str, question: str) -> HttpResponse:
    """Say that this part needs help, or the court. Both parents see it; nobody is blamed."""
    asked = asked_or_404(section, question)
    clause = clause_of(plan, asked)
    aside = request.POST.get("aside") or request.GET.get("for") or Clause.Aside.HELP
    if aside not in Clause.Aside.values:
        aside = Clause.Aside.HELP
    if request.method == "POST":
        seen = Seen(request.POST)
        if seen.is_valid():
            told = seen.cleaned_data
            try:
                actions.set_aside(
                    plan=plan,
                    question=asked.key,
                    by=me,
                    aside=aside,
                    version=told["version"],
                    digest=told["digest"] or None,
                    submit_key=told["submit_key"],
                )
            except actions.AlreadyDone:
                pass
            except states.Refused as refusal:
                return refused(request, refusal, plan, question=asked)
            messages.success(request, _("This part is set aside. Either of you can come back to it at any time."))
            return onward(request, plan, asked)
    if not plan.still_shared or (clause.open and not is_theirs(plan, clause)) or clause.rests:
        return here(plan, asked)
    return page(
        request,
        "parenting_plan/set_aside.html",
        {
            "plan": plan,
            "asked": asked,
            "clause": clause,
            "aside": aside,
            "them": their_name(plan),
            "digest": clause.open.what_was_shown() if clause.open else "",
            "submit_key": fresh_key(),
        },
    )


@require_safe
@parents_only
def story(request: HttpRequest, plan: Plan, me, section: str, question: str) -> HttpResponse:
    """How this part came to be as it is: every suggestion and answer, in order, the same for both parents."""
    asked = asked_or_404(section, question)
    proposals = {
        proposal.number: proposal
        for proposal in Proposal.objects.filter(clause__plan=plan, clause__question=asked.key)
        .away_from(me)
        .select_related("by__user")
    }
    names = {party.role: party.name for party in [plan.one, plan.other] if party}
    events = plan.events.filter(part=asked.key, kind__in=telling.KINDS).select_related("body").order_by("seq")
    steps = telling.steps(events, proposals, names, me)
    return page(
        request, "parenting_plan/story.html", {"plan": plan, "asked": asked, "steps": steps, "them": their_name(plan)}
    )


@require_safe
@parents_only
def waiting(request: HttpRequest, plan: Plan, me) -> HttpResponse:
    """What the other parent has suggested, to be answered one after another in one sitting."""
    if not plan.still_shared:
        return redirect("parenting_plan:overview", plan.reference)
    order = list(questions.by_key())
    found = [clause for clause in plan.clauses.with_words().waiting_for(me) if clause.question in order]
    found.sort(key=lambda clause: order.index(clause.question))
    if "sitting" in request.GET:
        after = request.GET.get("after", "")
        done = order.index(after) if after in order else -1
        later = [clause for clause in found if order.index(clause.question) > done]
        if later:
            asked = later[0].asked
            address = reverse("parenting_plan:question", args=[plan.reference, asked.section_slug, asked.slug])
            return redirect(f"{address}?sitting=1")
    return page(
        request,
        "parenting_plan/waiting.html",
        {"plan": plan, "found": found, "them": their_name(plan), "finished": "after" in request.GET},
    )
