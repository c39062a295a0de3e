"""What Prometheus is told: enough to raise an alarm, and nothing about anybody."""

import json
import logging
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as hub_settings
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from hub import logs, metrics, pulse, watch
from hub.models import OutgoingMail
from parenting_plan import actions
from tests.parenting_plan import family


def figures() -> dict[tuple, float]:
    """(name, labels) and its value, as Prometheus reads them."""
    told = text_string_to_metric_families(metrics.exposition().decode())
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value for family in told for sample in family.samples
    }


@pytest.fixture
def since(db):
    """since(name, label ...): how much it grew since the test began."""
    before = figures()

    def grown(name, *labels):
        key = (name, *sorted(labels))
        return figures().get(key, 0) - before.get(key, 0)

    return grown


# ---------------------------------------------------------------- who may see it
@pytest.mark.parametrize(
    ("token", "debug", "given", "status"),
    [
        ("", False, "", 404),
        ("", True, "", 200),
        ("a-long-secret", True, "", 404),
        ("a-long-secret", False, "Bearer a-long-secret", 200),
        ("a-long-secret", False, "Bearer a-long-secre", 404),
        ("a-long-secret", False, "Bearer é", 404),
    ],
)
def test_only_who_holds_the_token_is_answered(client, db, settings, token, debug, given, status):
    settings.HUB_METRICS_TOKEN, settings.DEBUG = token, debug
    answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == status
    assert not answer.cookies


def test_the_proxy_does_not_pass_it_on():
    text = (hub_settings.HOUSE / "hub/deploy/nginx.conf").read_text()
    assert re.search(r"location = /metrics \{[^}]*return 404;", text)


# ---------------------------------------------------------------- what is counted
def test_requests_are_counted_by_the_name_of_their_route(client, since, amara):
    plan = family.start(amara)
    client.force_login(amara)
    client.get(f"/plan/{plan.reference}/")
    client.get("/help/")
    client.get("/nobody/lives/here/")
    assert since("hub_requests_total", "parenting_plan:overview", "200") == 1
    assert since("hub_requests_total", "help", "200") == 1
    assert since("hub_requests_total", "none", "404") == 1
    assert since("hub_request_seconds_count", "help") == 1


@pytest.fixture
def shared(amara, ben):
    return family.share(family.start(amara), ben)


