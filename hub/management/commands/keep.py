"""The keeper: anchors the record each hour, writes down what must outlast the database, and each night makes a backup
and checks the whole record.
"""

import io
import logging
import signal
import threading
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from hub import backups, pulse

log = logging.getLogger(__name__)

LOOKS_EVERY = 60  # seconds
ANCHORS_EVERY = timedelta(hours=1)
WRITES_DOWN_EVERY = timedelta(minutes=5)
NIGHT = 2  # o'clock in England


class Command(BaseCommand):
    help = (
        "Runs until it is stopped, once in the whole installation: an anchor each hour, closed accounts and legal "
        "holds written down beside the anchors, and after two o'clock each night a backup into HUB_BACKUPS and a "
        "check of the whole record. --once does what is due and ends."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true")

    def handle(self, *args, once, verbosity, **options):
        self.says = bool(verbosity)
        stop = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            self.do_what_is_due(timezone.now())
            if once:
                return
            stop.wait(LOOKS_EVERY)

    def do_what_is_due(self, now: datetime) -> None:
        """Each by itself: what fails is said, marked, and tried again at the next look."""
        night = last_night(now)
        for name, work, since in (
            ("closed", self.closed, now - WRITES_DOWN_EVERY),
            ("holds", self.holds, now - WRITES_DOWN_EVERY),
            ("anchor", self.anchor, now - ANCHORS_EVERY),
            ("backup", self.backup, night),
            ("record", self.verify, night),
        ):
            begun = time.monotonic()
            try:
                last = pulse.of(name)
                if last and last.at > since and (last.good or name == "record"):
                    continue
                work()
                if self.says:
                    seconds = round(time.monotonic() - begun, 1)
                    log.info("the keeper did its work", extra={"task": name, "seconds": seconds})
            except (CommandError, DatabaseError, OSError):
                log.exception("the keeper could not do its work", extra={"task": name})

    def anchor(self) -> None:
        call_command("anchor", stdout=io.StringIO())

    def closed(self) -> None:
        call_command("closed_accounts", write_down=True, stdout=io.StringIO())

    def holds(self) -> None:
        call_command("legal_holds", write_down=True, stdout=io.StringIO())

    def backup(self) -> None:
        call_command("backup", settings.HUB_BACKUPS, stdout=io.StringIO())
        backups.throw_old_away(settings.HUB_BACKUPS, settings.HUB_BACKUPS_KEPT)

    def verify(self) -> None:
        call_command("verify_record", stdout=io.StringIO(), stderr=self.stderr)


def last_night(now: datetime) -> datetime:
    """The last time it was two o'clock in England."""
    here = timezone.localtime(now)
    night = here.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night <= here else night - timedelta(days=1)
