"""The kernel and the front door."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


def index_for_search(using, **_kwargs):
    """What can be found now is indexed whenever the tables have been brought up to date; a load adds what it brings."""
    from hub import search

    if using == "default":
        search.refresh()


class HubConfig(AppConfig):
    name = "hub"
    verbose_name = "Hub"

    def ready(self):
        from hub import checks, kernel_retention  # noqa: F401  registers them

        autodiscover_modules("emails")  # where each app says which mails are asked again before they go
        autodiscover_modules("searching")  # where each app says what can be found
        autodiscover_modules("figures")  # where each app says what is counted
        autodiscover_modules("at_desk")  # where each app says what waits for staff
        autodiscover_modules("measuring")  # where each app says what is counted of it
        autodiscover_modules("retention")  # where each app says what goes when its time is over
        autodiscover_modules("own_data")  # where each app says what it holds about somebody
        post_migrate.connect(index_for_search, sender=self)
