"""What a plan says: its parts, the suggestions, the record of what happened, and the drawings made of it."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hub.codes import in_fours
from parenting_plan import questions, record, states
from parenting_plan.models.plans import Party, Plan


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """How one part stands, without its words: enough for a list."""

    question: str
    aside: str
    open_by: int | None  # the party whose suggestion is open
    agreed_kind: str | None  # the kind of the words in force
    rests: bool  # by the database's clock, at the moment of reading


RESTS = ExpressionWrapper(Q(rests_until__gt=Now()), output_field=models.BooleanField())


def put_away(party: Party, proposal: str) -> Exists:
    """Whether staff put these words away for this reader. `proposal` is the column of the row that names them."""
    from parenting_plan.models.safety import SafetyReport  # which names suggestions

    return Exists(SafetyReport.objects.hiding_from(party).filter(about=OuterRef(proposal)))


class ClauseQuerySet(models.QuerySet):
    def resting(self):
        """Each part says whether it `rests`, by the database's clock."""
        return self.annotate(rests=RESTS)

    def away_from(self, party: Party):
        """Each part says whether staff put the words of its open suggestion away for this reader (`is_away`)."""
        return self.annotate(is_away=put_away(party, "open_id"))

    def rows(self) -> list[ClauseRow]:
        """Every part without its words. One query, no model instances."""
        columns = ("question", "aside", "open__by_id", "agreed__value__kind", RESTS)
        return [ClauseRow(*row) for row in self.values_list(*columns)]

    def with_words(self):
        return self.select_related("open__by__user", "agreed__by__user", "agreed_by__user", "set_aside_by__user")

    def waiting_for(self, party):
        """Parts with a suggestion from the other parent."""
        return self.filter(open__isnull=False).exclude(open__by=party)


class Clause(models.Model):
    """One question of one plan: which state it is in, which suggestion is open, which words are in force."""

    class Aside(models.TextChoices):
        HELP = "help", _("We need help with this")
        COURT = "court", _("We need the court to decide this")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="clauses")
    question = models.CharField(max_length=120)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in states.State], default=states.State.EMPTY
    )
    version = models.PositiveIntegerField(default=0)  # goes up with each accepted move
    open = models.ForeignKey("Proposal", null=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.ForeignKey("Proposal", null=True, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)  # the promise made when it was agreed; later settings do not move it
    rest_told = models.BooleanField(default=True)
    aside = models.CharField(max_length=5, choices=Aside, blank=True)
    set_aside_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    rests = False  # a part nobody has agreed to; `resting()` says it of the others
    is_away = False  # the words of the open suggestion are put away for this reader; `away_from()` says it

    MAY_CHANGE = (  # whose plan and which question it is may not: the database's role of the web has no right to
        "state",
        "version",
        "open",
        "agreed",
        "agreed_by",
        "agreed_at",
        "rests_until",
        "rest_told",
        "aside",
        "set_aside_by",
    )

    objects = ClauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "question"], name="one_clause_per_question"),
            models.CheckConstraint(
                name="a_suggestion_is_open_when_the_state_says_so",
                condition=Q(state__in=["suggested", "changing"], open__isnull=False)
                | Q(~Q(state__in=["suggested", "changing"]), open__isnull=True),
            ),
            models.CheckConstraint(
                name="words_are_in_force_when_the_state_says_so",
                condition=Q(state__in=["agreed", "changing"], agreed__isnull=False)
                | Q(state__in=["empty", "suggested"], agreed__isnull=True)
                | Q(state="set_aside"),
            ),
            models.CheckConstraint(
                name="agreed_words_have_a_time_and_a_second_parent",
                condition=Q(
                    agreed__isnull=True, agreed_by__isnull=True, agreed_at__isnull=True, rests_until__isnull=True
                )
                | Q(agreed__isnull=False, agreed_by__isnull=False, agreed_at__isnull=False, rests_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_part_set_aside_says_for_what",
                condition=Q(state="set_aside", set_aside_by__isnull=False) & ~Q(aside="")
                | Q(~Q(state="set_aside"), aside="", set_aside_by__isnull=True),
            ),
            models.CheckConstraint(
                name="a_part_rests_after_it_is_agreed",
                condition=Q(rests_until__isnull=True) | Q(rests_until__gte=F("agreed_at")),
            ),
        ]
        indexes = [models.Index(fields=["rests_until"], condition=Q(rest_told=False), name="rests_to_tell_of")]

    def __str__(self):
        return self.question

    @property
    def asked(self) -> questions.Question | None:
        return questions.by_key().get(self.question)

    def at_rest(self, at) -> bool:
        return states.at_rest(self.rests_until, at)


class ProposalQuerySet(models.QuerySet):
    def away_from(self, party: Party):
        """Each suggestion says whether staff put its words away for this reader (`is_away`)."""
        return self.annotate(is_away=put_away(party, "pk"))


