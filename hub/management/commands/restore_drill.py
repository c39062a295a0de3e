"""Proves that the newest backup can be brought back: into a scratch database, which is dropped again."""

import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from hub import backups, pulse

SCRATCH = "hub_restore_drill"


class Command(BaseCommand):
    help = (
        "Brings the newest backup of FOLDER (HUB_BACKUPS without it) back into a scratch database on the same server, "
        "compares its record with the anchors, prints how long it took, and drops it. The role must be allowed to "
        "create databases. Once a week is a good habit."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.HUB_BACKUPS)
        parser.add_argument("--key", type=Path, help="the file of the private key, when the backup is locked")

    def handle(self, *args, folder, key, **options):
        self.key = key
        found = backups.finished(folder)
        if not found:
            raise CommandError(f"There is no backup in {folder}. `manage.py backup` makes one.")
        begun = time.monotonic()
        try:
            if connection.vendor == "sqlite":
                with tempfile.TemporaryDirectory() as scratch:
                    self.restore(found[-1], f"sqlite://{quote(scratch)}/drill.sqlite3")
            else:
                self.restore_on_server(found[-1])
        except CommandError:
            pulse.mark("drill", good=False, seconds=round(time.monotonic() - begun, 1))
            raise
        pulse.mark("drill", seconds=round(time.monotonic() - begun, 1))
        self.stdout.write(f"The drill took {time.monotonic() - begun:.1f} s; the scratch database is gone")

    def restore(self, folder: Path, address: str) -> None:
        call_command("restore", folder, into=address, key=self.key, stdout=self.stdout, stderr=self.stderr)

    def restore_on_server(self, folder: Path) -> None:
        at = connection.settings_dict
        password = f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else ""
        port = f":{at['PORT']}" if at["PORT"] else ""
        server = f"postgres://{quote(at['USER'], safe='')}{password}@{quote(at['HOST'], safe='')}{port}"
        name = connection.ops.quote_name(SCRATCH)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            self.restore(folder, f"{server}/{SCRATCH}")
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
