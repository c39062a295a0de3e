"""What is told about a referral or a workshop: where it leads, and whether it is still true as the mail leaves.

The mails name no programme, place, day or person: somebody else may read them.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub import clock, mail, notices
from hub.models import OutgoingMail
from programmes.actions import certifying, consenting  # noqa: F401  both ask again about mails of their own
from programmes.models import Booking, Referral

WITH_WORKSHOPS = "planning-together"

notices.call(
    {
        "programmes/booked": _("Your place is booked"),
        "programmes/place_free": _("A place has come free for you"),
        "programmes/workshop_soon": _("Something in your calendar is coming up"),
        "programmes/session_changed": _("A date in your calendar has changed"),
        "programmes/called_off": _("A session will not take place. You can choose another"),
        "programmes/wait_over": _("A waiting list has closed. You can choose another session"),
        "programmes/learning_due": _("There is still something to finish, when you are ready"),
        "programmes/referral_ended": _("Something in your courses has ended"),
        "programmes/certificate": _("Your certificate is ready"),
        "programmes/positive": _("There is something new in your courses"),
    }
)


def address_of(referral: Referral) -> str:
    """The page of the hub where this person sees their referral; once it is withdrawn, what the programme is."""
    if referral.programme == WITH_WORKSHOPS and referral.outcome != Referral.Ended.WITHDRAWN:
        return reverse("programmes:workshop")
    return reverse("programmes:cover", args=[referral.programme])


def _booking_of(letter: OutgoingMail) -> Booking | None:
    """The booking it tells of, as long as it is its reader's."""
    rows = Booking.objects.filter(pk=letter.facts.get("booking"), referral__party__person=letter.person_id)
    return rows.select_related("workshop", "referral").first()


@mail.asked_again("booked")
@mail.asked_again("place_free")
def _the_place_stands(letter: OutgoingMail) -> bool:
    """Still theirs, and the session still to come."""
    booking = _booking_of(letter)
    return (
        booking is not None
        and booking.state == Booking.State.BOOKED
        and booking.referral.ended_at is None
        and booking.workshop.starts_at > clock.now()
    )


@mail.asked_again("workshop_soon")
def _it_is_soon(letter: OutgoingMail) -> bool:
    """Still theirs, and no other time by now."""
    return _the_place_stands(letter) and _at_that_time(letter)


@mail.asked_again("session_changed")
def _it_has_changed(letter: OutgoingMail) -> bool:
    """They have a place or a turn there, and this is the last change of it."""
    booking = _booking_of(letter)
    return (
        booking is not None
        and booking.state in {Booking.State.BOOKED, Booking.State.WAITING}
        and booking.referral.ended_at is None
        and booking.workshop.starts_at > clock.now()
        and _at_that_time(letter)
    )


def _at_that_time(letter: OutgoingMail) -> bool:
    booking = _booking_of(letter)
    return booking is not None and booking.workshop.changes == letter.facts.get("changes", 0)


@mail.asked_again("called_off")
@mail.asked_again("wait_over")
def _they_have_no_place(letter: OutgoingMail) -> bool:
    """It is over, and they have not taken another place or turn since."""
    booking = _booking_of(letter)
    if booking is None or booking.referral.ended_at is not None:
        return False
    return not booking.referral.bookings.filter(state__in=[Booking.State.BOOKED, Booking.State.WAITING]).exists()


@mail.asked_again("learning_due")
def _there_is_something_left_to_learn(letter: OutgoingMail) -> bool:
    open_ones = Referral.objects.filter(pk=letter.facts.get("referral"), party__person=letter.person_id)
    return open_ones.filter(ended_at=None, learned_at=None).exists()


@mail.asked_again("referral_ended")
def _it_has_ended(letter: OutgoingMail) -> bool:
    mine = Referral.objects.filter(pk=letter.facts.get("referral"), party__person=letter.person_id)
    return mine.filter(ended_at__isnull=False).exists()


@mail.asked_again("referral", alert=False)
def _the_link_is_open(letter: OutgoingMail) -> bool:
    """Not used, not replaced, not run out."""
    return (
        Referral.objects.filter(
            pk=letter.facts.get("referral"),
            link_number=letter.facts.get("link"),
            party__email=letter.to,
            joined_at=None,
            ended_at=None,
            link_expires_at__gt=clock.now(),
        )
        .exclude(secret_hash="")
        .exists()
    )


@mail.link_when_sent("referral")
def _link_of_a_referral(letter: OutgoingMail) -> str:
    """The one-time link, worked out as the mail leaves, so that it never stands in the database."""
    referral = Referral.objects.get(pk=letter.facts["referral"])
    return reverse("programmes:open_referral", args=[referral.token()])
