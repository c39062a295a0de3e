"""The plan as a whole: the list of plans, the task list, one section, and the agreed words to read and download."""

from functools import lru_cache

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hub.http import page
from hub.words import together
from parenting_plan import actions, ending, questions, standing
from parenting_plan.models import Child, Party, Plan
from parenting_plan.views.common import parents_only, their_name
from parenting_plan.views.files import answer_with_pdf, reading_context


@require_safe
@login_required
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan of this parent; with just one, the plan itself."""
    if request.user.is_professional:
        return redirect("parenting_plan:professional")
    mine = list(Plan.objects.visible_to(request.user).prefetch_related("children").order_by("-created_at"))
    waits = Party.objects.waiting(request.user).exists()
    if len(mine) == 1 and not waits and mine[0].still_shared and "all" not in request.GET:
        return redirect("parenting_plan:overview", mine[0].reference)
    return page(request, "parenting_plan/list.html", {"plans": mine, "waits": waits})


@lru_cache(maxsize=5_000)
def names_of_children(reference: str, event_count: int) -> str:
    """The children’s first names in one breath, kept while the record is as it was: changing them adds an event."""
    return together(list(Child.objects.filter(plan__reference=reference).values_list("first_name", flat=True)))


def board_of(plan: Plan) -> standing.Board:
    """The plan's board for `plan.me`. Two queries."""
    drafted = dict(plan.me.drafts.values_list("question", "value__kind"))
    return standing.board(plan.clauses.rows(), drafted, me=plan.me, them=plan.them)


def next_step(plan: Plan, board: standing.Board) -> dict:
    """The one thing to do next: words for the card and where its button leads."""
    here = plan.reference
    if board.waiting:
        first = board.waiting[0].asked
        count = len(board.waiting)
        return {
            "title": _("%(name)s has made a suggestion: %(topic)s") % {"name": their_name(plan), "topic": first.short}
            if count == 1
            else ngettext("%(name)s has made %(count)d suggestion", "%(name)s has made %(count)d suggestions", count)
            % {"name": their_name(plan), "count": count},
            "words": _(
                "You can agree, suggest different words, or leave it. There is no rush, and %(name)s is not told"
                " whether you have looked."
            )
            % {"name": their_name(plan)},
            "button": _("Read the suggestion") if count == 1 else _("Read them one by one"),
            "url": reverse("parenting_plan:question", args=[here, first.section_slug, first.slug])
            if count == 1
            else reverse("parenting_plan:waiting", args=[here]) + "?sitting=1",
        }
    if board.drafts:
        return {
            "title": ngettext("You have %(count)d draft", "You have %(count)d drafts", len(board.drafts))
            % {"count": len(board.drafts)},
            "words": ngettext("Only you can see it.", "Only you can see them.", len(board.drafts))
            + " "
            + (
                ngettext(
                    "Read it again, then send it when it feels right.",
                    "Read them again, then send them when they feel right.",
                    len(board.drafts),
                )
                if plan.other
                else ngettext(
                    "Read it again, then put it in your plan when it feels right.",
                    "Read them again, then put them in your plan when they feel right.",
                    len(board.drafts),
                )
            ),
            "button": _("Look at my drafts"),
            "url": reverse("parenting_plan:drafts", args=[here]),
        }
    begun = any(s.begun for section in board.sections for s in section.standings)
    if plan.other is None and begun and plan.may_be_shared and not plan.invitations.exists():
        return {
            "title": _("Ask the other parent to join"),
            "words": _(
                "You can carry on alone for as long as you like. When it feels right and safe, you can invite the"
                " other parent."
            ),
            "button": _("See how inviting works"),
            "url": reverse("parenting_plan:invite", args=[here]),
        }
    open_ones = [s for section in board.sections for s in section.standings if not s.begun]
    if open_ones:
        asked = open_ones[0].asked
        easy = questions.question("living-and-childcare", "handovers")
        if easy and any(s.asked == easy for s in open_ones) and begun:
            asked = easy
        return {
            "title": asked.title,
            "words": _("A good place to go next. You can do the parts in any order."),
            "button": _("Write about this"),
            "url": reverse("parenting_plan:question", args=[here, asked.section_slug, asked.slug]),
        }
    return {
        "title": _("You have been through every part"),
        "words": _("You can read the agreed plan, download it, or look at any part again."),
        "button": _("Read the agreed plan"),
        "url": reverse("parenting_plan:agreed", args=[here]),
    }


@require_safe
@parents_only
def plan(request: HttpRequest, plan: Plan, me) -> HttpResponse:
    children = names_of_children(plan.reference, plan.event_count)
    context = {"plan": plan, "children": children, "them": their_name(plan)}
    if not plan.still_shared:
        return page(request, "parenting_plan/resting.html", context)
    board = board_of(plan)
    return page(
        request,
        "parenting_plan/overview.html",
        context
        | {
            "board": board,
            "goes_at": ending.goes_at(plan),
            "next": next_step(plan, board),
            "stones": [section.stone for section in board.sections],
            "other_name": plan.other.name if plan.other else "?",
        },
    )


@require_POST
@parents_only
def keep(request: HttpRequest, plan: Plan, me: Party) -> HttpResponse:
    """For a parent whose plan will go because nothing was done in it: let it stay."""
    try:
        actions.keep(plan=plan, by=me)
    except actions.NotShared:
        pass  # then the plan itself says how it stands
    else:
        messages.success(request, _("Your plan stays here."))
    return redirect("parenting_plan:overview", plan.reference)


@require_safe
@parents_only
def section(request: HttpRequest, plan: Plan, me, section: str) -> HttpResponse:
    found = questions.section(section)
    if found is None:
        raise Http404
    if not plan.still_shared:
        return redirect("parenting_plan:overview", plan.reference)
    board = board_of(plan)
    standing_of = next(s for s in board.sections if s.section == found)
    place = board.sections.index(standing_of)
    return page(
        request,
        "parenting_plan/section.html",
        {
            "plan": plan,
            "standing": standing_of,
            "before": board.sections[place - 1].section if place else None,
            "after": board.sections[place + 1].section if place + 1 < len(board.sections) else None,
        },
    )


@require_safe
@parents_only
def agreed(request: HttpRequest, plan: Plan, me) -> HttpResponse:
    """The agreed words as a page: the twin of the PDF, with the same words."""
    return page(request, "parenting_plan/agreed.html", {"here": plan} | reading_context(plan))


@require_safe
@parents_only
def pdf(request: HttpRequest, plan: Plan, me) -> HttpResponse:
    return answer_with_pdf(request, plan)
