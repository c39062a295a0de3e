"""Draws every easy-read picture of the library: `python -m articles.pictures` writes static/img/easy-*.svg again.

One family: a warm ground, flat shapes cut from the colours of the design, one thing to a picture. Faces have no
features unless the feeling is the message. Nobody stands between two adults. The same code gives the same bytes.
"""

from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static" / "img"

CARD, SAND, LINE, INK, SOFT = "#fff", "#f2ece3", "#ddd4c8", "#1d2b29", "#4b5956"
PINE, PINE_DEEP, PINE_300, MOSS = "#17524b", "#0d3833", "#8ebcae", "#5f9a86"
CORAL, BRICK, BLUSH, BLUSH_100 = "#d4644a", "#9b2c1f", "#f5cfbd", "#fae2d6"
DUSK, DUSK_300, DUSK_100 = "#4a4391", "#aaa3dc", "#e6e3f6"
AMBER, AMBER_300, AMBER_100 = "#7c4a03", "#efbd68", "#fdecca"
DARK, BROWN, TAN, PALE = "#8a5a3c", "#b57d56", "#e3b08f", "#f0c9ad"
BLACK, CHESTNUT, SANDY, GREY, SILVER = "#2b1c18", "#7a4a2a", "#c98a4b", "#9a948d", "#dedad4"

GROUND = "M80 4c52 0 76 22 76 76s-24 76-76 76S4 134 4 80 28 4 80 4z"

pictures: dict[str, Callable[[], str]] = {}


def picture(draw: Callable[[], str]) -> Callable[[], str]:
    """Takes a drawing into the set, under the name of its function. Its docstring says what can be seen."""
    pictures["easy-" + draw.__name__.rstrip("_").replace("_", "-")] = draw
    return draw


# ---- paper and scissors


def cut(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def dot(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}"/>'


def box(x: float, y: float, w: float, h: float, fill: str, r: float = 0) -> str:
    corner = f' rx="{r}"' if r else ""
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}"{corner} fill="{fill}"/>'


def stroke(d: str, colour: str, width: float) -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def put(x: float, y: float, size: float, *parts: str, turn: float = 0, flip: bool = False) -> str:
    """The parts moved to a place, turned, sized."""
    scale = f" scale({-size if flip else size} {size})" if flip else f" scale({size})" if size != 1 else ""
    rotate = f" rotate({turn})" if turn else ""
    return f'<g transform="translate({x} {y}){rotate}{scale}">{"".join(parts)}</g>'


# ---- people: head and shoulders, the middle of the head at 0 0, 88 high


def hair(style: str, colour: str, skin: str) -> tuple[str, str]:
    """What lies behind the head, and what lies on it."""
    fringe = cut("M-21 1c-1-16 8-25 21-25s22 9 21 25c-5-3-8-7-9-12-8 5-17 5-24 2-1 5-4 9-9 10z", colour)
    if style == "long":
        return cut("M-26 30c-2-32-4-57 26-57s28 25 26 57c-16 6-36 6-52 0z", colour), cut(
            "M-20 2c0-16 8-23 20-23s20 7 20 23c-10-2-17-6-20-13-3 7-10 11-20 13z", colour
        )
    if style == "curly":
        return dot(0, -8, 28, colour) + dot(-19, 2, 13, colour) + dot(19, 2, 13, colour), cut(
            "M-19-4c4-12 34-12 38 0-12-5-26-5-38 0z", colour
        )
    if style == "bun":
        return dot(0, -29, 10, colour), fringe
    if style == "scarf":
        return "", cut("M-23 4c-3-20 7-31 23-31S26-16 23 4c0 10 4 17 9 26h-64c5-9 9-16 9-26z", colour) + oval(
            0, 2, 15, 17, skin
        )
    if style == "turban":
        beard = cut("M-20 2c0 16 8 25 20 25s20-9 20-25c-5 8-12 10-20 10S-15 10-20 2z", BLACK)
        return "", beard + cut("M-24-1c-3-18 9-28 24-28S27-19 24-1C16-9 8-12 0-12s-16 3-24 11z", colour)
    if style == "thin":
        return "", cut("M-21 3c-2-7-1-12 3-16 2 5 1 10-3 16zM21 3c2-7 1-12-3-16-2 5-1 10 3 16z", colour)
    return "", fringe


def person(
    x: float,
    y: float,
    size: float = 1,
    skin: str = TAN,
    colour: str = CHESTNUT,
    style: str = "short",
    top: str = PINE,
    extra: str = "",
) -> str:
    """Head and shoulders of somebody. `extra` is drawn on top, in the same measure."""
    behind, on = hair(style, colour, skin)
    return put(
        x,
        y,
        size,
        behind,
        cut("M-36 60c0-22 13-33 36-33s36 11 36 33c0 5-3 8-8 8h-56c-5 0-8-3-8-8z", top),
        cut("M-8 12H8v16c-4 6-12 6-16 0z", skin),
        dot(0, 0, 20, skin),
        on,
        extra,
    )


def child(
    x: float, y: float, size: float = 1, skin: str = BROWN, colour: str = BLACK, style: str = "short", top: str = CORAL
) -> str:
    """A whole child, standing. The middle of the head at 0 0, the feet at 0 92."""
    behind, on = hair(style, colour, skin)
    return put(
        x,
        y,
        size,
        behind,
        stroke("M-8 58v26M8 58v26", DUSK, 13),
        cut("M-18 92c0-6 4-9 9-9h7v9zM2 92v-9h7c5 0 9 3 9 9z", INK),
        stroke("M-16 34l-9 20M16 34l9 20", top, 11),
        dot(-26, 57, 6, skin) + dot(26, 57, 6, skin),
        cut("M-18 34c0-9 7-13 18-13s18 4 18 13l2 28c0 4-2 5-5 5h-30c-3 0-5-1-5-5z", top),
        dot(0, 0, 20, skin),
        on,
    )


