"""The tables of the two-parent record. One-row facts live here; whatever touches several rows is in actions."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.codes import code, in_fours, link_token, new_salt
from parenting_plan import questions, record, states


def new_reference() -> str:
    return code(12).lower()


class Role(models.TextChoices):
    A = "a", _("The parent who started the plan")
    B = "b", _("The parent who joined")


def seen_by(user, plan: str = "") -> Q:
    """Whose world a plan is in: one of its two parents, and known to be. `plan` is the way to it, such as "plan__"."""
    return Q(**{f"{plan}parties__user": user, f"{plan}parties__confirmed_at__isnull": False})


class PlanQuerySet(models.QuerySet):
    def hold(self, pk):
        """This plan's row, held until the transaction ends. Whoever changes anything of a plan takes it first.

        Held without its key, so that rows which only name the plan (a report to staff, say) need not wait for it.
        """
        return self.select_for_update(no_key=True).get(pk=pk)

    def visible_to(self, user):
        """Plans in which this person is one of the two parents, and known to be. The only way in for a view."""
        return self.filter(seen_by(user))

    def granted_to(self, user, at):
        """Plans this person may read as a professional now. See GrantQuerySet.held_by."""
        return self.filter(grants__in=Grant.objects.held_by(user, at)).distinct()


class Plan(models.Model):
    class Orders(models.TextChoices):
        NONE = "none", _("No court order")
        PROCEEDINGS = "proceedings", _("A court case is going on")
        IN_FORCE = "in_force", _("There is a court order about the children")
        PROTECTIVE = "protective", _("An order or condition says one parent must not be in touch")

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    orders = models.CharField(max_length=12, choices=Orders, default=Orders.NONE)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    event_count = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=record.BEGINNING)
    pdf_due = models.BooleanField(default=False)  # agreed words changed since the last drawing

    objects = PlanQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["pdf_due"], condition=Q(pdf_due=True), name="plans_to_draw")]

    def __str__(self):
        return self.reference

    def people(self) -> list["Party"]:
        """Both parties with their users, read once for this object: for showing, never for deciding under a lock."""
        if not hasattr(self, "_people"):
            self._people = list(self.parties.select_related("user"))
        return self._people

    def know(self, parties: list["Party"]) -> None:
        """Take both parties, read together with this plan, as what `people` gives."""
        for party in parties:
            party.plan = self
        self._people = parties

    @property
    def still_shared(self) -> bool:
        """False once a parent has left or it is paused: then nothing can be written, and both read the same line."""
        return self.ended_at is None and self.paused_at is None

    @property
    def may_be_shared(self) -> bool:
        return self.orders != self.Orders.PROTECTIVE

    @property
    def order_in_force(self) -> bool:
        return self.orders == self.Orders.IN_FORCE


class PartyQuerySet(models.QuerySet):
    def of_a_plan_visible_to(self, user, reference: str):
        """Both parties of this plan, with it and their users; nobody, when the plan is not in this person's world."""
        found = self.filter(seen_by(user, "plan__"), plan__reference=reference)
        return found.select_related("plan", "user").order_by()


