"""The person. Nothing is asked but an email address and a first name to be known by (product decision 17)."""

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
    joined_at = models.DateTimeField(default=timezone.now)

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

    @property
    def is_parent(self):
        return self.kind == self.Kind.PARENT

    @property
    def is_professional(self):
        return self.kind == self.Kind.PROFESSIONAL


class Conflict(models.Model):
    """A plan or case that a member of staff has to do with themselves. Written by accounts.conflicts only."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="conflicts")
    about = models.CharField(max_length=40)  # in the form of accounts.conflicts.normal
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
        return self.about
