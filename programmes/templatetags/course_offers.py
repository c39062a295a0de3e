"""Where an article leads on to a course: `{% load course_offers %}{% course_offers slugs %}`."""

from collections.abc import Iterable

from django import template

from programmes import library

register = template.Library()


@register.inclusion_tag("programmes/_offers.html")
def course_offers(slugs: Iterable[str]) -> dict:
    """ "A course about this": the programmes of these slugs that anybody may read about, each a link to its cover.

    A slug that nobody knows is left out, as is a programme that has ended. One query, and none without slugs.
    """
    wanted = list(slugs or ())
    found = library.programmes() if wanted else []
    return {"programmes": [each for each in found if each.slug in wanted and each.cover.words.open_to != "nobody"]}
