"""A certificate in the hands of its owner, and its code in the hands of anybody."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from hub import files
from hub.http import page, public, signed_in_only, to_save
from programmes.actions import certifying
from programmes.drawing import NAMED_BY_STAFF
from programmes.forms.certificates import CertificateCode
from programmes.models import Certificate

NAME = "certificate.pdf"  # neutral: a list of downloads on a shared machine does not say of what


@require_safe
@signed_in_only
def certificate(request: HttpRequest, programme: str) -> HttpResponse:
    """What it says, its code and its file. For anybody but its owner it does not exist."""
    mine = get_object_or_404(Certificate, person=request.user, programme=programme)
    return page(
        request,
        "programmes/certificate.html",
        {"certificate": mine, "own_name": mine.programme not in NAMED_BY_STAFF},
    )


@require_safe
@signed_in_only
def certificate_pdf(request: HttpRequest, programme: str) -> HttpResponse:
    """The file, to be saved; never kept by browser or proxy. When it cannot be made, a page says so plainly."""
    mine = get_object_or_404(Certificate, person=request.user, programme=programme)
    try:
        content = certifying.file_of(mine)
    except files.NoRoom:
        response = page(request, "programmes/certificate_no_file.html", {"certificate": mine}, status=503)
        response.headers["Retry-After"] = "300"
        return response
    return to_save(HttpResponse(content, content_type="application/pdf"), NAME)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # it changes nothing, so it needs no cookie; and as a POST the code stays out of addresses and logs
@public
def check_certificate(request: HttpRequest) -> HttpResponse:
    """Genuine, with the programme and the day; or not known, the same for every code. Ten tries a minute per address.

    The tries are those of the check code of a plan: somebody who guesses has ten for both.
    """
    if request.method != "POST":
        return page(request, "programmes/check_certificate.html", {"form": CertificateCode()})
    if not ratelimit.consume(request, action="look_up_code"):
        return page(request, "429.html", status=429)
    form = CertificateCode(request.POST)
    if not form.is_valid():
        return page(request, "programmes/check_certificate.html", {"form": form, "has_errors": True})
    found = Certificate.objects.filter(code=form.cleaned_data["code"]).values("title", "issued_at").first()
    return page(request, "programmes/certificate_checked.html", {"found": found})
