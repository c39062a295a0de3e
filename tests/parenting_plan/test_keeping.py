"""The database itself refuses to change the record, whoever asks; and a process that could change it does not start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from hub import keeping
from parenting_plan.models import PlanErased, PlanEvent, PlanEventBody
from tests.parenting_plan import attacks, family
from tests.roles import web_role

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def written(plan, amara, ben):
    """A plan with events, bodies and suggestions to attack."""
    family.settle(plan, amara, ben, family.HANDOVERS, "Gate.")
    return plan


@pytest.mark.parametrize("name", attacks.POSTGRESQL)
def test_postgresql_refuses(written, name):
    assert attacks.outcome(attacks.POSTGRESQL[name]) == "refused"


def test_postgresql_refuses_every_careless_line_of_django(written):
    assert {name: attacks.outcome(attack) for name, attack in attacks.by_django().items()} == dict.fromkeys(
        attacks.by_django(), "refused"
    )


def test_postgresql_refuses_every_way_to_erase_what_may_not_go(written, amara, ben):
    tried = attacks.on_erasing(attacks.plans(written, amara, ben), "postgresql")
    assert {name: attacks.outcome(orders) for name, orders in tried.items()} == dict.fromkeys(tried, "refused")


def test_what_stands_in_the_way_of_erasing_is_what_we_think(written, amara, ben):
    """Each of these gets through without its one guard: so the test before can fail."""
    tried = attacks.on_erasing(attacks.plans(written, amara, ben), "postgresql")
    open_ones = [*attacks.STANDS_IN_THE_WAY, *attacks.FIXED_PATHS]
    found = {name: attacks.outcome(attacks.without_what_stands_in_the_way(name, tried[name])) for name in open_ones}
    assert found == dict.fromkeys(open_ones, "got through")


def test_what_the_application_needs_is_allowed(written, amara, ben):
    family.suggest(written, ben, family.WEEK, "Weekly.")
    family.suggest(written, amara, family.WEEK, "Fortnightly.")
    assert PlanEvent.objects.filter(plan=written).count() >= 5


def test_sqlite_refuses_too_on_a_real_file(tmp_path):
    environment = {**os.environ, "DATABASE_URL": f"sqlite://{tmp_path}/hub.sqlite3", "HUB_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.parenting_plan.attacks"],
        cwd=HOUSE, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["attacks"] == dict.fromkeys(told["attacks"], "refused")
    assert {"replace into", "queryset.update", "insert on conflict do update"} <= set(told["attacks"])
    assert "bear the name of the events" in told["attacks"]
    assert told["twin"] == "got through"  # the pragma is what stops REPLACE: this test can fail
    assert told["missing"] == ["parenting_plan_proposal"]


# ---------------------------------------------------------------- are the guards in place?


def order(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_all_guards_stand():
    assert keeping.missing() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "unguarded"),
    [
        (
            "ALTER TABLE parenting_plan_planevent DISABLE TRIGGER hub_keep_change_parenting_plan_planevent",
            ["parenting_plan_planevent"],
        ),
        (
            "ALTER TABLE parenting_plan_planevent ENABLE TRIGGER hub_keep_truncate_parenting_plan_planevent",
            ["parenting_plan_planevent"],  # no longer ALWAYS: a replica could truncate
        ),
        (
            "DROP TRIGGER hub_keep_delete_parenting_plan_proposal ON parenting_plan_proposal",
            ["parenting_plan_proposal"],
        ),
        (
            "CREATE OR REPLACE FUNCTION hub_keep_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$",
            sorted(keeping.KEPT),
        ),
        (
            "DROP TRIGGER hub_keep_delete_parenting_plan_planevent ON parenting_plan_planevent;"
            "CREATE TRIGGER hub_keep_other BEFORE DELETE ON parenting_plan_planevent"
            " FOR EACH ROW EXECUTE FUNCTION hub_keep_refuse();"
            "ALTER TABLE parenting_plan_planevent ENABLE ALWAYS TRIGGER hub_keep_other",
            ["parenting_plan_planevent"],
        ),
    ],
    ids=["disabled", "not always", "dropped", "hollow", "another in its place"],
)
def test_a_guard_that_was_taken_away_is_missed(sql, unguarded):
    order(sql)
    assert keeping.missing() == unguarded
    found = look()
    assert [message.id for message in found] == ["hub.E002"] * len(unguarded)


def look():
    return run_checks(tags=[Tags.database], include_deployment_checks=True, databases=["default"])


# ---------------------------------------------------------------- does a process start?


@pytest.mark.django_db
def test_the_owner_of_the_record_is_refused_unless_the_setting_says_so(settings):
    settings.HUB_ONE_DATABASE_ROLE = True
    assert look() == []
    settings.HUB_ONE_DATABASE_ROLE = False
    (fault,) = look()
    assert fault.id == "hub.E003"
    assert "It owns parenting_plan_planevent." in fault.msg
    assert run_checks(tags=[Tags.database], databases=["default"]) == []  # `migrate` is the owner's to run


@pytest.fixture
def app_role(transactional_db, written):
    """A role as production has one, in this test's database. Yields its address, by role."""
    with web_role() as addresses:
        yield addresses


