"""Referrals from a file: sent in, looked at row by row, confirmed, and followed until it is done.

Whoever sent a file in sees it and nobody else: its rows are names and addresses that became no referral yet.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt

from accounts.private import asks_before_file
from hub import audit, sheets
from hub.desk.pages import Desk
from programmes import import_rows, library
from programmes.actions import importing
from programmes.actions.importing import State
from programmes.forms.imports import SendIn
from programmes.import_rows import COLUMNS, Verdict
from programmes.models import Import, ImportRow

A_PAGE = 50
NOT_READABLE = {
    "empty": gettext_lazy("There are no rows in it."),
    "binary": gettext_lazy("This is not a CSV file. In your spreadsheet, choose “Save as” and then “CSV”."),
    "encoding": gettext_lazy("Its letters cannot be read. Save it again as “CSV UTF-8”."),
    "quotes": gettext_lazy(
        "A quotation mark opens in it and never closes. Save it again from your spreadsheet as CSV."
    ),
    "too_long": gettext_lazy("A row in it is far too long. Is a quotation mark missing?"),
}
TOO_MANY = gettext_lazy("There are more than 5,000 rows in it. Send it in parts. Nothing was read or kept.")
TOO_MUCH_PASTED = gettext_lazy("These are too many rows to paste. Save them as a file and send that in.")
TOO_LARGE = gettext_lazy("This is too large: a file may have 5,000 rows and 4 MB. Send it in parts. Nothing was kept.")


class NoMoreThan(MemoryFileUploadHandler):
    """Keeps a file in memory up to the limit; what is larger is read past, so that the browser hears why not."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803
        self.activated = True
        self.seen = 0

    def receive_data_chunk(self, raw_data, start):
        self.seen += len(raw_data)
        if self.seen > settings.IMPORT_BYTES:
            self.request.sent_too_much = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)


