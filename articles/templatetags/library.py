"""The pieces of the library: `{% load library %}`. Whoever asks names tags as plain strings, or nothing at all.

{% articles_for goal="say-sorry-and-mend" %}       a short list "Articles that may help"; nothing when there is none.
{% articles_for plan="money/presents" %}           level=3 for its heading. One query.
{% articles_for programme="getting-it-right" %}
{% articles_card goals=slugs plan=keys programmes=slugs %}   on the signed-in home: folded, nothing about safety

On the library’s own pages:
{{ text|marked }}                words in our little markup, as safe HTML
{{ row.text|one_a_line }}        easy read: each sentence a paragraph of its own
{{ words.checked_on|on }}        22 November 2026
{% minutes article %}            3 minutes
{% drawing row.picture %}        the address of a picture of static/img
{{ link.url|host }}              naccc.org.uk
{% with_voice explained.html article.words as parts %}   the body before and after the child’s voice
{% json_ld trail structured %}   data for search engines

At the desk of staff:
{% told_by_readers article.slug %}   how many found it helpful
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from articles import helpful, library, outside, shelves
from articles.kinds import Article
from hub.markup import to_html

register = template.Library()

_SENTENCE = re.compile(r"(?<=[.!?])(?:\*\*)?[”’)]?\s+(?=[A-Z0-9*“‘(])")


@register.inclusion_tag("articles/_for.html")
def articles_for(goal: str = "", plan: str = "", programme: str = "", limit: int = 3, level: int = 2) -> dict[str, Any]:
    """Exactly one of goal, plan and programme is given."""
    if goal:
        found, name = library.for_goal(goal, limit), f"goal-{goal}"
    elif plan:
        found, name = library.for_plan(plan, limit), f"plan-{plan.replace('/', '-')}"
    else:
        found, name = library.for_programme(programme, limit), f"programme-{programme}"
    return {"articles": found, "name": f"articles-{name}", "h": f"h{level}"}


@register.inclusion_tag("articles/_card.html")
def articles_card(
    goals: Iterable[str] = (), plan: Iterable[str] = (), programmes: Iterable[str] = ()
) -> dict[str, Any]:
    """Three articles for somebody with these goals, questions of the plan and programmes, folded away. One query."""
    told = {"goals": tuple(goals), "plan": tuple(plan), "programmes": tuple(programmes)}
    return {"articles": shelves.chosen(library.articles(), **told)}


@register.filter
def marked(text: str) -> SafeString:
    return to_html(text)


@register.filter
def one_a_line(text: str) -> SafeString:
    return to_html("\n\n".join(_lines(text)))


def _lines(text: str) -> list[str]:
    """The sentences, each with its own bold words: a pair of stars is never torn apart."""
    lines: list[str] = []
    start = 0
    for found in _SENTENCE.finditer(text):
        piece = text[start : found.end()]
        if piece.count("**") % 2 == 0:
            lines.append(piece.strip())
            start = found.end()
    return [*lines, text[start:].strip()]


@register.filter
def on(date: str) -> str:
    return date_format(dt.date.fromisoformat(date), "j F Y")


@register.simple_tag
def minutes(article: Article) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", article.minutes) % {"n": article.minutes}


@register.simple_tag
def drawing(name: str) -> str:
    return static(f"img/{name}")


@register.filter
def host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


@register.simple_tag
def with_voice(html: SafeString, words: Any) -> tuple[SafeString, SafeString]:
    """The body before and after the child’s voice, which speaks before the second heading, or else at the end."""
    second = [found.start() for found in re.finditer("<h2", html)][1:2] if words.child else []
    cut = second[0] if second else len(html)
    return mark_safe(html[:cut]), mark_safe(html[cut:])  # noqa: S308 - two halves of what is safe


@register.simple_tag
def json_ld(*things: dict[str, Any]) -> SafeString:
    return outside.structured(*things)


@register.inclusion_tag("articles/staff/_told.html")
def told_by_readers(slug: str) -> dict[str, Any]:
    """What people answered to “Was this helpful?”, by month and edition. One query."""
    return {"months": helpful.told(slug)}
