"""A backup locked to a public key: unreadable without the private one, and whole with it. The format is age's own."""

import shutil
import subprocess

import pyrage
import pytest
from django.core.management import call_command

from hub import backups, files, pulse
from parenting_plan import anchors
from tests.hub.test_backups import empty, make, places, restore  # noqa: F401  fixtures
from tests.parenting_plan import family

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key(settings, tmp_path):
    """A pair made here: the hub has the public half, this file the private one."""
    made = pyrage.x25519.Identity.generate()
    settings.HUB_BACKUP_RECIPIENT = str(made.to_public())
    file = tmp_path / "key.txt"
    file.write_text(f"# created: today\n# public key: {made.to_public()}\n{made}\n")
    return file


def test_a_locked_backup_comes_back_with_its_key_alone(amara, ben, key, empty, tmp_path):  # noqa: F811
    family.settle(family.share(family.start(amara), ben), amara, ben, family.HANDOVERS, "At the canary gate.")
    kept = files.keep(b"an agreed plan of the canary")
    anchors.write()
    made = make()
    locked = [place for place in made.folder.rglob("*") if place.is_file() and place.name != backups.LIST]
    assert len(locked) == 2
    for place in locked:
        assert place.read_bytes().startswith(b"age-encryption.org/v1") and b"canary" not in place.read_bytes()
    assert backups.finished(made.folder.parent) == [made.folder] and pulse.of("backup").good

    code, said = restore(made.folder, empty)
    assert code == 1 and "This backup is locked to age1" in said and "--key FILE" in said
    another = tmp_path / "another.txt"
    another.write_text(str(pyrage.x25519.Identity.generate()))
    assert "does not open" in restore(made.folder, empty, key=another)[1]
    code, said = restore(made.folder, empty, key=key, files=tmp_path / "elsewhere")
    assert code == 0 and "All as it was written." in said and "1 files brought back" in said
    assert (tmp_path / "elsewhere" / kept[:2] / kept).read_bytes() == b"an agreed plan of the canary"


def test_the_next_copy_links_what_is_locked_to_the_same_key_only(key, settings, monkeypatch):
    kept = files.keep(b"an agreed plan")
    first = make()
    monkeypatch.setattr(backups, "NAME", "hub-%Y%m%dT%H%M%SZ-laterZ")
    second = make()
    settings.HUB_BACKUP_RECIPIENT = str(pyrage.x25519.Identity.generate().to_public())
    monkeypatch.setattr(backups, "NAME", "hub-%Y%m%dT%H%M%SZ-muchlaterZ")
    third = make()
    one, two, three = ((made.folder / "files" / kept[:2] / kept).stat().st_ino for made in (first, second, third))
    assert one == two != three


def test_a_damaged_file_and_a_wrong_setting_are_refused(key, settings):
    kept = files.keep(b"an agreed plan")
    made = make()
    file = made.folder / "files" / kept[:2] / kept
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(backups.Trouble, match="is not a whole backup"):
        backups.check(made.folder, key)
    settings.HUB_BACKUP_RECIPIENT = "age1-nobody"
    with pytest.raises(backups.Trouble, match="HUB_BACKUP_RECIPIENT is not a public key"):
        make()
    assert not pulse.of("backup").good


def test_a_dump_that_fails_leaves_no_backup(key, monkeypatch, settings):
    monkeypatch.setattr(backups, "_typed", lambda name, *_: (["sh", "-c", "echo half; echo no room >&2; exit 3"], {}))
    with pytest.raises(backups.Trouble, match="no room"):
        make()
    assert backups.finished(settings.HUB_BACKUPS) == [] and list(settings.HUB_BACKUPS.iterdir()) == []


@pytest.mark.skipif(not shutil.which("age"), reason="age itself is not here")
def test_the_program_of_the_format_opens_it_too(key):
    made = make()
    dump = made.folder / "database.dump"
    plain = subprocess.run(["age", "--decrypt", "-i", key, dump], capture_output=True, check=True).stdout
    assert plain.startswith(b"PGDMP")


def test_the_drill_takes_the_key(amara, key):
    family.start(amara)
    anchors.write()
    make()
    call_command("restore_drill", key=key)
    assert pulse.of("drill").good
