"""People, as staff see them; and the door to the staff pages."""

from allauth.account import admin as _address_admin  # noqa: F401 - registered here, so that it can be taken away below
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.mfa import admin as _second_step_admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions import admin as _session_admin  # noqa: F401
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import User
from hub import audit
from hub.admin import NoGuessing

# Devices, addresses of devices and second steps are a person's own business.
for _model in (EmailAddress, Authenticator, UserSession):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


@admin.register(User)
class PersonAdmin(NoGuessing):
    list_display = ["email", "first_name", "kind", "is_active", "joined_at"]
    list_filter = ["kind", "is_active", "is_staff"]
    search_fields = ["email"]
    search_help_text = gettext_lazy("Search by email address")
    ordering = ["-joined_at"]
    list_per_page = 50
    filter_horizontal = ["groups"]
    fields = ["email", "first_name", "kind", "joined_at", "is_active", "is_staff", "is_superuser", "groups"]
    always_read_only = ["joined_at"]
    powers = ["is_staff", "is_superuser", "groups", "kind"]

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser hands out powers. An address is its owner's to change: it opens the account."""
        locked = list(self.always_read_only)
        if not request.user.is_superuser:
            locked += self.powers
        if obj is not None:
            locked += ["email", "first_name"]
        return locked

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, User.objects.normal_email(search_term))

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not (obj.is_superuser or obj.is_staff))

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            obj.email = User.objects.normal_email(obj.email)
            obj.set_unusable_password()  # they choose one themselves, by "I forgot my password"
        super().save_model(request, obj, form, change)
        if not change:
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if response.status_code == 200:
            audit.record(person=request.user, what="person", about=f"user:{object_id}")
        return response


def may_open_staff_pages(request) -> bool:
    """Staff, with a second step where settings ask for one."""
    person = request.user
    if not (person.is_authenticated and person.is_active and person.is_staff):
        return False
    return not settings.HUB_STAFF_SECOND_STEP or is_mfa_enabled(person)


@never_cache
def staff_door(request, extra_context=None):
    """The only way to the staff pages: the same sign-in as everybody's, with its limits and its second step."""
    wanted = get_next_redirect_url(request, REDIRECT_FIELD_NAME) or reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(wanted, reverse("account_login"))
    if not request.user.is_staff:
        raise PermissionDenied
    if not may_open_staff_pages(request):
        messages.info(request, _("Staff sign in with a second step. Add an app or a passkey first."))
        return redirect("mfa_index")
    return redirect(wanted)


admin.site.login = staff_door
admin.site.has_permission = may_open_staff_pages
admin.site.site_header = admin.site.site_title = gettext_lazy("Staff pages")
admin.site.index_title = gettext_lazy("What would you like to do?")
