"""For the mails and pages of this room: `{% load accounts %}`."""

from django import template
from django.conf import settings

from accounts import roles
from accounts.secrets import unlock

register = template.Library()


@register.filter
def unlocked(locked: str) -> str:
    """The code of a mail, readable only while the mail is being written."""
    return unlock(locked)


@register.simple_tag
def mail_subject() -> str:
    """The one subject of all our mails, so that people can look for it."""
    return settings.HUB_MAIL_SUBJECT


@register.simple_tag
def name_in_apps() -> str:
    """What an app for codes calls us."""
    return settings.MFA_TOTP_ISSUER


@register.simple_tag
def roles_of(user):
    """The roles of a member of staff, each with what it is for."""
    known = roles.by_title()
    return [known[name] for name in user.groups.order_by("name").values_list("name", flat=True) if name in known]


@register.inclusion_tag("accounts/_requests.html", takes_context=True)
def data_requests(context):
    """What this person asked us about their data, the newest first, and how it stands."""
    from accounts.rights import asking
    from accounts.rights.views.asking import Told

    return {"requests": [Told(row) for row in asking.of(context["request"].user)[:20]]}
