"""Requests about data: by when they are answered, what their person reads, and what staff may do with them, and who."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction

from accounts import conflicts
from accounts.models import DataCopy, DataRequest, DataRequestNote, User
from accounts.own_data import copy
from accounts.rights import answering, asking
from accounts.rights.due import MONTHS_EXTENDED, answer_by, hear_by
from hub import clock, holds, words
from hub.models import AccessRecord, LegalHold, Notice, OutgoingMail
from hub.words import at_home
from tests.parenting_plan.conftest import lively, plan

__all__ = ["lively", "plan"]

ASK = "/account/your-data/ask/"
DESK = "/staff/accounts/datarequest/"
WORDS = "CANARY: please erase my old phone number"


@pytest.fixture
def stella(member):
    return member("Stella", "helpdesk")


@pytest.fixture
def desk(open_door, signed_in, stella):
    return signed_in(stella)


@pytest.fixture
def asked(amara):
    """asked(): a request of Amara's from her account."""

    def make(kind="erase", **more):
        return asking.ask(person=amara, kind=kind, words=WORDS, **more)

    return make


@pytest.fixture
def rung(amara, stella):
    """rung(): somebody rang and gave Amara's address."""

    def make(kind="erase", **more):
        told = {"way": "phone", "kind": kind, "received_at": clock.now(), "by": stella, "email": amara.email}
        return answering.add(words=WORDS, **(told | more))

    return make


def now_of(row: DataRequest) -> DataRequest:
    return DataRequest.objects.get(pk=row.pk)


def do(act, row, by, **more):
    """One act on the request as it stands."""
    act(row=row, by=by, version=now_of(row).version, **more)


def known(row, by):
    do(answering.know, row, by, how="answered", words="They answered.")
    return now_of(row)


# ---------------------------------------------------------------- by when
@pytest.mark.parametrize(
    ("came", "last"),
    [
        ("2026-11-22 10:00", "2026-12-22"),
        ("2026-09-03 10:00", "2026-10-05"),  # 3 October is a Saturday
        ("2027-01-31 10:00", "2027-03-01"),  # no 31 February; the 28th is a Sunday
        ("2028-01-31 10:00", "2028-02-29"),  # a leap year
        ("2026-11-25 10:00", "2026-12-29"),  # Christmas Day, a weekend, and a bank holiday
        ("2026-12-24 10:00", "2027-01-25"),  # into another year; the 24th is a Sunday
        ("2027-02-28 10:00", "2027-03-30"),  # 28 March is Easter Sunday, the 29th a bank holiday
        ("2027-05-31 22:59", "2027-06-30"),  # 11.59 pm at home
        ("2027-05-31 23:01", "2027-07-01"),  # 1 June already at home
        ("2026-10-25 00:30", "2026-11-25"),  # the night the clocks go back
        ("2026-10-25 23:30", "2026-11-25"),
    ],
)
def test_we_answer_within_a_month(came, last):
    moment = datetime.fromisoformat(came).replace(tzinfo=UTC)
    assert answer_by(moment, closed=settings.HUB_CLOSED_DAYS) == date.fromisoformat(last)


def test_two_months_more_count_from_the_day_it_came():
    moment = datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert answer_by(moment, months=MONTHS_EXTENDED) == date(2027, 3, 1)  # 28 February is a Sunday


@pytest.mark.parametrize(
    ("came", "last"),
    [
        ("2026-11-23 10:00", "2026-12-23"),
        ("2026-11-25 10:00", "2026-12-29"),  # the thirtieth day is Christmas Day, then a weekend and a bank holiday
        ("2027-01-31 10:00", "2027-03-02"),  # later than the last day of the next month: days, not months
        ("2026-12-31 10:00", "2027-02-01"),  # 30 January is a Saturday
        ("2027-05-31 23:01", "2027-07-01"),  # 1 June already at home
    ],
)
def test_whoever_complains_hears_from_us_within_30_days(came, last):
    moment = datetime.fromisoformat(came).replace(tzinfo=UTC)
    assert hear_by(moment, closed=settings.HUB_CLOSED_DAYS) == date.fromisoformat(last)


