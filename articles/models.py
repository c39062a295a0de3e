"""What the library says: an article and its editions. Its words are as articles.kinds checks them."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles import kinds
from articles.beside import EasyPaper, Helped
from hub import editions

__all__ = ["Article", "EasyPaper", "Edition", "Helped"]


class Article(editions.Work):
    """An article by its name in the address. Points at the edition that people see."""

    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("article")

    def __str__(self):
        return f"articles/{self.slug}"

    def checked(self, words: Mapping[str, Any]) -> dict[str, Any]:
        return dict(kinds.check_article(words))


class Edition(editions.Edition):
    """One wording of an article. The database refuses a change of what was published."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="editions")

    OF = "article"

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="editions_of_an_article_are_numbered"),
            models.CheckConstraint(name="editions_of_articles_begin_with_one", condition=Q(number__gte=1)),
        ]
