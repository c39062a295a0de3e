"""The person. Nothing is asked but an email address and a first name to be known by (product decision 17)."""

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.codes import link_token, new_salt
from hub.keeping import keep


class UserManager(BaseUserManager):
    def create_user(self, email, first_name="", password=None, **more):
        user = self.model(email=self.normal_email(email), first_name=first_name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, first_name="", password=None, **more):
        more = {"kind": User.Kind.STAFF, "is_staff": True, "is_superuser": True} | more
        return self.create_user(email, first_name, password, **more)

    @staticmethod
    def normal_email(email: str) -> str:
        """One form per address, so that a look-alike cannot be a second account (trust T4)."""
        import unicodedata

        return unicodedata.normalize("NFKC", email or "").strip().casefold()

    def get_by_natural_key(self, email):
        return self.get(email=self.normal_email(email))


class User(AbstractBaseUser, PermissionsMixin):
    class Kind(models.TextChoices):
        PARENT = "parent", _("Parent")
        PROFESSIONAL = "professional", _("Professional")
        STAFF = "staff", _("Staff")

    email = models.EmailField(_("email address"), unique=True, max_length=254)
    first_name = models.CharField(_("first name"), max_length=80)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PARENT)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open the staff pages"), default=False)
    wants_alerts = models.BooleanField(_("email me when something is ready"), default=True)
    asks_again = models.BooleanField(_("ask again before private pages"), default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, editable=False)  # by accounts.rights.closing; erased soon
    # Part of what every session is checked against: one more, and all of this person's sessions have ended.
    session_round = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="only_staff_open_the_staff_pages",
                condition=models.Q(is_staff=False) | models.Q(kind="staff"),
            )
        ]
        indexes = [
            models.Index(fields=["closed_at"], condition=~models.Q(closed_at=None), name="closed_accounts"),
            models.Index(fields=["first_name"], condition=models.Q(kind="staff"), name="people_who_work_here"),
            models.Index(
                fields=["joined_at"], condition=models.Q(last_login=None, closed_at=None), name="people_who_never_came"
            ),
        ]

    def __str__(self):
        return self.email

    def get_short_name(self):
        return self.first_name

    def get_full_name(self):
        return self.first_name

    def get_session_auth_hash(self):
        return f"{super().get_session_auth_hash()}:{self.session_round}"

    def get_session_auth_fallback_hash(self):
        for earlier in super().get_session_auth_fallback_hash():
            yield f"{earlier}:{self.session_round}"

    @property
    def is_parent(self):
        return self.kind == self.Kind.PARENT

    @property
    def is_professional(self):
        return self.kind == self.Kind.PROFESSIONAL


