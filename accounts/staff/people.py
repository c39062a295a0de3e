"""The page "People", for helpdesk: it shows nobody until a whole email address is searched, and then that one person.

A page opens only for whom this member of staff has just found: numbers in the address bar lead nowhere.
"""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.staff import actions, helping
from accounts.staff.forms import FindPerson, Reason
from hub import audit
from hub.desk.pages import Desk

FOUND = "people found"  # in the session: whom this member of staff found last
REMEMBERED = 5

# The name of each act in addresses: what is done, the question, what it means, the button, what is said afterwards.
ACTS = {
    "confirm": (
        helping.ask_to_confirm,
        gettext_lazy("Ask them to confirm their address?"),
        gettext_lazy("We write to their address. When they sign in, we send them a new code."),
        gettext_lazy("Send the mail"),
        gettext_lazy("The mail is on its way."),
    ),
    "password": (
        helping.send_password_link,
        gettext_lazy("Send a link to choose a new password?"),
        gettext_lazy("We write to their address. The link opens nothing by itself: they ask for a code there."),
        gettext_lazy("Send the link"),
        gettext_lazy("The link is on its way."),
    ),
    "sign-out": (
        helping.sign_out_everywhere,
        gettext_lazy("Sign them out everywhere?"),
        gettext_lazy("All their devices are signed out at once. They can sign in again."),
        gettext_lazy("Sign them out"),
        gettext_lazy("They are signed out everywhere."),
    ),
    "close": (
        helping.close,
        gettext_lazy("Close this account for now?"),
        gettext_lazy("They are signed out and cannot sign in. Nothing is deleted, and nobody else is told."),
        gettext_lazy("Close the account"),
        gettext_lazy("The account is closed for now."),
    ),
    "open": (
        helping.open_again,
        gettext_lazy("Open this account again?"),
        gettext_lazy("They can sign in again with the password they had."),
        gettext_lazy("Open the account"),
        gettext_lazy("The account is open again."),
    ),
}


@admin.register(User)
class PersonAdmin(Desk):
    """Nothing here is drawn by Django: no list, no filter, no form of a person."""

    what_for = gettext_lazy("Help somebody to sign in. You need their whole email address.")
    reads = "read person"
    list_display = ["pk"]

    def get_queryset(self, request):
        return helping.people()

    def changelist_view(self, request, extra_context=None):
        """One box. What is typed is sent, and never stands in an address."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)  # which refuses
        form, found = FindPerson(request.POST if request.method == "POST" else None), None
        if request.method == "POST" and form.is_valid():
            found = helping.find(form.cleaned_data["email"], by=request.user)
            if found is not None:
                earlier = [pk for pk in request.session.get(FOUND, []) if pk != found.pk]
                request.session[FOUND] = [found.pk, *earlier][:REMEMBERED]
        return self.page(
            request,
            "people",
            _("People"),
            is_front=True,
            form=form,
            trouble="",
            searched=request.method == "POST" and form.is_valid(),
            found=found,
            status=422 if form.errors else 200,
        )

    def get_urls(self):
        return [
            self.door("<int:pk>/do/<slug:act>/", self.act, "user_act", "change_user"),
            *super().get_urls(),
        ]

    def found(self, request: HttpRequest, pk) -> User:
        """Somebody whom this member of staff has found by their address; else as if there were nobody. Also when they
        have named a case of theirs since.
        """
        person = self.one(pk)
        if person.pk not in request.session.get(FOUND, []):
            raise Http404
        if helping.is_own(person, request.user):
            audit.record(person=request.user, what="refused own case", about=f"user:{person.pk}")
            raise Http404
        return person

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What helpdesk needs to help somebody in. No plan, no goal, no course, and not when they were here."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        person = self.found(request, object_id)
        audit.record(person=request.user, what="read person", about=f"user:{person.pk}")
        return self.page(
            request,
            "person",
            person.first_name,
            person=person,
            is_verified=helping.is_verified(person),
            has_second_step=is_mfa_enabled(person),
            may_help=self.may(request, "change_user"),
        )

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """One act on one person: a reason first, then it is done and written down."""
        person = self.found(request, pk)
        if act not in ACTS:
            raise Http404
        do, title, say, button, done = ACTS[act]
        form = Reason(request.POST if request.method == "POST" else None)
        back = self.address("user_change", pk)
        if request.method == "POST" and form.is_valid():
            try:
                do(person, by=request.user, reason=form.cleaned_data["reason"])
            except actions.NothingNew:
                messages.error(request, _("It is so already."))
            else:
                messages.success(request, done)
            return redirect(back)
        return self.page(
            request,
            "check_form",
            str(title),
            crumbs=[(back, person.first_name)],
            say=[say],
            form=form,
            button=button,
            back=back,
            status=422 if form.errors else 200,
        )
