"""What staff do with a report. Each act is one transaction: the report, a line of its story, and the audit record.

Nothing here writes to the plan's record, its parts, or anything the other parent gets: whether somebody told us, and
what came of it, must not show anywhere (trust 5.5). The one exception is a pause, which is the plan's own act.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import User
from hub import audit, clock
from parenting_plan.actions.turn import tell
from parenting_plan.models import Party, Plan, Proposal, ReportNote, SafetyReport
from parenting_plan.models.safety import SafetyReportQuerySet
from parenting_plan.own_case import is_own, own_plans
from parenting_plan.states import Refused
from parenting_plan.targets import working_time_after

WORKS_ON_REPORTS = "parenting_plan.triage_safetyreport"


class Changed(Refused):
    """Somebody else acted on this report since it was read. Nothing was done."""

    reason = "changed"


class NotPossible(Refused):
    """This act makes no sense as the report stands now."""

    reason = "not_possible"


class OwnCase(Refused):
    """Whoever would act has to do with this plan themselves."""

    reason = "own_case"


def look_by(created_at: datetime, severity: str = "") -> datetime:
    """By when staff should have looked: see parenting_plan.targets. Counted from when the person told us."""
    return working_time_after(created_at, settings.PLAN_LOOK_HOURS[severity], closed=settings.HUB_CLOSED_DAYS)


def colleagues(report: SafetyReport) -> list[User]:
    """Who may be given this report: everybody who works on reports and has nothing to do with its plan."""
    found = ModelBackend().with_perm(WORKS_ON_REPORTS, include_superusers=False).filter(is_staff=True)
    plan = report.plan
    return [person for person in found.order_by("first_name", "pk") if plan is None or not is_own(person, plan)]


def open_to(person: User) -> SafetyReportQuerySet:
    """The reports this person may know of: none about a plan they have to do with."""
    own = own_plans(person)
    rows = SafetyReport.objects.all()
    return rows.exclude(plan__in=own) if own else rows


@dataclass(frozen=True)
class Waiting:
    """The queue at a glance."""

    count: int
    late: int  # past the time they should have been looked at
    oldest_at: datetime | None  # when the oldest was sent


def waiting(person: User, at: datetime | None = None) -> Waiting:
    """What is not closed, without what this person must not know of. One query besides that."""
    at = at or clock.now()
    late = Count("pk", filter=Q(due_at__lt=at))
    told = open_to(person).not_closed().order_by().aggregate(count=Count("pk"), late=late, oldest_at=Min("created_at"))
    return Waiting(**told)


@contextmanager
def _held(
    report: SafetyReport, what: str, *, by: User, version: int | None, facts: str = "", why: str = "", at=None
) -> Iterator[SafetyReport]:
    """Hold the report for one act; afterwards save it, tell its story and write it on record.

    With a version of None the act adds something and changes nothing, so it cannot come too late.
    Raises Changed, and OwnCase.
    """
    with transaction.atomic():
        row = SafetyReport.objects.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
        if row.plan is not None and is_own(by, row.plan):
            raise OwnCase
        if version is not None and row.version != version:
            raise Changed
        yield row
        if version is not None:
            row.version += 1
            row.save()
        ReportNote.objects.create(report=row, by=by, at=at or clock.now(), what=what, facts=facts, words=why)
        said = ". ".join(filter(None, [facts, why if version is not None else ""]))
        audit.record(person=by, what=f"{what} safety report", about=f"report:{row.pk}", reason=said[:500])


def _must(condition: object) -> None:
    if not condition:
        raise NotPossible


def take(report: SafetyReport, *, by: User, version: int, why: str = "", at: datetime | None = None) -> None:
    """Look after this report from now on, whoever did before."""
    with _held(report, "take", by=by, version=version, why=why, at=at) as row:
        _must(not row.is_closed)
        row.owner = by
        if row.state == SafetyReport.State.NEW:
            row.state = SafetyReport.State.LOOKED_AT


def hand_over(
    report: SafetyReport, *, to: User, by: User, version: int, why: str = "", at: datetime | None = None
) -> None:
    """Give it to a colleague who works on reports too. Raises NotPossible for anybody else."""
    with _held(report, "hand over", by=by, version=version, facts=f"user:{to.pk}", why=why, at=at) as row:
        _must(not row.is_closed and to in colleagues(row))
        row.owner = to


def triage(
    report: SafetyReport, *, severity: str, by: User, version: int, why: str = "", at: datetime | None = None
) -> None:
    """Say how soon it must be looked at. Staff judge; the hub never does."""
    severity = SafetyReport.Severity(severity)
    with _held(report, "triage", by=by, version=version, facts=str(severity), why=why, at=at) as row:
        _must(not row.is_closed)
        row.severity, row.due_at = severity, look_by(row.created_at, severity)
        if row.state == SafetyReport.State.NEW:
            row.state = SafetyReport.State.LOOKED_AT


def wait(report: SafetyReport, *, by: User, version: int, why: str = "", at: datetime | None = None) -> None:
    """It waits for somebody else: say for whom in `why`. It stays in the queue and keeps its time."""
    with _held(report, "wait with", by=by, version=version, why=why, at=at) as row:
        _must(not row.is_closed)
        row.state = SafetyReport.State.WAITING


def write_note(report: SafetyReport, *, words: str, by: User, at: datetime | None = None) -> None:
    """Add to its story. A note is never changed; the audit record says that there is one, not what it says."""
    with _held(report, "note on", by=by, version=None, why=words, at=at):
        pass


def close(
    report: SafetyReport, *, outcome: str, by: User, version: int, why: str = "", at: datetime | None = None
) -> None:
    """End the work on it, with what came of it. Words that were put away stay away."""
    outcome = SafetyReport.Outcome(outcome)
    with _held(report, "close", by=by, version=version, facts=str(outcome), why=why, at=at) as row:
        _must(not row.is_closed)
        row.state, row.outcome = SafetyReport.State.DONE, outcome


def reopen(report: SafetyReport, *, by: User, version: int, why: str = "", at: datetime | None = None) -> None:
    """Take it up again. What came of it the first time stays in its story."""
    with _held(report, "reopen", by=by, version=version, why=why, at=at) as row:
        _must(row.is_closed)
        row.state, row.outcome = SafetyReport.State.LOOKED_AT, ""


def may_be_hidden(report: SafetyReport) -> bool:
    """Whether there are words to put away: a suggestion of the other parent that this one told us of, not agreed to."""
    about = report.about
    return bool(about and report.by_id and about.by_id != report.by_id and about.ending != Proposal.Ending.AGREED)


def hide(
    report: SafetyReport, *, may_show: bool, by: User, version: int, why: str = "", at: datetime | None = None
) -> None:
    """Put the words of the suggestion away while staff look, for the parent who told us of them and for nobody else.

    Not for their writer: a suggestion that vanished, or a page that said so, would tell the writer that the other
    parent had spoken to us, and that is the moment of danger. The writer's pages, the record, the events and every
    count stay as they are, byte for byte. To stop the writer too, staff pause the plan: then both read one neutral
    line, and neither learns why. Whoever told us has seen the words once: this spares them a second time.
    """
    with _held(report, "hide words of", by=by, version=version, facts="may show" if may_show else "", why=why) as row:
        if row.plan_id:
            Plan.objects.hold(row.plan_id)  # so that they are not agreed to while they are put away
        _must(not row.is_hiding and may_be_hidden(row))
        row.hidden_at, row.may_show, row.shown_at = at or clock.now(), may_show, None


def unhide(report: SafetyReport, *, by: User, version: int, why: str = "", at: datetime | None = None) -> None:
    """Let the parent who told us read the words again."""
    with _held(report, "show words of", by=by, version=version, why=why, at=at) as row:
        _must(row.is_hiding)
        row.hidden_at = None


def may_show_words(*, party: Party, about: Proposal) -> bool:
    """Whether staff left it to this reader to bring the words back."""
    return not SafetyReport.objects.hiding_from(party).filter(about=about, may_show=False).exists()


def show_words(*, party: Party, about: Proposal, at: datetime | None = None) -> bool:
    """The reader's own wish to see the words that were put away for them. False when staff did not leave it to them."""
    with transaction.atomic():
        if not may_show_words(party=party, about=about):
            return False
        rows = SafetyReport.objects.filter(pk__in=SafetyReport.objects.hiding_from(party).filter(about=about))
        return bool(rows.update(shown_at=at or clock.now()))


def answer_to(*, party: Party, number: str) -> str:
    """The sentence that was sent to this person about a report of theirs; empty for anything else."""
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        return ""
    found = SafetyReport.objects.filter(pk=int(number), by=party).exclude(answer="").first()
    return str(found.get_answer_display()) if found else ""


def answer(
    report: SafetyReport, *, answer: str, by: User, version: int, why: str = "", at: datetime | None = None
) -> None:
    """Send the person one of a few neutral sentences, as news and with the one discreet mail.

    Only when they said that this is safe: their phone may be read by somebody else. Raises NotPossible.
    """
    answer = SafetyReport.Answer(answer)
    at = at or clock.now()
    with _held(report, "answer", by=by, version=version, facts=str(answer), why=why, at=at) as row:
        told_us = row.by
        if told_us is None or told_us.user is None or not row.may_answer or row.answer:
            raise NotPossible
        row.answer = answer
        address = f"{reverse('parenting_plan:report', args=[told_us.plan.reference])}?answer={row.pk}"
        tell(told_us, key=f"report:{row.pk}", kind="report_answered", address=address, at=at)