# ---------------------------------------------------------------- the person
def test_somebody_asks_and_is_told_by_when(signed_in, amara, on_record):
    client = signed_in(amara)
    assert client.get(ASK).status_code == 200
    page = client.post(ASK, {"kind": "erase", "words": WORDS}, follow=True).content.decode()
    row = DataRequest.objects.get()
    assert f"We have it. We answer by {words.day(row.due_on)}." in page and WORDS in page
    assert (row.person, row.way, row.known_at) == (amara, "account", row.received_at)
    assert row.due_on == asking.due_on(row.received_at, "erase")
    assert on_record() == [("Amara", "ask data request", f"request:{row.pk}", "")]
    assert "CANARY" not in str(list(AccessRecord.objects.values()))
    listed = client.get("/account/your-data/").content.decode()
    assert "To erase something" in listed and "We have it." in listed and WORDS not in listed


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"words": WORDS}, "kind"), ({"kind": "copy", "words": WORDS}, "kind"), ({"kind": "erase", "words": " "}, "words"),
     ({"kind": "erase", "words": WORDS + "x" * 2000}, "words")],
    ids=["no kind", "a copy", "no words", "too long"],
)  # fmt: skip
def test_what_is_wrong_stands_beside_it_and_words_are_kept(signed_in, amara, typed, field):
    answer = signed_in(amara).post(ASK, typed)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert typed["words"].strip() in answer.content.decode()
    assert not DataRequest.objects.exists()


