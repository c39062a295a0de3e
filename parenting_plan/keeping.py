"""What of a plan's record the database itself refuses to change (hub.keeping does the refusing)."""

from hub import keeping

RECORD = (
    keeping.keep("parenting_plan_planevent"),  # no change, no deletion
    keeping.keep("parenting_plan_planeventbody"),
    keeping.keep(  # these columns never change, and no row goes
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
    ),
)


def install(apps, schema_editor) -> None:
    """Put every trigger in place (for a migration)."""
    keeping.put_in_place(schema_editor, *RECORD)


def remove(apps, schema_editor) -> None:
    """Take every trigger away (for a migration's way back)."""
    keeping.take_away(schema_editor, *RECORD)
