"""What must hold before a web or worker process may serve: the database itself refuses to change the record.

`hub.starting` runs these as a process starts; by hand it is `manage.py check --deploy --database default`.
"""

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from parenting_plan import keeping
from parenting_plan.keeping import KEPT_WHOLE, KEPT_WORDS


@register(Tags.database, deploy=True)  # deploy: so that `migrate`, which the owner runs, does not ask
def the_record_is_kept(app_configs, databases=None, **kwargs) -> list[CheckMessage]:
    """The triggers stand; and on PostgreSQL this role neither owns the record nor may change it."""
    if not databases or "default" not in databases:
        return []
    connection = connections["default"]
    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)).issuperset([*KEPT_WHOLE, *KEPT_WORDS]):
            return []  # before the first migration there is no record to keep
        found: list[CheckMessage] = [
            Error(
                f"{table} is not guarded by its triggers: the record could be changed.",
                hint="Run manage.py migrate; if that says nothing is to do, somebody took the triggers away.",
                id="parenting_plan.E001",
            )
            for table in keeping.missing()
        ]
        if connection.vendor == "sqlite":
            found.append(
                checks.Warning("integrity: reduced (SQLite)", hint="For trying out only.", id="parenting_plan.W001")
            )
        elif not settings.HUB_ONE_DATABASE_ROLE and (faults := faults_of_role(cursor)):
            found.append(
                Error(
                    f"The database role of this process may do too much. {' '.join(faults)}",
                    hint="Connect as a role that manage.py app_role --grant made; see hub/deploy/postgres-init.sql.",
                    id="parenting_plan.E002",
                )
            )
    return found


def faults_of_role(cursor) -> list[str]:
    """Sentences about what the connected role could do to the record; empty when it can only read and add."""
    faults = []
    cursor.execute("SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        faults.append("It is a superuser, or may make other roles.")
    cursor.execute("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
    if cursor.fetchone()[0]:
        faults.append("It may create tables.")
    for table in [*KEPT_WHOLE, *KEPT_WORDS]:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = %s::regclass", [table]
        )
        if cursor.fetchone()[0]:
            faults.append(f"It owns {table}.")
        for right in ("DELETE", "TRUNCATE", "TRIGGER", *(["UPDATE"] if table in KEPT_WHOLE else [])):
            cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, right])
            if cursor.fetchone()[0]:
                faults.append(f"It may {right} {table}.")
        columns = KEPT_WORDS.get(table, ())
        if not columns:
            cursor.execute("SELECT has_any_column_privilege(current_user, %s, 'UPDATE')", [table])
            if cursor.fetchone()[0]:
                faults.append(f"It may change a column of {table}.")
        for column in columns:
            cursor.execute("SELECT has_column_privilege(current_user, %s, %s, 'UPDATE')", [table, column])
            if cursor.fetchone()[0]:
                faults.append(f"It may change {table}.{column}.")
    return faults
