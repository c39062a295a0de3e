"""Staff among very many parents, and requests that are closed, are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_powers_are_watched"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="datarequest",
            index=models.Index(
                condition=models.Q(("state", "done")), fields=["due_on", "id"], name="requests_answered"
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("kind", "staff")), fields=["first_name"], name="people_who_work_here"
            ),
        ),
    ]
