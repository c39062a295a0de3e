"""The two-parent record."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParentingPlanConfig(AppConfig):
    name = "parenting_plan"
    verbose_name = _("Parenting plans")

    def ready(self):
        from parenting_plan import checks  # noqa: F401  registers them
