"""What of a plan's record the database itself refuses to change, and when it lets the words of a plan go.

hub.keeping does the refusing. Words go only with a row in `parenting_plan_planerased`, and such a row is taken in only
when the record itself says that the time has come (product decision 7): never while a legal hold stands, and then for
a plan that nobody joined, once its only parent has left or nothing has happened in it for twelve months; or for a plan
whose youngest child is 25. Events, and what they commit to, stay: a record without its words still verifies.
"""

from collections.abc import Sequence

from django.db import connection

from hub.keeping import keep

AGE = 25  # years of the youngest child; HUB_PLAN_AGE may be more, never less
MONTHS = 12  # since the last event of a plan that nobody joined

_HELD = "SELECT 1 FROM hub_legalhold h WHERE h.kind = 'plan' AND h.number = <plan> AND h.released_at IS NULL"
_EVENTS = "FROM parenting_plan_planevent e WHERE e.plan_id = <plan>"
_CHILDREN = {
    "postgresql": (
        "SELECT 1 FROM parenting_plan_planevent e JOIN parenting_plan_planeventbody b ON b.event_id = e.id"
        " CROSS JOIN LATERAL jsonb_array_elements(b.words->'children') c WHERE e.plan_id = <plan>"
    ),
    "sqlite": (
        "SELECT 1 FROM parenting_plan_planevent e JOIN parenting_plan_planeventbody b ON b.event_id = e.id,"
        " json_each(b.words, '$.children') c WHERE e.plan_id = <plan>"
    ),
}
_IS_YOUNG = {  # in the month of their birthday they are still
    "postgresql": (
        "(c.value->>1)::int * 12 + (c.value->>2)::int"
        f" >= (extract(year FROM now()) - {AGE}) * 12 + extract(month FROM now())"
    ),
    "sqlite": (
        "json_extract(c.value, '$[1]') * 12 + json_extract(c.value, '$[2]')"
        f" >= (strftime('%Y', 'now') - {AGE}) * 12 + strftime('%m', 'now')"
    ),
}
_LATELY = {
    "postgresql": f"e.at > now() - interval '{MONTHS} months'",
    "sqlite": f"datetime(e.at) > datetime('now', '-{MONTHS} months')",
}


def over(why: str, vendor: str, plan: str) -> str:
    """SQL: the record itself says that the time of this plan is over, for this cause. Whether it is held is not asked.

    `plan` is SQL for the plan's number. Where it stands among values of Django's, each "%" of this is written twice.
    """
    asked = {
        "alone": (
            f"NOT EXISTS (SELECT 1 {_EVENTS} AND e.kind = 'joined')"
            f" AND (EXISTS (SELECT 1 {_EVENTS} AND e.kind = 'left')"
            f" OR NOT EXISTS (SELECT 1 {_EVENTS} AND {_LATELY[vendor]}))"
        ),
        "grown_up": f"EXISTS ({_CHILDREN[vendor]}) AND NOT EXISTS ({_CHILDREN[vendor]} AND {_IS_YOUNG[vendor]})",
    }
    return _order(asked[why], plan=plan)


def _admits(vendor: str) -> str:
    alone, grown_up = (over(why, vendor, "NEW.plan_id") for why in ("alone", "grown_up"))
    held = _order(_HELD, plan="NEW.plan_id")
    return f"NOT EXISTS ({held}) AND ((NEW.why = 'alone' AND {alone}) OR (NEW.why = 'grown_up' AND {grown_up}))"


def _order(order: str, **told: str) -> str:
    for name, words in told.items():
        order = order.replace(f"<{name}>", words)
    return order


ERASED = '{"kind": "erased"}'  # what is left of a suggestion's words

keep("parenting_plan_planerased", admits={vendor: _admits(vendor) for vendor in ("postgresql", "sqlite")})
keep("parenting_plan_planevent")  # no change, no deletion
keep(
    "parenting_plan_planeventbody",
    erased=(
        "EXISTS (SELECT 1 FROM parenting_plan_planerased g JOIN parenting_plan_planevent e ON e.plan_id = g.plan_id"
        " WHERE e.id = OLD.event_id)"
    ),
)
keep(  # these columns never change, and no row goes
    "parenting_plan_proposal",
    columns=(
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
    ),
    erased=(
        "EXISTS (SELECT 1 FROM parenting_plan_planerased g JOIN parenting_plan_clause c ON c.plan_id = g.plan_id"
        " WHERE c.id = OLD.clause_id)"
    ),
    blank={"value": f"'{ERASED}'", "note": "''"},
)
keep("parenting_plan_clause", columns=("id", "plan_id"), lets_same=True)  # whose suggestions it holds

# ---------------------------------------------------------------- erasing

_ERASE = (
    "INSERT INTO parenting_plan_planerased (plan_id, why, at, events, suggestions)"
    " SELECT p.id, <why>, <now>,"
    " (SELECT count(*) FROM parenting_plan_planevent e WHERE e.plan_id = p.id),"
    " (SELECT count(*) FROM parenting_plan_proposal s JOIN parenting_plan_clause c ON c.id = s.clause_id"
    " WHERE c.plan_id = p.id) FROM parenting_plan_plan p WHERE p.id <these>",
    "DELETE FROM parenting_plan_planeventbody"
    " WHERE event_id IN (SELECT e.id FROM parenting_plan_planevent e WHERE e.plan_id <these>)",
    "UPDATE parenting_plan_proposal SET value = '<erased>', note = ''"
    " WHERE clause_id IN (SELECT c.id FROM parenting_plan_clause c WHERE c.plan_id <these>)",
)
FUNCTION = "parenting_plan_erase"


def install_erasing(apps, schema_editor) -> None:
    """For a migration: the one function by which words go on PostgreSQL. It has the rights of the tables' owner, which
    nobody else has, and the triggers refuse whatever it is asked to do too early.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    orders = "; ".join(_order(order, these="= ANY (plans)", why="why", now="now()", erased=ERASED) for order in _ERASE)
    schema_editor.execute(
        f"CREATE OR REPLACE FUNCTION {FUNCTION}(plans bigint[], why text) RETURNS void LANGUAGE plpgsql"
        f" SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN {orders}; END $$",
        params=None,
    )


def remove_erasing(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}(bigint[], text)", params=None)


def erase_words(plans: Sequence[int], why: str) -> None:
    """Erases every word of these plans' records, in the caller's transaction, and leaves the fact.

    Raises IntegrityError, and erases nothing, when the database finds that the time has not come for one of them, that
    one is held, or that one was erased before.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT {FUNCTION}(%s, %s)", [list(plans), why])
            return
        these = f"IN ({', '.join(str(int(plan)) for plan in plans)})"
        for order in _ERASE:
            now = "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"
            told = _order(order, these=these, why="%s", now=now, erased=ERASED)
            cursor.execute(told, [why] if "<why>" in order else [])
