"""The course on the signed-in home: `{% load learning_home %}`. Discreet: no title, since one may tell of a court."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hub.templatetags.hub import unchanging
from programmes.under_way import Corner
from programmes.views.learning import address_of, place_of_part

register = template.Library()


@register.simple_tag
def learning_cards(corner: Corner) -> SafeString:
    """One card: where somebody carries on, or that there are courses. No query."""
    here = corner.progress
    if here is None or here.next is None:
        return unchanging("programmes/_home_card.html", url="")
    part, of = place_of_part(here.programme, here.next.part)
    facts = {
        "url": address_of(here.programme, here.next),
        "part": part,
        "of": of,
        "minutes": max(here.minutes_left_in(here.next.part), 1),
    }
    return render_to_string("programmes/_home_card.html", facts)
