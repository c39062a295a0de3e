"""Mail that did not arrive: what was given up and why, tried again or put aside, one or many at a time.

The reader, the link and the facts are left out: nobody needs them to look after a mail.
"""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hub import audit, clock, mail, text
from hub.desk.pages import Desk
from hub.models import OutgoingMail
from hub.paging import OfKind

STUCK = (OutgoingMail.State.DEAD, OutgoingMail.State.REFUSED)
MOST = 1_000  # at a time
AGAIN, ASIDE = "again", "aside"
ACTS = {AGAIN: "try mail again", ASIDE: "put mail aside"}


@admin.register(OutgoingMail)
class OutgoingMailAdmin(Desk):
    what_for = gettext_lazy("Mail that waits, left or was given up: by its kind, never to whom or what it says.")
    list_display = ["kind", "state", "tries", "last_fault", "due_at", "sent_at"]
    list_filter = ["state", OfKind]
    fields = ["id", "kind", "state", "tries", "last_fault", "created_at", "due_at", "leased_until", "sent_at"]
    ordering = ["-due_at"]
    actions = ["try_again", "put_aside"]  # type: ignore[assignment]  # a Desk has none

    def heading_of(self, row) -> str:
        return _("Mail: %(kind)s") % {"kind": row.kind}

    def get_urls(self):
        return [self.door("look/", self.look, "outgoingmail_look", "change_outgoingmail"), *super().get_urls()]

    def has_look_after_permission(self, request):
        return self.may(request, "change_outgoingmail")

    @admin.action(permissions=["look_after"], description=gettext_lazy("Try again what was given up or refused"))
    def try_again(self, request, queryset):
        return self.ask(request, AGAIN, self.stuck(queryset))

    @admin.action(permissions=["look_after"], description=gettext_lazy("Put aside for good, with a reason"))
    def put_aside(self, request, queryset):
        return self.ask(request, ASIDE, self.stuck(queryset))

    @staticmethod
    def stuck(queryset) -> list[str]:
        return [
            str(pk) for pk in queryset.filter(state__in=STUCK).order_by("due_at").values_list("pk", flat=True)[:MOST]
        ]

    def ask(self, request: HttpRequest, do: str, names: list[str], wrong: str = "", why: str = "") -> HttpResponse:
        """One more look before anything is done."""
        rows = OutgoingMail.objects.filter(pk__in=names[:20]).order_by("due_at")
        title = _("Try these mails again?") if do == AGAIN else _("Put these mails aside for good?")
        more: dict[str, Any] = {
            "do": do,
            "names": ",".join(names),
            "count": len(names),
            "rows": rows,
            "wrong": wrong,
            "why": why,
        }
        return self.page(request, "mail_look", title, status=422 if wrong else 200, most=MOST, **more)

    def look(self, request: HttpRequest) -> HttpResponse:
        """Does what was asked about, to those that are still given up or refused, and puts each on record."""
        do = request.POST.get("do", "")
        if request.method != "POST" or do not in ACTS:
            return redirect(self.address("outgoingmail_changelist"))
        names = [name for name in request.POST.get("names", "").split(",") if _is_name(name)][:MOST]
        why = text.clean(request.POST.get("why", ""), one_line=True).strip()
        if do == ASIDE and not 0 < len(why) <= 500:
            return self.ask(request, do, names, _("Say in one line why, in at most 500 letters."), why)
        with transaction.atomic():
            held = OutgoingMail.objects.select_for_update().filter(pk__in=names, state__in=STUCK)
            found = [row.pk for row in held]
            rows = OutgoingMail.objects.filter(pk__in=found)
            if do == AGAIN:
                rows.update(state=OutgoingMail.State.WAITING, tries=0, due_at=clock.now(), leased_until=None)
                mail.ring()
            else:
                rows.update(state=OutgoingMail.State.SETTLED, facts={})
            for pk in found:
                audit.record(person=request.user, what=ACTS[do], about=f"mail:{pk}", reason=why)
        if do == AGAIN:
            said = ngettext("%(n)d mail will be tried again.", "%(n)d mails will be tried again.", len(found))
        else:
            said = ngettext("%(n)d mail was put aside.", "%(n)d mails were put aside.", len(found))
        messages.add_message(request, messages.SUCCESS if found else messages.WARNING, said % {"n": len(found)})
        return redirect(self.address("outgoingmail_changelist"))


def _is_name(given: str) -> bool:
    try:
        return bool(UUID(given))
    except ValueError:
        return False
