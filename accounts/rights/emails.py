"""What is told about requests about data: how it is called, and whether it is still wanted as it leaves."""

from django.utils.translation import gettext_lazy as _

from accounts.models import DataRequest
from hub import mail, notices
from hub.models import OutgoingMail

notices.call({"data_answer": _("A short message for you"), "closing_asked": _("A question about your account")})


@mail.asked_again("data_answer")
def _the_request_is_theirs(letter: OutgoingMail) -> bool:
    return DataRequest.objects.filter(pk=letter.facts["request"], person=letter.person_id).exists()


@mail.asked_again("closing_asked", alert=False)
def _the_closing_waits(letter: OutgoingMail) -> bool:
    """Nobody has called it off."""
    return DataRequest.objects.filter(pk=letter.facts["request"], closing_by__isnull=False).exists()
