"""Mail is written with what it tells, for one reader, and says nothing that could hurt anybody."""

import pytest
from django.db import transaction
from django.utils import timezone

from hub import mail, notices
from hub.models import Notice, OutgoingMail

HOSTILE = [chr(code) for code in (*range(0x20), 0x7F, 0x85, 0x2028, 0x2029, 0x202E, 0x200B, 0xFEFF)]


@pytest.fixture
def asked(monkeypatch):
    """Registrations of one test are gone after it."""
    monkeypatch.setattr(mail, "_questions", dict(mail._questions))
    monkeypatch.setattr(mail, "_links", dict(mail._links))
    monkeypatch.setattr(mail, "ALERTS", set(mail.ALERTS))


# ---------------------------------------------------------------- putting


def test_the_same_cause_and_reader_make_one_mail(amara):
    first = mail.put(kind="hub/news", key="plan-event:1:amara", person=amara)
    assert mail.put(kind="hub/news", key="plan-event:1:amara", person=amara) == first
    assert OutgoingMail.objects.count() == 1


def test_a_mail_goes_away_with_the_change_it_would_have_told(amara):
    with transaction.atomic():
        mail.put(kind="hub/news", key="one", person=amara)
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


def test_ten_mails_of_one_change_ring_once_and_a_second_put_rings_no_more(amara, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rings:
        for number in range(10):
            mail.put(kind="hub/news", key=str(number), person=amara)
    assert len(rings) == 1
    with django_capture_on_commit_callbacks() as rings:
        mail.put(kind="hub/news", key="1", person=amara)
    assert rings == []


def test_a_mail_has_exactly_one_reader(amara):
    with pytest.raises(ValueError, match="one reader"):
        mail.put(kind="hub/news", key="one", person=amara, to="amara@example.com")
    with pytest.raises(ValueError, match="one reader"):
        mail.put(kind="hub/news", key="one")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "join/", "/a b", "/a\nb", "/\x00", "/ŵ"]
)
def test_a_mail_links_only_to_a_page_of_ours(path):
    with pytest.raises(ValueError, match="path of the hub"):
        mail.put(kind="hub/news", key="one", to="ben@example.com", facts={"path": path})


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["news", "../hub/news", "hub/../news", "hub/News", "hub/news\n", "hub/news.html"])
def test_a_kind_is_never_a_path(kind):
    with pytest.raises(ValueError, match="app/name"):
        mail.put(kind=kind, key="one", to="ben@example.com")


# ---------------------------------------------------------------- headers


@pytest.mark.django_db
@pytest.mark.parametrize("letter", HOSTILE, ids=lambda letter: f"U+{ord(letter):04X}")
@pytest.mark.parametrize(
    "address", ["ben{}@example.com", "ben@example.com{}Bcc: eve@evil.example", "{}ben@example.com"]
)
def test_a_hostile_address_is_never_put(letter, address):
    with pytest.raises(ValueError, match=r"address|header"):
        mail.put(kind="hub/news", key="one", to=address.format(letter), facts={"path": "/join/"})
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("letter", HOSTILE, ids=lambda letter: f"U+{ord(letter):04X}")
@pytest.mark.parametrize("place", ["HUB_MAIL_SUBJECT", "DEFAULT_FROM_EMAIL"])
def test_a_hostile_setting_stops_the_mail_instead_of_moving_its_headers(settings, letter, place):
    words = getattr(settings, place)
    setattr(settings, place, f"{words[:4]}{letter}To: eve@evil.example{words[4:]}")
    letter_out = mail.put(kind="hub/news", key="one", to="ben@example.com", facts={"path": "/join/"})
    with pytest.raises(ValueError, match="control character"):
        mail.build(letter_out)


def test_a_hostile_address_that_got_into_an_account_is_refused_and_staff_see_it(amara, mailoutbox):
    type(amara).objects.filter(pk=amara.pk).update(email="amara@example.com\x0bBcc: eve@evil.example")
    put = mail.put(kind="hub/news", key="one", person=amara)
    assert mail.relay().refused == 1
    put.refresh_from_db()
    assert (put.state, put.last_fault, mailoutbox) == ("refused", "not an address or link", [])


# ---------------------------------------------------------------- the message


def test_every_copy_of_a_mail_has_the_same_id_and_no_other_mail_has_it(amara, settings):
    settings.DEFAULT_FROM_EMAIL = "Planning hub <no-reply@post.hub.example>"
    one = mail.put(kind="hub/news", key="one", person=amara)
    two = mail.put(kind="hub/news", key="two", person=amara)
    copies = [mail.build(OutgoingMail.objects.get(pk=one.pk)).message()["Message-ID"] for _ in range(3)]
    assert len(set(copies)) == 1
    assert copies[0].endswith("@post.hub.example>")
    assert str(one.pk) not in copies[0]
    assert mail.build(two).message()["Message-ID"] != copies[0]


