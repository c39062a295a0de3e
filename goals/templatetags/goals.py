"""The small pieces of the goals: `{% load goals %}`.

{% face 4 84 %}        the drawn face of a feeling, 84 px wide; the word stands beside it, so it says nothing itself
{{ check_in.felt|felt }}   the word: Quite well
"""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from goals.models import Felt

register = template.Library()


@register.simple_tag
def face(felt: int | str, width: int) -> SafeString:
    picture = static(f"img/face-{int(felt)}.svg")
    return format_html('<img src="{}" width="{}" height="{}" alt="">', picture, width, width)


@register.simple_tag
def face_file(felt: int) -> str:
    return static(f"img/face-{felt}.svg")


@register.filter
def felt(value: int) -> str:
    return str(Felt(value).label)
