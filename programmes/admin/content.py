"""The content desk: what the programmes say, its editions, writing a new one, looking at it, publishing, going back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import clock, schema, text, words
from hub.http import page
from programmes import kinds, library
from programmes.actions import editing, learning
from programmes.admin.common import Desk, title_of_programme, word_of
from programmes.comparing import compare
from programmes.forms import staff as typing
from programmes.forms.learning import form_for
from programmes.kinds import KINDS
from programmes.library import Programme
from programmes.models import Answer, Chapter, Edition
from programmes.views.learning import place_of_part, reply_of

NOTE_LIMIT = Edition._meta.get_field("note").max_length


# ---------------------------------------------------------------- the list


class OfProgramme(admin.SimpleListFilter):
    title = gettext_lazy("programme")
    parameter_name = "programme"

    def lookups(self, request, model_admin):
        return [(each.slug, each.title) for each in library.programmes()]

    def queryset(self, request, queryset):
        return queryset.filter(programme=self.value()) if self.value() else queryset


class ToCheck(admin.SimpleListFilter):
    title = gettext_lazy("checking")
    parameter_name = "checking"

    def lookups(self, request, model_admin):
        return [("due", _("Due for checking")), ("later", _("Not due yet"))]

    def queryset(self, request, queryset):
        today = timezone.localdate().isoformat()
        if self.value() == "due":
            return queryset.filter(check_again_on__lte=today)
        return queryset.filter(check_again_on__gt=today) if self.value() == "later" else queryset


class FromAFile(admin.SimpleListFilter):
    title = gettext_lazy("new words from the repository")
    parameter_name = "brought"

    def lookups(self, request, model_admin):
        return [("waits", _("Waiting for you"))]

    def queryset(self, request, queryset):
        return queryset.filter(waits=True) if self.value() == "waits" else queryset


def _brought(chapter: Chapter) -> Edition | None:
    """The newest words of the repository, when staff’s own stood in their way and nobody has looked at them yet."""
    newest = chapter.editions.filter(source=Edition.Source.FILE).order_by("-number").first()
    return newest if newest and newest.published_at is None and newest.put_aside_at is None else None


@dataclass(frozen=True)
class Told:
    """An edition as a row of the page of its chapter."""

    edition: Edition
    state: str
    by: str
    is_current: bool
    is_open: bool  # staff may go on writing it


@admin.register(Chapter)
class ChapterAdmin(Desk):
    """Every chapter, and the edition of it that people see."""

    list_display = ["title", "programme_title", "edition", "source", "last_checked", "check_again_by", "brought"]
    list_display_links = ["title"]
    list_filter = [ToCheck, FromAFile, OfProgramme]
    ordering = ["programme", "order", "slug"]

    def get_queryset(self, request):
        """One query, without the words of any edition but their titles and dates."""
        shown = Edition.objects.filter(pk=OuterRef("current"))
        newest = Edition.objects.filter(chapter=OuterRef("pk"), source=Edition.Source.FILE).order_by("-number")
        return (
            super()
            .get_queryset(request)
            .annotate(
                its_title=word_of(shown, "title"),
                checked_on=word_of(shown, "checked_on"),
                check_again_on=word_of(shown, "check_again_on"),
                number=F("current__number"),
                its_source=F("current__source"),
                its_programme=title_of_programme(),
                newest=Subquery(newest.values("pk")[:1]),
            )
            .annotate(waits=Exists(Edition.objects.filter(pk=OuterRef("newest"), published_at=None, put_aside_at=None)))
        )

    @admin.display(description=gettext_lazy("chapter"), ordering="its_title")
    def title(self, chapter) -> str:
        return (chapter.its_title or chapter.slug) if chapter.slug else _("The front of the programme")

    @admin.display(description=gettext_lazy("programme"), ordering="programme")
    def programme_title(self, chapter) -> str:
        return chapter.its_programme or chapter.programme

    @admin.display(description=gettext_lazy("edition"))
    def edition(self, chapter) -> str:
        if chapter.withdrawn:
            return _("Taken out")
        return str(chapter.number or _("None published"))

    @admin.display(description=gettext_lazy("source"))
    def source(self, chapter) -> str:
        return Edition.Source(chapter.its_source).label if chapter.its_source else ""

    @admin.display(description=gettext_lazy("checked on"), ordering="checked_on")
    def last_checked(self, chapter) -> str:
        return _day(chapter.checked_on)

    @admin.display(description=gettext_lazy("check again by"), ordering="check_again_on")
    def check_again_by(self, chapter) -> str:
        return _day(chapter.check_again_on)

    @admin.display(description=gettext_lazy("from the repository"))
    def brought(self, chapter) -> str:
        return _("New words wait") if chapter.waits else ""

    # ------------------------------------------------------------ addresses

    def get_urls(self):
        writes, publishes = "add_edition", "change_chapter"
        return [
            self.door("<int:pk>/write/", self.begin, "edition_begin", writes),
            self.door("edition/<int:pk>/", self.show, "edition"),
            self.door("edition/<int:pk>/piece/", self.piece, "edition_piece", writes),
            self.door("edition/<int:pk>/arrange/", self.arrange, "edition_arrange", writes),
            self.door("edition/<int:pk>/delete/", self.throw_away, "edition_throw_away", writes),
            self.door("edition/<int:pk>/compare/", self.compare, "edition_compare"),
            self.door("edition/<int:pk>/publish/", self.publish, "edition_publish", publishes),
            self.door("edition/<int:pk>/leave/", self.leave, "edition_leave", publishes),
            self.door("edition/<int:pk>/preview/", self.preview, "edition_preview"),
            self.door("edition/<int:pk>/preview/<slug:step>/", self.preview_step, "edition_preview_step"),
            self.door(
                "edition/<int:pk>/preview/<slug:step>/<slug:screen>/", self.preview_step, "edition_preview_screen"
            ),
            *super().get_urls(),
        ]

    def edition_or_404(self, pk: int) -> Edition:
        found = Edition.objects.select_related("chapter__current", "made_by").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def _crumbs(self, chapter: Chapter, edition: Edition | None = None) -> list[tuple[str, str]]:
        crumbs = [(self.address("chapter_change", chapter.pk), _title_of(chapter))]
        if edition is not None:
            crumbs.append((self.address("edition", edition.pk), _("Edition %(n)d") % {"n": edition.number}))
        return crumbs

    # ------------------------------------------------------------ a chapter and its editions

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A chapter: every edition, by whom, when and why, and what waits."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chapter = self.one(object_id)
        editions = list(chapter.editions.select_related("made_by").defer("words")[:200])
        current = chapter.current
        return self.page(
            request,
            "chapter",
            _title_of(chapter),
            chapter=chapter,
            current=current,
            told=[self._told(each, chapter) for each in editions],
            brought=_brought(chapter),
            may_write=self.may(request, "add_edition"),
            may_publish=self.may(request, "change_chapter"),
            is_due=bool(current) and _is_due(current.words.get("check_again_on", "")),
            check_again_on=_day(current.words.get("check_again_on")) if current else "",
            checked_on=_day(current.words.get("checked_on")) if current else "",
        )

    def _told(self, edition: Edition, chapter: Chapter) -> Told:
        is_current = edition.pk == chapter.current_id
        by_staff = edition.source == Edition.Source.STAFF
        if is_current:
            state = _("People see this one")
        elif edition.published_at:
            state = _("Shown before")
        elif by_staff:
            state = _("Being written")
        else:
            state = _("Left") if edition.put_aside_at else _("Waits")
        return Told(
            edition=edition,
            state=state,
            by=str(edition.made_by or "") if by_staff else "",
            is_current=is_current,
            is_open=by_staff and edition.published_at is None,
        )

    def begin(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write a new edition: say what is going to change, then change it."""
        chapter = self.one(pk)
        base = self._base(request, chapter)
        note = words_of_note(request.POST.get("note", ""))
        error = ""
        if request.method == "POST":
            if not note:
                error = _("Say in a few words what you are going to change, and why.")
            elif len(note) > NOTE_LIMIT:
                error = _("This is too long. There is room for %(limit)d letters.") % {"limit": NOTE_LIMIT}
            else:
                made = editing.begin(base, note=note, by=request.user, at=clock.now())
                return redirect(self.address("edition", made.pk))
        return self.page(
            request,
            "begin",
            _("Write a new edition"),
            crumbs=self._crumbs(chapter),
            chapter=chapter,
            base=base,
            note=note,
            error=error,
            limit=NOTE_LIMIT,
            open_ones=chapter.editions.filter(source=Edition.Source.STAFF, published_at=None).select_related("made_by"),
        )

    def _base(self, request: HttpRequest, chapter: Chapter) -> Edition:
        """The edition whose words to begin with: the one that was asked for, else the one people see."""
        asked = (request.GET.get("from") or request.POST.get("from") or "")[:18]
        rows = chapter.editions.select_related("chapter")
        found = rows.filter(pk=int(asked)).first() if asked.isdecimal() else None
        found = found or (chapter.current if chapter.current_id else rows.first())
        if found is None:
            raise Http404
        return found

    # ------------------------------------------------------------ one edition

    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One edition, piece by piece; while it is being written, each piece can be changed, moved or taken out."""
        edition = self.edition_or_404(pk)
        told = self._told(edition, edition.chapter)
        is_cover = not edition.chapter.slug
        may_write = told.is_open and self.may(request, "add_edition")
        return self.page(
            request,
            "edition",
            _("%(title)s: edition %(n)d") % {"title": edition.words.get("title"), "n": edition.number},
            crumbs=self._crumbs(edition.chapter),
            chapter=edition.chapter,
            edition=edition,
            told=told,
            seen=editing.digest_of(edition.words),
            sorts=[
                {
                    "sort": sort,
                    "pieces": [
                        {"title": _title_of_piece(entry), "kind": _kind_of(sort.name, entry), "entry": entry}
                        for entry in edition.words.get(sort.name, [])
                    ],
                }
                for sort in typing.sorts_of(is_cover)
            ],
            kinds=[(kind.name, kind.label) for kind in KINDS.values()],
            may_write=may_write,
            may_begin=self.may(request, "add_edition"),
            may_publish=self.may(request, "change_chapter") and not told.is_current,
            differs=edition.chapter.current_id not in (None, edition.pk),
        )

    def piece(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One piece of an edition as a form: the head, a step, a question. What was typed is kept until it is right."""
        edition = self.edition_or_404(pk)
        if not self._told(edition, edition.chapter).is_open:
            return redirect(self.address("edition", pk))
        work = _Work.of(request, edition)
        told, wrong, trouble = work.told, {}, ""
        if request.method == "POST":
            told = typing.typed(request.POST, work.fields)
            order = request.POST.get("do", "save")
            if order != "save":
                typing.rearrange(told, order)
            told = typing.tidy(told, work.fields)
            if order == "save":
                wrong = typing.faults(told, work.fields)
                if not wrong:
                    trouble = self._save(request, edition, work, told)
                    if not trouble:
                        messages.success(request, _("Saved. Nobody else sees it yet."))
                        return redirect(self.address("edition", pk))
                work.seen = editing.digest_of(self.edition_or_404(pk).words)
        title = work.title or _("A new piece")
        return self.page(
            request,
            "piece",
            title,
            crumbs=self._crumbs(edition.chapter, edition),
            edition=edition,
            work=work,
            boxes=typing.boxes(told, work.fields, wrong),
            wrong=wrong,
            trouble=trouble,
            status=422 if wrong or trouble else 200,
        )

    def _save(self, request: HttpRequest, edition: Edition, work: "_Work", told: dict[str, Any]) -> str:
        """Keep it; or what stands in the way, in plain words."""
        try:
            editing.write(edition, work.put_into(edition.words, told), seen=work.seen, by=request.user)
        except schema.Wrong as error:
            return _in_plain_words(error)
        except editing.ChangedMeanwhile:
            return _(
                "Somebody else changed this edition while you were writing. Your words are below. Look at theirs, "
                "then save again if yours should stand."
            )
        except editing.CannotBeDone:
            return _("This edition is published now and stays as it is. Copy your words, and write a new edition.")
        return ""

    def arrange(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move a piece up or down, or take it out after one more look."""
        edition = self.edition_or_404(pk)
        sort, place, order = (request.POST.get(name, "") for name in ("sort", "place", "do"))
        whole = dict(edition.words)
        entries = list(whole.get(sort, [])) if sort in typing.SORTS else []
        if request.method != "POST" or not place.isdecimal() or int(place[:4]) >= len(entries):
            return redirect(self.address("edition", pk))
        at = int(place)
        seen = request.POST.get("seen", "")
        if order == "drop" and "confirmed" not in request.POST:
            title = _("Take this out of the edition?")
            say = _("“%(title)s” will not be in this edition. It stays in the earlier ones.")
            return self.page(
                request,
                "check",
                title,
                crumbs=self._crumbs(edition.chapter, edition),
                say=[say % {"title": _title_of_piece(entries[at])}],
                button=_("Take it out"),
                back=self.address("edition", pk),
                hidden={"sort": sort, "place": place, "do": order, "seen": seen, "confirmed": "yes"},
            )
        try:
            typing.swap(entries, at, order if order in {"up", "down", "drop"} else "up")
            whole[sort] = entries
            editing.write(edition, whole, seen=seen, by=request.user)
        except editing.ChangedMeanwhile:
            messages.warning(
                request, _("Somebody else changed this edition meanwhile. Look again, then try once more.")
            )
        except schema.Wrong as error:
            messages.error(request, _in_plain_words(error))
        except editing.CannotBeDone:
            messages.error(request, _("This edition stays as it is."))
        return redirect(self.address("edition", pk))

    def throw_away(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete what staff began and nobody has seen. What was published is never deleted."""
        edition = self.edition_or_404(pk)
        if not self._told(edition, edition.chapter).is_open:
            raise Http404
        if request.method != "POST":
            return self.page(
                request,
                "check",
                _("Throw this edition away?"),
                crumbs=self._crumbs(edition.chapter, edition),
                say=[_("What was written in it is gone for good. What people see does not change.")],
                button=_("Throw it away"),
                back=self.address("edition", pk),
                hidden={},
            )
        try:
            editing.delete(edition, by=request.user)
            messages.success(request, _("The edition is gone."))
        except editing.CannotBeDone:
            messages.error(request, _("This edition stays as it is."))
        return redirect(self.address("chapter_change", edition.chapter_id))

    # ------------------------------------------------------------ comparing and publishing

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What this edition changes in what people see now, word by word."""
        edition = self.edition_or_404(pk)
        chapter = edition.chapter
        return self.page(
            request,
            "compare",
            _("What is different"),
            crumbs=self._crumbs(chapter, edition),
            edition=edition,
            current=chapter.current,
            sections=_compared(edition),
            told=self._told(edition, chapter),
            may_publish=self.may(request, "change_chapter") and chapter.current_id != edition.pk,
        )

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One more look, then everybody sees this edition."""
        edition = self.edition_or_404(pk)
        chapter = edition.chapter
        if chapter.current_id == edition.pk:
            return redirect(self.address("chapter_change", chapter.pk))
        trouble = ""
        if request.method == "POST":
            try:
                editing.publish(edition, seen=request.POST.get("seen", ""), by=request.user, at=clock.now())
            except editing.ChangedMeanwhile:
                edition = self.edition_or_404(pk)
                trouble = _("The words have changed since you looked. This is what would be published now.")
            except schema.Wrong as error:
                trouble = _in_plain_words(error)
            else:
                messages.success(request, _("Published. Everybody sees edition %(n)d now.") % {"n": edition.number})
                return redirect(self.address("chapter_change", chapter.pk))
        return self.page(
            request,
            "publish",
            _("Go back to this edition?") if edition.published_at else _("Publish this edition?"),
            crumbs=self._crumbs(chapter, edition),
            edition=edition,
            current=chapter.current,
            sections=_compared(edition),
            seen=editing.digest_of(edition.words),
            trouble=trouble,
            status=409 if trouble else 200,
        )

    def leave(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stay with staff’s words: what the repository brought is put aside, and can still be published later."""
        edition = self.edition_or_404(pk)
        if request.method == "POST" and edition.source == Edition.Source.FILE:
            editing.put_aside(edition, by=request.user, at=clock.now())
            messages.success(request, _("The words of the repository are put aside. People see what they saw before."))
        return redirect(self.address("chapter_change", edition.chapter_id))

    # ------------------------------------------------------------ preview

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The first page of this edition as parents will see it. Nothing is kept."""
        edition = self.edition_or_404(pk)
        programme, found = as_if_published(edition)
        progress = learning.progress(None, programme)
        context = {"programme": programme, "progress": progress, **self._banner(edition)}
        if isinstance(found, kinds.Cover):
            context |= {
                "words": found.words,
                "rows": [],
                "may_take": False,
                "can_start": False,
                "taster": None,
                "onward": {"address": "", "part": None, "started": False},
            }
            return self.as_parents_see_it(request, "preview_cover", context)
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
        return self.as_parents_see_it(request, "preview_part", context)

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
        return self.as_parents_see_it(
            request,
            "preview_step",
            {
                "programme": programme,
                "part": part,
                "place_of_part": place_of_part(programme, part),
                "step": its_step,
                "screen": its_screen,
                "words": its_screen.words,
                "piece": f"programmes/screens/{its_screen.kind}.html",
                "number": number + 1,
                "of": len(places),
                "steps": self._steps(edition, part, its_step),
                "way": [{"here": n == number, "done": n < number} for n in range(len(places))],
                "minutes_left": part.minutes,
                "before": self._address_of_place(edition, *places[number - 1]) if number else "",
                "after": onward,
                "keeps": True,
                "signed_out": False,
                "edition": edition.pk,
                "form": form,
                "kept": kept,
                "reply": reply_of(its_screen, kept) if kept else None,
                "has_errors": form is not None and form.is_bound and not form.is_valid(),
                **self._banner(edition),
            },
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

    def _banner(self, edition: Edition) -> dict[str, Any]:
        return {"previewed": edition, "desk_address": self.address("edition", edition.pk)}

    def _address_of_place(self, edition: Edition, step, screen) -> str:
        if screen.slug:
            return self.address("edition_preview_screen", edition.pk, step.slug, screen.slug)
        return self.address("edition_preview_step", edition.pk, step.slug)

    def as_parents_see_it(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return page(request, f"programmes/staff/{template}.html", context)


# ---------------------------------------------------------------- helpers


def words_of_note(written: str) -> str:
    return text.clean(written, one_line=True)


def _day(written: str | None) -> str:
    try:
        return words.day(date.fromisoformat(written or ""))
    except ValueError:
        return ""


def _is_due(written: str) -> bool:
    return bool(written) and written <= timezone.localdate().isoformat()


def _title_of(chapter: Chapter) -> str:
    """The chapter as a person would call it."""
    title = chapter.current.words.get("title", "") if chapter.current_id else ""
    if not chapter.slug:
        return _("The front of “%(programme)s”") % {"programme": title or chapter.programme}
    return title or chapter.slug


def _title_of_piece(entry: dict[str, Any]) -> str:
    return entry.get("title") or entry.get("ask") or entry.get("label") or entry.get("slug", "")


def _kind_of(sort: str, entry: dict[str, Any]) -> str:
    return KINDS[entry["kind"]].label if sort == "step" else ""


def _compared(edition: Edition) -> list:
    current = edition.chapter.current
    return compare(current.words if current else {}, edition.words, is_cover=not edition.chapter.slug)


def _in_plain_words(error: schema.Wrong) -> str:
    """What is wrong with a whole edition: fields are looked at one by one before, so little is left to say."""
    if "another step is called" in error.what or "is there twice" in error.what:
        return _("Another piece has this name in the address already. Give this one a name of its own.")
    if "there is no step" in error.what:
        return _("A part needs one step at least.")
    return _("This cannot be saved yet: %(what)s.") % {"what": error.what}


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


class _Work:
    """Which piece of an edition somebody is at: its fields, its words so far, and where it goes."""

    def __init__(self, sort: str, fields, told: dict[str, Any], *, kind: str = "", slug: str = "", place: int = 0):
        self.sort, self.fields, self.told, self.kind = sort, tuple(fields), told, kind
        self.slug, self.place = slug, place  # the name of a piece that is there; the place of a new one
        self.seen = ""

    @property
    def is_new(self) -> bool:
        return self.sort != "head" and not self.slug

    @property
    def title(self) -> str:
        if self.sort == "head":
            return _("The head")
        if self.is_new:
            return str(typing.SORTS[self.sort].add)
        return _title_of_piece(self.told) or self.slug

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind].label if self.kind else ""

    @classmethod
    def of(cls, request: HttpRequest, edition: Edition) -> "_Work":
        """Read from the address, or from the form that was sent. Http404 for a piece that is not there."""
        asked = request.POST if request.method == "POST" else request.GET
        sort, is_cover = asked.get("sort", ""), not edition.chapter.slug
        if sort == "head":
            work = cls("head", typing.head_of(is_cover), dict(edition.words))
        elif sort in {each.name for each in typing.sorts_of(is_cover)}:
            work = cls._piece(edition, sort, asked, was_sent=request.method == "POST")
        else:
            raise Http404
        work.seen = request.POST.get("seen") or editing.digest_of(edition.words)
        return work

    @classmethod
    def _piece(cls, edition: Edition, sort: str, asked, *, was_sent: bool) -> "_Work":
        entries = edition.words.get(sort, [])
        slug = asked.get("slug_was" if was_sent else "slug", "")
        place, kind = asked.get("place", ""), asked.get("kind", "")
        if slug:
            told = next((dict(entry) for entry in entries if entry["slug"] == slug), None)
            if told is None:
                raise Http404
            kind = told.pop("kind", "")
            fields = [each for each in typing.fields_of(sort, kind) if each.name != "slug"]
            return cls(sort, fields, told, kind=kind, slug=slug)
        if sort == "step" and kind not in KINDS:
            raise Http404
        kind = kind if sort == "step" else ""
        at = int(place) if place.isdecimal() and len(place) < 4 else len(entries)
        return cls(sort, typing.fields_of(sort, kind), {}, kind=kind, place=min(at, len(entries)))

    def put_into(self, whole: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """The words of the whole edition with this piece in its place."""
        if self.sort == "head":
            kept = {name: value for name, value in whole.items() if name in typing.SORTS or name == "slug"}
            return {**told, **kept}
        piece = {**({"kind": self.kind} if self.kind else {}), **({"slug": self.slug} if self.slug else {}), **told}
        entries = list(whole.get(self.sort, []))
        if self.is_new:
            entries.insert(self.place, piece)
        else:
            entries = [piece if entry["slug"] == self.slug else entry for entry in entries]
        return {**whole, self.sort: entries}
