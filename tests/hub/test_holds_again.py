"""A legal hold outlasts the database: it stands again after a restore, before anything is erased."""

import io
import os
import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings as hub_settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from accounts.rights import closing
from hub import backups, clock, holds, holds_again, lasting, retention
from hub.models import AccessRecord, LegalHold
from hub.retention import months_before
from parenting_plan.models import Plan
from tests.parenting_plan import family
from tests.parenting_plan.tampering import behind_the_back
from tests.programmes import cases

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
WHY = "A letter of the court about the canary."


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.HUB_ANCHORS, settings.HUB_BACKUPS = tmp_path / "anchors", tmp_path / "backups"
    settings.HUB_FILES, settings.HUB_ANCHOR_KEY = tmp_path / "files", "c3" * 32


@pytest.fixture
def two(person):
    """Two who may place and confirm holds; a third for the end of one."""
    made = [person(name, kind="staff", is_staff=True) for name in ("Sana", "Hugh", "Lin")]
    for each in made:
        each.groups.set(Group.objects.filter(name="Safeguarding lead"))
    return made


@pytest.fixture
def empty():
    """An empty database beside the test's own: its address."""
    at = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE brought_back TEMPLATE template0")
    yield f"postgres://{at['USER']}@{quote(at['HOST'], safe='')}/brought_back"
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE brought_back WITH (FORCE)")


def hold(kind: str, text, by) -> LegalHold:
    return holds.place(kind=kind, text=str(text), reason=WHY, by=by)


