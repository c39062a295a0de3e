"""What somebody has seen and finished moves into the row of their taking: one row is read where there were sixty."""

from django.db import migrations, models


def gather(apps, schema_editor):
    Taking = apps.get_model("programmes", "Taking")
    for taking in Taking.objects.all():
        taking.seen = {f"{each.part}/{each.step}/{each.screen}": each.edition_id for each in taking.was_seen.all()}
        taking.parts_done = {each.part: each.edition_id for each in taking.were_done.all()}
        taking.save(update_fields=["seen", "parts_done"])


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_keep_editions")]

    operations = [
        migrations.AlterField(
            "seen", "taking", models.ForeignKey("programmes.Taking", models.CASCADE, related_name="was_seen")
        ),
        migrations.AlterField(
            "partdone", "taking", models.ForeignKey("programmes.Taking", models.CASCADE, related_name="were_done")
        ),
        migrations.AddField("taking", "seen", models.JSONField(default=dict)),
        migrations.AddField("taking", "parts_done", models.JSONField(default=dict)),
        migrations.RunPython(gather, migrations.RunPython.noop),
        migrations.DeleteModel("Seen"),
        migrations.DeleteModel("PartDone"),
    ]
