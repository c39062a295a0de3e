"""Ask every outgoing link of the courses and articles whether it is still there, and say which are not."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from articles.models import Article
from hub import links
from hub.editions import Work
from hub.helplines import Helpline
from hub.links import State
from programmes.models import Chapter

SAID = {
    State.GONE: "Gone",
    State.SILENT: "No answer",
    State.LOOK: "To be looked at by hand",
    State.MOVED: "Moved for good",
}


DESKS: dict[type[Work], str] = {
    Chapter: "programmes_chapter_change",
    Article: "articles_article_change",
    Helpline: "hub_helpline_change",
}
"""What names addresses, and where staff change it."""


class Command(BaseCommand):
    help = "Checks the outgoing links of what people see now. Ends with 1 when any is gone, with 2 without a network."

    def add_arguments(self, parser):
        parser.add_argument("--seconds", type=float, default=15, help="how long to wait for an answer")
        parser.add_argument(
            "--rest", type=float, default=1, help="how long to leave a site alone between two of its pages"
        )

    def handle(self, *args: Any, seconds: float, rest: float, **options: Any) -> None:
        where = self.where()
        if not where:
            self.stdout.write("There is no outgoing link.")
            return
        name = f"Mozilla/5.0 (compatible; link check of {settings.HUB_ADDRESS})"
        answers = links.ask_all(where, name=name, seconds=seconds, rest=rest)
        if all(answer.state is State.SILENT for answer in answers.values()):
            raise CommandError(
                f"There is no network here: none of {len(answers)} addresses answers. Nothing was checked.",
                returncode=2,
            )
        for state, heading in SAID.items():
            found = [answer for answer in answers.values() if answer.state is state]
            if found:
                self.stdout.write(f"\n{heading} ({len(found)})")
            for answer in found:
                self.stdout.write(f"  {answer.address}: {answer.said}")
                for work, desk in where[answer.address]:
                    self.stdout.write(f"    in {work}: {desk}")
        there = sum(answer.state is State.THERE for answer in answers.values())
        self.stdout.write(f"\n{there} of {len(answers)} links are where they were.")
        if gone := sum(answer.state is State.GONE for answer in answers.values()):
            raise CommandError(f"{gone} gone." if gone > 1 else "One is gone.", returncode=1)

    def where(self) -> dict[str, list[tuple[str, str]]]:
        """Each address, and the works that name it with the address of their page at the desk."""
        found: dict[str, list[tuple[str, str]]] = {}
        for model, desk in DESKS.items():
            for work in model._default_manager.filter(withdrawn=False, current__isnull=False).select_related("current"):
                page = settings.HUB_ADDRESS + reverse(f"admin:{desk}", args=[work.pk])
                for address in dict.fromkeys(links.addresses_in(work.current.words if work.current else {})):
                    found.setdefault(address, []).append((str(work), page))
        return found
