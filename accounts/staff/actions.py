"""Staff accounts come by invitation, hold roles and nothing else, and end when nobody uses them (trust T7, T14).

Every function is one transaction with one line on record: who, whom, what and why. Nobody does anything to themselves,
and somebody who looks after staff accounts is always left.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts import emails, roles
from accounts.models import StaffInvitation, StaffMember, User
from hub import audit, clock, mail
from hub.codes import fingerprint

log = logging.getLogger(__name__)

INVITATION_LASTS = timedelta(days=7)
WARNED_BEFORE = timedelta(days=7)
LOOKS_AFTER_STAFF = "manage_staff"  # of this app


class Refused(Exception):
    """This cannot be done as things stand."""


class NotAWorkAddress(Refused):
    """It belongs to a parent's or professional's account, or to no domain of ours."""


class WorksAlready(Refused):
    """The address belongs to a staff account that is in use."""


class OwnAccount(Refused):
    """Nobody changes or stops themselves."""


class LastOne(Refused):
    """Nobody else could look after staff accounts."""


class NoRole(Refused):
    """At least one role, and each from the table."""


class NothingNew(Refused):
    """It is so already."""


class ChangedMeanwhile(Refused):
    """Their roles are others than were looked at: a colleague was faster."""


class InvitationGone(Refused):
    """It was used, called off, replaced, has run out, or never was: always told the same."""


def is_work_address(email: str) -> bool:
    """Whether this address, in its normal form, is of one of our domains; any is, where none is named."""
    return not settings.HUB_STAFF_DOMAINS or email.rpartition("@")[2] in settings.HUB_STAFF_DOMAINS


# ---------------------------------------------------------------- inviting


def invite(
    *, email: str, role_slugs: Iterable[str], reason: str, by: User | None, at: datetime | None = None
) -> StaffInvitation:
    """Send a link that works once, for seven days, to somebody's work address. An earlier one stops working.

    `by` is None for the operator's command. Raises NotAWorkAddress, WorksAlready, NoRole, Refused.
    """
    email, chosen = User.objects.normal_email(email), _known(role_slugs)
    if not is_work_address(email):
        raise NotAWorkAddress
    at = at or clock.now()
    try:
        with transaction.atomic():
            there = User.objects.filter(email=email).first()
            if there is not None and there.kind != User.Kind.STAFF:
                raise NotAWorkAddress
            if there is not None and there.is_active and there.is_staff:
                raise WorksAlready
            _end(StaffInvitation.objects.filter(email=email), StaffInvitation.Outcome.REPLACED, at)
            invitation = StaffInvitation(
                email=email, roles=chosen, reason=reason, by=by, created_at=at, expires_at=at + INVITATION_LASTS
            )
            invitation.secret_hash = fingerprint(invitation.token())
            invitation.save()
            audit.record(
                person=by, what="invite staff", about=_about(invitation), reason=f"{_titles(chosen)}. {reason}"[:500]
            )
            mail.put(
                kind="accounts/staff_invited",
                key=_about(invitation),
                to=email,
                facts={"invitation": invitation.pk},
            )
    except IntegrityError:  # two people asked for the same address at once: the other's invitation stands
        raise Refused from None
    return invitation


def send_again(invitation: StaffInvitation, *, by: User, at: datetime | None = None) -> StaffInvitation:
    """The same invitation with a new link; the one before stops working. Raises what `invite` does, InvitationGone."""
    if invitation.outcome:
        raise InvitationGone
    return invite(email=invitation.email, role_slugs=invitation.roles, reason=invitation.reason, by=by, at=at)


def call_off(invitation: StaffInvitation, *, by: User, at: datetime | None = None) -> None:
    """The link stops working. Raises InvitationGone when it was answered meanwhile."""
    with transaction.atomic():
        if not _end(StaffInvitation.objects.filter(pk=invitation.pk), StaffInvitation.Outcome.CALLED_OFF, at):
            raise InvitationGone
        audit.record(person=by, what="call staff invitation off", about=_about(invitation))


def find_invitation(token: str, at: datetime) -> StaffInvitation:
    """The open invitation of a link. Raises InvitationGone."""
    return _open(at, secret_hash=fingerprint(token))


def same_invitation(pk: int, at: datetime) -> StaffInvitation:
    """The invitation found before, if it still stands. Raises InvitationGone."""
    return _open(at, pk=pk)


def accept(invitation: StaffInvitation, *, first_name: str, password: str, at: datetime | None = None) -> User:
    """The invited person's account, with the roles of the invitation and no others. Raises InvitationGone.

    A member who was stopped comes back this way, with the second step they had: only somebody else takes that away.
    """
    at = at or clock.now()
    with transaction.atomic():
        held = StaffInvitation.objects.select_for_update().filter(pk=invitation.pk, outcome="", expires_at__gt=at)
        invitation = held.first()
        if invitation is None:
            raise InvitationGone
        person = User.objects.select_for_update().filter(email=invitation.email).first() or User(email=invitation.email)
        if person.pk and (person.kind != User.Kind.STAFF or (person.is_active and person.is_staff)):
            raise InvitationGone
        person.kind, person.is_staff, person.is_active = User.Kind.STAFF, True, True
        person.is_superuser = False
        person.first_name, person.joined_at, person.last_login = first_name, at, None
        person.session_round += 1
        person.set_password(password)
        person.save()
        person.groups.set(_groups(invitation.roles))
        person.user_permissions.clear()  # what somebody gave at the server before
        EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        invitation.outcome, invitation.answered_at = StaffInvitation.Outcome.ACCEPTED, at
        invitation.person = person
        invitation.save(update_fields=["outcome", "answered_at", "person"])
        audit.record(person=person, what="accept staff invitation", about=_of(person), reason=_titles(invitation.roles))
    return person


def _open(at: datetime, **which) -> StaffInvitation:
    found = StaffInvitation.objects.filter(outcome="", expires_at__gt=at, **which).first()
    if found is None:
        raise InvitationGone
    return found


def _end(rows, outcome: StaffInvitation.Outcome, at: datetime | None) -> int:
    return rows.filter(outcome="").update(outcome=outcome, answered_at=at or clock.now())


# ---------------------------------------------------------------- changing and stopping


def change_roles(
    member: User, *, role_slugs: Iterable[str], by: User, reason: str, seen: Iterable[str] | None = None
) -> None:
    """Give this member exactly these roles, from their next click on. `seen` are those they had when it was decided.

    Invitations sent out by somebody who does not look after staff accounts any more are called off. Raises OwnAccount,
    NoRole, NothingNew, ChangedMeanwhile, LastOne.
    """
    chosen = _known(role_slugs)
    with transaction.atomic():
        member, leads = _held(member, by)
        before = set(member.groups.values_list("name", flat=True))
        after = {group.name for group in _groups(chosen)}
        if before == after:
            raise NothingNew
        if seen is not None and {group.name for group in _groups(seen)} != before:
            raise ChangedMeanwhile
        looked_after_staff = _is_lead(member)
        member.groups.set(_groups(chosen))
        _somebody_is_left(leads)
        if looked_after_staff and not _is_lead(member):
            _end(StaffInvitation.objects.filter(by=member), StaffInvitation.Outcome.CALLED_OFF, None)
        told = [f"+ {name}" for name in sorted(after - before)] + [f"- {name}" for name in sorted(before - after)]
        audit.record(person=by, what="change roles", about=_of(member), reason=f"{', '.join(told)}. {reason}"[:500])


def stop(member: User, *, by: User | None, reason: str, what: str = "stop staff account") -> None:
    """Close this account at once: the next click of any of its sessions fails, its password is gone.

    Invitations it sent out, or was sent, are called off, so that nobody comes back by their own. `by` is None when it
    was unused. Raises OwnAccount, NothingNew, LastOne.
    """
    with transaction.atomic():
        member, leads = _held(member, by)
        if not member.is_active:
            raise NothingNew
        member.is_active = False
        member.set_unusable_password()
        member.save(update_fields=["is_active", "password"])
        _somebody_is_left(leads)
        end_sessions(member)
        theirs = StaffInvitation.objects.filter(Q(by=member) | Q(email=member.email))
        _end(theirs, StaffInvitation.Outcome.CALLED_OFF, None)
        audit.record(person=by, what=what, about=_of(member), reason=reason)


def take_second_step_away(member: User, *, by: User, reason: str) -> None:
    """For a lost device: apps, passkeys and spare codes go, sessions end, and the person is told by mail.

    No staff page opens for them until they have set up a new one. Raises OwnAccount, NothingNew.
    """
    with transaction.atomic():
        member, _leads = _held(member, by)
        if not Authenticator.objects.filter(user=member).delete()[0]:
            raise NothingNew
        end_sessions(member)
        emails.put("mfa/email/totp_deactivated", member.email)
        audit.record(person=by, what="take second step away", about=_of(member), reason=reason)


def keep_this_session_only(request, person: User) -> None:
    """Whoever has just added a second step has shown it here. A session that began elsewhere before may never have
    asked for one, and staff pages ask whether the account has it: so it ends. Part of the caller's transaction.
    """
    end_sessions(person)
    person.refresh_from_db(fields=["session_round"])
    update_session_auth_hash(request, person)


def end_sessions(person: User) -> None:
    """Every session of this person fails at its next click. Part of the caller's transaction."""
    User.objects.filter(pk=person.pk).update(session_round=F("session_round") + 1)
    UserSession.objects.filter(user=person).delete()


