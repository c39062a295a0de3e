"""What a programme is made of: its cover, parts, steps and screens, and which words each kind of step needs. Pure.

The same schema reads the files in content/, checks what staff typed, and draws the form in which they type it. A step
is kept as its words by name; a page reads `screen.words.ask`. Every mistake is told with file, line and what is wrong.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LINE_LIMIT, WORDS_LIMIT = 300, 6000


class BrokenContent(Exception):
    """A content file is not as it must be. Says the file, the line and what is wrong."""


class Wrong(Exception):
    """Some words are not as they must be. `where` is the nth step, or 0 for the top of the chapter."""

    def __init__(self, what: str, where: int = 0):
        super().__init__(what)
        self.what, self.where = what, where


# ---------------------------------------------------------------- the schema


@dataclass(frozen=True)
class Field:
    """One named piece of a step. `kind` is how it is typed:

    line      one line of text              words     paragraphs, with the little markup of hub.markup
    lines     a list of lines               groups    a list of small tables, each with the fields `of`
    yes       true or false                 slug      a name for addresses
    film      a film of static/films        picture   a file of static/img
    number    a whole number                date      a day
    """

    name: str
    kind: str
    label: str
    needed: bool = True
    least: int = 0
    most: int = 0
    of: tuple["Field", ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Kind:
    name: str
    label: str
    fields: tuple[Field, ...]


OPTION = (
    Field("text", "line", "The answer"),
    Field("said", "words", "What we say to somebody who chose it: kind, and never a mark"),
)
CHILD = (
    Field("child", "words", "A child’s voice", needed=False, help="In our words; never about one parent."),
    Field("child_age", "line", "Who says it", needed=False, help="For example: Maya, 9"),
)
PICTURE = (
    Field("picture", "picture", "Picture", needed=False),
    Field("picture_alt", "line", "The picture in words", needed=False),
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "reading",
            "Something to read",
            (
                Field("text", "words", "Text"),
                *PICTURE,
                *CHILD,
                Field("try_this", "lines", "Try this", needed=False, most=3),
                Field("help_link", "yes", "Offer the help page", needed=False),
            ),
        ),
        Kind(
            "film",
            "A film",
            (
                Field("intro", "words", "What to look out for"),
                Field("film", "film", "Film"),
                Field("after", "words", "After the film", needed=False),
            ),
        ),
        Kind(
            "scenario",
            "A scenario: badly, the child’s eyes, a choice, rewind, better, the skill",
            (
                Field("scene", "words", "The moment, before anything happens"),
                Field("badly", "film", "The film in which it goes badly"),
                Field("child_ask", "line", "Think as the child: the question"),
                Field("child_hint", "line", "A hint below it", needed=False),
                *CHILD,
                Field("choose", "line", "Choose a response: the question"),
                Field("options", "groups", "Responses", least=3, most=4, of=OPTION),
                Field("rewind", "words", "Rewind: what is about to be different"),
                Field("better", "film", "The film in which it goes better"),
                Field("changed_ask", "line", "What changed? The question"),
                Field("skill", "line", "The name of the skill"),
                Field("skill_text", "words", "The skill in a few sentences"),
                Field("skill_points", "lines", "The skill as things to do", least=2, most=5),
            ),
        ),
        Kind(
            "reflection",
            "A private reflection",
            (
                Field("text", "words", "Before the question", needed=False),
                Field("ask", "line", "The question"),
                Field("hint", "line", "A hint below it", needed=False),
                *CHILD,
                Field("after", "words", "Shown once it is saved", needed=False),
            ),
        ),
        Kind(
            "order",
            "Steps to put in order",
            (
                Field("text", "words", "Before the question", needed=False),
                Field("ask", "line", "What to put in order"),
                Field(
                    "items",
                    "groups",
                    "The steps, in the order we suggest",
                    least=3,
                    most=7,
                    of=(Field("text", "line", "The step"), Field("why", "line", "Why it comes here")),
                ),
                Field("said", "words", "What we say afterwards"),
            ),
        ),
        Kind(
            "check",
            "A quick check, without marks",
            (
                Field("text", "words", "Before the questions", needed=False),
                Field(
                    "questions",
                    "groups",
                    "Questions",
                    least=1,
                    most=4,
                    of=(
                        Field("ask", "line", "The question"),
                        Field("options", "groups", "Answers", least=2, most=4, of=OPTION),
                    ),
                ),
            ),
        ),
        Kind(
            "rewriter",
            "A message to say again",
            (
                Field("text", "words", "Before the message"),
                Field("messages", "groups", "Messages to choose from", least=2, most=4, of=(
                    Field("text", "line", "The message as it was first written"),
                    Field("better", "line", "How it could be said"),
                    Field("why", "line", "What the second one does"),
                )),
                Field("tips", "lines", "What to look for in your own words", least=3, most=6),
            ),
        ),
        Kind(
            "pledge",
            "Promises or next steps, in their own words",
            (
                Field("text", "words", "Before the boxes"),
                Field("ask", "line", "What to write"),
                Field("boxes", "number", "How many boxes", least=1, most=3),
                Field("ideas", "lines", "Ideas to borrow", least=3, most=12),
                Field("after", "words", "Shown once it is saved", needed=False),
            ),
        ),
        Kind(
            "card",
            "A pocket card",
            (
                Field("text", "words", "Before the choices"),
                Field("ask", "line", "What to choose"),
                Field("ideas", "lines", "Lines to choose from", least=4, most=14),
                Field("own", "line", "The label of the box for a line of one’s own"),
            ),
        ),
    )
}  # fmt: skip

PART = (
    Field("slug", "slug", "Name in the address"),
    Field("title", "line", "Title"),
    Field("summary", "line", "What is in it, in one line"),
    Field("order", "number", "Place in the programme", least=1, most=99),
    Field("taster", "yes", "Open to everybody, as a taster", needed=False),
    Field("extra", "yes", "A bonus: not needed to finish", needed=False),
    Field("plan", "lines", "Questions of the plan it goes with", needed=False, most=6, help="Such as money/presents"),
    Field("goals", "lines", "Goals it goes with", needed=False, most=6),
    Field("sources", "lines", "Where the facts come from", needed=False, most=20),
    Field("checked_on", "date", "Facts last checked on"),
    Field("check_again_on", "date", "Check again by"),
)  # fmt: skip

COVER = (
    Field("slug", "slug", "Name in the address"),
    Field("title", "line", "Title"),
    Field("short", "line", "A short name"),
    Field("order", "number", "Place in the list", least=1, most=99),
    Field("eyebrow", "line", "One line above the title"),
    Field("lead", "words", "What it is, in two sentences"),
    Field("open_to", "line", "Who may take it", help="everyone, referred, enrolled or nobody"),
    Field("picture", "picture", "Picture"),
    Field("picture_alt", "line", "The picture in words"),
    Field("facts", "lines", "Three short facts", least=1, most=4),
    Field("who_for", "words", "Who it is for"),
    Field("not_for", "words", "When it is not right for you"),
    Field("about", "words", "More about it", needed=False),
    Field("certificate", "line", "What the certificate says", needed=False),
    Field("questions", "groups", "Questions and answers", needed=False, most=60, of=(
        Field("slug", "slug", "Name in the address"),
        Field("ask", "line", "The question, as parents ask it"),
        Field("answer", "words", "The answer"),
        Field("also", "line", "Other words people search for", needed=False),
        Field("sources", "lines", "Where the facts come from", needed=False, most=6),
        Field("checked_on", "date", "Last checked on"),
    )),
    Field("statuses", "groups", "Who sent you?", needed=False, most=6, of=(
        Field("slug", "slug", "Name in the address"),
        Field("label", "line", "The choice"),
        Field("text", "words", "What it means for you"),
    )),
    Field("sources", "lines", "Where the facts come from", needed=False, most=20),
    Field("checked_on", "date", "Facts last checked on"),
    Field("check_again_on", "date", "Check again by"),
)  # fmt: skip

# Names in the addresses of a programme that are not parts: programmes/urls.py.
RESERVED = frozenset("calendar certificate done join mine my-words needs questions referral which workshop".split())
OPEN_TO = ("everyone", "referred", "enrolled", "nobody")


# ---------------------------------------------------------------- what is read


class Words(dict):
    """The words of a step by name, also as attributes; a name that was left out is empty."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name, "")


