"""Writing: a private draft, the check before it is sent, sending several, and taking a suggestion back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hub import clock, differences, words
from hub.http import page
from parenting_plan import actions, questions, states
from parenting_plan.forms.words import Note, Seen, Write
from parenting_plan.models import Clause, Draft, Plan, Proposal
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

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
MARKS = {"not_needed", "not_sure"}


def draft_of(plan: Plan, asked: Question) -> Draft | None:
    return plan.me.drafts.filter(question=asked.key).first()


def text_of(value: dict | None) -> str:
    return (value or {}).get("text", "")


def starter(plan: Plan, asked: Question) -> str:
    names = words.together([child.first_name for child in plan.children.all()]) or _("our children")
    return asked.starter_for(children=names, me=plan.me.name, other=their_name(plan))


def is_theirs(plan: Plan, clause: Clause) -> bool:
    """Whether the other parent's suggestion is open, so that sending words means answering it."""
    return clause.open is not None and clause.open.by_id != plan.me.pk


def begins_from(plan: Plan, clause: Clause) -> Proposal | None:
    """The words a new suggestion starts from: theirs when answering, mine when rewriting alone, else those in force.

    Words that are put away for this reader are not brought back by writing.
    """
    return clause.agreed if clause.is_away else clause.open or clause.agreed


def begins_with(plan: Plan, clause: Clause, draft: Draft | None) -> str:
    """What the box starts with: my draft; else the words a new suggestion starts from."""
    base = begins_from(plan, clause)
    if draft and (text_of(draft.value) or draft.value["kind"] == "words"):
        return text_of(draft.value)
    return text_of(base.value if base else None)


def marked(kind: str, text: str, begun_with: str = "") -> dict:
    """A mark as a draft's value. Words the writer had in the box stay beside it, so that a press loses none of them."""
    return {"kind": kind, "text": text} if text and text != begun_with else {"kind": kind}


def cannot_write(plan: Plan, clause: Clause) -> bool:
    """My own suggestion is with the other parent, or the part is resting, or I cannot see what I would answer."""
    mine_is_out = clause.open is not None and clause.open.by_id == plan.me.pk and plan.them is not None
    return mine_is_out or clause.rests or clause.is_away


def here(plan: Plan, asked: Question, name: str = "question"):
    return redirect(f"parenting_plan:{name}", plan.reference, asked.section_slug, asked.slug)


@GET_OR_POST
@parents_only
def write(request: HttpRequest, plan: Plan, me, section: str, question: str) -> HttpResponse:
    """Write one's own words for one question. Saved by the button pressed; with JavaScript also by itself."""
    asked = asked_or_404(section, question)
    if not plan.still_shared and request.method != "POST":  # words that come all the same are given back below
        return redirect("parenting_plan:overview", plan.reference)
    clause, draft = clause_of(plan, asked), draft_of(plan, asked)
    do = request.POST.get("do", "send")
    if request.method == "POST":
        if do == "clear":
            actions.clear_draft(party=me, question=asked.key)
            messages.success(request, _("Your draft is gone."))
            return redirect("parenting_plan:section", plan.reference, section)
        form = Write(request.POST, needs_words=do in {"send", "keep"})
        if form.is_valid():
            return _keep(request, plan, asked, form.cleaned_data, do)
    elif cannot_write(plan, clause):
        return here(plan, asked)
    else:
        form = Write(
            initial={
                "text": begins_with(plan, clause, draft),
                "version": draft.version if draft else 0,
                "form_key": fresh_key(),
            }
        )
    return _writing_page(request, plan, asked, clause, form, draft)


def _writing_page(
    request, plan, asked, clause, form, draft, *, changed: bool = False, status: int = 200
) -> HttpResponse:
    base = begins_from(plan, clause)
    return page(
        request,
        "parenting_plan/write.html",
        {
            "plan": plan,
            "asked": asked,
            "clause": clause,
            "form": form,
            "draft": draft,
            "base": base,
            "answering": is_theirs(plan, clause),
            "them": their_name(plan),
            "starter": starter(plan, asked),
            "changed": changed,
            "saved_words": text_of(draft.value) if draft and changed else "",
            "has_errors": bool(form.errors),
        },
        status=status,
    )


def _keep(request, plan: Plan, asked: Question, told: dict, do: str) -> HttpResponse:
    """Save what was written, then go where the button pressed leads."""
    text = told["text"]
    if do == "starter":
        wording_offered = starter(plan, asked)
        text = f"{text}\n\n{wording_offered}" if text and wording_offered not in text else text or wording_offered
    value = {"kind": "words", "text": text}
    if do in MARKS:
        value = marked(do, text, begins_with(plan, clause_of(plan, asked), None))
    try:
        actions.save_draft(
            party=plan.me, question=asked.key, value=value, version=told["version"], form_key=told["form_key"]
        )
    except actions.DraftChanged:
        saved = draft_of(plan, asked)
        form = Write(initial={"text": text, "version": saved.version if saved else 0, "form_key": fresh_key()})
        return _writing_page(request, plan, asked, clause_of(plan, asked), form, saved, changed=True, status=409)
    except states.Refused as refusal:
        return refused(request, refusal, plan, question=asked, value=value)
    if do == "keep":
        messages.success(request, _("Your draft is saved. Only you can see it."))
        return redirect("parenting_plan:section", plan.reference, asked.section_slug)
    if do == "not_sure":
        messages.success(request, _("Marked “not sure yet”. Only you can see this mark."))
        return redirect("parenting_plan:section", plan.reference, asked.section_slug)
    if do == "starter":
        return with_sitting(request, here(plan, asked, "write"))
    return with_sitting(request, here(plan, asked, "send"))


