"""The newest news of a person on the signed-in home: `{% load news %}{% news %}`."""

from django import template
from django.template.context import Context

from hub import notices
from hub.models import Notice

register = template.Library()

AT_A_TIME = 5


@register.inclusion_tag("hub/news.html", takes_context=True)
def news(context: Context) -> dict:
    """The newest notices of this person, until they put them away. One query."""
    kept = Notice.objects.filter(person=context["person"], put_away_at=None, kind__in=notices.words)
    newest = list(kept[: AT_A_TIME + 1])
    return {
        "news": [
            {"pk": notice.pk, "words": notices.words[notice.kind], "address": notice.address, "at": notice.created_at}
            for notice in newest[:AT_A_TIME]
        ],
        "earlier": len(newest) > AT_A_TIME,
        "csrf_token": context["csrf_token"],
    }
