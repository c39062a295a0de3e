"""Who opened or did what: on record or refused, never changed, and found again by auditors."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from hub import audit, clock
from hub.desk import auditing
from hub.models import AccessRecord
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

PAGE, FILE = "/staff/hub/accessrecord/", "/staff/hub/accessrecord/file/"


@pytest.fixture
def auditor(person, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    made = person("Audrey", kind="staff", is_staff=True)
    made.groups.set(Group.objects.filter(name="Auditor"))
    return made


@pytest.fixture
def desk(auditor, signed_in):
    return signed_in(auditor)


def line(person=None, what="read referral", about="referral:1", *, days_ago: float = 0) -> AccessRecord:
    made = audit.record(person=person, what=what, about=about)
    if days_ago:
        then = made.at - timedelta(days=days_ago)
        made = AccessRecord.objects.create(
            at=then, person=person, role=made.role, what=what, about=about, kept_until=made.kept_until
        )
    return made


# ---------------------------------------------------------------- the record stays as it is


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return "cannot be changed" in str(error)
    return False


def order(sql: str):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return run


def test_no_line_is_changed_or_goes_before_its_time(staff):
    line(staff)
    for change in (
        lambda: AccessRecord.objects.update(about="nothing"),
        lambda: AccessRecord.objects.all().delete(),
        lambda: AccessRecord.objects.all()._raw_delete("default"),
        lambda: AccessRecord.objects.update(kept_until=clock.now() - timedelta(days=1)),
        order("UPDATE hub_accessrecord SET person_id = NULL"),
        order("TRUNCATE hub_accessrecord"),
        order("DELETE FROM hub_accessrecord WHERE kept_until > now()"),
        order("SET LOCAL session_replication_role = replica; DELETE FROM hub_accessrecord"),
    ):
        assert refused(change)


def test_a_line_whose_time_is_past_may_go(staff):
    now = clock.now()
    facts = {"role": "staff", "what": "read", "about": "x", "at": now - timedelta(days=3000)}
    old = AccessRecord.objects.create(**facts, kept_until=now - timedelta(seconds=1))
    AccessRecord.objects.filter(pk=old.pk).delete()
    assert not AccessRecord.objects.filter(pk=old.pk).exists()


def test_a_line_stays_whole_when_the_account_is_gone(person, desk):
    leaver = person("Leaver", kind="staff", is_staff=True)
    kept, number = line(leaver), leaver.pk
    leaver.delete()
    kept.refresh_from_db()
    assert kept.person_id == number
    assert f"somebody whose account is gone ({number})" in desk.get(PAGE).content.decode()


def test_roles_are_kept_as_they_were_then(auditor):
    made = audit.record(person=auditor, what="read", about="x")
    auditor.groups.clear()
    made.refresh_from_db()
    assert made.role == "Auditor"


def test_a_line_says_how_long_it_stays(staff, settings):
    settings.HUB_AUDIT_DAYS = 10
    made = line(staff)
    assert made.kept_until - made.at == timedelta(days=10)


# ---------------------------------------------------------------- auditors find them


def shown(client, **asked) -> list[str]:
    return [row.about for row in client.get(PAGE, asked).context_data["rows"]]


def test_auditors_find_lines_by_person_act_thing_and_day(desk, staff, stranger):
    line(staff, "read referral", "referral:1", days_ago=3)
    line(staff, "pause plan", "plan:abc", days_ago=2)
    line(stranger, "read referral", "referral:2", days_ago=1)
    day = (clock.now() - timedelta(days=2)).date().isoformat()
    assert shown(desk, who=" STELLA@example.com ", what="read referral") == ["referral:1", "referral:1"]
    assert shown(desk, about="plan:abc", since=day, until=day) == ["plan:abc"]
    assert shown(desk, who="nobody@example.com") == []
    assert "Nothing on record fits" in desk.get(PAGE, {"who": "nobody@example.com"}).content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"who": "not an address"},
        {"since": "yesterday"},
        {"since": "2026-11-22", "until": "2026-11-01"},
        {"what": "' OR 1=1 --"},
        {"about": "x" * 500},
    ],
    ids=["who", "day", "backwards", "act", "long"],
)
def test_what_cannot_be_looked_for_is_told_beside_its_field(desk, staff, asked):
    line(staff, about="referral:77")
    answer = desk.get(PAGE, asked)
    assert answer.status_code == 422
    assert "Have another look" in answer.content.decode() and "referral:77" not in answer.content.decode()


def test_every_line_is_on_exactly_one_page(desk, staff):
    now = clock.now()
    facts = {"person": staff, "role": "staff", "what": "read", "kept_until": now + timedelta(days=9)}
    AccessRecord.objects.bulk_create(
        [AccessRecord(at=now - timedelta(seconds=number // 7), about=f"n:{number}", **facts) for number in range(120)]
    )
    found, address, pages = [], PAGE + "?what=read", 0
    while address:
        context = desk.get(address).context_data
        found += [row.about for row in context["rows"]]
        address, pages = PAGE + context["older"] if context["older"] else "", pages + 1
    assert pages == 3 and sorted(found) == sorted(f"n:{number}" for number in range(120))


def test_looking_is_on_record_and_says_nothing_of_what_was_looked_for(desk, auditor):
    desk.get(PAGE, {"who": "somebody.private@example.com"})
    made = AccessRecord.objects.get(person=auditor)
    assert (made.what, made.about) == ("read access records", "access records")


def test_a_page_takes_few_queries_however_many_acts_there_are(desk, staff, django_assert_max_num_queries):
    for number in range(5):
        line(staff, f"act {number}")
    desk.get(PAGE)
    with django_assert_max_num_queries(12):
        desk.get(PAGE)


# ---------------------------------------------------------------- and as a file


def fresh(client) -> None:
    """They type their password once more."""
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302


def test_a_file_asks_for_the_password_first(desk):
    assert desk.get(FILE)["Location"].startswith(reverse("account_reauthenticate"))
    assert not AccessRecord.objects.filter(what="export access records").exists()


def test_it_is_told_which_member_of_staff_something_was_done_to_and_no_parent_by_address(desk, staff, amara, person):
    cora = person("Cora", kind="staff", is_staff=True)
    line(staff, "change roles", f"user:{cora.pk}")
    line(staff, "read person", f"user:{amara.pk}")
    line(staff, "name own case", f"user:{staff.pk} conflict:7")
    page = desk.get(PAGE).content.decode()
    assert f"user:{cora.pk} (cora@example.com)" in page and f"user:{staff.pk} conflict:7 (stella@example.com)" in page
    assert f"<td>user:{amara.pk}</td>" in page and "amara@example.com" not in page
    fresh(desk)
    rows = list(csv.DictReader(io.StringIO(desk.get(FILE).content.decode("utf-8-sig"))))
    assert [row["to whom"] for row in rows if row["what"] in {"change roles", "read person"}] == ["", cora.email]


def test_a_file_holds_what_the_page_shows_and_no_formula(desk, staff):
    line(staff, "read referral", "=cmd|' /C calc'!A0")
    line(staff, "pause plan", "plan:abc")
    fresh(desk)
    answer = desk.get(FILE, {"what": "read referral"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == auditing.HEADINGS
    assert [(row[1], row[3], row[4]) for row in rows[1:]] == [
        ("stella@example.com", "read referral", "'=cmd|' /C calc'!A0")
    ]
    assert AccessRecord.objects.filter(what="export access records", about="access records:1").count() == 1


def test_only_who_may_export_gets_a_file(desk, auditor):
    auditor.groups.clear()
    auditor.user_permissions.set(
        [each for each in Group.objects.get(name="Auditor").permissions.all() if each.codename == "view_accessrecord"]
    )
    fresh(desk)
    assert desk.get(FILE).status_code == 403
    assert "Save these as a file" not in desk.get(PAGE).content.decode()


def test_a_record_that_cannot_be_written_refuses_the_page(desk):
    order("ALTER TABLE hub_accessrecord ADD CONSTRAINT full_up CHECK (what <> 'read access records')")()
    desk.raise_request_exception = False
    with transaction.atomic():
        answer = desk.get(PAGE)
        transaction.set_rollback(True)
    assert answer.status_code == 500
