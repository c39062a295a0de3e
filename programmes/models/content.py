"""What the programmes say: a chapter is a cover or a part, an edition one wording of it, never changed once shown."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from hub import editions, schema
from programmes import kinds


class Chapter(editions.Work):
    """A cover (slug "") or a part. Points at the edition that people see."""

    programme = models.SlugField(max_length=60)
    slug = models.SlugField(max_length=60, blank=True)

    NAMED_BY = ("programme", "slug")

    class Meta:
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="a_chapter_has_a_name_of_its_own")]

    def __str__(self):
        return f"{self.programme}/{self.slug or 'cover'}"

    @property
    def is_cover(self) -> bool:
        return not self.slug

    def checked(self, words: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(kinds.check_cover(words).words) if self.is_cover else kinds.plain(kinds.check_part(words))
        if found["slug"] != (self.slug or self.programme):
            raise schema.Wrong("slug is the name of this chapter, and stays as it is")
        return found

    def place_in(self, words: Mapping[str, Any]) -> int:
        return 0 if self.is_cover else words["order"]


class Edition(editions.Edition):
    """One wording of a chapter. The database refuses a change of what was published (migration 0002)."""

    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="editions")

    OF = "chapter"

    class Meta:
        ordering = ["chapter", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="editions_of_a_chapter_are_numbered"),
            models.CheckConstraint(name="editions_are_numbered_from_one", condition=Q(number__gte=1)),
        ]
