"""Goals and notes ask again who reads them; people may turn that off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_own_cases")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="asks_again",
            field=models.BooleanField(default=True, verbose_name="ask again before private pages"),
        ),
    ]
