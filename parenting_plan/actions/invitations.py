"""The way in for the second parent (product decisions 12 and 14; trust 5.3).

Whoever is invited can say no, or nothing, without an account, and the inviter sees the same either way.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from hub import clock, mail
from hub.codes import code, fingerprint, new_salt, tidy_code
from parenting_plan import emails
from parenting_plan.actions.private import report
from parenting_plan.actions.turn import CannotInvite, InvitationGone, Stale, TooMany, Turn, turn, write_event
from parenting_plan.models import Invitation, Party, Plan, Role

CODE_LETTERS = 12  # 60 bits, tried at most ten times an hour


def limit(plan: Plan, by: Party, at: datetime, *, email: str = "") -> str:
    """ "all" when this parent can ask no more, "today" when not until tomorrow, else nothing.

    What they asked in their other plans counts too, so that a new plan is no way to write to somebody once more.
    """
    asked = Invitation.objects.filter(by__user=by.user_id) if by.user_id else plan.invitations.all()
    unwanted = asked.exclude(outcome=Invitation.Outcome.JOINED)
    most = settings.PLAN_INVITATIONS_PER_PLAN
    if plan.invitations.count() >= most or (email and unwanted.filter(mark=Invitation.mark_of(email)).count() >= most):
        return "all"
    today = asked.filter(created_at__gt=at - timedelta(days=1)).count()
    return "today" if today >= settings.PLAN_INVITATIONS_PER_DAY else ""


def _new_invitation(now: Turn, way: str, *, email: str = "", secret: str = "") -> Invitation:
    plan = now.plan
    if any(party.role == Role.B for party in now.parties) or not plan.may_be_shared:
        raise CannotInvite
    if limit(plan, now.party, now.at, email=email):
        raise TooMany
    plan.invitations.filter(outcome="").update(outcome=Invitation.Outcome.REPLACED, answered_at=now.at)
    invitation = Invitation(
        plan=plan,
        by=now.party,
        way=way,
        email=email,
        mark=Invitation.mark_of(email) if email else "",
        salt=new_salt(),
        created_at=now.at,
        expires_at=now.at + timedelta(days=settings.PLAN_INVITATION_DAYS),
    )
    invitation.secret_hash = fingerprint(secret or invitation.token())
    invitation.save()
    return invitation


def invite_by_email(
    *, plan: Plan, by: Party, email: str, submit_key: str | None = None, at: datetime | None = None
) -> Invitation:
    """Send a one-time link, good for 14 days, to an address. Only that address, once verified, can use it.

    Raises CannotInvite, TooMany, NotShared. Never says whether the address has an account.
    """
    email = User.objects.normal_email(email)
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        if email == by.user.email:
            raise CannotInvite
        invitation = _new_invitation(now, Invitation.Way.EMAIL, email=email)
        now.write("invited", body={"way": invitation.way}, submit_key=submit_key)
        mail.put(
            kind="parenting_plan/invited",
            key=f"invitation:{invitation.pk}",
            to=email,
            facts={"invitation": invitation.pk},
        )
        return invitation


def invite_by_code(
    *, plan: Plan, by: Party, submit_key: str | None = None, at: datetime | None = None
) -> tuple[Invitation, str]:
    """Make a code to hand over in person. It is shown this once; only its hash is kept."""
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        secret = code(CODE_LETTERS)
        invitation = _new_invitation(now, Invitation.Way.CODE, secret=secret)
        now.write("invited", body={"way": invitation.way}, submit_key=submit_key)
        return invitation, secret


def find_invitation(secret: str, at: datetime, *, way: str | None = None) -> Invitation:
    """The open invitation of a link's token or a written code. Raises InvitationGone, always the same.

    `way` says where the secret was given, so that a code cannot be tried as a link, past the limit on tries.
    """
    hashes = [fingerprint(secret.strip()), fingerprint(tidy_code(secret))]
    return _still_open(at, secret_hash__in=hashes, way__in=[way] if way else Invitation.Way.values)


def same_invitation(pk: int, at: datetime) -> Invitation:
    """The invitation found before, if it still stands. Raises InvitationGone."""
    return _still_open(at, pk=pk)


def _still_open(at: datetime, **which) -> Invitation:
    found = Invitation.objects.filter(outcome="", expires_at__gt=at, plan__ended_at=None, plan__paused_at=None, **which)
    invitation = found.select_related("plan", "by__user").first()
    if invitation is None or not invitation.plan.may_be_shared or invitation.by.user is None:
        raise InvitationGone
    return invitation


def gate_stands(party: Party, at: datetime) -> bool:
    """Whether this parent came through the safety questions, and not too long ago."""
    return party.gate_passed_at is not None and at < party.gate_passed_at + timedelta(days=settings.PLAN_GATE_DAYS)


def pass_gate(*, party: Party, at: datetime | None = None) -> None:
    """Keep the time at which this parent came through the safety questions. Never what they said."""
    Party.objects.filter(pk=party.pk).update(gate_passed_at=at or clock.now())


def close_gate(*, party: Party, at: datetime | None = None) -> None:
    """Sharing stays off until the questions are answered again: an invitation that is out there stops working."""
    with transaction.atomic():
        plan = Plan.objects.hold(party.plan_id)
        Party.objects.filter(pk=party.pk).update(gate_passed_at=None)
        plan.invitations.filter(outcome="", by=party).update(
            outcome=Invitation.Outcome.REPLACED, answered_at=at or clock.now()
        )


def answer_invitation(*, invitation: Invitation, outcome: str, at: datetime | None = None) -> None:
    """Say no (`DECLINED`), `UNKNOWN` or `UNSAFE`, without an account. The inviter sees nothing of it.

    The last two reach staff. Any of the three also ends an emailed link and stops later invitations from this inviter
    to this address, unseen. A code stays as it was: the inviter knows it too, and could type it in to see.
    """
    outcome = Invitation.Outcome(outcome)
    if outcome not in {Invitation.Outcome.DECLINED, Invitation.Outcome.UNKNOWN, Invitation.Outcome.UNSAFE}:
        raise ValueError(outcome)
    with transaction.atomic():
        Plan.objects.hold(invitation.plan_id)  # first, as everywhere: else joining at the same moment is a deadlock
        at = at or clock.now()
        held = Invitation.objects.select_for_update().filter(pk=invitation.pk, outcome="", expires_at__gt=at).first()
        if held is None:
            raise InvitationGone
        if held.way == Invitation.Way.EMAIL:
            held.outcome, held.answered_at = outcome, at
            held.save(update_fields=["outcome", "answered_at"])
        if outcome != Invitation.Outcome.DECLINED:
            note = report(kind=outcome.value, at=at)
            note.plan = held.plan
            note.save(update_fields=["plan"])


def join(
    *,
    invitation: Invitation,
    user: User,
    has_verified: bool,
    came_through_gate: bool = False,
    at: datetime | None = None,
) -> Party:
    """Become the second parent. By email: only the invited, verified address. By code: the inviter confirms afterwards.

    Raises InvitationGone for everything that is not exactly right, so that nothing can be learnt by trying. Whoever
    has joined with this very invitation may say so again: a double click joins once.
    """
    with transaction.atomic():
        plan = Plan.objects.hold(invitation.plan_id)
        at = at or clock.now()
        if done := Party.objects.filter(
            pk__in=plan.invitations.filter(pk=invitation.pk).values("joined"), user=user
        ).first():
            return done
        held = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("by__user")
            .filter(pk=invitation.pk, outcome="", expires_at__gt=at)
            .first()
        )
        if held is None or not plan.still_shared or not plan.may_be_shared or not has_verified:
            raise InvitationGone
        if plan.parties.filter(role=Role.B).exists() or plan.parties.filter(user=user).exists() or not user.is_parent:
            raise InvitationGone
        by_email = held.way == Invitation.Way.EMAIL
        if by_email and held.email != user.email:
            raise InvitationGone
        party = Party.objects.create(
            plan=plan,
            user=user,
            role=Role.B,
            joined_at=at,
            confirmed_at=at if by_email else None,
            gate_passed_at=at if came_through_gate else None,
        )
        held.outcome, held.answered_at, held.joined = Invitation.Outcome.JOINED, at, party
        held.save()
        if by_email:
            _welcome(plan, held.by, party, at)
        else:
            mail.put(
                kind="parenting_plan/confirm_joiner",
                key=f"joiner:{held.pk}",
                person=held.by.user,
                facts={"plan": plan.pk, "path": emails.address_of(plan)},
            )
        return party


def _welcome(plan: Plan, inviter: Party, party: Party, at: datetime) -> None:
    event = write_event(plan, kind="joined", role=party.role, at=at)
    now = Turn(plan=plan, party=party, parties=[inviter, party], at=at)
    now.tell(inviter, event, emails.address_of(plan))
    now.redraw()


def confirm_joiner(*, plan: Plan, by: Party, submit_key: str | None = None, at: datetime | None = None) -> None:
    """The inviter says: yes, that is who I gave the code to. Only now does the joiner see anything of the plan."""
    with turn(plan, by=by, at=at) as now:
        joiner = next((party for party in now.parties if party.role == Role.B and not party.confirmed_at), None)
        if joiner is None:
            return
        if not now.plan.may_be_shared:
            raise CannotInvite
        joiner.confirmed_at = now.at
        joiner.save(update_fields=["confirmed_at"])
        event = write_event(now.plan, kind="joined", role=joiner.role, at=now.at, submit_key=submit_key)
        now.tell(joiner, event, emails.address_of(now.plan))
        now.redraw()


def turn_away_joiner(*, plan: Plan, by: Party, at: datetime | None = None) -> None:
    """The inviter says: I do not know this person. They are out, never having seen a word, and staff are told."""
    with turn(plan, by=by, at=at) as now:
        joiner = next((party for party in now.parties if party.role == Role.B and not party.confirmed_at), None)
        if joiner is None:
            if now.other is not None:  # confirmed from another tab: they cannot be turned away any more, only left
                raise Stale
            return
        now.plan.invitations.filter(joined=joiner).update(
            outcome=Invitation.Outcome.NOT_THEM, joined=None, answered_at=now.at
        )
        joiner.delete()
        report(kind="unknown", party=now.party, at=now.at)
