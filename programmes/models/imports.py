"""A file of referrals that staff sent: looked at first, then brought in by a worker, whole or not at all.

Its rows are names and addresses of people. They go when they are not needed any more (`kept_until`).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.referrals import Referral


class Import(models.Model):
    class State(models.TextChoices):
        CHECKED = "checked", _("Checked, not started")
        STARTED = "started", _("Started")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped, nothing was brought in")
        CALLED_OFF = "called_off", _("Called off")
        EXPIRED = "expired", _("Too old, rows deleted")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("sent in on"))
    kept_until = models.DateTimeField()  # when the rows that are left go
    sha256 = models.CharField(max_length=64)  # of what was sent in
    rows_sent = models.PositiveIntegerField(_("rows"))
    rows_new = models.PositiveIntegerField(_("new referrals"))
    rows_there = models.PositiveIntegerField(_("here already"))
    rows_wrong = models.PositiveIntegerField(_("to mend"))
    unread = models.JSONField(default=list)  # headings that no column here is for, the first ones
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=20, blank=True)  # of what stopped it: a key of import_rows.FAULTS, or "trouble"
    line = models.PositiveIntegerField(null=True, blank=True)  # at which it stopped

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("import of referrals")
        verbose_name_plural = _("imports of referrals")
        indexes = [models.Index(fields=["made_at"], condition=models.Q(state="started"), name="imports_that_are_due")]

    def __str__(self):
        return f"import:{self.pk}"


class ImportRow(models.Model):
    """One row: its words as they were sent, until they are not needed, and what was found or came of it."""

    class Verdict(models.TextChoices):
        NEW = "new", _("New referral")
        THERE = "there", _("Here already")
        WRONG = "wrong", _("To mend")

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    words = models.JSONField(default=dict)
    verdict = models.CharField(max_length=5, choices=Verdict)
    said = models.JSONField(default=list)  # keys of import_rows.FAULTS and import_rows.NOTES
    referral = models.ForeignKey(Referral, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["of", "line"]
        constraints = [models.UniqueConstraint(fields=["of", "line"], name="a_line_is_read_once")]
        indexes = [models.Index(fields=["of", "verdict", "line"], name="rows_of_an_import")]

    def __str__(self):
        return f"import:{self.of_id}:{self.line}"
