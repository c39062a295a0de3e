"""Erases what may not be kept any longer, as the worker does each night; or says what would go."""

from django.core.management.base import BaseCommand

from hub import retention


class Command(BaseCommand):
    help = "Erases what may not be kept any longer, until nothing is left. --dry-run counts and changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would go, and what is held")

    def handle(self, *args, dry_run, **options):
        if dry_run:
            for due in retention.look():
                self.stdout.write(f"{due.rule.key}: {due.count} would go, {due.held} held")
            return
        done = retention.run(seconds=24 * 60 * 60)
        for key, count in sorted(done.counts.items()):
            self.stdout.write(f"{key}: {count} erased")
        self.stdout.write(f"{done.total} erased in all. The longest batch took {done.longest * 1000:.0f} ms.")
        if done.failed:
            self.stderr.write(f"Not everything could be erased: {', '.join(done.failed)}. The log says why.")
            raise SystemExit(1)
