"""Every way we know to change what was recorded. Run as a program it tries them on a SQLite file of its own.

Each attack is SQL, or a function that uses Django as a careless programmer would.
"""

import json
import os
import sys

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
                    cursor.execute(attack)
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
    from hub import keeping
    from tests.parenting_plan import family

    call_command("migrate", verbosity=0)
    amara, ben = (User.objects.create_user(first_name=name, email=f"{name}@example.com") for name in ("a", "b"))
    plan = family.share(family.start(amara), ben)
    family.settle(plan, amara, ben, family.HANDOVERS, "Gate.")
    found = {name: outcome(attack) for name, attack in {**SQLITE, **by_django()}.items()}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")  # the broken twin: without it, REPLACE goes through
    twin = outcome(SQLITE["replace a body"])
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER hub_keep_delete_parenting_plan_proposal")
    json.dump({"attacks": found, "twin": twin, "missing": keeping.missing()}, sys.stdout)


if __name__ == "__main__":
    main()
