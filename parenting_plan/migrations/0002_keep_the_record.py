from django.db import migrations

from hub.keeping import guard


class Migration(migrations.Migration):
    dependencies = [("parenting_plan", "0001_initial")]

    operations = [
        guard("parenting_plan_planevent"),
        guard("parenting_plan_planeventbody"),
        guard(
            "parenting_plan_proposal",
            columns=(
                "id",
                "clause_id",
                "number",
                "by_id",
                "value",
                "note",
                "asked",
                "asked_version",
                "digest",
                "committed_at",
            ),
        ),
    ]
