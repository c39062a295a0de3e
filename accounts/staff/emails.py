"""The mails about staff accounts: where their link leads, and whether they are still wanted as they leave."""

from django.urls import reverse

from accounts.models import StaffInvitation
from accounts.staff import actions
from hub import clock, mail
from hub.models import OutgoingMail


@mail.asked_again("staff_invited", alert=False)
def _the_invitation_stands(letter: OutgoingMail) -> bool:
    return StaffInvitation.objects.filter(
        pk=letter.facts["invitation"], outcome="", expires_at__gt=clock.now()
    ).exists()


@mail.link_when_sent("staff_invited")
def _link_of_an_invitation(letter: OutgoingMail) -> str:
    """The one-time link, worked out as the mail leaves, so that it never stands in the database."""
    return path_of(StaffInvitation.objects.get(pk=letter.facts["invitation"]))


def path_of(invitation: StaffInvitation) -> str:
    return reverse("accounts:open_staff_invitation", args=[invitation.token()])


@mail.asked_again("staff_unused", alert=False)
def _still_unused(letter: OutgoingMail) -> bool:
    """Nobody has signed in since it was written."""
    return actions.unused_since(letter.created_at).filter(pk=letter.facts["member"]).exists()
