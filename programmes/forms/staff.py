"""What the desk shows of a chapter: the head and the steps of a part, or the head, questions and choices of a cover."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hub.desk.shapes import Head, Shape, Sort
from hub.schema import Field
from programmes.kinds import COVER, KINDS, OPEN_TO, PART
from programmes.models import Chapter

STEP = (
    Field("slug", "slug", "Name in the address"),
    Field("title", "line", "Title"),
    Field("minutes", "number", "Minutes", least=1, most=15, help="Honest ones: reading slowly, and time to think."),
)
PIECES = {"questions", "statuses"}


def _head(fields: tuple[Field, ...]) -> Head:
    """What is not a piece of its own. The name in the address never changes."""
    return Head(
        "head", _lazy("The head"), tuple(each for each in fields if each.name not in PIECES and each.name != "slug")
    )


def _sort(name: str, label: str, add: str) -> Sort:
    return Sort(name, label, add, next(each.of for each in COVER if each.name == name))


def _open_to() -> list[tuple[str, str]]:
    words = {
        "everyone": _("Everyone"),
        "referred": _("Parents with a referral"),
        "enrolled": _("Parents whose case is enrolled"),
        "nobody": _("Nobody: it is a page of information"),
    }
    return [(value, words[value]) for value in OPEN_TO]


STEPS = Sort("step", _lazy("Steps"), _lazy("Add a step"), STEP, KINDS)
OF_PART = Shape((_head(PART),), (STEPS,))
OF_COVER = Shape(
    (_head(COVER),),
    (
        _sort("questions", _lazy("Questions and answers"), _lazy("Add a question")),
        _sort("statuses", _lazy("“Who sent you?”"), _lazy("Add a choice")),
    ),
    {"open_to": _open_to},
)


def shape_of(chapter: Chapter) -> Shape:
    return OF_COVER if chapter.is_cover else OF_PART
