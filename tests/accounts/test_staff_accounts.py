"""Staff accounts: invited, given roles, stopped, and ended when nobody uses them (trust T14)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.models import StaffInvitation, StaffMember, User
from accounts.staff import actions
from accounts.staff.emails import path_of
from hub import clock
from hub.models import AccessRecord, OutgoingMail
from tests.accounts.conftest import PASSWORD
from tests.racing import at_once

STAFF = "/staff/accounts/staffmember/"
CAME_IN = "/account/staff-invitation/"
NEW = {"first_name": "Nora", "password": "seven kettles under a bridge"}


@pytest.fixture
def desk(open_door, signed_in, lead):
    """The safeguarding lead, at the staff pages."""
    return signed_in(lead)


def invited(lead, email="nora@example.com", roles=("helpdesk",), **more):
    return actions.invite(email=email, role_slugs=roles, reason="She starts on Monday.", by=lead, **more)


def come_in(path: str, **typed) -> Client:
    browser = Client()
    assert browser.get(path)["Location"] == CAME_IN
    browser.post(CAME_IN, NEW | typed)
    return browser


# ---------------------------------------------------------------- inviting


def test_an_invitation_is_written_down_and_mailed_once(desk, lead, letters, on_record):
    typed = {"email": "Nora@Example.com ", "roles": ["helpdesk", "auditor"], "reason": "She starts on Monday."}
    assert desk.post(f"{STAFF}add/", typed)["Location"] == STAFF
    made = StaffInvitation.objects.get()
    assert (made.email, made.roles, made.by) == ("nora@example.com", ["helpdesk", "auditor"], lead)
    assert made.expires_at - made.created_at == timedelta(days=7)
    about = f"staff-invitation:{made.pk}"
    assert on_record() == [("Lena", "invite staff", about, "Helpdesk, Auditor. She starts on Monday.")]
    letter = letters()[0]
    assert (letter.to, letter.subject) == (["nora@example.com"], "You have an update")
    assert path_of(made) in letter.body
    assert not [
        word for word in ("Helpdesk", "Lena", "staff", "Nora") if word in letter.body.replace(path_of(made), "")
    ]
    page = desk.get(STAFF).content.decode()
    assert "nora@example.com" in page and "Send a new link" in page


def test_the_token_stands_in_no_table(lead, letters):
    made = invited(lead)
    letters()
    row = StaffInvitation.objects.filter(pk=made.pk).values().get()
    assert made.token() not in str(row) + str(OutgoingMail.objects.values().get())
    assert len(made.token()) == 43


def test_the_invited_person_comes_in_and_no_staff_page_opens_before_the_second_step(lead, settings):
    settings.HUB_STAFF_SECOND_STEP = True
    browser = come_in(path_of(invited(lead)))
    nora = User.objects.get(email="nora@example.com")
    assert (nora.kind, nora.is_staff, nora.is_superuser, nora.first_name) == ("staff", True, False, "Nora")
    assert [group.name for group in nora.groups.all()] == ["Helpdesk"]
    assert EmailAddress.objects.filter(user=nora, verified=True, primary=True).count() == 1
    assert browser.get("/account/").status_code == 200
    for path in ("", "accounts/user/", "accounts/conflict/", "hub/outgoingmail/"):
        assert browser.get(f"/staff/{path}").status_code == 302
    assert browser.get("/staff/login/")["Location"] == "/accounts/second-step/"
    assert browser.get("/accounts/second-step/app/add/").status_code == 200  # at once, without asking again


def test_the_token_leaves_the_address_bar_and_works_once(lead):
    path = path_of(invited(lead))
    answer = Client().get(path)
    assert (answer["Location"], answer["Referrer-Policy"]) == (CAME_IN, "no-referrer")
    come_in(path)
    for browser in (Client(), come_in(path_of(invited(lead, "other@example.com")))):
        assert browser.get(path).status_code == 404
    assert Client().get(CAME_IN).status_code == 404


@pytest.mark.parametrize("end", ["replaced", "called off", "run out", "taken by a parent", "unknown"])
def test_a_link_that_is_over_opens_nothing(lead, person, end):
    made = invited(lead)
    browser = Client()
    browser.get(path_of(made))
    match end:
        case "replaced":
            actions.send_again(made, by=lead)
        case "called off":
            actions.call_off(made, by=lead)
        case "run out":
            StaffInvitation.objects.update(expires_at=clock.now())
        case "taken by a parent":
            person("Nora")
        case "unknown":
            StaffInvitation.objects.update(secret_hash="0" * 64, expires_at=clock.now())
    assert browser.post(CAME_IN, NEW).status_code == 404
    assert not StaffMember.objects.filter(email="nora@example.com").exists()
    if end != "taken by a parent":
        assert Client().get(path_of(made)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "short"}, "Use 10 characters or more"),
        ({"password": "nora@example.com"}, "This password could be guessed"),
        ({"first_name": ""}, "Enter the name you would like to be called"),
    ],
)
def test_a_weak_password_is_refused_and_uses_nothing_up(lead, typed, said):
    browser = Client()
    browser.get(path_of(invited(lead)))
    assert said in browser.post(CAME_IN, NEW | typed).content.decode()
    assert StaffInvitation.objects.get().outcome == ""
    browser.post(CAME_IN, NEW)
    assert StaffInvitation.objects.get().outcome == "accepted"


def test_whoever_was_signed_in_as_a_parent_is_not_any_more(lead, signed_in, amara):
    browser = signed_in(amara)
    browser.get(path_of(invited(lead)))
    browser.post(CAME_IN, NEW)
    assert browser.get("/account/").context["user"].email == "nora@example.com"


@pytest.mark.parametrize("kind", ["parent", "professional"])
def test_an_address_of_a_parent_or_professional_cannot_be_invited(desk, person, kind):
    person("Nora", kind=kind)
    typed = {"email": "NORA@example.com", "roles": ["helpdesk"], "reason": "Monday"}
    answer = desk.post(f"{STAFF}add/", typed)
    assert answer.status_code == 422
    assert "Use their work address" in answer.content.decode()
    assert not StaffInvitation.objects.exists()


def test_only_work_addresses_where_domains_are_named(desk, settings):
    settings.HUB_STAFF_DOMAINS = ["work.example"]
    typed = {"roles": ["helpdesk"], "reason": "Monday"}
    assert desk.post(f"{STAFF}add/", typed | {"email": "nora@example.com"}).status_code == 422
    assert desk.post(f"{STAFF}add/", typed | {"email": "nora@not-work.example"}).status_code == 422
    assert desk.post(f"{STAFF}add/", typed | {"email": "nora@work.example"}).status_code == 302


def test_calling_off_and_sending_again(desk, lead, on_record):
    first = invited(lead)
    assert "Send a new link?" in desk.get(f"{STAFF}invitation/{first.pk}/send-again/").content.decode()
    desk.post(f"{STAFF}invitation/{first.pk}/send-again/")
    second = StaffInvitation.objects.get(outcome="")
    assert second.pk != first.pk and second.roles == first.roles
    desk.post(f"{STAFF}invitation/{second.pk}/call-off/")
    assert not StaffInvitation.objects.filter(outcome="").exists()
    desk.post(f"{STAFF}invitation/{second.pk}/call-off/")  # twice is once
    desk.post(f"{STAFF}invitation/{second.pk}/send-again/")
    assert [what for _who, what, _about, _why in on_record()] == [
        "invite staff", "invite staff", "call staff invitation off",
    ]  # fmt: skip


def test_the_operator_invites_the_first_one_from_the_server(db, capsys):
    call_command("invite_staff", "first@example.com", "--role", "safeguarding-lead", "--show")
    path = path_of(StaffInvitation.objects.get())
    assert path in capsys.readouterr().out
    come_in(path, first_name="First")
    assert User.objects.get(email="first@example.com").has_perm("accounts.manage_staff")
    assert AccessRecord.objects.get(what="invite staff").person is None
    with pytest.raises(CommandError, match="already"):
        call_command("invite_staff", "first@example.com", "--role", "auditor")


# ---------------------------------------------------------------- roles


def test_roles_are_changed_after_one_more_look(desk, member, lead, on_record):
    stella = member("Stella", "helpdesk")
    path, typed = f"{STAFF}{stella.pk}/roles/", {"roles": ["auditor"], "reason": "She moves to audit."}
    page = desk.post(path, typed).content.decode()
    assert "They get" in page and "They lose" in page
    assert stella.groups.get().name == "Helpdesk"
    assert 'name="seen" value="helpdesk"' in page
    assert desk.post(path, typed | {"confirmed": "yes", "seen": ["helpdesk"]}).status_code == 302
    assert stella.groups.get().name == "Auditor"
    change = ("Lena", "change roles", f"user:{stella.pk}", "+ Auditor, - Helpdesk. She moves to audit.")
    read = ("Lena", "read staff member", f"user:{stella.pk}", "")  # the page that asks once more says whom
    assert on_record() == [read, change]
    assert "She moves to audit." in desk.get(f"{STAFF}{stella.pk}/change/").content.decode()


def test_an_old_page_does_not_undo_what_a_colleague_changed(desk, member, lead):
    stella = member("Stella", "helpdesk")
    typed = {"roles": ["helpdesk", "facilitator"], "reason": "She leads workshops.", "seen": ["helpdesk"]}
    olga = member("Olga", "safeguarding-lead")
    actions.change_roles(stella, role_slugs=["auditor"], by=olga, reason="She moves to audit.")
    answer = desk.post(f"{STAFF}{stella.pk}/roles/", typed | {"confirmed": "yes"}, follow=True)
    assert "A colleague has changed their roles since you looked." in answer.content.decode()
    assert stella.groups.get().name == "Auditor"


def test_who_does_not_look_after_staff_any_more_leaves_no_invitation_open(lead, member):
    """Nor one that was for somebody who is stopped."""
    olga = member("Olga", "safeguarding-lead")
    invited(olga, "nora@work.example")
    actions.change_roles(olga, role_slugs=["auditor"], by=lead, reason="No longer.")
    assert StaffInvitation.objects.get().outcome == "called_off"
    with pytest.raises(actions.InvitationGone):
        actions.accept(StaffInvitation.objects.get(), **NEW)
    StaffInvitation.objects.update(email=olga.email, outcome="", by=lead)
    actions.stop(olga, by=lead, reason="Left")
    assert StaffInvitation.objects.get().outcome == "called_off"


def test_coming_back_gives_the_roles_of_the_invitation_and_nothing_from_before(lead, member):
    stella = member("Stella", "auditor")
    stella.user_permissions.add(Permission.objects.get(codename="manage_staff"))
    User.objects.filter(pk=stella.pk).update(is_superuser=True)
    actions.stop(stella, by=lead, reason="Left")
    actions.accept(invited(lead, stella.email), **NEW)
    back = User.objects.get(pk=stella.pk)
    assert back.groups.get().name == "Helpdesk"
    assert not back.is_superuser and not back.has_perm("accounts.manage_staff")


@pytest.mark.parametrize("act", ["roles", "stop", "second-step"])
def test_nobody_does_anything_to_themselves(desk, lead, member, act):
    member("Olga", "safeguarding-lead")
    TOTP.activate(lead, "JBSWY3DPEHPK3PXP")
    typed = {"roles": ["auditor", "safeguarding-lead"], "reason": "Because", "confirmed": "yes"}
    desk.post(f"{STAFF}{lead.pk}/{act}/", typed)
    lead.refresh_from_db()
    assert lead.is_active and lead.groups.get().name == "Safeguarding lead"
    assert Authenticator.objects.filter(user=lead).exists()
    assert "your own account" in desk.get(f"{STAFF}{lead.pk}/change/").content.decode()


@pytest.mark.parametrize("who", ["auditor", "helpdesk", "programme-coordinator", "facilitator", "content-editor"])
def test_nobody_else_changes_anything(open_door, signed_in, member, who):
    mine, other = member("Mina", who), member("Stella", "helpdesk")
    browser, sees = signed_in(mine), who == "auditor"
    assert browser.get(STAFF).status_code == (200 if sees else 403)
    assert browser.get(f"{STAFF}{other.pk}/change/").status_code == (200 if sees else 403)
    made = actions.invite(email="nora@example.com", role_slugs=["auditor"], reason="x", by=other)
    of_other = [f"{other.pk}/{act}/" for act in ("roles", "stop", "second-step", "start-again")]
    of_invitation = [f"invitation/{made.pk}/{act}/" for act in ("call-off", "send-again")]
    for path in ("add/", *of_other, *of_invitation):
        typed = {"email": "me@example.com", "roles": ["safeguarding-lead"], "reason": "x", "confirmed": "yes"}
        assert browser.post(STAFF + path, typed).status_code == 403
    assert StaffInvitation.objects.get().outcome == ""


# ---------------------------------------------------------------- stopping, and coming back


def test_a_stopped_member_is_out_at_the_next_click(desk, lead, member, signed_in, on_record):
    """A hundred sessions of theirs, a hundred failures."""
    stella = member("Stella", "helpdesk")
    browsers = [signed_in(stella) for _each in range(100)]
    assert {browser.get("/account/").status_code for browser in browsers[:5]} == {200}
    left = invited(stella)
    desk.post(f"{STAFF}{stella.pk}/stop/", {"reason": "She has left."})
    assert [browser.get("/staff/accounts/conflict/").status_code for browser in browsers] == [302] * 100
    assert [browser.get("/account/").status_code for browser in browsers] == [302] * 100
    assert on_record(what="stop staff account") == [
        ("Lena", "stop staff account", f"user:{stella.pk}", "She has left.")
    ]
    stella.refresh_from_db()
    assert not stella.is_active and not stella.has_usable_password()
    left.refresh_from_db()
    assert left.outcome == "called_off"


def test_a_stopped_member_comes_back_by_an_invitation_alone(desk, lead, member, client):
    stella = member("Stella", "helpdesk")
    actions.stop(stella, by=lead, reason="A year abroad.")
    client.post("/accounts/login/", {"login": stella.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 302
    desk.post(f"{STAFF}{stella.pk}/start-again/", {"roles": ["auditor"], "reason": "She is back."})
    come_in(path_of(StaffInvitation.objects.get(outcome="")), first_name="Stella")
    stella.refresh_from_db()
    assert stella.is_active and stella.groups.get().name == "Auditor"
    assert User.objects.filter(email=stella.email).count() == 1


def test_coming_back_keeps_the_second_step(desk, lead, member):
    stella = member("Stella", "helpdesk")
    TOTP.activate(stella, "JBSWY3DPEHPK3PXP")
    actions.stop(stella, by=lead, reason="A year abroad.")
    browser = come_in(path_of(invited(lead, stella.email)))
    assert browser.get("/account/").status_code == 302
    assert browser.get("/accounts/second-step/sign-in/").status_code == 200


def test_a_lost_device_is_taken_away_and_the_person_is_told(desk, lead, member, signed_in, letters, on_record):
    stella = member("Stella", "helpdesk")
    TOTP.activate(stella, "JBSWY3DPEHPK3PXP")
    browser = signed_in(stella)
    assert browser.get("/account/").status_code == 200
    desk.post(f"{STAFF}{stella.pk}/second-step/", {"reason": "Her phone was stolen."})
    assert browser.get("/account/").status_code == 302
    assert not Authenticator.objects.filter(user=stella).exists()
    assert [letter.to for letter in letters()] == [[stella.email]]
    why = ("Lena", "take second step away", f"user:{stella.pk}", "Her phone was stolen.")
    assert on_record(what="take second step away") == [why]


def test_the_last_safeguarding_lead_cannot_be_stopped(lead, member, person):
    chief = person("Chief", kind="staff", is_staff=True, is_superuser=True)
    with pytest.raises(actions.LastOne):
        actions.stop(lead, by=chief, reason="No.")
    with pytest.raises(actions.LastOne):
        actions.change_roles(lead, role_slugs=["auditor"], by=chief, reason="No.")
    lead.refresh_from_db()
    assert lead.is_active and lead.has_perm("accounts.manage_staff")
    member("Olga", "safeguarding-lead")
    actions.stop(lead, by=chief, reason="Olga is here.")


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_stop_each_other_leave_one(lead, member):
    olga = member("Olga", "safeguarding-lead")
    came = at_once(
        lambda: actions.stop(lead, by=olga, reason="You first."),
        lambda: actions.stop(olga, by=lead, reason="You first."),
        calm=actions.LastOne,
    )
    refused = [each for each in came if isinstance(each, actions.LastOne)]
    assert (actions.leads().count(), len(refused)) == (1, 1)


def test_an_act_that_cannot_be_recorded_is_not_done(lead, member, monkeypatch):
    stella = member("Stella", "helpdesk")

    def broken(**_more):
        raise RuntimeError("no record")

    monkeypatch.setattr("hub.audit.record", broken)
    for act in (
        lambda: actions.stop(stella, by=lead, reason="x"),
        lambda: actions.change_roles(stella, role_slugs=["auditor"], by=lead, reason="x"),
        lambda: invited(lead),
    ):
        with pytest.raises(RuntimeError):
            act()
    stella.refresh_from_db()
    assert stella.is_active and stella.groups.get().name == "Helpdesk"
    assert not StaffInvitation.objects.exists() and not OutgoingMail.objects.exists()


# ---------------------------------------------------------------- what nobody uses


def used(person, days: float) -> None:
    User.objects.filter(pk=person.pk).update(last_login=clock.now() - timedelta(days=days))


def test_an_account_that_nobody_uses_is_stopped_after_sixty_days(lead, member, amara, signed_in):
    stella, busy = member("Stella", "helpdesk"), member("Busy", "helpdesk")
    browser = signed_in(stella)
    used(lead, 0), used(busy, 59.9), used(stella, 60.1), used(amara, 400)
    actions.look_for_unused()
    actions.look_for_unused()
    assert [person.is_active for person in map(reread, (lead, busy, stella, amara))] == [True, True, False, True]
    assert browser.get("/account/").status_code == 302
    kept = AccessRecord.objects.get(what="end unused staff account")
    assert (kept.person, kept.about) == (None, f"user:{stella.pk}")


def test_who_comes_in_just_as_it_looks_is_not_stopped(lead, member, monkeypatch):
    stella, really = member("Stella", "helpdesk"), actions.stop
    used(stella, 61)

    def stop(who, **more):
        used(stella, 0)
        really(who, **more)

    monkeypatch.setattr(actions, "stop", stop)
    actions.look_for_unused()
    assert User.objects.get(pk=stella.pk).is_active
    assert not AccessRecord.objects.filter(what="end unused staff account").exists()


def test_one_mail_a_week_before(lead, member, letters):
    stella, later = member("Stella", "helpdesk"), member("Later", "helpdesk")
    used(lead, 0), used(stella, 53.5), used(later, 52.5)
    for _night in range(3):
        actions.look_for_unused()
    sent = letters()
    assert [letter.to for letter in sent] == [[stella.email]]
    assert "closes in about a week" in sent[0].body
    actions.look_for_unused()
    assert letters() == []


def test_whoever_signs_in_meanwhile_gets_no_mail(lead, member, letters):
    stella = member("Stella", "helpdesk")
    used(lead, 0), used(stella, 55)
    actions.look_for_unused()
    used(stella, -0.01)
    assert letters() == []


def test_somebody_is_left_even_when_nobody_comes(lead):
    used(lead, 100)
    actions.look_for_unused()
    assert reread(lead).is_active


def test_an_invitation_that_was_accepted_and_never_used_ends_too(lead):
    used(lead, 0)
    nora = actions.accept(invited(lead), **NEW, at=clock.now() - timedelta(days=61))
    actions.look_for_unused()
    assert not reread(nora).is_active


def reread(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_the_list_costs_the_same_for_few_and_for_many(desk, lead, member, django_assert_max_num_queries):
    desk.get(STAFF)  # the first visit notes the session too
    counts = []
    for some in (range(2), range(2, 25)):
        for number in some:
            member(f"Member{number}", "helpdesk", "auditor")
            invited(lead, f"new{number}@example.com")
        with django_assert_max_num_queries(12) as asked:
            assert "Member0" in desk.get(STAFF).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
