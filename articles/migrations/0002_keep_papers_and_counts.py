"""What is kept beside an edition: its easy-read paper, and counts of what helped."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='EasyPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('pages', models.PositiveSmallIntegerField()),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='easy_paper', to='articles.edition')),
            ],
            options={
                'verbose_name': 'easy-read paper',
            },
        ),
        migrations.CreateModel(
            name='Helped',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('yes', models.BooleanField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='helped', to='articles.edition')),
            ],
            options={
                'verbose_name': 'answers to “Was this helpful?”',
                'constraints': [models.UniqueConstraint(fields=('edition', 'month', 'yes'), name='one_count_for_edition_month_and_answer')],
            },
        ),
    ]
