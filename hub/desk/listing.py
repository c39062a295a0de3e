"""The list of a content desk: every work and the edition that people see, what waits and what is due for checking."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import clock, words
from hub.desk.pages import Desk
from hub.editions import Edition, Work, edition_model

LATE = timedelta(minutes=10)  # beat rings each minute: by then something stands in the way


def word_of(editions: QuerySet, name: str) -> Subquery:
    """One short word of an edition, read by the database, so that the rest of its words stay there."""
    return Subquery(editions.order_by().annotate(its=KT(f"words__{name}")).values("its")[:1])


class ToCheck(admin.SimpleListFilter):
    title = gettext_lazy("checking")
    parameter_name = "checking"

    def lookups(self, request, model_admin):
        return [("due", _("Due for checking")), ("later", _("Not due yet"))]

    def queryset(self, request, queryset):
        if self.value() == "due":
            return due(queryset)
        today = timezone.localdate().isoformat()
        return queryset.filter(check_again_on__gt=today) if self.value() == "later" else queryset


class FromAFile(admin.SimpleListFilter):
    title = gettext_lazy("new words from the repository")
    parameter_name = "brought"

    def lookups(self, request, model_admin):
        return [("waits", _("Waiting for you"))]

    def queryset(self, request, queryset):
        return queryset.filter(waits=True) if self.value() == "waits" else queryset


class InView(admin.SimpleListFilter):
    title = gettext_lazy("what people see")
    parameter_name = "view"

    def lookups(self, request, model_admin):
        return [("out", _("Taken out of view")), ("planned", _("To be published later")), ("late", _("Late"))]

    def queryset(self, request, queryset):
        match self.value():
            case "out":
                return queryset.filter(withdrawn=True)
            case "planned":
                return queryset.filter(due_next__isnull=False)
            case "late":
                return late(queryset)
        return queryset


def due(works: QuerySet) -> QuerySet:
    """Those of a desk's list that people see and whose facts are to be checked again by now."""
    return works.filter(withdrawn=False, check_again_on__lte=timezone.localdate().isoformat())


def late(works: QuerySet) -> QuerySet:
    """Those with an edition that should have been published by itself, and was not."""
    return works.filter(due_next__lt=clock.now() - LATE)


def is_late(edition: Edition) -> bool:
    return edition.due_at is not None and edition.due_at < timezone.now() - LATE


class Listing(Desk):
    """A list of works. An app adds columns and filters of its own."""

    list_display: Any = ["title", "edition", "source", "last_checked", "check_again_by", "brought"]
    list_display_links = ["title"]
    list_filter: ClassVar[Any] = [ToCheck, FromAFile, InView]

    def get_queryset(self, request):
        """One query, without the words of any edition but their titles and dates."""
        editions = edition_model(self.model)._default_manager
        shown = editions.filter(pk=OuterRef("current"))
        newest = editions.filter(**{edition_model(self.model).OF: OuterRef("pk")}, source=Edition.Source.FILE).order_by(
            "-number"
        )
        planned = editions.filter(**{edition_model(self.model).OF: OuterRef("pk")}, due_at__isnull=False).order_by(
            "due_at"
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                its_title=word_of(shown, "title"),
                checked_on=word_of(shown, "checked_on"),
                check_again_on=word_of(shown, "check_again_on"),
                number=F("current__number"),
                its_source=F("current__source"),
                newest=Subquery(newest.values("pk")[:1]),
                due_next=Subquery(planned.values("due_at")[:1]),
            )
            .annotate(waits=Exists(editions.filter(pk=OuterRef("newest"), published_at=None, put_aside_at=None)))
        )

    @admin.display(description=gettext_lazy("title"), ordering="its_title")
    def title(self, work) -> str:
        return work.its_title or str(work)

    @admin.display(description=gettext_lazy("edition"))
    def edition(self, work) -> str:
        if work.withdrawn:
            return _("Taken out")
        shown = str(work.number or _("None published"))
        return (
            _("%(n)s, another on %(when)s") % {"n": shown, "when": words.when(work.due_next)}
            if work.due_next
            else shown
        )

    @admin.display(description=gettext_lazy("source"))
    def source(self, work) -> str:
        return str(Edition.Source(work.its_source).label) if work.its_source else ""

    @admin.display(description=gettext_lazy("checked on"), ordering="checked_on")
    def last_checked(self, work) -> str:
        return day(work.checked_on)

    @admin.display(description=gettext_lazy("check again by"), ordering="check_again_on")
    def check_again_by(self, work) -> str:
        return day(work.check_again_on)

    @admin.display(description=gettext_lazy("from the repository"))
    def brought(self, work) -> str:
        return _("New words wait") if work.waits else ""


def day(written: str | None) -> str:
    """A date of the words as a page says it; empty for what is none."""
    try:
        return words.day(date.fromisoformat(written or ""))
    except ValueError:
        return ""


def is_due(written: str) -> bool:
    return bool(written) and written <= timezone.localdate().isoformat()


def brought_by_a_file(work: Work) -> Edition | None:
    """The newest words of the repository, when staff’s own stood in their way and nobody has looked at them yet."""
    newest = work.editions.filter(source=Edition.Source.FILE).order_by("-number").first()
    return newest if newest and newest.published_at is None and newest.put_aside_at is None else None