def test_five_wait_and_the_sixth_is_refused_with_its_words(signed_in, amara, asked, rung):
    rung()  # what somebody else set going does not count
    rows = [asked() for _each in range(asking.MOST_OPEN)]
    client = signed_in(amara)
    answer = client.post(ASK, {"kind": "other", "words": "CANARY the sixth"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "five requests" in page and "CANARY the sixth" in page
    client.post(asking.address_of(rows[0]) + "take-back/")
    assert client.post(ASK, {"kind": "other", "words": "x"}).status_code == 302


def test_ten_in_a_day_are_enough(amara, asked):
    for _each in range(asking.MOST_IN_A_DAY):
        asking.take_back(asked(), by=amara)
    with pytest.raises(asking.TooManyToday):
        asked()
    asked(at=clock.now() + timedelta(days=1, minutes=1))


@pytest.mark.parametrize("who", ["ben", "stranger", "solicitor", "staff"])
def test_nobody_else_reads_or_takes_back_a_request(signed_in, asked, who, request):
    row, client = asked(), signed_in(request.getfixturevalue(who))
    assert client.get(asking.address_of(row)).status_code == 404
    assert client.post(asking.address_of(row) + "take-back/").status_code == 404
    assert now_of(row).state == "new"
    assert f"/requests/{row.pk}/" not in client.get("/account/your-data/").content.decode()


def test_the_words_ask_again_who_reads_them(signed_in, amara, asked):
    client, path = signed_in(amara), asking.address_of(asked())
    with time_machine.travel(clock.now() + timedelta(seconds=settings.HUB_PRIVATE_SECONDS + 5), tick=False):
        answer = client.get(path)
        assert answer.status_code == 302 and "/reauthenticate/" in answer["Location"]
        sent = client.post(f"{path}take-back/")
        assert client.get(sent["Location"]).status_code == 200  # once: they have just done something there
        assert client.get(path).status_code == 302


def test_taken_back_is_closed_once(signed_in, amara, asked, on_record):
    row, client = asked(), signed_in(amara)
    for said in ("You took your request back.", "This request was closed already."):
        page = client.post(asking.address_of(row) + "take-back/", follow=True).content.decode()
        assert said in page
    assert (now_of(row).state, now_of(row).outcome) == ("done", "withdrawn")
    assert [what for _who, what, *_more in on_record()] == ["ask data request", "take back data request"]


def test_they_read_what_is_for_them_and_no_note(signed_in, amara, stella, asked, letters):
    row = asked()
    do(answering.take, row, stella, why="SECRET why I took it")
    answering.write_note(row=row, words="SECRET note", by=stella)
    do(answering.write_answer, row, stella, answer="We look for it now.")
    do(answering.extend, row, stella, answer="It is in many places.")
    do(answering.end, row, stella, outcome="part", answer="The plan stays.")
    page = signed_in(amara).get(asking.address_of(row)).content.decode()
    for said in ("We look for it now.", "It is in many places.", "The plan stays.", "We erased some of it", "ico.org"):
        assert said in page
    assert "SECRET" not in page and "Stella" not in page
    assert Notice.objects.filter(person=amara, kind="data_answer").count() == 3
    sent = letters()
    assert len(sent) == 3 and {tuple(letter.to) for letter in sent} == {(amara.email,)}
    assert not [letter for letter in sent if "plan stays" in letter.body or "many places" in letter.body]


# ---------------------------------------------------------------- complaints
def test_a_complaint_is_taken_at_once_and_has_an_end_of_its_own(signed_in, amara, stella):
    client = signed_in(amara)
    page = client.post(ASK, {"kind": "complaint", "words": WORDS}, follow=True).content.decode()
    row = DataRequest.objects.get()
    assert row.due_on == hear_by(row.received_at, closed=settings.HUB_CLOSED_DAYS)
    assert f"We have it. By {words.day(row.due_on)} we tell you what we found, or how far we are." in page
    do(answering.write_answer, row, stella, answer="We asked the person who sent it.")
    do(answering.end, row, stella, outcome="upheld", answer="It was the wrong address.")
    page = client.get(asking.address_of(row)).content.decode()
    for said in ("We were wrong, and we are sorry", "It was the wrong address.", "complain to us", "ico.org.uk"):
        assert said in page
    copied = next(each for each in copy(amara, clock.now()) if each.key == "account_requests")
    assert "We were wrong, and told you what we did about it" in str(copied)


def test_what_may_come_of_a_complaint_is_not_what_may_come_of_a_request(asked, rung):
    of = {kind: set(answering.outcomes(asked(kind))) for kind in ("complaint", "erase")}
    both = {"withdrawn", "not_them"}
    assert of["complaint"] == {"upheld", "no_fault"} | both
    assert of["erase"] & of["complaint"] == both and {"part", "refused"} < of["erase"]
    assert set(answering.outcomes(rung("complaint"))) == both  # nobody unknown is told what was found


def test_staff_are_told_to_say_that_they_have_a_complaint_until_they_have(desk, rung, asked, stella):
    row, said = rung("complaint"), "Tell them that we have it"
    assert said in desk.get(f"{DESK}{row.pk}/change/").content.decode()
    answering.write_note(row=row, words="x", by=stella)
    assert said in desk.get(f"{DESK}{row.pk}/change/").content.decode()
    do(answering.write_answer, row, stella, answer="We have it.")
    for other in (row, asked("complaint"), rung("erase")):
        assert said not in desk.get(f"{DESK}{other.pk}/change/").content.decode()


# ---------------------------------------------------------------- what came another way
def test_a_call_is_joined_to_the_account_by_its_exact_address_and_nobody_is_known_yet(desk, amara, on_record):
    before = asking.today() - timedelta(days=2)
    typed = {"way": "phone", "kind": "copy", "received_on": str(before), "words": WORDS}
    for email, person in ((" AMARA@example.com", amara), ("amara@example.co", None), ("", None)):
        assert desk.post(f"{DESK}add/", typed | {"email": email}).status_code == 302
        row = DataRequest.objects.latest("pk")
        assert (row.person, row.state, row.known_at) == (person, "identity", None)
        assert at_home(row.received_at).date() == before and row.due_on == asking.due_on(row.received_at, row.kind)
    assert [what for _who, what, *_more in on_record()] == ["add data request"] * 3
    assert desk.get(f"{DESK}add/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"received_on": "2999-01-01"}, "received_on"), ({"received_on": "yesterday"}, "received_on"),
     ({"way": "account"}, "way"), ({"email": "amara"}, "email"), ({"words": ""}, "words"), ({"kind": "x"}, "kind")],
    ids=["future", "no day", "from an account", "no address", "no words", "no kind"],
)  # fmt: skip
def test_a_mistyped_call_is_not_written_down(desk, typed, field):
    right = {"way": "phone", "kind": "copy", "received_on": str(asking.today()), "words": "x", "email": ""}
    answer = desk.post(f"{DESK}add/", right | typed)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize("kind", ["erase", "copy"])
def test_nothing_is_given_or_erased_before_we_know_that_it_is_them(rung, stella, kind):
    row = rung(kind)
    with pytest.raises(answering.NotKnown):
        do(answering.copy, row, stella)
    if kind == "erase":
        with pytest.raises(answering.NotKnown):
            do(answering.propose, row, stella, reason="They rang.")
    for outcome in ("given", "part", "put_right"):
        with pytest.raises(answering.NotKnown):
            do(answering.end, row, stella, outcome=outcome, answer="x")
    assert not DataCopy.objects.exists() and not OutgoingMail.objects.exists()
    assert list(row.notes.values_list("what", flat=True)) == ["add"]
    row = known(row, stella)
    assert row.known_at and row.state == "worked_on"
    do(answering.copy, row, stella)
    assert DataCopy.objects.get().by == stella


def test_somebody_unknown_can_be_refused(rung, stella, signed_in, amara):
    row = rung("copy")
    do(answering.end, row, stella, outcome="not_them", answer="We could not tell.")
    page = signed_in(amara).get(asking.address_of(row)).content.decode()
    assert "we did nothing" in page and "Somebody rang us and gave your email address" in page


# ---------------------------------------------------------------- closing an account, by two people
def test_two_people_close_an_account_after_a_week_of_which_its_owner_was_told(
    rung, stella, lead, amara, letters, signed_in
):
    start = clock.now()
    row = known(rung(), stella)
    do(answering.propose, row, stella, reason="They wrote from it.", at=start)
    (letter,) = letters()
    assert letter.to == [amara.email] and "Somebody asked us to close your account" in letter.body
    assert asking.address_of(row) in letter.body
    from_then = words.when(answering.may_close_from(row))
    assert f"We do not close it before {from_then}." in signed_in(amara).get(asking.address_of(row)).content.decode()
    assert Notice.objects.get(person=amara).kind == "closing_asked"
    week = timedelta(days=settings.HUB_CLOSE_WAIT_DAYS)
    assert week == timedelta(days=7)
    with pytest.raises(answering.SamePerson):
        do(answering.close_account, row, stella, reason="I am sure.", at=start + week)
    with pytest.raises(answering.TooEarly):
        do(answering.close_account, row, lead, reason="So it is.", at=start + week - timedelta(seconds=1))
    assert not User.objects.get(pk=amara.pk).closed_at
    do(answering.close_account, row, lead, reason="So it is.", at=start + week)
    assert User.objects.get(pk=amara.pk).closed_at
    assert (now_of(row).state, now_of(row).outcome) == ("done", "closed")


def test_whoever_asked_signed_in_and_proved_need_not_wait(asked, stella, lead, amara):
    row = asked(proved=True)
    do(answering.propose, row, stella, reason="They asked.")
    do(answering.close_account, row, lead, reason="They asked.")
    assert User.objects.get(pk=amara.pk).closed_at


@pytest.mark.parametrize("how", ["not proved", "asked for something else"])
def test_a_session_left_open_does_not_close_an_account_at_once(asked, stella, lead, how):
    row = asked() if how == "not proved" else asked("other", proved=True)
    do(answering.propose, row, stella, reason="They asked.")
    with pytest.raises(answering.TooEarly):
        do(answering.close_account, row, lead, reason="They asked.")


@pytest.mark.parametrize(("recent", "facts"), [(True, "proved"), (False, "")])
def test_that_it_was_proved_is_in_the_story(signed_in, amara, recent, facts):
    client = signed_in(amara)
    if recent:
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": clock.now().timestamp(), "email": amara.email, "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(amara.pk)
        session.save()
    client.post(ASK, {"kind": "erase", "words": "x"})
    assert DataRequestNote.objects.get().facts == facts


def test_its_owner_stops_a_closing(rung, stella, lead, amara, signed_in, letters):
    row = known(rung(), stella)
    do(answering.propose, row, stella, reason="They wrote.")
    client, path = signed_in(amara), asking.address_of(row)
    assert "We were asked to close your account" in client.get(path).content.decode()
    client.post(f"{path}take-back/")
    assert letters() == []  # the mail had not left, and is not wanted any more
    with pytest.raises(answering.NotPossible):
        do(answering.close_account, row, lead, reason="x", at=clock.now() + timedelta(days=30))
    assert not User.objects.get(pk=amara.pk).closed_at


def test_a_proposal_that_was_called_off_counts_for_nothing(rung, stella, lead):
    row, start = known(rung(), stella), clock.now()
    do(answering.propose, row, stella, reason="They wrote.", at=start)
    do(answering.call_off, row, lead, reason="They rang again.")
    later = start + timedelta(days=10)
    do(answering.propose, row, lead, reason="They wrote again.", at=later)
    with pytest.raises(answering.TooEarly):
        do(answering.close_account, row, stella, reason="x", at=later + timedelta(days=1))
    with pytest.raises(answering.SamePerson):
        do(answering.close_account, row, lead, reason="x", at=later + timedelta(days=8))


def test_an_account_of_staff_is_never_closed_or_copied_here(member, stella):
    other = member("Otto", "auditor")
    row = asking.ask(person=other, kind="erase", words="x", proved=True)
    for act, more in ((answering.propose, {"reason": "x"}), (answering.copy, {})):
        with pytest.raises(answering.NotPossible):
            do(act, row, stella, **more)


def test_closing_needs_its_own_permission(desk, stella, asked, person, open_door, signed_in):
    row, clerk = asked(proved=True), person("Cleo", kind="staff", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="work_datarequest"))
    client = signed_in(clerk)
    assert client.get(f"{DESK}{row.pk}/do/note/").status_code == 200
    do(answering.propose, row, stella, reason="They asked.")
    for act in ("propose", "call-off", "close-account"):
        assert client.post(f"{DESK}{row.pk}/do/{act}/", {"reason": "x", "version": 1}).status_code == 403
    assert "Close the account for good" not in client.get(f"{DESK}{row.pk}/change/").content.decode()


