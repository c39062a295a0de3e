"""Closed accounts stay closed, whatever backup is brought back."""

from django.core.management.base import BaseCommand

from accounts.rights import remembering


class Command(BaseCommand):
    help = (
        "--write-down: adds the accounts that were closed to the file beside the anchors (the keeper does it). "
        "--close-again: in a database that was brought back, closes and erases those of the file that came back with "
        "it (`restore` does it)."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--write-down", action="store_true")
        what.add_argument("--close-again", action="store_true")

    def handle(self, *args, write_down, **options):
        if write_down:
            self.stdout.write(f"{remembering.write_down()} closed accounts written down")
        else:
            self.stdout.write(f"{remembering.close_again()} accounts closed again that the backup had brought back")