class Proposal(models.Model):
    """Words one parent sent to the other. Never edited: a counter is a new one."""

    class Ending(models.TextChoices):
        OPEN = "", _("Open")
        AGREED = "agreed", _("Agreed")
        COUNTERED = "countered", _("Answered with other words")
        WITHDRAWN = "withdrawn", _("Taken back")
        REWRITTEN = "rewritten", _("Rewritten while working alone")
        SET_ASIDE = "set_aside", _("Set aside")

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    value = (
        models.JSONField()
    )  # {"kind": "words", "text": ...}, {"kind": "not_needed"}, or at the end {"kind": "erased"}
    note = models.CharField(max_length=500, blank=True)
    asked = models.CharField(max_length=200)  # the question as it was worded
    asked_version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    ending = models.CharField(max_length=10, choices=Ending, default=Ending.OPEN, blank=True)
    ended_at = models.DateTimeField(null=True)

    is_away = False  # put away for this reader; `away_from()` says it

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "number"], name="proposals_are_numbered"),
            models.UniqueConstraint(fields=["clause"], condition=Q(ending=""), name="one_open_proposal_per_clause"),
        ]

    def __str__(self):
        return f"{self.clause_id} #{self.number}"

    def what_was_shown(self) -> str:
        """Digest of everything a reader sees of this suggestion: what agreeing to it is bound to."""
        return record.digest(
            {"number": self.number, "asked": self.asked, "value": self.value, "note": self.note, "by": self.by.role}
        )


class Draft(models.Model):
    """Words a parent has not sent. Theirs alone: no page, mail, event or count of the other parent depends on it."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="drafts")
    question = models.CharField(max_length=120)
    value = models.JSONField()  # as a proposal's, or {"kind": "not_sure"}: come back to this one
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.CharField(max_length=40, blank=True)  # the open form that saved last: it may save again
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "question"], name="one_draft_per_parent_and_question")]

    def __str__(self):
        return self.question

    @property
    def asked(self) -> questions.Question | None:
        return questions.by_key().get(self.question)

    @property
    def can_be_sent(self) -> bool:
        return self.value.get("kind") != "not_sure"

    @property
    def to_send(self) -> dict:
        """What the other parent would get. Words kept beside a mark ("not needed") stay with their writer."""
        kind = self.value["kind"]
        return {"kind": kind} if kind in {"not_needed", "not_sure"} else self.value


class PlanEvent(models.Model):
    """One accepted command. Insert-only: triggers refuse anything else, whoever asks."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    part = models.CharField(max_length=120, blank=True)  # the question's key
    proposal = models.PositiveIntegerField(null=True)  # the proposal's number within the part
    role = models.CharField(max_length=5)
    at = models.DateTimeField()
    commitment = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    submit_key = models.CharField(max_length=160, null=True)  # noqa: DJ001 - null, so that keyless events are not equal

    class Meta:
        ordering = ["plan", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "seq"], name="events_are_numbered"),
            models.UniqueConstraint(fields=["plan", "previous"], name="the_record_never_forks"),
            models.UniqueConstraint(fields=["submit_key"], name="one_submit_one_event"),
        ]
        indexes = [models.Index(fields=["kind", "id"], name="events_of_a_kind")]

    def __str__(self):
        return f"{self.plan_id} {self.seq} {self.kind}"

    def entry(self, reference: str) -> record.Entry:
        return record.Entry(
            plan=reference,
            seq=self.seq,
            kind=self.kind,
            part=self.part,
            proposal=self.proposal,
            role=self.role,
            at=self.at,
            commitment=self.commitment,
            previous=self.previous,
            hash=self.hash,
        )


class PlanEventBody(models.Model):
    """The words behind an event's commitment. May be erased by law; the chain does not need them."""

    event = models.OneToOneField(PlanEvent, on_delete=models.PROTECT, primary_key=True, related_name="body")
    salt = models.BinaryField()
    words = models.JSONField()

    class Meta:
        verbose_name_plural = _("plan event bodies")

    def __str__(self):
        return str(self.event_id)


class PlanErased(models.Model):
    """The words of this plan's record are gone. Written by parenting_plan.keeping only; never changed or taken away."""

    class Why(models.TextChoices):
        ALONE = "alone", _("Nobody joined the plan")
        GROWN_UP = "grown_up", _("The youngest child is grown up")

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, primary_key=True, related_name="erased")
    why = models.CharField(max_length=10, choices=Why)
    at = models.DateTimeField()
    events = models.PositiveIntegerField()  # how many there are; they stay
    suggestions = models.PositiveIntegerField()  # how many lost their words

    class Meta:
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["at", "plan"], name="erased_plans_by_time"),
            models.Index(fields=["why", "at", "plan"], name="erased_plans_by_cause"),
        ]
        verbose_name = _("erased plan")
        verbose_name_plural = _("erased plans")

    def __str__(self):
        return str(self.plan_id)


class Anchored(models.Model):
    """How far a plan's record has been anchored outside the database. See parenting_plan.anchors."""

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, primary_key=True, related_name="anchored")
    seq = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        verbose_name_plural = _("anchored")

    def __str__(self):
        return f"{self.plan_id} {self.seq}"


class Issued(models.Model):
    """A drawing of a plan that was given a code. The bytes are a file named by their own hash."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="issued")
    fingerprint = models.CharField(max_length=64)  # of the content it shows
    code = models.CharField(max_length=16, unique=True)
    agreed = models.BooleanField()  # False: one parent's proposal
    made_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "fingerprint"], name="same_words_same_drawing"),
            models.CheckConstraint(
                name="a_drawing_has_bytes_and_pages",
                condition=Q(drawn_at__isnull=True) | (Q(pages__gt=0) & ~Q(sha256="")),
            ),
        ]
        verbose_name_plural = _("issued")

    def __str__(self):
        return in_fours(self.code)