def test_a_hold_keeps_nobody_from_closing_and_is_told_only_to_those_who_may_know(desk, asked, stella, lead, amara):
    row = asked(proved=True)
    assert "legal hold" not in desk.get(f"{DESK}{row.pk}/change/").content.decode()
    LegalHold.objects.create(
        kind="person", number=amara.pk, name="x", reason="x", placed_by=lead, placed_at=clock.now()
    )
    assert holds.stands("person", amara.pk)
    assert "A legal hold stands" in desk.get(f"{DESK}{row.pk}/change/").content.decode()
    stella.groups.clear()
    stella.user_permissions.add(Permission.objects.get(codename="work_datarequest"))
    assert "legal hold" not in desk.get(f"{DESK}{row.pk}/change/").content.decode().lower()
    do(answering.propose, row, lead, reason="They asked.")
    do(answering.close_account, row, stella, reason="They asked.")
    assert User.objects.get(pk=amara.pk).closed_at


# ---------------------------------------------------------------- cases of one's own
OWN = ["own account", "own address", "second account", "other parent", "named plan"]


@pytest.mark.parametrize("how", OWN)
def test_nobody_finds_or_works_on_a_request_of_somebody_they_have_to_do_with(
    desk, stella, lead, person, request, how, on_record
):
    if how == "own account":
        row = asking.ask(person=stella, kind="erase", words=WORDS)
    elif how == "own address":
        EmailAddress.objects.create(user=stella, email="home@example.com")
        row = answering.add(
            way="letter", kind="erase", received_at=clock.now(), by=lead, email="home@example.com", words=WORDS
        )
    elif how == "second account":
        EmailAddress.objects.create(user=stella, email="home@example.com")
        row = asking.ask(person=person("Home"), kind="erase", words=WORDS)
    else:
        shared, them = request.getfixturevalue("lively"), request.getfixturevalue("amara")
        row = asking.ask(person=them, kind="erase", words=WORDS)
        assert answering.open_to(stella).filter(pk=row.pk).exists()
        if how == "named plan":
            conflicts.declare(person=stella, about=f"plan:{shared.reference}", by=stella)
        else:
            shared.parties.exclude(user=them).update(user=stella)
    assert not answering.open_to(stella).filter(pk=row.pk).exists()
    assert answering.open_to(lead).filter(pk=row.pk).exists()
    before = len(on_record())
    assert f"{DESK}{row.pk}/" not in desk.get(DESK).content.decode()
    for path in (f"{DESK}{row.pk}/change/", f"{DESK}{row.pk}/do/note/"):
        assert desk.get(path).status_code == 404
    assert desk.post(f"{DESK}{row.pk}/do/note/", {"words": "x"}).status_code == 404
    assert [what for _who, what, *_more in on_record()[before:]] == ["list data requests"]
    with pytest.raises(answering.OwnCase):
        answering.write_note(row=row, words="x", by=stella)
    assert answering.waiting(stella).count == 0 and answering.waiting(lead).count == 1


