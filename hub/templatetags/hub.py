"""The pieces of the design: `{% load hub %}`. Form tags are in `{% load govuk %}`; see hub/templatetags/govuk.py.

A person is a role ("a" started the plan, "b" joined) and a first name; give `other` (the other name) so that two
parents with one initial get two letters. Anything in quotes below may be a variable. Words that show are yours to
translate. A tag stands on one line: Django does not read one that is broken over two.

Frame (templates/base.html): {% extends "base.html" %} and fill the blocks
    title     words of the tab, without the hub's name
    back      {% back_link url _("Plan") %}
    errors    {% error_summary form %}; also put has_errors=True in the context, so that the tab begins "Error: "
    eyebrow   one short line above the heading
    main      the task: begins with <h1 class="govuk-heading-xl">
    aside     right column, below on a phone; leave it out and the page has one column
    main_kind " hub-main--flush" on a cover: no space above it
    body      instead of main and aside: the whole width, for covers; bring your own <div class="govuk-width-container">
    head      extra <meta> or <link>; scripts: extra <script type="module" src>

Words
    {{ clause.text|words }}        a parent's text as safe paragraphs
    {{ moment|when }}              Thursday 19 November 2026, 7:15 pm
    {{ moment|until }}             3:10 pm on Sunday 22 November
    {{ moment|clock }}             7:15 pm
    {{ date|day }}                 Thursday 19 November 2026
    {{ names|together }}           Anya, Finn and Bo
Small things
    {% icon "pen" %}               calendar exit eye goal heart home later learn pen plan print settle swap tick
    {% home_badge role="a" name="Priya" other="Callum" size="l" %}         size: s, "" or l; open=True for an outline
    {% who role="a" name="Priya" other="Callum" %}                         badge and name
    {% joined a_name b_name %}     two homes joined by the path
    {% tag "agreed" %} {% tag "you" %} {% tag "draft" %} {% tag "help" %}  say Agreed, Ready for you, Your draft,
                                                                           Getting help
    {% tag "plain" _("Not started yet") %} {% tag "help" words icon="plan" %}
    {% stones statuses a_name b_name %}   statuses: one of "done", "talk", "open" for each part, in order
Blocks
    {% offer role="b" name="Callum" other="Priya" text=offer.text at=offer.committed_at note=offer.note %}
        id="offer" level=2 heading="…" (else "Callum suggests") said="…" (instead of the date) mine=True ("You suggest")
    {% agreed text=clause.text a_name="Priya" b_name="Callum" at=clause.agreed_at %}    heading="…" level=2 id="agreed"
    {% settle until=clause.settles_at %}         level=2; until None for the general words
    {% diff_key %}{% diff pieces %}              pieces: ("same" | "removed" | "added", words), in order
    {% note icon="later" %}<p>…</p>{% endnote %}          tone="blush" for a court order
    {% card tone="blush" %}…{% endcard %}                 tone: "", blush, pine, sand; label_id="id of its heading"
    {% fold _("Other ways to answer") %}…{% endfold %}    a <details>
    {% part letter="C" title=… url=… hint=… status="you" words="" %}  a row of <ul class="govuk-task-list hub-parts">
    {% summary_row _("Name") value url _("Change") %}     a row of <dl class="govuk-summary-list">
    {% back_link url _("Plan") %}
Three answers: a forms.ChoiceField with widget=Radios(cards=True, hints={…}, icons={…}) from hub.forms, drawn by
{% govuk_field %}. By hand in a page: .hub-lead .hub-small .hub-soft .hub-list .hub-steps .hub-help .hub-two .hub-cards.

On a <form>, for hub.js: data-once (a second press does nothing); data-autosave="url" with a
<p role="status" data-autosave-status data-failed="…"></p> inside. That url answers a POST in text/plain, with the words
to show; anything else means that nothing was saved. The key switch of the safety page is
<button type="button" data-exit-key-switch data-on="Turn the Escape key off" data-off="Turn the Escape key on" hidden>.
"""

import datetime as dt
import math
import unicodedata
from collections.abc import Hashable, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from hub import words as say

register = template.Library()

