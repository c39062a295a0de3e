"""Each alarm of hub/deploy/alarms.yml rings in its incident, and not before; and an operator is told the same."""

import re
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
import yaml
from django.conf import settings as hub_settings
from django.contrib.auth import authenticate
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import DataRequest
from accounts.rights import due
from hub import holds, mail, metrics, operations, pulse
from hub.models import LegalHold, OutgoingMail, Pulse
from parenting_plan import actions
from parenting_plan.models import SafetyReport
from tests.parenting_plan import family

RULES = {
    rule["alert"]: rule
    for rule in yaml.safe_load((hub_settings.HOUSE / "hub/deploy/alarms.yml").read_text())["groups"][0]["rules"]
}
COUNTED = {"AnswersFail", "ManyWrongPasswords"}  # how fast a counter grows: only Prometheus knows
COMPARED = re.compile(r"(max|min)\((\w+)(?:\{(\w+)(=~?)\"([^\"]+)\"\})?\) (>|<|==) ([\d* ]+\d|\d)")


def told() -> list[tuple[str, dict, float]]:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return [(sample.name, sample.labels, sample.value) for each in families for sample in each.samples]


def rings(name: str) -> bool:
    """What Prometheus would say of this expression now. A figure that is not there is no figure, as it is there."""
    figures = told()

    def true(side: str) -> bool:
        found = COMPARED.fullmatch(side.strip())
        assert found, side
        most, figure, label, sign, wanted, compared, number = found.groups()
        bound = 1.0
        for factor in number.split("*"):
            bound *= float(factor)
        wanted = wanted if sign == "=~" else re.escape(wanted or "")
        fits = [(labels, value) for known, labels, value in figures if known == figure]
        values = [value for labels, value in fits if not label or re.fullmatch(wanted, labels[label])]
        if not values:
            return False
        value = max(values) if most == "max" else min(values)
        return {">": value > bound, "<": value < bound, "==": value == bound}[compared]

    return any(true(side) for side in RULES[name]["expr"].split(" or "))


def old(part: str, **age) -> None:
    Pulse.objects.filter(name=part).update(at=timezone.now() - timedelta(**age))


def letter(**columns) -> None:
    mail.put(kind="hub/news", key="one", to="a@example.com", facts={"path": "/join/"})
    OutgoingMail.objects.update(**columns)


def report(world, **late) -> None:
    amara, ben, *_ = world
    plan = family.share(family.start(amara), ben)
    actions.report(kind="safety", words="I am afraid.", party=family.party(plan, amara))
    SafetyReport.objects.update(due_at=timezone.now() - timedelta(**late))


def request(days: int) -> None:
    now = timezone.now()
    last = due.at_home(now).date() + timedelta(days=days)
    DataRequest.objects.create(kind="other", way="phone", email="a@example.com", received_at=now, due_on=last)


def hold(world, **age) -> None:
    amara, _ben, lead, _leave = world
    holds.place(kind="person", text=str(amara.pk), reason="A court.", by=lead, at=timezone.now() - timedelta(**age))


