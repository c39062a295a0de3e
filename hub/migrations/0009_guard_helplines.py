"""The words of helplines are in their editions now, and the database refuses a change of what was published."""

from django.db import migrations, models

from hub.editions import guard

MOVED = ("name", "number", "hours", "who_for", "link", "need", "checked_on", "shown")


class Migration(migrations.Migration):
    dependencies = [("hub", "0008_helplines_in_editions")]

    operations = [
        migrations.AlterModelOptions("helpline", {"ordering": ["order", "slug"]}),
        *(migrations.RemoveField("helpline", name) for name in MOVED),
        migrations.AlterField("helpline", "slug", models.SlugField(max_length=60, unique=True)),
        migrations.AlterField("helpline", "order", models.PositiveSmallIntegerField(default=0)),
        guard("hub_edition", of="helpline_id"),
    ]