def close_by(skin: str, colour: str, style: str, top: str, extra: str) -> str:
    behind, on = hair(style, colour, skin)
    body = cut("M-33 40c4-10 15-13 33-13s29 3 33 13c-8 8-20 10-33 10s-25-2-33-10z", top)
    neck = cut("M-8 12H8v16c-4 6-12 6-16 0z", skin)
    return put(80, 68, 1.75, behind, body, neck, dot(0, 0, 20, skin), on, extra)


def face(marks: str, skin: str, colour: str, style: str, top: str, more: str = "") -> str:
    """Somebody close by, with the marks of a feeling; the shoulders end with the ground."""
    lines = (
        f'<g fill="none" stroke="{INK}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">{marks}</g>'
    )
    return close_by(skin, colour, style, top, lines + more)


# ---- things used more than once


def arch_home(x: float, y: float, size: float = 1, wall: str = DUSK, door: str = AMBER_300) -> str:
    """A home with a round roof, 60 wide; the middle of its doorstep at 0 0."""
    return put(
        x,
        y,
        size,
        cut("M-30 0v-44a30 30 0 0 1 60 0V0z", wall),
        cut("M-9 0v-22a9 9 0 0 1 18 0V0z", door),
        box(-20, -52, 14, 14, AMBER_100, 3) + box(6, -52, 14, 14, AMBER_100, 3),
    )


def gable_home(x: float, y: float, size: float = 1, wall: str = AMBER, door: str = DUSK_300) -> str:
    """A home with a pitched roof, as wide and as high as the other."""
    return put(
        x,
        y,
        size,
        cut("M-30 0v-42c0-2 1-4 3-5l25-26c1-1 3-1 4 0l25 26c2 1 3 3 3 5V0z", wall),
        cut("M-9 0v-30H9V0z", door),
        box(-22, -42, 14, 14, AMBER_100, 2) + box(8, -42, 14, 14, AMBER_100, 2),
    )


def bubble(x: float, y: float, w: float, h: float, fill: str = CARD, tail: float = 0) -> str:
    """A speech bubble; the tail hangs below at `tail` from its left."""
    t = tail or w / 2
    return box(x, y, w, h, fill, min(h / 2, 16)) + cut(f"M{x + t - 8} {y + h - 2}h16l-6 14z", fill)


def heart(x: float, y: float, size: float = 1, fill: str = CORAL) -> str:
    """A heart 56 wide, its middle at 0 0."""
    return put(
        x,
        y,
        size,
        cut("M0 26C-18 13-28 3-28-9c0-9 7-15 14-15 6 0 11 3 14 9 3-6 8-9 14-9 7 0 14 6 14 15C28 3 18 13 0 26z", fill),
    )


def tick(x: float, y: float, size: float = 1, colour: str = PINE, width: float = 9) -> str:
    return put(x, y, size, stroke("M-14 1l10 10 19-22", colour, width))


def lines(x: float, y: float, *widths: float, gap: float = 12, colour: str = SOFT, thick: float = 5) -> str:
    """Lines of writing nobody has to read."""
    return stroke("".join(f"M{x} {y + row * gap}h{width}" for row, width in enumerate(widths)), colour, thick)


def phone(x: float, y: float, size: float = 1, *parts: str, turn: float = 0) -> str:
    """A telephone 60 wide and 108 high, its middle at 0 0."""
    return put(
        x,
        y,
        size,
        box(-30, -54, 60, 108, INK, 10),
        box(-24, -44, 48, 82, CARD, 3),
        dot(0, 46, 4, LINE),
        *parts,
        turn=turn,
    )


def laptop(*parts: str) -> str:
    return (
        box(26, 30, 108, 78, INK, 8)
        + box(33, 37, 94, 64, CARD, 2)
        + "".join(parts)
        + cut("M14 112h132c0 10-5 16-14 16H28c-9 0-14-6-14-16z", SOFT)
    )


# ---- the set: people


@picture
def parent_child() -> str:
    """A parent with a child."""
    return person(62, 66, 1.15, DARK, BLACK, "curly", PINE) + person(110, 92, 0.78, BROWN, BLACK, "short", CORAL)


@picture
def two_parents_talk() -> str:
    """Two parents talk."""
    return (
        person(43, 88, 0.86, PALE, CHESTNUT, "short", DUSK)
        + person(117, 88, 0.86, DARK, BLACK, "long", AMBER_300)
        + bubble(18, 14, 54, 36, PINE, 24)
        + bubble(88, 14, 54, 36, PINE, 30)
        + lines(30, 26, 30, 20, colour=CARD)
        + lines(100, 26, 30, 20, colour=CARD)
    )


@picture
def child_() -> str:
    """A child."""
    return child(80, 42, 1.12)


@picture
def baby() -> str:
    """A baby in a blanket."""
    return (
        cut("M80 64c30 0 44 20 42 44-2 22-18 36-42 36s-40-14-42-36c-2-24 12-44 42-44z", PINE)
        + cut("M42 92c20 22 44 34 70 40-8 8-18 12-32 12-24 0-40-14-42-36-1-6 0-12 4-16z", PINE_300)
        + dot(80, 54, 33, TAN)
        + stroke("M80 24c-3-9 5-14 9-9s-1 9-4 7", CHESTNUT, 5)
        + oval(80, 68, 13, 9, CARD)
        + dot(80, 68, 5, CORAL)
        + stroke("M60 49c2 4 8 4 10 0M90 49c2 4 8 4 10 0", INK, 3)
    )