def test_nobody_writes_down_a_request_of_somebody_they_have_to_do_with(desk, stella, lively, amara):
    conflicts.declare(person=stella, about=f"plan:{lively.reference}", by=stella)
    typed = {"way": "phone", "kind": "erase", "received_on": str(asking.today()), "words": "x", "email": amara.email}
    answer = desk.post(f"{DESK}add/", typed)
    assert answer.status_code == 422 and "Ask a colleague" in answer.content.decode()
    assert not DataRequest.objects.exists()


# ---------------------------------------------------------------- the desk
def test_of_two_colleagues_at_once_the_second_is_told(desk, stella, lead, asked):
    row = asked()
    form = desk.get(f"{DESK}{row.pk}/do/answer/").context["form"]
    do(answering.take, row, lead)
    answer = desk.post(f"{DESK}{row.pk}/do/answer/", {"version": form["version"].value(), "answer": "What I typed"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Nothing was done" in page and "Lena" in page and "What I typed" in page
    assert not row.notes.filter(what="answer").exists()
    again = {"version": answer.context["form"]["version"].value(), "answer": "What I typed"}
    assert desk.post(f"{DESK}{row.pk}/do/answer/", again).status_code == 302


def test_each_read_and_each_act_is_one_line_and_holds_nobodys_words(desk, asked, on_record):
    row = asked()
    asked_for = [DESK, f"{DESK}{row.pk}/change/"]
    for path in asked_for:
        assert desk.get(path).status_code == 200
    for act, typed in (
        ("take", {"version": 0}),
        ("note", {"words": "CANARY note"}),
        ("copy", {"version": 1}),
        ("answer", {"version": 2, "answer": "CANARY answer"}),
        ("extend", {"version": 3, "answer": "CANARY why"}),
        ("close", {"version": 4, "answer": "CANARY end", "outcome": "part"}),
    ):
        assert desk.post(f"{DESK}{row.pk}/do/{act}/", typed).status_code == 302, act
    lines = [what for who, what, about, _why in on_record() if who == "Stella" and not about.startswith("user:")]
    assert lines == [
        "list data requests",
        "read data request",
        *(f"{act} data request" for act in ("take", "note on", "start a copy for", "answer", "extend", "close")),
    ]
    assert "CANARY" not in str(list(AccessRecord.objects.values()))
    page = desk.get(f"{DESK}{row.pk}/change/").content.decode()
    assert page.count("they can read this") == 3 and "CANARY note" in page


def test_what_cannot_be_put_on_record_is_neither_shown_nor_done(desk, stella, asked, signed_in, amara):
    row, theirs = asked(), signed_in(amara)
    desk.get("/staff/")
    desk.raise_request_exception = theirs.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the database writes down of new staff comes first
        cursor.execute("ALTER TABLE hub_accessrecord ADD CONSTRAINT full_up CHECK (id < 0) NOT VALID")
    for client, method, path, typed in (
        (desk, "get", DESK, {}),
        (desk, "get", f"{DESK}{row.pk}/change/", {}),
        (desk, "post", f"{DESK}{row.pk}/do/take/", {"version": 0}),
        (theirs, "post", ASK, {"kind": "erase", "words": "x"}),
    ):
        with transaction.atomic():
            answer = getattr(client, method)(path, typed)
            assert answer.status_code == 500 and b"CANARY" not in answer.content, path
            transaction.set_rollback(True)
    assert now_of(row).owner is None and DataRequest.objects.count() == 1


def test_a_note_is_never_changed_or_deleted(asked):
    note = asked().notes.get()
    for change in (lambda: DataRequestNote.objects.update(words="x"), note.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_more_time_is_taken_once_with_reasons_and_not_when_it_is_late(asked, stella):
    row = asked(at=datetime(2026, 11, 30, 10, tzinfo=UTC))
    within = datetime(2026, 12, 1, 10, tzinfo=UTC)
    with pytest.raises(answering.NotPossible):
        do(answering.extend, row, stella, answer="x", at=datetime(2027, 1, 1, 10, tzinfo=UTC))
    do(answering.extend, row, stella, answer="There is much to look through.", at=within)
    assert (now_of(row).due_on, now_of(row).extended) == (date(2027, 3, 1), True)
    with pytest.raises(answering.NotPossible):
        do(answering.extend, row, stella, answer="x", at=within)


def test_late_ones_closings_and_all_are_counted_and_found(desk, stella, lead, asked, rung):
    long_ago = clock.now() - timedelta(days=60)
    late, mine, done = asked(at=long_ago), asked(), asked()
    do(answering.take, mine, stella)
    do(answering.end, done, lead, outcome="put_right", answer="Done.")
    closing = known(rung(), lead)
    do(answering.propose, closing, lead, reason="They wrote.")
    waits = answering.waiting(stella)
    assert (waits.count, waits.late, waits.closings) == (3, 1, 1)
    assert answering.waiting(lead).closings == 0
    page = " ".join(desk.get("/staff/").content.decode().split())
    for said in ("request about data is late", "account to close: a second person", "requests about data to answer"):
        assert said in page
    for which, rows in (
        ("", [late, mine, closing]), ("late", [late]), ("mine", [mine]), ("nobody", [late]),
        ("confirm", [closing]), ("closed", [done]),
    ):  # fmt: skip
        found = desk.get(f"{DESK}?which={which}" if which else DESK).context["cl"].result_list
        assert [row.pk for row in found] == [row.pk for row in rows], which


def test_empty_lists_and_unknown_addresses(desk, asked):
    row = asked()
    assert "Write down a request" in desk.get(f"{DESK}?which=closed").content.decode()
    assert desk.get(f"{DESK}999/change/").status_code == 404
    assert desk.get(f"{DESK}{row.pk}/do/nothing/").status_code == 404
    assert desk.get(f"{DESK}{row.pk}/do/close-account/").status_code == 302  # nothing to confirm
    assert desk.get(f"{DESK}?words__contains=CANARY").status_code in {302, 400}
    assert desk.post(f"{DESK}{row.pk}/change/").status_code == 403
