"""Cases and referrals whose time is over are found without looking at all the others."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0008_staff_lists_stay_flat"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["made_at"], name="cases_by_age"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("ended_at", None), _negated=True), fields=["ended_at"], name="referrals_that_ended"
            ),
        ),
    ]
