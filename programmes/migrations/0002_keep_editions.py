"""An edition that was published stays as it is: the database refuses a change of it, and its deletion."""

from django.db import migrations, models

from hub.editions import guard


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="put_aside_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        guard("programmes_edition", of="chapter_id"),
    ]
