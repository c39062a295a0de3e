"""The newest news of a person on the signed-in home: `{% load news %}{% news %}`."""

from django import template
from django.template.context import Context
from django.urls import reverse

from hub import notices, words
from hub.asked import About
from hub.models import Notice

register = template.Library()

AT_A_TIME = 3
NEWS = About(
    lambda person: Notice.objects.filter(person=person, put_away_at=None, kind__in=notices.words).values_list(
        "pk", "kind", "address", "created_at"
    )[: AT_A_TIME + 1]
)


@register.inclusion_tag("hub/news.html", takes_context=True)
def news(context: Context) -> dict:
    """The newest notices of this person, until they put them away. One query."""
    newest = NEWS.of(context["person"])
    return {
        "news": [
            {
                "words": str(notices.words[kind]),
                "address": address,
                "on": words.day(at),
                "put_away": reverse("put_away", args=[notices.mark_of(pk)]),
            }
            for pk, kind, address, at in newest[:AT_A_TIME]
        ],
        "earlier": len(newest) > AT_A_TIME,
        "csrf_token": context["csrf_token"],
    }