@dataclass(frozen=True)
class Screen:
    """One page of a step. Most steps have one, called ""; a scenario has six."""

    slug: str
    kind: str
    title: str
    words: Words

    @property
    def asks(self) -> bool:
        """Whether there is something to answer here."""
        return self.kind in {"reflection", "choice", "order", "check", "rewriter", "pledge", "card"}


@dataclass(frozen=True)
class Step:
    slug: str
    kind: str
    title: str
    minutes: int
    words: Words

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        if self.kind != "scenario":
            return (Screen("", self.kind, self.title, self.words),)
        its = self.words
        return (
            Screen("watch", "film", self.title, Words(intro=its.scene, film=its.badly)),
            Screen(
                "child",
                "reflection",
                "Through the child’s eyes",
                Words(ask=its.child_ask, hint=its.child_hint, child=its.child, child_age=its.child_age),
            ),
            Screen("choose", "choice", "What would you do?", Words(ask=its.choose, options=its.options)),
            Screen("rewind", "film", "Rewind, and watch it go better", Words(intro=its.rewind, film=its.better)),
            Screen("changed", "reflection", "What changed?", Words(ask=its.changed_ask)),
            Screen(
                "skill",
                "skill",
                its.skill,
                Words(text=its.skill_text, points=its.skill_points),
            ),
        )

    def screen(self, slug: str) -> Screen | None:
        return next((screen for screen in self.screens if screen.slug == slug), None)


