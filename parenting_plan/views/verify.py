"""Is a printed plan one of ours, and is it the newest? For anybody, signed out, without a name in the answer."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.http import page, public
from parenting_plan import drawing
from parenting_plan.forms.sharing import CheckCode


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # it changes nothing, so it needs no cookie; and as a POST the code stays out of addresses and logs
@public
def verify(request: HttpRequest) -> HttpResponse:
    """Genuine and current, superseded, or erased since; or not known. Ten tries a minute per address."""
    if request.method != "POST":
        return page(request, "parenting_plan/verify.html", {"form": CheckCode()})
    if not ratelimit.consume(request, action="look_up_code"):
        return page(request, "429.html", status=429)
    form = CheckCode(request.POST)
    if not form.is_valid():
        return page(request, "parenting_plan/verify.html", {"form": form, "has_errors": True})
    code = form.cleaned_data["code"]
    return page(request, "parenting_plan/verify_answer.html", {"found": drawing.look_up(code), "code": code})
