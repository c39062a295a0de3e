"""What search may find of the plan: what its sections ask. Never a word that any parent wrote."""

from collections.abc import Iterator

from django.urls import reverse

from hub import search
from hub.search import Findable
from parenting_plan import questions

WORTH = 0.8  # behind the articles about the same thing, which tell more


def findable() -> Iterator[Findable]:
    for section in questions.sections():
        yield Findable(
            key=f"parenting_plan/{section.slug}",
            kind="plan",
            address=reverse("parenting_plan:list"),
            title=section.title,
            summary=section.summary,
            text="\n".join([section.intro, *(f"{asked.title} {asked.why}" for asked in section.questions)]),
            also=tuple(asked.short for asked in section.questions),
            worth=WORTH,
        )


search.register("parenting_plan", findable)
