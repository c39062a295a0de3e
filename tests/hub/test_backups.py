"""A backup is whole or not there; it comes back into an empty database alone; and the gap is named."""

import io
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.conf import settings as hub_settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.rights import closing, remembering
from hub import backups, files, lasting, pulse
from hub.management.commands import keep
from parenting_plan import anchors
from tests.parenting_plan import family, many
from tests.parenting_plan.tampering import behind_the_back, cut_the_tail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(settings, tmp_path, monkeypatch):
    settings.HUB_ANCHORS, settings.HUB_BACKUPS = tmp_path / "anchors", tmp_path / "backups"
    settings.HUB_FILES = tmp_path / "files"
    settings.HUB_ANCHOR_KEY = "c3" * 32
    return tmp_path


def make() -> backups.Backup:
    return backups.make(hub_settings.HUB_BACKUPS)


@pytest.fixture
def empty():
    """An empty database beside the test's own: its address."""
    at = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE brought_back TEMPLATE template0")
    yield f"postgres://{at['USER']}@{quote(at['HOST'], safe='')}/brought_back"
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE brought_back WITH (FORCE)")


def restore(folder, address: str, **more) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("restore", folder, into=address, stdout=out, **more)
        return 0, out.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)


# ---------------------------------------------------------------- F12, and what comes back
def test_500_events_after_the_backup_are_the_gap_that_the_restore_names(empty, tmp_path):
    plans = many.make(50, parts=1)
    kept = files.keep(b"an agreed plan")
    anchors.write()
    made = make()
    many.go_on(plans[:25], 10)
    anchors.write()
    code, said = restore(made.folder, empty, files=tmp_path / "elsewhere")
    assert code == 1
    assert "The gap: 500 events of 25 plans were anchored and are not here." in said
    for plan in plans[:25]:
        assert f"plan {plan.reference}, event 5: events 5 to 24 were anchored (anchor 2 and on)" in said
    assert said.count("were anchored (anchor") == 25
    assert (tmp_path / "elsewhere" / kept[:2] / kept).read_bytes() == b"an agreed plan"
    with psycopg.connect(empty) as database:
        assert database.execute("SELECT count(*) FROM parenting_plan_planevent").fetchone() == (200,)
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):  # the guards came along
            database.execute("UPDATE parenting_plan_planevent SET role = 'x'")


def test_the_drill_brings_the_newest_backup_back_and_drops_it():
    many.make(50, parts=1)
    anchors.write()
    make()
    out = io.StringIO()
    call_command("restore_drill", hub_settings.HUB_BACKUPS, stdout=out)
    assert "50 plans, 200 events" in out.getvalue() and "All as it was written." in out.getvalue()
    assert pulse.of("drill").good
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = 'hub_restore_drill'")
        assert cursor.fetchone() == (0,)


def test_what_was_erased_before_a_backup_is_not_in_it(amara, empty):
    amara.first_name = "Erasmia"
    amara.save()
    gone = files.keep(b"words that were erased")
    amara.delete()
    files.place_of(gone).unlink()
    made = make()
    listed = subprocess.run(["pg_restore", "--data-only", "--file=-", made.folder / "database.dump"],
                            capture_output=True, check=True).stdout  # fmt: skip
    assert b"accounts_user" in listed and b"Erasmia" not in listed
    assert not list((made.folder / "files").rglob(gone))