# alarm, what happens first and is no incident, the incident, the part an operator reads
INCIDENTS = [
    ("MailIsLate", lambda w: letter(), lambda w: letter(tries=4), "Mail"),
    ("MailWasGivenUp", lambda w: letter(), lambda w: letter(state="dead"), "Mail"),
    ("WorkerIsSilent", lambda w: pulse.mark("worker"), lambda w: old("worker", minutes=6), "Worker"),
    ("RecordIsNotAsItWasWritten", lambda w: pulse.mark("record"), lambda w: pulse.mark("record", good=False),
     "The record of plans"),
    ("RecordWasNotChecked", lambda w: pulse.mark("record"), lambda w: old("record", hours=27), "The record of plans"),
    ("AnchorsFail", lambda w: pulse.mark("anchor"), lambda w: pulse.mark("anchor", good=False),
     "Anchors of the record"),
    ("AnchorsFail", lambda w: pulse.mark("anchor"), lambda w: old("anchor", hours=3), "Anchors of the record"),
    ("BackupIsOld", lambda w: pulse.mark("backup"), lambda w: pulse.mark("backup", good=False), "Backups"),
    ("BackupIsOld", lambda w: pulse.mark("backup"), lambda w: old("backup", hours=27), "Backups"),
    ("ReportsWaitTooLong", lambda w: report(w, minutes=-5), lambda w: SafetyReport.objects.update(
        due_at=timezone.now() - timedelta(minutes=1)), "Safety reports"),
    ("NothingIsErased", lambda w: pulse.mark("retention"), lambda w: pulse.mark("retention", good=False),
     "What may not be kept"),
    ("NothingIsErased", lambda w: pulse.mark("retention"), lambda w: old("retention", hours=27),
     "What may not be kept"),
    ("NotWrittenDownBesideTheAnchors", lambda w: [pulse.mark(name) for name in ("closed", "holds")],
     lambda w: old("holds", hours=2), "Closed accounts and legal holds"),
    ("DataRequestNearsItsLastDay", lambda w: request(8), lambda w: request(7), "Requests about data"),
    ("DataRequestNearsItsLastDay", lambda w: request(20), lambda w: request(-1), "Requests about data"),
    ("HoldWaitsForItsSecondPerson", lambda w: hold(w, hours=23),
     lambda w: LegalHold.objects.update(ending_at=timezone.now() - timedelta(hours=25), ending_by=w[2],
                                        confirmed_at=timezone.now(), confirmed_by=w[1]), "Legal holds"),
    ("FilesHaveNoRoom", lambda w: w[3](10), lambda w: w[3](9), "Disk of HUB_FILES"),
    ("CopyCouldNotBeMade", lambda w: pulse.mark("data copies"), lambda w: pulse.mark("data copies", good=False),
     "Copies of people’s data"),
]  # fmt: skip


@pytest.fixture
def world(amara, ben, staff, monkeypatch):
    def leave(free: int) -> None:
        """No test can fill a disk: what the system would say of it stands in."""
        told = SimpleNamespace(total=1_000_000, free=10_000 * free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _place: told)

    return amara, ben, staff, leave


def part(name: str) -> operations.Part:
    return next(each for each in operations.look() if each.name == name)


@pytest.mark.parametrize(
    ("alarm", "before", "incident", "name"), INCIDENTS, ids=[f"{n}-{each[0]}" for n, each in enumerate(INCIDENTS)]
)
def test_an_alarm_rings_in_its_incident_only_and_the_operator_reads_of_it(world, alarm, before, incident, name):
    before(world)
    assert not rings(alarm) and part(name).is_well
    incident(world)
    assert rings(alarm) and not part(name).is_well
    assert RULES[alarm]["annotations"]["do"] and part(name).says


def test_every_alarm_has_its_incident():
    assert {each[0] for each in INCIDENTS} | COUNTED == set(RULES)
    assert all(rule["labels"]["severity"] in {"look", "page"} for rule in RULES.values())


def test_what_alarms_count_is_counted_under_that_name(client, amara, monkeypatch):
    for name in COUNTED:
        for figure in re.findall(r"hub_\w+", RULES[name]["expr"]):
            assert any(known == figure for known, *_ in told()), figure

    def counted(figure: str, status: str = "") -> float:
        return sum(value for name, labels, value in told() if name == figure and labels.get("status", "") >= status)

    before = counted("hub_requests_total", "500")
    client.raise_request_exception = False
    monkeypatch.setattr("hub.health.redis_state", lambda: 1 / 0)
    assert client.get("/readyz").status_code == 500
    assert counted("hub_requests_total", "500") == before + 1
    before = counted("hub_sign_ins_failed_total")
    assert authenticate(None, email=amara.email, password="not this one") is None
    assert counted("hub_sign_ins_failed_total") == before + 1
