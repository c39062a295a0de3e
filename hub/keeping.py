"""Kernel: tables whose rows stay as they were written: the database itself refuses, on PostgreSQL and on SQLite.

A table is named once, beside its model, with `keep`; a migration puts its triggers in place with `guard`; a process
looks before it serves that they still stand, and `manage.py app_role` gives the web no right to change such a table.

Words in it may have to go one day, by law. `erased` says of which rows, in SQL that the database asks itself; then a
row may be deleted or, where `blank` says so, lose its words and nothing else. Nobody else can make it true earlier:
whatever it asks about is kept too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.db import connection, migrations

REFUSAL = "The record cannot be changed."
FUNCTION = "hub_keep_refuse"
REFUSES = f" BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END "


class Guarded(Protocol):
    """A table with triggers of ours: what they call, and they themselves."""

    @property
    def table(self) -> str: ...
    def functions(self) -> dict[str, str]: ...
    def triggers(self, vendor: str) -> dict[str, str]: ...


@dataclass(frozen=True)
class Kept:
    """What is kept of a table.

    columns: these; none named: every column.
    until:   the column of the time after which a row may be deleted, `years` later; without it no row ever goes.
    erased:  SQL about OLD: whose words may go, and with them the row.
    blank:   instead of a deletion, these columns become these literals, and nothing else of the row changes.
    admits:  SQL about NEW for each vendor: which rows are taken in at all. The web has no right to add any by itself.
    lets_same: an order that writes the same values again is let through.
    """

    table: str
    columns: tuple[str, ...] = ()
    until: str = ""
    years: int = 0
    erased: str = ""
    blank: Mapping[str, str] = field(default_factory=dict)
    admits: Mapping[str, str] = field(default_factory=dict)
    lets_same: bool = False

    @property
    def asks(self) -> bool:
        """Whether its triggers look at other rows before they refuse."""
        return bool(self.erased or self.admits)

    @property
    def function(self) -> str:
        """What the triggers call on PostgreSQL."""
        return f"hub_keep_{self.table}"[:63] if self.asks else FUNCTION

    def _lasts(self, vendor: str) -> str:
        """SQL about OLD: it may not go yet."""
        if not self.until:
            return ""
        if vendor == "postgresql":
            ends, now = f"OLD.{self.until} + interval '{self.years} years'", "now()"
        else:
            ends, now = f"datetime(OLD.{self.until}, '+{self.years} years')", "datetime('now')"
        ends = ends if self.years else f"OLD.{self.until}"
        return f"OLD.{self.until} IS NULL OR {ends} > {now}"

    def _differs(self, vendor: str) -> str:
        """SQL about OLD and NEW: one of the columns has another value."""
        word = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        return " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in self.columns)

    def _blanks(self, vendor: str) -> str:
        """SQL about OLD and NEW: this change takes the words away and leaves everything else."""
        if not self.blank:
            return "1 = 0"
        word = "IS NOT DISTINCT FROM" if vendor == "postgresql" else "IS"
        same = [f'OLD."{name}" {word} NEW."{name}"' for name in self.columns if name not in self.blank]
        gone = [f'NEW."{name}" = {literal}' for name, literal in self.blank.items()]
        return f"({self.erased}) AND {' AND '.join([*same, *gone])}"

    def functions(self) -> dict[str, str]:
        """Name and body of each function that its triggers call on PostgreSQL."""
        if not self.asks:
            return {FUNCTION: REFUSES}
        may_go = f"({self.erased})" if self.erased and not self.blank else "1 = 0"
        branches = [
            ("INSERT", f"({self.admits.get('postgresql', '1 = 1')})", "NEW"),
            ("UPDATE", self._blanks("postgresql"), "NEW"),
            ("DELETE", may_go, "OLD"),
        ]
        asked = " ".join(
            f"IF TG_OP = '{order}' THEN IF {holds} THEN RETURN {row}; END IF; END IF;" for order, holds, row in branches
        )
        return {FUNCTION: REFUSES, self.function: f" BEGIN {asked}{REFUSES.removeprefix(' BEGIN')}"}

    def triggers(self, vendor: str) -> dict[str, str]:
        """Name and order of each trigger that keeps it."""
        change = "UPDATE OF {}".format(", ".join(f'"{each}"' for each in self.columns)) if self.columns else "UPDATE"
        events = {"change": f"BEFORE {change}", "delete": "BEFORE DELETE"}
        if self.admits:
            events["insert"] = "BEFORE INSERT"
        only = {"change": self._differs(vendor) if self.lets_same else "", "delete": self._lasts(vendor), "insert": ""}
        named = {order: f"hub_keep_{order}_{self.table}"[:63] for order in (*events, "truncate")}
        if vendor == "postgresql":
            rows = {
                order: (when, f"FOR EACH ROW WHEN ({only[order]})" if only[order] else "FOR EACH ROW")
                for order, when in events.items()
            }
            return {
                named[
                    order
                ]: f"CREATE TRIGGER {named[order]} {when} ON {self.table} {each} EXECUTE FUNCTION {function}()"
                for order, (when, each), function in (
                    *((order, row, self.function) for order, row in rows.items()),
                    ("truncate", ("BEFORE TRUNCATE", "FOR EACH STATEMENT"), FUNCTION),
                )
            }
        if self.erased:
            only["delete" if not self.blank else "change"] = (
                f"NOT ({self.erased})" if not self.blank else f"NOT ({self._blanks(vendor)})"
            )
        if self.admits:
            only["insert"] = f"NOT ({self.admits[vendor]})"
        return {
            named[order]: f"CREATE TRIGGER {named[order]} {when} ON {self.table} "
            f"{f'WHEN {only[order]} ' if only[order] else ''}BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for order, when in events.items()
        }


KEPT: dict[str, Kept] = {}  # by table
WATCHED: dict[str, Guarded] = {}  # by table: those whose changes the database writes down


def keep(table: str, **how) -> Kept:
    """Says that this table is kept, and how (see Kept). Called where its model stands; its migration calls `guard`
    with the same words.
    """
    KEPT[table] = Kept(table, **how)
    return KEPT[table]


def watch(watched: Guarded) -> None:
    """Says that triggers of this table must stand as well, before a process serves."""
    WATCHED[watched.table] = watched


def guard(table: str, **how) -> migrations.RunPython:
    """For a migration: from now on the database keeps this table.

    SQLite makes a table anew when a column of it changes, and its triggers are gone then: such a migration ends with
    `guard` again.
    """
    kept = Kept(table, **how)

    def install(apps, schema_editor):
        put_in_place(schema_editor, kept)

    def remove(apps, schema_editor):
        take_away(schema_editor, kept)

    return migrations.RunPython(install, remove)


def put_in_place(schema_editor, *kept: Guarded) -> None:
    """Installs the triggers of these tables anew."""
    vendor = schema_editor.connection.vendor
    take_away(schema_editor, *kept)
    if vendor == "postgresql":
        functions: dict[str, str] = {}
        for each in kept:
            functions |= each.functions()
        for name, body in functions.items():
            # the path is fixed: a table that somebody made for themselves must not be asked in place of ours
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
                f" SET search_path = public, pg_temp AS $${body}$$",
                params=None,
            )
    for each in kept:
        for name, order in each.triggers(vendor).items():
            schema_editor.execute(order, params=None)
            if vendor == "postgresql":
                schema_editor.execute(f"ALTER TABLE {each.table} ENABLE ALWAYS TRIGGER {name}", params=None)


def take_away(schema_editor, *kept: Guarded) -> None:
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
    """Tables that the database does not guard or watch as it should, by name; empty when all is well."""
    guarded: list[Guarded] = [*KEPT.values(), *WATCHED.values()]
    hollow: set[str] = set()  # the triggers stand, but what they call refuses nothing, or something else
    with connection.cursor() as cursor:
        found = standing(cursor, connection.vendor)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'hub\\_keep\\_%%'")
            there = dict(cursor.fetchall())
            for each in guarded:
                if any(there.get(name, "").split() != body.split() for name, body in each.functions().items()):
                    hollow.add(each.table)
    return sorted(
        each.table
        for each in guarded
        if each.table in hollow or not {(each.table, name) for name in each.triggers(connection.vendor)} <= found
    )