def test_who_closed_their_account_does_not_come_back_with_a_backup(amara, ben, person, empty):
    """By number, from a file outside the database. Somebody who got the same number later stays."""
    family.settle(family.share(family.start(amara), ben), amara, ben, family.HANDOVERS, "At the gate.")
    later = person("Lara")
    made = make()
    closing.close(amara)
    assert remembering.write_down() == 1 and remembering.write_down() == 0
    with lasting.place(remembering.FILE).open("a") as file:  # an earlier backup came back: this number was another's
        file.write(json.dumps({"person": later.pk, "at": "2020-01-01T00:00:00+00:00"}) + "\n")
        file.write('{"person": 1')  # and a line that a crash cut short
    closing.close(person("Zoe"))  # who was not there yet when the backup was made
    assert remembering.write_down() == 1
    assert [fact["person"] for fact in lasting.read(remembering.FILE)] == [amara.pk, later.pk, later.pk + 1]
    _code, said = restore(made.folder, empty)
    assert "1 accounts closed again that the backup had brought back" in said
    with psycopg.connect(empty) as database:
        emails = database.execute("SELECT email FROM accounts_user ORDER BY email").fetchall()
        assert emails == [(ben.email,), (later.email,)]
        told = database.execute("SELECT kind FROM hub_outgoingmail WHERE kind = 'accounts/account_closed'").fetchall()
        assert told == []  # they were told once
    text = lasting.place(remembering.FILE).read_text()
    assert amara.email not in text and "Amara" not in text


def test_what_is_kept_for_a_day_only_is_in_no_backup():
    """A copy of somebody's data would come back with it."""
    for_good, for_a_day = files.keep(b"an agreed plan"), files.keep(b"a copy of somebody's data", passing=True)
    found = {place.name for place in make().folder.rglob("*")}
    assert for_good in found and for_a_day not in found and files.PASSING not in found
    assert files.read(for_a_day, passing=True) == b"a copy of somebody's data"


# ---------------------------------------------------------------- what is refused
def test_a_database_that_is_not_empty_is_refused(empty):
    made = make()
    with psycopg.connect(empty, autocommit=True) as database:
        database.execute("CREATE TABLE somebody_is_here (id int)")
    code, said = restore(made.folder, empty)
    assert code == 1 and "not empty" in said
    with psycopg.connect(empty) as database:
        assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (1,)


