"""Easy-read papers: drawn once for each edition, kept by their content, drawn again on demand when a file is gone."""

import logging
from typing import Any

from django.conf import settings
from django.urls import reverse

from articles import library
from articles.beside import EasyPaper
from articles.models import Article, Edition
from hub import files

log = logging.getLogger(__name__)

TEMPLATE = "articles/pdf/easy.html"
AT_A_TIME = 10


def reading(edition: Edition) -> dict[str, Any]:
    """What the paper says. Nothing in it depends on when it is drawn, so that its bytes stay the same."""
    article = library.read_edition(edition)
    return {
        "article": article,
        "published_at": edition.published_at,
        "hub_name": settings.HUB_NAME,
        "help_address": settings.HUB_ADDRESS + reverse("help"),
    }


def shown(slug: str) -> Edition | None:
    """The edition people see now, when it has an easy-read version."""
    works = Article.objects.filter(slug=slug, withdrawn=False)
    found = Edition.objects.filter(pk__in=works.values("current"), words__has_key="easy")
    return found.select_related("article", "easy_paper").first()


def file_of(edition: Edition) -> tuple[bytes, str]:
    """The PDF and its SHA-256: a read when it is kept, drawn now when it is not.

    Raises files.NoRoom when it cannot be kept; another try may succeed.
    """
    paper = EasyPaper.objects.filter(edition=edition).first()
    content = files.read(paper.sha256) if paper else None
    return (content, paper.sha256) if paper and content is not None else _draw(edition)


def _draw(edition: Edition) -> tuple[bytes, str]:
    from hub import pdf  # drawing is heavy: only a process that draws loads it

    drawn = pdf.draw(TEMPLATE, reading(edition))
    files.keep(drawn.content)
    EasyPaper.objects.update_or_create(edition=edition, defaults={"sha256": drawn.sha256, "pages": drawn.pages})
    return drawn.content, drawn.sha256


def draw_what_is_due() -> None:
    """Draw the easy-read papers of editions people see that have none. One that fails stops no other; may run twice."""
    due = Edition.objects.filter(
        pk__in=Article.objects.filter(withdrawn=False).values("current"), words__has_key="easy", easy_paper=None
    )
    for edition in due.select_related("article").order_by("pk")[:AT_A_TIME]:
        try:
            _draw(edition)
        except Exception:
            log.exception("an easy-read paper could not be drawn")
