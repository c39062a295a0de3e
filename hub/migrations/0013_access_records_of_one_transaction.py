"""Which lines were written together: asked by triggers alone (accounts.staff.powers), so no model names the column."""

from django.db import migrations

ORDERS = (
    "ALTER TABLE hub_accessrecord ADD COLUMN xact bigint",
    "ALTER TABLE hub_accessrecord ALTER COLUMN xact SET DEFAULT pg_current_xact_id()::text::bigint",
)


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for order in ORDERS:
            schema_editor.execute(order)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE hub_accessrecord DROP COLUMN xact")


class Migration(migrations.Migration):
    dependencies = [("hub", "0012_found_by_age")]

    operations = [migrations.RunPython(add, remove)]
