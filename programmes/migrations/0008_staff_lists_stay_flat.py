"""Lists of staff, however they are narrowed, cost the same for a thousand and for a hundred thousand rows."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0007_referrals_from_a_file'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="referral", name="learning_that_is_due"),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["learning_due_on", "id"],
                condition=models.Q(learned_at=None, ended_at=None),
                name="learning_that_is_due",
            ),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['-made_at', '-id'], name='enrolments_newest_first'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['-made_at', '-id'], name='enrolments_that_are_open'),
        ),
        migrations.AddIndex(
            model_name='return',
            index=models.Index(fields=['-made_at', '-id'], name='returns_newest_first'),
        ),
        migrations.AddIndex(
            model_name='workshop',
            index=models.Index(fields=['way', '-starts_at', 'id'], name='workshops_of_a_way'),
        ),
        migrations.AddIndex(
            model_name='workshop',
            index=models.Index(fields=['when', '-starts_at', 'id'], name='workshops_of_a_time_of_day'),
        ),
        migrations.AddIndex(
            model_name='workshop',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', False)), fields=['-starts_at', 'id'], name='workshops_called_off'),
        ),
    ]
