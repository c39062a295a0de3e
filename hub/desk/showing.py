"""When people see a work, at a content desk: an edition planned for later, a work taken out of view and put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import clock, editing, schema, text
from hub.desk.publishing import Publishing
from hub.editions import Edition, Work
from hub.models import AccessRecord
from hub.words import HOME, when

WHY_LIMIT = Work._meta.get_field("taken_out_why").max_length or 0


PUBLISHED = ("publish edition", "publish edition as planned")
SAID = {
    **dict.fromkeys(PUBLISHED, gettext_lazy("Edition %(n)d published")),
    "go back to edition": gettext_lazy("Back to edition %(n)d"),
    "take out": gettext_lazy("Taken out of view"),
    "put back": gettext_lazy("Put back in view"),
}
"""What changes what people see, by its name in the access record."""


@dataclass(frozen=True)
class Since:
    """From this moment on, people saw something else; `by` is empty for what a file brought."""

    at: datetime
    said: str
    by: str


def _said(what: str, edition: Edition | None) -> str:
    return str(SAID[what]) % {"n": edition.number} if edition else str(SAID[what])


class Showing(Publishing):
    """The pages on which staff say from when on people see something, or that they see it no longer."""

    def without(self, work: Work) -> Sequence[str]:
        """What people meet in its place once it is out of view, in sentences. Only the app knows."""
        raise NotImplementedError

    def seen_so_far(self, work: Work, editions: Sequence[Edition]) -> list[Since]:
        """What people saw, and since when, the newest first: from the access record, and from what files brought."""
        about = {f"edition:{each}": each for each in editions}
        acts = AccessRecord.objects.filter(what__in=SAID, about__in=[*about, f"work:{work}"]).select_related("person")
        told = [Since(each.at, _said(each.what, about.get(each.about)), str(each.person or "")) for each in acts]
        recorded = {(each.about, each.what) for each in acts}
        for name, edition in about.items():
            by_staff = any((name, what) in recorded for what in PUBLISHED)
            if edition.published_at and not by_staff:
                told.append(Since(edition.published_at, _said(PUBLISHED[0], edition), ""))
        return sorted(told, key=lambda since: since.at, reverse=True)

    # ------------------------------------------------------------ later

    def plan(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish this edition by itself, on a day and at a time."""
        edition = self.edition_or_404(pk)
        work = edition.work
        if work.current_id == edition.pk:
            return redirect(self.to_work(work.pk))
        day, time = (text.clean(request.POST.get(name, ""), one_line=True) for name in ("day", "time"))
        error, seen = "", editing.digest_of(edition.words)
        if request.method == "POST":
            error, seen = self._plan(request, edition, day, time)
            if not error:
                return redirect(self.to_work(work.pk))
            edition = self.edition_or_404(pk)
        return self.page(
            request,
            "plan",
            _("Publish this edition later?"),
            crumbs=self.crumbs(work, edition),
            edition=edition,
            current=work.current,
            sections=self.compared(edition),
            seen=seen,
            planned=_stamp(edition),
            day=day,
            time=time or "09:00",
            error=error,
            status=422 if error else 200,
        )

    def _plan(self, request: HttpRequest, edition: Edition, day: str, time: str) -> tuple[str, str]:
        """Plan it; or what stands in the way, in plain words. And the mark of the words they have looked at by now."""
        on, seen = moment(day, time), request.POST.get("seen", "")
        if on is None:
            if _as_typed(day, time) is not None:
                return _("The clocks go forward then, and leave out this hour. Choose another time."), seen
            return _("Enter a real day and time, such as 2026-12-03 and 09:00."), seen
        if edition.due_at and request.POST.get("planned", "") != _stamp(edition):
            other = {"who": edition.due_by or _("Somebody"), "when": when(edition.due_at)}
            said = _("%(who)s has planned this for %(when)s meanwhile. Save again if your time should stand.")
            return said % other, seen
        try:
            editing.plan(edition, on=on, seen=seen, by=request.user, at=clock.now())
        except editing.NotThen:
            return _("Choose a time that is still to come, and within a year."), seen
        except editing.ChangedMeanwhile:
            changed = _("The words have changed since you looked. Look below, then save the time again.")
            return changed, editing.digest_of(self.edition_or_404(edition.pk).words)
        except schema.Wrong as error:
            return self.in_plain_words(error), seen
        told = {"n": edition.number, "when": when(on)}
        messages.success(
            request, _("Edition %(n)d will be published on %(when)s. You can call it off until then.") % told
        )
        return "", seen

    def call_off(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do not publish it by itself after all. It can be planned anew, so there is no check page."""
        edition = self.edition_or_404(pk)
        if request.method == "POST":
            editing.call_off(edition, by=request.user)
            messages.success(
                request, _("Called off. Edition %(n)d is not published by itself.") % {"n": edition.number}
            )
        return redirect(self.to_work(edition.work_id))

    # ------------------------------------------------------------ out of view, and back

    def take_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say why, read what people will see instead, and take it out of view."""
        work = self.one(pk)
        if work.withdrawn:
            return redirect(self.to_work(pk))
        why = text.clean(request.POST.get("why", ""), one_line=True)
        error = ""
        if request.method == "POST":
            if not why:
                error = _("Say in a few words why people should not see this.")
            elif len(why) > WHY_LIMIT:
                error = _("This is too long. There is room for %(limit)d letters.") % {"limit": WHY_LIMIT}
            else:
                editing.take_out(work, why=why, by=request.user, at=clock.now())
                messages.success(request, _("Taken out of view. You can put it back at any time."))
                return redirect(self.to_work(pk))
        return self.page(
            request,
            "take_out",
            _("Take this out of view?"),
            crumbs=self.crumbs(work),
            work=work,
            called=self.title_of(work),
            instead=self.without(work),
            why=why,
            error=error,
            status=422 if error else 200,
        )

    def put_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One more look, then everybody sees it again."""
        work = self.one(pk)
        if not work.withdrawn or work.current is None:
            return redirect(self.to_work(pk))
        if request.method == "POST":
            editing.put_back(work, by=request.user)
            messages.success(request, _("Back in view. Everybody sees edition %(n)d.") % {"n": work.current.number})
            return redirect(self.to_work(pk))
        told: dict[str, Any] = {"title": self.title_of(work), "n": work.current.number}
        say = [_("Everybody will see edition %(n)d of “%(title)s” again. It is in lists and search at once.") % told]
        if work.taken_out_at is None:
            say.append(_("Its file is gone from the repository. It stays in view all the same."))
        return self.page(
            request,
            "check",
            _("Put this back in view?"),
            crumbs=self.crumbs(work),
            say=say,
            button=_("Put it back in view"),
            back=self.to_work(pk),
            hidden={},
        )


def moment(day: str, time: str) -> datetime | None:
    """A day and a time of the clocks of the United Kingdom, as they were typed; None when there is no such moment."""
    typed = _as_typed(day, time)
    if typed is None:
        return None
    try:
        found = typed.astimezone(UTC)
    except OverflowError:
        return None
    # The hour that is left out when the clocks go forward is no time at all.
    return found if found.astimezone(HOME).replace(tzinfo=None) == typed.replace(tzinfo=None) else None


def _as_typed(day: str, time: str) -> datetime | None:
    try:
        return datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M").replace(tzinfo=HOME)
    except ValueError:
        return None


def _stamp(edition: Edition) -> str:
    """For a form to say for when it was planned as its page was drawn."""
    return edition.due_at.isoformat() if edition.due_at else ""
