"""Kernel: where to turn, as staff keep it."""

from hub.models import Helpline


def by_need() -> list[tuple[str, list[Helpline]]]:
    """What is shown to people, grouped by what they need, in the order of `Helpline.Need`. One query."""
    shown = list(Helpline.objects.filter(shown=True))
    groups = [(str(need.label), [line for line in shown if line.need == need]) for need in Helpline.Need]
    return [(label, lines) for label, lines in groups if lines]