PICTURES = Path(__file__).resolve().parent.parent.parent / "static" / "img"
STATUS_WORDS = {
    "agreed": (gettext_lazy("Agreed"), ""),
    "you": (gettext_lazy("Ready for you"), "pen"),
    "draft": (gettext_lazy("Your draft"), "eye"),
    "plain": ("", ""),
    "help": (gettext_lazy("Getting help"), "heart"),
}


# --- Words -----------------------------------------------------------------------------------------------------------


@register.filter
def words(value: str | None) -> SafeString:
    return say.paragraphs(value or "")


@register.filter
def when(value: dt.datetime | None) -> str:
    return say.when(value) if value else ""


@register.filter
def until(value: dt.datetime | None) -> str:
    return say.until(value) if value else ""


@register.filter
def day(value: dt.date | None) -> str:
    return say.day(value) if value else ""


@register.filter
def clock(value: dt.datetime | None) -> str:
    return say.clock(value) if value else ""


@register.filter
def together(value: Iterable[str]) -> str:
    return say.together(value)


@register.simple_tag
def unchanging(name: str, **facts: Hashable) -> SafeString:
    """A piece of the frame that depends on nothing but `facts`: drawn once for them in each process and language."""
    if settings.DEBUG:
        return render_to_string(name, facts)
    return _drawn_once(name, tuple(facts.items()), get_language())


@lru_cache(maxsize=1000)
def _drawn_once(name: str, facts: tuple[tuple[str, Hashable], ...], language: str | None) -> SafeString:
    return render_to_string(name, dict(facts))


@register.simple_tag
def service_name() -> str:
    """The hub's name, for the two pages that are drawn without any context."""
    return settings.HUB_NAME


# --- Small things ----------------------------------------------------------------------------------------------------


