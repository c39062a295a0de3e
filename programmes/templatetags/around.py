"""Pieces of the pages around the courses: `{% load around %}`.

{{ question.ask|lit:query }}            one line, with the words of a search marked
{{ question.answer|lit_markup:query }}  words of a content file as safe HTML, with the words of a search marked
{% about programme %}                   what else its cover says
{% questions_door programme %}          on a cover: search its questions, and say who sent you
{% carry_on_url progress %}             the screen on which somebody carries on
{{ progress|minutes_here }}             about how long the rest of the part they are in takes, in minutes
"""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from programmes import finding
from programmes.actions.learning import Progress
from programmes.forms.around import Search
from programmes.library import Programme
from programmes.views.learning import address_of

register = template.Library()


@register.filter
def lit(text: str, query: str) -> SafeString:
    return finding.marked(text, query)


@register.filter
def lit_markup(text: str, query: str) -> SafeString:
    return finding.marked_html(text, query)


@register.simple_tag
def carry_on_url(progress: Progress) -> str:
    return address_of(progress.programme, progress.next) if progress.next else ""


@register.filter
def minutes_here(progress: Progress) -> int:
    return max(progress.minutes_left_in(progress.next.part), 1) if progress.next else 0


_drawn: dict[tuple[int, str | None], SafeString] = {}


@register.simple_tag
def about(programme: Programme) -> SafeString:
    """What else a cover says: the same for everybody, so it is drawn once for each edition that is shown."""
    edition = programme.editions.get("")
    key = (edition or 0, get_language())
    if edition is None or key not in _drawn:  # staff look at an edition that is not shown yet
        words = {"programme": programme, "words": programme.cover.words}
        drawn = render_to_string("programmes/_about.html", words)
        if edition is None:
            return drawn
        _drawn[key] = drawn
    return _drawn[key]


@register.inclusion_tag("programmes/_questions_door.html")
def questions_door(programme: Programme) -> dict:
    """The way from a cover to its questions: a search, and who sent you. Nothing when it has no questions."""
    return {"programme": programme, "words": programme.cover.words, "search": Search()}
