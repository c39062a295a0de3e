"""A copy that a worker makes is not made by another meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_closed_accounts")]

    operations = [migrations.AddField("datacopy", "leased_until", models.DateTimeField(null=True))]
