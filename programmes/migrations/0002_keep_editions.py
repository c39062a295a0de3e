"""An edition that was published stays as it is: the database refuses a change of it, and its deletion."""

from django.db import migrations, models

TABLE = "programmes_edition"
KEPT = ("id", "chapter_id", "number", "words", "source", "note", "made_at", "published_at")
REFUSAL = "An edition that was published cannot be changed."


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in KEPT)
        orders = [
            f"""
            CREATE OR REPLACE FUNCTION hub_editions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
            """,
            f"CREATE TRIGGER hub_editions_change BEFORE UPDATE ON {TABLE} FOR EACH ROW"
            f" WHEN (OLD.published_at IS NOT NULL AND ({changed})) EXECUTE FUNCTION hub_editions_refuse()",
            f"CREATE TRIGGER hub_editions_delete BEFORE DELETE ON {TABLE} FOR EACH ROW"
            " WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION hub_editions_refuse()",
        ]
    else:
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in KEPT)
        orders = [
            f"CREATE TRIGGER hub_editions_change BEFORE UPDATE ON {TABLE}"
            f" WHEN OLD.published_at IS NOT NULL AND ({changed}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
            f"CREATE TRIGGER hub_editions_delete BEFORE DELETE ON {TABLE}"
            f" WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        ]
    for order in orders:
        schema_editor.execute(order, params=None)


def remove(apps, schema_editor):
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    for name in ("hub_editions_change", "hub_editions_delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
    if on:
        schema_editor.execute("DROP FUNCTION IF EXISTS hub_editions_refuse()")


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="put_aside_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(install, remove),
    ]
