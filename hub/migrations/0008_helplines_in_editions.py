"""Each helpline becomes a work with editions, as articles are. What people see today is the first edition of each."""

from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone
from django.utils.text import slugify

CHECKED_EVERY = timedelta(days=183)


def move(apps, schema_editor):
    helplines, editions = (apps.get_model("hub", name)._default_manager for name in ("Helpline", "Edition"))
    now, taken = timezone.now(), set()
    for line in helplines.order_by("pk"):
        slug = slugify(line.name)[:50] or "helpline"
        line.slug = slug if slug not in taken else f"{slug}-{line.pk}"
        taken.add(line.slug)
        words = {
            "title": line.name,
            "number": line.number,
            "hours": line.hours,
            "who_for": line.who_for,
            "link": line.link,
            "need": line.need,
            "order": min(max(line.order, 1), 999),
            "checked_on": line.checked_on.isoformat(),
            "check_again_on": (line.checked_on + CHECKED_EVERY).isoformat(),
        }
        line.current = editions.create(
            helpline=line,
            number=1,
            words={name: value for name, value in words.items() if value != ""},
            source="file",
            made_at=now,
            published_at=now,
        )
        line.withdrawn, line.taken_out_at = not line.shown, None if line.shown else now
        line.save()


def somebody():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("hub", "0007_find_access_records"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "helpline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="hub.helpline"
                    ),
                ),
            ],
            options={"ordering": ["helpline", "-number"]},
        ),
        migrations.AddConstraint(
            "edition",
            models.UniqueConstraint(fields=["helpline", "number"], name="editions_of_a_helpline_are_numbered"),
        ),
        migrations.AddConstraint(
            "edition",
            models.CheckConstraint(condition=models.Q(number__gte=1), name="editions_of_helplines_begin_with_one"),
        ),
        migrations.AddField("helpline", "slug", models.SlugField(db_index=False, default="", max_length=60)),
        migrations.AddField("helpline", "file_digest", models.CharField(blank=True, max_length=64)),
        migrations.AddField("helpline", "withdrawn", models.BooleanField(default=False, verbose_name="taken out")),
        migrations.AddField("helpline", "taken_out_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("helpline", "taken_out_why", models.CharField(blank=True, max_length=300)),
        migrations.AddField(
            "helpline",
            "current",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="hub.edition",
            ),
        ),
        migrations.RunPython(move),
    ]
