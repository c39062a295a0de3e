"""The negotiation: commit, counter, agree, withdraw, set aside. The rules are in states; here they meet the rows."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from parenting_plan import emails, questions, states
from parenting_plan.actions.turn import NotShared, PutAway, Stale, TooMany, Turn, check_key, turn
from parenting_plan.models import Clause, Draft, Party, Plan, PlanEvent, Proposal, SafetyReport
from parenting_plan.states import Move

SENDABLE = {"words", "not_needed"}  # a draft may also say "not sure"


def _part(now: Turn, key: str) -> Clause:
    """The part's row under the plan's lock; made the first time somebody writes about it."""
    if key not in questions.by_key():
        raise Stale
    Clause.objects.get_or_create(plan=now.plan, question=key)
    return (
        Clause.objects.select_for_update(of=("self",))
        .select_related("open__by", "agreed__by")
        .get(plan=now.plan, question=key)
    )


def _check(move: Move, part: Clause, now: Turn) -> states.State:
    return states.check(
        move,
        states.State(part.state),
        by=now.party.role,
        author=part.open.by.role if part.open else None,
        rests_until=part.rests_until,
        at=now.at,
        parents=sum(1 for party in now.parties if party.confirmed_at),
        words_in_force=part.agreed_id is not None,
    )


def _same_as_seen(part: Clause, *, version: int, digest: str | None = None) -> None:
    """Refuse when the part moved on since the person saw it, or the words differ from the ones they saw."""
    if part.version != version:
        raise Stale
    if digest is not None and (part.open is None or part.open.what_was_shown() != digest):
        raise Stale


def _in_sight(part: Clause, now: Turn) -> None:
    """Refuse an answer to words that are put away for the person who answers."""
    if SafetyReport.objects.hiding_from(now.party).filter(about=part.open_id).exists():
        raise PutAway


def _draft_as_seen(now: Turn, key: str, draft_version: int | None) -> None:
    """Refuse to send words whose draft moved on since: sending them would throw the newer ones away."""
    if draft_version is None:
        return
    if not Draft.objects.filter(party=now.party, question=key, version=draft_version).exists():
        raise Stale


def _close(part: Clause, ending: str, at: datetime) -> None:
    part.open.ending, part.open.ended_at = ending, at
    part.open.save(update_fields=["ending", "ended_at"])
    part.open = None


def _land(part: Clause, state: states.State) -> None:
    part.state = state
    if state != states.State.SET_ASIDE:
        part.aside, part.set_aside_by = "", None
    part.version += 1
    part.save(update_fields=None if part._state.adding else Clause.MAY_CHANGE)


def _send(part: Clause, now: Turn, *, value: dict, note: str, state: states.State) -> Proposal:
    """The new open suggestion of a part, numbered after the last. Raises ValueError for what cannot be agreed to."""
    if value.get("kind") not in SENDABLE or (value["kind"] == "not_needed" and len(value) > 1):
        raise ValueError("Only words, or that the question is not needed, can be sent.")
    question = questions.by_key()[part.question]
    proposal = Proposal(
        clause=part,
        number=part.proposals.count() + 1,
        by=now.party,
        value=value,
        note=note,
        asked=question.title,
        asked_version=question.version,
        committed_at=now.at,
    )
    proposal.digest = proposal.what_was_shown()
    proposal.save()
    part.open = proposal
    _land(part, state)
    Draft.objects.filter(party=now.party, question=part.question).delete()
    return proposal


def _body(proposal: Proposal) -> dict:
    """What the record keeps of a suggestion: everything its reader sees."""
    return {
        "asked": proposal.asked,
        "asked_version": proposal.asked_version,
        "value": proposal.value,
        "note": proposal.note,
        "digest": proposal.digest,
    }


def _room_for(now: Turn, count: int) -> None:
    """Refuse harassment by volume: at most so many times in a day may one parent cause the other to be told."""
    sent = PlanEvent.objects.filter(
        plan=now.plan,
        role=now.party.role,
        kind__in=["suggestion", "counter", "set_aside"],
        at__gt=now.at - timedelta(days=1),
    ).count()
    if sent + count > settings.PLAN_COMMITS_PER_DAY:
        raise TooMany


def _commit(now: Turn, *, key: str, value: dict, note: str, version: int, submit_key: str | None) -> PlanEvent:
    part = _part(now, key)
    alone = sum(1 for party in now.parties if party.confirmed_at) == 1
    rewriting = alone and part.open is not None
    state = _check(Move.REWRITE if rewriting else Move.COMMIT, part, now)
    _same_as_seen(part, version=version)
    if rewriting:
        _close(part, Proposal.Ending.REWRITTEN, now.at)
    proposal = _send(part, now, value=value, note=note, state=state)
    event = now.write(
        "rewritten" if rewriting else "suggestion",
        part=key,
        proposal=proposal.number,
        body=_body(proposal),
        submit_key=submit_key,
    )
    if alone:
        now.redraw()
    now.tell(now.other, event, emails.address_of_part(now.plan, key))
    return event


def commit(
    *,
    plan: Plan,
    question: str,
    by: Party,
    value: dict,
    note: str = "",
    version: int,
    draft_version: int | None = None,
    submit_key: str | None = None,
    at: datetime | None = None,
) -> PlanEvent:
    """Send a suggestion to the other parent (or into the plan, while working alone). The draft becomes the suggestion.

    `draft_version` is the version of the draft whose words these are: one saved since, in another tab, is not lost.
    Raises states.AtRest, NotNow, Stale, TooMany, NotShared or AlreadyDone; then nothing is written.
    """
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        _room_for(now, 1)
        _draft_as_seen(now, question, draft_version)
        return _commit(now, key=question, value=value, note=note, version=version, submit_key=submit_key)


def commit_drafts(
    *, plan: Plan, by: Party, chosen: dict[str, tuple[int, int]], submit_key: str, at: datetime | None = None
) -> tuple[list[PlanEvent], dict[str, states.Refused]]:
    """Send several drafts in one go. `chosen` maps a question to (part version, draft version) as the person saw them.

    What cannot be sent stays a draft and comes back with its reason; the rest is sent. The same form again is given the
    same answer, even when the plan has stopped since. Raises NotShared, TooMany and Stale.
    """
    check_key(submit_key)
    try:
        return _commit_drafts(plan=plan, by=by, chosen=chosen, submit_key=submit_key, at=at)
    except NotShared:
        if done := _sent_before(plan, by, submit_key):
            return done, {}
        raise


def _sent_before(plan: Plan, by: Party, submit_key: str) -> list[PlanEvent]:
    return list(PlanEvent.objects.filter(plan=plan, role=by.role, submit_key__startswith=f"{submit_key}:"))


def _commit_drafts(
    *, plan: Plan, by: Party, chosen: dict[str, tuple[int, int]], submit_key: str, at: datetime | None
) -> tuple[list[PlanEvent], dict[str, states.Refused]]:
    sent: list[PlanEvent] = []
    kept: dict[str, states.Refused] = {}
    with turn(plan, by=by, at=at) as now:
        if done := _sent_before(now.plan, by, submit_key):
            return done, {}
        if PlanEvent.objects.filter(submit_key__in=[f"{submit_key}:{key}" for key in chosen]).exists():
            raise Stale
        _room_for(now, len(chosen))
        for key, (version, draft_version) in chosen.items():
            draft = Draft.objects.filter(party=by, question=key).first()
            try:
                if draft is None or draft.version != draft_version or not draft.can_be_sent:
                    raise Stale
                with transaction.atomic():
                    sent.append(
                        _commit(
                            now,
                            key=key,
                            value=draft.to_send,
                            note=draft.note,
                            version=version,
                            submit_key=f"{submit_key}:{key}",
                        )
                    )
            except states.Refused as refused:
                kept[key] = refused
                now.plan.refresh_from_db(fields=["event_count", "head"])
    return sent, kept


def counter(
    *,
    plan: Plan,
    question: str,
    by: Party,
    value: dict,
    note: str = "",
    version: int,
    digest: str,
    draft_version: int | None = None,
    submit_key: str | None = None,
    at: datetime | None = None,
) -> PlanEvent:
    """Answer the open suggestion, exactly as seen, with other words. Raises as commit does, and states.NotYours."""
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        _room_for(now, 1)
        _draft_as_seen(now, question, draft_version)
        part = _part(now, question)
        state = _check(Move.COUNTER, part, now)
        _same_as_seen(part, version=version, digest=digest)
        _in_sight(part, now)
        _close(part, Proposal.Ending.COUNTERED, now.at)
        proposal = _send(part, now, value=value, note=note, state=state)
        event = now.write(
            "counter", part=question, proposal=proposal.number, body=_body(proposal), submit_key=submit_key
        )
        now.tell(now.other, event, emails.address_of_part(now.plan, question))
        return event


def agree(
    *,
    plan: Plan,
    question: str,
    by: Party,
    version: int,
    digest: str,
    submit_key: str | None = None,
    at: datetime | None = None,
) -> PlanEvent:
    """Agree to exactly the words whose digest this is. They come into force and rest for settings.PLAN_REST.

    Raises Stale when anything changed since the person saw them, and PutAway; then nothing is written.
    """
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        part = _part(now, question)
        state = _check(Move.AGREE, part, now)
        _same_as_seen(part, version=version, digest=digest)
        _in_sight(part, now)
        proposal = part.open
        _close(part, Proposal.Ending.AGREED, now.at)
        part.agreed, part.agreed_by, part.agreed_at = proposal, now.party, now.at
        part.rests_until = now.at + settings.PLAN_REST
        part.rest_told = False
        _land(part, state)
        Draft.objects.filter(party=now.party, question=question).delete()
        event = now.write(
            "agreed",
            part=question,
            proposal=proposal.number,
            body={"digest": proposal.digest, "rests_until": part.rests_until.isoformat()},
            submit_key=submit_key,
        )
        now.redraw()
        now.tell(now.other, event, emails.address_of_part(now.plan, question))
        return event


def withdraw(
    *, plan: Plan, question: str, by: Party, version: int, submit_key: str | None = None, at: datetime | None = None
) -> PlanEvent:
    """Take one's own suggestion back before it is answered. Its words become a draft again, so none are lost."""
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        part = _part(now, question)
        state = _check(Move.WITHDRAW, part, now)
        _same_as_seen(part, version=version)
        proposal = part.open
        _close(part, Proposal.Ending.WITHDRAWN, now.at)
        _land(part, state)
        Draft.objects.get_or_create(
            party=now.party,
            question=question,
            defaults={"value": proposal.value, "note": proposal.note, "saved_at": now.at},
        )
        event = now.write("withdrawn", part=question, proposal=proposal.number, submit_key=submit_key)
        if now.other is None:
            now.redraw()
        now.tell(now.other, event, emails.address_of_part(now.plan, question))
        return event


def set_aside(
    *,
    plan: Plan,
    question: str,
    by: Party,
    aside: str,
    version: int,
    digest: str | None = None,
    submit_key: str | None = None,
    at: datetime | None = None,
) -> PlanEvent:
    """Say that this part needs help (`Clause.Aside.HELP`) or the court (`COURT`). Words in force stay in force.

    `digest` is required when a suggestion is open: setting it aside is an answer to exactly that suggestion.
    """
    with turn(plan, by=by, at=at, submit_key=submit_key) as now:
        _room_for(now, 1)
        part = _part(now, question)
        state = _check(Move.SET_ASIDE, part, now)
        _same_as_seen(part, version=version, digest=digest if part.open is None else digest or "")
        number = None
        if part.open:
            number = part.open.number
            _close(part, Proposal.Ending.SET_ASIDE, now.at)
        part.aside, part.set_aside_by = Clause.Aside(aside), now.party
        _land(part, state)
        event = now.write(
            "set_aside", part=question, proposal=number, body={"aside": part.aside}, submit_key=submit_key
        )
        now.tell(now.other, event, emails.address_of_part(now.plan, question))
        return event