# ---------------------------------------------------------------- what nobody uses


def unused_since(moment: datetime):
    """Staff accounts in use whose last sign-in, or whose making, was before this moment."""
    return last_used_before(moment).filter(is_active=True)


def last_used_before(moment: datetime):
    """Staff accounts, in use or not, whose last sign-in, or whose making, was before this moment."""
    last = Coalesce("last_login", "joined_at")
    return StaffMember.objects.annotate(last_used=last).filter(last_used__lt=moment)


def look_for_unused(at: datetime | None = None) -> None:
    """Stop accounts that were not used for HUB_STAFF_UNUSED_DAYS, and write to those with a week left.

    May run at any time and twice: what it finds is a query, and each mail has a key of its own.
    """
    at = at or clock.now()
    ends = at - timedelta(days=settings.HUB_STAFF_UNUSED_DAYS)
    for member in unused_since(ends):
        try:
            with transaction.atomic():
                stop(member, by=None, reason="", what="end unused staff account")
                if not last_used_before(ends).filter(pk=member.pk).exists():  # they came in as we looked
                    raise NothingNew
        except LastOne:
            log.warning("the last account that looks after staff is not being used")
        except NothingNew:  # another ring of the bell was quicker
            continue
    for member in unused_since(ends + WARNED_BEFORE).filter(last_used__gte=ends):
        mail.put(
            kind="accounts/staff_unused",
            key=f"staff-unused:{member.pk}:{member.last_used:%Y-%m-%dT%H:%M:%S}",
            to=member.email,
            facts={"path": reverse("admin:index"), "member": member.pk},
        )


