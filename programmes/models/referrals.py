"""Who was sent, by whom and in which case. Staff write it; each parent sees their own row and nobody else's.

Nothing here tells one party of a case anything about another: see `lane`.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from hub.codes import link_token, new_salt

# A reference with its look-alike letters read as one, as in accounts.conflicts.normal.
AS_COMPARED = Replace(
    Replace(Replace(F("reference"), Value("O"), Value("0")), Value("I"), Value("1")), Value("L"), Value("1")
)


class Case(models.Model):
    """A family court case, by the reference staff know it by."""

    reference = models.CharField(_("case reference"), max_length=40, unique=True)
    court = models.CharField(_("court"), max_length=120, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt, editable=False)  # decides the lanes: never changed

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(AS_COMPARED, name="cases_as_compared"),
            models.Index(fields=["made_at"], name="cases_by_age"),
        ]

    def __str__(self):
        return self.reference


class Party(models.Model):
    """One person in a case. `person` is empty until they have used their link.

    The `lane` decides which workshops a party is ever offered (programmes.lanes), so that what one party sees does not
    depend on what another has booked.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    lane = models.PositiveSmallIntegerField()
    name = models.CharField(_("name on the court papers"), max_length=120)
    email = models.EmailField(_("email address"), max_length=254, db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="case_parties"
    )

    class Meta:
        ordering = ["case", "lane"]
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(fields=["case", "lane"], name="each_party_has_a_lane_of_its_own"),
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(person__isnull=False), name="nobody_is_two_parties_of_a_case"
            ),
            models.UniqueConstraint(fields=["case", "email"], name="parties_of_a_case_have_different_addresses"),
        ]
        # on PostgreSQL the words of names have an index too: migration 0006

    def __str__(self):
        return f"{self.case}, {self.name}"


class KeepApart(models.Model):
    """Two people who are never placed together, though they are not in the same case. Staff alone know of it."""

    one = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt, editable=False)

    class Meta:
        verbose_name = _("pair to keep apart")
        verbose_name_plural = _("pairs to keep apart")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="a_pair_is_named_once"),
            models.CheckConstraint(name="a_pair_is_written_in_order", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self):
        return f"{self.one} / {self.other}"


class Referral(models.Model):
    """One party sent to one programme. The link in the mail works once, for 72 hours; staff may send a new one."""

    class Route(models.TextChoices):
        COURT = "court", _("Court order")
        ADVISER = "adviser", _("Family Court Adviser")

    class Ended(models.TextChoices):
        OPEN = "", _("Open")
        COMPLETE = "complete", _("Complete")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="referrals")
    programme = models.SlugField(max_length=60)
    route = models.CharField(max_length=8, choices=Route)
    ordered_on = models.DateField(_("date of the order or of the adviser’s decision"))
    hearing_on = models.DateField(_("next hearing, if known"), null=True, blank=True)
    suitable_on = models.DateField(_("suitability looked at on"), null=True, blank=True)  # that, never what was found
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    salt = models.BinaryField(default=new_salt, editable=False)
    secret_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)  # "" when no link is open
    link_number = models.PositiveSmallIntegerField(default=0, editable=False)
    link_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(null=True, blank=True)
    learning_due_on = models.DateField(null=True, blank=True)  # 10 days after joining
    learned_at = models.DateTimeField(null=True, blank=True)  # every part that counts is finished
    attended_at = models.DateTimeField(null=True, blank=True)  # staff recorded attendance of the whole workshop
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Ended, default=Ended.OPEN, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "programme"], condition=Q(ended_at=None), name="one_open_referral_to_a_programme"
            )
        ]
        indexes = [
            models.Index(
                fields=["learning_due_on", "id"],
                condition=Q(learned_at=None, ended_at=None),
                name="learning_that_is_due",
            ),
            models.Index(fields=["-made_at", "-id"], name="referrals_newest_first"),
            # the worklists of staff, so that few rows among very many are found without reading the others
            models.Index(fields=["programme", "-made_at", "-id"], name="referrals_to_a_programme"),
            models.Index(
                fields=["-made_at", "-id"], condition=Q(joined_at=None, ended_at=None), name="referrals_not_joined"
            ),
            models.Index(
                fields=["-made_at", "-id"],
                condition=Q(learned_at__isnull=False, attended_at=None, ended_at=None),
                name="referrals_to_a_workshop",
            ),
            models.Index(
                fields=["-made_at", "-id"],
                condition=Q(attended_at__isnull=False, learned_at=None, ended_at=None),
                name="referrals_to_e_learning",
            ),
            models.Index(fields=["-made_at", "-id"], condition=Q(outcome="withdrawn"), name="referrals_withdrawn"),
            models.Index(fields=["ended_at"], condition=~Q(ended_at=None), name="referrals_that_ended"),
        ]
        permissions = [("import_referrals", _("May bring referrals in from a file"))]

    def __str__(self):
        return f"{self.party} ({self.programme})"

    def token(self) -> str:
        """The secret of the link that is open now."""
        return link_token(f"referral:{self.link_number}:", self.salt)


class Needs(models.Model):
    """What somebody needs in order to take part. Theirs and the staff’s; a facilitator sees it for their session."""

    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="needs")
    interpreter = models.CharField(_("interpreter: which language"), max_length=80, blank=True)
    bsl = models.BooleanField(_("British Sign Language"), default=False)
    captions = models.BooleanField(_("captions"), default=False)
    large_print = models.BooleanField(_("large print or easy read"), default=False)
    one_to_one = models.BooleanField(_("a session on my own"), default=False)
    breaks = models.BooleanField(_("more breaks"), default=False)
    in_person = models.BooleanField(_("in person"), default=False)
    other = models.CharField(_("anything else"), max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = _("needs")

    def __str__(self):
        return f"needs:{self.referral_id}"
