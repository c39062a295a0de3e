"""The auditor's view of the access record: who did what, found by person, act, thing and day, and as a file."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, StrIndex, Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import audit, holds, sheets
from hub.desk.pages import Desk
from hub.forms import PlainTextField
from hub.models import AccessRecord
from hub.paging import values_of
from hub.words import HOME

A_PAGE = 50
MOST_IN_A_FILE = 20_000
HEADINGS = ["at", "who", "roles", "what", "about", "to whom", "why"]


class Day(forms.DateField):
    def __init__(self, **more):
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": gettext_lazy("Enter a real day, such as 2026-11-22.")},
            **more,
        )


class Find(forms.Form):
    """What an auditor looks for. Empty fields ask for nothing."""

    who = forms.EmailField(
        label=gettext_lazy("Whose acts"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("The whole email address of a member of staff."),
        error_messages={"invalid": gettext_lazy("Enter a whole email address, such as name@example.com.")},
    )
    what = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    about = PlainTextField(
        label=gettext_lazy("To what"),
        required=False,
        one_line=True,
        max_length=120,
        help_text=gettext_lazy("As in the list, for example referral:12 or plan:k3v9."),
    )
    since = Day(label=gettext_lazy("From this day"))
    until = Day(label=gettext_lazy("To this day"))

    def __init__(self, told, verbs: list[str]):
        super().__init__(told)
        self.fields["what"].choices = [("", _("Anything")), *((verb, verb) for verb in verbs)]  # type: ignore[attr-defined]

    def clean(self):
        told = super().clean() or {}
        if told.get("since") and told.get("until") and told["since"] > told["until"]:
            self.add_error("until", _("This day is before the first one."))
        return told

    def rows(self, person) -> QuerySet[AccessRecord]:
        """Those that fit, newest first; none about what whoever looks has a part in. For a form that is valid."""
        rows, told = AccessRecord.objects.order_by("-at", "-pk"), self.cleaned_data
        if own := holds.lines_of_own(person):
            rows = rows.exclude(about__in=own)
        if told["who"]:
            people = get_user_model()
            rows = rows.filter(person__in=people.objects.filter(email=people.objects.normal_email(told["who"])))
        # a change that a page told of stands there once; what the database saw of it, for whoever asks for that
        rows = rows.filter(what=told["what"]) if told["what"] else rows.exclude(what=audit.SEEN)
        if told["about"]:
            rows = rows.filter(about=told["about"])
        if told["since"]:
            rows = rows.filter(at__gte=datetime.combine(told["since"], time.min, tzinfo=HOME))
        if told["until"]:
            rows = rows.filter(at__lt=datetime.combine(told["until"] + timedelta(days=1), time.min, tzinfo=HOME))
        return rows


def verbs() -> list[str]:
    """Every act on record, by name: quick however long the record."""
    return values_of(AccessRecord, "what")


def with_whom(rows: QuerySet[AccessRecord]) -> QuerySet[AccessRecord]:
    """Each with `whom`: the member of staff it was done to. Empty for anybody else: no parent's address stands here."""
    number = Substr("about", len("user:") + 1)  # up to the first space, if any
    number = Substr(number, 1, StrIndex(Concat(number, Value(" ")), Value(" ")) - 1)
    rows = rows.annotate(to=Case(When(about__regex=r"^user:[0-9]{1,18}( |$)", then=Cast(number, BigIntegerField()))))
    one = get_user_model().objects.filter(
        pk=OuterRef("to")
    )  # by its number alone: the list of staff is not gone through
    whom = one.values_list(Case(When(kind="staff", then="email"), default=Value("")))
    return rows.annotate(whom=Coalesce(Subquery(whom), Value("")))


@admin.register(AccessRecord)
class AccessRecordAdmin(Desk):
    """One page with everything a line says, and the same as a file. What is read here is on record too."""

    what_for = gettext_lazy("Who opened or did what, when and why.")

    def get_urls(self):
        return [
            path("", self.admin_site.admin_view(self.changelist_view), name="hub_accessrecord_changelist"),
            self.door("file/", self.as_file, "accessrecord_file", "export_accessrecord"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """The lines that fit, fifty at a time. The page itself is on record, not what was looked for."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        audit.record(person=request.user, what="read access records", about="access records")
        form = Find(request.GET, verbs())
        fits = form.is_valid()
        rows = list(self._after(form.rows(request.user), request.GET.get("after", ""))[: A_PAGE + 1]) if fits else []
        more = rows[A_PAGE - 1].pk if len(rows) > A_PAGE else None
        asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
        return self.page(
            request,
            "records",
            _("Who opened or did what"),
            form=form,
            trouble="",
            rows=rows[:A_PAGE],
            older="?" + urlencode({**asked, "after": more}) if more else "",
            is_first="after" not in request.GET,
            newest="?" + urlencode(asked),
            file=f"{self.address('accessrecord_file')}?{urlencode(asked)}" if fits else "",
            may_export=self.may(request, "export_accessrecord"),
            most=f"{MOST_IN_A_FILE:,}",
            status=200 if fits else 422,
        )

    @staticmethod
    def _after(rows: QuerySet[AccessRecord], after: str) -> QuerySet[AccessRecord]:
        """Those older than the line of this number."""
        rows = with_whom(rows.select_related("person"))
        last = AccessRecord.objects.filter(pk=after).first() if after.isdecimal() and len(after) < 19 else None
        if last is None:
            return rows
        return rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))

    @method_decorator(reauthentication_required)
    def as_file(self, request: HttpRequest) -> HttpResponse:
        """The same lines for a spreadsheet, newest first, for somebody who has just shown again that it is them."""
        form = Find(request.GET, verbs())
        if not form.is_valid():
            return redirect(self.address("accessrecord_changelist"))
        rows = with_whom(form.rows(request.user).select_related("person"))[:MOST_IN_A_FILE]
        audit.record(person=request.user, what="export access records", about=f"access records:{len(rows)}")
        told = (
            [each.at.isoformat(), each.person, each.role, each.what, each.about, each.whom, each.reason]  # type: ignore[attr-defined]
            for each in rows
        )
        answer = HttpResponse(sheets.as_file(sheets.write(HEADINGS, told)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="access-records.csv"'
        return answer
