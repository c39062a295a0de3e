"""The door to the staff pages. The pages about people and staff are in accounts.staff."""

from functools import wraps

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
from django.contrib.auth import admin as _group_admin  # noqa: F401
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.staff import members, own_cases, people, requests  # noqa: F401  they register their pages
from hub.http import given_back, own_words

# Devices, addresses of devices and second steps are a person's own business; what a role may do is accounts.roles'.
for _model in (EmailAddress, Authenticator, UserSession, Group):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


def may_open_staff_pages(request) -> bool:
    """Staff, with a second step where settings ask for one."""
    person = request.user
    if not (person.is_authenticated and person.is_active and person.is_staff):
        return False
    if not settings.HUB_STAFF_SECOND_STEP:
        return True
    if not hasattr(request, "has_second_step"):  # Django asks several times for one page
        request.has_second_step = is_mfa_enabled(person)
    return request.has_second_step


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


def password_page(request, extra_context=None):
    """A password is changed where everybody changes theirs, with its limits; never on a page of Django's own."""
    return redirect("account_change_password")


def staff_page(view, cacheable=False):
    """Django's own door to a page; but whoever was signed out while they were writing gets their words back first."""
    asks = _door(view, cacheable)

    @wraps(asks)
    def wrapped(request, *args, **kwargs):
        if not request.user.is_authenticated and own_words(request):
            return given_back(request)
        return asks(request, *args, **kwargs)

    return wrapped


_door, admin.site.admin_view = admin.site.admin_view, staff_page


def staff_addresses():
    """Django's, but for two that tell of any row of any table by its number or a few letters, to whoever is through the
    door and without a line on record. No page of ours needs them.
    """
    return [each for each in _addresses() if getattr(each, "name", "") not in {"autocomplete", "view_on_site"}]


_addresses, admin.site.get_urls = admin.site.get_urls, staff_addresses
admin.site.login = staff_door
admin.site.password_change = admin.site.password_change_done = password_page
admin.site.enable_nav_sidebar = False
admin.site.has_permission = may_open_staff_pages
admin.site.site_header = admin.site.site_title = gettext_lazy("Staff pages")
admin.site.index_title = gettext_lazy("What would you like to do?")
