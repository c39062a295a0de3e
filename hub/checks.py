"""What must hold before the hub may start: said by `manage.py check --deploy`.

Those of the database are run by `hub.starting` as a process starts; by hand it is `check --deploy --database default`.
"""

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from hub import keeping

# What `migrate` alone writes. What a role may do is a part of it.
READ_ONLY = ("django_migrations", "auth_group", "auth_group_permissions", "auth_permission", "django_content_type")


@register(Tags.security, deploy=True)
def mail_leaves_the_house(app_configs, **kwargs):
    """The on-screen mailbox shows every mail to anybody, so it is for development alone."""
    if settings.EMAIL_BACKEND == "hub.mailbox.Backend" and not settings.DEBUG:
        return [
            Error(
                "HUB_EMAIL_BACKEND is the on-screen mailbox and HUB_DEBUG is off: nobody would get any mail.",
                hint="Leave HUB_EMAIL_BACKEND unset and set HUB_SMTP_HOST.",
                id="hub.E001",
            )
        ]
    return []


@register(Tags.database, deploy=True)  # deploy: so that `migrate`, which the owner runs, does not ask
def the_record_is_kept(app_configs, databases=None, **kwargs) -> list[CheckMessage]:
    """The triggers of hub.keeping stand; and on PostgreSQL this role neither owns what is kept nor may change it."""
    if not databases or "default" not in databases:
        return []
    connection = connections["default"]
    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)).issuperset(keeping.KEPT):
            return []  # before the first migration there is no record to keep
        found: list[CheckMessage] = [
            Error(
                f"{table} is not guarded by its triggers: the record could be changed.",
                hint="Run manage.py migrate; if that says nothing is to do, somebody took the triggers away.",
                id="hub.E002",
            )
            for table in keeping.missing()
        ]
        if connection.vendor == "sqlite":
            found.append(checks.Warning("integrity: reduced (SQLite)", hint="For trying out only.", id="hub.W001"))
        elif not settings.HUB_ONE_DATABASE_ROLE and (faults := faults_of_role(cursor)):
            found.append(
                Error(
                    f"The database role of this process may do too much. {' '.join(faults)}",
                    hint="Connect as a role that manage.py app_role --grant made; see hub/deploy/postgres-init.sql.",
                    id="hub.E003",
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
    for table, kept in sorted(keeping.KEPT.items()):
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = %s::regclass", [table]
        )
        if cursor.fetchone()[0]:
            faults.append(f"It owns {table}.")
        rights = {
            "INSERT": bool(kept.admits),
            "DELETE": not kept.until,
            "TRUNCATE": True,
            "TRIGGER": True,
            "UPDATE": not kept.columns,
        }
        for right in (right for right, is_too_much in rights.items() if is_too_much):
            cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, right])
            if cursor.fetchone()[0]:
                faults.append(f"It may {right} {table}.")
        if not kept.columns:
            cursor.execute("SELECT has_any_column_privilege(current_user, %s, 'UPDATE')", [table])
            if cursor.fetchone()[0]:
                faults.append(f"It may change a column of {table}.")
        for column in kept.columns:
            cursor.execute("SELECT has_column_privilege(current_user, %s, %s, 'UPDATE')", [table, column])
            if cursor.fetchone()[0]:
                faults.append(f"It may change {table}.{column}.")
    for table in READ_ONLY:
        cursor.execute(
            "SELECT has_table_privilege(current_user, %s, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')", [table]
        )
        if cursor.fetchone()[0]:
            faults.append(f"It may write {table}.")
    return faults
