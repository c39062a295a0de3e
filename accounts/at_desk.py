"""What waits for those who look after staff accounts, and for those who answer requests about data."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.rights import answering
from accounts.staff.members import unused_and_warned
from hub.desk.today import Task, tells


@tells("accounts.manage_staff")
def unused(request: HttpRequest) -> Iterable[Task]:
    """Accounts that will soon be stopped because nobody used them: those whose notice has been sent."""
    count = unused_and_warned().count()
    said = ngettext(
        "staff account that will be stopped within a week because nobody used it",
        "staff accounts that will be stopped within a week because nobody used them",
        count,
    )
    yield Task(count, said, f"{reverse('admin:accounts_staffmember_changelist')}?state=unused")


@tells(answering.WORKS_ON_REQUESTS)
def requests(request: HttpRequest) -> Iterable[Task]:
    """Late ones first; then closings of accounts that another person is needed for; then all that is not closed."""
    found, address = answering.waiting(request.user, timezone.now()), reverse("admin:accounts_datarequest_changelist")
    said = ngettext("request about data is late", "requests about data are late", found.late)
    yield Task(found.late, said, f"{address}?which=late")
    if request.user.has_perm(answering.CLOSES_ACCOUNTS):
        said = ngettext(
            "account to close: a second person must agree",
            "accounts to close: a second person must agree",
            found.closings,
        )
        yield Task(found.closings, said, f"{address}?which=confirm")
    said = ngettext("request about data to answer", "requests about data to answer", found.count)
    yield Task(found.count, said, address)
