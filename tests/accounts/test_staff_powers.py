"""Powers that no page and no model changed: found by comparing, one line for each account, nothing for parents."""

import io

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection

from accounts import tasks
from accounts.models import StaffMember, User
from accounts.staff import actions, powers
from hub import operations
from hub.models import AccessRecord, Pulse

ABOUT = "user:{}"


def found() -> list[tuple[str, str]]:
    """The lines of one more look: about whom, and what."""
    last = AccessRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    tasks.compare_powers()
    rows = AccessRecord.objects.filter(pk__gt=last).order_by("pk")
    assert {row.what for row in rows} <= {powers.OUTSIDE} and {row.person_id for row in rows} <= {None}
    return [(row.about, row.reason) for row in rows]


def sql(words: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words, values)


@pytest.fixture
def lead(member):
    return member("Lena", "safeguarding-lead")


@pytest.fixture
def looked(staff, lead, amara, ben):
    """Everybody is known; and nothing has been changed since."""
    assert found() == []
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"is_superuser": True}, "+ is_superuser"),
        ({"is_staff": False}, "- is_staff"),
        ({"is_active": False}, "+ stopped"),
        ({"kind": "parent", "is_staff": False}, "- is_staff, - kind: staff"),
    ],
    ids=lambda changes: "+".join(changes) if isinstance(changes, dict) else "",
)
@pytest.mark.parametrize("how", ["sql", "update"])
def test_each_column_changed_by_a_statement_is_one_line(looked, staff, changes, told, how):
    if how == "sql":
        columns = ", ".join(f"{column} = %s" for column in changes)
        sql(f"UPDATE accounts_user SET {columns} WHERE id = %s", *changes.values(), staff.pk)
    else:
        User.objects.filter(pk=staff.pk).update(**changes)
    assert found() == [(ABOUT.format(staff.pk), told)]
    assert found() == []


def test_a_parent_made_staff_and_roles_given_and_taken(looked, staff, lead, amara):
    auditor, leads = (Group.objects.get(name=name) for name in ("Auditor", "Safeguarding lead"))
    may = Permission.objects.get(codename="view_accessrecord")
    sql("UPDATE accounts_user SET kind = 'staff', is_staff = %s WHERE id = %s", True, amara.pk)
    sql("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%s, %s)", staff.pk, auditor.pk)
    sql("DELETE FROM accounts_user_groups WHERE user_id = %s AND group_id = %s", lead.pk, leads.pk)
    sql("INSERT INTO accounts_user_user_permissions (user_id, permission_id) VALUES (%s, %s)", staff.pk, may.pk)
    assert sorted(found()) == sorted(
        [
            (ABOUT.format(amara.pk), "+ is_staff, + kind: staff"),
            (ABOUT.format(lead.pk), "- role: Safeguarding lead"),
            (ABOUT.format(staff.pk), "+ permission: view_accessrecord, + role: Auditor"),
        ]
    )
    assert found() == []


def test_what_pages_and_models_change_is_told_once_and_found_no_more(looked, staff, lead, member, amara):
    other = member("Olu", "auditor")
    actions.change_roles(staff, role_slugs=["helpdesk"], by=lead, reason="Monday")
    actions.change_roles(other, role_slugs=["content-editor"], by=lead, reason="Monday")
    actions.stop(other, by=lead, reason="Left")
    staff.groups.add(Group.objects.get(name="Auditor"))
    staff.user_permissions.add(Permission.objects.get(codename="view_accessrecord"))
    Group.objects.get(name="Helpdesk").user_set.clear()
    amara.is_superuser = True
    amara.save()
    lead.groups.clear()
    assert found() == []
    staff.user_permissions.clear()
    StaffMember.objects.get(pk=other.pk).delete()
    assert found() == []


def test_closing_and_erasing_parents_is_nobodys_powers(looked, amara, ben):
    User.objects.filter(pk=amara.pk).update(is_active=False)
    sql("UPDATE accounts_user SET kind = %s WHERE id = %s", "professional", ben.pk)
    assert found() == []


def test_a_change_by_a_page_does_not_cover_one_by_a_statement(looked, staff, lead):
    """Whoever makes themselves a superuser by SQL and has their roles changed by a page is found all the same."""
    User.objects.filter(pk=staff.pk).update(is_superuser=True)
    actions.change_roles(staff, role_slugs=["helpdesk"], by=lead, reason="Monday")
    actions.stop(staff, by=lead, reason="Left")
    assert found() == [(ABOUT.format(staff.pk), "+ is_superuser")]


def test_an_account_that_was_deleted_by_a_statement_is_a_line(looked, staff):
    pk = staff.pk
    EmailAddress.objects.filter(user=pk)._raw_delete("default")
    User.objects.filter(pk=pk)._raw_delete("default")
    assert found() == [(ABOUT.format(pk), "- is_staff, - kind: staff")]


def test_a_line_that_cannot_be_written_is_looked_for_again(looked, staff, monkeypatch):
    User.objects.filter(pk=staff.pk).update(is_superuser=True)

    def broken(**_more):
        raise RuntimeError("no record")

    monkeypatch.setattr("hub.audit.record", broken)
    with pytest.raises(RuntimeError):
        tasks.compare_powers()
    monkeypatch.undo()
    assert found() == [(ABOUT.format(staff.pk), "+ is_superuser")]


def test_how_the_hub_is_says_so_for_a_week(staff, looked, monkeypatch):
    def part():
        return next(each for each in operations.look() if each.name == "Powers of staff")

    assert part().is_well
    User.objects.filter(pk=staff.pk).update(is_superuser=True)
    tasks.compare_powers()
    tasks.compare_powers()
    assert not part().is_well and "changed outside the pages" in part().says
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("status", stdout=out)
    assert "changed outside the pages" in out.getvalue()
    pulse = Pulse.objects.get(name="powers")
    pulse.facts["differed_at"] = (pulse.at - operations.POWERS_DIFFERED).isoformat()
    pulse.save()
    assert part().is_well
    Pulse.objects.filter(name="powers").update(at=pulse.at - 2 * operations.POWERS_ARE_OLD)
    assert not part().is_well
