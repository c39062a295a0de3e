"""What can be found: each app says it, and the index keeps step when content is loaded or an edition is published."""

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hub.markup import to_html
from hub.models import SearchEntry, SearchWord
from hub.search.stores import Stems, store
from hub.search.words import WORD, plain, stem, stems_of

KINDS = {
    "article": _("Article"),
    "easy": _("Easy read"),
    "course": _("Course"),
    "question": _("Question"),
    "plan": _("Part of the plan"),
    "goal": _("Goal"),
    "help": _("Help"),
    "about": _("About this site"),
}
WRITTEN = 2  # one more whenever stems, or how a store keeps them, change: every entry is then written anew
EVERYTHING = ""  # stands for the word that every entry has: its count is how many entries there are


@dataclass(frozen=True)
class Findable:
    """Something people may find. Only what anybody may read: a result shows its words to whoever searches.

    `key` names it in the index for good. `text` is read from `without_markup`. `also` are other words people type.
    `worth` makes it come before (above 1) or after its equals.
    """

    key: str
    kind: str
    address: str
    title: str
    summary: str
    text: str = ""
    also: tuple[str, ...] = ()
    worth: float = 1.0

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps([WRITTEN, *astuple(self)]).encode()).hexdigest()


@dataclass(frozen=True)
class Room:
    """A place to look around, offered to whoever has not searched yet or found nothing."""

    title: str
    address: str


_sources: dict[str, Callable[[], Iterable[Findable]]] = {}
_rooms: dict[str, Callable[[], Iterable[Room]]] = {}


def register(
    app: str, findable: Callable[[], Iterable[Findable]], rooms: Callable[[], Iterable[Room]] | None = None
) -> None:
    """What an app offers to search. Called in its `searching` module, once."""
    _sources[app] = findable
    if rooms is not None:
        _rooms[app] = rooms


def rooms() -> list[Room]:
    return [room for app in sorted(_rooms) for room in _rooms[app]()]


def without_markup(text: str) -> str:
    """What somebody reads of a text with hub.markup: one line for each paragraph, heading and row of a list."""
    drawn = re.sub(r"</(?:p|h2|h3|li|blockquote)>|<br>", "\n", to_html(text))
    lines = html.unescape(re.sub(r"<[^>]+>", "", drawn)).splitlines()
    return "\n".join(clean for line in lines if (clean := " ".join(line.split())))


# ---------------------------------------------------------------- keeping step


def refresh(*apps: str) -> None:
    """Bring the index up to date with what these apps offer now; with none named, all apps. What stayed is left alone.

    Part of the caller's transaction: when that is rolled back, so is the index.
    """
    with transaction.atomic():
        store().lock()
        for app in apps or sorted(_sources):
            if app in _sources:
                _bring(app, {each.key: each for each in _sources[app]()})


def rebuild() -> int:
    """Make the whole index anew. Gives back how many entries there are."""
    with transaction.atomic():
        store().lock()
        SearchEntry.objects.all().delete()
        SearchWord.objects.all().delete()
        store().forget_all()
        refresh()
        return SearchEntry.objects.count()


def _bring(app: str, offered: dict[str, Findable]) -> None:
    kept = dict(SearchEntry.objects.filter(app=app).values_list("key", "digest"))
    gone = [key for key in kept if key not in offered or kept[key] != offered[key].digest]
    new = [each for key, each in offered.items() if kept.get(key) != each.digest]
    change: Counter[str] = Counter()
    for keys in _pieces(gone, 500):
        rows = SearchEntry.objects.filter(key__in=keys)
        for row in rows:
            change.subtract(_vocabulary(row.title, row.also, row.summary, row.body))
        store().forget([row.pk for row in rows])
        rows.delete()
    for some in _pieces(new, 200):
        for each in some:
            change.update(_vocabulary(each.title, "\n".join(each.also), each.summary, each.text))
        _add(app, some)
    _count(change)


def _add(app: str, found: Sequence[Findable]) -> None:
    rows, stems = [], []
    for each in found:
        fields = [stems_of(text) for text in (each.title, " ".join(each.also), each.summary, each.text)]
        heads = [fields[0], fields[2], *map(stems_of, each.also)]
        row = SearchEntry(
            app=app, key=each.key, kind=each.kind, address=each.address, title=each.title, summary=each.summary,
            body=each.text, also="\n".join(each.also), heads="\n".join(map(" ".join, heads)), worth=each.worth,
            digest=each.digest,
        )  # fmt: skip
        rows.append(row)
        stems.append(fields)
    SearchEntry.objects.bulk_create(rows)
    store().write(Stems(row.pk, *fields) for row, fields in zip(rows, stems, strict=True))


def _vocabulary(*texts: str) -> set[str]:
    return {EVERYTHING} | {word for text in texts for found in WORD.findall(text) if (word := plain(found))}


def _count(change: Counter[str]) -> None:
    """Add to, or take from, the number of entries that have each word."""
    changed = sorted(word for word, by in change.items() if by)
    for words in _pieces(changed, 500):
        before = dict(SearchWord.objects.filter(word__in=words).values_list("word", "entries"))
        now = {word: before.get(word, 0) + change[word] for word in words}
        SearchWord.objects.bulk_create(
            (SearchWord(word=word, stem=stem(word), entries=entries) for word, entries in now.items() if entries > 0),
            update_conflicts=True,
            unique_fields=["word"],
            update_fields=["entries"],
        )
        SearchWord.objects.filter(word__in=[word for word, entries in now.items() if entries <= 0]).delete()


def _pieces(things: Iterable, size: int) -> Iterator[list]:
    rest = iter(things)
    while piece := list(islice(rest, size)):
        yield piece