def test_the_message_is_text_first_then_html_with_a_constant_subject(amara, settings):
    message = mail.build(mail.put(kind="hub/news", key="one", person=amara)).message()
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert message["Subject"] == settings.HUB_MAIL_SUBJECT
    assert message["To"] == "amara@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert set(message.keys()) == {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted",
    }  # fmt: skip


def test_a_persons_link_leads_to_the_door_and_not_to_a_part_of_the_plan(amara, settings):
    settings.HUB_ADDRESS = "https://hub.example"
    put = mail.put(kind="hub/news", key="one", person=amara, facts={"path": "/plans/AB12/money/pocket-money/"})
    message = mail.build(put)
    assert "https://hub.example/home/" in message.body
    assert "money" not in message.message().as_string()


def test_a_one_time_link_is_made_as_the_mail_leaves(db, asked, settings, mailoutbox):
    settings.HUB_ADDRESS = "https://hub.example"
    mail.link_when_sent("hub/news")(lambda put: f"/join/{put.facts['invitation']}-secret/")
    put = mail.put(kind="hub/news", key="one", to="ben@example.com", facts={"invitation": 7})
    mail.relay()
    assert "https://hub.example/join/7-secret/" in mailoutbox[0].body
    put.refresh_from_db()
    assert put.facts == {"invitation": 7}


def test_a_mail_without_a_link_is_refused_and_not_sent(db, mailoutbox):
    put = mail.put(kind="hub/news", key="one", to="ben@example.com")
    mail.relay()
    put.refresh_from_db()
    assert (put.state, mailoutbox) == ("refused", [])


# ---------------------------------------------------------------- asked again


@pytest.mark.parametrize(("answer", "state"), [(True, "sent"), (False, "dropped")])
def test_the_relay_asks_again_whether_a_mail_is_wanted(amara, asked, mailoutbox, answer, state):
    put = mail.put(kind="hub/news", key="one", person=amara)
    mail.asked_again("hub/news")(lambda put: answer)  # what was true when it was put may not be true now
    mail.relay()
    put.refresh_from_db()
    assert (put.state, len(mailoutbox)) == (state, int(answer))


def test_a_person_who_turned_alerts_off_gets_none_but_still_gets_what_is_no_alert(amara, asked, mailoutbox):
    mail.asked_again("hub/news")(lambda put: True)
    put = mail.put(kind="hub/news", key="one", person=amara)
    amara.wants_alerts = False
    amara.save()
    mail.relay()
    put.refresh_from_db()
    assert (put.state, mailoutbox) == ("dropped", [])
    mail.ALERTS.discard("hub/news")
    mail.put(kind="hub/news", key="two", person=amara)
    mail.relay()
    assert len(mailoutbox) == 1


def test_a_closed_account_gets_no_mail(amara, mailoutbox):
    put = mail.put(kind="hub/news", key="one", person=amara)
    type(amara).objects.filter(pk=amara.pk).update(is_active=False)
    mail.relay()
    put.refresh_from_db()
    assert (put.state, mailoutbox) == ("dropped", [])


def test_a_short_kind_belongs_to_the_app_that_registers_it(asked):
    def wanted(put):
        return True

    wanted.__module__ = "parenting_plan.emails"
    mail.asked_again("tomorrow")(wanted)
    assert mail._questions["parenting_plan/tomorrow"] is wanted
    assert "parenting_plan/tomorrow" in mail.ALERTS


def test_what_opens_a_door_is_forgotten_once_the_mail_has_left(db, mailoutbox):
    facts = {"path": "/join/secret/", "code": "locked", "invitation": 7}
    put = mail.put(kind="hub/news", key="one", to="ben@example.com", facts=facts)
    mail.relay()
    put.refresh_from_db()
    assert (put.state, put.facts) == ("sent", {"invitation": 7})


# ---------------------------------------------------------------- notices and waits


def test_nobody_is_told_the_same_thing_twice(amara, ben):
    for person in (amara, amara, ben):
        notices.tell(person=person, key="plan-event:1", kind="agreed", address="/plans/AB12/", at=timezone.now())
    assert Notice.objects.filter(person=amara).count() == Notice.objects.filter(person=ben).count() == 1


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "plans/"])
def test_a_notice_leads_to_a_page_of_ours(amara, address):
    with pytest.raises(ValueError, match="page of the hub"):
        notices.tell(person=amara, key="one", kind="agreed", address=address, at=timezone.now())


def test_waits_grow_are_never_the_same_and_end_at_six_hours():
    waits = [[mail.wait_after(tries) for _ in range(50)] for tries in range(1, 13)]
    for few, more in zip(waits[:8], waits[2:10], strict=True):
        assert max(few) < min(more)
    assert all(len(set(some)) > 1 for some in waits)
    assert max(waits[-1]) <= mail.LONGEST_WAIT * 1.25
    assert min(waits[0]) > mail.FIRST_WAIT * 0.7
