"""From now on the database itself writes down each change of what staff may do (accounts.staff.powers)."""

from django.db import migrations

from accounts.staff.powers import WATCHED
from hub import keeping


def watch(apps, schema_editor):
    keeping.put_in_place(schema_editor, *WATCHED)


def stop(apps, schema_editor):
    keeping.take_away(schema_editor, *WATCHED)
    if schema_editor.connection.vendor == "postgresql":
        for watched in WATCHED:
            for name in watched.functions():
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def forget_what_was_compared(apps, schema_editor):
    apps.get_model("hub", "Pulse").objects.filter(name="powers").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_complaints"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("hub", "0013_access_records_of_one_transaction"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunPython(watch, stop),
        migrations.RunPython(forget_what_was_compared, migrations.RunPython.noop),
    ]
