"""The database's own refusal to change what was recorded: triggers for PostgreSQL and SQLite.

Migrations install them; `manage.py verify_record` and the start-up check look that they are still there.
"""

from django.db import connection

KEPT_WHOLE = ("parenting_plan_planevent", "parenting_plan_planeventbody")  # no change, no deletion
KEPT_WORDS = {  # these columns never change, and no row goes
    "parenting_plan_proposal": (
        "id",
        "clause_id",
        "number",
        "by_id",
        "value",
        "note",
        "asked",
        "asked_version",
        "digest",
        "committed_at",
    )
}
REFUSAL = "The record of a plan cannot be changed."


def _postgresql() -> list[str]:
    orders = [
        f"""
        CREATE OR REPLACE FUNCTION hub_keep_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """
    ]
    for table in [*KEPT_WHOLE, *KEPT_WORDS]:
        change = f"UPDATE OF {', '.join(KEPT_WORDS[table])}" if table in KEPT_WORDS else "UPDATE"
        for name, order in {
            "change": f"BEFORE {change} ON {table} FOR EACH ROW",
            "delete": f"BEFORE DELETE ON {table} FOR EACH ROW",
            "truncate": f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
        }.items():
            trigger = f"hub_keep_{name}_{table}"[:63]
            orders.append(f"CREATE TRIGGER {trigger} {order} EXECUTE FUNCTION hub_keep_refuse()")
            orders.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
    return orders


def _sqlite() -> list[str]:
    orders = []
    for table in [*KEPT_WHOLE, *KEPT_WORDS]:
        change = f"UPDATE OF {', '.join(KEPT_WORDS[table])}" if table in KEPT_WORDS else "UPDATE"
        for name, order in {"change": change, "delete": "DELETE"}.items():
            orders.append(
                f"CREATE TRIGGER hub_keep_{name}_{table} BEFORE {order} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    return orders


def install(apps, schema_editor) -> None:
    """Put every trigger in place (for a migration)."""
    for order in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(order, params=None)


def remove(apps, schema_editor) -> None:
    """Take every trigger away (for a migration's way back)."""
    with schema_editor.connection.cursor() as cursor:
        for table, trigger in standing(cursor, schema_editor.connection.vendor):
            on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {trigger}{on}")


def standing(cursor, vendor: str) -> list[tuple[str, str]]:
    """(table, trigger) for each of ours that is in place and switched on."""
    if vendor == "postgresql":
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname LIKE 'hub\\_keep\\_%%' AND t.tgenabled = 'A'"
        )
    else:
        cursor.execute(
            "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 9) = 'hub_keep_'"
        )
    return list(cursor.fetchall())


def missing() -> list[str]:
    """Tables that the database does not guard as it should, by name; empty when all is well."""
    orders = ("change", "delete", "truncate") if connection.vendor == "postgresql" else ("change", "delete")
    with connection.cursor() as cursor:
        found = set(standing(cursor, connection.vendor))
        tables = [*KEPT_WHOLE, *KEPT_WORDS]
        if connection.vendor == "postgresql":
            cursor.execute("SELECT prosrc LIKE '%RAISE EXCEPTION%' FROM pg_proc WHERE proname = 'hub_keep_refuse'")
            if cursor.fetchall() != [(True,)]:
                return tables  # the triggers stand, but what they call refuses nothing
    return [table for table in tables if not {(table, f"hub_keep_{order}_{table}") for order in orders} <= found]
