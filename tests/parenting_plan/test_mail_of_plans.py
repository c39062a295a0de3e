"""What a plan causes to be mailed: once, to whom it concerns, only while it concerns them, and saying nothing."""

from datetime import timedelta

import pytest
import time_machine

from hub import clock, mail
from hub.models import Notice, OutgoingMail
from parenting_plan import actions, telling
from parenting_plan.actions import safeguarding
from parenting_plan.models import Invitation, PlanEvent, SafetyReport
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, HOLIDAYS, OVERNIGHTS, WEEK

State = OutgoingMail.State
TOLD = {"suggestion", "counter", "agreed", "withdrawn", "set_aside", "joined", "left"}


def withdraw(plan, by, question):
    found = family.part(plan, question)
    return actions.withdraw(plan=plan, question=question, by=family.party(plan, by), version=found.version)


@pytest.fixture
def everything(lively, amara, ben):
    """A plan in which each kind of event happened at least once."""
    withdraw(lively, amara, HOLIDAYS)
    actions.leave(plan=lively, by=family.party(lively, ben))
    return lively


def test_each_event_makes_one_notice_and_one_mail_for_its_reader_and_none_for_its_author(everything):
    people = {party.role: party.user for party in everything.parties.select_related("user")}
    events = list(PlanEvent.objects.filter(plan=everything, kind__in=TOLD))
    assert {event.kind for event in events} == TOLD
    for event in events:
        author, reader = people[event.role], people["b" if event.role == "a" else "a"]
        (notice,) = Notice.objects.filter(key=f"plan-event:{event.pk}")
        (letter,) = OutgoingMail.objects.filter(key__startswith=f"plan-event:{event.pk}:")
        assert notice.person == letter.person == reader != author
        assert (notice.kind, letter.kind) == (event.kind, f"parenting_plan/{event.kind}")
    assert Notice.objects.count() == OutgoingMail.objects.filter(person__isnull=False).count() == len(events)


def test_what_nobody_should_hear_of_makes_no_mail(plan, amara, ben):
    before = OutgoingMail.objects.count(), Notice.objects.count()
    family.draft(plan, amara, WEEK, "Mine.")
    actions.report(kind="safety", party=family.party(plan, amara))
    with pytest.raises(actions.Stale):
        actions.commit(plan=plan, question=WEEK, by=family.party(plan, amara), value=family.words("x"), version=7)
    assert (OutgoingMail.objects.count(), Notice.objects.count()) == before


# ---------------------------------------------------------------- asked again as it leaves


def states():
    return sorted(OutgoingMail.objects.exclude(kind__endswith="joined").values_list("kind", "state"))


@pytest.fixture
def quiet(plan):
    """The mails of how the plan began have gone."""
    OutgoingMail.objects.all().delete()
    return plan


def test_a_mail_that_waits_is_dropped_when_staff_pause_the_plan(quiet, amara, ben, smtp):
    family.suggest(quiet, amara, HANDOVERS, "Gate.")
    actions.pause(plan=quiet)
    assert mail.relay().dropped == 1
    assert states() == [("parenting_plan/left", State.SENT)] * 2 + [("parenting_plan/suggestion", State.DROPPED)]
    assert len(smtp.mails) == 2  # each hears what they would hear had the other left, and nothing else


def test_a_mail_that_waits_is_dropped_when_a_pause_is_over_before_it_leaves(quiet, amara, ben, smtp):
    actions.pause(plan=quiet)
    actions.resume(plan=quiet)
    assert mail.relay().dropped == 2
    assert smtp.mails == []


def test_a_mail_that_waits_is_dropped_when_its_reader_has_left(quiet, amara, ben, smtp):
    family.suggest(quiet, amara, HANDOVERS, "Gate.")
    actions.leave(plan=quiet, by=family.party(quiet, ben))
    mail.relay()
    assert smtp.to(ben.email) == []
    assert len(smtp.to(amara.email)) == 1  # the plan is no longer shared


def test_after_the_author_left_the_reader_hears_only_that(quiet, amara, ben, smtp):
    family.suggest(quiet, amara, HANDOVERS, "Gate.")
    actions.leave(plan=quiet, by=family.party(quiet, amara))
    mail.relay()
    assert states() == [("parenting_plan/left", State.SENT), ("parenting_plan/suggestion", State.DROPPED)]
    assert len(smtp.to(ben.email)) == 1


def test_a_reader_who_wants_no_alerts_gets_none_and_keeps_the_notice(quiet, amara, ben, smtp):
    ben.wants_alerts = False
    ben.save()
    family.suggest(quiet, amara, HANDOVERS, "Gate.")
    assert mail.relay().dropped == 1
    assert Notice.objects.filter(person=ben, kind="suggestion").count() == 1


# ---------------------------------------------------------------- one mail a burst


def test_a_burst_is_one_mail_and_later_news_another(quiet, amara, ben, smtp, settings):
    settings.PLAN_MAIL_GAP = timedelta(minutes=15)
    for question in (HANDOVERS, WEEK, OVERNIGHTS):
        family.suggest(quiet, amara, question, "So.")
    assert (mail.relay().sent, len(smtp.to(ben.email))) == (1, 1)
    for question in (HANDOVERS, WEEK):
        withdraw(quiet, amara, question)
    assert mail.relay() == mail.Round()  # not due for a quarter of an hour
    assert mail.relay(at=clock.now() + timedelta(minutes=14)) == mail.Round()
    later = mail.relay(at=clock.now() + timedelta(minutes=16))
    assert (later.sent, later.dropped) == (1, 1)
    assert len(smtp.to(ben.email)) == 2
    assert Notice.objects.filter(person=ben).exclude(kind="joined").count() == 5


