"""Kernel: tables whose rows stay as they were written: the database itself refuses, on PostgreSQL and on SQLite.

A table is named once, beside its model, with `keep`; a migration puts its triggers in place with `guard`; a process
looks before it serves that they still stand, and `manage.py app_role` gives the web no right to change such a table.
"""

from dataclasses import dataclass

from django.db import connection, migrations

REFUSAL = "The record cannot be changed."
FUNCTION = "hub_keep_refuse"


@dataclass(frozen=True)
class Kept:
    """What is kept of a table: every column, or only those named. `until` is the column of the time after which a
    row may go; without it no row ever goes.
    """

    table: str
    columns: tuple[str, ...] = ()
    until: str = ""

    def triggers(self, vendor: str) -> dict[str, str]:
        """Name and order of each trigger that keeps it."""
        change = "UPDATE OF {}".format(", ".join(f'"{each}"' for each in self.columns)) if self.columns else "UPDATE"
        now = "now()" if vendor == "postgresql" else "datetime('now')"
        still = f"WHEN (OLD.{self.until} IS NULL OR OLD.{self.until} > {now})" if self.until else ""
        rows = {"change": (f"BEFORE {change}", ""), "delete": ("BEFORE DELETE", still)}
        named = {order: f"hub_keep_{order}_{self.table}"[:63] for order in (*rows, "truncate")}
        if vendor != "postgresql":
            return {
                named[order]: f"CREATE TRIGGER {named[order]} {when} ON {self.table} {only} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                for order, (when, only) in rows.items()
            }
        return {
            named[order]: f"CREATE TRIGGER {named[order]} {when} ON {self.table} {each} EXECUTE FUNCTION {FUNCTION}()"
            for order, (when, each) in {
                **{order: (when, f"FOR EACH ROW {only}") for order, (when, only) in rows.items()},
                "truncate": ("BEFORE TRUNCATE", "FOR EACH STATEMENT"),
            }.items()
        }


KEPT: dict[str, Kept] = {}  # by table


def keep(table: str, columns: tuple[str, ...] = (), until: str = "") -> Kept:
    """Says that this table is kept. Called where its model stands; its migration calls `guard` with the same words."""
    KEPT[table] = Kept(table, columns, until)
    return KEPT[table]


def guard(table: str, columns: tuple[str, ...] = (), until: str = "") -> migrations.RunPython:
    """For a migration: from now on the database keeps this table.

    SQLite makes a table anew when a column of it changes, and its triggers are gone then: such a migration ends with
    `guard` again.
    """
    kept = Kept(table, columns, until)

    def install(apps, schema_editor):
        put_in_place(schema_editor, kept)

    def remove(apps, schema_editor):
        take_away(schema_editor, kept)

    return migrations.RunPython(install, remove)


def put_in_place(schema_editor, *kept: Kept) -> None:
    """Installs the triggers of these tables anew."""
    vendor = schema_editor.connection.vendor
    take_away(schema_editor, *kept)
    if vendor == "postgresql":
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
    for each in kept:
        for name, order in each.triggers(vendor).items():
            schema_editor.execute(order, params=None)
            if vendor == "postgresql":
                schema_editor.execute(f"ALTER TABLE {each.table} ENABLE ALWAYS TRIGGER {name}", params=None)


def take_away(schema_editor, *kept: Kept) -> None:
    vendor = schema_editor.connection.vendor
    for each in kept:
        for name in each.triggers(vendor):
            on = f" ON {each.table}" if vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)


def standing(cursor, vendor: str) -> set[tuple[str, str]]:
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
    return set(cursor.fetchall())


def missing() -> list[str]:
    """Tables that the database does not guard as it should, by name; empty when all is well."""
    with connection.cursor() as cursor:
        found = standing(cursor, connection.vendor)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT prosrc LIKE '%%RAISE EXCEPTION%%' FROM pg_proc WHERE proname = %s", [FUNCTION])
            if cursor.fetchall() != [(True,)]:
                return sorted(KEPT)  # the triggers stand, but what they call refuses nothing
    return [
        table
        for table, kept in sorted(KEPT.items())
        if not {(table, name) for name in kept.triggers(connection.vendor)} <= found
    ]
