"""For the mails of this room: `{% load accounts %}`."""

from django import template

from accounts.secrets import unlock

register = template.Library()


@register.filter
def unlocked(locked: str) -> str:
    """The code of a mail, readable only while the mail is being written."""
    return unlock(locked)