def restore(folder, address: str) -> str:
    out = io.StringIO()
    try:
        call_command("restore", folder, into=address, stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def manage(address: str, *words: str) -> str:
    """A command of ours on the database that was brought back."""
    there = {**os.environ, "DATABASE_URL": address, "HUB_ONE_DATABASE_ROLE": "yes"}
    return subprocess.check_output([sys.executable, "manage.py", *words], cwd=hub_settings.HOUSE, env=there, text=True)


def ids(address: str, asked: str) -> set:
    with psycopg.connect(address) as database:
        return {row[0] for row in database.execute(asked).fetchall()}


def test_nothing_goes_that_was_held_after_the_backup(amara, ben, person, two, empty):
    """A plan, a person who then closed their account, and a case: each due, each held too late for the backup."""
    now = clock.now()
    long_ago = months_before(now, 12 * 8)
    plans = [family.start(amara, at=long_ago) for _ in range(2)]
    Plan.objects.update(end_told_at=now - 31 * DAY)
    files = [cases.refer("zoe@example.com", number, at=long_ago).party.case for number in ("ZW18P00001", "ZW18P00002")]
    leaves = [ben, person("Lara")]
    User.objects.update(joined_at=long_ago)
    made = backups.make(hub_settings.HUB_BACKUPS)

    hold("plan", plans[0].reference, two[0])
    hold("person", ben.pk, two[0])
    hold("case", files[0].reference, two[0])
    for each in leaves:
        closing.close(each)
    call_command("keep", once=True, stdout=io.StringIO())  # the keeper, a few minutes later; then the database is lost

    said = restore(made.folder, empty)
    assert "3 legal holds placed again, 0 confirmed or ended again" in said and "your own log" in said
    told = manage(empty, "retention")
    assert "parenting_plan.alone: 1 erased" in told
    assert ids(empty, "SELECT plan_id FROM parenting_plan_planerased") == {plans[1].pk}
    assert ids(empty, "SELECT id FROM programmes_case") == {files[0].pk}
    gone = {leaves[1].pk}
    assert ids(empty, "SELECT id FROM accounts_user") == {amara.pk, ben.pk, *(each.pk for each in two)} - gone
    for asked in ("SELECT name FROM hub_legalhold", "SELECT split_part(about, ' ', 1) FROM hub_accessrecord"):
        names = {plans[0].reference, f"person {ben.pk}", files[0].reference}
        assert names & {name.partition(":")[2] or name for name in ids(empty, asked)}
    assert ids(empty, "SELECT reason FROM hub_legalhold") == {holds_again.LOST}
    written = lasting.place(holds_again.FILE).read_text()
    for private in ("canary", plans[0].reference, "ZW18P00001", ben.email, "Ben", two[0].email):
        assert private not in written


@pytest.fixture
def back_to(two, amara, ben, stranger):
    """Holds on three people; then the rows are put back to how they were before: as an older backup would."""
    User.objects.update(joined_at=clock.now() - DAY)

    def back(*lost, **columns):
        with transaction.atomic(), behind_the_back():
            LegalHold.objects.filter(pk__in=[hold.pk for hold in lost]).delete()
            if columns:
                LegalHold.objects.update(**columns)

    return back


def test_who_placed_and_confirmed_it_is_known_again_and_the_reason_is_not(back_to, two, amara):
    placed = hold("person", amara.pk, two[0])
    holds.confirm(placed, by=two[1])
    placed.refresh_from_db()
    assert (holds_again.write_down(), holds_again.write_down()) == (2, 0)
    back_to(placed)
    assert holds_again.bring_back() == holds_again.Done(placed=1, brought_up=1)
    again = LegalHold.objects.get()
    for column in ("kind", "number", "name", "placed_at", "placed_by", "confirmed_at", "confirmed_by", "released_at"):
        assert getattr(again, column) == getattr(placed, column), column
    assert "log of whoever placed it" in again.reason
    assert set(AccessRecord.objects.filter(what__endswith="again", person=None).values_list("what", flat=True)) == {
        "place legal hold again",
        "confirm legal hold again",
    }
    assert holds_again.write_down() == 0 and holds_again.bring_back() == holds_again.Done()


def test_a_hold_the_backup_has_keeps_its_reason_and_is_confirmed_again(back_to, two, amara):
    holds.confirm(hold("person", amara.pk, two[0]), by=two[1])
    holds_again.write_down()
    back_to(confirmed_by=None, confirmed_at=None)
    assert holds_again.bring_back() == holds_again.Done(brought_up=1)
    assert LegalHold.objects.values_list("confirmed_by", "reason").get() == (two[1].pk, WHY)


def test_what_two_people_ended_ends_again_and_makes_room_for_the_next(back_to, two, amara, ben):
    first, other = hold("person", amara.pk, two[0]), hold("person", ben.pk, two[0])
    for each in (first, other):
        holds.ask_to_end(each, reason="Settled.", by=two[1])
        each.refresh_from_db()
        holds.release(each, by=two[2])
    newer = hold("person", amara.pk, two[1])
    holds_again.write_down()
    back_to(other, newer, released_at=None, released_by=None, ending_at=None, ending_by=None, ending_reason="")
    assert holds_again.bring_back() == holds_again.Done(placed=1, brought_up=1)
    assert holds.numbers("person") == [amara.pk]
    ended = LegalHold.objects.get(pk=first.pk)
    assert (ended.ending_by, ended.released_by) == (two[1], two[2])
    assert holds_again.write_down() == 0


def test_a_number_that_was_given_again_is_not_held(back_to, two, amara, ben, stranger):
    """Whoever has it now came after the hold: it was on somebody else. The gap is said."""
    lost = [hold("person", each.pk, two[0]) for each in (amara, ben)]
    holds_again.write_down()
    back_to(*lost)
    User.objects.filter(pk=amara.pk).update(joined_at=clock.now())
    User.objects.filter(pk=ben.pk).delete()
    assert holds_again.bring_back().nowhere == [f"person {amara.pk}", f"person {ben.pk}"]
    out = io.StringIO()
    call_command("legal_holds", bring_back=True, stdout=out)
    assert f"A legal hold was on person {amara.pk}, which this backup does not have" in out.getvalue()
    assert not LegalHold.objects.exists() and retention.run().failed == []


def test_a_line_cut_short_is_written_again(back_to, two, amara):
    lost = hold("person", amara.pk, two[0])
    holds_again.write_down()
    file = lasting.place(holds_again.FILE)
    file.write_text(file.read_text()[:40])
    assert holds_again.write_down() == 1
    back_to(lost)
    assert holds_again.bring_back().placed == 1
