"""The shape of production: what can be proved without a Docker engine."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import yaml
from django.db import connection

from tests.production import invented
from tests.roles import two_roles

HOUSE = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((HOUSE / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "beat", "keeper", "migrate")
NEEDED = ("HUB_SECRET_KEY", "HUB_HOSTS", "HUB_ADDRESS", "HUB_SMTP_HOST", "DATABASE_URL", "REDIS_URL")


def names_read(*files: str) -> set[str]:
    """Every variable that these files ask hub.env for."""
    calls = [
        node
        for file in files
        for node in ast.walk(ast.parse((HOUSE / file).read_text()))
        if isinstance(node, ast.Call) and re.fullmatch(r"env\.\w+", ast.unparse(node.func))
    ]
    return {call.args[0].value for call in calls}


READ = names_read("hub/settings.py", "hub/deploy/gunicorn.py")


def production(**changes) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **invented(), **changes}


def read_settings(environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", "import hub.settings"], cwd=HOUSE, env=environment, capture_output=True, text=True
    )


# ---------------------------------------------------------------- settings by environment only
def test_production_settings_can_be_read():
    done = read_settings(production())
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_variable_is_complained_about_by_name(name):
    environment = production()
    del environment[name]
    done = read_settings(environment)
    assert done.returncode != 0
    assert f"Set the environment variable {name}" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_DEBUG", "maybe"),
        ("HUB_PROXIES", "one"),
        ("DATABASE_URL", "mysql://elsewhere/hub"),
        ("HUB_SECRET_KEY_FILE", "/nowhere/key"),
    ],
)
def test_a_wrong_value_is_complained_about_by_name(name, value):
    done = read_settings(production(**{name: value}))
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_a_secret_may_come_from_a_file(tmp_path):
    key = tmp_path / "key"
    key.write_text("from-a-file\n")
    environment = production(HUB_SECRET_KEY_FILE=str(key))
    asked = "import hub.settings as s; print(s.SECRET_KEY)"
    assert (
        subprocess.check_output([sys.executable, "-c", asked], cwd=HOUSE, env=environment, text=True) == "from-a-file\n"
    )


def test_compose_names_exactly_what_the_hub_reads():
    named = {name for service in OURS for name in SERVICES[service]["environment"]}
    assert named == READ


def test_the_readme_explains_every_variable():
    table = (HOUSE / "README.md").read_text()
    assert [name for name in sorted(READ) if f"`{name}`" not in table] == []


# ---------------------------------------------------------------- docker-compose.yml
def test_every_part_of_production_is_there():
    assert set(SERVICES) == {"proxy", "web", "worker", "beat", "keeper", "migrate", "postgres", "redis", "mail"}
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_only_the_proxy_is_open_to_the_world():
    open_to = {name: service.get("ports", []) for name, service in SERVICES.items() if service.get("ports")}
    assert set(open_to) == {"proxy", "mail"}
    assert all(port.startswith("127.0.0.1:") for port in open_to["mail"])
    assert COMPOSE["networks"]["back"]["internal"] is True
    assert {"postgres", "redis"} == {name for name in SERVICES if SERVICES[name].get("networks") == ["back"]} - set(
        OURS
    )


def test_only_migrations_know_the_owner_of_the_tables():
    users = {name: SERVICES[name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0] for name in OURS}
    assert users.pop("migrate") == "hub_owner"
    assert set(users) == {"web", "worker", "beat", "keeper"} and set(users.values()) == {"hub_app"}
    assert "app_role --check" in SERVICES["web"]["command"][-1]


def test_the_key_of_the_anchors_is_known_to_the_keeper_alone():
    assert [name for name in SERVICES if "HUB_ANCHOR_KEY" in SERVICES[name].get("environment", {})] == ["keeper"]
    written = {mount.split(":")[0] for mount in SERVICES["keeper"]["volumes"] if not mount.endswith(":ro")}
    assert written == {"anchors", "backups"} <= set(COMPOSE["volumes"])
    mounted = {mount.split(":")[0] for name in OURS if name != "keeper" for mount in SERVICES[name].get("volumes", [])}
    assert not mounted & written


def test_redis_throws_nothing_away():
    command = SERVICES["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_web_and_worker_share_the_files():
    shared = {mount for name in ("web", "worker") for mount in SERVICES[name]["volumes"]}
    assert shared == {"files:/var/lib/hub"}
    assert SERVICES["web"]["environment"]["HUB_FILES"].startswith("/var/lib/hub/")


def test_the_proxy_reads_the_pages_that_migrate_draws():
    assert SERVICES["migrate"]["command"][-1].endswith("python manage.py draw_error_pages /var/lib/pages")
    assert SERVICES["migrate"]["volumes"] == ["pages:/var/lib/pages"]
    assert "pages:/etc/nginx/pages:ro" in SERVICES["proxy"]["volumes"]
    assert "chown -R hub:hub /var/lib/hub /var/lib/pages" in (HOUSE / "Dockerfile").read_text()


def test_our_containers_run_with_nothing_to_spare():
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_the_image_installs_what_the_demo_installs():
    """The libraries of `make run` and of the Dockerfile are the same, and packages come with their hashes."""
    docker = (HOUSE / "Dockerfile").read_text()
    house = (HOUSE / ".ci" / "house.py").read_text()
    libraries = re.findall(r'^    "lib\S+": "(\S+)",$', house, re.MULTILINE)
    assert len(libraries) == 6
    assert [library for library in libraries if library not in docker] == []
    assert docker.count("--require-hashes") == 2
    copied = [word for line in re.findall(r"^COPY (.+) \S+$", docker, re.MULTILINE) for word in line.split()]
    assert all((HOUSE / path).exists() for path in copied)


# ---------------------------------------------------------------- nginx: what it does is in test_proxy.py
def nginx_settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (HOUSE / "hub/deploy/nginx.conf").read_text().splitlines():
        if match := re.match(r"\s*([a-z_]+) (.+);", line):
            found.setdefault(match[1], []).append(match[2])
    return found


def test_the_proxy_takes_slow_and_large_visits_upon_itself():
    says = nginx_settings()
    assert says["client_max_body_size"][0] == "256k"
    assert says["large_client_header_buffers"] == ["2 128k"]
    assert says["client_header_timeout"] == ["10s"]
    assert says["client_body_timeout"] == ["15s", "30s"]  # longer for a file of referrals alone
    assert says["proxy_request_buffering"] == ["on"]
    assert says["proxy_buffering"] == ["on"]
    assert says["server_tokens"] == ["off"]
    assert "X-Forwarded-For $remote_addr" in says["proxy_set_header"]
    assert not re.search(r"\$(remote_addr|request|request_uri|uri)\b", says["log_format"][0])


# ---------------------------------------------------------------- two database roles
@pytest.fixture
def addresses(transactional_db):
    with two_roles(connection.settings_dict["HOST"], connection.settings_dict["USER"]) as found:
        yield found


def manage(address: str, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=HOUSE,
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
def test_the_web_role_can_add_to_the_record_and_never_change_it(addresses):
    owner, app = addresses["hub_owner"], addresses["hub_app"]
    for words in (["migrate", "--noinput"], ["app_role", "--grant", "hub_app"]):
        done = manage(owner, *words)
        assert done.returncode == 0, done.stderr
    done = manage(app, "app_role", "--check")
    assert done.returncode == 0, done.stderr
    refused = manage(owner, "app_role", "--check")
    assert refused.returncode == 1
    assert "It owns parenting_plan_planevent." in refused.stderr

    attacks = [
        "UPDATE parenting_plan_planevent SET seq = 0",
        "DELETE FROM parenting_plan_planevent",
        "TRUNCATE parenting_plan_planevent CASCADE",
        "DROP TRIGGER hub_keep_change_parenting_plan_planevent ON parenting_plan_planevent",
        "ALTER TABLE parenting_plan_planevent DISABLE TRIGGER ALL",
        "DROP TABLE parenting_plan_planeventbody CASCADE",
        "UPDATE parenting_plan_planeventbody SET salt = ''",
        "UPDATE parenting_plan_proposal SET digest = ''",
        "DELETE FROM parenting_plan_proposal",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "GRANT UPDATE ON parenting_plan_planevent TO hub_app",
        "SET ROLE hub_owner",
        "DELETE FROM django_migrations",
    ]
    with psycopg.connect(app, autocommit=True) as database:
        for attack in attacks:
            if attack.startswith("GRANT"):  # PostgreSQL only warns that nothing was granted
                database.execute(attack)
            else:
                with pytest.raises(psycopg.Error):
                    database.execute(attack)
        assert database.execute("SELECT count(*) FROM parenting_plan_planevent").fetchone() == (0,)
    assert manage(app, "app_role", "--check").returncode == 0