@picture
def teen() -> str:
    """A teenager with headphones and a phone."""
    return person(72, 66, 1.25, BROWN, BLACK, "short", DUSK, (
        stroke("M-21 0v-4a21 21 0 0 1 42 0v4", INK, 5) + box(-26, -5, 9, 17, CORAL, 4) + box(17, -5, 9, 17, CORAL, 4)
        + stroke("M-10 34v14M10 34v14", CARD, 3)
    )) + phone(126, 118, 0.44, turn=8)  # fmt: skip


@picture
def children() -> str:
    """Three children."""
    return (
        child(40, 52, 0.86, TAN, SANDY, "long", AMBER_300)
        + child(84, 36, 1.04, DARK, BLACK, "short", PINE)
        + child(124, 78, 0.6, PALE, CHESTNUT, "bun", CORAL)
    )


@picture
def family() -> str:
    """Two adults and two children."""
    return (
        person(48, 56, 0.92, TAN, BLACK, "scarf", DUSK)
        + person(112, 56, 0.92, BROWN, GREY, "thin", PINE)
        + person(46, 104, 0.62, BROWN, BLACK, "short", CORAL)
        + person(114, 104, 0.62, TAN, BLACK, "curly", AMBER_300)
    )


@picture
def grandparents() -> str:
    """A grandfather and a grandmother."""
    glasses = (
        f'<g fill="none" stroke="{INK}" stroke-width="2.4"><circle cx="-8" cy="2" r="6"/>'
        '<circle cx="8" cy="2" r="6"/><path d="M-2 2h4"/></g>'
    )
    return (
        person(48, 66, 0.98, DARK, GREY, "thin", AMBER, cut("M-13 9c8-3 18-3 26 0-2 6-24 6-26 0z", GREY))
        + person(112, 66, 0.98, BROWN, SILVER, "bun", DUSK, glasses)
        + stroke("M24 146V100a9 9 0 0 1 18 0", CHESTNUT, 6)
    )


@picture
def mediator() -> str:
    """A mediator sits at a table with two people."""
    return (
        person(
            80, 42, 0.86, BROWN, BLACK, "long", CARD, stroke("M-8 28L0 44l8-16", PINE, 3) + box(-6, 42, 12, 12, PINE, 2)
        )
        + person(33, 72, 0.86, PALE, CHESTNUT, "short", DUSK)
        + person(127, 72, 0.86, DARK, BLACK, "thin", AMBER_300)
        + cut("M10 122c0-14 30-22 70-22s70 8 70 22-30 22-70 22-70-8-70-22z", CHESTNUT)
        + cut("M64 112h30l4 18H60z", CARD)
    )


@picture
def solicitor() -> str:
    """A solicitor with papers."""
    suit = cut("M-12 28L0 54l12-26c-6-3-18-3-24 0z", CARD) + cut("M-4 32h8l3 18-7 10-7-10z", CORAL)
    return (
        person(72, 58, 1.3, TAN, SOFT, "short", INK, suit)
        + box(94, 96, 48, 52, AMBER, 5)
        + box(100, 90, 36, 50, CARD, 2)
        + lines(107, 102, 22, 22, 14, gap=10, thick=4)
        + cut("M94 112h48v32c0 4-2 6-6 6H100c-4 0-6-2-6-6z", AMBER)
        + lines(108, 130, 20, colour=AMBER_300)
    )


@picture
def listener() -> str:
    """An adult with a badge listens to a child."""
    card = stroke("M-10 30L0 50l10-20", AMBER_300, 3) + box(-7, 48, 14, 12, CARD, 2)
    return (
        person(52, 72, 1.08, TAN, BLACK, "scarf", PINE, card)
        + person(120, 100, 0.72, PALE, CHESTNUT, "short", CORAL)
        + bubble(82, 20, 62, 42, DUSK, 38)
        + heart(113, 42, 0.52, CARD)
    )


@picture
def police() -> str:
    """A police officer."""
    helmet = (
        cut("M-22-5c-1-24 8-40 22-40S23-29 22-5z", INK)
        + cut("M-28-3c8-6 48-6 56 0 2 2 0 4-2 4-18-4-34-4-52 0-2 0-4-2-2-4z", INK)
        + cut("M0-32l3 7 7 1-5 5 1 7-6-3-6 3 1-7-5-5 7-1z", CARD)
        + cut("M-36 60c0-14 5-24 15-29l7 37h-14c-5 0-8-3-8-8zM36 60c0-14-5-24-15-29l-7 37h14c5 0 8-3 8-8z", AMBER_300)
        + stroke("M-24 50h48", CARD, 6)
    )
    return person(80, 72, 1.22, DARK, BLACK, "none", INK, helmet)


@picture
def doctor() -> str:
    """A doctor."""
    coat = (
        cut("M-10 29L0 46l10-17-10 4z", PINE_300)
        + stroke("M-16 30c0 22 26 22 26 0M-3 47v8", INK, 4)
        + dot(-3, 58, 6, INK)
        + box(14, 46, 12, 9, PINE_300, 2)
    )
    return person(80, 62, 1.3, BROWN, BLACK, "bun", CARD, coat)


