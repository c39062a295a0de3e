"""A database with production's two roles, made by the very file that production uses; and the web's role alone."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection

from tests.servers import postgres_programs

HOUSE = Path(__file__).resolve().parent.parent
PASSWORDS = {"HUB_OWNER_PASSWORD": "it's the owner's", "HUB_APP_PASSWORD": "app's"}


@contextmanager
def two_roles(host: str, user: str):
    """Runs postgres-init.sql on a new, empty database. Yields its addresses for hub_owner and hub_app."""
    psql = [postgres_programs() / "psql", "-h", host, "-U", user, "-v", "ON_ERROR_STOP=1", "-q"]

    def run(database: str, *words) -> None:
        subprocess.run([*psql, "-d", database, *words], check=True, env={**os.environ, **PASSWORDS})

    run("postgres", "-c", "CREATE DATABASE roles")
    try:
        run("roles", "-f", HOUSE / "hub/deploy/postgres-init.sql")
        yield {role: f"postgres://{role}@{quote(host, safe='')}/roles" for role in ("hub_owner", "hub_app")}
    finally:
        for order in ("DROP DATABASE roles WITH (FORCE)", "DROP ROLE hub_app", "DROP ROLE hub_owner"):
            run("postgres", "-c", order)


@contextmanager
def web_role():
    """A role as production's web has one, in this test's own database. Yields its address, and that of the owner."""

    def order(*words: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(words))

    database = connection.settings_dict
    order("CREATE ROLE test_app LOGIN", "GRANT USAGE ON SCHEMA public TO test_app")
    order("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    try:
        call_command("app_role", grant="test_app")
        place = f"{quote(database['HOST'], safe='')}/{database['NAME']}"
        yield {"app": f"postgres://test_app@{place}", "owner": f"postgres://{database['USER']}@{place}"}
    finally:
        order("DROP OWNED BY test_app", "DROP ROLE test_app")
