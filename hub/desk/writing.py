"""Writing at a content desk: a work and its editions, a new edition, its pieces as forms, moved and taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub import clock, editing, schema, text
from hub.desk import boxes
from hub.desk.comparing import as_text
from hub.desk.listing import Listing, brought_by_a_file, day, is_due, is_late
from hub.desk.shapes import Choices, Head, Shape, Sort, title_of
from hub.editions import Edition, Work, edition_model
from hub.words import when

NOTE_LIMIT = Edition._meta.get_field("note").max_length or 0
PAGES = ("begin", "piece", "arrange", "throw_away", "compare", "publish", "plan", "call_off", "leave", "preview")
A_GLANCE = 160  # letters of a field on the page of its edition


@dataclass(frozen=True)
class Told:
    """An edition as a row of the page of its work."""

    edition: Edition
    state: str
    by: str
    is_current: bool
    is_open: bool  # staff may go on writing it
    planned: str  # when it is published by itself, and by whose wish


class Writing(Listing):
    """The pages on which an edition is written. Nobody but staff sees what they lead to."""

    # ------------------------------------------------------------ what an app says

    def shape_of(self, work: Work) -> Shape:
        """The fields and tables its words are made of. Only the app knows them: each desk has its own."""
        raise NotImplementedError

    def title_of(self, work: Work) -> str:
        """The work as a person would call it."""
        return work.current.words.get("title", "") if work.current else str(work)

    def in_plain_words(self, error: schema.Wrong) -> str:
        """What is wrong with a whole edition: fields are looked at one by one before, so little is left to say."""
        if "another step is called" in error.what or "is there twice" in error.what:
            return _("Another piece has this name in the address already. Give this one a name of its own.")
        return _("This cannot be saved yet: %(what)s.") % {"what": error.what}

    def seen_so_far(self, work: Work, editions: Sequence[Edition]) -> Sequence[Any]:
        """What people saw, and since when. See showing.Showing."""
        raise NotImplementedError

    # ------------------------------------------------------------ what the pages share

    @property
    def may_publish(self) -> str:
        """The permission to change what people see."""
        return f"change_{self.opts.model_name}"

    def names(self) -> dict[str, str]:
        """The addresses of this desk, for its templates."""
        editions = ["edition", *(f"edition_{each}" for each in PAGES)]
        works = {each: self.named(f"{self.opts.model_name}_{each}") for each in ("take_out", "put_back")}
        return (
            {each: self.named(each) for each in editions}
            | works
            | {"work": self.named(f"{self.opts.model_name}_change")}
        )

    def page(self, request, template, title, *, status=200, **context):
        return super().page(request, template, title, status=status, at=self.names(), **context)

    def edition_or_404(self, pk: int) -> Edition:
        model = edition_model(self.model)
        rows = model._default_manager.select_related(f"{model.OF}__current", "made_by", "due_by")
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def to_work(self, pk: int) -> str:
        return self.address(f"{self.opts.model_name}_change", pk)

    def crumbs(self, work: Work, edition: Edition | None = None) -> list[tuple[str, str]]:
        crumbs = [(self.to_work(work.pk), self.title_of(work))]
        if edition is not None:
            crumbs.append((self.address("edition", edition.pk), _("Edition %(n)d") % {"n": edition.number}))
        return crumbs

    def told(self, edition: Edition, work: Work) -> Told:
        is_current = edition.pk == work.current_id
        if is_current:
            state = _("Taken out of view") if work.withdrawn else _("People see this one")
        elif edition.due_at:
            state = _("Late") if is_late(edition) else _("Planned")
        elif edition.published_at:
            state = _("Shown before")
        elif edition.is_by_staff:
            state = _("Being written")
        else:
            state = _("Left") if edition.put_aside_at else _("Waits")
        return Told(
            edition=edition,
            state=state,
            by=str(edition.made_by or "") if edition.is_by_staff else "",
            is_current=is_current,
            is_open=edition.is_by_staff and edition.published_at is None and edition.due_at is None,
            planned=_planned(edition),
        )

    # ------------------------------------------------------------ a work and its editions

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A work: every edition, by whom, when and why, and what waits."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        work = self.one(object_id)
        editions = list(work.editions.select_related("made_by", "due_by").defer("words")[:200])
        told = [self.told(each, work) for each in editions]
        current = work.current
        return self.page(
            request,
            "work",
            self.title_of(work),
            work=work,
            current=current,
            told=told,
            history=self.seen_so_far(work, editions),
            planned=[each for each in told if each.planned],
            brought=brought_by_a_file(work),
            may_write=self.may(request, "add_edition"),
            may_publish=self.may(request, self.may_publish),
            is_due=bool(current) and is_due(current.words.get("check_again_on", "")),
            check_again_on=day(current.words.get("check_again_on")) if current else "",
            checked_on=day(current.words.get("checked_on")) if current else "",
        )

    def begin(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write a new edition: say what is going to change, then change it."""
        work = self.one(pk)
        base = self._base(request, work)
        note = text.clean(request.POST.get("note", ""), one_line=True)
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
            crumbs=self.crumbs(work),
            work=work,
            base=base,
            note=note,
            error=error,
            open_ones=work.editions.filter(source=Edition.Source.STAFF, published_at=None).select_related("made_by"),
        )

    def _base(self, request: HttpRequest, work: Work) -> Edition:
        """The edition whose words to begin with: the one that was asked for, else the one people see."""
        asked = (request.GET.get("from") or request.POST.get("from") or "")[:18]
        rows = work.editions.select_related(edition_model(self.model).OF)
        found = rows.filter(pk=int(asked)).first() if asked.isdecimal() else None
        found = found or work.current or rows.first()
        if found is None:
            raise Http404
        return found

    # ------------------------------------------------------------ one edition

    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One edition, piece by piece; while it is being written, each piece can be changed, moved or taken out."""
        edition = self.edition_or_404(pk)
        work, shape = edition.work, self.shape_of(edition.work)
        told = self.told(edition, work)
        return self.page(
            request,
            "edition",
            _("%(title)s: edition %(n)d") % {"title": edition.words.get("title"), "n": edition.number},
            crumbs=self.crumbs(work),
            work=work,
            edition=edition,
            told=told,
            seen=editing.digest_of(edition.words),
            heads=[
                {"head": head, "rows": list(_at_a_glance(edition.words, head, shape.choices))} for head in shape.heads
            ],
            sorts=[
                {
                    "sort": sort,
                    "kinds": [(name, kind.label) for name, kind in sort.kinds.items()],
                    "pieces": [
                        {"title": title_of(piece), "kind": sort.kind_of(piece), "slug": piece["slug"]}
                        for piece in edition.words.get(sort.name, [])
                    ],
                }
                for sort in shape.sorts
            ],
            may_write=told.is_open and self.may(request, "add_edition"),
            may_begin=self.may(request, "add_edition"),
            may_publish=self.may(request, self.may_publish) and not told.is_current,
            differs=work.current_id not in (None, edition.pk),
        )

    def piece(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One piece of an edition as a form: a head, a step, a question. What was typed is kept until it is right."""
        edition = self.edition_or_404(pk)
        is_post = request.method == "POST"
        names_none = "sort" not in (request.POST if is_post else request.GET)  # as after signing in again
        if names_none or (not is_post and not self.told(edition, edition.work).is_open):
            return redirect(self.address("edition", pk))
        shape = self.shape_of(edition.work)
        place = Place.of(request, edition, shape)
        told, wrong, trouble = place.told, {}, ""
        if request.method == "POST":
            told = boxes.typed(request.POST, place.fields)
            order = request.POST.get("do", "save")
            if order != "save":
                boxes.rearrange(told, order)
            told = boxes.tidy(told, place.fields)
            if order == "save":
                wrong = boxes.faults(told, place.fields)
                if not wrong:
                    trouble = self._save(request, edition, place, told)
                    if not trouble:
                        messages.success(request, _("Saved. Nobody else sees it yet."))
                        return redirect(self.address("edition", pk))
        drawn = boxes.boxes(told, place.fields, wrong, shape.choices)
        return self.page(
            request,
            "piece",
            place.title,
            crumbs=self.crumbs(edition.work, edition),
            edition=edition,
            place=place,
            boxes=drawn,
            mistakes=boxes.mistakes(drawn),
            trouble=trouble,
            status=422 if wrong or trouble else 200,
        )

    def _save(self, request: HttpRequest, edition: Edition, place: "Place", told: dict[str, Any]) -> str:
        """Keep it; or what stands in the way, in plain words."""
        try:
            editing.write(edition, place.put_into(edition.words, told), seen=place.seen, by=request.user)
        except schema.Wrong as error:
            return self.in_plain_words(error)
        except editing.ChangedMeanwhile:
            place.seen = editing.digest_of(self.edition_or_404(edition.pk).words)  # now they have been told
            return _(
                "Somebody else changed this edition while you were writing. Your words are below. Look at theirs, "
                "then save again if yours should stand."
            )
        except editing.IsPlanned:
            return _("This edition is planned now and stays as it is. Call that off first, then save your words.")
        except editing.CannotBeDone:
            return _("This edition is published now and stays as it is. Copy your words, and write a new edition.")
        return ""

    def arrange(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move a piece up or down, or take it out after one more look."""
        edition = self.edition_or_404(pk)
        sort, place, order = (request.POST.get(name, "") for name in ("sort", "place", "do"))
        entries = list(edition.words.get(sort, [])) if self.shape_of(edition.work).sort(sort) else []
        if request.method != "POST" or not place.isdecimal() or int(place[:4]) >= len(entries):
            return redirect(self.address("edition", pk))
        at = int(place)
        seen = request.POST.get("seen", "")
        if order == "drop" and "confirmed" not in request.POST:
            say = _("“%(title)s” will not be in this edition. It stays in the earlier ones.")
            return self.page(
                request,
                "check",
                _("Take this out of the edition?"),
                crumbs=self.crumbs(edition.work, edition),
                say=[say % {"title": title_of(entries[at])}],
                button=_("Take it out"),
                back=self.address("edition", pk),
                hidden={"sort": sort, "place": place, "do": order, "seen": seen, "confirmed": "yes"},
            )
        try:
            boxes.swap(entries, at, order if order in {"up", "down", "drop"} else "up")
            editing.write(edition, {**edition.words, sort: entries}, seen=seen, by=request.user)
        except editing.ChangedMeanwhile:
            messages.warning(
                request, _("Somebody else changed this edition meanwhile. Look again, then try once more.")
            )
        except schema.Wrong as error:
            messages.error(request, self.in_plain_words(error))
        except editing.CannotBeDone:
            messages.error(request, _("This edition stays as it is."))
        return redirect(self.address("edition", pk))

    def throw_away(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete what staff began and nobody has seen. What was published is never deleted."""
        edition = self.edition_or_404(pk)
        if not self.told(edition, edition.work).is_open:
            raise Http404
        if request.method != "POST":
            return self.page(
                request,
                "check",
                _("Throw this edition away?"),
                crumbs=self.crumbs(edition.work, edition),
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
        return redirect(self.to_work(edition.work_id))


def _planned(edition: Edition) -> str:
    """When it is to be published by itself, and by whose wish; or that this did not happen. Empty for most."""
    if edition.due_at is None:
        return ""
    told = {"when": when(edition.due_at), "who": edition.due_by or _("somebody who has left")}
    if is_late(edition):
        say = _(
            "It should have been published on %(when)s (planned by %(who)s), and was not. Look at it, and publish it."
        )
        return say % told
    return _("It will be published on %(when)s (planned by %(who)s).") % told


def _at_a_glance(words: Mapping[str, Any], head: Head, choices: Choices):
    """Label and words of each field that has any, cut short: enough to know what is there."""
    for each in head.fields:
        value = words.get(each.name)
        if each.kind == "groups" and value:
            yield each.label, ngettext("%(n)d entry", "%(n)d entries", len(value)) % {"n": len(value)}
        elif each.name in choices and value:
            yield each.label, dict(choices[each.name]()).get(value, value)
        elif each.kind == "date" and value:
            yield each.label, day(value)
        elif shown := as_text(value, each):
            yield each.label, Truncator(", ".join(value or []) if each.kind == "lines" else shown).chars(A_GLANCE)


class Place:
    """Which piece of an edition somebody is at: its fields, its words so far, and where it goes."""

    def __init__(self, sort: Head | Sort, told: Mapping[str, Any], *, kind: str = "", slug: str = "", number: int = 0):
        self.sort, self.kind, self.slug, self.number = sort, kind, slug, number
        self.told = dict(told)
        self.is_head = isinstance(sort, Head)
        self.fields = tuple(each for each in sort.fields_of(kind) if not (slug and each.name == "slug"))
        self.seen = ""

    @property
    def has_paragraphs(self) -> bool:
        """Whether something here is written with the little markup."""
        return any(part.kind == "words" for each in self.fields for part in (each, *each.of))

    @property
    def is_new(self) -> bool:
        return not self.is_head and not self.slug

    @property
    def title(self) -> str:
        if isinstance(self.sort, Head):
            return str(self.sort.label)
        return str(self.sort.add) if self.is_new else title_of(self.told) or self.slug

    @property
    def kind_label(self) -> str:
        return self.sort.kinds[self.kind].label if isinstance(self.sort, Sort) and self.kind else ""

    @classmethod
    def of(cls, request: HttpRequest, edition: Edition, shape: Shape) -> "Place":
        """Read from the address, or from the form that was sent. Http404 for a piece that is not there."""
        asked = request.POST if request.method == "POST" else request.GET
        name = asked.get("sort", "")
        if head := shape.head(name):
            place = cls(head, edition.words)
        elif sort := shape.sort(name):
            slug = asked.get("slug_was" if request.method == "POST" else "slug", "")
            place = cls._piece(edition.words.get(name, []), sort, slug, asked.get("kind", ""), asked.get("place", ""))
        else:
            raise Http404
        place.seen = request.POST.get("seen") or editing.digest_of(edition.words)
        return place

    @classmethod
    def _piece(cls, entries: list[dict[str, Any]], sort: Sort, slug: str, kind: str, number: str) -> "Place":
        if slug:
            told = next((dict(entry) for entry in entries if entry["slug"] == slug), None)
            if told is None:
                raise Http404
            return cls(sort, told, kind=told.pop("kind", ""), slug=slug)
        if sort.kinds and kind not in sort.kinds:
            raise Http404
        at = int(number) if number.isdecimal() and len(number) < 4 else len(entries)
        return cls(sort, {}, kind=kind if sort.kinds else "", number=min(at, len(entries)))

    def put_into(self, whole: Mapping[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """The words of the whole edition with this piece in its place."""
        if self.is_head:
            own = {each.name for each in self.fields}
            return {**{name: value for name, value in whole.items() if name not in own}, **told}
        piece = {**({"kind": self.kind} if self.kind else {}), **({"slug": self.slug} if self.slug else {}), **told}
        entries = list(whole.get(self.sort.name, []))
        if self.is_new:
            entries.insert(self.number, piece)
        else:
            entries = [piece if entry["slug"] == self.slug else entry for entry in entries]
        return {**whole, self.sort.name: entries}
