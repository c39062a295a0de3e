"""Certificates as files: drawn once, kept by their content, drawn again on demand when a file is gone."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse

from hub import clock, files
from programmes.models import Certificate

log = logging.getLogger(__name__)

TEMPLATE = "programmes/pdf/certificate.html"
AT_A_TIME = 20


def reading(certificate: Certificate) -> dict[str, Any]:
    """What the paper says. Nothing in it depends on when or by whom it is drawn, so that its bytes stay the same."""
    return {
        "certificate": certificate,
        "code": str(certificate),
        "own_name": certificate.programme not in NAMED_BY_STAFF,
        "check_address": settings.HUB_ADDRESS + reverse("programmes:check_certificate"),
        "hub_name": settings.HUB_NAME,
        "demonstration": connection.vendor == "sqlite",
    }


# The name on these comes from the referral; on the others it is what the person calls themselves.
NAMED_BY_STAFF = frozenset({"planning-together"})


def file_of(certificate: Certificate) -> bytes:
    """The PDF: a read when it is kept, drawn now when it is not.

    Raises files.NoRoom when it cannot be kept; another try may succeed.
    """
    content = files.read(certificate.sha256) if certificate.sha256 else None
    return content if content is not None else _draw(certificate)


def _draw(certificate: Certificate) -> bytes:
    from hub import pdf  # drawing is heavy: only a process that draws loads it

    drawn = pdf.draw(TEMPLATE, reading(certificate))
    files.keep(drawn.content)
    Certificate.objects.filter(pk=certificate.pk).update(sha256=drawn.sha256, pages=drawn.pages)
    certificate.sha256, certificate.pages = drawn.sha256, drawn.pages
    return drawn.content


def draw_what_is_due(at: datetime | None = None) -> None:
    """Draw every certificate that has no file yet. One that fails stays due and stops no other; safe to run twice."""
    at = at or clock.now()
    for certificate in Certificate.objects.filter(sha256="", issued_at__lte=at).order_by("-pk")[:AT_A_TIME]:
        try:
            _draw(certificate)
        except Exception:
            log.exception("a certificate could not be drawn")
