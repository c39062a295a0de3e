"""Brings a backup back into an empty database, and says exactly what is missing from it."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hub import backups


class Command(BaseCommand):
    help = (
        "Checks the backup in FOLDER, fills the empty database at --into from it (as the role that owns the tables), "
        "brings its tables up to date, compares every plan's record with the anchors, places legal holds again and "
        "closes accounts again as they were after the backup was made. Ends with 1 and names the gap when something "
        "that was anchored is not there. Afterwards: `manage.py app_role --grant hub_app`."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--into", required=True, metavar="DATABASE_URL")
        parser.add_argument("--key", type=Path, help="the file of the private key, when the backup is locked")
        parser.add_argument("--files", type=Path, help="also bring the kept files back into this folder")

    def handle(self, *args, folder, into, key, files, **options):
        begun = time.monotonic()
        try:
            backup = backups.check(folder, key)
            self.say(f"The backup of {backup.told['made_at']} is whole", begun)
            backups.bring_back(backup, into)
            self.say("The database is filled", begun)
            if files:
                self.say(f"{backups.bring_files_back(backup, files)} files brought back", begun)
        except backups.Trouble as error:
            raise CommandError(str(error)) from error
        self.manage(into, "migrate", "--noinput", "--verbosity", "0")
        self.say("The tables are up to date", begun)
        code = self.manage(into, "verify_record", "--all", may_fail=True)
        self.say("The record was compared with the anchors", begun)
        self.manage(into, "legal_holds", "--bring-back")  # before anything is erased
        self.manage(into, "closed_accounts", "--close-again")
        if code:
            raise CommandError(
                "Not everything that was anchored is there; the lines above name it. Tell the parents of these plans. "
                "Then `manage.py anchor --begin-again REASON` says so in the anchors.",
                returncode=1,
            )

    def say(self, what: str, begun: float) -> None:
        self.stdout.write(f"{what} ({time.monotonic() - begun:.1f} s)")
        self.stdout.flush()

    def manage(self, into: str, *words: str, may_fail: bool = False) -> int:
        """Our own command on the other database, in a process of its own."""
        given = {
            "DATABASE_URL": into,
            "HUB_ANCHORS": str(settings.HUB_ANCHORS),
            "HUB_ANCHOR_KEY": settings.HUB_ANCHOR_KEY,
            "HUB_ANCHOR_PUBLIC_KEYS": ",".join(settings.HUB_ANCHOR_PUBLIC_KEYS),
            "HUB_VAR": str(settings.VAR),
            "HUB_ONE_DATABASE_ROLE": "yes",
        }
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.HOUSE,
            env={**os.environ, **given},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.stdout.write(done.stdout.rstrip())
        if done.returncode and not may_fail:
            raise CommandError(f"`manage.py {words[0]}` failed on the restored database.")
        return done.returncode