@pytest.mark.parametrize("minutes", [-5, 5])
def test_news_is_not_lost_between_web_machines_whose_clocks_differ(quiet, amara, ben, smtp, settings, minutes):
    """The mail before left a moment ago; this machine's own clock is wrong; the database's is not."""
    settings.PLAN_MAIL_GAP = timedelta(minutes=15)
    family.suggest(quiet, amara, HANDOVERS, "Gate.")
    assert mail.relay().sent == 1
    with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
        family.suggest(quiet, amara, WEEK, "Weekly.")
    assert mail.relay(at=clock.now() + timedelta(minutes=16)).sent == 1
    assert len(smtp.to(ben.email)) == 2


# ---------------------------------------------------------------- invitations


@pytest.mark.parametrize("outcome", ["declined", "unknown", "unsafe"])
def test_who_said_no_to_this_inviter_is_not_mailed_again_and_the_inviter_cannot_tell(solo, amara, smtp, outcome):
    me = family.party(solo, amara)
    first = actions.invite_by_email(plan=solo, by=me, email="them@example.com")
    mail.relay()
    assert len(smtp.to("them@example.com")) == 1
    actions.answer_invitation(invitation=first, outcome=outcome)
    second = actions.invite_by_email(plan=solo, by=me, email="Them@Example.com")
    assert (second.outcome, second.email) == (Invitation.Outcome.OPEN, "them@example.com")
    other_plan = family.start(amara)
    actions.invite_by_email(plan=other_plan, by=family.party(other_plan, amara), email="them@example.com")
    assert mail.relay().dropped == 2
    assert len(smtp.to("them@example.com")) == 1


def test_an_invitation_that_was_replaced_is_not_sent(solo, amara, smtp):
    me = family.party(solo, amara)
    actions.invite_by_email(plan=solo, by=me, email="wrong@example.com")
    actions.invite_by_email(plan=solo, by=me, email="right@example.com")
    mail.relay()
    assert [len(smtp.to(f"{name}@example.com")) for name in ("wrong", "right")] == [0, 1]


def test_nobody_is_asked_to_confirm_in_a_plan_that_is_paused(solo, amara, ben, smtp):
    _, secret = actions.invite_by_code(plan=solo, by=family.party(solo, amara))
    actions.join(invitation=actions.find_invitation(secret, clock.now()), user=ben, has_verified=True)
    actions.pause(plan=solo)
    assert mail.relay().dropped == 1


# ---------------------------------------------------------------- what no mail says


def test_no_mail_of_a_plan_names_anybody_or_says_a_word_of_it(person, smtp, settings):
    """Every kind of mail, as it stands in the post, against every word that was planted."""
    zebedee, quimby = person("Zebedee", email="one@example.com"), person("Quimby", email="two@example.com")
    solo = family.start(zebedee, children=[("Ottoline", 2015, 3)])
    _, secret = actions.invite_by_code(plan=solo, by=family.party(solo, zebedee))
    actions.join(invitation=actions.find_invitation(secret, clock.now()), user=quimby, has_verified=True)
    plan = family.share(family.start(zebedee, children=[("Ottoline", 2015, 3)]), quimby)
    family.live_a_while(plan, zebedee, quimby)
    withdraw(plan, zebedee, HOLIDAYS)
    actions.grant(plan=plan, by=family.party(plan, zebedee), email="morgan@example.com")
    family.start(zebedee, children=[("Ottoline", 2015, 3)], at=clock.now() - timedelta(days=340))
    telling.tell_what_is_due(clock.now() + timedelta(days=30))
    told = actions.report(kind="safety", party=family.party(plan, zebedee), words="By the gate.", may_answer=True)
    safeguarding.answer(report=told, answer=SafetyReport.Answer.values[0], by=person("Stella"), version=told.version)
    actions.leave(plan=plan, by=family.party(plan, quimby))
    kinds = {kind for kind in mail._questions if kind.startswith("parenting_plan/")}
    asked = set(OutgoingMail.objects.values_list("kind", flat=True))
    assert kinds <= asked, kinds - asked
    planted = ["zebedee", "quimby", "ottoline", "gate", "library", "weekend", "monday", "handover", plan.reference]
    planted += ["living-and-childcare", "crowded", solo.reference, settings.HUB_PLAN_NAME.casefold()]
    for letter in OutgoingMail.objects.all():
        message = mail.build(letter)
        assert message.subject == settings.HUB_MAIL_SUBJECT
        raw = message.message().as_string().casefold()
        parts = [
            part.get_payload(decode=True).decode().casefold()
            for part in message.message().walk()
            if not part.is_multipart()
        ]
        for word in planted:
            assert word.casefold() not in raw, (letter.kind, word)
            assert not any(word.casefold() in part for part in parts), (letter.kind, word)
        message.send()
    assert {str(got["Subject"]) for got in smtp.mails} == {settings.HUB_MAIL_SUBJECT}
    assert len(smtp.mails) == OutgoingMail.objects.count()
