"""The person: signing up, signing in, what they are called; and the roles of staff."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def make_groups(sender, using, **_kwargs):
    """The groups of staff follow the table of roles whenever the tables have been brought up to date.

    The last app to be told comes after every permission was made.
    """
    from accounts import roles

    if sender == [config for config in apps.get_app_configs() if config.models_module][-1]:
        roles.sync(using)


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self):
        import accounts.rights.emails  # noqa: F401
        from accounts import private
        from accounts.staff import emails, powers, signins  # noqa: F401  they listen from here on

        post_migrate.connect(make_groups)
        private.listen()
