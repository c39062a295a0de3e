"""Each change of what staff may do is on record, whichever way it came: written by the database, once for auditors."""

import io
from datetime import timedelta

import psycopg
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from accounts import roles
from accounts.models import StaffInvitation, User
from accounts.staff import actions, powers
from hub import audit, clock, keeping, operations
from hub.desk.auditing import Find
from hub.models import AccessRecord
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_looking_after import app_code, sure
from tests.roles import web_role

pytestmark = pytest.mark.django_db
really_commits = pytest.mark.django_db(transaction=True)

SECRET = "JBSWY3DPEHPK3PXP"


def told() -> None:
    """Triggers that wait for the end of the transaction have done their work, as if it were there."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def new():
    """new(): each line since the last call, as (what, about, reason)."""
    seen = [0]

    def read():
        told()
        rows = list(AccessRecord.objects.filter(pk__gt=seen[0]).order_by("pk"))
        seen[0] = rows[-1].pk if rows else seen[0]
        return [(row.what, row.about, row.reason) for row in rows]

    return read


@pytest.fixture
def behind(new):
    """behind(): about whom, and what, of the lines since the last call; all must be of changes behind the pages."""

    def read():
        found = new()
        assert {what for what, _about, _reason in found} <= {audit.BEHIND}
        return [(about, reason) for _what, about, reason in found]

    return read


@pytest.fixture
def known(staff, lead, amara, new):
    """People of every kind; what made them is read."""
    new()


def sql(words: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words, values)


def of(person) -> str:
    return f"user:{person.pk}"


def shown(person) -> list[str]:
    """The lines about this person that an auditor sees who asks for nothing special, oldest first."""
    told()
    form = Find({"about": of(person)}, [])
    assert form.is_valid()
    return [row.what for row in form.rows(person)][::-1]


# ---------------------------------------------------------------- behind the pages


COLUMNS = {
    "superuser": ({"is_superuser": True}, "+ is_superuser"),
    "no staff": ({"is_staff": False}, "- is_staff"),
    "stopped": ({"is_active": False}, "+ stopped"),
    "a parent": ({"kind": "parent", "is_staff": False}, "- is_staff, - kind: staff"),
    "address": ({"email": "else@work.example"}, "+ another address"),
}


@pytest.mark.parametrize("changed", COLUMNS)
@pytest.mark.parametrize("how", ["sql", "update", "save"])
def test_each_column_is_one_line_whichever_way_it_changed(known, staff, behind, changed, how):
    changes, told = COLUMNS[changed]
    if how == "sql":
        columns = ", ".join(f"{column} = %s" for column in changes)
        sql(f"UPDATE accounts_user SET {columns} WHERE id = %s", *changes.values(), staff.pk)
    elif how == "update":
        User.objects.filter(pk=staff.pk).update(**changes)
    else:
        for name, value in changes.items():
            setattr(staff, name, value)
        staff.save()
    assert behind() == [(of(staff), told)]
    line = AccessRecord.objects.get(what=audit.BEHIND, about=of(staff), reason=told)
    assert line.role == f"database role {connection.settings_dict['USER']}" and line.person_id is None
    assert line.kept_until - line.at > timedelta(days=7 * 365)


def test_what_is_given_and_taken_back_in_one_transaction_is_two_lines(known, staff, behind):
    auditor = Group.objects.get(name="Auditor")
    with transaction.atomic():
        User.objects.filter(pk=staff.pk).update(is_superuser=True)
        staff.groups.add(auditor)
        staff.groups.remove(auditor)
        User.objects.filter(pk=staff.pk).update(is_superuser=False)
    told = ["+ is_superuser", "+ role: Auditor", "- role: Auditor", "- is_superuser"]
    assert behind() == [(of(staff), each) for each in told]


@really_commits
def test_what_is_given_and_taken_back_in_two_transactions_is_two_lines(known, staff, behind):
    sql("UPDATE accounts_user SET is_superuser = true WHERE id = %s", staff.pk)
    sql("UPDATE accounts_user SET is_superuser = false WHERE id = %s", staff.pk)
    assert behind() == [(of(staff), "+ is_superuser"), (of(staff), "- is_superuser")]


def test_what_did_not_happen_is_no_line(known, staff, behind):
    with transaction.atomic():  # a savepoint
        User.objects.filter(pk=staff.pk).update(is_superuser=True)
        transaction.set_rollback(True)
    staff.first_name = "Stell"
    staff.save()
    sql("UPDATE accounts_user SET is_superuser = false, password = 'x', last_login = now() WHERE id = %s", staff.pk)
    assert behind() == []


def test_roles_and_permissions_of_one_person(known, staff, lead, amara, behind):
    auditor, leads = (Group.objects.get(name=name) for name in ("Auditor", "Safeguarding lead"))
    may = Permission.objects.get(codename="view_accessrecord")
    sql("UPDATE accounts_user SET kind = 'staff', is_staff = true WHERE id = %s", amara.pk)
    sql("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%s, %s)", staff.pk, leads.pk)
    sql("UPDATE accounts_user_groups SET group_id = %s WHERE user_id = %s", auditor.pk, staff.pk)
    sql("DELETE FROM accounts_user_groups WHERE user_id = %s", lead.pk)
    staff.user_permissions.add(may)
    staff.groups.clear()
    assert behind() == [
        (of(amara), "+ is_staff, + kind: staff"),
        (of(staff), "+ role: Safeguarding lead"),
        (of(staff), "- role: Safeguarding lead"),
        (of(staff), "+ role: Auditor"),
        (of(lead), "- role: Safeguarding lead"),
        (of(staff), "+ permission: hub.view_accessrecord"),
        (of(staff), "- role: Auditor"),
    ]


def test_two_accounts_that_change_places_are_two_lines(known, staff, lead, behind):
    """The roles stay with the number: whoever takes another's number takes their roles."""
    low, high = sorted([staff.pk, lead.pk])
    with transaction.atomic():
        for before, after in ((low, -1), (high, low), (-1, high)):
            sql("UPDATE accounts_user SET id = %s WHERE id = %s", after, before)
    assert behind() == [(f"user:{pk}", "+ another number") for pk in (-1, low, high)]


