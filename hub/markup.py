"""Kernel: the little markup of courses and articles, made into safe HTML.

What writers may use: paragraphs, ## and ### headings, lists, **bold**, > quotes, and [links](/help/). Everything else
is shown as it was typed; HTML is never taken in.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "blockquote", "a", "br"}
CLASSES = {
    "p": "govuk-body",
    "h2": "govuk-heading-l",
    "h3": "govuk-heading-m",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
}
SCHEMES = {"https", "tel", "mailto"}
_REFUSED = re.compile(r"\]\(((?:[^\s()]|\([^\s()]*\))+)\)")  # what was meant as a link, and stayed as it was typed
_reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "backticks", "html_block"])


@lru_cache(maxsize=2000)
def to_html(text: str) -> SafeString:
    """The text as HTML of ours: known tags with the design's classes, links only to us and to https or tel."""
    cleaned = nh3.clean(
        _reader.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={tag: {"class": css} for tag, css in CLASSES.items()},
    )
    return mark_safe(cleaned)  # noqa: S308 - cleaned above


def links_to_nowhere(text: str) -> list[str]:
    """The addresses of links that a page would show and nobody could follow, in their order."""
    return [address for address in _addresses(_reader.parse(text)) if not _leads_somewhere(address)]


def _addresses(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "link_open":
            yield str(token.attrs["href"])
        elif token.type == "text":
            yield from _REFUSED.findall(token.content)
        yield from _addresses(token.children or ())


def _leads_somewhere(address: str) -> bool:
    ours = address.startswith(("/", "#")) and not address.startswith("//")
    return ours or urlsplit(address).scheme in SCHEMES