@picture
def help_() -> str:
    """A helper with a headset."""
    headset = (
        stroke("M-22 2v-5a22 22 0 0 1 44 0v5", INK, 5)
        + box(-28, -6, 11, 19, INK, 5)
        + box(17, -6, 11, 19, INK, 5)
        + stroke("M-22 12c0 8 6 11 12 11", INK, 3)
        + dot(-8, 22, 4, INK)
    )
    return (
        person(66, 76, 1.15, DARK, BLACK, "curly", PINE, headset)
        + bubble(94, 16, 52, 42, DUSK, 16)
        + heart(120, 38, 0.52, CARD)
    )


@picture
def talk() -> str:
    """Somebody talks with another person."""
    return (
        person(44, 86, 0.9, TAN, CHESTNUT, "long", DUSK)
        + person(119, 92, 0.8, DARK, BLACK, "short", AMBER_300)
        + bubble(54, 14, 70, 46, PINE, 16)
        + dot(73, 37, 6, CARD)
        + dot(89, 37, 6, CARD)
        + dot(105, 37, 6, CARD)
    )


@picture
def interpreter() -> str:
    """An interpreter turns one language into another."""
    return (
        person(80, 90, 0.86, BROWN, BLACK, "short", CORAL)
        + bubble(8, 14, 68, 48, DUSK, 52)
        + bubble(84, 14, 68, 48, AMBER_300, 16)
        + lines(22, 31, 40, 26, gap=15, colour=CARD, thick=6)
        + stroke("M98 34c5-9 10-9 12 0s9 7 14-3 9 1 13 3M98 50c5-6 8-6 11 0s9 4 15-3", INK, 5)
        + stroke("M34 84c0 14 4 20 12 26M126 84c0 14-4 20-12 26", INK, 5)
        + cut("M24 88l10-14 10 14zM116 88l10-14 10 14z", INK)
    )


@picture
def agree() -> str:
    """Two people and one tick."""
    return (
        person(43, 88, 0.86, BROWN, BLACK, "short", DUSK)
        + person(117, 88, 0.86, PALE, CHESTNUT, "long", AMBER_300)
        + dot(80, 42, 32, PINE)
        + tick(80, 43, 1.2, CARD)
    )


@picture
def shouting() -> str:
    """Somebody shouts."""
    mouth = oval(0, 10, 6, 7, INK) + stroke("M-13-8l8 4M13-8l-8 4", INK, 3)
    return (
        person(52, 84, 1.05, PALE, CHESTNUT, "short", SOFT, mouth)
        + cut(
            "M88 62l-4-20 12 6 2-24 14 14 14-18 4 22 18-4-8 18 14 10-18 8 4 18-18-8-12 16-6-18-18 8 6-16-20-2z", CORAL
        )
        + stroke("M114 38v22", CARD, 8)
        + dot(114, 74, 5, CARD)
    )


@picture
def walk() -> str:
    """Somebody walks."""
    return (
        stroke("M76 84l-10 28-18 26M78 84l18 22 10 30", DUSK, 16)
        + cut(
            "M36 140c-1-6 4-9 9-8l9 8c2 3 0 5-4 5-6 0-12-2-14-5zM98 146c-1-6 2-11 8-12h4c8 0 14 4 14 10 0 2-1 2-3 2z",
            INK,
        )
        + stroke("M82 54L60 76 52 92", PINE, 13)
        + cut("M66 56c0-9 6-14 16-14 11 0 15 6 15 14l-4 32c0 4-2 6-6 6H70c-4 0-6-2-6-6z", PINE)
        + stroke("M90 56l14 20 18 4", PINE_DEEP, 13)
        + dot(125, 80, 7, BROWN)
        + dot(51, 95, 7, BROWN)
        + dot(86, 26, 18, BROWN)
        + cut("M68 28c-2-13 6-22 18-22s18 7 18 14c-10 2-18 0-22-2-2 6-8 10-14 10z", BLACK)
    )


@picture
def mask() -> str:
    """Somebody wears a face mask."""
    return close_by(BROWN, BLACK, "short", PINE, (
        stroke("M-19 1l8 4M19 1l-8 4", CARD, 2.4) + cut("M-15 3C-6 0 6 0 15 3v10c-4 6-9 8-15 8s-11-2-15-8z", CARD)
        + stroke("M-11 9h22M-10 14h20", PINE_300, 1.8) + dot(-7, -4, 2.4, INK) + dot(7, -4, 2.4, INK)
    ))  # fmt: skip


# ---- the set: feelings


@picture
def sad() -> str:
    """Somebody looks sad."""
    marks = '<path d="M-13-4l6-3M13-4l-6-3M-7 13c2-4 4-5 7-5s5 1 7 5"/><path d="M-12 1c1 2 4 2 5 0M7 1c1 2 4 2 5 0"/>'
    return face(marks, TAN, CHESTNUT, "long", MOSS)


@picture
def angry() -> str:
    """Somebody looks angry."""
    return face('<path d="M-13-6l9 5M13-6l-9 5M-7 13c4-4 10-4 14 0"/>', PALE, SANDY, "short", CORAL, (
        dot(-7, 3, 2.4, INK) + dot(7, 3, 2.4, INK)
    ))  # fmt: skip


@picture
def calm() -> str:
    """Somebody looks calm."""
    marks = '<path d="M-12 0c1 3 6 3 7 0M5 0c1 3 6 3 7 0M-8 9c4 5 12 5 16 0"/>'
    return face(marks, DARK, BLACK, "curly", MOSS)