@pytest.mark.parametrize("damage", ["a byte", "cut", "a file", "a file gone", "no list", "not a list", "newer code"])
def test_a_damaged_backup_is_refused_before_anything_is_written(damage, empty):
    kept = files.keep(b"an agreed plan")
    made = make()
    dump, listed = made.folder / "database.dump", made.folder / "manifest.json"
    file = made.folder / "files" / kept[:2] / kept
    if damage == "a byte":
        content = bytearray(dump.read_bytes())
        content[len(content) // 2] ^= 1
        dump.write_bytes(content)
    elif damage == "cut":
        os.truncate(dump, 1000)
    elif damage == "a file":
        file.write_bytes(b"another plan")
    elif damage == "a file gone":
        file.unlink()
    elif damage == "no list":
        listed.unlink()
    elif damage == "not a list":
        listed.write_text("[]")
    else:
        told = json.loads(listed.read_text())
        listed.write_text(json.dumps({**told, "migrations": [*told["migrations"], ["hub", "9999_tomorrow"]]}))
    code, said = restore(made.folder, empty)
    assert code == 1
    with psycopg.connect(empty) as database:
        assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    if damage == "newer code":
        assert "hub.9999_tomorrow" in said


@pytest.mark.parametrize("address", ["mysql://elsewhere/hub", "sqlite:////nowhere/hub.sqlite3"])
def test_a_database_of_another_kind_is_refused(address):
    assert restore(make().folder, address)[0] == 1


# ---------------------------------------------------------------- making
def test_a_backup_has_its_name_only_when_it_is_whole(monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_copy_files", full)
    with pytest.raises(backups.Trouble, match="No space left"):
        make()
    assert list(hub_settings.HUB_BACKUPS.iterdir()) == []
    assert not pulse.of("backup").good


def test_the_same_file_in_two_backups_lies_on_the_disk_once_and_old_backups_go(monkeypatch):
    kept = files.keep(b"an agreed plan")
    first = make()
    monkeypatch.setattr(backups, "NAME", "hub-%Y%m%dT%H%M%SZ-laterZ")
    second = make()
    one, other = (made.folder / "files" / kept[:2] / kept for made in (first, second))
    assert one.stat().st_ino == other.stat().st_ino != files.place_of(kept).stat().st_ino
    assert backups.throw_old_away(hub_settings.HUB_BACKUPS, 1) == 1
    assert backups.finished(hub_settings.HUB_BACKUPS) == [second.folder]
    backups.check(second.folder)


def test_the_list_names_migrations_and_the_anchor_the_copy_holds():
    anchors.write()
    told = make().told
    assert told["anchor"] == 1 and ["hub", "0001_initial"] in told["migrations"]


# ---------------------------------------------------------------- SQLite
SQLITE = """
import django; django.setup()
from django.conf import settings
from django.db import connection
from hub import backups
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE words (said text)")
    cursor.execute("INSERT INTO words VALUES ('kept'), ('" + "Erasmia" * 9 + "')")
    cursor.execute("DELETE FROM words WHERE said <> 'kept'")
there = settings.VAR / backups._copy_sqlite(settings.VAR)
assert b"kept" in there.read_bytes() and b"ErasmiaErasmia" not in there.read_bytes()
again = settings.VAR / "again.sqlite3"
backups._bring_back_sqlite(there, again)
assert again.read_bytes() == there.read_bytes()
try:
    backups._bring_back_sqlite(there, again)
except backups.Trouble as error:
    assert "not empty" in str(error)
else:
    raise AssertionError("written over")
"""


def test_sqlite_is_copied_without_what_was_erased_and_comes_back(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DATABASE_", "REDIS_"))}
    there = {**kept, "HUB_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    done = subprocess.run(
        [sys.executable, "-c", SQLITE], cwd=hub_settings.HOUSE, env=there, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


# ---------------------------------------------------------------- the keeper
def test_the_keeper_does_what_is_due_once(amara):
    family.start(amara)
    call_command("keep", once=True, stdout=io.StringIO())
    assert [pulse.of(name).good for name in ("anchor", "backup", "record")] == [True, True, True]
    call_command("keep", once=True, stdout=io.StringIO())
    assert len(anchors.files()) == 1 and len(backups.finished(hub_settings.HUB_BACKUPS)) == 1


def test_what_fails_does_not_stop_the_rest_and_is_tried_again(amara, settings):
    family.start(amara)
    settings.HUB_ANCHOR_KEY, settings.DEBUG = "", False
    settings.HUB_ANCHOR_PUBLIC_KEYS = ["d4" * 32]
    call_command("keep", once=True, stdout=io.StringIO())
    assert [pulse.of(name).good for name in ("anchor", "backup", "record")] == [False, True, True]
    settings.HUB_ANCHOR_KEY = "c3" * 32
    call_command("keep", once=True, stdout=io.StringIO())
    assert pulse.of("anchor").good


def test_the_keeper_hears_of_a_record_that_was_cut():
    (plan,) = many.make(1, parts=1)
    anchors.write()
    with transaction.atomic(), behind_the_back() as cursor:
        cut_the_tail(cursor, plan, 3, None)
    call_command("keep", once=True, stdout=io.StringIO(), stderr=io.StringIO())
    assert not pulse.of("record").good


@pytest.mark.parametrize(
    ("now", "night"),
    [("2026-11-22 01:59", "2026-11-21 02:00"), ("2026-11-22 02:00", "2026-11-22 02:00"),
     ("2026-07-01 00:30", "2026-06-30 02:00")],
)  # fmt: skip
def test_a_night_begins_at_two_in_england(now, night):
    london = ZoneInfo("Europe/London")
    found = keep.last_night(datetime.fromisoformat(now).replace(tzinfo=london))
    assert found == datetime.fromisoformat(night).replace(tzinfo=london)


def test_pg_dump_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(backups.Trouble, match="postgresql-client"):
        make()
