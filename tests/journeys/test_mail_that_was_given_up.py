"""F4 and F11 by the screen: a mail server that refuses, and a mail that can never be made, from the first staff page to
the end of both.
"""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from hub import bell, mail, operations
from hub.models import AccessRecord, OutgoingMail

State = OutgoingMail.State


@pytest.fixture
def helper(person, settings, monkeypatch):
    """Somebody of the helpdesk; the relay is started by the test alone."""
    settings.HUB_STAFF_SECOND_STEP = False
    monkeypatch.setattr(bell, "ring", lambda task: None)
    made = person("Hugh", kind="staff", is_staff=True)
    made.groups.set(Group.objects.filter(name="Helpdesk"))
    return made


def put(kind: str, reader: str) -> OutgoingMail:
    return mail.put(kind=kind, key=reader, to=f"{reader}@example.com", facts={"path": "/join/"})


def days_go_by() -> None:
    """Each try in vain puts the next one off, by six hours at most."""
    now = timezone.now()
    for _ in range(3 * mail.TRIES):
        now += mail.LONGEST_WAIT * 2
        mail.relay(at=now)


@pytest.mark.parametrize(("width", "javascript"), [(390, False), (1280, True)], ids=["phone", "desktop"])
def test_what_was_given_up_is_tried_again_and_what_cannot_be_sent_is_put_aside(
    helper, smtp, open_browser, axe, no_sideways_scroll, width, javascript
):
    poison = put("hub/no_such_template", "poison")
    refused = [put("hub/news", name) for name in ("lena", "mark")]
    smtp.behaviour = "refuse for now"
    days_go_by()
    assert (
        set(OutgoingMail.objects.values_list("state", "tries")) == {(State.DEAD, 12)} and smtp.tries <= 2 * mail.TRIES
    )
    desk = open_browser(helper, javascript=javascript, width=width)

    def fine(heading: str | re.Pattern) -> None:
        expect(desk.get_by_role("heading", level=1)).to_have_text(heading)
        axe(desk)
        no_sideways_scroll(desk, width=width)

    def choose(what: str, *rows: OutgoingMail) -> None:
        for row in rows:
            desk.locator(f'input[name="_selected_action"][value="{row.pk}"]').check()
        desk.get_by_label("With those you chose:").select_option(label=what)
        desk.get_by_role("button", name="Carry on").click()

    # a server that is well again: everything is tried once more, and what can be sent leaves
    desk.goto("/staff/")
    desk.get_by_role("link", name="3 mails that were given up").click()
    expect(desk.locator("#result_list tbody tr")).to_have_count(3)
    fine("Outgoing mail")
    choose("Try again what was given up or refused", poison, *refused)
    expect(desk.get_by_text("3 mails that were given up or refused.")).to_be_visible()
    fine("Try these mails again?")
    for private in ("example.com", "/join/", "lena"):
        assert private not in desk.content()
    desk.get_by_role("button", name="Try again").click()
    expect(desk.get_by_text("3 mails will be tried again.")).to_be_visible()
    smtp.behaviour = "take"
    mail.relay(at=timezone.now() + timedelta(seconds=1))
    assert sorted(each["To"] for each in smtp.mails) == ["lena@example.com", "mark@example.com"]
    assert set(OutgoingMail.objects.filter(kind="hub/news").values_list("state", flat=True)) == {State.SENT}

    # the one that can never be made is given up once more, and put aside with a reason
    days_go_by()
    desk.goto("/staff/")
    desk.get_by_role("link", name="1 mail that was given up").click()
    expect(desk.locator("#result_list tbody tr")).to_have_text(re.compile("TemplateDoesNotExist"))
    choose("Put aside for good, with a reason", poison)
    fine("Put these mails aside for good?")
    desk.get_by_role("button", name="Put aside").click()
    expect(desk.get_by_role("alert")).to_have_text("Say in one line why, in at most 500 letters.")
    fine("Put these mails aside for good?")
    desk.get_by_label("Why will nobody try them again?").fill("Its words are not here.")
    desk.get_by_role("button", name="Put aside").click()
    expect(desk.get_by_text("1 mail was put aside.")).to_be_visible()
    desk.goto("/staff/")
    expect(desk.get_by_text("Nothing waits for you.")).to_be_visible()
    for address, heading in (("", "How the hub is"), ("retention/", "What may not be kept")):
        desk.goto(f"/staff/hub/pulse/{address}")
        fine(heading)
    assert next(part for part in operations.look() if part.name == "Mail").is_well
    told = AccessRecord.objects.filter(person=helper, about=f"mail:{poison.pk}").order_by("pk")
    assert list(told.values_list("what", "reason")) == [
        ("try mail again", ""),
        ("put mail aside", "Its words are not here."),
    ]