def starting(address: str, *command: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "DATABASE_URL": address, "HUB_ONE_DATABASE_ROLE": "no"}
    return subprocess.run(
        [sys.executable, *command], cwd=HOUSE, env=environment, capture_output=True, text=True, timeout=60
    )


AS_THE_APP = [
    "UPDATE parenting_plan_planevent SET seq = 0",
    "UPDATE parenting_plan_planeventbody SET words = '{}'",
    "DELETE FROM parenting_plan_planevent",
    "DELETE FROM parenting_plan_planeventbody",
    "TRUNCATE parenting_plan_planevent CASCADE",
    "MERGE INTO parenting_plan_planevent t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO parenting_plan_planevent SELECT * FROM parenting_plan_planevent"
    " ON CONFLICT (id) DO UPDATE SET seq = 0",
    "UPDATE parenting_plan_proposal SET value = '{}'",
    "DELETE FROM parenting_plan_proposal",
    "ALTER TABLE parenting_plan_planevent DISABLE TRIGGER ALL",
    "DROP TRIGGER hub_keep_change_parenting_plan_planevent ON parenting_plan_planevent",
    "DROP FUNCTION hub_keep_refuse CASCADE",
    "CREATE OR REPLACE FUNCTION hub_keep_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "ALTER TABLE parenting_plan_planevent ALTER COLUMN kind TYPE text USING 'agreed'",
    "DROP TABLE parenting_plan_planeventbody",
    "SET session_replication_role = replica",
    "CREATE RULE nothing AS ON INSERT TO parenting_plan_planevent DO INSTEAD NOTHING",
    "INSERT INTO parenting_plan_planerased SELECT id, 'grown_up', now(), 1, 1 FROM parenting_plan_plan",
    "UPDATE parenting_plan_planerased SET why = 'alone'",
    "DELETE FROM parenting_plan_planerased",
    "CREATE OR REPLACE FUNCTION parenting_plan_erase(plans bigint[], why text) RETURNS void LANGUAGE sql AS 'SELECT'",
    "ALTER FUNCTION hub_keep_parenting_plan_planerased RESET search_path",
]
SHADOWS = [
    "CREATE TEMP TABLE hub_legalhold (kind text, number bigint, released_at timestamptz)",
    "CREATE TEMP TABLE parenting_plan_planerased"
    " (plan_id bigint, why text, at timestamptz, events int, suggestions int)",
    "CREATE TEMP TABLE parenting_plan_planevent (id bigint, plan_id bigint, kind text, at timestamptz)",
    "CREATE TEMP TABLE parenting_plan_planeventbody (event_id bigint, words jsonb)",
]


