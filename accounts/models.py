"""The person. Nothing is asked but an email address and a first name to be known by (product decision 17)."""

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.codes import link_token, new_salt


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
