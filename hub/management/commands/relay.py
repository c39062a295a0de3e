"""The mail relay without Celery: for a machine without a broker, and for the day the broker is down."""

import signal
import threading
from datetime import timedelta

from django.core.management.base import BaseCommand

from hub import mail


class Command(BaseCommand):
    help = "Sends the mail that is due, again and again until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="stop when nothing is due any more")
        parser.add_argument("--every", type=float, default=5, metavar="SECONDS", help="how often to look")
        parser.add_argument(
            "--lease",
            type=float,
            default=mail.LEASE.total_seconds(),
            metavar="SECONDS",
            help="after how long another relay may take over a mail from one that was killed",
        )

    def handle(self, *, once, every, lease, **options):
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            done = mail.relay(lease=timedelta(seconds=lease))
            if done.sent or done.refused or done.put_off or done.dead:
                self.stdout.write(
                    f"{done.sent} sent, {done.dropped} not needed, {done.put_off} put off, "
                    f"{done.refused} refused, {done.dead} given up"
                )
            if done.more:
                continue
            if once:
                return
            stop.wait(every)
