"""Certificates of having taken part: when one is due, and what is told. They say nothing of how anybody did.

Getting It Right gives one when every part that counts is finished. Planning Together gives one when the e-learning is
finished and staff have recorded that the person was at the whole workshop, whichever comes last.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub import mail, notices
from hub.bell import ring_on_commit
from hub.models import Notice, OutgoingMail
from programmes.drawing import file_of
from programmes.models import Certificate, Chapter, Referral, Taking

__all__ = ["NotTaken", "after_attendance", "after_learning", "file_of", "issue"]

BY_LEARNING = "getting-it-right"
BY_LEARNING_AND_WORKSHOP = "planning-together"
SAYS = {
    BY_LEARNING: _("Every part of the online course."),
    BY_LEARNING_AND_WORKSHOP: _("Every part of the online course, and the whole workshop."),
}


class NotTaken(Exception):
    """This programme gives no certificate."""


def after_learning(taking: Taking, at: datetime) -> Certificate | None:
    """The last part that counts was finished. Safe to call twice."""
    if taking.finished_at is None:
        return None
    if taking.programme == BY_LEARNING:
        return issue(taking.person, taking.programme, taking.person.first_name, at)
    if taking.programme != BY_LEARNING_AND_WORKSHOP:
        return None
    issued = None
    with transaction.atomic():
        held = Referral.objects.select_for_update(of=("self",)).exclude(outcome=Referral.Ended.WITHDRAWN)
        for referral in held.filter(party__person=taking.person_id, programme=taking.programme).order_by("pk"):
            issued = _complete(referral, at) or issued
    return issued


def after_attendance(referral: Referral, at: datetime) -> Certificate | None:
    """Staff recorded who came (`attended_at` says when, or None), or put it right. Safe to call twice.

    A certificate whose ground is gone, because attendance had been recorded by mistake, is taken back: its code is then
    not known, like one that never was.
    """
    if referral.programme != BY_LEARNING_AND_WORKSHOP:
        return None
    with transaction.atomic():
        held = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
        certificate = _complete(held, at)
        if certificate is None:
            _take_back(held)
    referral.refresh_from_db(fields=["learned_at", "attended_at"])
    return certificate


def _complete(referral: Referral, at: datetime) -> Certificate | None:
    """Bring this held referral up to date with what was learned; its certificate when nothing is missing."""
    person = referral.party.person
    if person is None or referral.outcome == Referral.Ended.WITHDRAWN:
        return None
    if referral.learned_at is None:
        learned = Taking.objects.filter(person=person, programme=referral.programme, finished_at__isnull=False)
        referral.learned_at = learned.values_list("finished_at", flat=True).first()
        if referral.learned_at is not None:
            referral.save(update_fields=["learned_at"])
    if referral.learned_at is None or referral.attended_at is None:
        return None
    return issue(person, referral.programme, referral.party.name, at)


def _take_back(referral: Referral) -> None:
    person = referral.party.person
    if person is None:
        return
    others = Referral.objects.filter(party__person=person, programme=referral.programme).exclude(pk=referral.pk)
    others = others.exclude(outcome=Referral.Ended.WITHDRAWN).exclude(learned_at=None).exclude(attended_at=None)
    if others.exists():
        return
    for certificate in Certificate.objects.filter(person=person, programme=referral.programme):
        Notice.objects.filter(person=person, key=_key(certificate)).delete()
        certificate.delete()


def issue(person, programme: str, name: str, at: datetime) -> Certificate:
    """The one certificate this person has of this programme; told by a notice and a mail when it is new.

    Whether it is due is for the two functions above to know. Raises NotTaken for a programme that gives none.
    """
    found = Certificate.objects.filter(person=person, programme=programme).first()
    if found is not None:
        return found
    cover = Chapter.objects.filter(programme=programme, slug="", current__isnull=False).select_related("current")
    shown = cover.first() if programme in SAYS else None  # also when it was taken out since
    if shown is None or shown.current is None:
        raise NotTaken(programme)
    with transaction.atomic():
        certificate, new = Certificate.objects.get_or_create(
            person=person,
            programme=programme,
            defaults={
                "name": name,
                "title": shown.current.words["title"],
                "says": str(SAYS[programme]),
                "issued_at": at,
            },
        )
        if new:
            address = reverse("programmes:certificate", args=[programme])
            notices.tell(person=person, key=_key(certificate), kind=KIND, address=address, at=at)
            mail.put(kind=KIND, key=f"{_key(certificate)}:ready", person=person, facts={"certificate": certificate.pk})
            ring_on_commit("programmes.tasks.draw_what_is_due")
    return certificate


KIND = "programmes/certificate"


def _key(certificate: Certificate) -> str:
    return f"certificate:{certificate.pk}"


@mail.asked_again(KIND)
def _it_still_stands(letter: OutgoingMail) -> bool:
    return Certificate.objects.filter(pk=letter.facts.get("certificate"), person_id=letter.person_id).exists()
