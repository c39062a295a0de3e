"""What the desk shows of an article: its words on a few pages, each with what is written together."""

from django.utils.translation import gettext_lazy as _

from articles.kinds import ARTICLE, TOPICS
from hub.desk import boxes
from hub.desk.shapes import Head, Shape

FIELDS = {each.name: each for each in ARTICLE}


def _head(name: str, label: str, fields: str) -> Head:
    return Head(name, label, tuple(FIELDS[each] for each in fields.split()))


def _easy_pictures() -> list[tuple[str, str]]:
    return [(name, name) for name in boxes.pictures("easy-")]


SHAPE = Shape(
    (
        _head("place", _("Title and place"), "title summary topic order history"),
        _head("article", _("The article"), "safety body picture picture_alt child child_age try_this"),
        _head("facts", _("Facts: who checks them, and when"), "owner checked_on check_again_on sources links"),
        _head("tags", _("What it goes with"), "goals plan programmes also"),
        _head("easy_read", _("The easy-read version"), "easy_title easy"),
    ),
    choices={"topic": lambda: list(TOPICS.items()), "easy.picture": _easy_pictures},
)
"""Every field of an article is on one of its pages."""
