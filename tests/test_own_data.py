"""What the hub holds about somebody: all of it in their own copy, nothing of it in the other parent's (trust T22).

Amara and Ben live the same life. A string that is nowhere else stands in every field of each of them, and of the
staff. Then both ask for a copy.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import own_data as of_the_person
from accounts.models import DataRequest, DataRequestNote
from accounts.rights import closing
from goals import actions as goal_acts
from goals.models import Goal, Reminder
from hub import clock, mail, notices, own_data
from hub import words as say
from hub.models import LegalHold, Notice, OutgoingMail
from parenting_plan import actions
from parenting_plan.actions import safeguarding
from parenting_plan.models import Draft, Grant, Party, Plan, SafetyReport, StaffOpening
from programmes import library, telling
from programmes.actions import booking, certifying, consenting, learning, referring
from programmes.models import Booking, Certificate, Needs, Referral
from tests.parenting_plan import family
from tests.parenting_plan.conftest import lively, plan
from tests.programmes import cases
from tests.test_canaries import canary

__all__ = ["lively", "plan"]

# Planted for each of the two | the section of their own copy in which it stands; "-" for none, in nobody's
LIFE = """
email address                  | account
name of a passkey              | account
secret of a second step        | -
browser                        | -
device                         | -
question about data            | account_requests
what staff noted about that    | -
what staff answered to that    | account_requests
fact of a mail                 | -
where news lead                | -
words of a draft               | plans_drafts
note of a draft                | plans_drafts
words beside not sure          | plans_drafts
whom they let read             | plans_shown_to
words to staff                 | plans_told_us
what staff noted about it      | -
why staff opened the plan      | -
child of a plan of their own   | plans
words of a plan of their own   | plans_history
note in a plan of their own    | plans_history
whom they asked to join it     | -
goal                           | goals
why of a goal                  | goals
first step of a goal           | goals
note at a check-in             | goals
what a goal said before        | goals
what they wrote in a course    | courses_notes
promise in a course            | courses_notes
name on a certificate          | courses_certificates
name on court papers           | courses_sent_to
court                          | -
interpreter they need          | courses_sent_to
need in their words            | courses_sent_to
how to get to their session    | courses_sessions
name of whom to keep apart     | -
reason of a legal hold         | -
"""
SHARED = ["words they suggested", "note they sent", "words they took back", "words both agreed"]


def life() -> dict[str, str]:
    rows = (line.split("|") for line in LIFE.strip().splitlines())
    return {field.strip(): where.strip() for field, where in rows}


def mark(person, field: str) -> str:
    return canary(f"{field} of {person.first_name}")


# ---------------------------------------------------------------- two people who live the same life


@pytest.fixture
def amara(person):
    return person("Amara", email=f"{canary('email address of Amara')}@example.com")


@pytest.fixture
def ben(person):
    return person("Ben", email=f"{canary('email address of Ben')}@example.com")


@pytest.fixture
def lived(lively, amara, ben, staff):
    """The lively plan with everything in it that the two of them and the staff may ever write."""
    for one, other in ((amara, ben), (ben, amara)):
        has = lambda field, one=one: mark(one, field)  # noqa: E731
        in_the_plan(lively, one, other, staff, has)
        in_their_account(one, staff, has)
        in_their_goals(one, has)
        in_their_courses(one, staff, has)
    return lively


def parts(beginning: str) -> list[str]:
    from parenting_plan import questions

    return [key for key in questions.by_key() if key.startswith(beginning)]


def in_the_plan(plan: Plan, one, other, staff, has) -> None:
    place = ["a", "b"].index(family.party(plan, one).role)
    me = family.party(plan, one)
    health, money, feelings, about = (parts(name) for name in ("health/", "money/", "feelings/", "about-our-children/"))
    family.draft(plan, one, health[place], has("words of a draft"), note=has("note of a draft"))
    unsure = {"kind": "not_sure", "text": has("words beside not sure")}
    family.draft(plan, one, health[2 + place], unsure)
    granted = actions.grant(plan=plan, by=me, email=f"{has('whom they let read')}@example.com")
    actions.note_opening(granted=granted, what="read")
    told = actions.report(kind="safety", words=has("words to staff"), party=me, may_answer=True)
    safeguarding.write_note(report=told, words=has("what staff noted about it"), by=staff)
    safeguarding.answer(report=told, answer="looked", by=staff, version=0)
    at = clock.now()
    StaffOpening.objects.create(
        plan=plan, by=staff, case_reference=has("why staff opened the plan"), reason=has("why staff opened the plan"),
        opened_at=at, ends_at=at + timedelta(minutes=30),
    )  # fmt: skip
    LegalHold.objects.create(
        kind="person", number=one.pk, name="x", reason=has("reason of a legal hold"), placed_by=staff, placed_at=at
    )
    family.suggest(plan, one, money[place], has("words they suggested"), note=has("note they sent"))
    family.suggest(plan, one, feelings[place], has("words they took back"))
    found = family.part(plan, feelings[place])
    actions.withdraw(plan=plan, question=feelings[place], by=me, version=found.version)
    Draft.objects.filter(question=feelings[place]).delete()
    family.settle(plan, one, other, about[place], has("words both agreed"))
    alone = family.start(one, children=[(has("child of a plan of their own"), 2018, 1)])
    family.suggest(
        alone, one, family.WEEK, has("words of a plan of their own"), note=has("note in a plan of their own")
    )
    invited = f"{has('whom they asked to join it')}@example.com"
    actions.invite_by_email(plan=alone, by=family.party(alone, one), email=invited)


def in_their_account(one, staff, has) -> None:
    named = {"name": has("name of a passkey"), "credential": {"key": has("secret of a second step")}}
    Authenticator.objects.create(user=one, type="webauthn", data=named)
    Authenticator.objects.create(user=one, type="totp", data={"secret": has("secret of a second step")})
    UserSession.objects.create(
        user=one, ip="203.0.113.77", session_key=has("device")[:30], user_agent=f"{has('browser')} Firefox/140 Android"
    )
    asked = DataRequest.objects.create(
        person=one, kind="correct", way="account", words=has("question about data"), received_at=clock.now(),
        due_on=date(2026, 12, 22), owner=staff,
    )  # fmt: skip
    words = has("what staff noted about that")
    DataRequestNote.objects.create(request=asked, by=staff, at=clock.now(), what="note", words=words)
    words = has("what staff answered to that")
    DataRequestNote.objects.create(request=asked, by=staff, at=clock.now(), what="answer", words=words)
    sent = mail.put(kind="parenting_plan/nudge", key=f"x:{one.pk}", person=one, facts={"x": has("fact of a mail")})
    OutgoingMail.objects.filter(pk=sent.pk).update(state="sent", sent_at=clock.now())
    lead = f"/{has('where news lead')}/"
    notices.tell(person=one, key=f"x:{one.pk}", kind="nudge", address=lead, at=clock.now())


def in_their_goals(one, has) -> None:
    goal = goal_acts.start(person=one, kind="us", words=has("what a goal said before"))
    goal_acts.reword(
        goal=goal, kind="us", words=has("goal"), why=has("why of a goal"), first_step=has("first step of a goal")
    )
    goal_acts.check_in(goal=goal, felt=2, note=has("note at a check-in"))
    goal_acts.remind(person=one, every=7)


def in_their_courses(one, staff, has) -> None:
    shown = library.programme("getting-it-right")
    taking = learning.begin(one, shown, clock.now())
    for part, kind, words in (
        (shown.parts[0], "reflection", {"text": has("what they wrote in a course")}),
        (shown.parts[-1], "pledge", {"boxes": [has("promise in a course")]}),
    ):
        step = next(step for step in part.steps if step.kind == kind)
        learning.answer(taking, part.slug, step.slug, "", kind, words, shown.editions[part.slug], clock.now())
    certifying.issue(one, "getting-it-right", has("name on a certificate"), clock.now())
    at = clock.now()
    sent = {"name": has("name on court papers"), "at": at}
    case = cases.refer(one.email, "ZW26P00012", court=has("court"), **sent)
    cases.join(case, one, at)
    words = {"interpreter": has("interpreter they need"), "other": has("need in their words"), "changed_at": at}
    Needs.objects.create(referral=case, bsl=True, **words)
    session = cases.workshop_for(case, starts_at=at + timedelta(days=30), joining=has("how to get to their session"))
    booking.book(case, session, at=at)
    other = cases.refer(
        f"{one.first_name}x@example.com", f"ZX{one.first_name}", name=has("name of whom to keep apart"), at=at
    )
    referring.keep_apart(case.party, other.party, by=staff, at=at)


# ---------------------------------------------------------------- reading a copy


def copy(person) -> dict[str, own_data.Section]:
    """What a worker puts into this person's copy, by the keys of its sections."""
    person.refresh_from_db()
    return {section.key: section for section in own_data.copy_of(person, clock.now())}


