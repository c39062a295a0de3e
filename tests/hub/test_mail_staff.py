"""What staff see of mail and reads on record: states and times, never a parent's words or address."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from hub import audit, mail
from hub.models import AccessRecord, Helpline, Notice, OutgoingMail


@pytest.fixture
def staff_may(staff):
    """staff_may("view_outgoingmail"): a member of staff with these permissions of the hub and no others."""

    def make(*names):
        staff.user_permissions.set(Permission.objects.filter(content_type__app_label="hub", codename__in=names))
        return type(staff).objects.get(pk=staff.pk)

    return make


@pytest.fixture
def outbox():
    return admin.site._registry[OutgoingMail]


def asking(person):
    request = RequestFactory().get("/")
    request.user = person
    return request


def test_the_outbox_shows_no_reader_and_no_facts(outbox):
    shown = {*outbox.list_display, *outbox.fields, *outbox.search_fields, *outbox.list_filter}
    assert not shown & {"to", "person", "facts", "key"}


@pytest.mark.parametrize("model", [OutgoingMail, AccessRecord])
def test_nobody_changes_mail_or_the_record_of_reads_in_the_admin(model, staff_may):
    name = model._meta.model_name
    person = staff_may(*(f"{verb}_{name}" for verb in ("add", "change", "delete", "view")))
    table, request = admin.site._registry[model], asking(person)
    assert table.has_view_permission(request)
    assert not table.has_add_permission(request)
    assert not table.has_change_permission(request)
    assert not table.has_delete_permission(request)


def test_notices_are_private_and_not_in_the_admin():
    assert Notice not in admin.site._registry


@pytest.fixture
def helpdesk(staff_may, signed_in, settings):
    """A window of somebody who looks after mail."""
    settings.HUB_STAFF_SECOND_STEP = False
    return signed_in(staff_may("view_outgoingmail", "change_outgoingmail"))


LIST, LOOK = "/staff/hub/outgoingmail/", "/staff/hub/outgoingmail/look/"


def stuck(state="dead", count=1, **more):
    made = [
        mail.put(kind="hub/news", key=str(n), to=f"r{n}@example.com", facts={"path": "/join/s/"}) for n in range(count)
    ]
    OutgoingMail.objects.update(state=state, tries=12, last_fault="421 4.3.2 SMTPDataError", **more)
    return made


def names(made) -> str:
    return ",".join(str(one.pk) for one in made)


@pytest.mark.parametrize(("state", "again"), [("dead", True), ("refused", True), ("sent", False), ("dropped", False)])
def test_dead_and_refused_mail_can_be_tried_again_and_nothing_else(helpdesk, state, again, mailoutbox):
    (one,) = stuck(state)
    helpdesk.post(LOOK, {"do": "again", "names": names([one])})
    one.refresh_from_db()
    assert (one.state == "waiting" and one.tries == 0) is again
    assert AccessRecord.objects.filter(what="try mail again", about=f"mail:{one.pk}").exists() is again
    assert mail.relay().sent == int(again)


def test_many_are_looked_at_before_anything_is_done(helpdesk):
    made = stuck(count=30)
    asked = helpdesk.post(LIST, {"action": "try_again", "_selected_action": [one.pk for one in made]})
    page = asked.content.decode()
    assert "30 mails that were given up or refused." in page and "421 4.3.2 SMTPDataError" in page
    assert "example.com" not in page and "/join/" not in page
    assert not OutgoingMail.objects.exclude(state="dead").exists()
    listed = re.search(r'name="names" value="([^"]+)"', page)[1]
    assert sorted(listed.split(",")) == sorted(names(made).split(","))
    assert (
        "30 mails will be tried again."
        in helpdesk.post(LOOK, {"do": "again", "names": listed}, follow=True).content.decode()
    )
    assert OutgoingMail.objects.filter(state="waiting", tries=0).count() == 30


def test_mail_is_put_aside_for_good_only_with_a_reason_which_is_on_record(helpdesk, client):
    (one,) = stuck()
    refused = helpdesk.post(LOOK, {"do": "aside", "names": names([one]), "why": "  "})
    assert refused.status_code == 422 and "Say in one line why" in refused.content.decode()
    one.refresh_from_db()
    assert one.state == "dead"
    helpdesk.post(LOOK, {"do": "aside", "names": names([one]), "why": "The address\x00 was\nmistyped. "})
    one.refresh_from_db()
    assert (one.state, one.facts) == ("settled", {})
    written = AccessRecord.objects.get(what="put mail aside")
    assert (written.about, written.reason) == (f"mail:{one.pk}", "The address was mistyped.")
    assert client.get("/readyz").json()["mail"] == "ok"


def test_an_audit_line_that_cannot_be_written_leaves_the_mail_as_it_was(helpdesk, monkeypatch):
    (one,) = stuck()
    monkeypatch.setattr(audit, "record", lambda **told: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        helpdesk.post(LOOK, {"do": "again", "names": names([one])})
    one.refresh_from_db()
    assert (one.state, one.tries) == ("dead", 12)


@pytest.mark.parametrize("told", [{}, {"do": "again"}, {"do": "x", "names": "1,2"}, {"do": "again", "names": "\x00,;"}])
def test_nonsense_does_nothing(helpdesk, told):
    (one,) = stuck()
    assert helpdesk.post(LOOK, told).status_code == 302
    assert helpdesk.get(LOOK).status_code == 302
    one.refresh_from_db()
    assert one.state == "dead" and not AccessRecord.objects.filter(about=f"mail:{one.pk}").exists()


def test_who_may_only_look_is_refused(staff_may, signed_in, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    (one,) = stuck()
    window = signed_in(staff_may("view_outgoingmail"))
    assert window.get(LIST).status_code == 200
    assert window.post(LOOK, {"do": "again", "names": names([one])}).status_code == 403
    one.refresh_from_db()
    assert one.state == "dead"


def test_only_who_may_change_mail_may_try_it_again(outbox, staff_may):
    assert "try_again" not in outbox.get_actions(asking(staff_may("view_outgoingmail")))
    assert "try_again" in outbox.get_actions(asking(staff_may("view_outgoingmail", "change_outgoingmail")))


def test_the_pages_of_the_admin_open_and_show_no_reader(db, staff_may):
    person = staff_may(
        "view_outgoingmail", "change_outgoingmail", "view_accessrecord", "view_helpline", "change_helpline"
    )
    one = mail.put(kind="hub/news", key="one", to="somebody@example.net", facts={"path": "/join/secret/"})
    audit.record(person=person, what="read plan", about="plan:AB12", reason="A parent asked for help.")
    request = asking(person)
    for model in (OutgoingMail, AccessRecord, Helpline):
        table = admin.site._registry[model]
        page = table.changelist_view(_with_messages(request)).render().content.decode()
        assert "somebody@example.net" not in page
        assert "secret" not in page
    page = (
        admin.site._registry[OutgoingMail].change_view(_with_messages(request), str(one.pk)).render().content.decode()
    )
    assert "somebody@example.net" not in page
    assert "secret" not in page


def _with_messages(request):
    request._messages = CookieStorage(request)
    return request


# ---------------------------------------------------------------- reads


def test_a_read_keeps_the_role_it_was_made_in(staff, db):
    written = audit.record(person=staff, what="read plan", about="plan:AB12", reason="A parent asked for help.")
    assert (written.role, written.person) == ("staff", staff)
    number = staff.pk
    staff.delete()
    written.refresh_from_db()
    assert (written.role, written.person_id) == ("staff", number)
    assert audit.record(person=None, what="wrong code", about="verify").role == "nobody"
