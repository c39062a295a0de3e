"""The list of outgoing mail costs staff no more among very many mails."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0013_access_records_of_one_transaction"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(fields=["due_at", "id"], name="mail_by_time"),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(fields=["kind", "due_at", "id"], name="mail_of_a_kind"),
        ),
    ]
