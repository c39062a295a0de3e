"""Lists and reminders cost the same for a thousand people and for a hundred thousand (tests/programmes/test_flat.py)."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_sessions_whose_time_changes")]

    operations = [
        migrations.AddIndex("referral", models.Index(fields=["-made_at", "-id"], name="referrals_newest_first")),
        migrations.AddIndex(
            "booking", models.Index(fields=["workshop"], condition=Q(state="waiting"), name="turns_in_a_line")
        ),
    ]
