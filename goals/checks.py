"""What must hold before the hub may start: the suggestions can be read."""

from django.core.checks import Error, register

from goals import suggestions
from hub.schema import BrokenContent


@register()
def suggestions_can_be_read(app_configs, **kwargs):
    try:
        suggestions.load(suggestions.CONTENT)
    except BrokenContent as error:
        return [Error(f"A suggestion of a goal is broken. {error}", id="goals.E001")]
    return []
