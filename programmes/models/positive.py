"""The Positive co-Parenting Programme: staff enrol, each parent says yes or no alone, four meetings in twelve weeks.

No notes of what was said are kept here: they belong in the case system.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models.referrals import Case, Referral


class Enrolment(models.Model):
    """One case in the programme. It begins only once both parents have said yes."""

    class Basis(models.TextChoices):
        RULE_16_4 = "rule_16_4", _("Rule 16.4")
        SECTION_7 = "section_7", _("Section 7 (trial)")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="enrolments")
    basis = models.CharField(max_length=9, choices=Basis)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    begins_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)  # twelve weeks later
    ended_at = models.DateTimeField(null=True, blank=True)  # finished or stopped: parents read the same line

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_open_enrolment_a_case")
        ]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="enrolments_newest_first"),
            models.Index(fields=["-made_at", "-id"], condition=Q(ended_at=None), name="enrolments_that_are_open"),
        ]

    def __str__(self):
        return f"{self.case} ({self.get_basis_display()})"


class Consent(models.Model):
    """What one parent said, each time they said it. The newest row counts; the other parent never sees any."""

    class Said(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="consents")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="consents")
    said = models.CharField(max_length=9, choices=Said)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return self.get_said_display()


class Meeting(models.Model):
    """One of the four: with each parent, with the child, and together."""

    class With(models.TextChoices):
        PARENT = "parent", _("One parent")
        CHILD = "child", _("The child")
        JOINT = "joint", _("Both parents")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="meetings")
    whom = models.CharField(_("with"), max_length=6, choices=With)
    referral = models.ForeignKey(
        Referral, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )  # of the one parent
    starts_at = models.DateTimeField(_("begins"))
    attended = models.BooleanField(_("attended"), null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="a_meeting_with_one_parent_names_them",
                condition=Q(whom="parent", referral__isnull=False) | (~Q(whom="parent") & Q(referral=None)),
            )
        ]

    def __str__(self):
        return f"{self.get_whom_display()}, {self.starts_at:%Y-%m-%d}"