def test_second_steps_of_staff(known, staff, amara, behind):
    TOTP.activate(staff, SECRET)
    TOTP.activate(amara, SECRET)
    RecoveryCodes.activate(staff)
    Authenticator.objects.filter(type="totp").update(data={"secret": "else"})
    Authenticator.objects.filter(user=amara).update(last_used_at=clock.now())
    codes = Authenticator.objects.get(user=staff, type="recovery_codes")
    codes.data["used_mask"] = 1
    codes.save()
    Authenticator.objects.all()._raw_delete("default")
    told = ["+ second step: totp", "+ second step: recovery_codes", "- second step: totp", "+ second step: totp"]
    told += ["- second step: recovery_codes", "- second step: totp"]
    assert sorted(behind()) == sorted((of(staff), each) for each in told)


def test_an_account_that_comes_or_goes(known, staff, behind):
    made = User.objects.create_superuser("root@example.com", "Root", PASSWORD)
    assert behind() == [(of(made), "+ is_staff, + is_superuser, + kind: staff")]
    gone = of(staff)
    EmailAddress.objects.filter(user=staff)._raw_delete("default")
    User.objects.filter(pk=staff.pk)._raw_delete("default")
    assert behind() == [(gone, "- is_staff, - kind: staff")]


def test_nothing_of_it_for_parents(known, amara, ben, behind):
    amara.is_active = False
    amara.save()
    sql("UPDATE accounts_user SET kind = 'professional', email = 'new@example.com' WHERE id = %s", ben.pk)
    User.objects.filter(pk=amara.pk).delete()
    assert behind() == []


# ---------------------------------------------------------------- by a page


@really_commits
def test_each_act_of_a_page_is_exactly_one_line_for_auditors(lead, member, settings):
    """And whoever asks for it finds what the database saw beside each."""
    other = member("Olu", "auditor")
    TOTP.activate(other, SECRET)
    before = len(shown(other))
    actions.change_roles(other, role_slugs=["content-editor"], by=lead, reason="Monday")
    actions.take_second_step_away(other, by=lead, reason="Lost")
    actions.stop(other, by=lead, reason="Left")
    invitation = actions.invite(email=other.email, role_slugs=["helpdesk"], reason="Back", by=lead)
    actions.accept(invitation, first_name="Olu", password=PASSWORD)
    User.objects.filter(pk=other.pk).update(joined_at=clock.now() - timedelta(days=90))
    actions.look_for_unused()
    told = ["change roles", "take second step away", "stop staff account", "accept staff invitation"]
    assert shown(other)[before:] == [*told, "end unused staff account"]
    seen = AccessRecord.objects.filter(what=audit.SEEN, about=of(other)).order_by("pk")
    assert [row.reason for row in seen] == [
        "- role: Auditor",
        "+ role: Content editor",
        "- second step: totp",
        "+ stopped",
        "- stopped",
        "- role: Content editor",
        "+ role: Helpdesk",
        "+ stopped",
    ]


