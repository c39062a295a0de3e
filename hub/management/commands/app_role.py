"""What the web's and worker's own database role may do, and a refusal to start when it may do more."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from hub.checks import READ_ONLY, faults_of_role
from hub.keeping import KEPT, missing


class Command(BaseCommand):
    help = (
        "--grant ROLE (as the owner, after every migration): lets the role work with the tables, and with the record "
        "only by reading and adding. --check (as the role): ends with 1 when it could change the record."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--grant", metavar="ROLE")
        what.add_argument("--check", action="store_true")

    def handle(self, *args, grant, check, **options):
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL knows roles. On SQLite the record's triggers are all there is.")
        with connection.cursor() as cursor:
            if grant:
                self._grant(cursor, grant)
            elif faults := [f"{table} is not guarded by its triggers." for table in missing()] + faults_of_role(cursor):
                raise CommandError("This database role must not run the hub:\n" + "\n".join(faults))

    @staticmethod
    def _grant(cursor, role: str) -> None:
        quote = connection.ops.quote_name
        to = f"TO {quote(role)}"
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {quote(role)}")
            cursor.execute(f"GRANT {_allowed(cursor, table)} ON {quote(table)} {to}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public {to}")


def _allowed(cursor, table: str) -> str:
    """The rights for one table: everything a row may suffer, or less where the record is kept."""
    if table in READ_ONLY:
        return "SELECT"
    if not (kept := KEPT.get(table)):
        return "SELECT, INSERT, UPDATE, DELETE"
    if kept.admits:
        return "SELECT"  # the owner's function adds them
    rights = "SELECT, INSERT" + (", DELETE" if kept.until else "")
    if not kept.columns:
        return rights
    columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    free = [connection.ops.quote_name(name) for name in columns if name not in {"id", *kept.columns}]
    return f"{rights}, UPDATE ({', '.join(free)})"
