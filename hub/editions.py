"""Kernel: words that come from files once and are written on by staff: a work, its editions, the one people see.

A work is a chapter of a course or an article; each app has tables of its own, made from the two models here. Files are
loaded once each. A file that changed becomes a new edition; where staff have written the one people see, theirs stays,
the file's waits unpublished beside it, and the loader says so. What was published stays as it is: `guard` has the
database say the same.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Generic, TypeVar

from django.conf import settings
from django.db import migrations, models, transaction
from django.utils.translation import gettext_lazy as _

from hub import clock, schema

Name = tuple[str, ...]
Words = dict[str, Any]


# ---------------------------------------------------------------- the tables


class Work(models.Model):
    """What has editions. Points at the one that people see."""

    order = models.PositiveSmallIntegerField(default=0)
    current = models.ForeignKey("Edition", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_digest = models.CharField(max_length=64, blank=True)  # of the file that was loaded last; empty: it is gone
    withdrawn = models.BooleanField(_("taken out"), default=False)  # its file is gone, or staff took it out
    taken_out_at = models.DateTimeField(null=True, blank=True)  # by staff: no load of files puts it back
    taken_out_why = models.CharField(max_length=300, blank=True)

    NAMED_BY: ClassVar[Name] = ("slug",)  # the columns that name it in its folder of files
    current_id: int | None
    editions: Any  # the manager of its editions: each app's edition has a foreign key with this name back

    class Meta:
        abstract = True

    @property
    def name(self) -> Name:
        return tuple(getattr(self, column) for column in self.NAMED_BY)

    def checked(self, words: Mapping[str, Any]) -> Words:
        """The words as they are kept. Raises schema.Wrong, also when they would change the work's own name.

        Only the app knows what its works are made of: each has its own.
        """
        raise NotImplementedError

    def place_in(self, words: Mapping[str, Any]) -> int:
        """Where it stands among its neighbours."""
        return words.get("order", 0)


class Edition(models.Model):
    """One wording of a work. Once published it stays as it is: what somebody read or finished is kept against it."""

    class Source(models.TextChoices):
        FILE = "file", _("From the repository")
        STAFF = "staff", _("Written by staff")

    number = models.PositiveIntegerField()
    words = models.JSONField()  # as the work's own `checked` keeps them
    source = models.CharField(max_length=5, choices=Source)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    put_aside_at = models.DateTimeField(null=True, blank=True)  # staff looked at what a file brought, and left it
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)  # to be published then; empty once it is
    due_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    OF: ClassVar[str]  # the name of the foreign key to its work

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.work}, edition {self.number}"

    @property
    def work(self) -> Work:
        return getattr(self, self.OF)

    @property
    def work_id(self) -> int:
        return getattr(self, f"{self.OF}_id")

    @property
    def is_by_staff(self) -> bool:
        return self.source == self.Source.STAFF

    def delete(self, *args, **kwargs):
        if self.published_at is not None:
            raise models.ProtectedError("What was published is kept.", {self})
        return super().delete(*args, **kwargs)


W = TypeVar("W", bound=Work)
E = TypeVar("E", bound=Edition)


def edition_model(model: type[Work]) -> type[Edition]:
    """The table of the editions of these works."""
    return model._meta.get_field("current").related_model  # type: ignore[return-value]


def work_model(model: type[Edition]) -> type[Work]:
    return model._meta.get_field(model.OF).related_model  # type: ignore[return-value]


# ---------------------------------------------------------------- the database's own refusal

KEPT = ("id", "number", "words", "source", "note", "made_at", "published_at")
REFUSAL = "An edition that was published cannot be changed."


def guard(table: str, of: str) -> migrations.RunPython:
    """For a migration: from now on the database refuses to change a published edition in this table, or to delete it.

    `of` is the column that says whose edition it is. SQLite makes a table anew when a column of it changes, and its
    triggers are gone then: such a migration ends with `guard` again.
    """
    names = {order: f"hub_editions_{order}_{table}" for order in ("refuse", "change", "delete")}

    def install(apps, schema_editor):
        remove(apps, schema_editor)
        postgresql = schema_editor.connection.vendor == "postgresql"
        differs = "IS DISTINCT FROM" if postgresql else "IS NOT"
        changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in (*KEPT, of))
        when = {"change": f"OLD.published_at IS NOT NULL AND ({changed})", "delete": "OLD.published_at IS NOT NULL"}
        if postgresql:
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {names['refuse']}() RETURNS trigger LANGUAGE plpgsql AS $$"
                f" BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
                params=None,
            )
        for order, event in (("change", "UPDATE"), ("delete", "DELETE")):
            head = f"CREATE TRIGGER {names[order]} BEFORE {event} ON {table}"
            schema_editor.execute(
                f"{head} FOR EACH ROW WHEN ({when[order]}) EXECUTE FUNCTION {names['refuse']}()"
                if postgresql
                else f"{head} WHEN {when[order]} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
                params=None,
            )

    def remove(apps, schema_editor):
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for order in ("change", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {names[order]}{on}", params=None)
        if on:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {names['refuse']}()", params=None)

    return migrations.RunPython(install, remove)


# ---------------------------------------------------------------- editions come and go


def add_edition(work: Work, words: Mapping[str, Any], *, source: str, at: datetime, by=None, note: str = "") -> Edition:
    """A new, unpublished edition. Raises schema.Wrong when the words are not as they must be."""
    checked = work.checked(words)
    with transaction.atomic():
        held = locked(work)
        newest = held.editions.order_by("-number").values_list("number", flat=True).first() or 0
        return edition_model(type(work))._default_manager.create(
            **{edition_model(type(work)).OF: held},
            number=newest + 1,
            words=checked,
            source=source,
            made_by=by,
            made_at=at,
            note=note,
        )


def publish(edition: Edition, *, at: datetime) -> None:
    """Let people see this edition from now on. An earlier one may be published again: that is how staff go back."""
    with transaction.atomic():
        work = hold(edition)
        if edition.published_at is None or edition.due_at is not None:
            edition.published_at = edition.published_at or at
            edition.due_at = edition.due_by = None
            edition.save(update_fields=["published_at", "due_at", "due_by"])
        work.current = edition
        work.order = work.place_in(edition.words)
        work.save(update_fields=["current", "order"])
        index(type(work))


def index(model: type[Work]) -> None:
    """What people can find follows what they see, in the same transaction."""
    from hub import search  # it reads the apps, which read this

    search.refresh(model._meta.app_label)


def hold(edition: Edition) -> Work:
    """The work of this edition, locked: whoever adds an edition or publishes one waits here for the other."""
    return work_model(type(edition))._default_manager.select_for_update(no_key=True).get(pk=edition.work_id)


def locked(work: W) -> W:
    """The work as it is now, locked."""
    return type(work)._default_manager.select_for_update(no_key=True).get(pk=work.pk)


# ---------------------------------------------------------------- loading files


@dataclass
class Report:
    """What a load did, work by work."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # staff wrote what people see, or took it out: that stays
    withdrawn: list[str] = field(default_factory=list)
    kept_out: list[str] = field(default_factory=list)  # staff took it out; its file does not put it back

    def __add__(self, other: "Report") -> "Report":
        return Report(
            self.new + other.new,
            self.changed + other.changed,
            self.waiting + other.waiting,
            self.withdrawn + other.withdrawn,
            self.kept_out + other.kept_out,
        )


