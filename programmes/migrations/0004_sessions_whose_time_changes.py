"""A session keeps how often its time or place was changed, and until when people may leave it because of that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_what_was_seen_in_one_row")]

    operations = [
        migrations.AddField("workshop", "changes", models.PositiveSmallIntegerField(default=0, editable=False)),
        migrations.AddField("workshop", "changed_at", models.DateTimeField(null=True, blank=True, editable=False)),
        migrations.AddField("workshop", "free_until", models.DateTimeField(null=True, blank=True, editable=False)),
    ]
