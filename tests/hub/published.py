"""Attempts to change what was published, for the tests that the database refuses them: PostgreSQL and SQLite."""

import json
import os
import sys

TABLES = {
    "programmes_edition": "chapter_id",
    "articles_edition": "article_id",
    "goals_edition": "suggestion_id",
    "hub_edition": "helpline_id",
}


def attacks(table: str, of: str) -> dict[str, str]:
    """What somebody might write, by SQL, to a table of editions."""
    shown = "published_at IS NOT NULL"
    return {
        "other words": f"UPDATE {table} SET words = '{{}}' WHERE {shown}",
        "another number": f"UPDATE {table} SET number = number + 1000 WHERE {shown}",
        "another id": f"UPDATE {table} SET id = id + 100000 WHERE {shown}",
        "another source": f"UPDATE {table} SET source = 'staff' WHERE {shown}",
        "another note": f"UPDATE {table} SET note = 'never said' WHERE {shown}",
        "another time": f"UPDATE {table} SET made_at = '2020-01-01' WHERE {shown}",
        "never published": f"UPDATE {table} SET published_at = NULL WHERE {shown}",
        "another work": f"UPDATE {table} SET {of} = {of} + 1, number = number + 5000 WHERE {shown}",
        "deleted": f"DELETE FROM {table} WHERE {shown}",
        "replaced": f"INSERT INTO {table} SELECT * FROM {table} WHERE {shown}"
        " ON CONFLICT (id) DO UPDATE SET words = '{}'",
    }


def outcome(sql: str) -> str:
    """Try it, undone whatever happens: "refused", or what came of it."""
    from django.db import DatabaseError, connection, transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            transaction.set_rollback(True)
            return "got through"
    except DatabaseError as error:
        return "refused" if "cannot be changed" in str(error) else f"another fault: {error}"


def all_outcomes() -> dict[str, str]:
    return {
        f"{table}: {name}": outcome(sql) for table, of in TABLES.items() for name, sql in attacks(table, of).items()
    }


def main() -> None:
    """On the empty SQLite file that DATABASE_URL names: what came of each attack, before and without the triggers."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hub.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    found = all_outcomes()
    with connection.cursor() as cursor:
        for table in TABLES:
            for order in ("change", "delete"):
                cursor.execute(f"DROP TRIGGER hub_editions_{order}_{table}")
    json.dump({"guarded": found, "unguarded": all_outcomes()}, sys.stdout)


if __name__ == "__main__":
    main()
