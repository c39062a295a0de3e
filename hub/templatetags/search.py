"""{% search_box %}: the way to search, a plain form. `typed` fills it; `label`, `hint` and `id` may differ."""

from typing import Any

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.inclusion_tag("hub/_search_box.html")
def search_box(typed: str = "", label: str = "", id: str = "search-box", hint: str = "") -> dict[str, Any]:  # noqa: A002
    """A page that has two of them gives the second another `id`."""
    return {"typed": typed, "label": label or gettext("Search"), "id": id, "hint": hint}
