"""What must hold before the hub may start: said by `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def mail_leaves_the_house(app_configs, **kwargs):
    """The on-screen mailbox shows every mail to anybody, so it is for development alone."""
    if settings.EMAIL_BACKEND == "hub.mailbox.Backend" and not settings.DEBUG:
        return [
            Error(
                "HUB_EMAIL_BACKEND is the on-screen mailbox and HUB_DEBUG is off: nobody would get any mail.",
                hint="Leave HUB_EMAIL_BACKEND unset and set HUB_SMTP_HOST.",
                id="hub.E001",
            )
        ]
    return []
