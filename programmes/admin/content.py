"""The content desk of the programmes: chapters and their editions, as hub.desk has it, and the preview of a course."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import schema
from hub.desk.content import ContentDesk
from hub.desk.listing import FromAFile, InView, ToCheck
from programmes import kinds, library
from programmes.actions import learning
from programmes.admin.common import title_of_programme
from programmes.forms.learning import form_for
from programmes.forms.staff import shape_of
from programmes.library import Programme
from programmes.models import Answer, Chapter, Edition
from programmes.views.learning import place_of_part, reply_of


class OfProgramme(admin.SimpleListFilter):
    title = gettext_lazy("programme")
    parameter_name = "programme"

    def lookups(self, request, model_admin):
        return [(each.slug, each.title) for each in library.programmes()]

    def queryset(self, request, queryset):
        return queryset.filter(programme=self.value()) if self.value() else queryset


@admin.register(Chapter)
class ChapterAdmin(ContentDesk):
    """Every chapter, and the edition of it that people see."""

    what_for = gettext_lazy("The parts of every course: writing, looking, comparing, publishing, going back.")
    list_display = ["title", "programme_title", "edition", "source", "last_checked", "check_again_by", "brought"]
    list_filter = [ToCheck, FromAFile, InView, OfProgramme]
    ordering = ["programme", "order", "slug"]
    reassurance = gettext_lazy("What somebody has finished stays finished.")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(its_programme=title_of_programme())

    @admin.display(description=gettext_lazy("chapter"), ordering="its_title")
    def title(self, chapter) -> str:
        return _("The front of the programme") if chapter.is_cover else chapter.its_title or chapter.slug

    @admin.display(description=gettext_lazy("programme"), ordering="programme")
    def programme_title(self, chapter) -> str:
        return chapter.its_programme or chapter.programme

    def get_urls(self):
        step, screen = "edition_preview_step", "edition_preview_screen"
        return [
            self.door("edition/<int:pk>/preview/<slug:step>/", self.preview_step, step),
            self.door("edition/<int:pk>/preview/<slug:step>/<slug:screen>/", self.preview_step, screen),
            *super().get_urls(),
        ]

    def shape_of(self, chapter):
        return shape_of(chapter)

    def title_of(self, chapter) -> str:
        title = chapter.current.words.get("title", "") if chapter.current_id else ""
        if chapter.is_cover:
            return _("The front of “%(programme)s”") % {"programme": title or chapter.programme}
        return title or chapter.slug

    def in_plain_words(self, error: schema.Wrong) -> str:
        if "there is no step" in error.what:
            return _("A part needs one step at least.")
        return super().in_plain_words(error)

    def without(self, chapter):
        if chapter.is_cover:
            return [
                _("The whole course is out of view: its front, all its parts, its questions and answers."),
                _("Its addresses answer “We cannot find that page”, with ways on. Lists and search forget it."),
                _("Whoever is in the middle of it cannot go on. Their place, their words and their certificate stay."),
            ]
        return [
            _("The course goes on without this part. Its address answers “We cannot find that page”, with ways on."),
            _("Nobody needs it to finish. Who has finished it keeps that, and what they wrote stays theirs."),
            _("The list of parts and search forget it."),
        ]

    # ------------------------------------------------------------ preview

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The first page of this edition as parents will see it. Nothing is kept."""
        edition = self.edition_or_404(pk)
        programme, found = as_if_published(edition)
        progress = learning.progress(None, programme)
        context: dict[str, Any] = {"programme": programme, "progress": progress}
        if isinstance(found, kinds.Cover):
            context |= {
                "words": found.words,
                "rows": [],
                "may_take": False,
                "can_start": False,
                "taster": None,
                "onward": {"address": "", "part": None, "started": False},
            }
            return self.as_people_see_it(request, "preview_cover", edition, **context)
        first = self._address_of_place(edition, *found.places[0])
        context |= {
            "part": found,
            "place_of_part": place_of_part(programme, found),
            "steps": self._steps(edition, found),
            "keeps": True,
            "signed_out": False,
            "is_done": False,
            "begun": False,
            "minutes_left": found.minutes,
            "carry_on": first,
            "first": first,
            "following": None,
            "onward": "",
            "finished": False,
            "may_take": True,
        }
        return self.as_people_see_it(request, "preview_part", edition, **context)

    def preview_step(self, request: HttpRequest, pk: int, step: str, screen: str = "") -> HttpResponse:
        """One screen of this edition. It can be answered, to see what is said; the answer goes nowhere."""
        edition = self.edition_or_404(pk)
        programme, part = as_if_published(edition)
        its_step = part.step(step) if isinstance(part, kinds.Part) else None
        its_screen = its_step.screen(screen) if its_step else None
        if its_step is None or its_screen is None:
            raise Http404
        places = list(part.places)
        number = next(n for n, (of, shown) in enumerate(places) if of.slug == step and shown.slug == screen)
        onward = (
            self._address_of_place(edition, *places[number + 1])
            if number + 1 < len(places)
            else self.address("edition_preview", pk)
        )
        form, kept = form_for(its_screen), None
        if request.method == "POST":
            form = form_for(its_screen, request.POST) if request.POST.get("do") == "save" else None
            if form is None:
                return redirect(request.path if request.POST.get("do") == "forget" else onward)
            if form.is_valid():
                kept = Answer(kind=its_screen.kind, words=form.answer)  # never saved
        return self.as_people_see_it(
            request,
            "preview_step",
            edition,
            programme=programme,
            part=part,
            place_of_part=place_of_part(programme, part),
            step=its_step,
            screen=its_screen,
            words=its_screen.words,
            piece=f"programmes/screens/{its_screen.kind}.html",
            number=number + 1,
            of=len(places),
            steps=self._steps(edition, part, its_step),
            way=[{"here": n == number, "done": n < number} for n in range(len(places))],
            minutes_left=part.minutes,
            before=self._address_of_place(edition, *places[number - 1]) if number else "",
            after=onward,
            keeps=True,
            signed_out=False,
            edition=edition.pk,
            form=form,
            kept=kept,
            reply=reply_of(its_screen, kept) if kept else None,
            has_errors=form is not None and form.is_bound and not form.is_valid(),
        )

    def _steps(self, edition: Edition, part: kinds.Part, at: kinds.Step | None = None) -> list[dict[str, Any]]:
        return [
            {
                "step": each,
                "address": self._address_of_place(edition, each, each.screens[0]),
                "done": False,
                "here": at is not None and each.slug == at.slug,
            }
            for each in part.steps
        ]

    def _address_of_place(self, edition: Edition, step, screen) -> str:
        if screen.slug:
            return self.address("edition_preview_screen", edition.pk, step.slug, screen.slug)
        return self.address("edition_preview_step", edition.pk, step.slug)


def as_if_published(edition: Edition) -> tuple[Programme, Any]:
    """The programme as it would be with this edition in it, and the edition’s own words."""
    chapter, found = edition.chapter, library.read_edition(edition)
    shown = library.programme(chapter.programme)
    if isinstance(found, kinds.Cover):
        return Programme(chapter.programme, found, shown.parts if shown else (), {}), found
    if shown is None:
        raise Http404
    others = [part for part in shown.parts if part.slug != found.slug]
    parts = sorted([*others, found], key=lambda part: part.words.order)
    return Programme(chapter.programme, shown.cover, tuple(parts), {}), found
