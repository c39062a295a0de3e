"""An edition may be published at a set time; a chapter may be taken out of view by staff, and is not put back by a file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hub.editions import guard


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("programmes", "0005_finders_stay_flat"),
    ]

    operations = [
        migrations.AddField("chapter", "taken_out_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("chapter", "taken_out_why", models.CharField(blank=True, max_length=300)),
        migrations.AddField("edition", "due_at", models.DateTimeField(blank=True, db_index=True, null=True)),
        migrations.AddField(
            "edition",
            "due_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        guard("programmes_edition", of="chapter_id"),
    ]
