"""Erasing a plan whose time is over: every word goes, and the fact that there was a plan stays (product decision 7)."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Q

from hub import audit, clock, files
from hub.models import Notice, OutgoingMail
from parenting_plan import emails, keeping
from parenting_plan.models import (
    Child,
    Draft,
    Grant,
    Invitation,
    Issued,
    Opening,
    Party,
    Plan,
    PlanErased,
    SafetyReport,
)


def erase_plans(plans: Sequence[int], why: str) -> int:
    """Erase everything of these plans, in the caller's transaction, which holds their rows. Returns how many went.

    What stays tells that there were events and suggestions and when, so that the record and its anchors verify; which
    drawings were made, so that a code on paper has an answer; and how a report to staff ended. Nobody is a parent of
    these plans any more. Raises IntegrityError, and erases nothing, when the database finds that it is too early.
    """
    keeping.erase_words(plans, why)
    drawn = set(Issued.objects.filter(plan__in=plans).exclude(sha256="").values_list("sha256", flat=True))
    _erase_news(plans)
    Opening.objects.filter(grant__plan__in=plans).delete()
    Grant.objects.filter(plan__in=plans).delete()
    Invitation.objects.filter(plan__in=plans).delete()
    Draft.objects.filter(party__plan__in=plans).delete()
    Child.objects.filter(plan__in=plans).delete()
    SafetyReport.objects.filter(plan__in=plans).update(words="", answer="", may_answer=False)
    Party.objects.filter(plan__in=plans).update(user=None, gate_passed_at=None)
    Plan.objects.filter(pk__in=plans).update(
        put_away_at=clock.now(), last_alone_at=None, end_told_at=None, pdf_due=False
    )
    gone = PlanErased.objects.filter(plan__in=plans).values_list("plan__reference", "events", "suggestions")
    said = {f"plan:{name}": f"{why}; {events} events, {words} suggestions" for name, events, words in gone}
    audit.record_many(person=None, what="erase plan", abouts=said)
    transaction.on_commit(partial(_forget, drawn), robust=True)
    return len(said)


def _erase_news(plans: Sequence[int]) -> None:
    """News and mail that lead to these plans: their parents', and what went to addresses without an account."""
    parties = Party.objects.filter(plan__in=plans)
    people = list(parties.filter(user__isnull=False).order_by().values_list("user_id", flat=True))
    ways = tuple(emails.address_of(plan) for plan in Plan.objects.filter(pk__in=plans))
    news = Notice.objects.filter(person__in=people).values_list("pk", "address")
    Notice.objects.filter(pk__in=[pk for pk, address in news if address.startswith(ways)]).delete()
    OutgoingMail.objects.filter(person__in=people, facts__plan__in=list(plans)).delete()
    invited = Invitation.objects.filter(plan__in=plans).order_by().values_list("pk", flat=True)
    keys = Q(key__in=[f"invitation:{pk}" for pk in invited])
    for party in parties.filter(grants__isnull=False).order_by().values_list("pk", flat=True).distinct():
        keys |= Q(key__startswith=f"grant:{party}:")
    OutgoingMail.objects.filter(keys).delete()


def _forget(drawn: set[str]) -> None:
    """The files of these drawings, but for one that is another plan's too."""
    kept = Issued.objects.filter(sha256__in=drawn, plan__erased=None)
    for sha256 in drawn - set(kept.values_list("sha256", flat=True)):
        files.forget(sha256)
