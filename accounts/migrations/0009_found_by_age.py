"""Whoever signed up and never came in is found without looking at all the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_copies_are_leased"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("closed_at", None), ("last_login", None)),
                fields=["joined_at"],
                name="people_who_never_came",
            ),
        ),
    ]
