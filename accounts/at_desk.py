"""What waits for those who look after staff accounts: accounts that will soon be stopped because nobody used them."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.staff import actions
from hub import clock
from hub.desk.today import Task, tells


@tells("accounts.manage_staff")
def unused(request: HttpRequest) -> Iterable[Task]:
    """Those whose notice has been sent."""
    warned = clock.now() - timedelta(days=settings.HUB_STAFF_UNUSED_DAYS) + actions.WARNED_BEFORE
    count = actions.unused_since(warned).count()
    said = ngettext(
        "staff account that will be stopped within a week because nobody used it",
        "staff accounts that will be stopped within a week because nobody used them",
        count,
    )
    yield Task(count, said, reverse("admin:accounts_staffmember_changelist"))
