"""The two-parent record."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParentingPlanConfig(AppConfig):
    name = "parenting_plan"
    verbose_name = _("Parenting plans")

    def ready(self):
        from accounts.signals import renamed
        from parenting_plan import drawing, keeping  # noqa: F401  the latter names what is kept

        renamed.connect(drawing.draw_with_new_name)
