"""The kernel's tables as staff see them: state and times, never a parent's words or address."""

from datetime import timedelta

from django.contrib import admin, messages
from django.db.models import URLField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hub import audit, clock, mail
from hub.models import Helpline, OutgoingMail

CHECKED_EVERY = timedelta(days=183)


class NoGuessing(admin.ModelAdmin):
    """Staff filter by what the list offers, and by nothing else.

    Django lets an address ask for any column (`?to__startswith=b`): letter by letter, hidden words could be found out.
    """

    def lookup_allowed(self, lookup, value, request=None):
        offered = [self.date_hierarchy] if self.date_hierarchy else []
        for item in self.list_filter:
            offered.append(getattr(item, "parameter_name", None) or (item if isinstance(item, str) else item[0]))
        return any(lookup == name or lookup.startswith(f"{name}__") for name in offered)


class ReadOnly(NoGuessing):
    """A table that staff may look at and nobody may change here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly):
    """How the outbox does. The reader, the link and the facts are left out: a state needs none of them."""

    list_display = ["kind", "state", "tries", "last_fault", "due_at", "sent_at"]
    list_filter = ["state", "kind"]
    fields = ["id", "kind", "state", "tries", "last_fault", "created_at", "due_at", "leased_until", "sent_at"]
    ordering = ["-created_at"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["try_again"]

    def has_try_again_permission(self, request):
        return request.user.has_perm("hub.change_outgoingmail")

    @admin.action(permissions=["try_again"], description=gettext_lazy("Try dead or refused mail again"))
    def try_again(self, request, queryset):
        stuck = queryset.filter(state__in=[OutgoingMail.State.DEAD, OutgoingMail.State.REFUSED])
        names = [str(name) for name in stuck.values_list("pk", flat=True)]
        count = stuck.update(state=OutgoingMail.State.WAITING, tries=0, due_at=clock.now(), leased_until=None)
        for name in names:
            audit.record(person=request.user, what="try mail again", about=f"mail:{name}")
        mail.ring()
        said = ngettext("%(count)d mail will be tried again.", "%(count)d mails will be tried again.", count)
        self.message_user(request, said % {"count": count}, messages.SUCCESS if count else messages.WARNING)


class DueForChecking(admin.SimpleListFilter):
    title = gettext_lazy("checking")
    parameter_name = "checking"

    def lookups(self, request, model_admin):
        return [("due", _("Due for checking")), ("done", _("Checked in the last six months"))]

    def queryset(self, request, queryset):
        last = timezone.localdate() - CHECKED_EVERY
        if self.value() == "due":
            return queryset.filter(checked_on__lt=last)
        if self.value() == "done":
            return queryset.filter(checked_on__gte=last)
        return queryset


@admin.register(Helpline)
class HelplineAdmin(NoGuessing):
    """Where people can turn. Ring each number twice a year and set the date."""

    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_display = ["name", "number", "need", "checked_on", "shown"]
    list_filter = [DueForChecking, "need", "shown"]
    search_fields = ["name", "number"]


from hub import auditing  # noqa: E402, F401  registers the auditors' view, which is made of what stands above