def for_programs(section: own_data.Section) -> str:
    return json.dumps(section.data, ensure_ascii=False)  # plain values only, or this fails


def for_people(section: own_data.Section) -> str:
    told = [(entry.title, *(str(words) for fact in entry.facts for words in fact)) for entry in section.entries]
    return "\n".join(str(words) for entry in told for words in entry)


def whole(sections: dict[str, own_data.Section]) -> str:
    return "\n".join(f"{for_programs(each)}\n{for_people(each)}" for each in sections.values())


def test_a_copy_has_all_that_is_ones_own_and_nothing_that_is_the_other_parents(lived, amara, ben):
    for one, other in ((amara, ben), (ben, amara)):
        sections = copy(one)
        missing = [
            field
            for field, where in life().items()
            if where != "-"
            and not all(mark(one, field) in said(sections[where]) for said in (for_programs, for_people))
        ]
        assert missing == []
        everything = whole(sections).casefold()
        leaks = [f"{field} of the other parent" for field in life() if mark(other, field) in everything]
        leaks += [field for field, where in life().items() if where == "-" and mark(one, field) in everything]
        assert leaks == []
        assert "203.0.113.77" not in everything and "stella" not in everything  # no address of a device, no staff
        for field in SHARED:  # both wrote it to the other
            for writer in (one, other):
                assert mark(writer, field) in for_programs(sections["plans_history"]), field
                assert mark(writer, field) in for_people(sections["plans_history"]), field


