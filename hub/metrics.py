"""Kernel: what happens in the hub, counted for Prometheus. No figure says whom it is about: labels are words of ours.

Counters live in files that gunicorn's processes share (PROMETHEUS_MULTIPROC_DIR, made by hub/deploy/gunicorn.py); what
stands in the database is looked up when /metrics is asked for. Worker and keeper have no page: they leave a pulse.
"""

import fcntl
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from hub import clock, files, health, holds
from hub.models import OutgoingMail, Pulse

SHARED = "PROMETHEUS_MULTIPROC_DIR"

REQUESTS = Counter("hub_requests", "Requests answered", ["route", "status"])
SECONDS = Histogram("hub_request_seconds", "Time to answer", ["route"], buckets=(0.025, 0.1, 0.3, 1, 3, 10))
EVENTS = Counter("hub_plan_events", "What was written into plans' records", ["kind"])
REFUSALS = Counter("hub_refusals", "Changes of plans that could not be made", ["reason"])
SIGN_INS_FAILED = Counter("hub_sign_ins_failed", "Sign-ins with a wrong password")

Look = Callable[[datetime], Iterator[Metric]]
_looks: list[Look] = []


def looked_up(look: Look) -> Look:
    """Registers a function that looks figures up when somebody asks: `look(now)` gives gauges. Few queries each."""
    _looks.append(look)
    return look


def gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value)


def age(then: datetime | None, now: datetime) -> float:
    """Seconds since then; 0 when there is nothing that could be old."""
    return max(0.0, (now - then).total_seconds()) if then else 0.0


@looked_up
def outbox(now: datetime) -> Iterator[Metric]:
    state = OutgoingMail.State
    told = OutgoingMail.objects.filter(state__in=[state.WAITING, state.DEAD, state.REFUSED]).aggregate(
        waiting=Count("pk", filter=Q(state=state.WAITING)),
        again=Count("pk", filter=Q(state=state.WAITING, tries__gt=0)),
        dead=Count("pk", filter=Q(state=state.DEAD)),
        refused=Count("pk", filter=Q(state=state.REFUSED)),
    )
    since = health.mail_waits_since(now)
    yield gauge("hub_mail_oldest_seconds", "How long the oldest mail that should have left has waited", age(since, now))
    yield gauge("hub_mail_waiting", "Mails that wait", told["waiting"])
    yield gauge("hub_mail_tried_again", "Mails that were tried and wait to be tried again", told["again"])
    yield gauge("hub_mail_dead", "Mails given up after the last try", told["dead"])
    yield gauge("hub_mail_refused", "Mails the server refused for good", told["refused"])


@looked_up
def disk(now: datetime) -> Iterator[Metric]:
    yield gauge("hub_files_free_percent", "How much of the disk of agreed plans and copies is free", files.room())


@looked_up
def legal_holds(now: datetime) -> Iterator[Metric]:
    count, since = holds.waiting()
    yield gauge("hub_holds_waiting", "Legal holds that wait for their second person", count)
    yield gauge("hub_holds_oldest_seconds", "How long the first of them has waited", age(since, now))


@looked_up
def parts(now: datetime) -> Iterator[Metric]:
    ages = GaugeMetricFamily("hub_part_age_seconds", "Since this part last did its work", labels=["part"])
    good = GaugeMetricFamily("hub_part_good", "1 when its last work went well", labels=["part"])
    for part in Pulse.objects.exclude(name="pdf"):
        ages.add_metric([part.name], age(part.at, now))
        good.add_metric([part.name], int(part.good))
    yield from (ages, good)
    drawn = Pulse.objects.filter(name="pdf").first()
    told = (drawn.count, drawn.seconds) if drawn else (0, 0.0)
    yield SummaryMetricFamily("hub_pdf_seconds", "Time to draw a PDF", count_value=told[0], sum_value=told[1])


class LookedUp:
    """All of these, as prometheus_client asks for them."""

    def collect(self) -> Iterator[Metric]:
        now = clock.now()
        for look in _looks:
            yield from look(now)


# ---------------------------------------------------------------- the page
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything at once, for whoever holds HUB_METRICS_TOKEN. To anybody else there is no such page."""
    token = settings.HUB_METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise Http404
    elif not settings.DEBUG:
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def exposition() -> bytes:
    """What every web process counted, and what is looked up now, in Prometheus' own form."""
    registry = CollectorRegistry()
    registry.register(LookedUp())
    folder = os.environ.get(SHARED)
    if not folder:
        return generate_latest(REGISTRY) + generate_latest(registry)
    MultiProcessCollector(registry, path=folder)
    with _alone(folder):
        return generate_latest(registry)


# ---------------------------------------------------------------- processes that come and go
@contextmanager
def _alone(folder: str) -> Iterator[None]:
    """Nobody reads while the figures of a process that ended are moved."""
    with (Path(folder) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def process_ended(pid: int) -> None:
    """Add what this process counted to the figures of all that ended before it: else its files would stay for ever."""
    folder = os.environ.get(SHARED)
    if not folder:
        return
    with _alone(folder):
        for file in Path(folder).glob(f"*_{pid}.db"):
            ended = MmapedDict(str(file.with_name(file.name.replace(f"_{pid}.", "_ended."))))
            try:
                for key, value, _stamp, _at in MmapedDict.read_all_values_from_file(str(file)):
                    ended.write_value(key, ended.read_value(key)[0] + value, 0.0)
            finally:
                ended.close()
            file.unlink()


def count_wrong_password(sender, **told) -> None:
    SIGN_INS_FAILED.inc()


user_login_failed.connect(count_wrong_password, dispatch_uid="hub.metrics")
