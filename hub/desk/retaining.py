"""The page that says what may not be kept, after how long it goes, and how the last night went."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hub import pulse, retention
from hub.desk.pages import Desk

MOST = 1_000  # counted for this page; beyond it only "more than"


class Retaining(Desk):
    def retention_door(self):
        return self.door("retention/", self.retention, "pulse_retention")

    def retention(self, request: HttpRequest) -> HttpResponse:
        """Each rule in words, and how much is due now. Counts only: nothing of what is in the rows."""
        rows = [
            {
                "key": due.rule.key,
                "what": due.rule.what,
                "term": due.rule.term,
                "due": said(due.count),
                "held": said(due.held),
            }
            for due in retention.look(most=MOST)
        ]
        return self.page(
            request,
            "retention",
            _("What may not be kept"),
            rows=rows,
            last=pulse.of(retention.PULSE),
        )


def said(count: int) -> str:
    return _("more than %(most)d") % {"most": MOST} if count > MOST else str(count)
