"""Ask us about your data, see how it stands, read the answer, take it back. For the person alone."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import private
from accounts.models import DataRequest
from accounts.rights import answering, asking
from accounts.rights.forms import Ask
from hub.forms import Words
from hub.http import signed_in_only
from hub.words import day

State, Outcome = DataRequest.State, DataRequest.Outcome

ASKED_FOR: dict[str, Words] = {
    DataRequest.Kind.COPY: gettext_lazy("A copy of what we keep about you"),
    DataRequest.Kind.ERASE: gettext_lazy("To erase something"),
    DataRequest.Kind.CORRECT: gettext_lazy("To put something right"),
    DataRequest.Kind.OTHER: gettext_lazy("Something else about your data"),
    DataRequest.Kind.COMPLAINT: gettext_lazy("A complaint about how we use your data"),
}
CAME: dict[str, Words] = {
    DataRequest.Way.ACCOUNT: gettext_lazy("From this account"),
    DataRequest.Way.EMAIL: gettext_lazy("Somebody sent us an email with your address"),
    DataRequest.Way.LETTER: gettext_lazy("Somebody sent us a letter with your email address"),
    DataRequest.Way.PHONE: gettext_lazy("Somebody rang us and gave your email address"),
}
UNDER_WAY: dict[str, Words] = {
    State.NEW: gettext_lazy("We have it."),
    State.IDENTITY: gettext_lazy("We must be sure that it was you who asked."),
    State.WORKED_ON: gettext_lazy("Somebody on our staff is working on it."),
}
CAME_OF_IT: dict[str, Words] = {
    Outcome.GIVEN: gettext_lazy("We made a copy for you."),
    Outcome.CLOSED: gettext_lazy("Your account is closed."),
    Outcome.PART: gettext_lazy("We erased some of it. The rest stays, and we say why."),
    Outcome.PUT_RIGHT: gettext_lazy("We put it right."),
    Outcome.REFUSED: gettext_lazy("We cannot do this, and we say why."),
    Outcome.UPHELD: gettext_lazy("We were wrong, and we are sorry. We say what we did about it."),
    Outcome.NO_FAULT: gettext_lazy("We looked into it and found nothing wrong. We say why."),
    Outcome.WITHDRAWN: gettext_lazy("This request was taken back. Nothing more is done."),
    Outcome.NOT_THEM: gettext_lazy("We could not tell that it was you who asked, so we did nothing."),
}
REFUSALS = {
    asking.TooManyOpen: gettext_lazy(
        "We still have five requests of yours to answer. You can ask again when we have answered one, or when you take "
        "one back. Your words are below, so that you can copy them."
    ),
    asking.TooManyToday: gettext_lazy(
        "You have asked us many times today. You can ask again tomorrow. Your words are below, so that you can copy "
        "them."
    ),
}


@dataclass(frozen=True)
class Told:
    """One request as its person reads of it."""

    row: DataRequest

    @property
    def asked_for(self) -> Words:
        return ASKED_FOR[self.row.kind]

    @property
    def came(self) -> Words:
        return CAME[self.row.way]

    @property
    def is_open(self) -> bool:
        return self.row.state != State.DONE

    @property
    def stands(self) -> str:
        """How it stands, and until when."""
        if not self.is_open:
            return str(CAME_OF_IT[self.row.outcome])
        if asking.is_late(self.row):
            return _("We said that we would answer by %(day)s. We are late, and we are sorry. We have not lost it.") % {
                "day": day(self.row.due_on)
            }
        told = {"state": UNDER_WAY[self.row.state], "day": day(self.row.due_on)}
        if self.row.kind == DataRequest.Kind.COMPLAINT:
            return _("%(state)s By %(day)s we tell you what we found, or how far we are.") % told
        return _("%(state)s We answer by %(day)s.") % told

    @property
    def may_complain(self) -> bool:
        """They did not get all they asked for; or it was a complaint, whose end always says where else to go."""
        return self.row.outcome in {Outcome.PART, Outcome.REFUSED, Outcome.NOT_THEM, Outcome.UPHELD, Outcome.NO_FAULT}


@signed_in_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_about_data(request: HttpRequest) -> HttpResponse:
    form = Ask(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        proved = private.has_just_proved(request)
        try:
            row = asking.ask(person=request.user, proved=proved, **form.cleaned_data)  # type: ignore[misc]
        except tuple(REFUSALS) as refused:
            form.add_error(None, str(REFUSALS[type(refused)]))
        else:
            return _to(request, row)
    status = 422 if form.errors else 200
    return render(
        request, "accounts/ask_about_data.html", {"form": form, "has_errors": bool(form.errors)}, status=status
    )


@login_required
@require_safe
@never_cache
def data_request(request: HttpRequest, number: int) -> HttpResponse:
    """One request: how it stands, what staff wrote, and what was asked. Asks again who reads it."""
    row = _theirs(request, number)
    asks = private.asks_first_unless_just_written(request)
    if asks is not None:
        return asks
    closes_from = answering.may_close_from(row) if row.closing_by_id else None
    context = {"told": Told(row), "row": row, "answers": asking.told(row), "closes_from": closes_from}
    return render(request, "accounts/ask_about_data_request.html", context)


@login_required
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    row = _theirs(request, number)
    try:
        asking.take_back(row, by=request.user)  # type: ignore[arg-type]
    except asking.NotPossible:
        messages.info(request, _("This request was closed already."))
    else:
        messages.success(request, _("You took your request back."))
    return _to(request, row)


def _theirs(request: HttpRequest, number: int) -> DataRequest:
    found = asking.of(request.user).filter(number=number).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


def _to(request: HttpRequest, row: DataRequest) -> HttpResponse:
    """On to the page of this request, which need not ask who reads it: they have just done something there."""
    address = asking.address_of(row)
    private.has_just_written(request, address)
    return redirect(address)
