"""Parts of courses that go with a goal: `{% load parts_for %}{% parts_for goal="reply-only-when-calm" %}`."""

from django import template
from django.template.context import Context

from programmes import library
from programmes.actions import learning
from programmes.views.learning import address_of_part

register = template.Library()

MOST = 3


@register.inclusion_tag("programmes/_parts_for.html", takes_context=True)
def parts_for(context: Context, goal: str) -> dict:
    """At most three parts with this tag that this person may open; nothing when there is none.

    One query for the courses, and one more for a course that needs a referral.
    """
    person = context["person"]
    found = []
    for programme in library.programmes():
        tagged = [part for part in programme.parts if goal in (part.words.goals or ())]
        if not tagged or programme.cover.words.open_to == "nobody":
            continue
        may_take = learning.may_take(person, programme)
        found += [
            {"title": part.title, "course": programme.title, "url": address_of_part(programme, part)}
            for part in tagged
            if may_take or part.words.taster
        ]
        if len(found) >= MOST:
            break
    return {"rows": found[:MOST]}
