"""One page for operators inside the staff pages: how each part of the hub is, and what to do."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import operations
from hub.desk.retaining import Retaining
from hub.models import Pulse


@admin.register(Pulse)
class PulseAdmin(Retaining):
    """There is nothing to change here, and no row to open: only the page."""

    what_for = gettext_lazy("Whether every part of the hub does its work, and what to do when one does not.")

    def get_urls(self):
        return [self.door("", self.changelist_view, "pulse_changelist"), self.retention_door()]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        parts = operations.look()
        return self.page(
            request,
            "how_it_is",
            _("How the hub is"),
            is_front=True,
            parts=parts,
            to_do=sum(not part.is_well for part in parts),
        )
