"""`make drill`: backs up and brings back 50,000 plans (another number: make drill ARGS=5000), and prints how long.

The plans are written straight into the tables with true hash chains, six events each; then 500 more events are
written after the backup, so that the restore must name exactly these.
"""

import io
import os
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

HOUSE = Path(__file__).resolve().parent.parent
LIMIT = 30 * 60  # seconds, for bringing back (trust: restore drill)
sys.path.insert(0, str(HOUSE))
os.environ["DJANGO_SETTINGS_MODULE"] = "hub.settings"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import connection  # noqa: E402

from hub import backups  # noqa: E402
from parenting_plan import anchors  # noqa: E402
from tests.parenting_plan import many  # noqa: E402

AT_A_TIME = 5_000


def said(what: str, begun: float) -> float:
    seconds = time.monotonic() - begun
    print(f"{what:<58}{seconds:>8.1f} s", flush=True)
    return seconds


def main(count: int) -> int:
    scratch = tempfile.TemporaryDirectory(prefix="hub-drill-")
    settings.HUB_ANCHORS, settings.HUB_BACKUPS = Path(scratch.name) / "anchors", Path(scratch.name) / "backups"
    call_command("migrate", verbosity=0)
    begun, last = time.monotonic(), []
    for done in range(0, count, AT_A_TIME):
        last = many.make(min(AT_A_TIME, count - done), parts=2)
    said(f"{count:,} plans with {count * 6:,} events written", begun)
    begun = time.monotonic()
    anchors.write()
    said("every head anchored", begun)
    begun = time.monotonic()
    backup = backups.make(settings.HUB_BACKUPS)
    said(f"backup of {backup.told['database']['bytes'] / 1e6:,.0f} MB", begun)
    many.go_on(last[:25], 10)
    anchors.write()
    return bring_back(backup)


def bring_back(backup) -> int:
    at, out, begun = connection.settings_dict, io.StringIO(), time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE drill TEMPLATE template0")
    try:
        address = f"postgres://{at['USER']}@{quote(at['HOST'], safe='')}/drill"
        call_command("restore", backup.folder, into=address, stdout=out)
    except CommandError:  # the gap, as it must be
        pass
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE drill WITH (FORCE)")
    print("\n".join(line for line in out.getvalue().splitlines() if not line.startswith("plan ")))
    seconds = said("brought back, brought up to date and compared", begun)
    named = out.getvalue().count("events 7 to 26 were anchored")
    right = "The gap: 500 events of 25 plans" in out.getvalue() and named == 25
    print("The gap was named exactly." if right else "THE GAP WAS NOT NAMED.")
    return 0 if right and seconds < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
