"""Bring the programmes up to date with the files in content/, and say what that did."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub import schema
from programmes import library


class Command(BaseCommand):
    help = "Loads the programmes from programmes/content. A broken file is named, and then nothing is loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = library.load()
        except schema.BrokenContent as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        told = (
            ("New", report.new),
            ("Changed", report.changed),
            ("Staff wrote a later edition, which stays. The file’s waits beside it, unpublished", report.waiting),
            ("Taken out, because the file is gone", report.withdrawn),
        )
        for heading, chapters in told:
            for chapter in chapters:
                self.stdout.write(f"{heading}: {chapter}")
        if not any(chapters for _heading, chapters in told):
            self.stdout.write("Everything is as the files say.")
