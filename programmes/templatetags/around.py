"""Pieces of the pages around the courses: `{% load around %}`.

{{ question.ask|lit:query }}            one line, with the words of a search marked
{{ question.answer|lit_markup:query }}  words of a content file as safe HTML, with the words of a search marked
{% questions_door programme %}          on a cover: search its questions, and say who sent you
{% carry_on_url progress %}             the screen on which somebody carries on
{{ progress|part_number }}              which of the parts that count that is, from 1
{{ progress|minutes_here }}             about how long the rest of that part takes, in minutes
"""

from django import template
from django.utils.safestring import SafeString

from programmes import finding
from programmes.actions.learning import Progress
from programmes.forms.around import Search
from programmes.library import Programme
from programmes.views.learning import address_of, place_of_part

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


@register.filter
def part_number(progress: Progress) -> int:
    return place_of_part(progress.programme, progress.next.part)[0] if progress.next else 0


@register.inclusion_tag("programmes/_questions_door.html")
def questions_door(programme: Programme) -> dict:
    """The way from a cover to its questions: a search, and who sent you. Nothing when it has no questions."""
    return {"programme": programme, "words": programme.cover.words, "search": Search()}
