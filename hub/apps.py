"""The kernel and the front door."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class HubConfig(AppConfig):
    name = "hub"
    verbose_name = "Hub"

    def ready(self):
        from hub import checks  # noqa: F401  registers them

        autodiscover_modules("emails")  # where each app says which mails are asked again before they go
