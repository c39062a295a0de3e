"""A database with production's two roles, made by the very file that production uses."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

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
