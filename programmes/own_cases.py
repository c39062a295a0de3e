"""Cases a member of staff has a part in themselves: they find, open and change nothing of them (trust T14).

This is the one place that says which. Staff pages leave their rows out (programmes.admin.common.CaseDesk), and an
address typed by hand leads to the same page as one that never was, so that nobody learns from it how their own case
goes on.
"""

from collections.abc import Collection, Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower

from accounts import conflicts
from accounts.models import Conflict, User
from hub import audit
from programmes.models import Booking, Case, Party
from programmes.models.referrals import AS_COMPARED


def addresses(person: User) -> set[str]:
    """Every address that is theirs, in the one form addresses are kept in."""
    more = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return {User.objects.normal_email(each) for each in (person.email, *more)}


def of(person: User) -> frozenset[int]:
    """The numbers of the cases in which this member of staff is a party, or their address is, or which they named.

    One query. Nearly always empty.
    """
    their_addresses = EmailAddress.objects.filter(user=person).values_list(Lower("email"))
    named = Conflict.objects.filter(person=person, taken_back_at=None).values("about")
    found = Party.objects.filter(person=person).order_by().values_list("case")
    found = found.union(
        Party.objects.filter(email=User.objects.normal_email(person.email)).order_by().values_list("case"),
        Party.objects.filter(email__in=their_addresses).order_by().values_list("case"),
        Case.objects.alias(plain=AS_COMPARED).filter(plain__in=named).order_by().values_list("pk"),
    )
    return frozenset(pk for (pk,) in found)


@conflicts.finds_people
def _people(person: User) -> set[int]:
    """Everybody with a part in one of them, for whoever works on a person and not on a case."""
    parties = Party.objects.filter(case__in=of(person), person__isnull=False).order_by()
    return set(parties.values_list("person_id", flat=True))


def people_with_a_part(cases: QuerySet) -> QuerySet:
    """The other way round: the numbers of whoever has a part in one of these cases, to be asked for within a query.

    `cases` are numbers of cases, as a query.
    """
    parties = Party.objects.filter(case__in=cases).order_by()
    referred = Case.objects.filter(pk__in=cases).order_by().values_list(AS_COMPARED)
    with_address = EmailAddress.objects.alias(plain=Lower("email")).filter(plain__in=parties.values("email"))
    return (
        parties.filter(person__isnull=False)
        .values("person")
        .union(
            User.objects.filter(email__in=parties.values("email")).values("pk"),
            with_address.order_by().values("user"),
            Conflict.objects.filter(about__in=referred, taken_back_at=None).order_by().values("person"),
        )
    )


def led_by_one_of_theirs(workshops: QuerySet, own: Collection[int], viewer: Any) -> QuerySet:
    """Those of these workshops whose facilitator has a part in a case of somebody with a place or a turn there.

    It may have begun after the place was booked: nobody loses a place by it, so that somebody else must lead. Whoever
    looks is shown nothing of workshops they lead, nor of people in `own`, the cases they have a part in themselves.
    Two queries before it is asked, and none after where nobody who leads has such a case.
    """
    led = workshops.exclude(facilitator=None).exclude(facilitator=viewer)
    leaders = led.order_by().values("facilitator")
    words: dict[str, set[int]] = {}  # an address, or a case as compared, to those whose it is
    told = User.objects.filter(pk__in=leaders).values_list("pk", "email")
    for pk, word in told.union(
        EmailAddress.objects.filter(user__in=leaders).order_by().values_list("user", Lower("email")),
        Conflict.objects.filter(person__in=leaders, taken_back_at=None).order_by().values_list("person", "about"),
    ):
        words.setdefault(word, set()).add(pk)
    people = {pk for pks in words.values() for pk in pks}
    none = Value("")
    found = Party.objects.filter(person__in=people).order_by().values_list("case", "person", none)
    found = found.union(
        Party.objects.filter(email__in=words).order_by().values_list("case", Value(0), "email"),
        Case.objects.annotate(plain=AS_COMPARED)
        .filter(plain__in=words)
        .order_by()
        .values_list("pk", Value(0), "plain"),
    )
    cases: dict[int, set[int]] = {}  # of each who leads
    for case, person, word in found if words else ():
        for pk in words.get(word, ()) if word else (person,):
            cases.setdefault(pk, set()).add(case)
    asked = Q(pk__in=[])
    for pk, theirs in cases.items():
        met = Party.objects.filter(case__in=theirs, person__isnull=False).order_by().values("person")
        there = Booking.objects.filter(workshop=OuterRef("pk"), state__in=[Booking.State.BOOKED, Booking.State.WAITING])
        there = without(there, "referral__party__case", own)
        same = Q(referral__party__case__in=theirs) | Q(referral__party__person__in=met)
        asked |= Q(Exists(there.filter(same)), facilitator=pk)
    return led.filter(asked)


def named(person: User, references: Iterable[str]) -> set[str]:
    """Those of these references that this member of staff has named as a case of their own, also of cases not here."""
    theirs = set(Conflict.objects.filter(person=person, taken_back_at=None).values_list("about", flat=True))
    return {each for each in references if conflicts.normal(each) in theirs} if theirs else set()


def is_own(person: User, reference: str, email: str) -> bool:
    """The same for a case that may not be here yet: by its reference, or by the address of somebody in it."""
    known = Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
    return email in addresses(person) or known in of(person) or bool(named(person, [reference]))


def without(rows: QuerySet, case_at: str, own: Collection[int]) -> QuerySet:
    """These rows but for those of own cases. `case_at` is the way from a row to its case ("party__case")."""
    return rows.exclude(Q(**{f"{case_at}__in": own})) if own else rows


def refused(person: Any, about: str) -> None:
    """Somebody asked for something of a case of their own."""
    audit.record(person=person, what="refused own case", about=about)
