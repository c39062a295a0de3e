"""What a page of words says of itself to search engines and to whoever shows a link to it: `{% load pages %}`.

{% preview title description %}   in the block `head`: description, the one address, and what a link preview shows
"""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static

register = template.Library()

PICTURE = "img/share.png"


@register.inclusion_tag("hub/_meta.html", takes_context=True)
def preview(context: Context, title: str, description: str) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "address": settings.HUB_ADDRESS + context["request"].path,
        "picture": settings.HUB_ADDRESS + static(PICTURE),
        "hub_name": settings.HUB_NAME,
    }
