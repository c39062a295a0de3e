from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

from hub.keeping import guard


def keep_for_seven_years(apps, schema_editor):
    apps.get_model("hub", "AccessRecord").objects.update(kept_until=F("at") + timedelta(days=7 * 365 + 2))


class Migration(migrations.Migration):
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("hub", "0004_search")]

    operations = [
        migrations.AlterModelOptions("accessrecord", {"ordering": ["-at", "-id"]}),
        migrations.AlterField(
            "accessrecord",
            "person",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField("accessrecord", "role", models.CharField(max_length=200)),
        migrations.AlterField("accessrecord", "about", models.CharField(db_index=True, max_length=120)),
        migrations.AddField("accessrecord", "kept_until", models.DateTimeField(null=True)),
        migrations.RunPython(keep_for_seven_years, migrations.RunPython.noop),
        migrations.AlterField("accessrecord", "kept_until", models.DateTimeField(db_index=True)),
        guard("hub_accessrecord", until="kept_until"),
    ]
