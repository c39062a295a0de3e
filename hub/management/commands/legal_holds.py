"""Legal holds stand, whatever backup is brought back."""

from django.core.management.base import BaseCommand

from hub import holds_again


class Command(BaseCommand):
    help = (
        "--write-down: adds what was done with legal holds to the file beside the anchors (the keeper does it). "
        "--bring-back: in a database that was brought back, places, confirms and ends again what the file tells "
        "(`restore` does it before anything is erased)."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--write-down", action="store_true")
        what.add_argument("--bring-back", action="store_true")

    def handle(self, *args, write_down, **options):
        if write_down:
            self.stdout.write(f"{holds_again.write_down()} steps of legal holds written down")
            return
        done = holds_again.bring_back()
        self.stdout.write(f"{done.placed} legal holds placed again, {done.brought_up} confirmed or ended again")
        if done.placed:
            self.stdout.write("Why they were placed was lost with the database: write it into your own log again.")
        for what in done.nowhere:
            self.stdout.write(f"A legal hold was on {what}, which this backup does not have: look in a later backup.")
