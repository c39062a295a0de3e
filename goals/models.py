"""A parent's own goals: what they work on, what they wrote about it before, and how it felt. Theirs alone.

No view of another person, no page of staff and no export but their own reads a word of these tables. What we suggest to
everybody has tables of its own, in goals.offered.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from goals.offered import Edition, Suggestion
from hub.codes import code

__all__ = ["CheckIn", "Edition", "Felt", "Goal", "Reminder", "Suggestion", "Wording"]

WORDS_LIMIT, NOTE_LIMIT = 500, 5000  # letters
REFERENCE_LETTERS = 12


def new_reference() -> str:
    """Drawn by lot, so that no address tells how many goals other people have."""
    return code(REFERENCE_LETTERS)


def new_key() -> str:
    return code(16)


class Felt(models.IntegerChoices):
    """How it has been going. Five faces; each is a fine answer."""

    STRUGGLING = 1, _("Struggling")
    NOT_GREAT = 2, _("Not great")
    SO_SO = 3, _("So-so")
    QUITE_WELL = 4, _("Quite well")
    REALLY_WELL = 5, _("Really well")


class GoalQuerySet(models.QuerySet):
    def visible_to(self, person) -> "GoalQuerySet":
        """A parent's own goals. Nobody else has any world of goals at all."""
        if person is None or not person.is_parent:
            return self.none()
        return self.filter(person=person)

    def in_work(self) -> "GoalQuerySet":
        return self.filter(state=Goal.State.ACTIVE)

    def with_last(self) -> "GoalQuerySet":
        """Each with how it felt the last time, and when; None before the first."""
        last = CheckIn.objects.filter(goal=OuterRef("pk")).order_by("-at", "-pk")
        return self.annotate(last_felt=Subquery(last.values("felt")[:1]), last_at=Subquery(last.values("at")[:1]))

    def first_of_each_state(self, count: int) -> "GoalQuerySet":
        """The newest so many that are paused, the newest achieved, and the newest put away."""
        place = Window(RowNumber(), partition_by=F("state"), order_by=[F("state_at").desc(), F("pk").desc()])
        return self.exclude(state=Goal.State.ACTIVE).annotate(place=place).filter(place__lte=count)


class Goal(models.Model):
    """Something a parent works on, in words of their own or taken from a suggestion."""

    class Kind(models.TextChoices):
        ME = "me", _("Me as a parent")
        US = "us", _("Us as co-parents")

    class State(models.TextChoices):
        ACTIVE = "active", _("Working on it")
        PAUSED = "paused", _("Paused")
        ACHIEVED = "achieved", _("Done")
        ARCHIVED = "archived", _("Put away")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="goals")
    reference = models.CharField(max_length=REFERENCE_LETTERS, unique=True, default=new_reference, editable=False)
    kind = models.CharField(max_length=2, choices=Kind)
    suggestion = models.SlugField(max_length=60, blank=True)  # "" for one's own words
    words = models.CharField(max_length=WORDS_LIMIT)
    why = models.CharField(max_length=WORDS_LIMIT, blank=True)
    first_step = models.CharField(max_length=WORDS_LIMIT, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    state_at = models.DateTimeField()
    started_at = models.DateTimeField()
    submit_key = models.CharField(max_length=40, default=new_key)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "submit_key"], name="a_goal_is_sent_once"),
            models.CheckConstraint(condition=~Q(words=""), name="a_goal_says_something"),
            models.CheckConstraint(condition=Q(kind__in=["me", "us"]), name="a_goal_is_for_me_or_for_us"),
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "achieved", "archived"]),
                name="a_goal_is_worked_on_paused_done_or_put_away",
            ),
        ]
        indexes = [models.Index(fields=["person", "state", "-started_at"], name="goals_of_a_person")]

    def __str__(self):
        return self.kind  # never the words: this may stand in an error page

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE


class Wording(models.Model):
    """What a goal said before it was written anew."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="wordings")
    words = models.CharField(max_length=WORDS_LIMIT)
    why = models.CharField(max_length=WORDS_LIMIT, blank=True)
    first_step = models.CharField(max_length=WORDS_LIMIT, blank=True)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-until", "-id"]

    def __str__(self):
        return f"{self.until:%Y-%m-%d}"


class CheckIn(models.Model):
    """How it felt on one day, and a line for oneself."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="check_ins")
    reference = models.CharField(max_length=REFERENCE_LETTERS, unique=True, default=new_reference, editable=False)
    felt = models.PositiveSmallIntegerField(choices=Felt)
    note = models.CharField(max_length=NOTE_LIMIT, blank=True)
    at = models.DateTimeField()
    submit_key = models.CharField(max_length=40, default=new_key)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "submit_key"], name="a_check_in_is_sent_once"),
            models.CheckConstraint(condition=Q(felt__gte=1, felt__lte=5), name="a_feeling_is_one_of_five_faces"),
        ]
        indexes = [models.Index(fields=["goal", "-at"], name="check_ins_of_a_goal")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d}"


class Reminder(models.Model):
    """That somebody asked to be reminded. Without a row they are not; switched off, the row is gone."""

    class Every(models.IntegerChoices):
        WEEK = 7, _("Every week")
        TWO_WEEKS = 14, _("Every two weeks")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="goal_reminder")
    every = models.PositiveSmallIntegerField(choices=Every)  # days
    next_at = models.DateTimeField(db_index=True)
    unanswered = models.PositiveSmallIntegerField(default=0)  # reminders since the last check-in

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every__in=[7, 14]), name="a_reminder_comes_every_week_or_every_two_weeks"
            )
        ]

    def __str__(self):
        return f"{self.every}"
