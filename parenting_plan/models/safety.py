"""What people tell staff, how staff work on it, and each time staff read the words of a plan."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.keeping import keep
from parenting_plan.models.clauses import Proposal
from parenting_plan.models.plans import Party, Plan


class SafetyReportQuerySet(models.QuerySet):
    def not_closed(self):
        return self.exclude(state=SafetyReport.State.DONE)

    def hiding_from(self, *parties: Party):
        """Reports for which staff put a suggestion's words away, for this reader alone, and they are away still.

        Words both have agreed are never away: each must be able to read what they agreed to.
        """
        away = self.filter(by__in=parties, hidden_at__isnull=False, shown_at=None)
        return away.exclude(about__ending=Proposal.Ending.AGREED)


class SafetyReport(models.Model):
    """Somebody told us that something is wrong. For staff only; nothing of it shows anywhere else."""

    class Kind(models.TextChoices):
        WORDS = "words", _("Words in the plan")
        SAFETY = "safety", _("I do not feel safe")
        INVITATION_UNKNOWN = "unknown", _("Invited by somebody they do not know")
        INVITATION_UNSAFE = "unsafe", _("Invited and does not feel safe")

    class State(models.TextChoices):
        NEW = "new", _("New")
        LOOKED_AT = "looked_at", _("Being looked at")
        WAITING = "waiting", _("Waiting for somebody else")
        DONE = "done", _("Closed")

    class Severity(models.TextChoices):
        IMMEDIATE = "immediate", _("At once: somebody may be in danger")
        HIGH = "high", _("Soon: it could get worse")
        USUAL = "usual", _("Usual: nobody seems to be at risk")

    class Outcome(models.TextChoices):
        PASSED_ON = "passed_on", _("Passed on, as our policy says")
        PAUSED = "paused", _("The plan was paused")
        PUT_AWAY = "put_away", _("The words were put away for the person who told us")
        HELP = "help", _("The person was told where to get help")
        NOTHING = "nothing", _("Looked at; nothing more to do")
        MISTAKE = "mistake", _("Sent by mistake, or to try it out")

    class Answer(models.TextChoices):
        LOOKED = "looked", _("We have looked at what you told us.")
        HELP = (
            "help",
            _("We have looked at what you told us. The people on our help page can talk with you."),
        )

    kind = models.CharField(max_length=8, choices=Kind)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="reports")
    by = models.ForeignKey(Party, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey(Proposal, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(blank=True, max_length=2000)
    created_at = models.DateTimeField()
    may_answer = models.BooleanField(default=False, db_default=False)  # they said that a short answer here is safe

    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    severity = models.CharField(max_length=10, choices=Severity, blank=True, default="", db_default="")
    due_at = models.DateTimeField(default=timezone.now, db_default=Now())  # when it should have been looked at
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="", db_default="")
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default="", db_default="")
    hidden_at = models.DateTimeField(null=True, blank=True)  # staff put the words of `about` away for `by`
    may_show = models.BooleanField(default=True, db_default=True)  # `by` may bring them back without asking
    shown_at = models.DateTimeField(null=True, blank=True)  # and did
    version = models.PositiveIntegerField(default=0, db_default=0)  # goes up with each act of staff

    objects = SafetyReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        permissions = [("triage_safetyreport", _("Can work on what people tell us about safety"))]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(state="done"), name="reports_to_look_at"),
            models.Index(fields=["due_at", "id"], name="reports_by_time"),
            models.Index(fields=["state", "due_at", "id"], name="reports_by_state"),
            models.Index(fields=["created_at"], condition=Q(state="done", plan=None), name="reports_without_a_plan"),
        ]
        constraints = [
            models.CheckConstraint(name="a_closed_report_has_an_outcome", condition=~Q(state="done") | ~Q(outcome=""))
        ]

    def __str__(self):
        return f"{self.kind} {self.created_at:%Y-%m-%d}"

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_hiding(self) -> bool:
        return self.hidden_at is not None and self.shown_at is None


class ReportNote(models.Model):
    """One line in the story of a report: what was done, by whom, when and why. Never edited; the database refuses."""

    report = models.ForeignKey(SafetyReport, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField()
    what = models.CharField(max_length=40)  # a verb of actions.safeguarding
    facts = models.CharField(max_length=120, blank=True)  # what was chosen: an outcome, a colleague
    words = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="report_notes_by_time")]

    def __str__(self):
        return f"{self.report_id} {self.what}"


class StaffOpeningQuerySet(models.QuerySet):
    def in_force(self, at):
        return self.filter(closed_at=None, ends_at__gt=at)


class StaffOpening(models.Model):
    """A member of staff opened the words of one plan, for a stated reason and a short time.

    Nothing of a row changes but that it may be closed before its time; the database refuses anything else.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="staff_openings")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    case_reference = models.CharField(_("case reference"), max_length=60)
    reason = models.CharField(_("reason"), max_length=400)
    asked = models.ForeignKey(  # a colleague who was asked first; nobody has to be
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = StaffOpeningQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        verbose_name = _("opening of a plan by staff")
        verbose_name_plural = _("openings of plans by staff")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["by", "plan", "-ends_at"], name="openings_of_a_person"),
            models.Index(fields=["opened_at"], name="openings_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_opening_ends_and_is_closed_before",
                condition=Q(ends_at__gt=F("opened_at")) & (Q(closed_at=None) | Q(closed_at__lte=F("ends_at"))),
            )
        ]

    def __str__(self):
        return f"{self.plan} {self.opened_at:%Y-%m-%d}"

    @property
    def over_at(self):
        """When it was or will be over."""
        return self.closed_at or self.ends_at


keep("parenting_plan_reportnote", until="at", years=6)
keep(
    "parenting_plan_staffopening",
    columns=("id", "plan_id", "by_id", "case_reference", "reason", "asked_id", "opened_at", "ends_at"),
    until="opened_at",
    years=7,
)
