"""The pieces of a course: `{% load programmes %}`.

{{ text|marked }}                   words of a content file, with their little markup, as safe HTML
{% film "late-badly" title %}         a film of static/films with captions and transcript; or the transcript alone
{{ source|sourced }}                a source, its address a link
{{ words.checked_on|on }}           22 November 2026
{% picture words.picture words.picture_alt %}   a picture of static/img, 640 by 440; nothing when there is none
{% minutes 9 %}                     About 9 minutes
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from hub.markup import to_html

register = template.Library()

FILMS = Path(__file__).resolve().parent.parent.parent / "static" / "films"
PICTURES = FILMS.parent / "img"
WIDTH, HEIGHT = 960, 540


@register.filter
def marked(text: str) -> SafeString:
    return to_html(text)


@register.filter
def sourced(text: str) -> SafeString:
    """A source as a line: its address, when it ends in one, as a link."""
    words, _space, address = text.rpartition("https://")
    if not words or " " in address:
        return format_html("{}", text)
    link = "https://" + address.rstrip(".")
    return format_html(
        '{}<a class="govuk-link" href="{}" rel="noreferrer">{}</a>', words, link, link.removeprefix("https://")
    )


@register.filter
def on(date: str) -> str:
    """A date of a content file, in words: 22 November 2026."""
    return date_format(dt.date.fromisoformat(date), "j F Y")


@register.simple_tag
def picture(name: str, alt: str) -> SafeString | str:
    if not name or not (PICTURES / name).is_file():
        return ""
    return format_html('<img src="{}" width="640" height="440" alt="{}">', static(f"img/{name}"), alt)


@dataclass(frozen=True)
class Film:
    """What there is of a film. It can be shown when there is something to play and captions to read."""

    slug: str
    webm: str
    mp4: str
    captions: str
    poster: str
    transcript: tuple[str, ...]

    @property
    def plays(self) -> bool:
        return bool(self.captions and (self.webm or self.mp4))


_films: dict[str, Film] = {}


def film_of(slug: str) -> Film:
    """The film as its files are now. A film that is whole is looked up once in each process."""
    if slug not in _films:
        found = {ending: f"films/{slug}.{ending}" for ending in ("webm", "mp4", "vtt", "jpg")}
        there = {ending: name if (FILMS.parent / name).is_file() else "" for ending, name in found.items()}
        try:
            told = (FILMS / f"{slug}.txt").read_text("utf-8")
        except OSError:
            told = ""
        lines = tuple(line.strip() for line in told.splitlines() if line.strip())
        film = Film(slug, there["webm"], there["mp4"], there["vtt"], there["jpg"], lines)
        if not (film.plays and film.poster and lines):
            return film
        _films[slug] = film
    return _films[slug]


@register.inclusion_tag("programmes/_film.html")
def film(slug: str, title: str) -> dict:
    return {"film": film_of(slug), "title": title, "width": WIDTH, "height": HEIGHT}


@register.simple_tag
def minutes(number: int) -> str:
    return ngettext("About %(n)d minute", "About %(n)d minutes", number) % {"n": number}


@register.simple_tag
def minutes_left(number: int) -> str:
    return ngettext("about %(n)d minute left", "about %(n)d minutes left", number) % {"n": number}