@pytest.mark.slow
def test_the_app_role_erases_what_is_due_and_nothing_else(written, amara, ben, app_role):
    """Its one way is a function of the owner's; what that does, the triggers look at like anything else."""
    plan = attacks.plans(written, amara, ben)
    early = [
        (plan["written"], "grown_up"),
        (plan["written"], "alone"),
        (plan["solo"], "alone"),
        (plan["held"], "grown_up"),
    ]
    with psycopg.connect(app_role["app"], autocommit=True) as database:
        for shadow in ["SELECT 1", *SHADOWS]:
            database.execute(shadow)
            for which in early:
                with pytest.raises(psycopg.errors.IntegrityError, match="cannot be changed"):
                    database.execute("SELECT parenting_plan_erase(ARRAY[%s::bigint], %s)", which)
        database.execute("SELECT parenting_plan_erase(ARRAY[%s::bigint], 'grown_up')", [plan["due"]])
    assert set(PlanErased.objects.values_list("plan", flat=True)) == {plan["due"], plan["erased"]}
    assert not PlanEventBody.objects.filter(event__plan=plan["due"]).exists()
    assert PlanEventBody.objects.filter(event__plan__in=[plan["written"], plan["solo"], plan["held"]]).exists()


@pytest.mark.slow
def test_the_app_role_can_change_nothing_and_starts_and_the_owner_does_not_start(app_role):
    with psycopg.connect(app_role["app"], autocommit=True) as database:
        before = database.execute("SELECT count(*), max(hash) FROM parenting_plan_planevent").fetchone()
        for attack in AS_THE_APP:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                database.execute(attack)
        assert database.execute("SELECT count(*), max(hash) FROM parenting_plan_planevent").fetchone() == before
    web = ["-c", "import hub.wsgi"]
    assert (done := starting(app_role["app"], *web)).returncode == 0, done.stderr
    refused = starting(app_role["owner"], *web)
    assert refused.returncode != 0
    assert "This process must not start." in refused.stderr
    worker = starting(app_role["owner"], "-m", "celery", "-A", "hub", "worker", "--concurrency", "1")
    assert worker.returncode != 0
    assert "This process must not start." in worker.stderr


AS_PARENTS_DO = """
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "hub.settings"
import django

django.setup()
from datetime import timedelta
from accounts.models import User
from accounts.rights import asking, closing, copying
from hub import clock, holds, retention
from hub.models import AccessRecord
from parenting_plan.models import PlanErased, ReportNote, SafetyReport
from tests.parenting_plan import family

names = ("amy", "bob", "sue", "cat")
amara, ben, stella, cora = (User.objects.create_user(f"{name}@app.example", name) for name in names)
plan = family.share(family.start(amara), ben)
family.settle(plan, amara, ben, family.HANDOVERS, "At the gate.")
family.suggest(plan, ben, family.WEEK, "Weekly.")
family.suggest(plan, amara, family.WEEK, "Fortnightly.")
family.agree(plan, ben, family.WEEK)
family.set_aside(plan, ben, family.HOLIDAYS)
family.draft(plan, amara, family.OVERNIGHTS, "Perhaps.")
alone = family.start(amara)
family.suggest(alone, amara, family.WEEK, "Mine.")
old = clock.now() - timedelta(days=8 * 365)
AccessRecord.objects.create(at=old, what="read", about="x", role="", kept_until=old)
report = SafetyReport.objects.create(kind="unsafe", state="done", outcome="nothing", created_at=old)
ReportNote.objects.create(report=report, at=old, what="note", words="x")
asking.ask(person=amara, kind="other", words="Why?")
copying.ask(amara)
held = holds.place(kind="plan", text=plan.reference, reason="A court.", by=stella)
holds.confirm(held, by=cora)
holds.ask_to_end(held, reason="Over.", by=stella)
held.refresh_from_db()
holds.release(held, by=cora)
closing.close(amara)
done = retention.run()
assert not done.failed, done.failed
assert not User.objects.filter(pk=amara.pk).exists()
assert PlanErased.objects.filter(plan=alone).exists()
assert not AccessRecord.objects.filter(at=old).exists() and not SafetyReport.objects.filter(pk=report.pk).exists()
print("all done")
"""


@pytest.mark.slow
def test_the_app_role_can_do_all_that_people_and_the_night_do(app_role):
    """What no test as the owner shows: a right that is missing."""
    done = starting(app_role["app"], "-c", AS_PARENTS_DO)
    assert "all done" in done.stdout, done.stdout[-2000:] + done.stderr[-3000:]
