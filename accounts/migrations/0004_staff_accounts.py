"""Invited staff accounts, and a way to end every session of a person at once."""

import django.db.models.deletion
import hub.codes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_ask_again_before_private_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffMember',
            fields=[
            ],
            options={
                'verbose_name': 'member of staff',
                'verbose_name_plural': 'staff',
                'permissions': [('manage_staff', 'Can invite, change and stop staff accounts')],
                'proxy': True,
                'default_permissions': ('view',),
                'indexes': [],
                'constraints': [],
            },
            bases=('accounts.user',),
        ),
        migrations.AddField(
            model_name='user',
            name='session_round',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name='StaffInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('roles', models.JSONField(default=list)),
                ('reason', models.CharField(max_length=300)),
                ('salt', models.BinaryField(default=hub.codes.new_salt)),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('', 'Not answered'), ('accepted', 'Accepted'), ('replaced', 'A newer invitation took its place'), ('called_off', 'Called off')], default='', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('email',), name='one_open_invitation_for_an_address')],
            },
        ),
    ]
