"""Private goals and check-ins, and the goals we suggest."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def load_content(using, **_kwargs):
    """What is new in content/ is loaded whenever the tables have been brought up to date."""
    from goals import suggestions

    if using == "default":
        suggestions.load()


class GoalsConfig(AppConfig):
    name = "goals"
    verbose_name = _("Goals")

    def ready(self):
        post_migrate.connect(load_content, sender=self)
