"""What a programme holds for this very person, on its cover and on the home page: `{% load mine %}`."""

from django import template
from django.template.context import Context

register = template.Library()


@register.inclusion_tag("programmes/_mine.html", takes_context=True)
def my_place(context: Context, programme: str) -> dict:
    """The person's referral, workshop or meetings in this programme; nothing for everybody else."""
    return {"person": context["person"], "programme": programme}
