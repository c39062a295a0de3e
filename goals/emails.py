"""The one mail of the goals: neutral, opt-in, and asked again as it leaves whether it is still wanted."""

from datetime import timedelta

from goals.actions import MAIL
from goals.models import CheckIn, Goal, Reminder
from hub import clock, mail
from hub.models import OutgoingMail

STALE = timedelta(days=1)  # a reminder that could not leave is not sent later: two might come in one week


@mail.asked_again(MAIL)
def _they_still_wish_it(letter: OutgoingMail) -> bool:
    """It is fresh, they want it, work on something, and have not said how it goes since."""
    return (
        clock.now() - letter.created_at < STALE
        and Reminder.objects.filter(person=letter.person_id).exists()
        and Goal.objects.filter(person=letter.person_id).in_work().exists()
        and not CheckIn.objects.filter(goal__person=letter.person_id, at__gte=letter.created_at).exists()
    )
