"""Cases of one's own, as they were written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_staff_accounts")]

    operations = [
        migrations.AddField("conflict", "written", models.CharField(default="", max_length=40)),
    ]
