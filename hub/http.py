"""How an answer leaves: a whole page, the piece htmx asked for, or a public page from memory."""

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

import brotli
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from hub import text

PUBLIC_SECONDS = 60
# The names under which forms send what a person wrote themselves.
WRITTEN = ("text", "note", "words", "words_2", "words_3", "why", "first_step")
_shelf: dict[tuple[str, str | None, str], "_Kept"] = {}


@dataclass(frozen=True)
class _Kept:
    """A public page in memory, whole and made small. It holds no secret, so that its size can give none away."""

    until: float
    content: bytes
    content_type: str

    @cached_property
    def small(self) -> dict[str, bytes]:
        return {"br": brotli.compress(self.content, quality=7), "gzip": gzip.compress(self.content, mtime=0)}

    def for_(self, accepted: str) -> tuple[str, bytes]:
        """How it is sent to a browser that accepts these encodings: the name of one, or "", and the bytes."""
        taken = {
            name
            for name, _, weight in (part.strip().partition(";") for part in accepted.lower().split(","))
            if weight.replace(" ", "") not in {"q=0", "q=0.0"}
        }
        for name in ("br", "gzip"):
            if name in taken:
                return name, self.small[name]
        return "", self.content


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """The page; or, when htmx asked for a piece of it and is not putting history back, only the piece `fragment`.

    `has_errors` in the context puts "Error: " before the page's title.
    """
    htmx = getattr(request, "htmx", None)  # set by django_htmx's middleware
    wants_piece = fragment and htmx and not htmx.history_restore_request
    response = render(request, f"{template}#{fragment}" if wants_piece else template, context, status=status)
    if fragment:
        patch_vary_headers(response, ["HX-Request"])
    return response


def to_save(response: HttpResponse, name: str) -> HttpResponse:
    """Something of somebody's as a file called `name`: saved by their browser, kept by nothing on the way."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def own_words(request: HttpRequest) -> list[str]:
    """What this person has just written, cleaned, so that a page that could not take it can give it back.

    On staff pages a box may have any name: there it is whatever holds more than one word.
    """
    if request.method != "POST":
        return []
    at = request.resolver_match
    if at is not None and "admin" in at.namespaces:
        written = [value for name in request.POST for value in request.POST.getlist(name) if len(value.split()) > 1]
    else:
        written = [request.POST[name] for name in WRITTEN if request.POST.get(name, "").strip()]
    return [text.clean(value)[:10_000] for value in written]


def given_back(request: HttpRequest) -> HttpResponse:
    """For somebody who was signed out while they were writing: their words, and the way to sign in again."""
    context = {"own_words": own_words(request), "next": request.path}
    return page(request, "hub/signed_out.html", context, status=403)


def signed_in_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever is signed out is asked to sign in; whoever was signed out while writing gets their words back first."""
    asks = login_required(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated and own_words(request):
            return given_back(request)
        return asks(request, *args, **kwargs)

    return wrapped


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is the same for everybody signed out: kept in memory for a minute, no session, no cookie, no query.

    Somebody who brings a session cookie gets the page drawn for them, and it is not kept anywhere.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        shelf_mark = (request.get_host(), get_language(), request.path)
        kept = _shelf.get(shelf_mark)
        if kept is None or kept.until < time.monotonic() or settings.DEBUG:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            kept = _Kept(time.monotonic() + PUBLIC_SECONDS, response.content, response.headers["Content-Type"])
            if len(_shelf) > 500:
                _shelf.clear()
            _shelf[shelf_mark] = kept
        encoding, content = kept.for_(request.headers.get("Accept-Encoding", ""))
        response = HttpResponse(content, content_type=kept.content_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        return response

    return wrapped
