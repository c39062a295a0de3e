"""What staff see of mail and reads on record: states and times, never a parent's words or address."""


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


@pytest.mark.parametrize(("state", "again"), [("dead", True), ("refused", True), ("sent", False), ("waiting", False)])
def test_dead_and_refused_mail_can_be_tried_again_and_nothing_else(
    outbox, staff_may, amara, state, again, monkeypatch, mailoutbox
):
    monkeypatch.setattr(outbox, "message_user", lambda *args: None)
    one = mail.put(kind="hub/news", key="one", person=amara)
    OutgoingMail.objects.filter(pk=one.pk).update(state=state, tries=12)
    outbox.try_again(asking(staff_may("view_outgoingmail", "change_outgoingmail")), OutgoingMail.objects.all())
    one.refresh_from_db()
    assert (one.tries == 0) is again
    assert AccessRecord.objects.filter(what="try mail again", about=f"mail:{one.pk}").exists() is again
    assert mail.relay().sent == (1 if again else int(state == "waiting" and one.tries < mail.TRIES))


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
    staff.delete()
    written.refresh_from_db()
    assert (written.role, written.person) == ("staff", None)
    assert audit.record(person=None, what="wrong code", about="verify").role == "nobody"
