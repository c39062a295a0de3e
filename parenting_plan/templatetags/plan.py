"""How pages say what stands in a plan: `{% load plan %}`."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from parenting_plan import questions
from parenting_plan.forms.words import Answer
from parenting_plan.models import Plan
from parenting_plan.questions import Question

register = template.Library()


@register.filter
def in_words(value: dict) -> str:
    """A suggestion's value as plain text."""
    match value.get("kind"):
        case "words":
            return value["text"]
        case "not_needed":
            return _("We do not need to decide this.")
        case "erased":
            return _("These words have been erased.")
        case "not_sure":
            return _("Not sure yet.")
    raise ValueError(f"No kind of value is called {value.get('kind')!r}.")


@register.simple_tag
def plan_url(page: str, plan: Plan, *more: str) -> str:
    """The address of one of a plan's pages, as `{% url %}` gives it: a page has up to twenty, so each is kept."""
    return _address(page, plan.reference, *more)


@register.simple_tag
def part_url(plan: Plan, asked: Question, page: str = "question") -> str:
    """The address of one of a question's pages: question, write, autosave, send, agree, set_aside, take_back, story."""
    return _address(page, plan.reference, asked.section_slug, asked.slug)


@lru_cache(maxsize=20_000)
def _address(page: str, *words: str) -> str:
    return reverse(f"parenting_plan:{page}", args=words)


@register.simple_tag
def section_title(asked: Question) -> str:
    found = questions.section(asked.section_slug)
    return found.title if found else ""


@register.simple_tag
def section_size(asked: Question) -> int:
    found = questions.section(asked.section_slug)
    return len(found.questions) if found else 0


@register.simple_tag
def answers(them: str) -> Answer:
    """The form of the three answers, with none chosen."""
    return Answer(None, them=them)
