"""What the desk shows of a suggested goal: its words on a few pages, each with what is written together."""

from django.utils.translation import gettext_lazy as _

from goals.kinds import KINDS, SUGGESTION, THEMES
from hub.desk.shapes import Head, Shape

FIELDS = {each.name: each for each in SUGGESTION}


def _head(name: str, label: str, fields: str) -> Head:
    return Head(name, label, tuple(FIELDS[each] for each in fields.split()))


SHAPE = Shape(
    (
        _head("goal", _("The goal"), "safety title kind why first_step steps"),
        _head("place", _("Where it stands, and who finds it"), "theme order also"),
        _head("facts", _("When it is looked at again"), "checked_on check_again_on"),
    ),
    choices={
        "theme": lambda: [(slug, str(theme.title)) for slug, theme in THEMES.items()],
        "kind": lambda: [(value, str(label)) for value, label in KINDS.items()],
    },
)
"""Every field of a suggestion is on one of its pages."""
