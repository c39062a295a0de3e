"""The desk of requests about data: what is due first, and every act on it. See accounts.rights.answering."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now, TruncDate
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DataRequest, DataRequestNote, User
from accounts.rights import answering as acts
from accounts.rights.asking import ASKED, PROVED, TOLD_THEM, NotPossible, today
from accounts.staff import request_forms as forms
from hub import audit, clock, holds, words
from hub.desk.pages import READS
from hub.desk.queue import Queue, Verb

State = DataRequest.State


class OfWhich(admin.SimpleListFilter):
    """Without a choice: what is not closed."""

    title = gettext_lazy("which requests")
    parameter_name = "which"

    def lookups(self, request, model_admin):
        return [
            ("mine", _("Mine")),
            ("nobody", _("Nobody looks at it yet")),
            ("late", _("Late")),
            ("confirm", _("An account to close: a second person is needed")),
            ("closed", _("Closed")),
        ]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": _("Not closed")}, *others]

    def queryset(self, request, queryset):
        if self.value() == "closed":
            return queryset.filter(state=State.DONE)
        rows = queryset.exclude(state=State.DONE)
        match self.value():
            case "mine":
                return rows.filter(owner=request.user)
            case "nobody":
                return rows.filter(owner=None)
            case "late":
                return rows.filter(due_on__lt=today())
            case "confirm":
                return rows.filter(acts.to_confirm(request.user))
        return rows


def _open(row: DataRequest, _by: User) -> bool:
    return row.state != State.DONE


VERBS = {
    "take": Verb(
        gettext_lazy("Look after this request"), gettext_lazy("I will look after it"), forms.Take, acts.take, _open
    ),
    "know": Verb(
        gettext_lazy("We know that it is them"),
        gettext_lazy("Save"),
        forms.Know,
        acts.know,
        lambda row, _by: acts.may_be_known(row),
        (
            gettext_lazy(
                "A name, a birthday, an address or a child’s name proves nothing: the other parent knows them too. "
                "Nor does a phone number or an email address that we did not have before."
            ),
        ),
    ),
    "copy": Verb(
        gettext_lazy("Make a copy for them"),
        gettext_lazy("Have it made"),
        forms.Take,
        acts.copy,
        lambda row, _by: row.known_at and acts.may_be_copied(row),
        (
            gettext_lazy("They get a discreet email, sign in and save the copy themselves. Nobody here can see it."),
            gettext_lazy("Send nothing of it by email or post."),
        ),
    ),
    "answer": Verb(
        gettext_lazy("Write to them"),
        gettext_lazy("Send this"),
        forms.Answer,
        acts.write_answer,
        _open,
        (
            gettext_lazy(
                "Somebody with an account reads it on their page “Your data”, and gets an email that says only that "
                "there is something to read. To anybody else, write or speak first, then say here what you told them."
            ),
        ),
    ),
    "extend": Verb(
        gettext_lazy("Take two months more"),
        gettext_lazy("Take two months more"),
        forms.Answer,
        acts.extend,
        lambda row, _by: acts.may_be_extended(row),
        (
            gettext_lazy(
                "The law allows this once, when a request is complex or there are many. Tell them why: they read it. "
                "A complaint may take as long as it needs, if they hear how far we are."
            ),
        ),
    ),
    "note": Verb(
        gettext_lazy("Add a note"), gettext_lazy("Add the note"), forms.Note, acts.write_note, lambda _row, _by: True
    ),
    "propose": Verb(
        gettext_lazy("Propose to close the account"),
        gettext_lazy("Propose it"),
        forms.Why,
        acts.propose,
        lambda row, _by: row.known_at and acts.may_be_proposed(row),
        (
            gettext_lazy("Nothing is closed yet. A colleague must agree. The person is told at once, and can stop it."),
            gettext_lazy(
                "Most people can do this themselves under “Close your account”. Help them to sign in first, if you can."
            ),
        ),
        acts.CLOSES_ACCOUNTS,
    ),
    "call-off": Verb(
        gettext_lazy("Do not close the account"),
        gettext_lazy("Call it off"),
        forms.Why,
        acts.call_off,
        lambda row, _by: row.closing_by_id,
        permission=acts.CLOSES_ACCOUNTS,
    ),
    "close-account": Verb(
        gettext_lazy("Close the account for good"),
        gettext_lazy("Close it for good"),
        forms.Why,
        acts.close_account,
        lambda row, by: row.closing_by_id and row.closing_by_id != by.pk and acts.may_close_from(row) <= clock.now(),
        (
            gettext_lazy("Read the request and its story first. Be sure that it is them, and that they want this."),
            gettext_lazy(
                "Their goals, notes and drafts are erased. Plans they share stay for the other parent, without their "
                "name. Nobody can bring the account back. The request is closed with it."
            ),
        ),
        acts.CLOSES_ACCOUNTS,
    ),
    "close": Verb(
        gettext_lazy("Close this request"),
        gettext_lazy("Close the request"),
        forms.End,
        acts.end,
        lambda row, _by: row.state != State.DONE and not row.closing_by_id,
        (
            gettext_lazy("The account is not touched."),
            gettext_lazy("If you refuse something, say why. They may complain, and are told how."),
        ),
    ),
}
SAID = {  # how the story says each act
    ASKED: gettext_lazy("They asked"),
    "add": gettext_lazy("Written down by us"),
    "take": gettext_lazy("Taken on"),
    "know who made": gettext_lazy("We know that it is them"),
    "start a copy for": gettext_lazy("A copy is being made"),
    "answer": gettext_lazy("Written to them"),
    "extend": gettext_lazy("Two months more, and they were told why"),
    "note on": gettext_lazy("Note"),
    acts.PROPOSED: gettext_lazy("Proposed to close the account"),
    "call off closing in": gettext_lazy("The account is not closed after all"),
    "close the account of": gettext_lazy("The account is closed for good"),
    "close": gettext_lazy("Request closed"),
    "take back": gettext_lazy("They took it back"),
}
CHOICES = {"know who made": acts.Known, "close": DataRequest.Outcome, "add": DataRequest.Way}
REFUSALS = {
    acts.Changed: gettext_lazy("A colleague, or the person, has done something since you opened it. Nothing was done."),
    NotPossible: gettext_lazy("This cannot be done as the request stands now. Nothing was done."),
    acts.OwnCase: gettext_lazy("You have to do with this person yourself. Ask a colleague."),
    acts.NotKnown: gettext_lazy("First we must know that it is them. Nothing was done."),
    acts.EnoughCopies: gettext_lazy("They have had several copies today. Try again tomorrow."),
    acts.TooEarly: gettext_lazy("The person still has time to say no. Nothing was done."),
    acts.SamePerson: gettext_lazy("You proposed this yourself. A colleague must look at it too."),
}


@admin.register(DataRequest)
class DataRequestAdmin(Queue):
    """What is asked about data, due first. Whoever has to do with the person does not find the request."""

    what_for = gettext_lazy(
        "What people ask about their data, with what is due first. The law gives us one month to answer, and 30 days "
        "to say that we have a complaint."
    )
    lists = "list data requests"
    change_list_template = "accounts/staff/requests.html"
    list_display = ["due", "kind", "who", "way", "state", "looks_at_it"]
    list_filter = [OfWhich, "kind"]
    ordering = ["due_on", "pk"]
    verbs, refusals, not_possible = VERBS, REFUSALS, NotPossible

    def has_view_permission(self, request, obj=None):
        """To see that somebody asked is to know something: one permission for the list and for the work."""
        return request.user.has_perm(acts.WORKS_ON_REQUESTS)

    def has_module_permission(self, request):
        return self.has_view_permission(request) or super().has_module_permission(request)

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        if not hasattr(request, "_data_requests"):  # Django asks several times for one list
            request._data_requests = acts.open_to(request.user)
        past = Q(due_on__lt=TruncDate(Now(), tzinfo=words.HOME)) & ~Q(state=State.DONE)
        rows = request._data_requests.annotate(past=ExpressionWrapper(past, output_field=BooleanField()))
        return rows.select_related("person", "owner").defer("words").order_by(*self.ordering)

    @admin.display(description=gettext_lazy("answer by"), ordering="due_on")
    def due(self, row: Any) -> str:
        said = words.day(row.due_on)
        return _("%(day)s: late") % {"day": said} if row.past else said

    @admin.display(description=gettext_lazy("who asks"))
    def who(self, row: DataRequest) -> str:
        if row.person is not None and not row.person.closed_at:
            return row.person.email
        if row.email:
            return _("%(email)s (no account)") % {"email": row.email}
        return _("Nobody with an account")

    @admin.display(description=gettext_lazy("who looks at it"))
    def looks_at_it(self, row: DataRequest) -> str:
        return row.owner.first_name if row.owner else _("Nobody yet")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One request: what was asked, how it stands, its story. On record before a word is shown: no line, no page."""
        if not self.has_view_permission(request) or request.method not in READS:
            raise PermissionDenied
        row = self.one(object_id, request)
        with transaction.atomic():
            audit.record(person=request.user, what="read data request", about=f"request:{row.pk}")
            may = self.may_do(request, row)
            if row.owner_id == request.user.pk:
                may.pop("take", None)
            story = acts.story(row)
            response = self.page(
                request,
                "request",
                _("Request %(number)d: %(kind)s") % {"number": row.pk, "kind": row.get_kind_display()},
                request_row=row,
                who=self.who(row),
                has_account=acts.has_account(row),
                looks_at_it=self.looks_at_it(row),
                is_late=row.past,
                story=[_line(row, note) for note in story],
                to_acknowledge=acts.is_to_be_acknowledged(row, story),
                may=may,
                closing=self._closing(request, row),
                is_held=self._is_held(request, row),
            )
        response.headers["Cache-Control"] = "no-store"
        return response

    def _closing(self, request: HttpRequest, row: DataRequest) -> str:
        """What stands between a proposal and its end, in a sentence; empty when nobody proposed to close it."""
        if row.closing_by is None:
            return ""
        said = {"name": row.closing_by.first_name, "when": words.when(acts.may_close_from(row))}
        if row.closing_by == request.user:
            return _("You proposed to close this account. A colleague can agree from %(when)s.") % said
        return _("%(name)s proposed to close this account. You can agree from %(when)s.") % said

    def _is_held(self, request: HttpRequest, row: DataRequest) -> bool:
        may_know = row.person_id and request.user.has_perm("hub.view_legalhold")
        return bool(may_know and holds.stands("person", row.person_id))

    def name_of(self, row: DataRequest) -> str:
        return _("Request %(number)d") % {"number": row.pk}

    def stands(self, row: DataRequest) -> str:
        now = DataRequest.objects.select_related("owner").defer("words").get(pk=row.pk)
        told = {"state": now.get_state_display(), "who": self.looks_at_it(now)}
        return _("Now: %(state)s. Who looks at it: %(who)s.") % told

    def add_view(self, request, form_url="", extra_context=None):
        """Write down a request that came by letter, phone or email."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # which refuses
        form, trouble = forms.WriteDown(request.POST if request.method == "POST" else None), ""
        if request.method == "POST" and form.is_valid():
            try:
                row = acts.add(by=request.user, **form.facts)
            except acts.OwnCase:
                trouble = str(REFUSALS[acts.OwnCase])
            else:
                messages.success(request, _("It is written down. Answer by %(day)s.") % {"day": words.day(row.due_on)})
                return redirect(self.address("datarequest_change", row.pk))
        return self.page(
            request,
            "form",
            _("Write down a request"),
            say=[_("The other parent may write or ring, too. We find out who it is before we do anything.")],
            form=form,
            trouble=trouble,
            button=_("Write it down"),
            back=self.address("datarequest_changelist"),
            status=422 if trouble or form.errors else 200,
        )


@dataclass(frozen=True)
class Line:
    """One line of a request's story."""

    note: DataRequestNote
    what: str
    chosen: str
    by: str
    they_read_it: bool


def _line(row: DataRequest, note: DataRequestNote) -> Line:
    chosen = str(CHOICES[note.what](note.facts).label) if note.what in CHOICES else ""
    if note.facts == PROVED:
        chosen = _("signed in, and had just shown again that it is them")
    by = note.by.first_name if note.by and note.by.is_staff else ""
    return Line(note, str(SAID[note.what]), chosen, by, note.what in TOLD_THEM and row.person_id is not None)