@require_POST
@parents_only
def autosave(request: HttpRequest, plan: Plan, me, section: str, question: str) -> HttpResponse:
    """Save the draft while it is being written. Answers in a few words of plain text; anything else means not saved."""
    asked = asked_or_404(section, question)
    form = Write(request.POST)
    if not form.is_valid():
        return HttpResponse(
            _("Not saved yet. Have a look at the message when you press Continue."),
            content_type="text/plain; charset=utf-8",
        )
    text = form.cleaned_data["text"]
    if not text:
        return HttpResponse("", content_type="text/plain; charset=utf-8")
    try:
        actions.save_draft(
            party=me,
            question=asked.key,
            value={"kind": "words", "text": text},
            version=form.cleaned_data["version"],
            form_key=form.cleaned_data["form_key"],
        )
    except states.Refused:
        return HttpResponse(status=409)
    said = _("Draft saved %(time)s. Only you can see it.") % {"time": words.clock(clock.now())}
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@GET_OR_POST
@parents_only
def send(request: HttpRequest, plan: Plan, me, section: str, question: str) -> HttpResponse:
    """Check the words once more, add a note if wished, and send them."""
    asked = asked_or_404(section, question)
    clause, draft = clause_of(plan, asked), draft_of(plan, asked)
    if request.method == "POST":
        seen, note = Seen(request.POST), Note(request.POST, them=their_name(plan))
        if seen.is_valid() and note.is_valid():
            return _send(request, plan, asked, clause, draft, seen.cleaned_data, note.cleaned_data["note"])
        if not seen.is_valid():
            return here(plan, asked, "send")
    else:
        if draft is None or not draft.can_be_sent or not plan.still_shared or cannot_write(plan, clause):
            return here(plan, asked)
        note = Note(initial={"note": draft.note}, them=their_name(plan))
    if draft is None:
        return here(plan, asked)
    base = begins_from(plan, clause)
    compared = None
    if base and base.value["kind"] == draft.value["kind"] == "words":
        compared = differences.pieces(text_of(base.value), text_of(draft.value))
    return page(
        request,
        "parenting_plan/send.html",
        {
            "plan": plan,
            "asked": asked,
            "clause": clause,
            "draft": draft,
            "base": base,
            "compared": compared,
            "changes": sum(1 for kind, _words in compared or [] if kind != "same"),
            "answering": is_theirs(plan, clause),
            "them": their_name(plan),
            "note": note,
            "version": clause.version,
            "digest": clause.open.what_was_shown() if is_theirs(plan, clause) else "",
            "draft_version": draft.version,
            "submit_key": request.POST.get("submit_key") or fresh_key(),
            "has_errors": bool(note.errors),
        },
    )


def _send(request, plan, asked, clause, draft, seen, note: str) -> HttpResponse:
    if request.POST.get("do") == "change":
        if draft:
            _keep_note(plan, draft, note)
        return with_sitting(request, here(plan, asked, "write"))
    told = {"plan": plan, "question": asked.key, "by": plan.me, "submit_key": seen["submit_key"], "note": note}
    try:
        if draft is None or str(draft.version) != request.POST.get("draft_version"):
            _done_before(plan, seen["submit_key"])
            if clause.rests:
                raise states.AtRest(clause.rests_until)
            raise actions.Stale
        told |= {"value": draft.to_send, "version": seen["version"], "draft_version": draft.version}
        if seen["digest"]:
            actions.counter(**told, digest=seen["digest"])
        else:
            actions.commit(**told)
    except actions.AlreadyDone:
        return onward(request, plan, asked)  # said already
    except states.Refused as refusal:
        if draft:
            _keep_note(plan, draft, note)
        return refused(request, refusal, plan, question=asked, value=draft.value if draft else None, note=note)
    if plan.them:
        messages.success(
            request, _("Sent to %(name)s. You can take it back until it is answered.") % {"name": plan.them.name}
        )
    else:
        messages.success(request, _("It is in your plan. You can change it at any time."))
    return onward(request, plan, asked)


def _done_before(plan: Plan, submit_key: str) -> None:
    """Raise AlreadyDone when this very form did its work: its draft has become the suggestion."""
    event = plan.events.filter(submit_key=submit_key, role=plan.me.role).first()
    if event:
        raise actions.AlreadyDone(event)


