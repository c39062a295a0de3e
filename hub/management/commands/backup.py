"""Copies the whole hub into a new folder."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hub import backups


class Command(BaseCommand):
    help = (
        "Copies the database and the kept files into a new folder below FOLDER (HUB_BACKUPS without it), with a list "
        "of what is in it. With HUB_BACKUP_RECIPIENT it is locked to that public key; without, the disk must be "
        "encrypted. `manage.py keep` does so each night."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.HUB_BACKUPS)

    def handle(self, *args, folder, **options):
        try:
            made = backups.make(folder)
        except backups.Trouble as error:
            raise CommandError(str(error)) from error
        files = made.told["files"]["count"]
        self.stdout.write(f"{made.folder}: {made.told['database']['bytes']:,} bytes of database, {files} files")
