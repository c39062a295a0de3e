"""What waits for staff in the kernel: content to check, mail that was given up, helplines to ring."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.desk.content import ContentDesk
from hub.desk.holding import waiting_for
from hub.desk.listing import due, late
from hub.desk.today import Task, tells
from hub.models import OutgoingMail


@tells()
def content(request: HttpRequest) -> Iterable[Task]:
    """Each content desk they may open. Three queries for each."""
    for desk in admin.site._registry.values():
        if isinstance(desk, ContentDesk) and desk.has_view_permission(request):
            works, name = desk.get_queryset(request), desk.desk
            address = desk.address(f"{desk.opts.model_name}_changelist")
            for rows, asked, said in (
                (due(works), "checking=due", _("%(desk)s: due for checking")),
                (works.filter(waits=True), "brought=waits", _("%(desk)s: new words from the repository to look at")),
                (late(works), "view=late", _("%(desk)s: not published at the time that was set")),
            ):
                yield Task(rows.count(), said % {"desk": name}, f"{address}?{asked}")


@tells("hub.change_outgoingmail")
def dead_mail(request: HttpRequest) -> Iterable[Task]:
    count = OutgoingMail.objects.filter(state=OutgoingMail.State.DEAD).count()
    said = ngettext("mail that was given up", "mails that were given up", count)
    yield Task(count, said, f"{reverse('admin:hub_outgoingmail_changelist')}?state__exact={OutgoingMail.State.DEAD}")


@tells("hub.manage_legalhold")
def holds_to_look_at(request: HttpRequest) -> Iterable[Task]:
    """Only those that they did not begin themselves."""
    count = waiting_for(request.user).count()
    said = ngettext("legal hold that needs a second person", "legal holds that need a second person", count)
    yield Task(count, said, f"{reverse('admin:hub_legalhold_changelist')}?state=you")