def _keep_note(plan: Plan, draft: Draft, note: str) -> None:
    if note != draft.note:
        try:
            actions.save_draft(party=plan.me, question=draft.question, value=draft.value, note=note)
        except states.Refused:
            return  # the page shows the note back in any case


def onward(request: HttpRequest, plan: Plan, asked: Question) -> HttpResponse:
    """After an answer: the next suggestion that waits when answering in one sitting, else the question itself."""
    if "sitting" in request.GET:
        response = redirect("parenting_plan:waiting", plan.reference)
        response["Location"] += f"?sitting=1&after={asked.key}"
        return response
    return here(plan, asked)


@GET_OR_POST
@parents_only
def drafts(request: HttpRequest, plan: Plan, me) -> HttpResponse:
    """All of one's drafts, to send several together. Also the check before sending: every word is on the page."""
    if not plan.still_shared:
        return redirect("parenting_plan:overview", plan.reference)
    clauses = {clause.question: clause for clause in plan.clauses.resting().with_words()}
    rows = []
    for draft in me.drafts.order_by("question"):
        clause = clauses.get(draft.question) or Clause(plan=plan, question=draft.question)
        if draft.asked is None:
            continue
        answers = is_theirs(plan, clause)
        is_out = clause.open is not None and not answers and plan.them is not None
        ready = draft.can_be_sent and not answers and not cannot_write(plan, clause)
        rows.append(
            {
                "draft": draft,
                "clause": clause,
                "asked": draft.asked,
                "ready": ready,
                "answers": answers,
                "is_out": is_out,
                "rests": clause.rests,
            }
        )
    rows.sort(key=lambda row: (row["asked"].letter, row["asked"].number))
    problem = ""
    if request.method == "POST":
        chosen = _chosen(request)
        if chosen:
            return _send_together(request, plan, chosen)
        problem = _("Choose at least one draft to send. Nothing was sent.")
    return page(
        request,
        "parenting_plan/drafts.html",
        {
            "plan": plan,
            "rows": rows,
            "ready_count": sum(1 for row in rows if row["ready"]),
            "them": their_name(plan),
            "submit_key": request.POST.get("submit_key") or fresh_key(),
            "problem": problem,
            "has_errors": bool(problem),
        },
    )


def _chosen(request) -> dict[str, tuple[int, int]]:
    """The drafts ticked, each with the versions its reader saw; and those just sent by this very form."""
    chosen = {}
    for key in request.POST.getlist("chosen"):
        seen = request.POST.get(f"seen-{key}", "").split(".")
        if (
            key in questions.by_key()
            and len(seen) == 2
            and all(part.isascii() and part.isdigit() and len(part) < 10 for part in seen)
        ):
            chosen[key] = (int(seen[0]), int(seen[1]))
    return chosen


def _send_together(request, plan: Plan, chosen: dict[str, tuple[int, int]]) -> HttpResponse:
    try:
        sent, kept = actions.commit_drafts(
            plan=plan, by=plan.me, chosen=chosen, submit_key=request.POST.get("submit_key", "")[:40] or fresh_key()
        )
    except states.Refused as refusal:
        return refused(request, refusal, plan)
    if sent:
        said = ngettext("%(count)d suggestion sent.", "%(count)d suggestions sent.", len(sent)) % {"count": len(sent)}
        if plan.them is None:
            said = ngettext("%(count)d answer is in your plan.", "%(count)d answers are in your plan.", len(sent)) % {
                "count": len(sent)
            }
        messages.success(request, said)
    if kept:
        messages.info(
            request,
            ngettext(
                "%(count)d draft was not sent, because that part has changed. It is still here.",
                "%(count)d drafts were not sent, because those parts have changed. They are still here.",
                len(kept),
            )
            % {"count": len(kept)},
        )
        return redirect("parenting_plan:drafts", plan.reference)
    return redirect("parenting_plan:overview", plan.reference)


@GET_OR_POST
@parents_only
def take_back(request: HttpRequest, plan: Plan, me, section: str, question: str) -> HttpResponse:
    """Take one's own suggestion back before it is answered."""
    asked = asked_or_404(section, question)
    clause = clause_of(plan, asked)
    if request.method == "POST":
        seen = Seen(request.POST)
        if seen.is_valid():
            try:
                actions.withdraw(
                    plan=plan,
                    question=asked.key,
                    by=me,
                    version=seen.cleaned_data["version"],
                    submit_key=seen.cleaned_data["submit_key"],
                )
            except actions.AlreadyDone:
                pass
            except states.Refused as refusal:
                return refused(request, refusal, plan, question=asked)
            messages.success(
                request, _("You took your suggestion back. Its words are a draft again, and only you can see it.")
            )
            return here(plan, asked)
    if clause.open is None or clause.open.by_id != me.pk:
        return here(plan, asked)
    return page(
        request,
        "parenting_plan/take_back.html",
        {"plan": plan, "asked": asked, "clause": clause, "them": their_name(plan), "submit_key": fresh_key()},
    )
