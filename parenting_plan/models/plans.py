"""A plan, its two parents and their children, the way in, and who else may read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from hub.codes import code, link_token, new_salt
from parenting_plan import record


def new_reference() -> str:
    return code(12).lower()


class Role(models.TextChoices):
    A = "a", _("The parent who started the plan")
    B = "b", _("The parent who joined")


def seen_by(user, plan: str = "") -> Q:
    """Whose world a plan is in: one of its two parents, and known to be, for as long as its time is not over.

    `plan` is the way to it, such as "plan__".
    """
    mine = {f"{plan}parties__user": user, f"{plan}parties__confirmed_at__isnull": False}
    return Q(**mine, **{f"{plan}put_away_at": None})


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
    last_alone_at = models.DateTimeField(null=True)  # its last event, while nobody has joined; empty from then on
    end_told_at = models.DateTimeField(null=True)  # when its one parent was told that it will go; see `ending`
    put_away_at = models.DateTimeField(null=True)  # its time is over: no parent sees it, erased or held

    objects = PlanQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["pdf_due"], condition=Q(pdf_due=True), name="plans_to_draw"),
            models.Index(
                fields=["last_alone_at"], condition=Q(last_alone_at__isnull=False), name="plans_of_one_parent"
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(last_alone_at__isnull=False, ended_at__isnull=False),
                name="plans_left_by_one_parent",
            ),
        ]
        permissions = [
            ("pause_plan", _("Can pause a plan and let it go on")),
            ("open_plan_words", _("Can open the words of a plan, for a stated reason")),
        ]

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
        return self.ended_at is None and self.paused_at is None and self.put_away_at is None

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

    def waiting(self, user):
        """This person where they joined with a code, and the inviter can still say that it is them."""
        return self.filter(user=user, confirmed_at=None, plan__ended_at=None, plan__put_away_at=None)


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
        return (self.user and self.user.first_name) or str(_("the other parent"))


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
        indexes = [models.Index(fields=["born_year", "born_month"], name="children_by_age")]

    def __str__(self):
        return self.first_name


class Invitation(models.Model):
    """The way in for the second parent. Works once, for 14 days; only the secret's hash is kept.

    The address goes 90 days after it is needed. Its mark stays, so that whoever said no is not asked again.
    """

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
    mark = models.CharField(max_length=64, blank=True, db_default="")  # of the address: see mark_of
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
        indexes = [
            models.Index(fields=["mark"], name="invitations_of_an_address"),
            models.Index(fields=["expires_at"], condition=~Q(email=""), name="invitations_with_an_address"),
        ]

    def __str__(self):
        return f"{self.way} {self.created_at:%Y-%m-%d}"

    @staticmethod
    def mark_of(email: str) -> str:
        """What tells one address from another once it is gone. Nobody without the server's own key can work it out."""
        return salted_hmac("address of an invitation", email, algorithm="sha256").hexdigest()

    def token(self) -> str:
        """The secret of the emailed link."""
        return link_token("invitation", self.salt)


class GrantQuerySet(models.QuerySet):
    def in_force(self, at):
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def held_by(self, user, at):
        """In force, for an address this person has proved to be theirs, and never for a parent of that plan."""
        addresses = user.emailaddress_set.filter(verified=True, primary=True).values("email")
        return self.in_force(at).filter(email__in=addresses, plan__put_away_at=None).exclude(plan__parties__user=user)


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
        indexes = [
            models.Index(fields=["email", "expires_at"], name="grants_of_an_address"),
            models.Index(fields=["expires_at"], name="grants_by_end"),
        ]

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
