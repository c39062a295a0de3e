"""Every way we know to change what was recorded. Run as a program it tries them on a SQLite file of its own.

Each attack is SQL, one order or several, or a function that uses Django as a careless programmer would.
"""

import json
import os
import sys
from datetime import timedelta

POSTGRESQL = {
    "update an event": "UPDATE parenting_plan_planevent SET kind = 'agreed'",
    "update nothing much": "UPDATE parenting_plan_planevent SET seq = seq",
    "delete an event": "DELETE FROM parenting_plan_planeventbody",
    "truncate": "TRUNCATE parenting_plan_planevent, parenting_plan_planeventbody CASCADE",
    "truncate bodies": "TRUNCATE parenting_plan_planeventbody",
    "merge": (
        "MERGE INTO parenting_plan_planevent t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET role = 'b'"
    ),
    "merge and delete": (
        "MERGE INTO parenting_plan_planeventbody t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE"
    ),
    "insert on conflict do update": (
        "INSERT INTO parenting_plan_planevent SELECT * FROM parenting_plan_planevent"
        " ON CONFLICT (id) DO UPDATE SET kind = 'withdrawn'"
    ),
    "change a body": "UPDATE parenting_plan_planeventbody SET words = '{}'",
    "change a salt": "UPDATE parenting_plan_planeventbody SET salt = ''",
    "change a suggestion": "UPDATE parenting_plan_proposal SET value = '{}'",
    "change its author": "UPDATE parenting_plan_proposal SET by_id = by_id",
    "change its time": "UPDATE parenting_plan_proposal SET committed_at = now()",
    "move it": "UPDATE parenting_plan_proposal SET clause_id = clause_id",
    "change places": "UPDATE parenting_plan_proposal SET id = id + 1000",
    "delete a suggestion": "DELETE FROM parenting_plan_proposal",
    "truncate suggestions": "TRUNCATE parenting_plan_proposal CASCADE",
    "as a replica": "SET LOCAL session_replication_role = replica; UPDATE parenting_plan_planevent SET seq = 0",
    "hidden in a query": (
        "WITH gone AS (DELETE FROM parenting_plan_planeventbody RETURNING 1) SELECT count(*) FROM gone"
    ),
}
SQLITE = {
    **{
        name: sql
        for name, sql in POSTGRESQL.items()
        if not any(word in sql for word in ("TRUNCATE", "MERGE", "session_", "now()", "WITH gone"))
    },
    "replace into": "REPLACE INTO parenting_plan_planevent SELECT * FROM parenting_plan_planevent",
    "replace a body": "REPLACE INTO parenting_plan_planeventbody SELECT * FROM parenting_plan_planeventbody",
    "replace a suggestion": "INSERT OR REPLACE INTO parenting_plan_proposal SELECT * FROM parenting_plan_proposal",
    "insert on conflict do update": (
        "INSERT INTO parenting_plan_planevent SELECT * FROM parenting_plan_planevent WHERE true"
        " ON CONFLICT (id) DO UPDATE SET kind = 'withdrawn'"
    ),
}


# ---------------------------------------------------------------- erasing

GONE = '{"kind": "erased"}'
OLD = [("Anya", 1990, 5), ("Finn", 1994, 9)]


def plans(written, amara, ben) -> dict[str, int]:
    """What the attacks on erasing need, by number: `written` of a young family, `solo` of one parent and this year,
    `held` and `due` of grown-up children, and one whose words are `erased`.
    """
    from hub import clock
    from hub.models import LegalHold
    from parenting_plan.actions.erasing import erase_plans
    from tests.parenting_plan import family

    made = {"written": written, "solo": family.start(amara)}
    family.suggest(made["solo"], amara, family.HANDOVERS, "Gate.")
    for name in ("held", "due", "erased"):  # no more than three may be asked to join in a day
        made[name] = family.share(family.start(amara, children=OLD), ben)
        family.settle(made[name], amara, ben, family.HANDOVERS, "Gate.")
    LegalHold.objects.create(
        kind="plan", number=made["held"].pk, name="x", reason="Court", placed_by=amara, placed_at=clock.now()
    )
    erase_plans([made["erased"].pk], "grown_up")
    return {name: plan.pk for name, plan in made.items()}


