"""What one parent does alone: drafts and reports. Nothing here reaches the shared record, nor can be told from it."""

from datetime import datetime

from django.db import transaction

from hub import clock
from parenting_plan import questions, states
from parenting_plan.actions.safeguarding import look_by
from parenting_plan.actions.turn import DraftChanged, NotShared, Stale
from parenting_plan.models import Clause, Draft, Party, Plan, Proposal, SafetyReport


def save_draft(
    *,
    party: Party,
    question: str,
    value: dict,
    note: str | None = None,
    version: int | None = None,
    form_key: str = "",
    at: datetime | None = None,
) -> Draft:
    """Keep words for oneself. `version` is the draft's version the person started from (0: there was none).

    `form_key` names the open form: a form that saves by itself may save again, whatever version it began with.
    A note of None keeps the note that is there.

    Raises states.AtRest while the part rests, DraftChanged when another tab saved since, NotShared when the plan ended.
    With version None the words are kept whatever was there.
    """
    with transaction.atomic():
        plan = Plan.objects.hold(party.plan_id)
        if (
            not plan.still_shared
            or not Party.objects.filter(pk=party.pk, left_at=None, confirmed_at__isnull=False).exists()
        ):
            raise NotShared
        if question not in questions.by_key():
            raise Stale
        at = at or clock.now()
        clause = Clause.objects.filter(plan=plan, question=question).first()
        if clause and clause.rests_until and clause.at_rest(at):
            raise states.AtRest(clause.rests_until)
        draft = Draft.objects.filter(party=party, question=question).first()
        same_form = bool(draft and form_key and draft.form_key == form_key)
        if version is not None and not same_form and (draft.version if draft else 0) != version:
            if draft and draft.value == value and note in (None, draft.note):
                return draft
            raise DraftChanged
        if draft is None:
            return Draft.objects.create(
                party=party, question=question, value=value, note=note or "", form_key=form_key, saved_at=at
            )
        draft.value, draft.form_key, draft.saved_at = value, form_key, at
        if note is not None:
            draft.note = note
        draft.version += 1
        draft.save()
        return draft


def clear_draft(*, party: Party, question: str) -> None:
    """Throw one's own draft away. Nothing of it is kept."""
    Draft.objects.filter(party=party, question=question).delete()


def report(
    *,
    kind: str,
    words: str = "",
    party: Party | None = None,
    about: Proposal | None = None,
    may_answer: bool = False,
    at: datetime | None = None,
) -> SafetyReport:
    """Tell staff that something is wrong. Nobody else can learn of it. Never refused.

    `may_answer`: the person says that a short, neutral answer here is safe for them.
    """
    at = at or clock.now()
    return SafetyReport.objects.create(
        kind=SafetyReport.Kind(kind),
        plan=party.plan if party else None,
        by=party,
        about=about,
        words=words,
        may_answer=may_answer,
        created_at=at,
        due_at=look_by(at),
    )
