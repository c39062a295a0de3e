"""What a solicitor, mediator or court adviser sees: the agreed plans that parents let them read, and nothing else."""

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub import clock
from hub.http import page
from parenting_plan import actions
from parenting_plan.models import Grant, Opening, Plan
from parenting_plan.views.files import answer_with_pdf, reading_context


def held(request: HttpRequest) -> list[Grant]:
    """What this person may read at this moment, by the database's clock; the longest first."""
    grants = Grant.objects.held_by(request.user, clock.now())
    return list(grants.select_related("plan", "by__user").order_by("-expires_at", "-pk"))


def held_or_404(request: HttpRequest, reference: str) -> tuple[Plan, list[Grant]]:
    """The plan and every grant that opens it, at most one from each parent. For anybody else there is no such plan."""
    grants = [granted for granted in held(request) if granted.plan.reference == reference]
    if not grants:
        raise Http404
    return grants[0].plan, grants


def note(grants: list[Grant], what: str) -> None:
    """Write down the opening for each parent who let this person in. Neither sees the other's."""
    for granted in grants:
        actions.note_opening(granted=granted, what=what)


@require_safe
@login_required
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan shared with this person: the children's first names, by whom, until when."""
    by_plan: dict[Plan, list[Grant]] = {}
    for granted in held(request):
        by_plan.setdefault(granted.plan, []).append(granted)
    prefetch_related_objects(list(by_plan), "children")
    shelf = [
        {"plan": plan, "grants": grants, "children": [child.first_name for child in plan.children.all()]}
        for plan, grants in by_plan.items()
    ]
    has_proved = request.user.emailaddress_set.filter(verified=True, primary=True).exists()
    return page(request, "parenting_plan/professional.html", {"shelf": shelf, "has_proved": has_proved})


@require_safe
@login_required
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """The agreed words as a page, the twin of the PDF. No suggestion, note, draft or story."""
    found, grants = held_or_404(request, reference)
    context = {"here": found, "grants": grants} | reading_context(found)
    note(grants, Opening.What.READ)
    return page(request, "parenting_plan/professional_plan.html", context)


@require_safe
@login_required
def pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The agreed plan as a file. Only a file that was handed out is noted as a download."""
    found, grants = held_or_404(request, reference)
    response = answer_with_pdf(request, found, read_here=reverse("parenting_plan:professional_plan", args=[reference]))
    if response.status_code == 200:
        note(grants, Opening.What.DOWNLOAD)
    return response