def on_erasing(plan: dict[str, int], vendor: str) -> dict[str, list[str]]:
    """Attacks on erasing, each as orders that follow one another. `plan` is what `plans` made."""
    now, main, temp = ("now()", "public", "pg_temp") if vendor == "postgresql" else ("datetime('now')", "main", "temp")

    def erase(which: str, why: str) -> str:
        values = f"({plan[which]}, '{why}', {now}, 1, 1)"
        return f"INSERT INTO {main}.parenting_plan_planerased (plan_id, why, at, events, suggestions) VALUES {values}"

    def blank(which: str, value: str = GONE, note: str = "", more: str = "") -> str:
        of = f"(SELECT id FROM parenting_plan_clause WHERE plan_id = {plan[which]})"
        words = f"value = '{value}', note = '{note}'{more}"
        return f"UPDATE {main}.parenting_plan_proposal SET {words} WHERE clause_id IN {of}"

    def events(which: str) -> str:
        return f"(SELECT id FROM {main}.parenting_plan_planevent WHERE plan_id = {plan[which]})"

    def shadow(table: str, *columns: str, row: str = "") -> list[str]:
        """A table of one's own that bears the name of one of ours."""
        made = [f"CREATE TEMPORARY TABLE {table} ({', '.join(columns)})"]
        return [*made, f"INSERT INTO {temp}.{table} VALUES ({row})"] if row else made

    an_event = ("id bigint", "plan_id bigint", "kind text", "at timestamp")
    a_hold = ("kind text", "number bigint", "released_at timestamp")
    return {
        "erase a young family's plan": [erase("written", "grown_up")],
        "erase it as one nobody joined": [erase("written", "alone")],
        "erase one parent's plan of this year": [erase("solo", "alone")],
        "erase one parent's plan as grown up": [erase("solo", "grown_up")],
        "erase a held plan": [erase("held", "grown_up")],
        "erase for no cause we know": [erase("due", "because")],
        "erase twice": [erase("erased", "grown_up")],
        "make the children older first": [
            "UPDATE parenting_plan_child SET born_year = 1980",
            erase("written", "grown_up"),
        ],
        "bear the name of the fact": [
            *shadow("parenting_plan_planerased", "plan_id bigint", row=str(plan["written"])),
            blank("written"),
        ],
        "bear the name of the holds": [*shadow("hub_legalhold", *a_hold), erase("held", "grown_up")],
        "bear the name of the events": [*shadow("parenting_plan_planevent", *an_event), erase("written", "alone")],
        "change the fact": ["UPDATE parenting_plan_planerased SET why = 'alone'"],
        "change its count": ["UPDATE parenting_plan_planerased SET events = 0"],
        "delete the fact": ["DELETE FROM parenting_plan_planerased"],
        "delete words before the fact": [f"DELETE FROM parenting_plan_planeventbody WHERE event_id IN {events('due')}"],
        "blank before the fact": [blank("due")],
        "blank another plan": [blank("written")],
        "blank to other words": [blank("erased", '{"kind": "words", "text": "Mine."}')],
        "blank to no words needed": [blank("erased", '{"kind": "not_needed"}')],
        "blank and leave a note": [blank("erased", note="Mine.")],
        "blank with another digest": [blank("erased", more=f", digest = '{'0' * 64}'")],
        "blank with another author": [blank("erased", more=", by_id = by_id + 1")],
        "blank with another number": [blank("erased", more=", number = 99")],
        "blank with another time": [blank("erased", more=f", committed_at = {now}")],
        "delete a blank suggestion": [
            "DELETE FROM parenting_plan_proposal WHERE clause_id IN"
            f" (SELECT id FROM parenting_plan_clause WHERE plan_id = {plan['erased']})"
        ],
        "delete an event without words": [f"DELETE FROM parenting_plan_planevent WHERE id IN {events('erased')}"],
        "change the words of another": [
            f"UPDATE parenting_plan_planeventbody SET words = '{{}}' WHERE event_id IN {events('written')}"
        ],
        "lend a part to an erased plan": [
            f"UPDATE parenting_plan_clause SET plan_id = {plan['erased']}, question = 'x'"
            f" WHERE plan_id = {plan['written']}",
            blank("erased"),
        ],
        "lend an event to an erased plan": [
            f"UPDATE parenting_plan_planevent SET plan_id = {plan['erased']}, seq = seq + 100"
            f" WHERE id IN {events('written')}"
        ],
        "lend a number to an erased plan": ["UPDATE parenting_plan_clause SET id = id + 1000"],
    }