class Conflict(models.Model):
    """A plan or case that a member of staff has to do with themselves. Written by accounts.conflicts only."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="conflicts")
    about = models.CharField(max_length=40)  # in the form of accounts.conflicts.normal, to be compared
    written = models.CharField(max_length=40, default="")  # with the letters it came with, to be read
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    declared_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # why it was taken back

    class Meta:
        verbose_name = _("case I have to do with")
        verbose_name_plural = _("cases I have to do with")
        ordering = ["-declared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "about"],
                condition=models.Q(taken_back_at=None),
                name="an_own_case_is_named_once",
            )
        ]

    def __str__(self):
        return self.written or self.about


class StaffMemberManager(UserManager):
    def get_queryset(self):
        return super().get_queryset().filter(kind=User.Kind.STAFF)


class StaffMember(User):
    """A person who works here, as the page "Staff" sees them."""

    objects = StaffMemberManager()

    class Meta:
        proxy = True
        default_permissions = ("view",)
        permissions = [("manage_staff", _("Can invite, change and stop staff accounts"))]
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")


class StaffInvitation(models.Model):
    """The way in for a member of staff: a link that works once. Only the hash of its secret is kept."""

    class Outcome(models.TextChoices):
        OPEN = "", _("Not answered")
        ACCEPTED = "accepted", _("Accepted")
        REPLACED = "replaced", _("A newer invitation took its place")
        CALLED_OFF = "called_off", _("Called off")

    email = models.EmailField(max_length=254)
    roles = models.JSONField(default=list)  # slugs of accounts.roles
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # None: the operator
    salt = models.BinaryField(default=new_salt)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # who they are now

    class Meta:
        default_permissions = ()
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(outcome=""), name="one_open_invitation_for_an_address"
            )
        ]

    def __str__(self):
        return f"{self.email} {self.created_at:%Y-%m-%d}"

    def token(self) -> str:
        """The secret of the emailed link."""
        return link_token("staff invitation", self.salt)


class DataCopy(models.Model):
    """A copy of everything the hub holds about one person, made for them alone. Its file lives for a day."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="data_copies")
    asked_at = models.DateTimeField()
    by = models.ForeignKey(  # of the staff, who never see it; nobody: they asked themselves
        User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)  # a worker makes it, or waits to try again; not before then
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    saved_at = models.DateTimeField(null=True)  # when it was first saved
    gone_at = models.DateTimeField(null=True)  # its file is deleted, or it could not be made

    class Meta:
        ordering = ["-asked_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(gone_at=None), name="one_copy_of_ones_data_at_a_time"
            ),
            models.CheckConstraint(
                name="a_copy_that_is_ready_has_a_file",
                condition=models.Q(ready_at=None) | (~models.Q(sha256="") & models.Q(expires_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"copy:{self.pk}"


class DataRequest(models.Model):
    """Somebody asks about their data: for a copy, to erase or to put right; or complains about what we do with it.

    By when we answer: see accounts.rights.due.
    """

    class Kind(models.TextChoices):
        COPY = "copy", _("A copy of what we hold")
        ERASE = "erase", _("Erase something")
        CORRECT = "correct", _("Put something right")
        OTHER = "other", _("Something else about their data")
        COMPLAINT = "complaint", _("A complaint about how we use their data")

    class Way(models.TextChoices):
        ACCOUNT = "account", _("From their account")
        EMAIL = "email", _("By email")
        LETTER = "letter", _("By letter")
        PHONE = "phone", _("By phone")

    class State(models.TextChoices):
        NEW = "new", _("New")
        IDENTITY = "identity", _("Waiting until we know it is them")
        WORKED_ON = "worked_on", _("Being worked on")
        DONE = "done", _("Closed")

    class Outcome(models.TextChoices):
        GIVEN = "given", _("The copy was made for them")
        CLOSED = "closed", _("Their account was closed and their data erased")
        PART = "part", _("Some was erased; the rest is kept, and they were told why")
        PUT_RIGHT = "put_right", _("It was put right")
        REFUSED = "refused", _("Refused, and they were told why")
        UPHELD = "upheld", _("We were wrong, and told them what we did about it")
        NO_FAULT = "no_fault", _("We found nothing wrong, and told them why")
        WITHDRAWN = "withdrawn", _("They took the request back")
        NOT_THEM = "not_them", _("We could not tell that it was them")

    kind = models.CharField(_("what they ask for"), max_length=9, choices=Kind)
    way = models.CharField(_("how it came"), max_length=7, choices=Way)
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="data_requests")
    email = models.EmailField(_("email address to answer to"), max_length=254, blank=True)  # when it came another way
    words = models.TextField(_("what they asked, in their words"), max_length=2000, blank=True)
    received_at = models.DateTimeField()
    due_on = models.DateField()  # the last day to answer, or to say how far we are with a complaint
    extended = models.BooleanField(default=False)  # by two months, and they were told why
    known_at = models.DateTimeField(null=True)  # staff were sure that it is them
    state = models.CharField(max_length=9, choices=State, default=State.NEW)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    closing_by = models.ForeignKey(  # who proposes to close the account; somebody else confirms
        User, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)  # goes up with each act of staff

    class Meta:
        ordering = ["due_on", "id"]
        default_permissions = ("view",)
        permissions = [
            ("work_datarequest", _("Can work on requests about people’s data")),
            ("close_accounts", _("Can close somebody’s account for them, together with a colleague")),
        ]
        verbose_name = _("request about data")
        verbose_name_plural = _("requests about data")
        indexes = [
            models.Index(fields=["due_on", "id"], condition=~models.Q(state="done"), name="requests_to_answer"),
            models.Index(fields=["due_on", "id"], condition=models.Q(state="done"), name="requests_answered"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_request_that_is_done_says_how",
                condition=models.Q(state="done", ended_at__isnull=False) & ~models.Q(outcome="")
                | (~models.Q(state="done") & models.Q(outcome="", ended_at=None)),
            )
        ]

    def __str__(self):
        return f"request:{self.pk}"


class DataRequestNote(models.Model):
    """One line in the story of a request: what was done, by whom, when and why. Never edited; the database refuses."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=40)  # a verb of accounts.rights
    facts = models.CharField(max_length=120, blank=True)  # what was chosen: an outcome, a day
    words = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()

    def __str__(self):
        return f"{self.request_id} {self.what}"


keep("accounts_datarequestnote", until="at", years=3)
