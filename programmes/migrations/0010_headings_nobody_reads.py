"""Whoever sends in a file is told which of its columns were not read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0009_found_by_age")]

    operations = [
        migrations.AddField(model_name="import", name="unread", field=models.JSONField(default=list)),
    ]
