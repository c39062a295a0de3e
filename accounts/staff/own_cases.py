"""The page "Cases I have to do with": every member of staff names their own; taking one back needs somebody else."""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import conflicts
from accounts.models import Conflict
from accounts.staff.forms import OwnCase, OwnCaseOf, Reason
from accounts.staff.members import MANAGES
from hub.desk.pages import Desk


@admin.register(Conflict)
class ConflictAdmin(Desk):
    what_for = gettext_lazy("Name a family you know or are part of, and its pages stay shut for you.")
    list_display = ["pk"]

    def has_module_permission(self, request):
        return True  # whoever is through the staff door

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    @property
    def desk(self) -> str:
        return _("Cases I have to do with")

    def get_urls(self):
        return [
            self.door("<int:pk>/take-back/", self.take_back, "conflict_take_back", MANAGES),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """One's own, and a box to name another; everybody's for those who look after staff accounts, and auditors."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)  # which refuses
        may_manage = self.may(request, MANAGES)
        for_others = may_manage and "others" in request.POST
        own = OwnCase(request.POST if request.method == "POST" and not for_others else None)
        others = OwnCaseOf(request.POST if for_others else None, prefix="others") if may_manage else None
        form = others if for_others else own
        if request.method == "POST" and form is not None and form.is_valid():
            person = form.cleaned_data.get("person", request.user)
            conflicts.declare(person=person, about=form.cleaned_data["about"], by=request.user)
            messages.success(request, _("It is written down. Those pages stay shut for you.") if person == request.user
                             else _("It is written down. Those pages stay shut for them."))  # fmt: skip
            return redirect(self.address("conflict_changelist"))
        rows = Conflict.objects.filter(taken_back_at=None).select_related("person")
        return self.page(
            request,
            "own_cases",
            self.desk,
            is_front=True,
            form=own,
            others=others,
            mine=rows.filter(person=request.user),
            all_of_them=rows.exclude(person=request.user) if self.may(request, "view_conflict") else [],
            may_manage=may_manage,
            status=422 if form is not None and form.errors else 200,
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A row has no page of its own: the list says all of it."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        return redirect(self.address("conflict_changelist"))

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let somebody else work on a case again. Nobody takes back their own."""
        conflict = Conflict.objects.filter(pk=pk, taken_back_at=None).select_related("person").first()
        if conflict is None:
            raise Http404
        form = Reason(request.POST if request.method == "POST" else None)
        back = self.address("conflict_changelist")
        if request.method == "POST" and form.is_valid():
            try:
                conflicts.take_back(conflict, by=request.user, reason=form.cleaned_data["reason"])
            except conflicts.OwnConflict:
                messages.error(request, _("Nobody takes back their own. Ask somebody else who looks after staff."))
            else:
                messages.success(request, _("It is taken back."))
            return redirect(back)
        told = {"name": conflict.person.first_name, "case": str(conflict)}
        return self.page(
            request,
            "check_form",
            _("Take this back?"),
            say=[_("%(name)s can then open %(case)s again, as far as their roles allow.") % told],
            form=form,
            button=_("Take it back"),
            back=back,
            status=422 if form.errors else 200,
        )
