"""The goals we suggest, and their editions. What was published stays as it is: the database refuses a change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hub.editions import guard


def somebody():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def number():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("goals", "0001_initial"),
        ("hub", "0004_search"),  # loading what we suggest brings the index up to date
    ]

    operations = [
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", number()),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("file_digest", models.CharField(blank=True, max_length=64)),
                ("withdrawn", models.BooleanField(default=False, verbose_name="taken out")),
                ("taken_out_at", models.DateTimeField(blank=True, null=True)),
                ("taken_out_why", models.CharField(blank=True, max_length=300)),
                ("slug", models.SlugField(max_length=60, unique=True)),
            ],
            options={"verbose_name": "suggested goal", "ordering": ["slug"]},
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", number()),
                ("number", models.PositiveIntegerField()),
                ("words", models.JSONField()),
                (
                    "source",
                    models.CharField(
                        choices=[("file", "From the repository"), ("staff", "Written by staff")], max_length=5
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what changed")),
                ("made_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("put_aside_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                ("due_by", somebody()),
                ("made_by", somebody()),
                (
                    "suggestion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="goals.suggestion"
                    ),
                ),
            ],
            options={"ordering": ["suggestion", "-number"]},
        ),
        migrations.AddField(
            "suggestion",
            "current",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="goals.edition",
            ),
        ),
        migrations.AddConstraint(
            "edition",
            models.UniqueConstraint(fields=["suggestion", "number"], name="editions_of_a_suggestion_are_numbered"),
        ),
        migrations.AddConstraint(
            "edition",
            models.CheckConstraint(condition=models.Q(number__gte=1), name="editions_of_suggestions_begin_with_one"),
        ),
        guard("goals_edition", of="suggestion_id"),
    ]