# What stands in the way of each, for those that are tried once more without it: they then get through.
STANDS_IN_THE_WAY = {
    "erase a young family's plan": "planerased",
    "erase a held plan": "planerased",
    "make the children older first": "planerased",
    "delete words before the fact": "planeventbody",
    "blank another plan": "proposal",
    "blank with another digest": "proposal",
    "delete the fact": "planerased",
    "lend a part to an erased plan": "clause",
}
FIXED_PATHS = {
    "bear the name of the fact": "proposal",
    "bear the name of the holds": "planerased",
    "bear the name of the events": "planerased",
}


def without_what_stands_in_the_way(name: str, orders: list[str]) -> list[str]:
    """The same attack on PostgreSQL with its guard taken away; for a shadow, with the path of its function open."""
    table = f"parenting_plan_{STANDS_IN_THE_WAY.get(name) or FIXED_PATHS[name]}"
    if name in FIXED_PATHS:
        return [f"ALTER FUNCTION hub_keep_{table} RESET search_path", *orders]
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER", *orders]


def by_django() -> dict:
    from parenting_plan.models import PlanEvent, PlanEventBody, Proposal

    def save(event):
        event.kind = "agreed"
        event.save()

    return {
        "queryset.update": lambda: PlanEvent.objects.update(kind="agreed"),
        "queryset.delete": lambda: PlanEventBody.objects.all().delete(),
        "save": lambda: save(PlanEvent.objects.first()),
        "delete": lambda: PlanEventBody.objects.first().delete(),
        "bulk_update": lambda: PlanEvent.objects.bulk_update(PlanEvent.objects.all(), ["kind"]),
        "update_or_create": lambda: PlanEvent.objects.update_or_create(
            pk=PlanEvent.objects.first().pk, defaults={"kind": "agreed"}
        ),
        "raw delete": lambda: PlanEvent.objects.all()._raw_delete("default"),
        "bulk_create over": lambda: PlanEventBody.objects.bulk_create(
            PlanEventBody.objects.all(), update_conflicts=True, update_fields=["words"], unique_fields=["event"]
        ),
        "another suggestion's words": lambda: Proposal.objects.update(value={"kind": "words", "text": "Mine."}),
        "save a suggestion": lambda: Proposal.objects.first().save(),
        "another digest": lambda: Proposal.objects.update(digest="0" * 64),
        "delete a suggestion": lambda: Proposal.objects.all()._raw_delete("default"),
    }


def outcome(attack) -> str:
    """Try one attack, undone whatever happens: "refused", or what came of it."""
    from django.db import DatabaseError, connection, transaction

    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":  # nothing may wait for the commit, or TRUNCATE stops for that alone
                connection.check_constraints()
            if callable(attack):
                attack()
            else:
                with connection.cursor() as cursor:
                    for order in [attack] if isinstance(attack, str) else attack:
                        cursor.execute(order)
            transaction.set_rollback(True)
            return "got through"
    except DatabaseError as error:
        return "refused" if "cannot be changed" in str(error) else f"another fault: {error}"


def main() -> None:
    """On the empty SQLite file that DATABASE_URL names: one family, every attack, and what came of each, as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hub.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import User
    from hub import clock, keeping
    from tests.parenting_plan import family

    call_command("migrate", verbosity=0)
    amara, ben = (User.objects.create_user(first_name=name, email=f"{name}@example.com") for name in ("a", "b"))
    long_ago = clock.now() - timedelta(days=10)
    plan = family.share(family.start(amara, at=long_ago), ben, at=long_ago)
    family.settle(plan, amara, ben, family.HANDOVERS, "Gate.")
    erasing = on_erasing(plans(plan, amara, ben), "sqlite")
    found = {name: outcome(attack) for name, attack in {**SQLITE, **by_django(), **erasing}.items()}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")  # the broken twin: without it, REPLACE goes through
    twin = outcome(SQLITE["replace a body"])
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER hub_keep_delete_parenting_plan_proposal")
    json.dump({"attacks": found, "twin": twin, "missing": keeping.missing()}, sys.stdout)


if __name__ == "__main__":
    main()
