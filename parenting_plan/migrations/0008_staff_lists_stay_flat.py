"""Lists of staff cost no more among very many plans, events and closed reports."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parenting_plan", "0007_what_goes_when"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="planerased",
            index=models.Index(fields=["at", "plan"], name="erased_plans_by_time"),
        ),
        migrations.AddIndex(
            model_name="planerased",
            index=models.Index(fields=["why", "at", "plan"], name="erased_plans_by_cause"),
        ),
        migrations.AddIndex(
            model_name="planevent",
            index=models.Index(fields=["kind", "id"], name="events_of_a_kind"),
        ),
        migrations.AddIndex(
            model_name="safetyreport",
            index=models.Index(fields=["due_at", "id"], name="reports_by_time"),
        ),
        migrations.AddIndex(
            model_name="safetyreport",
            index=models.Index(fields=["state", "due_at", "id"], name="reports_by_state"),
        ),
    ]
