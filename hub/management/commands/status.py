"""How the hub is, in words; ends with 1 when somebody should look."""

from django.core.management.base import BaseCommand

from hub import operations


class Command(BaseCommand):
    help = "Says how each part of the hub is and what to do about it. Ends with 1 when something is to be done."

    def handle(self, *args, **options):
        parts = operations.look()
        for part in parts:
            mark = "ok  " if part.is_well else "LOOK"
            self.stdout.write(f"{mark} {part.name}: {part.says}" + (f"\n     {part.does}" if part.does else ""))
        if not all(part.is_well for part in parts):
            raise SystemExit(1)
