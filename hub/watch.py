"""Every answer is counted and leaves one line in the log: the route's name, never its address; who, never whom."""

import hashlib
import hmac
import logging
import secrets
import time
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hub import metrics
from hub.logs import request_number

log = logging.getLogger("hub.visits")

KEY_LASTS = 2 * 24 * 60 * 60
_key: tuple[str, bytes] = ("", b"")  # the day, and its key as this process knows it
_counts: dict = {}  # (route, status): its two counters, so that they need not be looked for each time


class Watch:
    """Outside every other middleware of ours. Asks no database and adds nothing to the answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        number = request_number.set(secrets.token_hex(8))
        try:
            response = self.get_response(request)
            self.note(request, response.status_code, time.perf_counter() - begun)
        finally:
            request_number.reset(number)
        return response

    @staticmethod
    def note(request: HttpRequest, status: int, seconds: float) -> None:
        route = (request.resolver_match and request.resolver_match.view_name) or "none"
        counted, timed = _counts.get((route, status)) or _remember(route, status)
        counted.inc()
        timed.observe(seconds)
        if log.isEnabledFor(logging.INFO):
            person: Any = getattr(request, "_cached_user", None)  # only when the page asked for it anyway
            log.info(
                "answered",
                extra={
                    "route": route,
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                    **({"role": person.kind, "who": who(person.pk)} if is_known(person) else {"role": "visitor"}),
                },
            )


def is_known(person) -> bool:
    return person is not None and person.is_authenticated


def _remember(route: str, status: int):
    _counts[route, status] = metrics.REQUESTS.labels(route, str(status)), metrics.SECONDS.labels(route)
    return _counts[route, status]


def who(pk: int) -> str:
    """The same for one person's lines of one day; nobody can tell from it who that is once the day's key is gone."""
    return hmac.new(key_of(timezone.now().date().isoformat()), str(pk).encode(), hashlib.sha256).hexdigest()[:12]


def key_of(day: str) -> bytes:
    """A random key that all web processes share for a day. It is kept in the cache alone and forgotten soon after."""
    global _key
    if _key[0] != day:
        name = f"log-key:{day}"
        cache.add(name, secrets.token_bytes(32), KEY_LASTS)
        _key = (day, cache.get(name) or secrets.token_bytes(32))
    return _key[1]
