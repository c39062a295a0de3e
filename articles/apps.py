"""The library."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def load_content(using, **_kwargs):
    """What is new in content/ is loaded whenever the tables have been brought up to date."""
    from articles import library

    if using == "default":
        library.load()


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Library")

    def ready(self):
        post_migrate.connect(load_content, sender=self)
