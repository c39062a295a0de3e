"""What a programme holds for this very person, on its cover: `{% load mine %}`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.template.context import Context

from hub import clock
from hub.words import at_home
from programmes.actions.consenting import PROGRAMME as POSITIVE
from programmes.models import Certificate, Referral
from programmes.views import positive
from programmes.views.workshops import PROGRAMME as PLANNING
from programmes.views.workshops import Mine, held_by, referral_of

register = template.Library()


@dataclass(frozen=True)
class Sent:
    """Where somebody who was sent stands, as they may read it: all of it their own."""

    referral: Referral
    workshop: str  # attended, over, booked, waiting or none
    mine: Mine | None
    certificate: Certificate | None
    today: date

    @property
    def is_due(self) -> date | None:
        """The day by which the parts should be read, as long as it is not past and they are not."""
        due = self.referral.learning_due_on
        return due if due and due >= self.today and not self.referral.learned_at else None


@register.inclusion_tag("programmes/_mine.html", takes_context=True)
def my_place(context: Context, programme: str) -> dict[str, Any]:
    """The person's referral and workshop, or their meetings, in this programme; nothing for everybody else."""
    person = context["person"]
    if person is None or not person.is_parent:
        return {}
    if programme == PLANNING:
        return {"sent": _sent(person), "support_email": context["support_email"]}
    return positive.place_of(person) if programme == POSITIVE else {}


def _sent(person) -> Sent | None:
    """At most five queries."""
    referral = referral_of(person)
    if referral is None:
        return None
    now = clock.now()
    mine = held_by(referral)
    certificate = Certificate.objects.filter(person=person, programme=PLANNING).first()
    return Sent(referral, _state(referral, mine, now), mine, certificate, at_home(now).date())


def _state(referral: Referral, mine: Mine | None, now) -> str:
    if referral.attended_at is not None:
        return "attended"
    if mine is None:
        return "none"
    if mine.workshop.starts_at <= now:
        return "over" if mine.booking.state == "booked" else "none"
    return mine.booking.state