@cache
def _picture(name: str) -> str:
    if not name.replace("-", "").isalnum():
        raise template.TemplateSyntaxError(f"No picture is called {name!r}.")
    try:
        return (PICTURES / f"{name}.svg").read_text("utf-8").strip()
    except FileNotFoundError:
        raise template.TemplateSyntaxError(f"No picture is called {name!r}.") from None


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A line icon, hidden from screen readers: always put a word beside it."""
    return mark_safe(_picture(f"icon-{name}").replace("<svg ", '<svg class="hub-icon" ', 1))  # noqa: S308 - our own file


_icon = icon  # where an argument is called icon too


@register.simple_tag
@cache
def symbol() -> SafeString:
    """The two homes and the path. The pine follows the text colour."""
    drawn = _picture("symbol").replace(
        ' role="img" aria-label="Co-Parenting Hub"', ' aria-hidden="true" focusable="false"'
    )
    return mark_safe(drawn.replace("#17524b", "currentColor"))  # noqa: S308 - our own file


@register.simple_tag
@cache
def skyline() -> SafeString:
    """The hills above the foot, drawn into the page: one file less to fetch on a first visit."""
    fills = '<svg class="hub-foot__line" preserveAspectRatio="xMidYMid slice" '
    return mark_safe(_picture("skyline").replace("<svg ", fills, 1))  # noqa: S308 - our own file


def _letter(name: str) -> str:
    """The first letter as people write it, with its marks: "É", "गु"."""
    letter = name[:1].upper()[:1]
    for mark in name[1:]:
        if unicodedata.category(mark)[0] != "M":
            break
        letter += mark
    return letter


def initials(name: str, other: str = "") -> str:
    """One letter, or two when both parents would have the same one: "Ca" and "Ch"."""
    name, other = name.strip(), other.strip()
    letter = _letter(name)
    if not other or _letter(other) != letter or name.casefold() == other.casefold():
        return letter
    differs = next((at for at, pair in enumerate(zip(name, other, strict=False)) if at and pair[0] != pair[1]), None)
    if differs is None:
        differs = min(len(name), len(other))
    return letter + name[differs : differs + 1].lower()


@register.inclusion_tag("components/home.html")
def home_badge(role: str, name: str, other: str = "", size: str = "", open: bool = False) -> dict[str, Any]:  # noqa: A002
    """A home with an initial. Hidden from screen readers: the name stands beside it, or hidden words do."""
    return {"role": role, "initial": initials(name, other), "size": size, "open": open}


@register.inclusion_tag("components/who.html")
def who(role: str, name: str, other: str = "", size: str = "") -> dict[str, Any]:
    return {"role": role, "name": name, "other": other, "size": size}


@register.inclusion_tag("components/joined.html")
def joined(a_name: str, b_name: str) -> dict[str, str]:
    return {"a_initial": initials(a_name, b_name), "b_initial": initials(b_name, a_name)}


@register.simple_tag
def tag(kind: str, words: str = "", icon: str = "") -> SafeString:
    """A status, in words. There is no red one and no number. (In Python, not a template: a page may have eighty.)"""
    usual_words, usual_icon = STATUS_WORDS[kind]
    name = icon or ("" if words and kind == "help" else usual_icon)
    drawn = _icon(name) if name else ""
    said = escape(words or usual_words)
    return mark_safe(f'<strong class="govuk-tag hub-tag hub-tag--{kind}">{drawn}{said}</strong>')  # noqa: S308


@register.simple_tag
def stones(statuses: Iterable[str], a_name: str, b_name: str = "") -> SafeString:
    """Stepping stones from one home to the other, and the same in words. Statuses: "done", "talk" or "open"."""
    return _stones(tuple(statuses), initials(a_name, b_name), initials(b_name, a_name), get_language())


@lru_cache(maxsize=500)
def _stones(statuses: tuple[str, ...], a_initial: str, b_initial: str, language: str | None) -> SafeString:
    done, begun, left = (statuses.count(kind) for kind in ("done", "talk", "open"))
    context = {
        "wide": _way(statuses, 84, 556, lambda t: 40 + 26 * math.sin(math.pi * t), 17),
        "narrow": _way(statuses, 52, 288, lambda t: 38 + 38 * math.sin(math.pi * t), 11.5),
        "a_initial": a_initial,
        "b_initial": b_initial,
        "done": ngettext("%(n)d agreed or not needed", "%(n)d agreed or not needed", done) % {"n": done},
        "begun": ngettext("%(n)d begun", "%(n)d begun", begun) % {"n": begun},
        "left": ngettext("%(n)d not started", "%(n)d not started", left) % {"n": left},
    }
    return render_to_string("components/stones.html", context)


def _way(statuses: tuple[str, ...], start: float, end: float, height: Any, radius: float) -> dict[str, Any]:
    """Where the stones lie and the way through them; numbers as text, so that no locale turns a point into a comma."""
    last = max(len(statuses) - 1, 1)

    def at(t: float) -> tuple[float, float]:
        return start + (end - start) * t, height(t)

    stops = [-0.075, *(number / last for number in range(len(statuses))), 1.075]
    way = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, stops))
    placed = []
    for number, status in enumerate(statuses):
        x, y = at(number / last)
        placed.append(
            {"x": f"{x:.1f}", "y": f"{y:.1f}", "tick": f"M{x - 5:.1f} {y + 0.5:.1f}l3.5 3.5 6.5-7", "status": status}
        )
    return {"way": way, "stones": placed, "rx": f"{radius:g}", "ry": f"{radius * 0.86:.2f}"}


# --- Blocks ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/offer.html")
def offer(
    role: str,
    name: str,
    text: str,
    at: dt.datetime | None = None,
    note: str = "",
    other: str = "",
    heading: str = "",
    said: str = "",
    mine: bool = False,
    id: str = "offer",  # noqa: A002
    level: int = 2,
) -> dict[str, Any]:
    """A suggestion: words from one home."""
    if not heading:
        heading = gettext("You suggest") if mine else gettext("%(name)s suggests") % {"name": name}
    note_heading = gettext("Your note") if mine else gettext("A note from %(name)s") % {"name": name}
    return {
        "role": role,
        "name": name,
        "other": other,
        "text": text,
        "said": said or (say.when(at) if at else ""),
        "note": note,
        "note_heading": note_heading,
        "heading": heading,
        "id": id,
        "h": f"h{level}",
    }


@register.inclusion_tag("components/agreed.html")
def agreed(
    text: str,
    a_name: str,
    b_name: str,
    at: dt.datetime | None = None,
    heading: str = "",
    id: str = "agreed",  # noqa: A002
    level: int = 2,
) -> dict[str, Any]:
    """Words both parents agreed, with both homes on one ground."""
    return {
        "text": text,
        "a_name": a_name,
        "b_name": b_name,
        "at": at,
        "heading": heading or gettext("You both agreed"),
        "id": id,
        "h": f"h{level}",
    }


@register.inclusion_tag("components/settle.html")
def settle(until: dt.datetime | None = None, level: int = 2) -> dict[str, Any]:
    """The 24 hours after agreement: an exact time it ends, and what stays possible. No countdown."""
    return {"until": until, "h": f"h{level}", "rest": say.length(settings.PLAN_REST)}


@register.inclusion_tag("components/diff.html")
def diff(pieces: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What changed, word by word. A piece is ("same", "removed" or "added", the words)."""
    return {"pieces": [piece for kind, words in pieces for piece in _with_gaps_outside(kind, words)]}


