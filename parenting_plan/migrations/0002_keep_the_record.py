from django.db import migrations

from parenting_plan import keeping


class Migration(migrations.Migration):
    dependencies = [("parenting_plan", "0001_initial")]

    operations = [migrations.RunPython(keeping.install, keeping.remove)]
