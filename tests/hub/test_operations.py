"""How the hub is, said in sentences: to staff who may see it, and to a terminal."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from hub import files, mail, operations, pulse
from hub.models import OutgoingMail, Pulse

PAGE = "/staff/hub/pulse/"
PARTS = ("record", "anchor", "backup", "drill", "worker", "retention", "closed", "holds")
NEEDED = set(PARTS) - {"worker", "closed", "holds"}  # these are well as long as they run


def all_well():
    for name in PARTS:
        pulse.mark(name, plans=3, number=7, seconds=2)


@pytest.fixture(autouse=True)
def disk(monkeypatch):
    """This machine's own disk is nothing to these tests."""
    monkeypatch.setattr(files, "room", lambda: 50)


def parts() -> dict[str, operations.Part]:
    return {part.name: part for part in operations.look()}


@pytest.fixture
def operator(staff, signed_in, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.user_permissions.set(Permission.objects.filter(codename="view_pulse"))
    return signed_in(staff)


def test_when_all_is_well_there_is_nothing_to_do(operator):
    all_well()
    assert all(part.is_well for part in operations.look())
    page = operator.get(PAGE).content.decode()
    assert "All is well." in page and "Every plan is as it was written: 3 looked at" in page


def test_on_the_first_day_it_says_what_to_do_first(operator):
    page = operator.get(PAGE).content.decode()
    for said in ("It has not been checked yet.", "manage.py verify_record", "There is no backup yet."):
        assert said in page


@pytest.mark.parametrize(
    ("name", "age", "part"),
    [
        ("record", timedelta(hours=27), "The record of plans"),
        ("anchor", timedelta(hours=3), "Anchors of the record"),
        ("backup", timedelta(hours=27), "Backups"),
        ("drill", timedelta(days=9), "Bringing a backup back"),
        ("retention", timedelta(hours=27), "What may not be kept"),
        ("worker", timedelta(minutes=6), "Worker"),
        ("closed", timedelta(hours=2), "Closed accounts and legal holds"),
        ("holds", timedelta(hours=2), "Closed accounts and legal holds"),
    ],
)
def test_what_is_old_or_failed_asks_for_somebody(db, name, age, part):
    all_well()
    Pulse.objects.filter(name=name).update(at=timezone.now() - age)
    assert [found for found, one in parts().items() if not one.is_well] == [part]
    Pulse.objects.filter(name=name).update(at=timezone.now(), good=name not in NEEDED)
    assert [found for found, one in parts().items() if not one.is_well] == ([part] if name in NEEDED else [])


def test_mail_that_is_late_or_given_up_asks_for_somebody(db):
    all_well()
    mail.put(kind="hub/news", key="one", to="a@example.com", facts={"path": "/join/"})
    assert parts()["Mail"].is_well
    OutgoingMail.objects.update(due_at=timezone.now() - timedelta(minutes=3))
    assert "has waited" in parts()["Mail"].says
    OutgoingMail.objects.update(state="dead")
    assert parts()["Mail"].says == "1 mail was given up."


def test_only_who_has_the_permission_sees_it(staff, signed_in, amara, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    assert signed_in(staff).get(PAGE).status_code == 403
    assert signed_in(amara).get(PAGE).status_code in {302, 403, 404}


def test_a_terminal_is_told_the_same_and_a_watcher_by_the_code(db):
    all_well()
    out = io.StringIO()
    call_command("status", stdout=out)
    assert "ok   Backups: The last backup was made" in out.getvalue()
    Pulse.objects.filter(name="backup").update(good=False)
    with pytest.raises(SystemExit) as ended:
        call_command("status", stdout=out)
    assert ended.value.code == 1 and "LOOK Backups" in out.getvalue()