@really_commits
def test_who_is_new_is_one_line_too(lead):
    invitation = actions.invite(email="nora@work.example", role_slugs=["helpdesk"], reason="New", by=lead)
    nora = actions.accept(invitation, first_name="Nora", password=PASSWORD)
    assert shown(nora) == ["accept staff invitation"]
    assert StaffInvitation.objects.get().outcome == "accepted"


@really_commits
def test_pages_of_ones_own_second_step_are_one_line_for_each(known, staff):
    browser = Client()
    browser.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    sure(browser)
    before = len(shown(staff))
    secret = browser.get("/accounts/second-step/app/add/").context["form"].secret
    browser.post("/accounts/second-step/app/add/", {"code": app_code(secret)})
    browser.post("/accounts/second-step/codes/new/")
    browser.post("/accounts/second-step/app/remove/")
    added, removed = ["add second step"] * 2, ["remove second step"] * 2
    assert shown(staff)[before:] == [*added, "make new spare codes", *removed]
    reasons = AccessRecord.objects.filter(what="add second step").order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["TOTP Authenticator", "Recovery codes"]


@really_commits
def test_a_new_address_is_one_line(known, staff, code_sent):
    browser = Client()
    browser.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    sure(browser)
    before = len(shown(staff))
    browser.post("/accounts/email/", {"email": "stella@new.example"})
    browser.post("/accounts/confirm-email/", {"code": code_sent("stella@new.example")})
    assert User.objects.get(pk=staff.pk).email == "stella@new.example"
    assert shown(staff)[before:] == ["change address"]


@pytest.mark.parametrize("page", ["app", "password"])
def test_what_opens_the_account_does_not_change_without_its_line(known, staff, monkeypatch, page):
    browser = Client(raise_request_exception=False)
    browser.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    sure(browser)
    secret = browser.get("/accounts/second-step/app/add/").context["form"].secret

    def broken(**_more):
        raise RuntimeError("no record")

    monkeypatch.setattr("hub.audit.record", broken)
    if page == "app":
        answer = browser.post("/accounts/second-step/app/add/", {"code": app_code(secret)})
    else:
        typed = {"oldpassword": PASSWORD, "password1": "seven kettles under a bridge"}
        answer = browser.post("/accounts/password/change/", typed)
    assert answer.status_code == 500
    assert not Authenticator.objects.exists() and User.objects.get(pk=staff.pk).check_password(PASSWORD)


# ---------------------------------------------------------------- by somebody who would hide it


@really_commits
def test_a_line_of_an_earlier_act_or_of_another_kind_hides_nothing(known, staff, lead, new):
    actions.change_roles(staff, role_slugs=["helpdesk"], by=lead, reason="Monday")
    new()
    with transaction.atomic():
        audit.record(person=lead, what="read staff member", about=of(staff))
        audit.record(person=lead, what="change roles", about=of(lead))
        User.objects.filter(pk=staff.pk).update(is_superuser=True)
    assert new()[-1] == (audit.BEHIND, of(staff), "+ is_superuser")


@pytest.fixture
def web(transactional_db, known):
    """Typed SQL, as the web's own role."""
    with web_role() as address, psycopg.connect(address["app"], autocommit=True) as database:
        yield database


FORGED = (
    "INSERT INTO hub_accessrecord (at, person_id, role, what, about, reason, kept_until)"
    " VALUES (clock_timestamp() + %s * interval '1 day', %s, 'Lead', 'change roles', %s, '+ Helpdesk', now())"
)


def test_whoever_forges_the_line_of_a_page_leaves_it_and_the_truth(web, staff, lead, new):
    with web.transaction():
        web.execute(FORGED, (0, lead.pk, of(staff)))
        web.execute("UPDATE accounts_user SET is_superuser = true WHERE id = %s", (staff.pk,))
    assert new() == [("change roles", of(staff), "+ Helpdesk"), (audit.SEEN, of(staff), "+ is_superuser")]
    assert AccessRecord.objects.get(what=audit.SEEN).role == "database role test_app"


def test_one_forged_line_does_not_hide_what_comes_after_it(web, staff, lead, behind, new):
    web.execute(FORGED, (30, lead.pk, of(staff)))
    new()
    web.execute("UPDATE accounts_user SET is_superuser = true WHERE id = %s", (staff.pk,))
    assert behind() == [(of(staff), "+ is_superuser")]


