"""Somebody taking a programme: where they are, what they have seen, what they wrote, and that they took part.

What they wrote is theirs alone. No view of another person, no page of staff and no export but their own reads `Answer`.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.codes import PRINTED_LETTERS, code, in_fours


class Taking(models.Model):
    """One person in one programme: the place where they left off, what they have seen and which parts they finished.

    `seen` maps the address of a screen ("part/step/screen") to the edition of its part that was read, watched or
    answered. `parts_done` maps a part to the edition it was finished against; a later edition does not undo it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="takings")
    programme = models.SlugField(max_length=60)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    part = models.SlugField(max_length=60, blank=True)
    step = models.SlugField(max_length=60, blank=True)
    screen = models.SlugField(max_length=20, blank=True)
    seen = models.JSONField(default=dict)
    parts_done = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["person", "programme"], name="a_programme_is_taken_once")]

    def __str__(self):
        return self.programme


class Answer(models.Model):
    """What somebody wrote or chose on one screen. Private to them; goes at once when they delete it."""

    taking = models.ForeignKey(Taking, on_delete=models.CASCADE, related_name="answers")
    part = models.SlugField(max_length=60)
    step = models.SlugField(max_length=60)
    screen = models.SlugField(max_length=20, blank=True)
    kind = models.CharField(max_length=12)  # of the screen: reflection, choice, order, check, rewriter, pledge, card
    words = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["taking", "part", "step", "screen"], name="one_answer_on_a_screen")
        ]

    def __str__(self):
        return self.kind  # never the words: this may stand in an error page


def new_code() -> str:
    return code(PRINTED_LETTERS)


class Certificate(models.Model):
    """That somebody took part, and on what day. Checked by its code, which tells the programme and the day alone."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    programme = models.SlugField(max_length=60)
    code = models.CharField(max_length=PRINTED_LETTERS, unique=True, default=new_code)
    name = models.CharField(_("name on it"), max_length=120)
    title = models.CharField(max_length=300)  # of the programme, as it was called then
    says = models.CharField(max_length=300)
    issued_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, blank=True)  # of the PDF, once it is drawn
    pages = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=models.Q(person__isnull=False),
                name="one_certificate_a_programme",
            )
        ]

    def __str__(self):
        return in_fours(self.code)
