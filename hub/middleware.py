"""What every answer carries, whoever asks; and the answer when the database had to be waited for too long."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.http import own_words

WAITED_TOO_LONG = {"55P03", "57014", "40P01"}  # PostgreSQL: lock_timeout, statement_timeout, a deadlock it broke


class Privacy:
    """Pages of a person are never kept by a browser or a proxy; nothing of ours is framed, sniffed or tracked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Busy:
    """A page that waited too long for somebody else's change says so, and gives the person's own words back.

    Nothing was saved: the transaction that waited was rolled back whole.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError) or not _waited_too_long(exception):
            return None
        response = render(request, "busy.html", {"own_words": own_words(request)}, status=503)
        response.headers["Retry-After"] = "5"
        return response


def _waited_too_long(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in WAITED_TOO_LONG or "database is locked" in str(error)
