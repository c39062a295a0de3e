"""What a programme is made of: its cover, parts, steps and screens, and which words each kind of step needs. Pure.

The fields are those of hub.schema: they read the files in content/, check what staff typed, and draw the form in which
they type it. A step is kept as its words by name; a page reads `screen.words.ask`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hub import schema
from hub.schema import Field, Words, Wrong, check_all

# ---------------------------------------------------------------- the schema


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
    top = check_all({name: value for name, value in rest.items() if name in names}, head)
    words = check_all({name: value for name, value in rest.items() if name not in names}, kind.fields)
    if words.picture and not words.picture_alt:
        raise Wrong("picture_alt is missing: say the picture in words")
    return Step(slug=top["slug"], kind=kind.name, title=top["title"], minutes=top["minutes"], words=words)


def check_part(told: Mapping[str, Any]) -> Part:
    """A part from its words: the fields of PART, and its steps as `step`. Raises Wrong, which says the nth step."""
    rest = dict(told)
    steps_told = rest.pop("step", [])
    words = check_all(rest, PART)
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
    words = check_all(told, COVER)
    if words.open_to not in OPEN_TO:
        raise Wrong(f"open_to must be one of {', '.join(OPEN_TO)}")
    for name in ("questions", "statuses"):
        schema.check_names(words.get(name, []), name)
    return Cover(words=words)


# ---------------------------------------------------------------- files


def read(text: str, name: str) -> dict[str, Any]:
    """The words of a content file called `name`, checked: a cover when it is called cover.toml, else a part.

    Raises BrokenContent with file, line and what is wrong. Dates come back as text, so that all of it is JSON.
    """
    if name.endswith("cover.toml"):
        return dict(schema.read(text, name, check_cover).words)
    return plain(schema.read(text, name, check_part, table="step"))


def plain(part: Part) -> dict[str, Any]:
    """The part as the words that `check_part` reads back."""
    return {
        **part.words,
        "step": [
            {"kind": step.kind, "slug": step.slug, "title": step.title, "minutes": step.minutes, **step.words}
            for step in part.steps
        ],
    }
