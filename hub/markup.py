"""Kernel: the little markup of courses and articles, made into safe HTML.

What writers may use: paragraphs, ## and ### headings, lists, **bold**, > quotes, and [links](/help/). Everything else
is shown as it was typed; HTML is never taken in.
"""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "blockquote", "a", "br"}
CLASSES = {
    "p": "govuk-body",
    "h2": "govuk-heading-l",
    "h3": "govuk-heading-m",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
}
_reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "backticks", "html_block"])


@lru_cache(maxsize=2000)
def to_html(text: str) -> SafeString:
    """The text as HTML of ours: known tags with the design's classes, links only to us and to https or tel."""
    cleaned = nh3.clean(
        _reader.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "tel", "mailto"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={tag: {"class": css} for tag, css in CLASSES.items()},
    )
    return mark_safe(cleaned)  # noqa: S308 - cleaned above