# ---------------------------------------------------------------- what all of these use


def leads():
    """Members who may look after staff accounts now."""
    able = Permission.objects.filter(content_type__app_label="accounts", codename=LOOKS_AFTER_STAFF)
    return StaffMember.objects.filter(is_active=True, is_staff=True, groups__permissions__in=able).distinct()


def _is_lead(member: User) -> bool:
    """Whether this member may look after staff accounts now."""
    return leads().filter(pk=member.pk).exists()


def _held(member: User, by: User | None) -> tuple[StaffMember, int]:
    """This member's row, held, and how many look after staff accounts. Their rows are held too, in one order."""
    if by is not None and member.pk == by.pk:
        raise OwnAccount
    names = {*leads().values_list("pk", flat=True), member.pk}
    held = {each.pk: each for each in StaffMember.objects.select_for_update().filter(pk__in=names).order_by("pk")}
    if member.pk not in held:
        raise NothingNew
    return held[member.pk], leads().count()


def _somebody_is_left(before: int) -> None:
    if before and not leads().exists():
        raise LastOne


def _known(slugs: Iterable[str]) -> list[str]:
    """These roles in the order of the table. Raises NoRole for none, or for one that is not there."""
    wanted, table = set(slugs), roles.by_slug()
    if not wanted or wanted - set(table):
        raise NoRole
    return [slug for slug in table if slug in wanted]


def _groups(slugs: Iterable[str]) -> list[Group]:
    """Their groups. A role that has left the table since gives nothing."""
    table = roles.by_slug()
    return list(Group.objects.filter(name__in=[table[slug].title for slug in slugs if slug in table]))


def _titles(slugs: Iterable[str]) -> str:
    table = roles.by_slug()
    return ", ".join(table[slug].title for slug in slugs if slug in table)


def _about(invitation: StaffInvitation) -> str:
    return f"staff-invitation:{invitation.pk}"


def _of(person: User) -> str:
    return f"user:{person.pk}"