@picture
def worried() -> str:
    """Somebody looks worried."""
    marks = '<path d="M-14-1l7-4M14-1l-7-4M-8 13c3-3 5-3 8 0s5 3 8 0"/>'
    return face(marks, BROWN, BLACK, "short", PINE, dot(-8, 4, 2.6, INK) + dot(8, 4, 2.6, INK))


@picture
def scared() -> str:
    """Somebody looks scared."""
    more = (
        dot(-8, -1, 5, CARD) + dot(8, -1, 5, CARD) + dot(-8, -1, 2.2, INK) + dot(8, -1, 2.2, INK)
        + oval(0, 12, 4, 5, INK)
        + stroke("M-27 41l8-18M27 41l-8-18", PALE, 9)
        + dot(-19, 18, 7, PALE) + dot(19, 18, 7, PALE)
    )  # fmt: skip
    return face('<path d="M-13-9l6-3M13-9l-6-3"/>', PALE, CHESTNUT, "short", SOFT, more)


@picture
def heart_() -> str:
    """A heart."""
    return heart(80, 82, 2)


# ---- the set: places


@picture
def two_homes() -> str:
    """Two homes with a path between them."""
    return arch_home(44, 100) + gable_home(116, 100) + stroke("M44 102c0 40 72 40 72 0", CORAL, 11)


@picture
def school() -> str:
    """A school."""
    windows = "".join(box(x, y, 14, 13, AMBER_100, 2) for x in (20, 38, 108, 126) for y in (86, 108))
    return (
        stroke("M80 34V12", INK, 4)
        + cut("M81 12h22l-6 7 6 7H81z", CORAL)
        + box(12, 78, 136, 54, DUSK, 3)
        + cut("M54 132V58l26-24 26 24v74z", PINE)
        + dot(80, 66, 12, CARD)
        + stroke("M80 59v7l5 4", INK, 3)
        + windows
        + cut("M66 132v-34c0-3 2-5 5-5h18c3 0 5 2 5 5v34z", AMBER_300)
        + stroke("M80 94v38", AMBER, 3)
        + box(8, 132, 144, 7, SOFT, 3)
    )


@picture
def court() -> str:
    """A court building."""
    columns = "".join(box(x, 68, 13, 48, CARD, 2) for x in (29, 59, 88, 118))
    return (
        box(24, 62, 112, 58, PINE, 2)
        + columns
        + cut("M80 22l62 34c3 2 2 8-2 8H20c-4 0-5-6-2-8z", PINE_DEEP)
        + dot(80, 48, 8, AMBER_300)
        + box(20, 116, 120, 10, SOFT, 2)
        + box(12, 126, 136, 12, INK, 2)
    )


@picture
def safe() -> str:
    """A parent and a child safe in a house."""
    return (
        cut("M12 74c-3-3-3-7 1-10l60-46c4-3 10-3 14 0l60 46c4 3 4 7 1 10s-7 3-10 1L80 30 22 75c-3 2-7 2-10-1z", DUSK)
        + cut("M28 72l52-40 52 40v66c0 4-2 6-6 6H34c-4 0-6-2-6-6z", AMBER_100)
        + person(66, 94, 0.7, DARK, BLACK, "curly", PINE)
        + person(102, 112, 0.44, BROWN, BLACK, "short", CORAL)
        + heart(80, 56, 0.4)
    )


@picture
def door() -> str:
    """An open door."""
    return (
        box(38, 16, 84, 122, CHESTNUT, 4)
        + box(48, 26, 64, 112, AMBER_100)
        + cut("M48 26l42 12v106l-42-6z", PINE)
        + cut("M56 46l26 6v30l-26-3zM56 92l26 3v32l-26-4z", PINE_DEEP)
        + dot(83, 90, 5, AMBER_300)
        + cut("M48 138h64l20 14H74z", AMBER_300)
    )


@picture
def window() -> str:
    """Somebody waves from a window with a rainbow."""
    return (
        box(18, 14, 124, 122, PINE, 6)
        + box(27, 23, 106, 104, DUSK_300)
        + stroke("M42 94a38 38 0 0 1 76 0", CORAL, 9)
        + stroke("M51 94a29 29 0 0 1 58 0", AMBER_300, 9)
        + stroke("M60 94a20 20 0 0 1 40 0", CARD, 9)
        + person(80, 92, 0.72, BROWN, BLACK, "short", DUSK)
        + stroke("M106 124V96", DUSK, 11)
        + dot(106, 88, 8, BROWN)
        + box(8, 134, 144, 13, CHESTNUT, 4)
    )


# ---- the set: things


