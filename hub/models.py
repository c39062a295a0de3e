"""The tables every app may write through a function: notices, outgoing mail, reads on record.

Those of the helplines are in hub.helplines.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.helplines import Edition, Helpline  # noqa: F401  tables of the kernel too
from hub.keeping import keep


class Notice(models.Model):
    """One line on somebody's own list of news. Written in the transaction of what it tells; never twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)  # what is told, e.g. "plan-event:81"
    kind = models.CharField(max_length=40)
    address = models.CharField(max_length=300)  # the page of the hub it leads to
    created_at = models.DateTimeField(default=timezone.now)
    put_away_at = models.DateTimeField(null=True, blank=True)  # the person's own tidying; nobody else sees it

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="nobody_is_told_the_same_thing_twice")]
        indexes = [
            models.Index(fields=["person", "put_away_at", "-created_at"], name="notices_of_a_person"),
            models.Index(fields=["created_at"], name="notices_by_age"),
            models.Index(fields=["put_away_at"], condition=~models.Q(put_away_at=None), name="notices_put_away"),
        ]

    def __str__(self):
        return f"{self.kind} ({self.key})"


class OutgoingMail(models.Model):
    """A mail that must leave. Written in the transaction of its cause; the relay sends it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not needed any more")
        REFUSED = "refused", _("Refused by the mail server")
        DEAD = "dead", _("Given up")
        SETTLED = "settled", _("Put aside by staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=160, unique=True)  # one cause and one reader make one mail
    kind = models.CharField(max_length=40)  # names the template and the function that asks "still wanted?"
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    to = models.EmailField(max_length=254, blank=True)  # only when the reader has no account yet
    facts = models.JSONField(default=dict)  # ids and addresses for the template; never names or plan words
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_fault = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="mail_that_is_due"),
            models.Index(fields=["due_at", "id"], name="mail_by_time"),
            models.Index(fields=["kind", "due_at", "id"], name="mail_of_a_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_mail_has_one_reader",
                condition=models.Q(person__isnull=False, to="") | (models.Q(person__isnull=True) & ~models.Q(to="")),
            )
        ]
        verbose_name_plural = _("outgoing mail")

    def __str__(self):
        return f"{self.kind} ({self.state})"


def _staff() -> models.ForeignKey:
    """Who of the staff did it: by number alone, so that the row stays whole when an account is gone."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )


class AccessRecord(models.Model):
    """Who opened or did what, kept for auditors. Written by hub.audit only; the database refuses any change.

    A row goes by retention once `kept_until` is past, and not before. The person is named by number alone, so that
    a row stays whole when an account is gone.
    """

    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    role = models.CharField(max_length=200)  # as it was then: the roles of staff, else the kind of person
    what = models.CharField(max_length=60)
    about = models.CharField(max_length=120)
    reason = models.CharField(max_length=500, blank=True)
    kept_until = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-at", "-id"]
        permissions = [("export_accessrecord", "Can save access records as a file")]
        indexes = [
            models.Index(fields=["at", "id"], name="access_by_time"),
            models.Index(fields=["person", "at", "id"], name="access_by_person"),
            models.Index(fields=["what", "at", "id"], name="access_by_act"),
            models.Index(fields=["about", "at", "id"], name="access_by_thing"),
        ]

    def __str__(self):
        return f"{self.what}: {self.about}"


keep("hub_accessrecord", until="kept_until")


class LegalHold(models.Model):
    """Nothing of this plan, person or case is erased by time or by request until two people let it go again.

    It stands from the moment one member of staff places it; another confirms it, and two are needed to end it. Written
    by hub.holds only.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("A plan")
        PERSON = "person", _("A person’s account")
        CASE = "case", _("A court case")

    kind = models.CharField(_("what is held"), max_length=6, choices=Kind)
    number = models.BigIntegerField()  # the key of the row: its app says which, see hub.holds
    name = models.CharField(max_length=60)  # what staff call it: a reference of ours, never somebody's name
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = _staff()
    placed_at = models.DateTimeField()
    confirmed_by = _staff()
    confirmed_at = models.DateTimeField(null=True)
    ending_by = _staff()  # who asked that it end
    ending_at = models.DateTimeField(null=True)
    ending_reason = models.CharField(max_length=500, blank=True)
    released_by = _staff()
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-placed_at", "-id"]
        default_permissions = ("view",)
        permissions = [("manage_legalhold", _("Can place, confirm and end legal holds"))]
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"], condition=models.Q(released_at=None), name="one_hold_at_a_time"
            ),
            models.CheckConstraint(
                name="two_people_confirm_a_hold",
                condition=models.Q(confirmed_by=None, confirmed_at=None)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~models.Q(confirmed_by=models.F("placed_by")),
            ),
            models.CheckConstraint(
                name="two_people_end_a_hold",
                condition=models.Q(released_by=None, released_at=None)
                | models.Q(released_at__isnull=False, released_by__isnull=False, ending_by__isnull=False)
                & ~models.Q(released_by=models.F("ending_by")),
            ),
        ]

    def __str__(self):
        return f"{self.kind}:{self.name}"


keep("hub_legalhold", columns=("id", "kind", "number", "name", "reason", "placed_by_id", "placed_at"))


class Pulse(models.Model):
    """When a part of the hub last did its work, and how it went: worker, anchors, backup, record. See hub.pulse."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    good = models.BooleanField(default=True)
    count = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    facts = models.JSONField(default=dict)  # counts and names of ours; nothing about a person

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("state of the hub")
        verbose_name_plural = _("how the hub is")

    def __str__(self):
        return self.name


class Figures(Pulse):
    """What hub.figures counted last: the row of its pulse, under a name that a permission can have."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("numbers about the hub")
        verbose_name_plural = _("numbers about the hub")


class SearchEntry(models.Model):
    """Something anybody may find. Written by hub.search.index; made anew by `manage.py rebuild_search`.

    On PostgreSQL `head` and `text` hold its stems, with weights; on SQLite an FTS5 table beside this one does.
    """

    app = models.CharField(max_length=40, db_index=True)
    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=12)
    address = models.CharField(max_length=300)
    title = models.CharField(max_length=300)
    summary = models.TextField()
    body = models.TextField(blank=True)
    also = models.TextField(blank=True)  # other words people type: one saying a line
    heads = models.TextField()  # stems, a line each: of the title, of the summary, of each saying of `also`
    worth = models.FloatField(default=1.0)
    digest = models.CharField(max_length=64)
    head = SearchVectorField(null=True, editable=False)
    text = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["key"]

    def __str__(self):
        return self.key


class SearchWord(models.Model):
    """A word of what can be found, and how many entries have it: for rare words, beginnings and spelling."""

    word = models.CharField(max_length=40, unique=True)
    stem = models.CharField(max_length=40, db_index=True)
    entries = models.PositiveIntegerField()

    def __str__(self):
        return self.word
