"""The Positive co-Parenting Programme: each parent answers alone, and neither learns what the other said."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub import clock, mail
from hub.models import AccessRecord, Notice, OutgoingMail
from programmes.actions import consenting, referring
from programmes.models import Consent, Enrolment, Meeting
from programmes.views import positive
from tests import reading
from tests.programmes import cases
from tests.programmes.cases import NOON
from tests.programmes.pages import masked
from tests.racing import at_once

PROGRAMME = consenting.PROGRAMME
MINE = "/learn/positive-co-parenting/mine/"
ANSWER = MINE + "answer/"
MATERIALS = "/learn/positive-co-parenting/your-own-session/"
ENDED = "This programme has ended. Your adviser can tell you more."
STARTS = date(2026, 12, 1)
CASE = "ZW26P00077"


@pytest.fixture
def both(amara, ben):
    """The referrals of Amara and Ben, who have both joined."""
    return [cases.joined(one, CASE, programme=PROGRAMME) for one in (amara, ben)]


@pytest.fixture
def enrolment(both, staff) -> Enrolment:
    return consenting.enrol(both[0].party.case, "rule_16_4", staff, NOON)


@pytest.fixture
def begun(enrolment, both, staff) -> Enrolment:
    for one in both:
        consenting.say(enrolment, one, "yes", NOON)
    return consenting.begin(enrolment, STARTS, staff, NOON)


def heading(answer) -> str:
    return re.search(r"<h1[^>]*>([^<]*)</h1>", answer.content.decode())[1]


def press(client, said, referral):
    """Open the check page and press its button."""
    opened = client.get(ANSWER, {"said": said, "to": referral.pk})
    assert opened.status_code == 200, opened.status_code
    told = dict(re.findall(r'<input type="hidden" name="(to|said|seen)" value="([^"]*)"', opened.content.decode()))
    return client.post(ANSWER, told)


def main_of(answer) -> str:
    return re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)[0]


# ---------------------------------------------------------------- enrolling
def test_both_are_asked(enrolment, amara, ben, signed_in):
    for one in (amara, ben):
        assert heading(signed_in(one).get(MINE)) == "Would you like to take part?"
        assert cases.told(one, "positive") == (1, 1)
    assert AccessRecord.objects.filter(what="enrol", about=f"enrolment:{enrolment.pk}").exists()


def test_before_that_there_is_nothing_to_do(both, amara, signed_in):
    client = signed_in(amara)
    assert heading(client.get(MINE)) == "Nothing to do yet"
    assert client.get(ANSWER, {"said": "yes", "to": both[0].pk}).headers["Location"] == MINE
    client.post(ANSWER, {"said": "yes", "to": both[0].pk, "seen": "waiting"})
    assert not Consent.objects.exists()


def test_one_case_has_one_enrolment(enrolment, staff):
    with pytest.raises(consenting.AlreadyEnrolled):
        consenting.enrol(enrolment.case, "section_7", staff, NOON)
    consenting.end(enrolment, staff, NOON)
    assert consenting.enrol(enrolment.case, "section_7", staff, NOON).pk != enrolment.pk


def test_it_is_for_two(amara, ben, stranger, staff):
    first = cases.joined(amara, CASE, programme=PROGRAMME)
    cases.joined(ben, CASE)  # sent to another programme
    with pytest.raises(consenting.NotBothReferred):
        consenting.enrol(first.party.case, "rule_16_4", staff, NOON)
    for one in (ben, stranger):
        cases.joined(one, CASE, programme=PROGRAMME)
    with pytest.raises(consenting.NotBothReferred):
        consenting.enrol(first.party.case, "rule_16_4", staff, NOON)
    assert not Enrolment.objects.exists() and not OutgoingMail.objects.filter(kind=consenting.KIND).exists()
    with pytest.raises(ValueError, match="rule_99"):
        consenting.enrol(first.party.case, "rule_99", staff, NOON)


def test_only_staff_do_what_staff_do(begun, both, amara):
    [meeting] = [consenting.set_meeting(begun, "joint", NOON, None, NOON)]
    for work in (
        lambda: consenting.enrol(begun.case, "rule_16_4", amara, NOON),
        lambda: consenting.begin(begun, STARTS, amara, NOON),
        lambda: consenting.set_meeting(begun, "joint", NOON, amara, NOON),
        lambda: consenting.record_attendance(meeting, True, amara, NOON),
        lambda: consenting.end(begun, amara, NOON),
    ):
        with pytest.raises(referring.OnlyStaff):
            work()


def test_somebody_sent_later_has_no_part_in_it(begun, stranger, signed_in):
    third = cases.joined(stranger, CASE, at=NOON + timedelta(days=1), programme=PROGRAMME)
    assert heading(signed_in(stranger).get(MINE)) == "Nothing to do yet"
    with pytest.raises(consenting.NotYours):
        consenting.say(begun, third, "yes", NOON)


# ---------------------------------------------------------------- what a parent says
def test_yes_no_and_taking_it_back_each_through_a_check_page(enrolment, both, amara, signed_in):
    client, mine = signed_in(amara), both[0]
    asked = ["Say no to taking part?", "Say yes to taking part?", "Take back your yes?", "Say yes to taking part?"]
    then = ["You said no", "You said yes", "You took back your yes", "You said yes"]
    for said, check, after in zip(["no", "yes", "withdrawn", "yes"], asked, then, strict=True):
        assert heading(client.get(ANSWER, {"said": said, "to": mine.pk})) == check
        assert press(client, said, mine).headers["Location"] == MINE
        assert heading(client.get(MINE)) == after
    assert [one.said for one in Consent.objects.all()] == ["no", "yes", "withdrawn", "yes"]


def test_looking_at_the_check_page_says_nothing(enrolment, both, amara, signed_in):
    signed_in(amara).get(ANSWER, {"said": "yes", "to": both[0].pk})
    assert not Consent.objects.exists()


def test_choosing_nothing_is_said_beside_the_choices(enrolment, both, amara, signed_in):
    for told in ({"to": both[0].pk}, {"to": both[0].pk, "said": "perhaps"}):
        answer = signed_in(amara).get(ANSWER, told)
        assert "Choose yes or no" in answer.content.decode() and "<title>Error:" in answer.content.decode()


def test_the_same_form_sent_twice_says_it_once(enrolment, both, amara, signed_in):
    told = {"said": "yes", "to": both[0].pk, "seen": "asked"}
    client = signed_in(amara)
    assert [client.post(ANSWER, told).status_code for _ in range(2)] == [302, 302]
    assert Consent.objects.count() == 1


def test_only_a_yes_can_be_taken_back(enrolment, both):
    with pytest.raises(consenting.NothingToTakeBack):
        consenting.say(enrolment, both[0], "withdrawn", NOON)
    consenting.say(enrolment, both[0], "no", NOON)
    with pytest.raises(consenting.NothingToTakeBack):
        consenting.say(enrolment, both[0], "withdrawn", NOON)


def test_who_has_not_joined_says_nothing(amara, ben, staff):
    cases.joined(amara, CASE, programme=PROGRAMME)
    unseen = cases.refer(ben.email, CASE, programme=PROGRAMME)
    enrolment = consenting.enrol(unseen.party.case, "rule_16_4", staff, NOON)
    with pytest.raises(consenting.NotYours):
        consenting.say(enrolment, unseen, "yes", NOON)
    assert cases.told(ben, "positive") == (0, 0)


def test_a_page_opened_before_it_began_does_not_end_it_unawares(enrolment, both, amara, staff, signed_in):
    """The check page said that the other parent is not told. Since then that is no longer so: it is shown anew."""
    client = signed_in(amara)
    for one in both:
        consenting.say(enrolment, one, "yes", NOON)
    shown = client.get(ANSWER, {"said": "withdrawn", "to": both[0].pk}).content.decode()
    assert "The other parent is not told" in shown and 'name="seen" value="yes"' in shown
    consenting.begin(enrolment, STARTS, staff, NOON)
    answer = client.post(ANSWER, {"said": "withdrawn", "to": both[0].pk, "seen": "yes"})
    assert answer.status_code == 200 and heading(answer) == "Stop taking part?"
    enrolment.refresh_from_db()
    assert enrolment.ended_at is None
    press(client, "withdrawn", both[0])
    enrolment.refresh_from_db()
    assert enrolment.ended_at is not None


# ---------------------------------------------------------------- beginning and ending
UNWILLING = {(), ("no",), ("yes", "withdrawn"), ("yes", "no"), ("yes", "withdrawn", "no")}


@pytest.mark.parametrize("one", [("yes",), ("no", "yes"), ("yes", "withdrawn", "yes"), *sorted(UNWILLING)])
@pytest.mark.parametrize("other", [("yes",), ("yes", "withdrawn", "yes"), *sorted(UNWILLING)])
def test_it_begins_only_when_the_newest_word_of_both_is_yes(enrolment, both, staff, one, other):
    for referral, words in zip(both, (one, other), strict=True):
        for said in words:
            consenting.say(enrolment, referral, said, NOON)
    willing = one not in UNWILLING and other not in UNWILLING
    assert consenting.both_said_yes(enrolment) == willing
    if not willing:
        with pytest.raises(consenting.NotBothSaidYes):
            consenting.begin(enrolment, STARTS, staff, NOON)
        return
    assert consenting.begin(enrolment, STARTS, staff, NOON).ends_on == date(2027, 2, 23)


def test_it_begins_once(begun, staff):
    assert consenting.begin(begun, STARTS, staff, NOON).pk == begun.pk
    with pytest.raises(consenting.AlreadyBegun):
        consenting.begin(begun, STARTS + timedelta(days=1), staff, NOON)
    consenting.end(begun, staff, NOON)
    with pytest.raises(consenting.HasEnded):
        consenting.begin(begun, STARTS, staff, NOON)


def test_a_withdrawn_referral_keeps_it_from_beginning(enrolment, both, staff):
    for one in both:
        consenting.say(enrolment, one, "yes", NOON)
    referring.withdraw(both[1], staff, NOON + timedelta(hours=1))
    with pytest.raises(consenting.NotBothSaidYes):
        consenting.begin(enrolment, STARTS, staff, NOON)


def ends(how, enrolment, both, staff):
    {
        "amara takes it back": lambda: consenting.say(enrolment, both[0], "withdrawn", NOON),
        "ben takes it back": lambda: consenting.say(enrolment, both[1], "withdrawn", NOON),
        "amara says no": lambda: consenting.say(enrolment, both[0], "no", NOON),
        "staff end it": lambda: consenting.end(enrolment, staff, NOON),
    }[how]()


@pytest.mark.parametrize("seen_by", [0, 1])
def test_however_it_ends_both_read_the_same_bytes(begun, both, amara, ben, staff, signed_in, seen_by):
    client, read = signed_in((amara, ben)[seen_by]), {}
    for how in ("amara takes it back", "ben takes it back", "amara says no", "staff end it"):
        with transaction.atomic():
            ends(how, begun, both, staff)
            read[how] = masked(client.get(MINE)).replace(str(both[seen_by].pk), "")
            for one in (amara, ben):
                mails = list(
                    OutgoingMail.objects.filter(person=one).order_by("created_at").values_list("kind", "facts")
                )
                news = list(
                    Notice.objects.filter(person=one).order_by("pk").values_list("kind", "address", "created_at")
                )
                read[how] += f"{mails}{news}"
            transaction.set_rollback(True)
    assert len(set(read.values())) == 1
    assert ENDED in next(iter(read.values()))


def test_both_parents_read_the_same_page_of_its_end(begun, both, amara, ben, signed_in):
    consenting.say(begun, both[0], "withdrawn", NOON)
    pages = {main_of(signed_in(one).get(MINE)) for one in (amara, ben)}
    assert len(pages) == 1 and ENDED in pages.pop()


def test_after_the_end_nothing_more_is_said(begun, both, staff, amara, signed_in):
    consenting.end(begun, staff, NOON)
    consenting.end(begun, staff, NOON)
    assert cases.told(amara, "positive")[1] == 3  # asked, begun, ended
    with pytest.raises(consenting.HasEnded):
        consenting.say(begun, both[0], "yes", NOON)
    with pytest.raises(consenting.HasEnded):
        consenting.set_meeting(begun, "joint", NOON, staff, NOON)
    assert signed_in(amara).post(ANSWER, {"said": "yes", "to": both[0].pk, "seen": "ended"}).headers["Location"] == MINE


def test_a_referral_withdrawn_after_the_beginning_ends_it(begun, both, staff, ben, signed_in):
    assert signed_in(ben).get(MATERIALS).status_code == 200
    referring.withdraw(both[0], staff, NOON + timedelta(hours=1))
    assert ENDED in signed_in(ben).get(MINE).content.decode()
    assert signed_in(ben).get(MATERIALS).status_code == 403


def test_the_materials_are_closed_until_it_begins(both, amara, signed_in):
    assert signed_in(amara).get(MATERIALS).status_code == 403


@pytest.mark.slow
def test_beginning_against_taking_back_at_the_same_moment(transactional_db, amara, ben, staff):
    """Either it never begins, or it begins and ends. It is never under way without two parents who want it."""
    both = [cases.joined(one, CASE, programme=PROGRAMME) for one in (amara, ben)]
    outcomes = set()
    for _ in range(25):
        enrolment = consenting.enrol(both[0].party.case, "rule_16_4", staff, NOON)
        for one in both:
            consenting.say(enrolment, one, "yes", NOON)
        at_once(
            lambda enrolment=enrolment: consenting.begin(enrolment, STARTS, staff, NOON),
            lambda enrolment=enrolment: consenting.say(enrolment, both[0], "withdrawn", NOON),
            calm=consenting.NotBothSaidYes,
        )
        enrolment.refresh_from_db()
        assert enrolment.begins_on is None or enrolment.ended_at is not None
        outcomes.add(enrolment.begins_on is not None)
        consenting.end(enrolment, staff, NOON)
    assert outcomes


# ---------------------------------------------------------------- nothing of the other parent
HISTORIES = [(), ("yes",), ("no",), ("yes", "withdrawn"), ("no", "yes"), ("yes", "withdrawn", "yes", "withdrawn", "no")]
COVER = f"/learn/{PROGRAMME}/"


def everything_ben_gets(ben, referral, smtp) -> list[str]:
    """Ben looks, answers, changes his mind, and reads his mail. Marks of news differ from run to run."""
    client, got = Client(), []
    client.force_login(ben)
    for said in (None, "no", "yes", "withdrawn"):
        if said:
            got.append(masked(client.get(ANSWER, {"said": said, "to": referral.pk})))
            got.append(masked(press(client, said, referral)))
        got += [masked(client.get(address)) for address in (MINE, COVER, "/home/", "/learn/")]
    got.append(str(list(Notice.objects.filter(person=ben).order_by("pk").values_list("kind", "address", "created_at"))))
    smtp.mails.clear()
    mail.relay(at=NOON + timedelta(hours=2))
    got.append(str([letter.get_body(("plain",)).get_content() for letter in smtp.to(ben.email)]))
    got.append(str(positive.place_of(ben)["positive"][0].state) + str(consenting.may_read(ben)))
    return [re.sub(r"/news/\w+/", "/news/", one) for one in got]


@pytest.mark.timeout(180)
def test_before_it_begins_nothing_amara_says_changes_a_byte_for_ben(enrolment, both, ben, smtp, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    seen, asked = [], []
    with transaction.atomic():  # what a process reads once and keeps
        everything_ben_gets(ben, both[1], smtp)
        transaction.set_rollback(True)
    for history in HISTORIES:
        with transaction.atomic():
            for said in history:
                consenting.say(enrolment, both[0], said, NOON)
            with CaptureQueriesContext(connection) as queries:
                seen.append(everything_ben_gets(ben, both[1], smtp))
            asked.append(len(queries))
            transaction.set_rollback(True)
    for (history, one), (other_history, other) in pairwise(zip(HISTORIES, seen, strict=True)):
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            assert a == b, f"step {number} tells {history} from {other_history}"
    assert len(set(asked)) == 1
    assert any("You said no" in one for one in seen[0]) and any("You said yes" in one for one in seen[0])


def test_the_other_parents_own_meeting_is_never_shown(begun, both, staff, amara, ben, signed_in):
    theirs, shared = NOON + timedelta(days=9, hours=3), NOON + timedelta(days=70)
    client = signed_in(ben)
    consenting.set_meeting(begun, "parent", NOON + timedelta(days=12), staff, NOON, both[1])
    consenting.set_meeting(begun, "child", NOON + timedelta(days=20), staff, NOON)
    consenting.set_meeting(begun, "joint", shared, staff, NOON)
    before = masked(client.get(MINE)), cases.told(ben, "positive")
    meeting = consenting.set_meeting(begun, "parent", theirs, staff, NOON, both[0])
    consenting.record_attendance(meeting, False, staff, NOON)
    assert (masked(client.get(MINE)), cases.told(ben, "positive")) == before
    page = signed_in(amara).get(MINE).content.decode()
    assert "Tuesday 1 December 2026, 3 pm" in page and "Sunday 31 January 2027, midday" in page
    assert "Friday 4 December 2026" not in page and "You and the adviser" in page


def test_nobody_answers_for_the_other(enrolment, both, amara, ben, stranger, signed_in):
    for one, theirs in ((amara, both[1]), (ben, both[0])):
        assert signed_in(one).get(ANSWER, {"said": "no", "to": theirs.pk}).status_code == 404
        assert signed_in(one).post(ANSWER, {"said": "no", "to": theirs.pk, "seen": "asked"}).status_code == 404
        assert signed_in(one).get(MINE, {"to": theirs.pk}).status_code == 404
    assert not Consent.objects.exists()
    for address in (MINE, f"{ANSWER}?said=yes&to={both[0].pk}", ANSWER):
        assert signed_in(stranger).get(address).status_code == 404
        assert Client().get(address).headers["Location"].startswith("/accounts/login/")


# ---------------------------------------------------------------- the twelve weeks
def test_a_parent_sees_dates_meetings_and_what_comes_next(begun, both, staff, amara, signed_in, monkeypatch):
    client = signed_in(amara)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    assert "There are no dates yet" in client.get(MINE).content.decode()
    consenting.set_meeting(begun, "parent", NOON + timedelta(days=10), staff, NOON, both[0])
    consenting.set_meeting(begun, "child", NOON + timedelta(days=20), staff, NOON)
    consenting.set_meeting(begun, "joint", NOON + timedelta(days=70), staff, NOON)
    for days, comes in (
        (0, "Your own meeting is on"),
        (11, "Your child’s meeting is on"),
        (30, "for both parents is on"),
    ):
        monkeypatch.setattr(clock, "now", lambda days=days: NOON + timedelta(days=days))
        page = client.get(MINE).content.decode()
        assert comes in page and "From Tuesday 1 December 2026 to Tuesday 23 February 2027." in page
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=80))
    assert "Your adviser tells you what comes next" in client.get(MINE).content.decode()


def test_the_time_is_said_by_the_clocks_of_the_day(begun, staff, amara, signed_in):
    """Noon UTC is midday in winter and 1 pm in summer."""
    consenting.set_meeting(begun, "joint", NOON + timedelta(days=150), staff, NOON)
    assert "Wednesday 21 April 2027, 1 pm" in signed_in(amara).get(MINE).content.decode()


def test_a_meeting_that_moves_stays_one_and_forgets_who_came(begun, both, staff):
    first = consenting.set_meeting(begun, "joint", NOON, staff, NOON)
    consenting.record_attendance(first, True, staff, NOON)
    assert consenting.set_meeting(begun, "joint", NOON, staff, NOON).attended is True
    moved = consenting.set_meeting(begun, "joint", NOON + timedelta(days=1), staff, NOON)
    assert moved.pk == first.pk and moved.attended is None and Meeting.objects.count() == 1


def test_meetings_need_a_beginning_and_the_right_people(enrolment, begun, both, staff, stranger):
    other = cases.joined(stranger, "ZW26P00099", programme=PROGRAMME)
    with pytest.raises(consenting.NotYours):
        consenting.set_meeting(begun, "parent", NOON, staff, NOON, other)
    for whom, referral in (("parent", None), ("joint", both[0])):
        with pytest.raises(ValueError, match="names them"):
            consenting.set_meeting(begun, whom, NOON, staff, NOON, referral)
    with pytest.raises(ValueError, match="zone"):
        consenting.set_meeting(begun, "joint", NOON.replace(tzinfo=None), staff, NOON)


def test_no_meeting_before_it_begins(enrolment, staff):
    with pytest.raises(consenting.NotBegun):
        consenting.set_meeting(enrolment, "joint", NOON, staff, NOON)


def test_the_materials_are_open_while_it_runs(enrolment, both, staff, amara, stranger):
    assert not consenting.may_read(amara)
    for one in both:
        consenting.say(enrolment, one, "yes", NOON)
    assert not consenting.may_read(amara)
    consenting.begin(enrolment, STARTS, staff, NOON)
    assert consenting.may_read(amara) and not consenting.may_read(stranger)
    consenting.end(enrolment, staff, NOON)
    assert not consenting.may_read(amara)


def test_a_parent_in_two_cases_sees_each(begun, amara, stranger, staff, signed_in):
    later = NOON + timedelta(hours=1)
    second = [cases.joined(one, "ZW26P00088", at=later, programme=PROGRAMME) for one in (amara, stranger)]
    consenting.enrol(second[0].party.case, "section_7", staff, later)
    client = signed_in(amara)
    assert "ZW26P00077" in client.get(MINE).content.decode()
    assert press(client, "yes", second[0]).headers["Location"] == f"{MINE}?to={second[0].pk}"
    assert heading(client.get(f"{MINE}?to={second[0].pk}")) == "You said yes"
    consenting.end(begun, staff, NOON)
    assert heading(client.get(MINE)) == "You said yes"


# ---------------------------------------------------------------- mail
def test_the_mail_is_neutral_and_a_burst_is_one(begun, both, staff, amara, smtp, settings, monkeypatch):
    settings.PLAN_MAIL_GAP = timedelta(minutes=15)
    mail.relay(at=max(NOON, clock.now()) + timedelta(minutes=1))
    later = max(NOON, clock.now()) + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    for days, whom in ((20, "child"), (70, "joint")):
        consenting.set_meeting(begun, whom, NOON + timedelta(days=days), staff, later)
    smtp.mails.clear()
    mail.relay(at=later + timedelta(minutes=14))
    assert not smtp.mails
    mail.relay(at=later + timedelta(minutes=16))
    [letter] = smtp.to(amara.email)
    for kind in ("plain", "html"):
        assert not re.search(
            r"(?i)positive|programme|consent|meeting|amara|ben\b", letter.get_body((kind,)).get_content()
        )
    assert letter["Subject"] == "You have an update"


def test_somebody_without_a_part_gets_no_mail(enrolment, amara, stranger):
    letter = OutgoingMail.objects.get(person=amara, kind=consenting.KIND)
    assert mail.still_wanted(letter)
    letter.person = stranger
    assert not mail.still_wanted(letter)


# ---------------------------------------------------------------- pages
def test_the_cover_has_a_card_for_each_state(both, staff, amara, signed_in):
    client, seen = signed_in(amara), []

    def card():
        page = client.get(COVER).content.decode()
        seen.append(re.search(r"Your place</h2>.*?</div>", page, re.DOTALL)[0])

    card()
    enrolment = consenting.enrol(both[0].party.case, "rule_16_4", staff, NOON)
    card()
    consenting.say(enrolment, both[0], "yes", NOON)
    card()
    consenting.say(enrolment, both[1], "yes", NOON)
    consenting.begin(enrolment, STARTS, staff, NOON)
    card()
    consenting.end(enrolment, staff, NOON)
    card()
    for words, shown in zip(
        ("not set it up", "Staff ask", "See what I said", "See my place", ENDED), seen, strict=True
    ):
        assert words in shown


def test_pages_ask_few_questions(begun, both, staff, amara, signed_in):
    for whom, referral in (("parent", both[0]), ("parent", both[1]), ("child", None), ("joint", None)):
        consenting.set_meeting(begun, whom, NOON + timedelta(days=20), staff, NOON, referral)
    client = signed_in(amara)
    for address in (MINE, f"{ANSWER}?said=withdrawn&to={both[0].pk}"):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 10, [query["sql"] for query in asked]


def test_the_words_are_easy(both, amara, staff, signed_in):
    client, pages = signed_in(amara), []
    pages.append(client.get(MINE))
    enrolment = consenting.enrol(both[0].party.case, "rule_16_4", staff, NOON)
    pages.append(client.get(MINE))
    for said in ("no", "yes", "withdrawn", "yes"):
        pages.append(client.get(ANSWER, {"said": said, "to": both[0].pk}))
        press(client, said, both[0])
        pages.append(client.get(MINE))
    consenting.say(enrolment, both[1], "yes", NOON)
    consenting.begin(enrolment, STARTS, staff, NOON)
    consenting.set_meeting(enrolment, "joint", clock.now() + timedelta(days=20), staff, NOON)
    pages += [client.get(MINE), client.get(ANSWER, {"said": "withdrawn", "to": both[0].pk})]
    consenting.end(enrolment, staff, NOON)
    pages.append(client.get(MINE))
    for answer in pages:
        found = reading.read(answer.content.decode())
        assert found.grade <= 5, (heading(answer), found)
        assert found.longest_words <= 25, found.longest


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_in_a_browser(
    transactional_db, amara, ben, staff, open_browser, axe, no_sideways_scroll, javascript, width
):
    both = [cases.joined(one, CASE, programme=PROGRAMME) for one in (amara, ben)]
    enrolment = consenting.enrol(both[0].party.case, "rule_16_4", staff, NOON)
    page = open_browser(amara, javascript=javascript, width=width)

    def look(words):
        assert page.get_by_role("heading", level=1).inner_text() == words
        axe(page)
        no_sideways_scroll(page)

    page.goto(MINE)
    look("Would you like to take part?")
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("link", name="Choose yes or no").is_visible()
    look("Would you like to take part?")
    page.get_by_label("Yes, I would like to take part").check()
    page.get_by_role("button", name="Continue").click()
    look("Say yes to taking part?")
    page.get_by_role("button", name="Yes, I would like to take part").click()
    look("You said yes")
    consenting.say(enrolment, both[1], "yes", NOON)
    consenting.begin(enrolment, STARTS, staff, NOON)
    consenting.set_meeting(enrolment, "parent", clock.now() + timedelta(days=20), staff, NOON, both[0])
    page.reload()
    look("Your twelve weeks")
    page.get_by_role("link", name="Stop taking part").click()
    look("Stop taking part?")
    page.get_by_role("button", name="Stop taking part").click()
    look("My place")
    assert page.get_by_text(ENDED).is_visible()
