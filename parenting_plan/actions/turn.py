"""One turn at a plan: the row lock, the record, and who hears of it. Every shared action goes through here."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from hub import clock, mail, notices
from hub.bell import ring_on_commit
from hub.codes import new_salt
from parenting_plan import emails, record
from parenting_plan.models import Party, Plan, PlanEvent, PlanEventBody
from parenting_plan.states import Refused


class NotShared(Refused):
    """The plan has ended or is paused: nothing can be written, whoever asks and whatever the cause."""

    reason = "not_shared"


class Stale(Refused):
    """What the person saw is no longer how it is. Their own words are theirs still."""

    reason = "stale"


class PutAway(Refused):
    """Staff put these words away for this reader, who has not brought them back: nobody agrees to what they cannot see.

    Only their reader can ever be told this; the page says no more than that the part is not as it was.
    """

    reason = "put_away"


class DraftChanged(Refused):
    """The draft was saved from another tab or device since this form was opened."""

    reason = "draft_changed"


class TooMany(Refused):
    """More of these than one person may do in a day."""

    reason = "too_many"


class CannotInvite(Refused):
    """Both parents are here, a protective order stands, or the plan is not shared."""

    reason = "cannot_invite"


class InvitationGone(Refused):
    """Used, replaced, run out, answered, or never was. All of these look the same."""

    reason = "invitation_gone"


class AlreadyDone(Exception):
    """This very form was received before and did its work then: the same answer, no second effect."""

    def __init__(self, event: PlanEvent):
        super().__init__("already done")
        self.event = event


@dataclass
class Turn:
    """A plan held by its row lock. Lives as long as the transaction."""

    plan: Plan
    party: Party
    parties: list[Party]
    at: datetime

    @property
    def other(self) -> Party | None:
        """The other parent, once known to be who they should be, and still here."""
        return next((p for p in self.parties if p.role != self.party.role and p.confirmed_at and not p.left_at), None)

    def write(
        self,
        kind: str,
        *,
        part: str = "",
        proposal: int | None = None,
        body: dict | None = None,
        submit_key: str | None = None,
    ) -> PlanEvent:
        """Add one event to the chain and move the plan's head to it."""
        return write_event(
            self.plan,
            kind=kind,
            role=self.party.role,
            at=self.at,
            part=part,
            proposal=proposal,
            body=body,
            submit_key=submit_key,
        )

    def redraw(self) -> None:
        """The words of the PDF changed: have it drawn again once this is saved."""
        self.plan.pdf_due = True
        self.plan.save(update_fields=["pdf_due"])
        ring_on_commit("parenting_plan.tasks.draw_what_is_due")

    def tell(self, person_of: Party | None, event: PlanEvent, address: str, *, kind: str = "") -> None:
        """Put one notice on the other's list and one mail in the outbox, once for this event.

        `kind` is what the news is called when that is not what happened.
        """
        if person_of is None or person_of.user is None or person_of.left_at:
            return
        tell(person_of, key=f"plan-event:{event.pk}", kind=kind or event.kind, address=address, at=self.at)


def tell(party: Party, *, key: str, kind: str, address: str, at: datetime) -> None:
    """One notice and one outgoing mail for one cause and one parent; a second call for the same does nothing."""
    notices.tell(person=party.user, key=key, kind=kind, address=address, at=at)
    mail.put(
        kind=f"parenting_plan/{kind}",
        key=f"{key}:{party.user_id}",
        person=party.user,
        facts={"plan": party.plan_id, "path": address},
        due_at=emails.due_at(party, party.plan_id, at),
    )


def write_event(
    plan: Plan,
    *,
    kind: str,
    role: str,
    at: datetime,
    part: str = "",
    proposal: int | None = None,
    body: dict | None = None,
    submit_key: str | None = None,
) -> PlanEvent:
    """Append to the chain of a plan whose row lock the caller holds."""
    body = body or {}
    salt = new_salt()
    entry = record.Entry(
        plan=plan.reference,
        seq=plan.event_count + 1,
        kind=kind,
        part=part,
        proposal=proposal,
        role=role,
        at=at,
        commitment=record.commitment(salt, body),
        previous=plan.head,
    )
    event = PlanEvent.objects.create(
        plan=plan,
        seq=entry.seq,
        kind=kind,
        part=part,
        proposal=proposal,
        role=role,
        at=at,
        commitment=entry.commitment,
        previous=entry.previous,
        hash=entry.worked_out(),
        submit_key=submit_key,
    )
    PlanEventBody.objects.create(event=event, salt=salt, words=body)
    plan.event_count, plan.head = event.seq, event.hash
    if kind == "joined":
        plan.last_alone_at = None
    elif event.seq == 1 or plan.last_alone_at is not None:
        plan.last_alone_at = at
    plan.save(update_fields=["event_count", "head", "last_alone_at"])
    return event


def check_key(submit_key: str | None) -> None:
    """Refuse, as Stale, a submit key that no form of ours can have carried. None is for callers without a form."""
    if submit_key is not None and not re.fullmatch(r"[\w.:-]{1,40}", submit_key, re.ASCII):
        raise Stale


@contextmanager
def turn(
    plan: Plan, *, by: Party, at: datetime | None = None, submit_key: str | None = None, needs_sharing: bool = True
) -> Iterator[Turn]:
    """Hold the plan's row for one change by one parent.

    Raises AlreadyDone when this submit key has done its work, Stale when it did other work than this parent's here,
    and NotShared when the plan has ended or is paused. `at` is kept in UTC, so that adding hours to it adds elapsed
    hours. The lock order everywhere is: plan row first, then part rows.
    """
    check_key(submit_key)
    with transaction.atomic():
        plan = Plan.objects.hold(plan.pk)
        if submit_key and (event := PlanEvent.objects.filter(submit_key=submit_key).first()):
            if (event.plan_id, event.role) != (plan.pk, by.role):
                raise Stale
            raise AlreadyDone(event)
        parties = list(plan.parties.select_related("user"))
        # who has no account left was closed, or their plan erased, while they pressed
        party = next((p for p in parties if p.pk == by.pk and p.confirmed_at and not p.left_at and p.user_id), None)
        if party is None or (needs_sharing and not plan.still_shared):
            raise NotShared
        yield Turn(plan=plan, party=party, parties=parties, at=(at or clock.now()).astimezone(UTC))
