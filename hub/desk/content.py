"""The content desk whole. An app makes one for its works: their list, shape and preview."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from hub.desk.showing import Showing
from hub.http import page


class ContentDesk(Showing):
    """Staff with `view` look, those with `add_edition` write. Those who may change the works publish, now or later, and
    take out of view.
    """

    def get_urls(self):
        writes, publishes = "add_edition", self.may_publish
        return [
            self.door("<int:pk>/write/", self.begin, "edition_begin", writes),
            self.door("edition/<int:pk>/", self.show, "edition"),
            self.door("edition/<int:pk>/piece/", self.piece, "edition_piece", writes),
            self.door("edition/<int:pk>/arrange/", self.arrange, "edition_arrange", writes),
            self.door("edition/<int:pk>/delete/", self.throw_away, "edition_throw_away", writes),
            self.door("edition/<int:pk>/compare/", self.compare, "edition_compare"),
            self.door("edition/<int:pk>/publish/", self.publish, "edition_publish", publishes),
            self.door("edition/<int:pk>/later/", self.plan, "edition_plan", publishes),
            self.door("edition/<int:pk>/call-off/", self.call_off, "edition_call_off", publishes),
            self.door("<int:pk>/out/", self.take_out, f"{self.opts.model_name}_take_out", publishes),
            self.door("<int:pk>/back/", self.put_back, f"{self.opts.model_name}_put_back", publishes),
            self.door("edition/<int:pk>/leave/", self.leave, "edition_leave", publishes),
            self.door("edition/<int:pk>/preview/", self.preview, "edition_preview"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """This edition as people will see it. Nothing is kept. Only the app knows its pages: each desk has its own."""
        raise NotImplementedError

    def as_people_see_it(self, request: HttpRequest, template: str, edition, /, **context: Any) -> HttpResponse:
        """A page of the app with the banner of a preview (hub/desk/_banner.html) above it."""
        context |= {"previewed": edition, "desk_address": self.address("edition", edition.pk)}
        return page(request, f"{self.opts.app_label}/staff/{template}.html", context)