@dataclass(frozen=True)
class Part:
    """A part of a programme in one edition."""

    words: Words
    steps: tuple[Step, ...]

    @property
    def slug(self) -> str:
        return self.words.slug

    @property
    def title(self) -> str:
        return self.words.title

    @cached_property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    def step(self, slug: str) -> Step | None:
        return next((step for step in self.steps if step.slug == slug), None)

    @cached_property
    def places(self) -> tuple[tuple[Step, Screen], ...]:
        """Every screen with its step, in the order they are walked."""
        return tuple((step, screen) for step in self.steps for screen in step.screens)


@dataclass(frozen=True)
class Cover:
    """The front of a programme in one edition."""

    words: Words
    problems: tuple[str, ...] = field(default=())

    @property
    def slug(self) -> str:
        return self.words.slug

    @property
    def title(self) -> str:
        return self.words.title


# ---------------------------------------------------------------- checking


def _one(told: Any, of: Field, where: str) -> Any:
    """The words of one field, checked. Raises Wrong."""

    def wrong(what: str):
        return Wrong(f"{where}{of.name} {what}")

    if of.kind in {"line", "words", "slug", "film", "picture"}:
        if not isinstance(told, str):
            raise wrong("must be text in quotation marks")
        text = told.strip()
        if not text:
            raise wrong("is empty")
        if of.kind == "line" and "\n" in text:
            raise wrong("must be one line")
        if len(text) > (WORDS_LIMIT if of.kind == "words" else LINE_LIMIT):
            raise wrong("is too long")
        if of.kind == "slug" and not SLUG.fullmatch(text):
            raise wrong("may hold small letters, digits and single dashes")
        if of.kind == "film" and not SLUG.fullmatch(text):
            raise wrong("must be the name of a film in static/films, without its ending")
        if of.kind == "picture" and not re.fullmatch(r"[a-z0-9-]+\.svg", text):
            raise wrong("must be the name of a picture in static/img, such as scene-handover.svg")
        return text
    if of.kind == "yes":
        if not isinstance(told, bool):
            raise wrong("must be true or false")
        return told
    if of.kind == "number":
        if not isinstance(told, int) or isinstance(told, bool) or not of.least <= told <= of.most:
            raise wrong(f"must be a whole number from {of.least} to {of.most}")
        return told
    if of.kind == "date":
        if isinstance(told, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", told):
            return told
        if not isinstance(told, dt.date) or isinstance(told, dt.datetime):
            raise wrong("must be a date such as 2026-11-22")
        return told.isoformat()
    if not isinstance(told, list):
        raise wrong("must be a list")
    if len(told) < of.least or (of.most and len(told) > of.most):
        raise wrong(f"must have {of.least} to {of.most} entries, and has {len(told)}")
    if of.kind == "lines":
        line = Field(of.name, "line", of.label)
        return [_one(entry, line, f"{where}entry {number} of ") for number, entry in enumerate(told, start=1)]
    checked = []
    for number, entry in enumerate(told, start=1):
        if not isinstance(entry, Mapping):
            raise wrong("must be a list of tables")
        checked.append(_all(entry, of.of, f"{where}{of.name} {number}: "))
    return checked


def check_one(told: Any, of: Field) -> Any:
    """The words of one field alone, as somebody typed them. Raises Wrong."""
    return _one(told, of, "")


def _all(told: Mapping[str, Any], fields: Iterable[Field], where: str = "") -> Words:
    fields = list(fields)
    if unknown := sorted(told.keys() - {each.name for each in fields}):
        raise Wrong(f"{where}nobody knows the name {', '.join(unknown)}")
    words = Words()
    for each in fields:
        left_out = each.name not in told or told[each.name] in ("", [])
        if left_out and each.needed:
            raise Wrong(f"{where}{each.name} is missing")
        if not left_out:
            words[each.name] = _one(told[each.name], each, where)
    return words


def check_step(told: Mapping[str, Any]) -> Step:
    """One step from its words. Raises Wrong."""
    rest = dict(told)
    kind = KINDS.get(rest.pop("kind", ""))
    if kind is None:
        raise Wrong(f"kind must be one of {', '.join(KINDS)}")
    head = (
        Field("slug", "slug", "Name in the address"),
        Field("title", "line", "Title"),
        Field("minutes", "number", "Minutes", least=1, most=15),
    )
    names = {each.name for each in head}
    top = _all({name: value for name, value in rest.items() if name in names}, head)
    words = _all({name: value for name, value in rest.items() if name not in names}, kind.fields)
    if words.picture and not words.picture_alt:
        raise Wrong("picture_alt is missing: say the picture in words")
    return Step(slug=top["slug"], kind=kind.name, title=top["title"], minutes=top["minutes"], words=words)


def check_part(told: Mapping[str, Any]) -> Part:
    """A part from its words: the fields of PART, and its steps as `step`. Raises Wrong, which says the nth step."""
    rest = dict(told)
    steps_told = rest.pop("step", [])
    words = _all(rest, PART)
    if words.slug in RESERVED:
        raise Wrong(f"slug must not be {words.slug}: that is the name of another page")
    if not isinstance(steps_told, list) or not steps_told:
        raise Wrong("there is no step in it")
    steps = []
    for number, step_told in enumerate(steps_told, start=1):
        try:
            steps.append(check_step(step_told))
        except Wrong as error:
            raise Wrong(error.what, number) from error
    slugs = [step.slug for step in steps]
    for number, slug in enumerate(slugs, start=1):
        if slug in slugs[: number - 1]:
            raise Wrong(f"another step is called {slug} already", number)
    return Part(words=words, steps=tuple(steps))


def check_cover(told: Mapping[str, Any]) -> Cover:
    """The front of a programme from its words. Raises Wrong."""
    words = _all(told, COVER)
    if words.open_to not in OPEN_TO:
        raise Wrong(f"open_to must be one of {', '.join(OPEN_TO)}")
    for name in ("questions", "statuses"):
        slugs = [entry["slug"] for entry in words.get(name, [])]
        if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            raise Wrong(f"{name}: {', '.join(twice)} is there twice")
    return Cover(words=words)


# ---------------------------------------------------------------- files


def _line_of_step(text: str, number: int) -> int:
    """The line on which the nth [[step]] begins; 1 for the top."""
    if not number:
        return 1
    headings = [at for at, line in enumerate(text.splitlines(), start=1) if re.match(r"\s*\[\[\s*step\s*\]\]", line)]
    return headings[number - 1] if number <= len(headings) else 1


def read(text: str, name: str) -> dict[str, Any]:
    """The words of a content file called `name`, checked: a cover when it is called cover.toml, else a part.

    Raises BrokenContent with file, line and what is wrong. Dates come back as text, so that all of it is JSON.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        last = str(text.count("\n") + 1)  # "at end of document"
        raise BrokenContent(f"{name}, line {line[1] if line else last}: {error}") from error
    check = check_cover if name.endswith("cover.toml") else check_part
    try:
        found = check(told)
    except Wrong as error:
        place = f"line {_line_of_step(text, error.where)}"
        if error.where:
            place += f", step {error.where}"
        raise BrokenContent(f"{name}, {place}: {error.what}") from error
    if isinstance(found, Cover):
        return dict(found.words)
    return plain(found)


def plain(part: Part) -> dict[str, Any]:
    """The part as the words that `check_part` reads back."""
    return {
        **part.words,
        "step": [
            {"kind": step.kind, "slug": step.slug, "title": step.title, "minutes": step.minutes, **step.words}
            for step in part.steps
        ],
    }