def test_settings_and_tables_of_ones_own_hide_nothing(web, staff, behind):
    with web.transaction():
        web.execute("SET CONSTRAINTS ALL IMMEDIATE")
        web.execute("SET LOCAL search_path = pg_temp, public")
        web.execute("CREATE TEMP TABLE hub_accessrecord (LIKE public.hub_accessrecord)")
        web.execute("CREATE TEMP TABLE accounts_user_groups (LIKE public.accounts_user_groups)")
        web.execute("UPDATE public.accounts_user SET is_superuser = true WHERE id = %s", (staff.pk,))
        web.execute("UPDATE public.accounts_user SET is_superuser = false WHERE id = %s", (staff.pk,))
    assert behind() == [(of(staff), "+ is_superuser"), (of(staff), "- is_superuser")]


ATTACKS = (
    "ALTER TABLE accounts_user DISABLE TRIGGER ALL",
    "DROP TRIGGER hub_keep_power_update_accounts_user ON accounts_user",
    "SET session_replication_role = replica",
    "TRUNCATE accounts_user_groups",
    "CREATE OR REPLACE FUNCTION hub_keep_power_accounts_user() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RETURN NULL; END $$",
    "ALTER FUNCTION hub_keep_power_accounts_user RESET search_path",
    "UPDATE hub_accessrecord SET reason = ''",
    "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT 1, 1",
    "UPDATE auth_permission SET codename = 'x'",
    "UPDATE auth_group SET name = 'x'",
    "DELETE FROM django_content_type",
)


def test_the_webs_role_can_neither_silence_it_nor_change_what_roles_mean(web, staff):
    for attack in ATTACKS:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(attack)
    web.execute("UPDATE accounts_user SET is_superuser = true WHERE id = %s", (staff.pk,))
    with pytest.raises(psycopg.errors.IntegrityError, match="cannot be changed"):
        web.execute("DELETE FROM hub_accessrecord WHERE what = %s", (audit.BEHIND,))
    assert AccessRecord.objects.filter(what=audit.BEHIND, reason="+ is_superuser").exists()


def test_a_process_does_not_start_without_the_triggers():
    assert set(keeping.WATCHED) == {watched.table for watched in powers.WATCHED}
    assert keeping.missing() == []
    with transaction.atomic():
        sql("DROP TRIGGER hub_keep_power_insert_accounts_user_groups ON accounts_user_groups")
        sql("CREATE OR REPLACE FUNCTION hub_keep_power_auth_group() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$")  # fmt: skip
        assert keeping.missing() == ["accounts_user_groups", "auth_group"]
        transaction.set_rollback(True)


# ---------------------------------------------------------------- what roles may do


@really_commits
def test_what_migrate_puts_right_is_one_line(known, new):
    with transaction.atomic():
        Group.objects.get(name="Facilitator").permissions.add(Permission.objects.get(codename="view_referral"))
        Group.objects.get(name="Helpdesk").permissions.clear()
        Group.objects.create(name="Friends of the house")
    helpdesk = sorted(roles.by_slug()["helpdesk"].may)
    assert sorted(new()) == sorted(
        [
            (audit.BEHIND, "role:Facilitator", "+ permission: programmes.view_referral"),
            *((audit.BEHIND, "role:Helpdesk", f"- permission: {each}") for each in helpdesk),
            (audit.BEHIND, "role:Friends of the house", "+ role"),
        ]
    )
    call_command("migrate", verbosity=0)
    [(what, about, reason)] = new()
    assert (what, about) == (powers.TOLD_BY_MIGRATE, "roles")
    gone = "Facilitator: - programmes.view_referral; Friends of the house: -; Helpdesk: "
    assert reason == gone + ", ".join(f"+ {each}" for each in helpdesk)
    call_command("migrate", verbosity=0)
    assert new() == []


# ---------------------------------------------------------------- how the hub is


def test_how_the_hub_is_says_so_for_a_week(staff, lead):
    def part(now):
        return operations._powers(now)

    told()
    said = AccessRecord.objects.filter(what=audit.BEHIND)
    now = clock.now()
    assert said.exists() and not part(now).is_well and "changed outside the pages" in part(now).says
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("status", stdout=out)
    assert "changed outside the pages" in out.getvalue()
    assert part(now + operations.POWERS_DIFFERED + timedelta(minutes=1)).is_well
