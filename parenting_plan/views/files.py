"""The agreed plan as a file in somebody's hands: the one way a PDF leaves the hub."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from hub import files
from hub.http import page, to_save
from parenting_plan import drawing
from parenting_plan.models import Plan

NAME = "plan.pdf"  # neutral: a list of downloads on a shared machine tells nothing


def answer_with_pdf(request: HttpRequest, plan: Plan, *, read_here: str = "") -> HttpResponse:
    """The PDF of the plan as it stands, to be saved; never kept by browser or proxy.

    When it cannot be made (a full disk) the answer is 503 in plain words with a link to the same words as a page:
    `read_here`, or the parents' own page of the agreed plan.
    """
    try:
        content = drawing.file_of(plan)
    except files.NoRoom:
        content = None
    if content is None:
        read_here = read_here or reverse("parenting_plan:agreed", args=[plan.reference])
        response = page(request, "parenting_plan/no_file.html", {"read_here": read_here}, status=503)
        response.headers["Retry-After"] = "300"
        return response
    return to_save(HttpResponse(content, content_type="application/pdf"), NAME)


def reading_context(plan: Plan) -> dict:
    """What agreed_body.html needs to show the agreed words as a page. Draws nothing.

    The code is there whether or not the file has been drawn: a code that came with the first download would tell one
    parent that the other, or their solicitor, had made one.
    """
    return drawing.reading(plan)[1]