@dataclass(frozen=True)
class File:
    """One content file as it lies on the disk."""

    folder: str
    stem: str
    text: str

    @property
    def name(self) -> str:
        """How it is called when something is wrong with it."""
        return f"{self.folder}/{self.stem}.toml"

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.name}\n{self.text}".encode()).hexdigest()


def files_in(content: Path) -> list[File]:
    """Every content file, in the order of their names. Raises BrokenContent for one that is not text."""
    found = []
    for path in sorted(content.glob("*/*.toml")):
        try:
            found.append(File(path.parent.name, path.stem, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError as error:
            raise schema.BrokenContent(f"{path.parent.name}/{path.name}: this is not UTF-8 text") from error
    return found


def load(
    model: type[Work],
    files: Iterable[File],
    read: Callable[[File], tuple[Name, Words]],
    *,
    at: datetime | None = None,
    complete: Callable[[Sequence[Name]], None] = lambda names: None,
) -> Report:
    """Bring the editions of these works up to date with their files. All of it or, at the first broken file, nothing.

    `read` says whose words a file holds, and which, checked; a file that is as it was when it was loaded last is not
    read again. `complete` is asked about the names of all of them. Both raise BrokenContent.
    """
    report = Report()
    with transaction.atomic():
        works = {work.name: work for work in model._default_manager.select_for_update()}
        loaded = {work.file_digest: work for work in works.values() if work.file_digest}
        names, to_load = [], []
        for file in files:
            if as_before := loaded.get(file.digest):
                names.append(as_before.name)
                continue
            name, words = read(file)
            names.append(name)
            to_load.append((name, words, file.digest))
        complete(names)
        if to_load:
            at = at or clock.now()
            _load_new(model, [each for each in to_load if each[0] not in works], at, report)
            for name, words, digest in to_load:
                if name in works:
                    _load_again(works[name], words, digest, at, report)
        gone = [work for name, work in works.items() if work.file_digest and name not in set(names)]
        for work in gone:
            if not work.withdrawn:
                report.withdrawn.append(str(work))
            work.withdrawn, work.file_digest = True, ""
            work.save(update_fields=["withdrawn", "file_digest"])
        report.kept_out += [str(work) for name, work in works.items() if work.taken_out_at and name in set(names)]
        if report.new or report.changed or report.withdrawn:
            index(model)
    return report


def _load_new(model: type[Work], found: list[tuple[Name, Words, str]], at: datetime, report: Report) -> None:
    """Works that nobody knew: each with its first edition, shown at once. A few queries for all of them."""
    works = [model(**dict(zip(model.NAMED_BY, name, strict=True)), file_digest=digest) for name, _, digest in found]
    for work, (_name, words, _digest) in zip(works, found, strict=True):
        work.order = work.place_in(words)
    model._default_manager.bulk_create(works, batch_size=100)
    of = edition_model(model)
    first = [
        of(**{of.OF: work}, number=1, words=words, source=of.Source.FILE, made_at=at, published_at=at)
        for work, (_name, words, _digest) in zip(works, found, strict=True)
    ]
    of._default_manager.bulk_create(first, batch_size=50)
    for work, edition in zip(works, first, strict=True):
        work.current = edition
    model._default_manager.bulk_update(works, ["current"], batch_size=100)
    report.new += [str(work) for work in works]


def _load_again(work: Work, words: Words, digest: str, at: datetime, report: Report) -> None:
    """A file that changed, moved or came back. Words that the file gave last time are no new edition."""
    was_gone = not work.file_digest
    current, source = work.current, edition_model(type(work)).Source
    brought = work.editions.filter(source=source.FILE).order_by("-number").first()
    work.file_digest = digest
    if was_gone:
        work.withdrawn = work.taken_out_at is not None
    work.save(update_fields=["file_digest", "withdrawn"])
    if brought is not None and brought.words == words:
        if was_gone and not work.withdrawn:
            report.changed.append(str(work))
        return
    edition = add_edition(work, words, source=source.FILE, at=at)
    if work.withdrawn or (current is not None and current.is_by_staff):
        report.waiting.append(str(work))
        return
    report.changed.append(str(work))
    publish(edition, at=at)


# ---------------------------------------------------------------- reading

T = TypeVar("T")
Shown = tuple[int, datetime]  # an edition’s number in the database, and when it was published


class Memory(Generic[T]):
    """Editions as they were read. They never change once they are shown, so each is read once.

    An edition is known by its number and by when it was published: one whose publishing came to nothing, because the
    transaction around it was undone, may be changed before it is published again.
    """

    def __init__(self, model: type[Edition], read: Callable[[Any], T], most: int = 1000):
        self.model, self.read, self.most = model, read, most
        self._kept: OrderedDict[Shown, T] = OrderedDict()
        self._lock = Lock()

    def of(self, shown: Sequence[Shown]) -> dict[Shown, T]:
        """What these editions say. No query when all were read before by this process, else one."""
        with self._lock:
            found = {each: self._kept[each] for each in shown if each in self._kept}
        if missing := {number: at for number, at in shown if (number, at) not in found}:
            rows = self.model._default_manager.filter(pk__in=missing).select_related(self.model.OF)
            found |= {(edition.pk, missing[edition.pk]): self.read(edition) for edition in rows}
        with self._lock:
            for each, read in found.items():
                self._kept[each] = read
                self._kept.move_to_end(each)
            while len(self._kept) > max(self.most, len(found)):
                self._kept.popitem(last=False)
        return found

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
