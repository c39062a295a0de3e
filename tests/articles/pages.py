"""The public pages of the library, and how a test asks for them."""

import re

from django.test import Client
from django.urls import reverse

WITH_EASY = "is-it-abuse"
HISTORY = "covid-contact-centres"
PLAIN = "when-there-is-no-reply"

PAGES = {
    "list": reverse("articles:list"),
    "topic": reverse("articles:topic", args=["talking"]),
    "covid": reverse("articles:topic", args=["covid"]),
    "article": reverse("articles:article", args=[WITH_EASY]),
    "history": reverse("articles:article", args=[HISTORY]),
    "print": reverse("articles:print", args=[PLAIN]),
    "thanks": reverse("articles:thanks", args=[PLAIN]),
    "easy_list": reverse("articles:easy_list"),
    "easy": reverse("articles:easy", args=[WITH_EASY]),
    "glossary": reverse("articles:glossary"),
    "for_plan": reverse("articles:for_plan", args=["living-and-childcare", "handovers"]),
}
NOT_FOUND_BY_SEARCH = {"print", "thanks", "for_plan"}


def url(name: str, *args: str) -> str:
    return reverse(f"articles:{name}", args=args)


def drawn(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def main_of(html: str) -> str:
    return html.split("<main", 1)[1].split("</main", 1)[0]


def words_of(html: str) -> str:
    """What a person reads, on one line."""
    from html import unescape

    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main_of(html))))
