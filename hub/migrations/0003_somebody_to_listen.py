"""A helpline for whoever finds it hard to cope, as checked on 22 November 2026."""

from datetime import date

from django.db import migrations, models


def add(apps, schema_editor):
    apps.get_model("hub", "Helpline").objects.create(
        order=65,
        need="cope",
        name="Samaritans",
        number="116 123",
        hours="Day and night",
        who_for="Anybody who finds it hard to cope, or thinks of ending their life. They listen, whatever it is about.",
        checked_on=date(2026, 11, 22),
    )


class Migration(migrations.Migration):
    dependencies = [("hub", "0002_helplines")]

    operations = [
        migrations.AlterField(
            "helpline",
            "need",
            models.CharField(
                choices=[
                    ("danger", "In danger now"),
                    ("adult", "You are being hurt or frightened"),
                    ("cope", "Finding it hard to cope"),
                    ("child", "A child is being hurt or is worried"),
                    ("own", "Worried about your own behaviour"),
                    ("legal", "Law and court"),
                    ("family", "Family life"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