class Party(models.Model):
    """One of the two parents of a plan. The row stays when the account goes: the role keeps the record whole."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="parties")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="parties")
    role = models.CharField(max_length=1, choices=Role)
    joined_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # joined with a code: the inviter says it is them
    left_at = models.DateTimeField(null=True, blank=True)
    gate_passed_at = models.DateTimeField(null=True, blank=True)  # the safety questions; never what was answered

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "role"], name="two_parents_per_plan"),
            models.UniqueConstraint(fields=["plan", "user"], name="nobody_is_both_parents"),
            models.CheckConstraint(name="a_parent_is_a_or_b", condition=Q(role__in=["a", "b"])),
        ]
        verbose_name_plural = _("parties")

    def __str__(self):
        return f"{self.plan_id}{self.role}"

    @property
    def name(self) -> str:
        """The first name they chose, or their role in words once the account is closed."""
        return self.user.first_name if self.user else str(_("the other parent"))


class Child(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="children")
    first_name = models.CharField(max_length=80)
    born_year = models.PositiveSmallIntegerField()
    born_month = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["born_year", "born_month", "id"]
        verbose_name_plural = _("children")
        constraints = [
            models.CheckConstraint(name="a_month_is_1_to_12", condition=Q(born_month__gte=1, born_month__lte=12))
        ]

    def __str__(self):
        return self.first_name


class Invitation(models.Model):
    """The way in for the second parent. Works once, for 14 days; only the secret's hash is kept."""

    class Way(models.TextChoices):
        EMAIL = "email", _("By email")
        CODE = "code", _("A code handed over")

    class Outcome(models.TextChoices):
        OPEN = "", _("Not answered")
        JOINED = "joined", _("Joined")
        DECLINED = "declined", _("Said no")
        UNKNOWN = "unknown", _("Does not know this person")
        UNSAFE = "unsafe", _("Does not feel safe")
        REPLACED = "replaced", _("A newer invitation took its place")
        NOT_THEM = "not_them", _("The inviter did not know the person who joined")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="invitations")
    by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invitations")
    way = models.CharField(max_length=5, choices=Way)
    email = models.EmailField(max_length=254, blank=True)
    salt = models.BinaryField(default=new_salt)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    joined = models.ForeignKey(Party, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(outcome=""), name="one_open_invitation_per_plan")
        ]

    def __str__(self):
        return f"{self.way} {self.created_at:%Y-%m-%d}"

    def token(self) -> str:
        """The secret of the emailed link."""
        return link_token("invitation", self.salt)


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """How one part stands, without its words: enough for a list."""

    question: str
    aside: str
    open_by: int | None  # the party whose suggestion is open
    agreed_kind: str | None  # the kind of the words in force
    rests: bool  # by the database's clock, at the moment of reading


RESTS = ExpressionWrapper(Q(rests_until__gt=Now()), output_field=models.BooleanField())


class ClauseQuerySet(models.QuerySet):
    def resting(self):
        """Each part says whether it `rests`, by the database's clock."""
        return self.annotate(rests=RESTS)

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
    value = models.JSONField()  # {"kind": "words", "text": ...} or {"kind": "not_needed"}; schedules come later
    note = models.CharField(max_length=500, blank=True)
    asked = models.CharField(max_length=200)  # the question as it was worded
    asked_version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    ending = models.CharField(max_length=10, choices=Ending, default=Ending.OPEN, blank=True)
    ended_at = models.DateTimeField(null=True)

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


class GrantQuerySet(models.QuerySet):
    def in_force(self, at):
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def held_by(self, user, at):
        """In force, for an address this person has proved to be theirs, and never for a parent of that plan."""
        addresses = user.emailaddress_set.filter(verified=True, primary=True).values("email")
        return self.in_force(at).filter(email__in=addresses).exclude(plan__parties__user=user)


class Grant(models.Model):
    """A parent lets a professional read the agreed plan for 30 days. The other parent is never told."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="grants")
    by = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="grants")
    email = models.EmailField(max_length=254)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "by", "email"], condition=Q(revoked_at__isnull=True), name="one_grant_per_address"
            )
        ]
        indexes = [models.Index(fields=["email", "expires_at"], name="grants_of_an_address")]

    def __str__(self):
        return f"{self.plan_id} until {self.expires_at:%Y-%m-%d}"


class Opening(models.Model):
    """A professional read or downloaded the plan. Shown to the parent who let them in, never to the other."""

    class What(models.TextChoices):
        READ = "read", _("Read the plan")
        DOWNLOAD = "download", _("Downloaded the PDF")

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="openings")
    what = models.CharField(max_length=8, choices=What)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.what


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
        DONE = "done", _("Done")

    kind = models.CharField(max_length=8, choices=Kind)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="reports")
    by = models.ForeignKey(Party, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey(Proposal, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(blank=True, max_length=2000)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.kind} {self.created_at:%Y-%m-%d}"
