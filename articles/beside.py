"""What is kept beside an edition: its easy-read paper, and how often people said that it helped."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EasyPaper(models.Model):
    """The easy-read PDF of an edition: which kept file it is (hub.files). Drawn once: an edition never changes."""

    edition = models.OneToOneField("articles.Edition", on_delete=models.CASCADE, related_name="easy_paper")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("easy-read paper")

    def __str__(self):
        return f"easy/{self.edition_id}"


class Helped(models.Model):
    """How many answered yes, or no, to “Was this helpful?” in one month. Nothing says who, or on which day."""

    edition = models.ForeignKey("articles.Edition", on_delete=models.CASCADE, related_name="helped")
    month = models.DateField()  # its first day
    yes = models.BooleanField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("answers to “Was this helpful?”")
        constraints = [
            models.UniqueConstraint(fields=["edition", "month", "yes"], name="one_count_for_edition_month_and_answer"),
        ]

    def __str__(self):
        return f"helped/{self.edition_id}/{self.month:%Y-%m}/{'yes' if self.yes else 'no'}"
