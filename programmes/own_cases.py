"""Cases a member of staff has a part in themselves: they find, open and change nothing of them (trust T14).

This is the one place that says which. Staff pages leave their rows out (programmes.admin.common.CaseDesk), and an
address typed by hand leads to the same page as one that never was, so that nobody learns from it how their own case
goes on.
"""

from collections.abc import Collection, Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from accounts import conflicts
from accounts.models import Conflict, User
from hub import audit
from programmes.models import Case, Party
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
