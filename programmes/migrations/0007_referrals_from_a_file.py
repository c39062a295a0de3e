"""Referrals from a file; and indexes by which staff find few among very many, by name, address, case and how far."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Replace


WORDS_OF_NAMES = (
    "CREATE INDEX words_of_names ON programmes_party USING gin (to_tsvector('simple'::regconfig, name))"
    " WITH (fastupdate = off)"  # else each search reads what is not in the index yet
)


def find_names(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WORDS_OF_NAMES)


def find_no_names(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS words_of_names")


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0006_plan_and_take_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('checked', 'Checked, not started'), ('started', 'Started'), ('done', 'Done'), ('stopped', 'Stopped, nothing was brought in'), ('called_off', 'Called off'), ('expired', 'Too old, rows deleted')], default='checked', max_length=10, verbose_name='state')),
                ('made_at', models.DateTimeField(verbose_name='sent in on')),
                ('kept_until', models.DateTimeField()),
                ('sha256', models.CharField(max_length=64)),
                ('rows_sent', models.PositiveIntegerField(verbose_name='rows')),
                ('rows_new', models.PositiveIntegerField(verbose_name='new referrals')),
                ('rows_there', models.PositiveIntegerField(verbose_name='here already')),
                ('rows_wrong', models.PositiveIntegerField(verbose_name='to mend')),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('why', models.CharField(blank=True, max_length=20)),
                ('line', models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'import of referrals',
                'verbose_name_plural': 'imports of referrals',
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('words', models.JSONField(default=dict)),
                ('verdict', models.CharField(choices=[('new', 'New referral'), ('there', 'Here already'), ('wrong', 'To mend')], max_length=5)),
                ('said', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['of', 'line'],
            },
        ),
        migrations.AlterModelOptions(
            name='referral',
            options={'ordering': ['-made_at'], 'permissions': [('import_referrals', 'May bring referrals in from a file')]},
        ),
        migrations.AlterField(
            model_name='party',
            name='email',
            field=models.EmailField(db_index=True, max_length=254, verbose_name='email address'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(Replace(Replace(Replace(models.F('reference'), models.Value('O'), models.Value('0')), models.Value('I'), models.Value('1')), models.Value('L'), models.Value('1')), name='cases_as_compared'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['programme', '-made_at', '-id'], name='referrals_to_a_programme'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('ended_at', None), ('joined_at', None)), fields=['-made_at', '-id'], name='referrals_not_joined'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('attended_at', None), ('ended_at', None), ('learned_at__isnull', False)), fields=['-made_at', '-id'], name='referrals_to_a_workshop'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('attended_at__isnull', False), ('ended_at', None), ('learned_at', None)), fields=['-made_at', '-id'], name='referrals_to_e_learning'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('outcome', 'withdrawn')), fields=['-made_at', '-id'], name='referrals_withdrawn'),
        ),
        migrations.AddField(
            model_name='import',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='importrow',
            name='of',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='programmes.import'),
        ),
        migrations.AddField(
            model_name='importrow',
            name='referral',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='programmes.referral'),
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(condition=models.Q(('state', 'started')), fields=['made_at'], name='imports_that_are_due'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(fields=['of', 'verdict', 'line'], name='rows_of_an_import'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('of', 'line'), name='a_line_is_read_once'),
        ),
        migrations.RunPython(find_names, find_no_names),
    ]
