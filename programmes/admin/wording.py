"""What staff read of a referral or a place: what stands in the way, what somebody needs, which workshop."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import words
from programmes.actions import booking, referring, scheduling
from programmes.forms.workshops import NeedsForm
from programmes.models import Needs

REFUSALS = {
    referring.AlreadyReferred: gettext_lazy("This person has an open referral to this programme already."),
    referring.OwnCase: gettext_lazy(
        "You have a part in this case yourself. Somebody else must do this: ask another coordinator."
    ),
    referring.OtherName: gettext_lazy(
        "Somebody else of this case has this address. Two people need two addresses; or write the name as before."
    ),
    referring.NotSuitable: gettext_lazy("Say first on what day suitability was looked at."),
    referring.AlreadyJoined: gettext_lazy(
        "The link has been used, or the referral has ended: there is nothing to send."
    ),
    referring.SameCase: gettext_lazy("People of one case are kept apart already."),
    referring.TogetherAlready: gettext_lazy(
        "Both have a place or a turn in one session. Move one of them first, then name the pair."
    ),
    referring.StillToCome: gettext_lazy(
        "One of them has a place or a turn in a session to come. They chose it while the other could not be there. "
        "Take the pair back after that session, or once the place is given up."
    ),
    booking.Full: gettext_lazy("That workshop has just filled up. Choose another."),
    booking.TooLate: gettext_lazy("It is too late for that: the workshop has begun, or its list is closed."),
    scheduling.NothingNew: gettext_lazy("The time and the place are what they were."),
    booking.MovedMeanwhile: gettext_lazy(
        "Their place has changed since you looked: a colleague or they themselves were faster. Nothing was done. "
        "Look again."
    ),
    booking.NoPlace: gettext_lazy("There is no place to give up."),
    booking.AlreadyAttended: gettext_lazy("They have been to the workshop: there is nothing left to book."),
    booking.AlreadyHasPlace: gettext_lazy("They have a place there, or in another case."),
    booking.Changed: gettext_lazy("The time or place of that workshop has just changed. Look again."),
    booking.NotOffered: gettext_lazy("This workshop cannot be offered to them."),
}


def in_plain_words(refused: Exception) -> str:
    """What stands in the way."""
    return str(REFUSALS.get(type(refused), _("This cannot be done as things stand.")))


def needs_in_words(needs: Needs | None) -> list[str]:
    """What somebody needs, in the words they chose it by."""
    if needs is None:
        return []
    labels = dict(NeedsForm.base_fields["ticked"].choices)  # type: ignore[attr-defined]
    found = [str(labels[name]) for name in NeedsForm.TICKED if getattr(needs, name)]
    if needs.interpreter:
        found.append(_("Interpreter: %(language)s") % {"language": needs.interpreter})
    return [*found, *([needs.other] if needs.other else [])]


def workshop_in_words(choice: Any) -> str:
    """A workshop as staff choose it, and what this person gets there: a place, or a turn in the line.

    Not how many are left: beside the list of workshops, which leaves seats of one's own cases out, the number would
    tell that somebody of such a case has one.
    """
    workshop = choice.workshop
    told = {"when": words.when(workshop.starts_at), "how": workshop.get_way_display()}
    where = f", {workshop.town}" if workshop.town else ""
    gets = _("(a place is free)") if choice.left > 0 else _("(full: waiting list)")
    return _("%(when)s, %(how)s") % told + where + " " + gets
