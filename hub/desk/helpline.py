"""The content desk of the helplines."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import clock, editing, helplines, schema
from hub.desk import boxes
from hub.desk.content import ContentDesk
from hub.desk.listing import InView, ToCheck, word_of
from hub.desk.shapes import Head, Shape
from hub.helplines import Edition, Helpline
from hub.schema import Field


def _every_field(fields: str) -> tuple[Field, ...]:
    named = {each.name: each for each in helplines.FIELDS}
    return tuple(named[name] for name in fields.split())


HELPLINE = Shape(
    (
        Head("line", gettext_lazy("The helpline"), _every_field("title number hours who_for link")),
        Head("place", gettext_lazy("Where it stands"), _every_field("need order")),
        Head("facts", gettext_lazy("When it is checked"), _every_field("checked_on check_again_on")),
    ),
    choices={"need": lambda: [(need.value, str(need.label)) for need in Helpline.Need]},
)


@admin.register(Helpline)
class HelplineAdmin(ContentDesk):
    """Where people can turn. Ring each number twice a year and set the date."""

    what_for = gettext_lazy("Numbers and hours of the helplines that parents see.")
    list_display = ["title", "number", "need", "edition", "last_checked", "check_again_by"]
    list_filter = [ToCheck, InView]
    search_fields = ["slug", "its_title", "its_number"]
    ordering = ["order", "slug"]
    change_list_template = "hub/staff/helplines.html"

    def get_queryset(self, request):
        shown = Edition.objects.filter(pk=OuterRef("current"))
        rows = super().get_queryset(request)
        return rows.annotate(its_number=word_of(shown, "number"), its_need=word_of(shown, "need"))

    @admin.display(description=gettext_lazy("number"))
    def number(self, line) -> str:
        return line.its_number or ""

    @admin.display(description=gettext_lazy("need"))
    def need(self, line) -> str:
        return str(Helpline.Need(line.its_need).label) if line.its_need else ""

    def get_urls(self):
        return [self.door("new/", self.new, "helpline_new", "add_edition", "add_helpline"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        may_add = self.may(request, "add_edition", "add_helpline")
        return super().changelist_view(request, {**(extra_context or {}), "may_add_helpline": may_add})

    def shape_of(self, line):
        return HELPLINE

    def in_plain_words(self, error: schema.Wrong) -> str:
        if error.what.startswith("number may"):
            return _("Write the number with digits and spaces only, such as 0808 2000 247.")
        if error.what.startswith("check_again_on must"):
            return _("The day to check again must be later than the day it was checked.")
        return super().in_plain_words(error)

    def without(self, line):
        say = [
            _("It is gone from “Get help”, from search and from every page that shows helplines."),
            _("Papers that were made before still name it. New ones do not."),
        ]
        need = line.current.words.get("need", "") if line.current else ""
        others = Helpline.objects.filter(withdrawn=False, current__words__need=need).exclude(pk=line.pk)
        if need and not others.exists():
            label = Helpline.Need(need).label
            say.append(_("No other helpline is shown for “%(need)s”. That heading will be gone too.") % {"need": label})
        return say

    def as_shown(self, edition) -> dict[str, Any]:
        return {"line": helplines.read_edition(edition)}

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The helpline as it will stand on “Get help”."""
        edition = self.edition_or_404(pk)
        line = helplines.read_edition(edition)  # type: ignore[arg-type]  # an edition of this desk is of its kind
        return self.as_people_see_it(request, "preview", edition, line=line, need=Helpline.Need(line.need).label)

    def new(self, request: HttpRequest) -> HttpResponse:
        """A helpline that is not there yet, on one page. Nobody sees it until its first edition is published."""
        fields, told, wrong, trouble = helplines.FIELDS, {}, {}, ""
        if request.method == "POST":
            told = boxes.tidy(boxes.typed(request.POST, fields), fields)
            wrong = boxes.faults(told, fields)
            if not wrong:
                try:
                    work, note = helplines.unsaved(told["title"]), _("A new helpline")
                    made = editing.begin_work(work, told, note=note, by=request.user, at=clock.now())
                except schema.Wrong as error:
                    trouble = self.in_plain_words(error)
                else:
                    messages.success(request, _("Saved. Nobody sees it until it is published."))
                    return redirect(self.address("edition", made.pk))
        drawn = boxes.boxes(told, fields, wrong, HELPLINE.choices)
        return self.page(
            request,
            "new",
            _("Add a helpline"),
            boxes=drawn,
            mistakes=boxes.mistakes(drawn),
            trouble=trouble,
            back=self.address("helpline_changelist"),
            status=422 if wrong or trouble else 200,
        )
