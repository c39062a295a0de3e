"""What a page says of itself to search engines and to whoever draws a preview of a link: `{% load preview %}`.

{% preview title description %}                 on a public page, in the block `head`
{% preview title description kind="article" %}  kind: "website" or "article"

It writes the description, the canonical address and Open Graph. The picture is one of ours, for every page the same:
it shows no more than that this is about two homes.
"""

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static

register = template.Library()

PICTURE = "img/share.png"
WIDTH, HEIGHT = 1200, 630


@register.inclusion_tag("hub/_preview.html", takes_context=True)
def preview(context: Context, title: str, description: str, kind: str = "website", path: str = "") -> dict:
    """`path` is the page that this one is another form of."""
    return {
        "title": title,
        "description": description,
        "kind": kind,
        "address": settings.HUB_ADDRESS + (path or context["request"].path),
        "hub_name": settings.HUB_NAME,
        "picture": settings.HUB_ADDRESS + static(PICTURE),
        "width": WIDTH,
        "height": HEIGHT,
    }
