"""Legal holds, for staff: placing one, looking at each, and the second person (trust 5.7).

What is held is called by our reference alone. Holds on what a member of staff has a part in are not there for them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import audit, holds
from hub.desk.pages import Desk
from hub.forms import PlainTextField
from hub.models import LegalHold

REFUSALS = {
    holds.NotFound: gettext_lazy("There is nothing of this name. Look at the number or address again."),
    holds.HeldAlready: gettext_lazy("It is held already. You find it in the list."),
    holds.SamePerson: gettext_lazy("Somebody else must do this: it takes two people."),
    holds.NothingToDo: gettext_lazy("Somebody did something meanwhile. This is how it stands now."),
}


def in_plain_words(refused: holds.Refused) -> str:
    return str(REFUSALS[type(refused)])


def _reason(label: Any) -> PlainTextField:
    return PlainTextField(
        label=label,
        help_text=gettext_lazy("One line for auditors: which court or authority, and its letter. Quote no parent."),
        one_line=True,
        max_length=500,
        error_messages={"required": gettext_lazy("Say in a few words why")},
    )


class Place(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is to be kept?"),
        choices=[("", gettext_lazy("Choose")), *LegalHold.Kind.choices],
        error_messages={"required": gettext_lazy("Choose what is to be kept")},
    )
    text = PlainTextField(
        label=gettext_lazy("Which one?"),
        help_text=gettext_lazy(
            "Of a plan its reference, of a court case its number, of a person the whole email address or our number."
        ),
        one_line=True,
        max_length=254,
        error_messages={"required": gettext_lazy("Say which one")},
    )
    reason = _reason(gettext_lazy("Why?"))


class Reason(forms.Form):
    reason = _reason(gettext_lazy("Why may it end?"))


# ---------------------------------------------------------------- what may be done


@dataclass(frozen=True)
class Act:
    """One step after a hold was placed: which holds it fits, and who may not take it."""

    title: Any
    say: Any
    button: Any
    done: Any
    fits: Q
    not_by: str = ""  # the column of the one person who may not


STANDS = Q(released_at=None)
ACTS = {
    "confirm": Act(
        gettext_lazy("Confirm this hold?"),
        gettext_lazy("You say with this that you have looked at the reason, and that it is right."),
        gettext_lazy("Confirm"),
        gettext_lazy("The hold is confirmed."),
        STANDS & Q(confirmed_at=None),
        "placed_by_id",
    ),
    "ask-to-end": Act(
        gettext_lazy("Ask that this hold end?"),
        gettext_lazy("It stands until somebody else agrees."),
        gettext_lazy("Ask that it end"),
        gettext_lazy("Somebody else must agree. Until then it stands."),
        STANDS & Q(ending_at=None),
    ),
    "end": Act(
        gettext_lazy("End this hold?"),
        gettext_lazy("What may not be kept any longer is then erased in the next night. It cannot be brought back."),
        gettext_lazy("End the hold"),
        gettext_lazy("The hold has ended."),
        STANDS & Q(ending_at__isnull=False),
        "ending_by_id",
    ),
    "keep-on": Act(
        gettext_lazy("Keep this hold on?"),
        gettext_lazy("What was asked is set aside, and the hold stands as before."),
        gettext_lazy("Keep it on"),
        gettext_lazy("The hold stands."),
        STANDS & Q(ending_at__isnull=False),
    ),
}
WAITS = (ACTS["confirm"], ACTS["end"])


def waiting_for(person) -> QuerySet[LegalHold]:
    """Holds that a second person must look at, where they can be that person."""
    wanted = Q()
    for act in WAITS:
        wanted |= act.fits & ~Q(**{act.not_by: person.pk})
    found = LegalHold.objects.filter(wanted)
    return holds.not_own(person).filter(wanted) if found.exists() else found.none()


def _do(do: str, hold: LegalHold, *, by, reason: str) -> None:
    match do:
        case "confirm":
            holds.confirm(hold, by=by)
        case "ask-to-end":
            holds.ask_to_end(hold, reason=reason, by=by)
        case "end":
            holds.release(hold, by=by)
        case "keep-on":
            holds.keep_on(hold, by=by)


class Standing(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("stands", _("In force")),
            ("waits", _("Waiting for a second person")),
            ("you", _("Waiting for you")),
            ("ended", _("Ended")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "stands":
                return queryset.filter(STANDS)
            case "waits":
                return queryset.filter(WAITS[0].fits | WAITS[1].fits)
            case "you":
                return queryset.filter(pk__in=waiting_for(request.user))
            case "ended":
                return queryset.exclude(STANDS)
        return queryset


class Newest(ChangeList):
    """They are few: read once, and not counted first. Of very many, the newest."""

    MOST = 1_000

    def get_results(self, request: HttpRequest) -> None:
        rows: Any = list(self.queryset[: self.MOST])
        self.paginator = self.model_admin.get_paginator(request, rows, self.list_per_page)
        self.result_count, self.full_result_count = len(rows), None
        self.show_full_result_count = self.show_admin_actions = self.can_show_all = False
        self.multi_page = len(rows) > self.list_per_page
        self.result_list = self.paginator.get_page(self.page_num).object_list


@admin.register(LegalHold)
class LegalHoldAdmin(Desk):
    what_for = gettext_lazy("Plans, accounts and cases that must be kept, whatever time or request says.")
    lists, reads = "list legal holds", "read legal hold"
    list_display = ["name", "kind", "state", "placed_at"]
    list_filter = [Standing, "kind"]
    search_fields = ["name"]
    search_help_text = gettext_lazy("Search by reference or case number")
    ordering = ["-placed_at", "-pk"]
    change_list_template = "hub/staff/legalholds.html"

    def get_queryset(self, request):
        """None asks for the house itself."""
        return LegalHold.objects.all() if request is None else holds.not_own(request.user)

    @admin.display(description=gettext_lazy("state"))
    def state(self, hold) -> str:
        return state_of(hold)

    def get_urls(self):
        return [
            self.door("place/", self.place, "legalhold_place", "manage_legalhold"),
            self.door("<int:pk>/do/<slug:act>/", self.act, "legalhold_act", "manage_legalhold"),
            *super().get_urls(),
        ]

    def get_changelist(self, request, **kwargs):
        return Newest

    def changelist_view(self, request, extra_context=None):
        more = {"may_manage": self.may(request, "manage_legalhold")}
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def theirs(self, request: HttpRequest, pk: Any) -> LegalHold:
        """This hold, or the page that there is none: also when it is on something they have a part in."""
        hold = self.one(pk)
        if holds.is_own(request.user, hold.kind, hold.number):
            audit.record(person=request.user, what="refused own case", about=f"legalhold:{hold.pk}")
            raise Http404
        return hold

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One hold: why, since when, who; and its story."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)  # which refuses
        hold = self.theirs(request, object_id)
        audit.record(person=request.user, what=self.reads, about=self.on_record_as(hold.pk))
        may = self.may(request, "manage_legalhold")
        fits = {name: act for name, act in ACTS.items() if LegalHold.objects.filter(act.fits, pk=hold.pk).exists()}
        mine = {name for name, act in fits.items() if act.not_by and getattr(hold, act.not_by) == request.user.pk}
        return self.page(
            request,
            "legalhold",
            f"{hold.get_kind_display()}: {hold.name}",
            hold=hold,
            state=state_of(hold),
            story=story_of(hold),
            acts=[(name, act.button) for name, act in fits.items() if may and name not in mine],
            waits_for_another=may and bool(mine),
        )

    def place(self, request: HttpRequest) -> HttpResponse:
        """Which one and why; one more look; then it is held at once."""
        form, trouble = Place(request.POST or None), ""
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            try:
                found = holds.look_for(kind=told["kind"], text=told["text"], by=request.user)
                if "confirmed" in request.POST:
                    return self._placed(request, holds.place(**told, by=request.user))
                return self._ask(request, f"{LegalHold.Kind(told['kind']).label}: {found[1]}", told)
            except holds.Refused as refused:
                trouble = in_plain_words(refused)
        return self.page(
            request,
            "form",
            _("Place a legal hold"),
            form=form,
            trouble=trouble,
            say=[_("For a court, the police or the Information Commissioner. Ask whoever looks after the law first.")],
            button=_("Look"),
            back=self.address("legalhold_changelist"),
            status=422 if form.errors or trouble else 200,
        )

    def _placed(self, request: HttpRequest, hold: LegalHold) -> HttpResponse:
        messages.success(request, _("It is kept from now on. Somebody else must look at it and confirm."))
        return redirect(self.address("legalhold_change", hold.pk))

    def _ask(self, request: HttpRequest, what: str, told: dict[str, Any]) -> HttpResponse:
        return self.page(
            request,
            "check",
            _("Hold this?"),
            say=[
                what,
                _("Why: %(reason)s") % told,
                _("Nothing of it is erased from now on, by time or by request. No parent can see that it is held."),
                _("It stands at once. Somebody else must confirm it, and two people must agree to end it."),
            ],
            button=_("Hold it"),
            back=self.address("legalhold_changelist"),
            hidden={**told, "confirmed": "yes"},
        )

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """One step: looked at first, then done and written down."""
        hold, back = self.theirs(request, pk), self.address("legalhold_change", pk)
        if act not in ACTS:
            raise Http404
        step = ACTS[act]
        form = Reason(request.POST or None) if act == "ask-to-end" else None
        if request.method == "POST" and (form is None or form.is_valid()):
            try:
                if request.POST.get("seen", "") != seen(hold):
                    raise holds.NothingToDo
                _do(act, hold, by=request.user, reason=form.cleaned_data["reason"] if form else "")
            except holds.Refused as refused:
                messages.error(request, in_plain_words(refused))
            else:
                messages.success(request, step.done)
            return redirect(back)
        say = [f"{hold.get_kind_display()}: {hold.name}", _("Why it is held: %(reason)s") % {"reason": hold.reason}]
        if hold.ending_at:
            say.append(_("Why it may end: %(reason)s") % {"reason": hold.ending_reason})
        return self.page(
            request,
            "legalhold_check",
            str(step.title),
            crumbs=[(back, hold.name)],
            say=[*say, step.say],
            form=form,
            seen=seen(hold),
            button=step.button,
            back=back,
            status=422 if form and form.errors else 200,
        )


# ---------------------------------------------------------------- in words


def seen(hold: LegalHold) -> str:
    """How it stood when somebody looked: what they decide is about that, and nothing that came later."""
    return "|".join(str(each) for each in (hold.confirmed_at, hold.ending_at, hold.ending_by_id, hold.released_at))


def state_of(hold: LegalHold) -> str:
    if hold.released_at:
        return _("Ended")
    if hold.ending_at:
        return _("In force: somebody asked that it end")
    return _("In force") if hold.confirmed_at else _("In force: to be confirmed by a second person")


def story_of(hold: LegalHold) -> list[tuple[datetime, str, str]]:
    """What was done, when and by whom. An account that is gone has its number."""
    lines = [
        (hold.placed_at, _("Placed"), hold.placed_by_id),
        (hold.confirmed_at, _("Confirmed"), hold.confirmed_by_id),
        (hold.ending_at, _("Asked to end"), hold.ending_by_id),
        (hold.released_at, _("Ended"), hold.released_by_id),
    ]
    known = get_user_model().objects.in_bulk([who for _at, _what, who in lines if who])
    return [(at, what, str(known.get(who) or _("account %(pk)s") % {"pk": who})) for at, what, who in lines if at]
