"""What we suggest: a goal and its editions. Public words; nothing of any parent is in these tables."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals import kinds
from hub import editions


class Suggestion(editions.Work):
    """A suggested goal by its name, which is also its tag. Points at the edition that people see."""

    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("suggested goal")

    def __str__(self):
        return f"goals/{self.slug}"

    def checked(self, words: Mapping[str, Any]) -> dict[str, Any]:
        return dict(kinds.check(words))


class Edition(editions.Edition):
    """One wording of a suggestion. The database refuses a change of what was published."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="editions")

    OF = "suggestion"

    class Meta:
        ordering = ["suggestion", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "number"], name="editions_of_a_suggestion_are_numbered"),
            models.CheckConstraint(name="editions_of_suggestions_begin_with_one", condition=Q(number__gte=1)),
        ]
