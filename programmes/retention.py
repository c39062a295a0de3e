"""What goes here when its time is over: what the court's side of a case holds, in the order in which it may go.

A case knows no child, so that nobody can say when the youngest is 25: it is kept for so many years after the last thing
that happened in it. Certificates stay until their person closes the account, and then without a name on the list of
anybody: others check them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hub import files, holds, retention
from hub.kernel_retention import rows_of
from hub.retention import Rule, months_before
from programmes import own_cases
from programmes.actions import referring
from programmes.models import (
    Attendance,
    Booking,
    Case,
    Claim,
    Consent,
    Enrolment,
    Import,
    ImportRow,
    KeepApart,
    Meeting,
    Needs,
    NeverOffered,
    Party,
    Referral,
    Return,
    Workshop,
)

NEVER_JOINED = 24  # months
NEEDS = 12  # months
OF_A_CASE = {"case": "referral__party__case", "person": "referral__party__person"}

# ---------------------------------------------------------------- cases


def _since(cut: datetime, *columns: str) -> Q:
    """Any of these times is later. A day counts until it is over everywhere."""
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__gt": cut.date() if column.endswith("_on") else cut})
    return found


def _referrals_since(cut: datetime) -> QuerySet[Referral]:
    times = ("made_at", "joined_at", "learned_at", "attended_at", "ended_at", "hearing_on", "learning_due_on")
    return Referral.objects.filter(_since(cut, *times))


def _quiet_since(cut: datetime) -> QuerySet[Case]:
    """Cases in which nothing has happened since, and nothing is still to come.

    One with a pair to keep apart is not quiet while either of the two, by account or address, has something later in
    any case: it would be forgotten that they must not meet.
    """
    case, of_a_referral = OuterRef("pk"), "referral__party__case"
    people = ("one", "other")
    pairs = KeepApart.objects.filter(Q(one__case=case) | Q(other__case=case))
    theirs = Q()
    for each in people:
        theirs |= Q(party__email=OuterRef(f"{each}__email")) | Q(party__person=OuterRef(f"{each}__person"))
    later = (
        _referrals_since(cut).filter(party__case=case),
        Booking.objects.filter(_since(cut, "made_at", "ended_at", "workshop__starts_at"), **{of_a_referral: case}),
        Attendance.objects.filter(_since(cut, "recorded_at"), **{f"booking__{of_a_referral}": case}),
        Return.objects.filter(_since(cut, "made_at"), **{of_a_referral: case}),
        Needs.objects.filter(_since(cut, "changed_at"), **{of_a_referral: case}),
        Enrolment.objects.filter(_since(cut, "made_at", "ended_at", "ends_on"), case=case),
        Consent.objects.filter(_since(cut, "at"), enrolment__case=case),
        Meeting.objects.filter(_since(cut, "starts_at"), enrolment__case=case),
        pairs.filter(_since(cut, "made_at") | Exists(_referrals_since(cut).filter(theirs))),
    )
    return Case.objects.filter(*(~Exists(rows) for rows in later), made_at__lte=cut)


def over(at: datetime) -> QuerySet[Case]:
    return _quiet_since(months_before(at, 12 * settings.PROGRAMME_CASE_YEARS))


def never_begun(at: datetime) -> QuerySet[Case]:
    """Nobody in it ever used their link."""
    case = OuterRef("pk")
    begun = (
        Referral.objects.filter(party__case=case, joined_at__isnull=False),
        Booking.objects.filter(referral__party__case=case),
        Return.objects.filter(referral__party__case=case),
        Enrolment.objects.filter(case=case),
    )
    return _quiet_since(months_before(at, NEVER_JOINED)).filter(*(~Exists(rows) for rows in begun))


def _take(cases: Sequence[Any]) -> None:
    """Hold what hangs on these cases, so that nothing can be added to it."""
    parties = Party.objects.filter(case__in=cases).select_for_update()
    held = list(parties.order_by("pk").values_list("pk", flat=True))
    for rows in (
        Referral.objects.filter(party__in=held),
        Enrolment.objects.filter(case__in=cases),
        Booking.objects.filter(referral__party__in=held),
    ):
        list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def erase_cases(cases: Sequence[Any], _at: datetime) -> int:
    """Everything of these cases, which the caller holds. A workshop counts its places anew.

    The papers of returns are deleted before the rows are: should the rows stay after all, they are drawn again. Each
    table is emptied by one order, without a look at what else there may be: what is forgotten here, the database finds.
    """
    parties = list(Party.objects.filter(case__in=cases).order_by().values_list("pk", flat=True))
    referrals = list(Referral.objects.filter(party__in=parties).order_by().values_list("pk", flat=True))
    enrolments = list(Enrolment.objects.filter(case__in=cases).order_by().values_list("pk", flat=True))
    places = dict(Booking.objects.filter(referral__in=referrals).order_by().values_list("pk", "workshop"))
    for sha256 in Return.objects.filter(referral__in=referrals).exclude(sha256="").values_list("sha256", flat=True):
        files.forget(sha256)
    if places:
        _empty(Attendance, booking__in=places)
        _empty(Claim, booking__in=places)
        _empty(Booking, pk__in=places)
        booked = Booking.objects.filter(workshop=OuterRef("pk"), state=Booking.State.BOOKED).order_by()
        counted = Subquery(booked.values("workshop").annotate(count=Count("pk")).values("count"))
        Workshop.objects.filter(pk__in=set(places.values())).update(taken=Coalesce(counted, 0))
    if enrolments:
        _empty(Consent, enrolment__in=enrolments)
        _empty(Meeting, enrolment__in=enrolments)
        _empty(Enrolment, pk__in=enrolments)
    _empty(Return, referral__in=referrals)
    _empty(Needs, referral__in=referrals)
    ImportRow.objects.filter(referral__in=referrals).update(referral=None)
    _empty(Referral, pk__in=referrals)
    _empty(KeepApart, Q(one__in=parties) | Q(other__in=parties))
    _empty(NeverOffered, party__in=parties)
    _empty(Party, pk__in=parties)
    _empty(Case, pk__in=cases)
    return len(cases)


def _empty(model: Any, *which: Q, **more: Any) -> None:
    rows = model.objects.filter(*which, **more).order_by()
    rows._raw_delete(rows.db)


HELD = {"case": "pk", "person": "parties__person"}
retention.rule(
    Rule(
        key="programmes.cases",
        what=_("Court cases: who was referred, needs, places, attendance, consents, meetings, returns"),
        term=_("6 years after the last thing that happened in the case, unless the operator set another"),
        due=over,
        erase=erase_cases,
        holds=HELD,
        takes=_take,
    )
)
retention.rule(
    Rule(
        key="programmes.never_joined",
        what=_("Court cases in which nobody ever used their link"),
        term=_("24 months after the last referral was made or withdrawn"),
        due=never_begun,
        erase=erase_cases,
        holds=HELD,
        takes=_take,
    )
)

# ---------------------------------------------------------------- what goes earlier

retention.rule(
    Rule(
        key="programmes.needs",
        what=_("What somebody needs in order to take part"),
        term=_("12 months after the referral ended"),
        due=lambda at: Needs.objects.filter(referral__ended_at__lte=months_before(at, NEEDS)),
        erase=rows_of(Needs),
        holds=OF_A_CASE,
    )
)
retention.rule(
    Rule(
        key="programmes.workshops",
        what=_("Workshops in which nobody is named any more"),
        term=_("6 years after they took place"),
        due=lambda at: Workshop.objects.filter(
            ~Exists(Booking.objects.filter(workshop=OuterRef("pk"))),
            starts_at__lte=months_before(at, 12 * settings.PROGRAMME_CASE_YEARS),
        ),
        erase=rows_of(Workshop),
    )
)


def old_rows(at: datetime) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(of__kept_until__lte=at).exclude(of__state=Import.State.STARTED)


def _take_files(rows: Sequence[Any]) -> None:
    """An import that is held cannot be started."""
    files_of = Import.objects.filter(pk__in=ImportRow.objects.filter(pk__in=rows).order_by().values("of"))
    list(files_of.order_by("pk").select_for_update().values_list("pk", flat=True))


def forget_rows(keys: Sequence[Any], at: datetime) -> int:
    """An import some of whose rows are gone is not started any more."""
    rows = ImportRow.objects.filter(pk__in=keys).order_by()
    waits = Import.objects.filter(pk__in=list(rows.values_list("of", flat=True)), state=Import.State.CHECKED)
    waits.update(state=Import.State.EXPIRED, ended_at=at)
    return rows.delete()[0]


retention.rule(
    Rule(
        key="programmes.import_rows",
        what=_("Rows of files of referrals"),
        term=_("when nobody needs them any more: 7 days after the file was sent in"),
        due=old_rows,
        erase=forget_rows,
        holds=OF_A_CASE,
        takes=_take_files,
    )
)

# ---------------------------------------------------------------- legal holds


@holds.finder("case")
def find(text: str) -> holds.Found | None:
    """By the number of the case, however it is written."""
    try:
        return Case.objects.filter(reference=referring.tidy_reference(text)).values_list("pk", "reference").first()
    except referring.WrongReference:
        return None


@holds.names("case")
def name_of(number: int, before: datetime) -> str | None:
    return Case.objects.filter(pk=number, made_at__lt=before).values_list("reference", flat=True).first()


@holds.lines("case")
def lines(case: int) -> list[str]:
    referrals = Referral.objects.filter(party__case=case).order_by().values_list("pk", flat=True)
    enrolments = Enrolment.objects.filter(case=case).order_by().values_list("pk", flat=True)
    names = [f"case:{reference}" for reference in Case.objects.filter(pk=case).values_list("reference", flat=True)]
    return names + [f"referral:{pk}" for pk in referrals] + [f"enrolment:{pk}" for pk in enrolments]


holds.own("case")(own_cases.of)
