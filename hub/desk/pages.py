"""A staff page of ours inside Django's, behind the same door."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub import audit
from hub.tables import ReadOnly

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
READS = {"GET", "HEAD"}


class Desk(ReadOnly):
    """A list as Django draws it, and pages of our own behind it. Nothing is deleted, and nothing changed by Django.

    A page is drawn by the app's template in `<app>/staff/` where there is one, else by ours.
    """

    reads = ""  # the verb by which a page about one row is on record, where the row holds something of a person's
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def may(self, request: HttpRequest, *permissions: str) -> bool:
        """Whether they have all of these permissions of the app."""
        return request.user.has_perms([f"{self.opts.app_label}.{each}" for each in permissions])

    def named(self, name: str) -> str:
        """The full name of an address of the app's staff pages."""
        return f"admin:{self.opts.app_label}_{name}"

    def address(self, name: str, *where: Any) -> str:
        return reverse(self.named(name), args=where)

    def door(
        self, route: str, view: Callable[..., HttpResponse], name: str, *permissions: str, says_itself: bool = False
    ):
        """An address of ours. Whoever may not view this table, or lacks one of the permissions, is refused.

        Each page about one row is on record by `reads`, also when it answers a form, unless the view says so itself in
        words of its own. A page whose line cannot be written is not shown.
        """

        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_view_permission(request) or not self.may(request, *permissions):
                raise PermissionDenied
            answer = view(request, *args, **kwargs)
            is_read = "pk" in kwargs and answer.status_code != 302
            if self.reads and is_read and not says_itself:
                audit.record(person=request.user, what=self.reads, about=self.on_record_as(kwargs["pk"]))
            return answer

        name = self.named(name).removeprefix("admin:")
        return path(route, self.admin_site.admin_view(GET_OR_POST(asked)), name=name)

    def on_record_as(self, pk: Any) -> str:
        """What the row of this number is called on record."""
        return f"{self.opts.model_name}:{pk}"

    def page(
        self,
        request: HttpRequest,
        template: str,
        title: str,
        *,
        status: int = 200,
        is_front: bool = False,
        **context: Any,
    ) -> HttpResponse:
        """One of our pages inside the frame of Django’s. `is_front`: it stands in the place of the list itself."""
        crumbs = [(reverse("admin:index"), _("Home"))]
        if not is_front:
            crumbs.append((self.address(f"{self.opts.model_name}_changelist"), self.desk))
        return TemplateResponse(
            request,
            [f"{self.opts.app_label}/staff/{template}.html", f"hub/desk/{template}.html"],
            {
                **self.admin_site.each_context(request),
                "title": title,
                "subtitle": None,
                "is_popup": False,
                "opts": self.opts,
                "crumbs": [*crumbs, *context.pop("crumbs", [])],
                **context,
            },
            status=status,
        )

    @property
    def desk(self) -> str:
        """What the list is called."""
        return str(self.opts.verbose_name_plural).capitalize()

    def one(self, pk: Any, request: HttpRequest | None = None):
        """This row, or the page that there is none. With the request: as far as it is there for whoever asks."""
        text = str(pk)
        rows = self.get_queryset(request)  # type: ignore[arg-type]  # None asks for the house itself
        found = rows.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
        if found is None:
            raise Http404
        return found
