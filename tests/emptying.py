"""How the database is emptied after a test that really commits.

Django empties every table with TRUNCATE. Three things stand in its way here: the record's own triggers refuse it
(they are there to), rows written by migrations (helplines, content, staff groups) would be lost, and it takes longer
than many a test. So only tables that hold something new are emptied, row by row while they are small; the owner sets
triggers and references aside for that one moment; and the migrations' rows are put back from a copy.
"""

from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

COPIES = "kept"
SMALL = 1_000_000  # bytes: a bigger table is faster to truncate, with all others


def keep_copies() -> None:
    """Copies every row the migrations wrote into a schema of its own. Called once, on the fresh database.

    But for the line on record that says which roles were made: tests count lines.
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hub_accessrecord DISABLE TRIGGER hub_keep_delete_hub_accessrecord")
        cursor.execute("DELETE FROM hub_accessrecord")
        cursor.execute("ALTER TABLE hub_accessrecord ENABLE ALWAYS TRIGGER hub_keep_delete_hub_accessrecord")
        cursor.execute(f"CREATE SCHEMA {COPIES}")
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {quote(table)})")
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE {COPIES}.{quote(table)} AS TABLE {quote(table)}")


def triggers() -> list[tuple[str, str, str]]:
    """Table, name and state ("A" is ENABLE ALWAYS) of each trigger that keeps the record."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            r" WHERE NOT t.tgisinternal AND t.tgname LIKE 'hub\_keep\_%'"
        )
        return cursor.fetchall()


def copies() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [COPIES])
        return [name for (name,) in cursor.fetchall()]


def changed(tables) -> list[tuple[str, int]]:
    """Those that hold other rows than after the migrations, and how many bytes they take."""
    quote, kept = connection.ops.quote_name, set(copies())
    asked = []
    for table in tables:
        name = quote(table)
        differs = f"EXISTS (SELECT 1 FROM {name})"
        if table in kept:
            copy = f"{COPIES}.{name}"
            differs = (
                f"(SELECT count(*) FROM {name}) <> (SELECT count(*) FROM {copy})"
                f" OR EXISTS (TABLE {name} EXCEPT TABLE {copy})"
            )
        asked.append(f"SELECT '{table}', pg_relation_size('{name}') WHERE {differs}")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return cursor.fetchall()


def emptying_sql(truncate, operations, style, tables, **how) -> list[str]:
    """The statements of one flush: triggers aside, rows out, triggers back, the migrations' rows back."""
    quote = operations.quote_name
    found = changed(tables)
    if any(size > SMALL for _, size in found):
        names, out = set(tables), truncate(operations, style, tables, **how)
    else:
        names = {table for table, _ in found}
        out = [f"DELETE FROM {quote(table)}" for table in sorted(names)]
    set_aside = [(quote(table), quote(name), state) for table, name, state in triggers() if table in names]
    back = {"A": "ENABLE ALWAYS", "O": "ENABLE", "R": "ENABLE REPLICA", "D": "DISABLE"}
    return [
        "SET LOCAL session_replication_role = replica",  # references are not looked at: all that refers goes too
        *(f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name, _ in set_aside),
        *out,
        *(f"ALTER TABLE {table} {back[state]} TRIGGER {name}" for table, name, state in set_aside),
        *(
            f"INSERT INTO {quote(table)} OVERRIDING SYSTEM VALUE TABLE {COPIES}.{quote(table)}"
            for table in copies()
            if table in names
        ),
    ]


@contextmanager
def gentle():
    """While it lasts, a flush of the test database works as told above."""
    truncate = DatabaseOperations.sql_flush

    def sql_flush(operations, style, tables, **how):
        return emptying_sql(truncate, operations, style, tables, **how)

    DatabaseOperations.sql_flush = sql_flush
    try:
        yield
    finally:
        DatabaseOperations.sql_flush = truncate


def empty() -> None:
    """Empties the test database at once, for a test that needs it in the middle (a Hypothesis machine, say)."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))


def let_go() -> None:
    """Ends every other connection to the test database, so that it can be dropped.

    Threads of a live server and the browser's own loop may each have left one open.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
