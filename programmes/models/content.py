"""What the programmes say: a chapter is a cover or a part, an edition one wording of it, never changed once shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Chapter(models.Model):
    """A cover (slug "") or a part. Points at the edition that people see."""

    programme = models.SlugField(max_length=60)
    slug = models.SlugField(max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    current = models.ForeignKey("Edition", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_digest = models.CharField(max_length=64, blank=True)  # of the file that was loaded last
    withdrawn = models.BooleanField(_("taken out"), default=False)  # its file is gone, or staff took it out

    class Meta:
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="a_chapter_has_a_name_of_its_own")]

    def __str__(self):
        return f"{self.programme}/{self.slug or 'cover'}"


class Edition(models.Model):
    """One wording of a chapter. Once published it stays as it is: what somebody finished is kept against it.

    The database says the same with triggers of its own (migration 0002): no change of its words, and no deletion.
    """

    class Source(models.TextChoices):
        FILE = "file", _("From the repository")
        STAFF = "staff", _("Written by staff")

    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    words = models.JSONField()  # as programmes.kinds checks them
    source = models.CharField(max_length=5, choices=Source)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    put_aside_at = models.DateTimeField(null=True, blank=True)  # staff looked at what a file brought, and left it

    class Meta:
        ordering = ["chapter", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="editions_of_a_chapter_are_numbered"),
            models.CheckConstraint(name="editions_are_numbered_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"{self.chapter}, edition {self.number}"

    def delete(self, *args, **kwargs):
        if self.published_at is not None:
            raise models.ProtectedError("What was published is kept.", {self})
        return super().delete(*args, **kwargs)
