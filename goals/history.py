"""How a goal has been going, as a picture: a line on five rows of faces, drawn on the server. Pure.

The picture only says again what the table and the diary say in words. Each check-in has the same step to the right,
the oldest on the left. It is drawn twice, for a phone and for a wide page, so that its letters are never small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals.models import Felt
from hub.words import at_home

MOST = 60  # check-ins in one picture
MANY = 32  # from here on the points stand so near that they are small
ROW = 46  # from one face to the next
TOP = 30
FACE = 34


@dataclass(frozen=True)
class Shape:
    """One drawing. Coordinates are texts, so that no locale turns a point into a comma."""

    name: str
    width: int
    left: int  # where the line may begin: the faces, and on a wide page their words, stand before it
    with_words: bool


SHAPES = (Shape("wide", 660, 168, True), Shape("narrow", 340, 60, False))


def short_day(moment: datetime) -> str:
    """Short enough to stand below a picture on a phone: "3 Aug 2026"."""
    return date_format(at_home(moment).date(), "j M Y")


def pictures(said: Sequence[tuple[int, datetime]]) -> list[dict[str, Any]]:
    """The two drawings of these (felt, at), the oldest first; none when nothing was said yet."""
    shown = said[-MOST:]
    return [_draw(shape, shown) for shape in SHAPES] if shown else []


def _draw(shape: Shape, said: Sequence[tuple[int, datetime]]) -> dict[str, Any]:
    end = shape.width - 18
    step = (end - shape.left) / max(len(said) - 1, 1)
    begin = (shape.left + end) / 2 if len(said) == 1 else shape.left

    def height(felt: int) -> float:
        return TOP + (5 - felt) * ROW

    places = [(begin + number * step, height(felt)) for number, (felt, _at) in enumerate(said)]
    return {
        "name": shape.name,
        "width": shape.width,
        "height": TOP + 4 * ROW + 66,
        "right": shape.width,
        "rows": [
            {
                "felt": felt.value,
                "word": felt.label if shape.with_words else "",
                "y": f"{height(felt):.1f}",
                "face_y": f"{height(felt) - FACE / 2:.1f}",
                "word_y": f"{height(felt) + 6:.1f}",
            }
            for felt in reversed(Felt)
        ],
        "line_from": shape.left - 16,
        "face": FACE,
        "word_x": FACE + 14,
        "way": "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in places) if len(places) > 1 else "",
        "points": [{"x": f"{x:.1f}", "y": f"{y:.1f}"} for x, y in places],
        "dot": "7" if len(said) <= 16 else "5" if len(said) <= MANY else "3.5",
        "many": len(said) > MANY,
        "first": short_day(said[0][1]),
        "last": short_day(said[-1][1]) if len(said) > 1 else "",
        "first_x": f"{begin:.1f}" if len(said) == 1 else shape.left - 16,
        "first_anchor": "middle" if len(said) == 1 else "start",
        "last_x": shape.width,
        "date_y": TOP + 4 * ROW + 50,
    }


def in_words(said: Sequence[tuple[int, datetime]], count: int) -> str:
    """What the picture shows, in words: how often, from when to when, and the last one. No praise and no blame."""
    last_felt, last_at = said[-1]
    if count == 1:
        return _("You have said how it felt once: %(felt)s, on %(day)s.") % {
            "felt": str(Felt(last_felt).label).lower(),
            "day": short_day(last_at),
        }
    shown = min(len(said), MOST)
    told = _("%(shown)d times, from %(first)s to %(last)s.")
    if count > shown:
        told = _("The last %(shown)d times, from %(first)s to %(last)s.")
    return " ".join(
        (
            told % {"shown": shown, "first": short_day(said[-shown:][0][1]), "last": short_day(last_at)},
            _("The last one was: %(felt)s.") % {"felt": str(Felt(last_felt).label).lower()},
        )
    )