def test_commits_and_agreements_are_counted_when_they_are_committed(
    shared, amara, ben, since, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        family.settle(shared, amara, ben, family.HANDOVERS, "At the gate.")
        assert since("hub_plan_events_total", "agreed") == 0
    assert since("hub_plan_events_total", "suggestion") == 1
    assert since("hub_plan_events_total", "agreed") == 1


def test_refusals_are_counted_by_reason(shared, amara, ben, since, signed_in):
    family.suggest(shared, amara, family.HANDOVERS, "At the gate.")
    window = signed_in(ben)
    section, question = family.HANDOVERS.split("/")
    actions.leave(plan=shared, by=family.party(shared, amara))
    window.post(f"/plan/{shared.reference}/{section}/{question}/agree/", {"version": 1, "digest": "0" * 64})
    assert sum(since("hub_refusals_total", reason) for reason in ("stale", "not_shared", "not_now")) <= 1


def test_wrong_passwords_are_counted(amara, since):
    assert authenticate(None, email=amara.email, password="not this one") is None
    assert since("hub_sign_ins_failed_total") == 1


def test_mail_parts_and_reports_are_looked_up(db, amara):
    now = timezone.now()
    for key, state, late, tries in (("a", "waiting", 300, 2), ("b", "waiting", -300, 0), ("c", "dead", 0, 12)):
        OutgoingMail.objects.create(
            key=key, kind="hub/try", to="a@example.com", state=state, tries=tries, due_at=now - timedelta(seconds=late)
        )
    pulse.mark("anchor", good=False)
    pulse.spent("pdf", 1.5)
    pulse.spent("pdf", 0.5)
    told = figures()
    assert 389 < told["hub_mail_oldest_seconds",] < 420  # two tries had put it off by a minute and a half
    assert (told["hub_mail_waiting",], told["hub_mail_tried_again",], told["hub_mail_dead",]) == (2, 1, 1)
    assert told["hub_part_good", "anchor"] == 0 and told["hub_part_age_seconds", "anchor"] < 60
    assert (told["hub_pdf_seconds_count",], told["hub_pdf_seconds_sum",]) == (2, 2.0)
    assert told["hub_flags_waiting",] == 0 and told["hub_flags_oldest_seconds",] == 0


def test_the_worker_says_that_it_works(worker, until):
    from hub.tasks import say_that_the_worker_works

    say_that_the_worker_works.delay()
    assert until(lambda: pulse.of("worker")).good


# ---------------------------------------------------------------- nothing about anybody
def test_no_figure_says_whom_it_is_about(shared, amara, ben, signed_in):
    family.settle(shared, amara, ben, family.HANDOVERS, "At the canary gate.")
    window = signed_in(ben)
    for path in (f"/plan/{shared.reference}/", "/home/", "/search/?q=canary", "/canary-9/"):
        window.get(path)
    told = metrics.exposition().decode()
    for private in (shared.reference, "Amara", "Ben", amara.email, "anary", family.HANDOVERS, "Anya"):
        assert private not in told
    ours = [line for line in told.splitlines() if line.startswith("hub_")]
    labels = {name for line in ours for name in re.findall(r"(\w+)=\"", line)}
    assert labels <= {"route", "status", "kind", "reason", "part", "le"}


def test_counting_asks_the_database_nothing_and_sends_nothing(client, db):
    with connection.execute_wrapper(lambda *_: pytest.fail("asked the database")):
        answer = client.get("/healthz")
    assert not set(answer.headers) & {"X-Request-Id", "Server-Timing"}


# ---------------------------------------------------------------- several processes
PROCESSES = """
import os, sys
from multiprocessing import get_context
os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
import django; django.setup()
from hub import metrics
from prometheus_client import generate_latest, CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

def work(times):
    for _ in range(times):
        metrics.REQUESTS.labels("help", "200").inc()
        metrics.SECONDS.labels("help").observe(0.05)

for times in (3, 4, 5):
    process = get_context("fork").Process(target=work, args=[times])
    process.start(); process.join()
    if times < 5:
        metrics.process_ended(process.pid)
registry = CollectorRegistry()
MultiProcessCollector(registry, path=sys.argv[1])
print(generate_latest(registry).decode())
"""


def test_what_ended_processes_counted_stays_counted_and_their_files_go(tmp_path):
    there = {**os.environ, "DJANGO_SETTINGS_MODULE": "hub.settings"}
    command = [sys.executable, "-c", PROCESSES, tmp_path]
    done = subprocess.run(command, cwd=hub_settings.HOUSE, text=True, capture_output=True, env=there)
    assert done.returncode == 0, done.stderr
    assert 'hub_requests_total{route="help",status="200"} 12.0' in done.stdout
    assert 'hub_request_seconds_count{route="help"} 12.0' in done.stdout
    assert sum("ended" not in file.name for file in tmp_path.glob("counter_*.db")) <= 2


# ---------------------------------------------------------------- the line of each answer
@pytest.fixture
def lines(monkeypatch):
    """What the log holds of visits."""
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(self.format(record))

    handler, level = Keep(), watch.log.level
    handler.setFormatter(logs.Line())
    watch.log.addHandler(handler)
    watch.log.setLevel(logging.INFO)
    yield found
    watch.log.removeHandler(handler)
    watch.log.setLevel(level)


def test_each_answer_leaves_one_line_without_address_or_visitor(lines, signed_in, amara):
    plan = family.start(amara)
    window = signed_in(amara)
    window.get(f"/plan/{plan.reference}/?secret=canary", headers={"User-Agent": "canary"}, REMOTE_ADDR="203.0.113.77")
    Client().get("/help/")
    first, second = (json.loads(line) for line in lines)
    assert set(first) == {"at", "level", "from", "says", "request", "route", "status", "ms", "role", "who"}
    assert (first["route"], first["status"], first["role"]) == ("parenting_plan:overview", 200, "parent")
    assert (second["route"], second["role"]) == ("help", "visitor") and "who" not in second
    assert first["request"] != second["request"]
    for private in (plan.reference, "canary", "203.0.113", "Amara", amara.email):
        assert private not in "".join(lines)


def test_who_is_the_same_for_a_day_and_another_the_next(monkeypatch, db):
    monkeypatch.setattr(watch, "_key", ("", b""))
    one, same, other = watch.who(7), watch.who(7), watch.who(8)
    assert one == same != other
    monkeypatch.setattr(watch, "_key", ("2020-01-01", b"yesterday's"))
    monkeypatch.setattr(watch, "timezone", type("T", (), {"now": staticmethod(lambda: timezone.now() + timedelta(1))}))
    assert watch.who(7) != one


def test_a_line_break_in_a_value_makes_no_second_line():
    record = logging.LogRecord("hub", logging.INFO, "", 0, 'said\n{"level": "ERROR"}', None, None)
    record.kind, record.fault, record.words = "a\r\nb\u2028c", "x\ny", "never"
    line = logs.Line().format(record)
    assert len(line.splitlines()) == 1 and "never" not in line
    assert json.loads(line)["kind"] == "a\r\nb\u2028c"
