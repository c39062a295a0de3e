"""Publishing at a content desk: comparing, one more look, going back, leaving what a file brought."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hub import clock, editing, schema
from hub.desk.comparing import Section, compare
from hub.desk.writing import Writing
from hub.editions import Edition


class Publishing(Writing):
    """The pages on which an edition becomes the one that people see, or is left."""

    reassurance = ""  # what does not change for people when something is published

    def compared(self, edition: Edition) -> list[Section]:
        work = edition.work
        return compare(work.current.words if work.current else {}, edition.words, self.shape_of(work))

    def as_shown(self, edition: Edition) -> dict[str, Any]:
        """What the app's own check page needs besides, to show the edition as people will see it."""
        return {}

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What this edition changes in what people see now, word by word."""
        edition = self.edition_or_404(pk)
        work = edition.work
        return self.page(
            request,
            "compare",
            _("What is different"),
            crumbs=self.crumbs(work, edition),
            edition=edition,
            current=work.current,
            sections=self.compared(edition),
            may_publish=self.may(request, self.may_publish) and work.current_id != edition.pk,
        )

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One more look, then everybody sees this edition."""
        edition = self.edition_or_404(pk)
        work = edition.work
        if work.current_id == edition.pk:
            return redirect(self.to_work(work.pk))
        trouble = ""
        if request.method == "POST":
            try:
                editing.publish(edition, seen=request.POST.get("seen", ""), by=request.user, at=clock.now())
            except editing.ChangedMeanwhile:
                edition = self.edition_or_404(pk)
                trouble = _("The words have changed since you looked. This is what would be published now.")
            except schema.Wrong as error:
                trouble = self.in_plain_words(error)
            else:
                said = _("Published. Everybody sees edition %(n)d now.")
                if work.withdrawn:
                    said = _("Edition %(n)d is the one that people will see once this is put back in view.")
                messages.success(request, said % {"n": edition.number})
                return redirect(self.to_work(work.pk))
        return self.page(
            request,
            "publish",
            _("Go back to this edition?") if edition.published_at else _("Publish this edition?"),
            crumbs=self.crumbs(work, edition),
            edition=edition,
            current=work.current,
            sections=self.compared(edition),
            seen=editing.digest_of(edition.words),
            trouble=trouble,
            reassurance=self.reassurance,
            **self.as_shown(edition),
            status=409 if trouble else 200,
        )

    def leave(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stay with staff’s words: what the repository brought is put aside, and can still be published later."""
        edition = self.edition_or_404(pk)
        if request.method == "POST" and not edition.is_by_staff:
            editing.put_aside(edition, by=request.user, at=clock.now())
            messages.success(request, _("The words of the repository are put aside. People see what they saw before."))
        return redirect(self.to_work(edition.work_id))
