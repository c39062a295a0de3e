"""The page "Staff": who works here with which roles, who is invited, and what may be changed about it."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Conflict, StaffInvitation, StaffMember
from accounts.staff import actions
from accounts.staff.forms import Invite, Reason, Roles
from hub import audit
from hub.desk.pages import Desk
from hub.models import AccessRecord
from hub.words import day

MANAGES = "manage_staff"
ACTS = {
    "accept staff invitation": gettext_lazy("Came in by an invitation"),
    "change roles": gettext_lazy("Roles changed"),
    "stop staff account": gettext_lazy("Account stopped"),
    "end unused staff account": gettext_lazy("Account stopped: nobody had used it"),
    "take second step away": gettext_lazy("Second step taken away"),
    audit.BEHIND: gettext_lazy("Powers changed outside these pages"),
}
REFUSALS = {
    actions.NotAWorkAddress: gettext_lazy(
        "This address cannot be used for a staff account. Use their work address, one they have no other account with."
    ),
    actions.WorksAlready: gettext_lazy("This person has a staff account already. You find them in the list."),
    actions.OwnAccount: gettext_lazy("Nobody changes or stops their own account. Ask somebody else who may."),
    actions.LastOne: gettext_lazy(
        "Then nobody could look after staff accounts any more. Give somebody else that role first."
    ),
    actions.NothingNew: gettext_lazy("It is so already."),
    actions.ChangedMeanwhile: gettext_lazy("A colleague has changed their roles since you looked. Look again."),
    actions.InvitationGone: gettext_lazy("This invitation has been answered or called off meanwhile."),
}


def in_plain_words(refused: actions.Refused) -> str:
    """What stands in the way."""
    return str(REFUSALS.get(type(refused), _("This cannot be done as things stand. Look again, then try once more.")))


def unused_and_warned():
    """Those whose account is stopped within a week unless they sign in. They have been written to."""
    stopped_before = timezone.now() - timedelta(days=settings.HUB_STAFF_UNUSED_DAYS)
    return actions.unused_since(stopped_before + actions.WARNED_BEFORE)


class InUse(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("use", _("In use")),
            ("stopped", _("Stopped")),
            ("step", _("In use without a second step")),
            ("unused", _("Nobody uses it: stopped within a week")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "use":
                return queryset.filter(is_active=True)
            case "stopped":
                return queryset.filter(is_active=False)
            case "step":
                return queryset.filter(is_active=True, has_second_step=False)
            case "unused":
                return queryset.filter(pk__in=unused_and_warned().values("pk"))
        return queryset


class WithRole(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [(role.slug, role.title) for role in roles.ROLES]

    def queryset(self, request, queryset):
        role = roles.by_slug().get(self.value() or "")
        return queryset.filter(groups__name=role.title) if role else queryset


@admin.register(StaffMember)
class StaffMemberAdmin(Desk):
    what_for = gettext_lazy("Who works here with which roles, and who is invited.")
    lists, reads = "list staff", "read staff member"
    list_display = ["first_name", "email", "held_roles", "second_step", "last_used", "state"]
    list_filter = [InUse, WithRole]
    search_fields = ["first_name", "email"]
    search_help_text = gettext_lazy("Search by name or work address")
    ordering = ["-is_active", "first_name", "pk"]
    change_list_template = "accounts/staff/change_list.html"

    def get_queryset(self, request):
        steps = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return super().get_queryset(request).annotate(has_second_step=Exists(steps)).prefetch_related("groups")

    def has_add_permission(self, request):
        return self.may(request, MANAGES)

    # ------------------------------------------------------------ the list

    @admin.display(description=gettext_lazy("roles"))
    def held_roles(self, member) -> str:
        return roles_of(member)

    @admin.display(description=gettext_lazy("second step"))
    def second_step(self, member) -> str:
        return _("Set up") if member.has_second_step else _("Not yet")

    @admin.display(description=gettext_lazy("last sign-in"), ordering="last_login")
    def last_used(self, member) -> str:
        return day(member.last_login) if member.last_login else _("Never")

    @admin.display(description=gettext_lazy("state"), ordering="is_active")
    def state(self, member) -> str:
        return _("In use") if member.is_active else _("Stopped")

    def changelist_view(self, request, extra_context=None):
        """The list, and below it who is invited and has not answered."""
        rows = StaffInvitation.objects.filter(outcome="").annotate(is_over=Q(expires_at__lte=Now()))
        invited = [
            {"it": row, "roles": titles(row.roles), "is_over": row.is_over} for row in rows.select_related("by")[:100]
        ]
        more = {"invited": invited, "may_manage": self.may(request, MANAGES)}
        return super().changelist_view(request, (extra_context or {}) | more)

    def on_record_as(self, pk) -> str:
        return f"user:{pk}"

    def get_urls(self):
        return [
            self.door("<int:pk>/roles/", self.change_roles, "staffmember_roles", MANAGES),
            self.door("<int:pk>/stop/", self.stop, "staffmember_stop", MANAGES),
            self.door("<int:pk>/second-step/", self.second_step_away, "staffmember_second_step", MANAGES),
            self.door("<int:pk>/start-again/", self.start_again, "staffmember_start_again", MANAGES),
            self.door(
                "invitation/<int:pk>/call-off/", self.call_off, "staffmember_call_off", MANAGES, says_itself=True
            ),
            self.door(
                "invitation/<int:pk>/send-again/", self.send_again, "staffmember_send_again", MANAGES, says_itself=True
            ),
            *super().get_urls(),
        ]

    # ------------------------------------------------------------ inviting

    def add_view(self, request, form_url="", extra_context=None):
        """Invite somebody to work here."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # which refuses
        form = Invite(request.POST if request.method == "POST" else None)
        return self._invite(request, form, self.address("staffmember_changelist"))

    def start_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A member who was stopped comes back by a new invitation, with the roles chosen anew."""
        member = self.one(pk)
        if member.is_active:
            return self._back(member)
        form = Roles(request.POST if request.method == "POST" else None)
        back = self.address("staffmember_change", pk)
        return self._invite(request, form, back, email=member.email, crumbs=self._crumbs(member))

    def _invite(self, request: HttpRequest, form: Roles, back: str, email: str = "", **more: Any) -> HttpResponse:
        trouble = ""
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            try:
                address = email or told["email"]
                actions.invite(email=address, role_slugs=told["roles"], reason=told["reason"], by=request.user)
            except actions.Refused as refused:
                trouble = in_plain_words(refused)
            else:
                messages.success(request, _("The invitation is on its way. The link works once, for seven days."))
                return redirect(self.address("staffmember_changelist"))
        return self.page(
            request,
            "roles",
            _("Invite %(address)s again") % {"address": email} if email else _("Invite somebody to work here"),
            form=form,
            trouble=trouble,
            button=_("Send the invitation"),
            back=back,
            status=422 if trouble or form.errors else 200,
            **more,
        )

    def _invitation(self, pk: int) -> StaffInvitation:
        found = StaffInvitation.objects.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def call_off(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = self._invitation(pk)
        if request.method == "POST":
            return self._said(
                request,
                lambda: actions.call_off(invitation, by=request.user),
                _("The invitation is called off."),
                self.address("staffmember_changelist"),
            )
        return self.page(
            request,
            "check",
            _("Call this invitation off?"),
            say=[_("The link sent to %(address)s stops working.") % {"address": invitation.email}],
            button=_("Call it off"),
            back=self.address("staffmember_changelist"),
            hidden={},
        )

    def send_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = self._invitation(pk)
        if request.method == "POST":
            return self._said(
                request,
                lambda: actions.send_again(invitation, by=request.user),
                _("A new link is on its way. The one before does not work any more."),
                self.address("staffmember_changelist"),
            )
        told = {"address": invitation.email, "roles": titles(invitation.roles)}
        return self.page(
            request,
            "check",
            _("Send a new link?"),
            say=[
                _("A new link goes to %(address)s, for the same roles: %(roles)s.") % told,
                _("It works once, for seven days. The link before stops working."),
            ],
            button=_("Send a new link"),
            back=self.address("staffmember_changelist"),
            hidden={},
        )

    # ------------------------------------------------------------ one member

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One member: roles, state, own cases, and every change with who, when and why."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        member = self.one(object_id)
        audit.record(person=request.user, what=self.reads, about=self.on_record_as(member.pk))
        may_change = self.may(request, MANAGES) and member.pk != request.user.pk
        return self.page(
            request,
            "member",
            member.first_name,
            member=member,
            roles=[(name, roles.by_title().get(name)) for name in sorted(group.name for group in member.groups.all())],
            state=self.state(member),
            last_used=self.last_used(member),
            is_own=member.pk == request.user.pk,
            may_change=may_change and member.is_active,
            may_start_again=may_change and not member.is_active,
            own_cases=self._own_cases(request, member),
            history=history(member),
        )

    def _own_cases(self, request: HttpRequest, member: StaffMember) -> list[Conflict]:
        if not self.may(request, "view_conflict"):
            return []
        return list(Conflict.objects.filter(person=member, taken_back_at=None))

    def _crumbs(self, member: StaffMember) -> list[tuple[str, str]]:
        return [(self.address("staffmember_change", member.pk), member.first_name)]

    def _back(self, member: StaffMember) -> HttpResponse:
        return redirect(self.address("staffmember_change", member.pk))

    def change_roles(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose, look at what is given and taken, and say yes."""
        member = self.one(pk)
        now = [role.slug for role in roles.ROLES if role.title in {group.name for group in member.groups.all()}]
        form = Roles(request.POST if request.method == "POST" else None, initial={"roles": now})
        trouble = ""
        if request.method == "POST" and form.is_valid() and "look" not in request.POST:
            chosen, reason = form.cleaned_data["roles"], form.cleaned_data["reason"]
            given, taken = [s for s in chosen if s not in now], [s for s in now if s not in chosen]
            if "confirmed" in request.POST:
                seen = request.POST.getlist("seen")
                return self._said(
                    request,
                    lambda: actions.change_roles(member, role_slugs=chosen, by=request.user, reason=reason, seen=seen),
                    _("The roles are changed."),
                    self.address("staffmember_change", pk),
                )
            if given or taken:
                return self._look_at_roles(request, member, form, given, taken, now)
            trouble = _("These are the roles they have. Choose others, or go back.")
        return self.page(
            request,
            "roles",
            _("Change the roles of %(name)s") % {"name": member.first_name},
            crumbs=self._crumbs(member),
            form=form,
            trouble=trouble,
            button=_("Carry on"),
            back=self.address("staffmember_change", pk),
            status=422 if trouble or form.errors else 200,
        )

    def _look_at_roles(
        self, request: HttpRequest, member: StaffMember, form: Roles, given: list[str], taken: list[str], now: list[str]
    ) -> HttpResponse:
        table = roles.by_slug()
        return self.page(
            request,
            "roles_check",
            _("Change the roles of %(name)s?") % {"name": member.first_name},
            crumbs=self._crumbs(member),
            form=form,
            given=[table[slug] for slug in given],
            taken=[table[slug] for slug in taken],
            seen=now,
            back=self.address("staffmember_change", member.pk),
        )

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        member = self.one(pk)
        return self._with_reason(
            request,
            member,
            _("Stop the account of %(name)s?") % {"name": member.first_name},
            [
                _("They are signed out everywhere at once, and their password stops working."),
                _("Invitations they sent are called off. They can come back by a new invitation."),
            ],
            _("Stop this account"),
            lambda reason: actions.stop(member, by=request.user, reason=reason),
            _("The account is stopped."),
        )

    def second_step_away(self, request: HttpRequest, pk: int) -> HttpResponse:
        member = self.one(pk)
        return self._with_reason(
            request,
            member,
            _("Take the second step of %(name)s away?") % {"name": member.first_name},
            [
                _("Do this when their phone or device is lost. Speak to them first, in a way you know is theirs."),
                _("They are signed out everywhere and told by email. No staff page opens until they have a new one."),
            ],
            _("Take it away"),
            lambda reason: actions.take_second_step_away(member, by=request.user, reason=reason),
            _("The second step is taken away, and they are told by email."),
        )

    def _with_reason(
        self, request: HttpRequest, member: StaffMember, title: str, say: list[str], button: str, act, done: str
    ) -> HttpResponse:
        form: Form = Reason(request.POST if request.method == "POST" else None)
        back = self.address("staffmember_change", member.pk)
        if request.method == "POST" and form.is_valid():
            return self._said(request, lambda: act(form.cleaned_data["reason"]), done, back)
        return self.page(
            request,
            "check_form",
            title,
            crumbs=self._crumbs(member),
            say=say,
            form=form,
            button=button,
            back=back,
            status=422 if form.errors else 200,
        )

    def _said(self, request: HttpRequest, act, done: str, back: str) -> HttpResponse:
        """Do it, and say how it went."""
        try:
            act()
        except actions.Refused as refused:
            messages.error(request, in_plain_words(refused))
        else:
            messages.success(request, done)
        return redirect(back)


def titles(slugs: list[str]) -> str:
    table = roles.by_slug()
    return ", ".join(table[slug].title for slug in slugs if slug in table)


def roles_of(member: StaffMember) -> str:
    """Their roles; and, where somebody at the server gave more, that too."""
    names = sorted(group.name for group in member.groups.all())
    return ", ".join([*names, *([_("Everything (given at the server)")] if member.is_superuser else [])]) or _("None")


def history(member: StaffMember) -> list[dict[str, Any]]:
    """What was changed about this account, newest first."""
    rows = AccessRecord.objects.filter(about=f"user:{member.pk}", what__in=ACTS).select_related("person")[:50]
    return [{"at": row.at, "what": ACTS[row.what], "by": row.person, "reason": row.reason} for row in rows]
