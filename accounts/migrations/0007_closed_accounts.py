"""Closed accounts that wait to be erased are found without looking at all the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_data_rights")]

    operations = [
        migrations.AddIndex(
            "user",
            models.Index(condition=~models.Q(closed_at=None), fields=["closed_at"], name="closed_accounts"),
        ),
    ]
