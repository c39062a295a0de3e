"""Articles and their editions. One that was published stays as it is: the database refuses a change of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hub.editions import guard


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('file_digest', models.CharField(blank=True, max_length=64)),
                ('withdrawn', models.BooleanField(default=False, verbose_name='taken out')),
                ('slug', models.SlugField(max_length=60, unique=True)),
            ],
            options={
                'verbose_name': 'article',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('words', models.JSONField()),
                ('source', models.CharField(choices=[('file', 'From the repository'), ('staff', 'Written by staff')], max_length=5)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='what changed')),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('put_aside_at', models.DateTimeField(blank=True, null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='articles.article')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['article', '-number'],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='current',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.edition'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('article', 'number'), name='editions_of_an_article_are_numbered'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='editions_of_articles_begin_with_one'),
        ),
        guard('articles_edition', of='article_id'),
    ]
