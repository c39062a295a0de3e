"""The ten sections and their questions, read once from content/. Pure.

Each file is one section; each question has a version. A suggestion keeps the title and version of the question it
answered, so a reworded question never changes what two parents agreed to.
"""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

CONTENT = Path(__file__).parent / "content"


class BrokenContent(Exception):
    """A content file is not as it must be. Names the file, the place in it and what is wrong."""


@dataclass(frozen=True)
class Question:
    section_slug: str
    letter: str
    number: int
    slug: str
    version: int
    short: str
    title: str
    why: str
    prompts: tuple[str, ...]
    starter: str

    @property
    def key(self) -> str:
        """How the plan names this question for ever, e.g. living-and-childcare/handovers."""
        return f"{self.section_slug}/{self.slug}"

    @property
    def place(self) -> str:
        """How people name it: C6."""
        return f"{self.letter}{self.number}"

    def starter_for(self, *, children: str, me: str, other: str) -> str:
        """The starter wording with this family's first names in it."""
        words = self.starter
        for gap, name in {"{children}": children, "{me}": me, "{other}": other}.items():
            words = words.replace(gap, name)
        return words


@dataclass(frozen=True)
class Section:
    letter: str
    slug: str
    title: str
    summary: str
    intro: str
    questions: tuple[Question, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(question.key for question in self.questions)


SECTION_WORDS = {"letter", "slug", "title", "summary", "intro"}
QUESTION_WORDS = {"slug", "short", "title", "why", "starter"}


def read_section(path: Path) -> Section:
    """One section from its file. Raises BrokenContent."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenContent(f"{path.name}: {error}") from error
    missing = SECTION_WORDS - told.keys()
    if missing:
        raise BrokenContent(f"{path.name}: {', '.join(sorted(missing))} missing at the top")
    questions = []
    for number, question in enumerate(told.get("question", []), start=1):
        where = f"{path.name}, question {number} ({question.get('slug', 'no slug')})"
        absent = sorted(word for word in QUESTION_WORDS if not str(question.get(word, "")).strip())
        if absent:
            raise BrokenContent(f"{where}: {', '.join(absent)} missing")
        if not isinstance(question.get("version"), int) or question["version"] < 1:
            raise BrokenContent(f"{where}: version must be a whole number from 1")
        prompts = question.get("prompts")
        if not isinstance(prompts, list) or not 3 <= len(prompts) <= 6:
            raise BrokenContent(f"{where}: three to six prompts, please")
        questions.append(
            Question(
                section_slug=told["slug"],
                letter=told["letter"],
                number=number,
                slug=question["slug"],
                version=question["version"],
                short=question["short"].strip(),
                title=question["title"].strip(),
                why=question["why"].strip(),
                prompts=tuple(prompt.strip() for prompt in prompts),
                starter=question["starter"].strip(),
            )
        )
    slugs = [question.slug for question in questions]
    if twice := {slug for slug in slugs if slugs.count(slug) > 1}:
        raise BrokenContent(f"{path.name}: the slug {', '.join(sorted(twice))} is there twice")
    if not questions:
        raise BrokenContent(f"{path.name}: no question in it")
    return Section(
        letter=told["letter"],
        slug=told["slug"],
        title=told["title"],
        summary=told["summary"],
        intro=told["intro"],
        questions=tuple(questions),
    )


@cache
def sections() -> tuple[Section, ...]:
    """Every section in order of its letter. Raises BrokenContent, and then nothing is loaded."""
    found = tuple(sorted((read_section(path) for path in CONTENT.glob("*.toml")), key=lambda section: section.letter))
    if len({section.slug for section in found}) != len(found):
        raise BrokenContent("two sections share one slug")
    return found


@cache
def by_key() -> dict[str, Question]:
    return {question.key: question for section in sections() for question in section.questions}


def section(slug: str) -> Section | None:
    return next((section for section in sections() if section.slug == slug), None)


def question(section_slug: str, slug: str) -> Question | None:
    return by_key().get(f"{section_slug}/{slug}")


def neighbours(key: str) -> tuple[Question | None, Question | None]:
    """The question before and the one after, through the whole plan."""
    keys = list(by_key())
    place = keys.index(key)
    before = by_key()[keys[place - 1]] if place else None
    after = by_key()[keys[place + 1]] if place + 1 < len(keys) else None
    return before, after
