"""Closing an account for good: shut at once and whole; what is left of it is erased by a worker (trust T21).

What the person shares stays whole for the other parent, with the role in place of the name (product decision 7). A
legal hold keeps the second step only, so that nobody outside the staff can tell: the same address is free again, every
door answers the same, and the other parent has got the same.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import DataCopy, User
from accounts.signals import renamed
from hub import audit, clock, files, mail, own_data, retention
from hub.bell import ring_on_commit
from hub.models import Notice, OutgoingMail

KEY, AGAIN = "accounts.closed", "accounts.closed_again"
# What another tab may have begun while the account was closed, and others may notice, by the names under which other
# apps point at a person: a plan they have not left, a place in a workshop.
PLAN = Q(parties__isnull=False, parties__left_at=None)
PLACE = Q(case_parties__referrals__bookings__state__in=["booked", "waiting"])
ON_RECORD = "close account for good"  # what its line on record says: accounts.rights.remembering looks for it


class StaffAccount(Exception):
    """Accounts of staff are stopped by whoever looks after them: see accounts.staff.actions."""


def is_of_staff(person: User) -> bool:
    """Whether this is the account of somebody who works here, or of somebody with any power."""
    return person.kind == User.Kind.STAFF or person.is_staff or person.is_superuser


def close(
    person: User, *, by: User | None = None, reason: str = "", at: datetime | None = None, tells: bool = True
) -> bool:
    """Close this account. Nobody can bring it back; the very next request of every session fails.

    `by` is of the staff, with a reason, when they do it for somebody who asked; else it is the person themself. The
    person is told at the address they had, unless they were told when it was closed the first time (`tells`). Returns
    whether this call did it: two at once are one. Raises StaffAccount.
    """
    with transaction.atomic():
        # Held without its key: whoever writes to this person meanwhile holds a plan that is needed here next.
        held = User.objects.select_for_update(no_key=True).filter(pk=person.pk, closed_at=None).first()
        if held is None:
            return False
        if is_of_staff(held):
            raise StaffAccount
        at = at or clock.now()
        own_data.close(held, at)
        _forget_copies(held)
        _forget_news(held)
        _forget_ways_in(held)
        address = _shut(held, at)  # last: from here on whoever writes to them waits
        if tells:
            mail.put(
                kind="accounts/account_closed",
                key=f"account-closed:{held.pk}",
                to=address,
                facts={"path": reverse("contact")},
            )
        audit.record(person=by or held, what=ON_RECORD, about=f"user:{held.pk}", reason=reason)
        ring_on_commit("accounts.tasks.erase_closed")
    return True


def _forget_copies(held: User) -> None:
    copies = DataCopy.objects.filter(person=held)
    for copy in copies.select_for_update():  # one that is being written is there when we have it
        if copy.sha256:
            transaction.on_commit(partial(files.forget, copy.sha256, passing=True), robust=True)
    copies.delete()


def _forget_news(held: User) -> None:
    """What they were told, and every letter about the account: codes of those that wait open nothing now, and a new
    account with one of these addresses must not find those that have left.
    """
    Notice.objects.filter(person=held).delete()
    theirs = {held.email, *EmailAddress.objects.filter(user=held, verified=True).values_list("email", flat=True)}
    about_it = Q(to__in=theirs, kind__startswith="accounts/")
    OutgoingMail.objects.filter(Q(person=held) | about_it).delete()


def _forget_ways_in(held: User) -> None:
    EmailAddress.objects.filter(user=held).delete()
    Authenticator.objects.filter(user=held).delete()
    for session in UserSession.objects.filter(user=held):
        session.end()  # with what lay in it: allauth keeps the address there


def _shut(held: User, at: datetime) -> str:
    """Nothing of the account says whose it was. Returns the address it had."""
    address = held.email
    held.email = f"closed-{held.pk}@closed.invalid"
    held.first_name = ""
    held.set_unusable_password()
    held.is_active = held.wants_alerts = False
    held.last_login = None
    held.closed_at = at
    held.session_round += 1
    held.save()
    renamed.send(sender=None, person=held)
    return address


# ---------------------------------------------------------------- what is left


def waiting(at: datetime) -> QuerySet:
    """Closed accounts that are not erased yet."""
    return User.objects.filter(closed_at__lte=at)


def begun(at: datetime) -> QuerySet:
    """Those of them that are still in a plan, or have a place in a workshop to come."""
    to_come = PLACE & Q(case_parties__referrals__bookings__workshop__starts_at__gt=at)
    return waiting(at).filter(pk__in=User.objects.filter(PLAN | to_come, closed_at__lte=at).values("pk"))


def close_again(keys: Sequence[int], at: datetime) -> int:
    """Has these closed accounts leave what they are in, in the caller's transaction. Returns how many."""
    people = list(User.objects.filter(pk__in=keys, closed_at__isnull=False))
    for person in people:
        own_data.close(person, at)
    return len(people)


def erase(keys: Sequence[int], at: datetime) -> int:
    """Erase these closed accounts with all that hangs on them, in the caller's transaction. Returns how many."""
    people = list(User.objects.filter(pk__in=keys, closed_at__isnull=False))
    close_again(list(begun(at).filter(pk__in=keys).values_list("pk", flat=True)), at)
    for person in people:
        own_data.erase(person)
    User.objects.filter(pk__in=[person.pk for person in people]).delete()
    return len(people)


retention.rule(
    retention.Rule(
        key=KEY,
        what=_("Closed accounts, with everything that was that person’s alone"),
        term=_("At once"),
        due=waiting,
        erase=erase,
        holds={"person": "pk"},
    )
)
retention.rule(  # without it a hold would show: who is closed and held would stay in that plan
    retention.Rule(
        key=AGAIN,
        what=_("What a closed account was still in: a plan, a place in a workshop"),
        term=_("At once, also while a legal hold keeps the account"),
        due=begun,
        erase=close_again,
    )
)