@admin.register(Import)
class ImportAdmin(Desk):
    what_for = gettext_lazy("Files of referrals that you sent in, and what came of each.")
    adds = gettext_lazy("Import referrals")
    list_display = ["made_at", "state", "rows_sent", "rows_new", "rows_there", "rows_wrong"]
    list_display_links = ["made_at"]
    list_filter = ["state"]
    ordering = ["-made_at"]

    def has_view_permission(self, request, obj=None):
        return self.may(request, "import_referrals")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request is None else rows.filter(made_by=request.user)

    def theirs(self, request: HttpRequest, pk: Any) -> Import:
        found: Import = self.one(pk)
        if found.made_by_id != request.user.pk:
            raise Http404
        return found

    def get_urls(self):
        found = super().get_urls()
        add = next(each for each in found if each.name == "programmes_import_add")
        add.callback = limited(add.callback)
        return [
            self.door("template.csv", self.template, "import_template"),
            self.door("<int:pk>/confirm/", self.confirm, "import_confirm"),
            self.door("<int:pk>/call-off/", self.call_off, "import_call_off"),
            self.door("<int:pk>/report.csv", self.report, "import_report"),
            *found,
        ]

    def _back(self, made: Import) -> HttpResponse:
        return redirect(self.address("import_change", made.pk))

    # ------------------------------------------------------------ sending in

    def add_view(self, request, form_url="", extra_context=None):
        """Choose a file or paste rows; they are looked at, and nothing else happens yet."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # which refuses
        form, trouble, status = SendIn(), "", 200
        if request.method == "POST":
            try:
                posted, files, status = request.POST, request.FILES, 422
                trouble = str(TOO_LARGE) if getattr(request, "sent_too_much", False) else ""
            except RequestDataTooBig:
                trouble = str(TOO_MUCH_PASTED)
            if trouble:
                status = 413
            else:
                form = SendIn(posted, files)
                if form.is_valid():
                    made, said = self._send_in(request, form.content())
                    if made is not None:
                        return self._back(made)
                    form.add_error("file" if form.cleaned_data["file"] else "rows", said)
        sent = {"referred", "enrolled"}
        return self.page(
            request,
            "import",
            _("Import referrals"),
            form=form,
            trouble=trouble,
            columns=[
                (said, name in import_rows.NEEDED, ", ".join(others[:4])) for name, (said, others) in COLUMNS.items()
            ],
            programmes=[each.title for each in library.programmes() if each.cover.words.open_to in sent],
            kept_days=settings.IMPORT_KEPT_DAYS,
            back=self.address("referral_changelist"),
            status=status,
        )

    def _send_in(self, request: HttpRequest, content: bytes) -> tuple[Import | None, str]:
        try:
            return importing.send_in(content, by=request.user), ""  # type: ignore[arg-type]
        except importing.TooMany:
            return None, str(TOO_MANY)
        except importing.NotReadable as error:
            named = ", ".join(error.headings)
            if error.why == "columns":
                return None, _("These headings are missing in the first row: %(missing)s.") % {"missing": named}
            if error.why == "twice":
                told = _("These headings mean the same: %(named)s. Take the column out that does not count.")
                return None, told % {"named": named}
            return None, str(NOT_READABLE[error.why])

    def template(self, request: HttpRequest) -> HttpResponse:
        """An empty sheet with the headings."""
        return sheet_file(sheets.write([str(said) for said, _others in COLUMNS.values()], []), "referrals-template")

    # ------------------------------------------------------------ the report

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What was found, row by row; or how far it is. Who reads names is written down."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        made = self.theirs(request, object_id)
        if made.state == State.STARTED:
            return self._progress(request, made)
        only = request.GET.get("only", "")
        rows = made.rows.filter(verdict=only) if only in Verdict.values else made.rows.all()
        shown = Paginator(rows.select_related("referral__party__case").order_by("line"), A_PAGE)
        there = shown.get_page(request.GET.get("p"))
        if there.object_list:
            audit.record(person=request.user, what="read import", about=str(made))
        return self.page(
            request,
            "import_report",
            _("Import of referrals"),
            made=made,
            facts=self._facts(made),
            why=" ".join(import_rows.sentences([made.why])) if made.why in import_rows.FAULTS else "",
            columns=[said for said, _others in COLUMNS.values()],
            rows=[shown_row(row) for row in there],
            there=there,
            only=only,
            tabs=self._tabs(made),
            may_confirm=made.state == State.CHECKED and made.rows_new > 0,
            button=self.words_of_button(made),
            may_call_off=made.state == State.CHECKED,
            back=self.address("import_changelist"),
        )

    def _progress(self, request: HttpRequest, made: Import) -> HttpResponse:
        """It waits or is under way: it is looked at again by itself where a script runs, else with a link."""
        here = self.address("import_change", made.pk)
        return self.page(request, "import_progress", _("Import of referrals"), made=made, here=here)

    def _facts(self, made: Import) -> list[tuple[str, Any]]:
        return [
            (_("State"), made.get_state_display()),
            (_("Rows in the file"), made.rows_sent),
            (_("New referrals"), made.rows_new),
            (_("Here already: nothing is done"), made.rows_there),
            (_("To mend, or to leave out"), made.rows_wrong),
        ]

    def _tabs(self, made: Import) -> list[tuple[str, str, int]]:
        return [
            ("", _("All rows"), made.rows_sent),
            (Verdict.WRONG.value, _("To mend"), made.rows_wrong),
            (Verdict.NEW.value, _("New"), made.rows_new),
            (Verdict.THERE.value, _("Here already"), made.rows_there),
        ]

    def report(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every row with what was found, for a spreadsheet."""
        made = self.theirs(request, pk)
        if question := asks_before_file(request):
            return question
        audit.record(person=request.user, what="download import report", about=str(made))
        headings = [_("Line"), _("What happens"), _("Why"), *[str(said) for said, _others in COLUMNS.values()]]
        rows = made.rows.select_related("referral__party__case").order_by("line")
        found = (
            [row.line, row.get_verdict_display(), " ".join(import_rows.sentences(row.said)), *words_of(row)]
            for row in rows.iterator(chunk_size=1_000)
        )
        return sheet_file(sheets.write(headings, found), f"import-{made.pk}")

    # ------------------------------------------------------------ confirming

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One more look; then the worker brings them in."""
        made = self.theirs(request, pk)
        if made.state != State.CHECKED:
            return self._back(made)
        if request.method == "POST":
            seen = request.POST.get("leave_out", "0")
            try:
                left_out = int(seen) if seen.isdecimal() and len(seen) < 9 else -1
                importing.confirm(made, by=request.user, leave_out=left_out)  # type: ignore[arg-type]
            except importing.NotWaiting:
                messages.warning(request, _("It was started already."))
            except (importing.LeaveOutFirst, importing.NothingNew):
                messages.error(request, _("Look at the rows again first."))
            return self._back(made)
        return self.page(
            request,
            "check",
            _("Bring these referrals in?"),
            crumbs=[(self.address("import_change", made.pk), _("Import of referrals"))],
            say=list(self._what_happens(made)),
            button=self.words_of_button(made),
            back=self.address("import_change", made.pk),
            hidden={"leave_out": made.rows_wrong},
        )

    def words_of_button(self, made: Import) -> str:
        told = {"new": made.rows_new, "others": made.rows_wrong}
        if made.rows_wrong:
            return (
                ngettext(
                    "Import %(new)d row and leave out %(others)d",
                    "Import %(new)d rows and leave out %(others)d",
                    made.rows_new,
                )
                % told
            )
        return ngettext("Import %(new)d row", "Import %(new)d rows", made.rows_new) % told

    def _what_happens(self, made: Import) -> Iterable[str]:
        told = {"new": made.rows_new, "there": made.rows_there, "wrong": made.rows_wrong}
        yield ngettext("%(new)d referral is made.", "%(new)d referrals are made.", made.rows_new) % told
        if made.rows_there:
            yield (
                ngettext(
                    "%(there)d row is here already and stays as it is.",
                    "%(there)d rows are here already and stay as they are.",
                    made.rows_there,
                )
                % told
            )
        if made.rows_wrong:
            yield (
                ngettext(
                    "%(wrong)d row is left out. You can mend it and send it in later.",
                    "%(wrong)d rows are left out. You can mend them and send them in later.",
                    made.rows_wrong,
                )
                % told
            )
        yield _("All of them are made, or none: if a row has become wrong meanwhile, it stops and tells you which.")
        yield _("No link is sent, and nobody is told. You send the links afterwards.")

    def call_off(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Not wanted: the rows are deleted at once."""
        made = self.theirs(request, pk)
        if request.method == "POST":
            try:
                importing.call_off(made, by=request.user)  # type: ignore[arg-type]
                messages.success(request, _("The rows are deleted. Nothing was brought in."))
            except importing.NotWaiting:
                messages.error(request, _("It was started already."))
            return self._back(made)
        return self.page(
            request,
            "check",
            _("Call this import off?"),
            crumbs=[(self.address("import_change", made.pk), _("Import of referrals"))],
            say=[_("What you sent in is deleted now. No referral is made.")],
            button=_("Call it off and delete the rows"),
            back=self.address("import_change", made.pk),
            hidden={},
        )


def limited(view):
    """The page takes a larger body than others do. CSRF is asked for inside, once the limit stands."""

    @csrf_exempt
    def with_a_limit(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers = [NoMoreThan(request)]  # type: ignore[list-item]
        return view(request, *args, **kwargs)

    return with_a_limit


def sheet_file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(sheets.as_file(text), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def words_of(row: ImportRow) -> list[str]:
    """The cells of a row as they were sent; of one that became a referral, who it is for."""
    if row.referral_id and row.referral is not None:
        party = row.referral.party
        known = {"case_reference": party.case.reference, "name": party.name, "email": party.email}
        return [known.get(name, "") for name in COLUMNS]
    return [row.words.get(name, "") for name in COLUMNS]


def shown_row(row: ImportRow) -> dict[str, Any]:
    verdict = _("Made") if row.referral_id else row.get_verdict_display()
    return {
        "line": row.line,
        "verdict": verdict,
        "wrong": row.verdict == Verdict.WRONG,
        "referral": row.referral_id,
        "said": import_rows.sentences(row.said),
        "cells": words_of(row),
    }
