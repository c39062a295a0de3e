"""Bring courses, articles and suggested goals up to date with their content folders, and say what that did."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles import library as articles
from goals import suggestions
from hub import schema
from programmes import library as programmes


class Command(BaseCommand):
    help = "Loads courses, articles and the goals we suggest. A broken file is named, and then nothing is loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                report = programmes.load() + articles.load() + suggestions.load()
        except schema.BrokenContent as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        told = (
            ("New", report.new),
            ("Changed", report.changed),
            ("Staff wrote a later edition, which stays. The file’s waits beside it, unpublished", report.waiting),
            ("Taken out, because the file is gone", report.withdrawn),
            ("Staff took it out of view, and so it stays", report.kept_out),
        )
        for heading, works in told:
            for work in works:
                self.stdout.write(f"{heading}: {work}")
        if not any(works for _heading, works in told):
            self.stdout.write("Everything is as the files say.")
