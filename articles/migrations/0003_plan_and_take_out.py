"""An edition may be published at a set time; an article may be taken out of view by staff, and is not put back by a file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hub.editions import guard


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("articles", "0002_keep_papers_and_counts"),
    ]

    operations = [
        migrations.AddField("article", "taken_out_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("article", "taken_out_why", models.CharField(blank=True, max_length=300)),
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
        guard("articles_edition", of="article_id"),
    ]