def _with_gaps_outside(kind: str, words: str) -> Iterable[tuple[str, str]]:
    """Spaces at either end of what was removed or added stand outside its mark, so that marks do not touch words."""
    if kind == "same" or not words.strip():
        return [(kind, words)]
    bare = words.strip()
    start = words.index(bare)
    return [
        piece for piece in (("same", words[:start]), (kind, bare), ("same", words[start + len(bare) :])) if piece[1]
    ]


@register.inclusion_tag("components/diff_key.html")
def diff_key() -> dict[str, Any]:
    return {}


@register.simple_block_tag
def note(content: str, icon: str = "", tone: str = "") -> SafeString:
    drawn = mark_safe(_picture(f"icon-{icon}").replace("<svg ", '<svg class="hub-icon" ', 1)) if icon else ""  # noqa: S308
    tint = format_html(" hub-note--{}", tone) if tone else ""
    return format_html('<div class="hub-note{}">{}<div>{}</div></div>', tint, drawn, content)


@register.simple_block_tag
def card(content: str, tone: str = "", label_id: str = "") -> SafeString:
    tint = format_html(" hub-card--{}", tone) if tone else ""
    if label_id:
        return format_html('<section class="hub-card{}" aria-labelledby="{}">{}</section>', tint, label_id, content)
    return format_html('<div class="hub-card{}">{}</div>', tint, content)


@register.simple_block_tag
def fold(content: str, summary: str, open: bool = False) -> SafeString:  # noqa: A002
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        mark_safe(" open") if open else "",
        summary,
        content,
    )


@register.simple_tag
def part(
    letter: str, title: str, url: str, hint: str = "", status: str = "plain", words: str = "", icon: str = ""
) -> SafeString:
    """A row of the plan's task list. The whole row is the link. (In Python for speed, like `tag`.)"""
    is_agreed = status == "agreed"
    letter, title, url, hint = escape(letter), escape(title), escape(url), escape(hint) if hint else ""
    described = f" part-{letter}-hint" if hint else ""
    told = f'<div class="govuk-task-list__hint" id="part-{letter}-hint">{hint}</div>' if hint else ""
    mark = _icon("tick") if is_agreed else letter
    return mark_safe(  # noqa: S308 - every word from outside is escaped above
        '<li class="govuk-task-list__item govuk-task-list__item--with-link">'
        f'<span class="hub-parts__letter{" hub-parts__letter--agreed" if is_agreed else ""}" aria-hidden="true">{mark}'
        '</span><div class="govuk-task-list__name-and-hint"><a class="govuk-link govuk-task-list__link"'
        f' href="{url}" aria-describedby="part-{letter}-status{described}">{title}</a>{told}</div>'
        f'<div class="govuk-task-list__status" id="part-{letter}-status">{tag(status, words, icon)}</div></li>'
    )


@register.inclusion_tag("components/summary_row.html")
def summary_row(key: str, value: str, url: str = "", action: str = "") -> dict[str, Any]:
    return {"key": key, "value": value, "url": url, "action": action}


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, words: str) -> dict[str, str]:
    return {"url": url, "words": words}
