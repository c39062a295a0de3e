"""Workshops, places in them, and who came.

What must never be false is said here by the database: never more than six, never two who must be kept apart.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hub.codes import code
from programmes.models.referrals import Party, Referral

MOST_PEOPLE = 6


def new_reference() -> str:
    return code(8).lower()


class Workshop(models.Model):
    """One group session of two and a half hours, or two evening halves. Locked row by row whenever a place moves."""

    class Way(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")

    class When(models.TextChoices):
        DAY = "day", _("Daytime")
        EVENING = "evening", _("Evening")
        WEEKEND = "weekend", _("Weekend")

    reference = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    way = models.CharField(_("how"), max_length=9, choices=Way)
    when = models.CharField(_("time of day"), max_length=7, choices=When)
    town = models.CharField(_("town, when in person"), max_length=80, blank=True)  # shown before booking
    joining = models.CharField(
        _("how to get there or in"), max_length=500, blank=True
    )  # shown to those who have a place
    capacity = models.PositiveSmallIntegerField(_("places"), default=MOST_PEOPLE)
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    starts_at = models.DateTimeField(_("begins"), db_index=True)  # of the first sitting
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="workshops"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveSmallIntegerField(default=0, editable=False)  # how often its time or place was changed
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    free_until = models.DateTimeField(null=True, blank=True, editable=False)  # who had a place then may leave it still

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(name="at_most_six_people", condition=Q(capacity__gte=1, capacity__lte=MOST_PEOPLE)),
            models.CheckConstraint(name="never_more_people_than_places", condition=Q(taken__lte=F("capacity"))),
        ]
        indexes = [
            models.Index(fields=["way", "-starts_at", "id"], name="workshops_of_a_way"),
            models.Index(fields=["when", "-starts_at", "id"], name="workshops_of_a_time_of_day"),
            models.Index(
                fields=["-starts_at", "id"], condition=Q(cancelled_at__isnull=False), name="workshops_called_off"
            ),
        ]

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC, {self.get_way_display()}"


class Sitting(models.Model):
    """One meeting of a workshop: the whole of it, or one of two halves."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="sittings")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(name="a_sitting_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at")))
        ]

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Booking(models.Model):
    """A place, or a turn in the waiting list. Ended ones stay as history."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        WAITING = "waiting", _("On the waiting list")
        MOVED = "moved", _("Moved to another session")
        GIVEN_UP = "given_up", _("Given up")
        CALLED_OFF = "called_off", _("Session called off")
        OVER = "over", _("Over")

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="bookings")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="bookings")
    state = models.CharField(max_length=10, choices=State)
    made_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True, blank=True)  # when it became a place; empty in the waiting list
    ended_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=40, null=True, blank=True, unique=True, editable=False)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(state__in=["booked", "waiting"]), name="one_place_at_a_time"
            ),
            models.CheckConstraint(
                name="only_what_has_ended_has_an_end",
                condition=Q(state__in=["booked", "waiting"], ended_at=None)
                | (~Q(state__in=["booked", "waiting"]) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["workshop", "state", "made_at"], name="places_of_a_workshop"),
            models.Index(fields=["workshop"], condition=Q(state="waiting"), name="turns_in_a_line"),
        ]

    def __str__(self):
        return f"booking:{self.pk}"


class Claim(models.Model):
    """A booked place claims its workshop for each group its party belongs to: the case, and every pair to keep apart.

    A second member of the group cannot claim it: the database refuses, whatever the code above forgot.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="claims")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="claims")
    group = models.CharField(max_length=40)  # "case:12" or "pair:3"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "group"], name="one_of_a_group_in_a_workshop")]

    def __str__(self):
        return self.group


class NeverOffered(models.Model):
    """A workshop this party is never offered: another of their group had a place there when the group was made.

    Written once, when the group is made, so that what this party sees does not change when the other one leaves.
    """

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="never_offered")
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "workshop"], name="never_offered_is_said_once")]

    def __str__(self):
        return f"never-offered:{self.pk}"


class Attendance(models.Model):
    """Who came. Staff write it; it is all that goes back to the court."""

    class Came(models.TextChoices):
        WHOLE = "whole", _("Attended the whole session")
        LATE = "late", _("Came late")
        LEFT_EARLY = "left_early", _("Left early")
        ABSENT = "absent", _("Did not attend")
        TECHNICAL = "technical", _("Could not attend: technical failure")

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="attendance")
    came = models.CharField(max_length=10, choices=Came)
    counts = models.BooleanField(_("counts as the whole workshop"), default=False)  # for staff to decide when late
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = _("attendance")

    def __str__(self):
        return self.get_came_display()

    @staticmethod
    def said(recorded: "Attendance | None") -> str:
        """What is recorded in short, so that two looks at it can be compared."""
        return f"{recorded.came}:{recorded.counts}" if recorded else "nothing"


class Return(models.Model):
    """What was sent back to the court or the adviser, exactly, when and by whom: attendance and dates, nothing else."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="returns")
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64, blank=True)  # of the PDF
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["-made_at", "-id"], name="returns_newest_first")]

    def __str__(self):
        return f"return:{self.pk}"