def leaves(value) -> Iterator[object]:
    match value:
        case dict():
            for inner in value.values():
                yield from leaves(inner)
        case list():
            for inner in value:
                yield from leaves(inner)
        case _:
            yield value


def as_said(value: object) -> str:
    """How people read this value of the data."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d(T|$)", value):
        return str(value)
    if "T" in value:
        return say.when(datetime.fromisoformat(value))
    return say.day(date.fromisoformat(value))


def test_people_and_programs_are_told_the_same(lived, amara, ben):
    for one in (amara, ben):
        for section in copy(one).values():
            assert len(section.data) == len(section.entries)
            for data, entry in zip(section.data, section.entries, strict=True):
                read = "\n".join([str(entry.title), *(f"{label}\n{words}" for label, words in entry.facts)])
                for value in leaves(data):
                    assert as_said(value) in read, (section.key, value)
                written = [said for value in leaves(data) if (said := as_said(value))]
                for label, words in entry.facts:
                    for line in str(words).splitlines():
                        told = line in "\n".join(written) or any(said in line for said in written)
                        assert told, (section.key, label, line)


def test_what_the_other_parent_does_alone_changes_no_letter_of_a_copy(lively, amara, ben, staff):
    before = whole(copy(amara))
    with transaction.atomic():
        in_their_account(ben, staff, lambda field: mark(ben, field))
        in_their_goals(ben, lambda field: mark(ben, field))
        me = family.party(lively, ben)
        family.draft(lively, ben, parts("health/")[0], "For myself")
        actions.grant(plan=lively, by=me, email="hugo@example.com")
        theirs = family.party(lively, amara)
        told = actions.report(kind="safety", words="Afraid", party=me, about=family.part(lively, family.HOLIDAYS).open)
        assert told.about.by == theirs
        safeguarding.hide(report=told, may_show=False, by=staff, version=0)
        actions.close_gate(party=me)
        Party.objects.filter(pk=me.pk).update(gate_passed_at=clock.now())
        assert mark(ben, "goal") in whole(copy(ben))  # it was done
        assert whole(copy(amara)) == before


def test_words_that_staff_put_away_are_not_in_the_copy_of_the_one_they_are_away_from(lively, amara, ben, staff):
    part = parts("money/")[0]
    family.suggest(lively, ben, part, "Words that hurt", note="A note that hurts")
    suggested = family.part(lively, part).open
    told = actions.report(kind="words", words="Look", party=family.party(lively, amara), about=suggested)
    assert "Words that hurt" in whole(copy(amara))
    safeguarding.hide(report=told, may_show=True, by=staff, version=0)
    mine = whole(copy(amara))
    assert "hurt" not in mine and "These words are not shown for now." in mine
    assert "Words that hurt" in whole(copy(ben)) and "not shown for now" not in whole(copy(ben))


def paused(plan, ben, at):
    actions.pause(plan=plan, at=at)


def left(plan, ben, at):
    actions.leave(plan=plan, by=family.party(plan, ben), at=at)


def protected(plan, ben, at):
    actions.change_orders(plan=plan, by=family.party(plan, ben), orders=Plan.Orders.PROTECTIVE, at=at)


def closed(plan, ben, at):
    own_data.close(ben, at)


def test_a_copy_does_not_tell_why_a_plan_is_no_longer_shared(lively, amara, ben):
    at, told = clock.now(), {}
    for end in (paused, left, protected, closed):
        with transaction.atomic():
            end(lively, ben, at)
            told[end.__name__] = whole(copy(amara))
            transaction.set_rollback(True)
    assert len(set(told.values())) == 1
    assert '"shared": false' in told["left"] and '"shared": true' in whole(copy(amara))


def test_what_one_told_us_about_courts_is_in_ones_own_copy_alone(amara, ben):
    shared = family.share(family.start(amara, orders=Plan.Orders.PROCEEDINGS), ben)
    assert "A court case is going on" in whole(copy(amara))
    assert "court case" not in whole(copy(ben))
    actions.change_orders(plan=shared, by=family.party(shared, ben), orders=Plan.Orders.IN_FORCE)
    line = "There is a court order about the children"
    assert line in whole(copy(amara)) and line in whole(copy(ben))  # the line that both read at the top of the plan


def test_an_invitation_tells_its_sender_joined_or_not_and_no_more(amara, ben):
    alone = family.start(amara)
    me = family.party(alone, amara)
    told = set()
    for outcome in ("", "declined", "unknown", "unsafe"):
        with transaction.atomic():
            sent = actions.invite_by_email(plan=alone, by=me, email=ben.email, at=datetime(2026, 11, 22, tzinfo=UTC))
            at = datetime(2026, 11, 23, tzinfo=UTC)
            if outcome:
                actions.answer_invitation(invitation=sent, outcome=outcome, at=at)
            told.add(whole(copy(amara)))
            transaction.set_rollback(True)
    (said,) = told
    assert "Not joined" in said and ben.email not in said


def test_somebody_who_has_just_come_has_a_short_copy(amara):
    assert list(copy(amara)) == ["account"]


def test_a_professional_reads_what_they_may_read_and_when_they_did(lively, amara, ben, solicitor):
    granted = actions.grant(plan=lively, by=family.party(lively, amara), email=solicitor.email)
    actions.note_opening(granted=granted, what="download")
    read = whole(copy(solicitor))
    assert lively.reference in read and "Downloaded the PDF" in read
    assert "Amara" not in read and "Anya" not in read


# ---------------------------------------------------------------- what it costs


def queries(person) -> int:
    copy(person)
    with CaptureQueriesContext(connection) as asked:
        copy(person)
    return len(asked)


def test_a_long_life_is_copied_with_as_many_queries_as_a_short_one(lived, amara, person):
    few = queries(amara)
    for number in range(3):
        in_their_goals(amara, lambda field, number=number: f"{field} {number}")
        other = person(f"Other{number}")
        more = family.share(family.start(other), amara)
        family.live_a_while(more, other, amara)
        me = family.party(more, amara)
        family.draft(more, amara, parts("health/")[0], "A draft")
        granted = actions.grant(plan=more, by=me, email=f"x{number}@example.com")
        actions.note_opening(granted=granted, what="read")
        actions.report(kind="safety", words="x", party=me)
        sent = cases.joined(amara, f"ZM26P0{number}", at=clock.now())
        Needs.objects.create(referral=sent, bsl=True, changed_at=clock.now())
        session = cases.workshop_for(sent, starts_at=clock.now() + timedelta(days=40 + number))
        booking.book(sent, session, at=clock.now())
    assert queries(amara) == few <= 45


# ---------------------------------------------------------------- what closing does


def test_the_page_that_asks_says_only_what_is_so(lived, amara, person):
    nobody = own_data.fate_of(person("Newcomer"))
    assert len(nobody.goes) == 2 and nobody.stays == ()
    hers = own_data.fate_of(amara)
    for line in ("drafts", "nobody joined", "solicitor", "goals", "courses", "session", "need"):
        assert any(line in str(said) for said in hers.goes), line
    for line in ("the other parent", "about safety", "asked of you", "certificates", "about your data"):
        assert any(line in str(said) for said in hers.stays), line


def test_closing_leaves_every_plan_and_takes_what_is_open(lived, amara, ben):
    alone = Plan.objects.exclude(pk=lived.pk).get(parties__user=amara)
    assert alone.invitations.filter(outcome="").exists()
    mine = list(Party.objects.filter(user=amara))
    with transaction.atomic():
        closing.close(amara)
    assert not Party.objects.filter(pk__in=[each.pk for each in mine], left_at=None).exists()
    assert not Draft.objects.filter(party__in=mine).exists()
    assert not Grant.objects.filter(by__in=mine, revoked_at=None).exists()
    assert not alone.invitations.filter(outcome="").exists()
    assert Draft.objects.filter(party__user=ben).count() == 2  # his stay his
    lived.refresh_from_db()
    assert not lived.still_shared
    his = whole(copy(ben))
    assert "Amara suggested" not in his and "The other parent suggested" in his
    assert mark(amara, "words they suggested") in his


def test_a_parent_without_a_name_is_called_the_other_parent(plan, amara, ben):
    hers = family.party(plan, amara)
    assert hers.name == "Amara"
    hers.user.first_name = ""
    assert hers.name == "the other parent"
    hers.user = None
    assert hers.name == "the other parent"


def test_whoever_waited_to_be_known_is_gone_and_somebody_else_can_join(amara, ben, stranger):
    alone = family.start(amara)
    me = family.party(alone, amara)
    _invitation, code = actions.invite_by_code(plan=alone, by=me)
    actions.join(invitation=actions.find_invitation(code, clock.now()), user=ben, has_verified=True)
    own_data.close(ben, clock.now())
    assert not Party.objects.filter(user=ben).exists()
    assert OutgoingMail.objects.get(kind="parenting_plan/confirm_joiner")
    assert not mail.still_wanted(OutgoingMail.objects.get(kind="parenting_plan/confirm_joiner"))
    _invitation, code = actions.invite_by_code(plan=alone, by=me)
    actions.join(invitation=actions.find_invitation(code, clock.now()), user=stranger, has_verified=True)
    actions.confirm_joiner(plan=alone, by=me)
    assert set(alone.parties.values_list("user", flat=True)) == {amara.pk, stranger.pk}


def test_a_place_goes_to_the_next_in_line_and_no_reminder_is_written(amara, staff, settings, client):
    sent = cases.joined(amara)
    session = cases.workshop_for(sent, capacity=1)
    booking.book(sent, session, at=cases.NOON)
    waits = cases.waiting(session)
    with transaction.atomic():
        closing.close(amara, at=cases.NOON + timedelta(hours=1))
    assert cases.booked(session) == {waits.pk}
    sent.refresh_from_db()
    assert sent.ended_at is None and sent.party.person_id == amara.pk  # it is the court's
    assert cases.faults() == []
    telling.tell_what_is_due(datetime(sent.learning_due_on.year, sent.learning_due_on.month, sent.learning_due_on.day,
                                      12, tzinfo=UTC))  # fmt: skip
    assert not Notice.objects.filter(person=amara).exists() and not OutgoingMail.objects.filter(person=amara).exists()
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    client.force_login(staff)
    assert (
        "What we send does not reach them"
        in client.get(f"/staff/programmes/referral/{sent.pk}/change/").content.decode()
    )


def test_a_place_that_begins_tomorrow_is_given_back_too(amara):
    sent = cases.joined(amara)
    session = cases.workshop_for(sent)
    booking.book(sent, session, at=cases.NOON)
    own_data.close(amara, cases.LATER - timedelta(hours=20))
    assert cases.booked(session) == set() and cases.faults() == []
    assert Booking.objects.get(referral=sent).state == Booking.State.GIVEN_UP


@pytest.mark.parametrize("erased", [True, False], ids=["erased", "held"])
def test_the_same_address_can_be_sent_again_whether_or_not_a_hold_keeps_the_account(amara, person, erased):
    sent, address, key = cases.joined(amara), amara.email, amara.pk
    with transaction.atomic():
        closing.close(amara)
        if erased:
            closing.erase([key], clock.now())
    referring.withdraw(sent)
    again = person("Amara", email=address)
    new = cases.join(cases.refer(address, at=clock.now()), again, clock.now())
    assert Referral.objects.get(pk=new.pk).party.person == again


def test_goals_are_no_longer_asked_about_and_go_with_the_account(lived, amara, ben):
    with transaction.atomic():
        closing.close(amara)
    assert not Reminder.objects.filter(person=amara).exists() and Reminder.objects.filter(person=ben).exists()
    assert Goal.objects.filter(person=amara).exists()
    with transaction.atomic():
        closing.erase([amara.pk], clock.now())
    assert not Goal.objects.exclude(person=ben).exists()


def test_what_is_erased_and_what_stays(lived, amara, ben):
    alone = Plan.objects.exclude(pk=lived.pk).get(parties__user=amara)
    kept = family.start(amara, children=[("Held", 2019, 1)])
    LegalHold.objects.create(
        kind="plan", number=kept.pk, name=kept.reference, reason="x", placed_by=None, placed_at=clock.now()
    )
    with transaction.atomic():
        closing.close(amara)
        counts = own_data.erase(amara)
        closing.erase([amara.pk], clock.now())
    assert counts == {"plans nobody joined": 1, "needs": 1}
    alone.refresh_from_db()
    assert alone.erased and not alone.children.exists()
    assert kept.children.exists() and not kept.parties.get().user_id  # until it is held no longer
    everything = str(list(lived.clauses.values_list("proposals__value", "proposals__note")))
    for field in SHARED:
        assert mark(amara, field) in everything  # it is Ben's as well
    assert SafetyReport.objects.filter(words=mark(amara, "words to staff")).exists()
    assert set(Needs.objects.values_list("other", flat=True)) == {mark(ben, "need in their words")}
    stays = Certificate.objects.get(name=mark(amara, "name on a certificate"))
    assert stays.person is None
    assert Referral.objects.filter(party__name=mark(amara, "name on court papers"), party__person=None).exists()


# ---------------------------------------------------------------- the words


def test_every_kind_of_mail_to_a_person_has_words():
    found = [
        f"{path.parts[-3]}/{path.stem}"
        for path in Path(own_data.__file__).parent.parent.joinpath("templates").glob("*/email/*.txt")
        if path.parts[-3] != "hub" and not path.stem.startswith("staff_")
    ]
    assert len(found) > 30
    assert [kind for kind in found if of_the_person.mail_words(kind) == "An email from us"] == []


def test_a_yes_or_no_is_its_own_parents_alone(amara, ben, staff):
    both = [cases.joined(one, "ZW26P00077", programme=consenting.PROGRAMME) for one in (amara, ben)]
    enrolment = consenting.enrol(both[0].party.case, "rule_16_4", staff, cases.NOON)
    consenting.say(enrolment, both[0], "yes", cases.NOON)
    before = whole(copy(amara))
    with transaction.atomic():
        consenting.say(enrolment, both[1], "no", cases.NOON)
        assert whole(copy(amara)) == before
        transaction.set_rollback(True)
    consenting.say(enrolment, both[1], "yes", cases.NOON)
    consenting.begin(enrolment, date(2026, 12, 1), staff, cases.NOON)
    for whom, days, whose in (("parent", 20, both[0]), ("parent", 21, both[1]), ("child", 22, None)):
        consenting.set_meeting(enrolment, whom, cases.NOON + timedelta(days=days), staff, cases.NOON, whose)
    meetings = [each for each in copy(amara)["courses_yes_or_no"].data if "meeting" in each]
    assert [each["at"][:10] for each in meetings] == ["2026-12-12", "2026-12-14"]