@picture
def calendar() -> str:
    """A calendar with one day marked."""
    days = "".join(box(35 + 24 * (n % 4), 72 + 22 * (n // 4), 18, 16, DUSK_300, 3) for n in range(12) if n != 6)
    return (
        box(24, 30, 112, 112, CARD, 10)
        + cut("M24 60V40c0-6 4-10 10-10h92c6 0 10 4 10 10v20z", DUSK)
        + days
        + dot(92, 102, 17, CORAL)
        + stroke("M52 20v20M108 20v20", INK, 9)
    )


@picture
def clock() -> str:
    """A clock."""
    marks = stroke("M80 32v8M80 120v8M32 80h8M120 80h8", SOFT, 6)
    return (
        dot(80, 80, 64, PINE)
        + dot(80, 80, 54, CARD)
        + marks
        + stroke("M80 50v30l22 14", INK, 9)
        + dot(80, 80, 7, CORAL)
    )


@picture
def phone_() -> str:
    """A phone that rings."""
    handset = cut(
        "M-13-18c4-4 8-3 9 1l3 8c1 4-4 5-4 8 2 6 5 10 10 13 3 1 5"
        "-4 9-2l7 4c4 2 3 6 0 9-6 6-16 4-26-6-12-12-16-27-8-35z",
        PINE,
    )
    waves = stroke("M122 44c8 8 8 24 0 32M134 34c14 14 14 38 0 52", CORAL, 7)
    return phone(74, 82, 1.18, put(-4, -3, 1.05, handset)) + waves


@picture
def message() -> str:
    """A message on a phone."""
    return (
        phone(56, 84, 1.1)
        + bubble(60, 30, 86, 52, DUSK, 18)
        + lines(76, 48, 54, 34, gap=16, colour=CARD, thick=7)
        + box(36, 96, 34, 20, PINE_300, 8)
    )


@picture
def plan() -> str:
    """A plan with two homes and three ticks."""
    rows = "".join(tick(52, y, 0.5, PINE, 11) + lines(70, y, 40, thick=6) for y in (88, 106, 124))
    return (
        box(28, 18, 104, 128, CHESTNUT, 8)
        + box(37, 30, 86, 108, CARD, 3)
        + box(60, 12, 40, 18, SOFT, 6)
        + arch_home(64, 74, 0.42)
        + gable_home(96, 74, 0.42)
        + rows
    )


@picture
def pen() -> str:
    """A pencil writes on paper."""
    return (
        box(32, 28, 86, 112, CARD, 6)
        + lines(46, 50, 48, 34, gap=16, colour=LINE)
        + stroke("M42 120c14-18 18 10 28-2", DUSK, 6)
        + put(78, 112, 1, cut("M-12-16h24v-70c0-8-24-8-24 0z", AMBER_300), cut("M4-16h8v-70c0-3-3-5-8-6z", SANDY),
              cut("M-12-16h24L3 6c-1 3-5 3-6 0z", PALE), cut("M-5 0L5 0 3 6c-1 3-5 3-6 0z", INK),
              cut("M-12-84c0-8 24-8 24 0v-8c0-12-24-12-24 0z", CORAL), turn=40)
    )  # fmt: skip


@picture
def stop() -> str:
    """A stop sign with a hand."""
    return (
        cut("M54 16h52l38 38v52l-38 38H54l-38-38V54z", BRICK)
        + stroke("M64 92V56M76 88V46M88 88V48M100 90V58", CARD, 10)
        + stroke("M64 100L50 86", CARD, 10)
        + cut("M59 86h46v14c0 16-8 26-23 26-12 0-18-6-24-16z", CARD)
    )


@picture
def tick_() -> str:
    """A tick."""
    return dot(80, 80, 60, PINE) + tick(80, 81, 2.3, CARD, 8)


@picture
def cross() -> str:
    """A cross."""
    return dot(80, 80, 60, DUSK) + stroke("M58 58l44 44M102 58l-44 44", CARD, 18)


@picture
def question() -> str:
    """A question mark."""
    return (
        box(18, 18, 124, 104, DUSK, 34)
        + cut("M58 116h36l-16 30c-2 3-6 2-6-2z", DUSK)
        + stroke("M61 58c0-26 38-26 38-2 0 16-19 14-19 28", CARD, 13)
        + dot(80, 104, 8, CARD)
    )


@picture
def money() -> str:
    """A banknote and coins."""
    pound = stroke("M13-13c-4-10-20-9-20 5 0 10 4 14-5 25h25M-13 4H6", AMBER, 6)
    notes = box(20, 30, 112, 58, MOSS, 6) + box(28, 38, 96, 42, PINE_300, 4) + oval(76, 59, 18, 16, MOSS)
    coins = "".join(box(88, y, 56, 14, AMBER if n % 2 else SANDY, 7) for n, y in enumerate((128, 116, 104)))
    return notes + coins + dot(60, 104, 38, SANDY) + dot(60, 104, 31, AMBER_300) + put(60, 102, 1.05, pound)


@picture
def bag() -> str:
    """A rucksack."""
    return (
        stroke("M62 40c0-26 36-26 36 0", INK, 8)
        + box(22, 78, 22, 52, PINE_DEEP, 11)
        + box(116, 78, 22, 52, PINE_DEEP, 11)
        + cut("M34 72c0-28 18-42 46-42s46 14 46 42v56c0 10-6 16-16 16H50c-10 0-16-6-16-16z", CORAL)
        + box(48, 92, 64, 42, BRICK, 10)
        + stroke("M48 76h64", CARD, 5)
        + box(98, 72, 8, 18, CARD, 3)
        + stroke("M58 106h44", BLUSH, 5)
    )


@picture
def bus() -> str:
    """A bus."""
    low = "".join(box(x, 86, 22, 20, DUSK_100, 3) for x in (24, 50, 76))
    high = "".join(box(x, 44, 22, 22, DUSK_100, 3) for x in (24, 50, 76, 102))
    return (
        box(14, 32, 132, 98, BRICK, 12)
        + high
        + box(14, 72, 132, 7, CARD)
        + low
        + box(108, 84, 28, 46, CARD, 3)
        + stroke("M122 86v42", BRICK, 3)
        + dot(44, 130, 16, INK) + dot(44, 130, 6, LINE)
        + dot(90, 130, 16, INK) + dot(90, 130, 6, LINE)
    )  # fmt: skip


@picture
def car() -> str:
    """A car."""
    return (
        cut("M40 76l14-28c3-6 8-8 14-8h28c6 0 10 2 14 7l22 29z", PINE_DEEP)
        + cut("M54 76l11-22c1-2 3-3 5-3h8v25zM86 76V51h9c3 0 5 1 7 3l16 22z", DUSK_100)
        + cut("M8 104V90c0-9 6-15 16-16h96c18 1 32 8 32 22v10c0 5-3 8-8 8H16c-5 0-8-3-8-8z", PINE)
        + stroke("M88 90h10", CARD, 4)
        + oval(143, 94, 5, 7, AMBER_300)
        + dot(42, 114, 18, INK) + dot(42, 114, 7, LINE)
        + dot(116, 114, 18, INK) + dot(116, 114, 7, LINE)
    )  # fmt: skip


@picture
def plane() -> str:
    """A plane."""
    body = (
        cut("M-8-14L-66 14c-3 2-4 5-4 9l62-9zM8-14l58 28c3 2 4 5 4 9L8 14z", DUSK)
        + cut("M-6 40l-24 16c-2 1-2 4-2 6l26-7zM6 40l24 16c2 1 2 4 2 6L6 55z", DUSK)
        + cut("M0-68c8 0 12 14 12 30L8 48c-1 10-4 18-8 18s-7-8-8-18l-4-86c0-16 4-30 12-30z", INK)
        + cut("M-8-46c2-8 14-8 16 0-4 3-12 3-16 0z", CARD)
    )
    return oval(46, 124, 26, 10, CARD) + oval(118, 44, 22, 9, CARD) + put(80, 82, 1.02, body, turn=45)


@picture
def passport() -> str:
    """A passport."""
    globe = (
        f'<g fill="none" stroke="{AMBER_300}" stroke-width="5"><circle cx="64" cy="72" r="25"/>'
        '<ellipse cx="64" cy="72" rx="11" ry="25"/><path d="M39 72h50"/></g>'
    )
    return (
        put(108, 84, 1, box(-26, -48, 58, 98, CARD, 5), person(6, -14, 0.5, TAN, BLACK, "long", PINE),
            lines(-12, 33, 34, 22, gap=9, thick=4), turn=10)
        + box(22, 22, 84, 118, DUSK, 9)
        + globe
        + lines(44, 118, 40, colour=AMBER_300, thick=6)
    )  # fmt: skip


@picture
def bed() -> str:
    """Somebody sleeps in a bed."""
    return (
        cut("M126 24a24 24 0 1 0 18 34 20 20 0 0 1-18-34z", AMBER_300)
        + box(10, 60, 13, 78, CHESTNUT, 5)
        + box(137, 84, 13, 54, CHESTNUT, 5)
        + box(14, 108, 130, 18, CHESTNUT)
        + box(24, 84, 46, 26, CARD, 11)
        + dot(50, 80, 19, TAN)
        + cut("M31 80c-2-13 6-22 19-22 9 0 16 5 18 12-9 1-16 0-20-3-3 8-9 12-17 13z", BLACK)
        + cut("M60 112c0-22 12-28 30-28h34c10 0 14 8 14 28z", PINE)
        + cut("M60 112c0-22 12-28 30-28h4c-12 4-16 12-16 28z", PINE_300)
    )


@picture
def food() -> str:
    """A plate of food."""
    return (
        dot(80, 84, 50, CARD)
        + dot(80, 84, 38, SAND)
        + cut("M52 78c2-14 14-20 26-18 4 10-2 26-10 28-8 2-16-2-16-10z", AMBER_300)
        + dot(94, 68, 10, MOSS) + dot(108, 74, 9, MOSS) + dot(100, 82, 9, PINE)
        + cut("M66 104c4-14 36-16 42-4-6 14-34 18-42 4z", CORAL)
        + stroke("M20 44v80M12 40v20c0 8 16 8 16 0V40M20 40v14", INK, 5)
        + stroke("M142 78v46", INK, 7)
        + cut("M138 84V42c8 4 12 16 10 42z", INK)
    )  # fmt: skip


@picture
def birthday() -> str:
    """A birthday cake with candles."""
    candles = "".join(
        box(x, 36, 8, 30, DUSK, 2) + cut(f"M{x + 4} 14c6 8 7 12 4 16s-5 4-8 0-2-8 4-16z", AMBER_300)
        for x in (50, 76, 102)
    )
    return (
        candles
        + cut("M28 84c0-12 6-18 16-18h72c10 0 16 6 16 18v44H28z", CHESTNUT)
        + cut(
            "M28 84c0-12 6-18 16-18h72c10 0 16 6 16 18v8c0 12-18 12-21 0"
            "-3 14-21 14-21 0-3 12-20 12-21 0-3 14-21 14-21 0-3 12-20 12-20 0z",
            CARD,
        )
        + stroke("M36 112h88", CORAL, 7)
        + box(14, 128, 132, 11, SOFT, 5)
    )


@picture
def tree() -> str:
    """A decorated tree."""
    gold = "".join(dot(x, y, 6, AMBER_300) for x, y in ((92, 74), (62, 86), (74, 112)))
    red = "".join(dot(x, y, 6, CORAL) for x, y in ((72, 56), (98, 106), (48, 118)))
    return (
        box(72, 122, 16, 24, CHESTNUT, 2)
        + cut("M80 26l28 38H94l24 32h-12l28 32H26l28-32H42l24-32H52z", PINE)
        + gold
        + red
        + cut("M80 8l5 11 12 1-9 8 3 12-11-7-11 7 3-12-9-8 12-1z", AMBER_300)
    )


@picture
def pet() -> str:
    """A dog."""
    return (
        stroke("M112 128c24 4 28-20 18-32", CHESTNUT, 11)
        + cut("M52 142c-6-30 2-58 30-60 26-2 40 26 36 60z", CHESTNUT)
        + cut("M62 142c-2-22 0-40 14-44 10 12 12 30 10 44z", PALE)
        + cut("M40 54c0-20 12-32 30-32s30 12 30 32-10 34-30 34-30-14-30-34z", CHESTNUT)
        + cut("M70 50c-10 0-18 12-18 22 0 12 8 18 18 18s18-6 18-18c0-10-8-22-18-22z", PALE)
        + cut("M46 28c-14 0-22 14-20 36 2 8 12 8 16 0zM94 28c14 0 22 14 20 36-2 8-12 8-16 0z", BLACK)
        + oval(70, 64, 9, 7, INK)
        + stroke("M70 70v7c-4 5-9 4-11 1M70 77c4 5 9 4 11 1", INK, 3)
        + dot(57, 47, 4, INK) + dot(83, 47, 4, INK)
        + stroke("M50 92c12 8 32 8 42 0", CORAL, 8)
    )  # fmt: skip


@picture
def computer() -> str:
    """A laptop."""
    return laptop(box(33, 37, 94, 14, DUSK), lines(44, 64, 40, 30, 36, thick=5), box(94, 60, 26, 32, PINE_300, 3))


@picture
def video_call() -> str:
    """A video call on a laptop."""
    return laptop(
        box(33, 37, 94, 64, PINE_300),
        person(72, 66, 0.52, DARK, BLACK, "short", CORAL),
        box(98, 42, 26, 26, CARD, 3),
        person(111, 54, 0.2, PALE, CHESTNUT, "long", DUSK),
        dot(114, 88, 8, BRICK),
        stroke("M110 88h8", CARD, 3),
    )


@picture
def letter() -> str:
    """A letter in an envelope."""
    return (
        box(18, 40, 124, 86, CARD, 6)
        + cut("M18 120V46l44 38zM142 120V46L98 84z", LINE)
        + cut("M18 122l50-44c7-5 17-5 24 0l50 44c-1 3-3 4-6 4H24c-3 0-5-1-6-4z", AMBER_100)
        + cut("M18 46c0-4 2-6 6-6h112c4 0 6 2 6 6L90 92c-6 5-14 5-20 0z", DUSK)
    )


@picture
def private() -> str:
    """An eye with a line through it."""
    return (
        cut("M14 80c16-28 38-42 66-42s50 14 66 42c-16 28-38 42-66 42S30 108 14 80z", PINE)
        + cut("M28 80c13-20 30-30 52-30s39 10 52 30c-13 20-30 30-52 30S41 100 28 80z", CARD)
        + dot(80, 80, 24, PINE)
        + stroke("M34 128L126 32", BLUSH_100, 26)
        + stroke("M34 128L126 32", INK, 11)
    )


@picture
def book() -> str:
    """An open book."""
    return (
        cut("M10 46c0-4 2-6 6-6h128c4 0 6 2 6 6v82c0 4-2 6-6 6H16c-4 0-6-2-6-6z", PINE)
        + cut("M18 38c22-8 44-8 62 4v84c-18-10-40-10-62-4z", CARD)
        + cut("M142 38c-22-8-44-8-62 4v84c18-10 40-10 62-4z", SAND)
        + stroke("M30 58c12-3 24-2 36 2M30 76c12-3 24-2 36 2M30 94c12-3 24-2 36 2", SOFT, 5)
        + dot(118, 58, 9, AMBER_300)
        + cut("M92 102c4-26 16-28 24-12 6-8 12-6 14 6-14-2-26 0-38 6z", PINE)
        + stroke("M80 42v84", SOFT, 3)
    )


@picture
def virus() -> str:
    """A round germ with spikes."""
    spikes = "".join(
        put(80, 80, 1, stroke("M0-36v-18", MOSS, 7), dot(0, -60, 9, PINE), turn=angle) for angle in range(0, 360, 45)
    )
    return spikes + dot(80, 80, 42, MOSS) + dot(66, 68, 9, PINE) + dot(94, 76, 7, PINE) + dot(74, 98, 8, PINE)


@picture
def ear() -> str:
    """An ear."""
    return (
        cut(
            "M84 14c30 0 48 22 46 50-2 24-16 32-24 46-8 16-12 36-36 36"
            "-16 0-26-12-26-28 0-10 4-16 2-30-10-36 6-74 38-74z",
            BROWN,
        )
        + stroke("M64 70c-6-26 8-40 24-38 16 2 24 16 20 32-4 14-16 18-22 32", DARK, 9)
        + stroke("M66 74c14-6 22 8 14 16", DARK, 8)
        + stroke("M20 62c-6 10-6 24 0 34", DUSK, 7)
    )


def in_words(name: str) -> str:
    """What a picture of the set shows, for those who do not see it: the words to offer as its alternative text."""
    return pictures[name].__doc__ or ""


def svg(body: str) -> str:
    """The whole file around a drawing."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160" aria-hidden="true" focusable="false">'
        f"{cut(GROUND, BLUSH_100)}{body}</svg>\n"
    )


def write(folder: Path = FOLDER) -> list[Path]:
    """Writes every picture of the set, and says where."""
    written = []
    for name, draw in sorted(pictures.items()):
        path = folder / f"{name}.svg"
        path.write_text(svg(draw()), "utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    write()
