"""The library for readers that are not people: feed readers, search engines, and whoever draws a preview of a link."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import F
from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles import library
from articles.kinds import TOPICS, Article
from articles.models import Edition
from hub.words import HOME

NEWEST = 50
SHARED_PICTURE = "img/share.png"


def address(name: str, *args: str) -> str:
    """The whole address of a page of the library."""
    return settings.HUB_ADDRESS + reverse(f"articles:{name}", args=args)


def published() -> dict[str, dt.datetime]:
    """When the edition people see of each article was published. One query."""
    shown = Edition.objects.filter(article__withdrawn=False, article__current=F("pk"))
    return dict(shown.values_list("article__slug", "published_at"))


def checked_at(article: Article) -> dt.datetime:
    """The beginning of the day on which its facts were checked."""
    return dt.datetime.combine(dt.date.fromisoformat(article.words.checked_on), dt.time(), HOME)


def renewed(articles: Iterable[Article]) -> dict[str, dt.datetime]:
    """When each was last new to a reader: published, or checked, whichever is later."""
    when = published()
    return {each.slug: max(checked_at(each), when.get(each.slug) or checked_at(each)) for each in articles}


def feed() -> str:
    """The newest of the library as Atom. Two queries."""
    shown = [each for each in library.articles() if not each.is_history]
    when = renewed(shown)
    newest = sorted(shown, key=lambda each: (when[each.slug], each.slug), reverse=True)[:NEWEST]
    found = Atom1Feed(
        title=_("%(hub)s: articles") % {"hub": settings.HUB_NAME},
        link=address("list"),
        description=_("Short pieces for parents who live apart."),
        language="en-GB",
        author_name=settings.HUB_NAME,
        feed_url=address("feed"),
        feed_guid=address("feed"),
    )
    for each in newest:
        found.add_item(
            title=each.title,
            link=address("article", each.slug),
            description=each.summary,
            unique_id=address("article", each.slug),
            pubdate=when[each.slug],
            updateddate=when[each.slug],
            categories=[TOPICS[each.topic]],
        )
    return found.writeString("utf-8")


def pages() -> list[tuple[str, dt.date | None]]:
    """Every page of the library for search engines: its path, and the day it was last new. Two queries."""
    shown = library.articles()
    when = {slug: at.astimezone(HOME).date() for slug, at in renewed(shown).items()}
    newest = max(when.values(), default=None)
    found: list[tuple[str, dt.date | None]] = [
        (reverse("articles:list"), newest),
        (reverse("articles:easy_list"), newest),
        (reverse("articles:glossary"), None),
    ]
    for topic in TOPICS:
        of_topic = [when[each.slug] for each in shown if each.topic == topic]
        if of_topic:
            found.append((reverse("articles:topic", args=[topic]), max(of_topic)))
    found += [(reverse("articles:article", args=[each.slug]), when[each.slug]) for each in shown]
    found += [(reverse("articles:easy", args=[each.slug]), when[each.slug]) for each in shown if each.has_easy]
    return found


# ---------------------------------------------------------------- structured data


def structured(*things: dict[str, Any]) -> SafeString:
    """A block of JSON-LD. A browser takes it as data and runs nothing, so our content-security policy lets it be."""
    told = {"@context": "https://schema.org", "@graph": things}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - no sign of HTML is left


def of_article(article: Article) -> dict[str, Any]:
    here = address("article", article.slug)
    us = {"@type": "Organization", "name": settings.HUB_NAME, "url": settings.HUB_ADDRESS + "/"}
    return {
        "@type": "Article",
        "@id": here,
        "mainEntityOfPage": here,
        "headline": article.title,
        "description": article.summary,
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "articleSection": TOPICS[article.topic],
        "dateModified": article.words.checked_on,
        "timeRequired": f"PT{article.minutes}M",
        "image": settings.HUB_ADDRESS + static(SHARED_PICTURE),
        "author": us,
        "publisher": us,
    }


def trail(*steps: tuple[str, str]) -> dict[str, Any]:
    """The way to a page: (name, whole address) from the outside in."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": where}
            for place, (name, where) in enumerate(steps, start=1)
        ],
    }
