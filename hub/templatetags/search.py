"""{% search_box %}: the way to search, a plain form. `typed` fills it; `label`, `hint` and `id` may differ."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from hub.templatetags.hub import unchanging

register = template.Library()
BOX = "hub/_search_box.html"


@register.simple_tag
def search_box(typed: str = "", label: str = "", id: str = "search-box", hint: str = "") -> SafeString:  # noqa: A002
    """A page that has two of them gives the second another `id`. Only the empty box is kept: nobody's words are."""
    facts = {"label": label or gettext("Search"), "id": id, "hint": hint}
    return render_to_string(BOX, {**facts, "typed": typed}) if typed else unchanging(BOX, typed="", **facts)
