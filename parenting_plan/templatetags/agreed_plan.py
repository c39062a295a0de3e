"""How the agreed plan says names and lists, on its page and in its PDF: `{% load agreed_plan %}`."""

import datetime as dt

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


@register.filter
def together(names: list[str]) -> SafeString:
    """Say names as people do: "Anya", "Anya and Finn", "Anya, Finn and Mo". Each keeps its own direction of writing."""
    kept = [format_html("<bdi>{}</bdi>", name) for name in names]
    if len(kept) < 2:
        return kept[0] if kept else SafeString("")
    first = format_html_join(", ", "{}", ((name,) for name in kept[:-1]))
    return format_html(gettext("{} and {}"), first, kept[-1])


@register.filter
def together_plain(names: list[str]) -> str:
    """The same without markup, for a title."""
    if len(names) < 2:
        return "".join(names)
    return gettext("{} and {}").format(", ".join(names[:-1]), names[-1])


@register.filter
def code_in_fours(code: str) -> str:
    """The code as it is printed and read aloud: ABCD-EFGH-JKMN-PQRS."""
    plain = code.replace("-", "").replace(" ", "")
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


@register.filter
def value_template(value: dict) -> str:
    """The template that draws this kind of value. A kind without one is a fault of ours and is heard at once."""
    kind = value["kind"]
    if not kind.replace("_", "").isalpha():
        raise ValueError(f"No kind of value is called {kind!r}.")
    return f"parenting_plan/values/{kind}.html"


@register.filter
def for_machines(moment: dt.datetime) -> str:
    """The moment as a PDF's own dates want it, to the second: "2026-11-21T19:02:00Z"."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
