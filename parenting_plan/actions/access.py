"""Letting a professional read the agreed plan: by one parent, for 30 days, taken back at once (product decision 13).

None of this is written on the shared record: its length would tell the other parent that something happened.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from hub import clock, mail
from parenting_plan import emails, record
from parenting_plan.actions.turn import CannotInvite, NotShared, TooMany
from parenting_plan.models import Grant, Opening, Party, Plan

MOST_AT_ONCE = 10
MOST_IN_A_DAY = 10  # each sends a mail to somebody who did not ask for it


def grant(*, plan: Plan, by: Party, email: str, at: datetime | None = None) -> Grant:
    """Let the person of this address read the agreed plan for 30 days; granting again renews. They are sent a mail.

    Works in a plan that is paused or that the other parent has left: agreed words stay readable, and a refusal would
    tell one of these from the other. Raises NotShared once one has left oneself, TooMany, and CannotInvite for one's
    own address. The other parent's address is taken like any other and opens nothing, so that nobody can find out by
    trying which address is theirs.
    """
    email = User.objects.normal_email(email)
    with transaction.atomic():
        plan = Plan.objects.hold(plan.pk)
        parties = Party.objects.select_for_update(of=("self",)).select_related("user")
        party = parties.filter(pk=by.pk, confirmed_at__isnull=False, left_at=None).first()
        if party is None:
            raise NotShared
        if party.user and party.user.email == email:
            raise CannotInvite
        at = at or clock.now()
        expires_at = at + timedelta(days=settings.PLAN_PROFESSIONAL_DAYS)
        granted = Grant.objects.filter(plan=plan, by=party, email=email, revoked_at=None).first()
        if granted is None:
            mine = Grant.objects.filter(plan=plan, by=party)
            today = Grant.objects.filter(by__user=party.user_id, created_at__gt=at - timedelta(days=1))  # in every plan
            if mine.in_force(at).count() >= MOST_AT_ONCE or today.count() >= MOST_IN_A_DAY:
                raise TooMany
            granted = Grant.objects.create(plan=plan, by=party, email=email, created_at=at, expires_at=expires_at)
        else:
            granted.expires_at = expires_at
            granted.save(update_fields=["expires_at"])
        mail.put(
            kind="parenting_plan/professional_access",
            key=f"grant:{party.pk}:{record.digest(email)[:24]}:{at:%Y%m%d}",  # one in a day, however often it is given
            to=email,
            facts={"grant": granted.pk, "path": emails.address_for_professionals()},
        )
        return granted


def revoke(*, granted: Grant, by: Party, at: datetime | None = None) -> None:
    """Take access back. The very next request of the professional fails."""
    Grant.objects.filter(pk=granted.pk, by=by, revoked_at=None).update(revoked_at=at or clock.now())


def note_opening(*, granted: Grant, what: str, at: datetime | None = None) -> Opening:
    """Write down that the professional read or downloaded the plan, for the parent who let them in."""
    return Opening.objects.create(grant=granted, what=Opening.What(what), at=at or clock.now())
