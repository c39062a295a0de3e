"""Two people press at the same moment, on real PostgreSQL: one wins, the other is refused calmly, the record is whole.

HUB_RACES says how often each pair is tried (30; 400 for the long run). The broken twin takes the lock and the checks
away and must break, or these tests would prove nothing.
"""

import os
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, models

from hub import clock
from hub.models import Notice
from parenting_plan import actions, drawing, states, summary, verifying
from parenting_plan.actions import negotiation
from parenting_plan.models import Clause, Issued, Plan, PlanEvent, Proposal, SafetyReport
from parenting_plan.models.plans import PlanQuerySet
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, WEEK
from tests.racing import Crowd

TRIES = int(os.environ.get("HUB_RACES", "30"))
CALM = (states.Refused, actions.AlreadyDone)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(60 + 4 * TRIES)]


@pytest.fixture
def pair():
    made = Crowd(2, calm=Exception)  # each test looks at what came
    yield made
    made.end()


@pytest.fixture(autouse=True)
def many_plans_of_one_parent(settings):
    """Each try is a plan of its own; nobody is kept from asking so often."""
    settings.PLAN_INVITATIONS_PER_DAY = settings.PLAN_INVITATIONS_PER_PLAN = 100_000


def shared(amara, ben) -> Plan:
    return family.share(family.start(amara), ben)


def refused(came) -> list:
    """The losers of a race. Nobody may come back with anything worse than a calm refusal."""
    worse = [error for error in came if isinstance(error, Exception) and not isinstance(error, CALM)]
    assert not worse, repr(worse)
    return [error for error in came if isinstance(error, CALM)]


def whole(plan):
    assert [str(fault) for fault in verifying.walk([plan.pk], verifying.Count())] == []


class Ask:
    """One parent's requests, made from the page as it is now and sent later."""

    def __init__(self, plan, person, question=HANDOVERS, at=None):
        row = family.part(plan, question)
        self.fixed = {"plan": plan, "question": question, "by": family.party(plan, person), "at": at}
        self.version = {"version": row.version if row else 0}
        self.digest = {"digest": row.open.what_was_shown() if row and row.open else None}

    def agree(self, **more):
        return lambda: actions.agree(**self.fixed, **self.version, **self.digest, **more)

    def counter(self, text, **more):
        value = {"value": family.words(text)}
        return lambda: actions.counter(**self.fixed, **self.version, **self.digest, **value, **more)

    def commit(self, text, **more):
        return lambda: actions.commit(**self.fixed, **self.version, value=family.words(text), **more)

    def withdraw(self):
        return lambda: actions.withdraw(**self.fixed, **self.version)

    def set_aside(self):
        return lambda: actions.set_aside(**self.fixed, **self.version, **self.digest, aside="help")


# Each: how it begins, the two requests, and how many may win. The plan is made anew for each try.


def agree_agree(plan, amara, ben):
    family.suggest(plan, amara, HANDOVERS, "Gate.")
    return Ask(plan, ben).agree(), Ask(plan, ben).agree()


def agree_counter(plan, amara, ben):
    family.suggest(plan, amara, HANDOVERS, "Gate.")
    return Ask(plan, ben).agree(), Ask(plan, ben).counter("Library.")


def agree_withdraw(plan, amara, ben):
    family.suggest(plan, amara, HANDOVERS, "Gate.")
    return Ask(plan, ben).agree(), Ask(plan, amara).withdraw()


def counter_counter(plan, amara, ben):
    family.suggest(plan, amara, HANDOVERS, "Gate.")
    return Ask(plan, ben).counter("Library."), Ask(plan, ben).counter("Station.")


def counter_withdraw(plan, amara, ben):
    family.suggest(plan, amara, HANDOVERS, "Gate.")
    return Ask(plan, ben).counter("Library."), Ask(plan, amara).withdraw()


def agree_set_aside(plan, amara, ben):
    family.suggest(plan, amara, HANDOVERS, "Gate.")
    return Ask(plan, ben).agree(), Ask(plan, ben).set_aside()


def commit_commit(plan, amara, ben):
    return Ask(plan, amara).commit("Gate."), Ask(plan, ben).commit("Library.")


def set_aside_commit(plan, amara, ben):
    return Ask(plan, amara).set_aside(), Ask(plan, ben).commit("Library.")


def edge_commit_commit(plan, amara, ben):
    """Both at the very end of the 24 hours."""
    at = clock.now() - timedelta(hours=24)
    family.settle(plan, amara, ben, HANDOVERS, "Gate.", at=at)
    edge = family.part(plan, HANDOVERS).rests_until
    return Ask(plan, amara, at=edge).commit("Library."), Ask(plan, ben, at=edge).commit("Station.")


def double_click(plan, amara, ben):
    family.suggest(plan, amara, HANDOVERS, "Gate.")
    ask = Ask(plan, ben)
    key = f"once-{plan.pk}"
    return ask.agree(submit_key=key), ask.agree(submit_key=key)


def double_click_on_several(plan, amara, ben):
    me = family.party(plan, amara)
    for question in (HANDOVERS, WEEK):
        family.draft(plan, amara, question, "Gate.")

    def send():
        chosen = {HANDOVERS: (0, 1), WEEK: (0, 1)}
        sent, _ = actions.commit_drafts(plan=plan, by=me, chosen=chosen, submit_key=f"once-{plan.pk}")
        return sorted(event.pk for event in sent)

    return send, send


ONE_WINS = [
    agree_agree, agree_counter, agree_withdraw, counter_counter, counter_withdraw, agree_set_aside, commit_commit,
    set_aside_commit, edge_commit_commit, double_click,
]  # fmt: skip


@pytest.mark.parametrize("begin", ONE_WINS, ids=lambda begin: begin.__name__)
def test_of_two_at_once_exactly_one_wins(pair, amara, ben, begin):
    for _ in range(TRIES):
        plan = shared(amara, ben)
        requests = begin(plan, amara, ben)
        before = PlanEvent.objects.filter(plan=plan).count()
        news = Notice.objects.count()
        came = pair.race(*requests)
        assert len(refused(came)) == 1, came
        assert PlanEvent.objects.filter(plan=plan).count() == before + 1
        assert Notice.objects.count() == news + 1
        assert Proposal.objects.filter(clause__plan=plan, ending="").count() <= 1
        whole(plan)


def test_a_double_click_on_several_sends_each_once(pair, amara, ben):
    for _ in range(TRIES):
        plan = shared(amara, ben)
        came = pair.race(*double_click_on_several(plan, amara, ben))
        assert refused(came) == []
        assert came[0] == came[1]
        assert PlanEvent.objects.filter(plan=plan, kind="suggestion").count() == 2
        whole(plan)


def test_committing_while_another_tab_saves_the_draft_loses_no_words(pair, amara, ben):
    for _ in range(TRIES):
        plan = shared(amara, ben)
        me = family.party(plan, amara)
        draft = family.draft(plan, amara, HANDOVERS, "First thoughts.")

        def save(me=me, version=draft.version):
            return actions.save_draft(party=me, question=HANDOVERS, value=family.words("Later."), version=version)

        came = pair.race(Ask(plan, amara).commit("Gate."), save)
        losers = refused(came)
        assert all(isinstance(loser, actions.DraftChanged) for loser in losers)
        assert family.part(plan, HANDOVERS).open.value == family.words("Gate.")
        assert me.drafts.count() == 0
        whole(plan)


@pytest.mark.parametrize("stop", ["pause", "leave"])
def test_nothing_is_written_after_a_plan_stopped(pair, amara, ben, stop):
    for number in range(TRIES):
        plan = shared(amara, ben)
        family.suggest(plan, amara, HANDOVERS, "Gate.")
        me = family.party(plan, amara)

        def end(plan=plan, me=me):
            return actions.pause(plan=plan) if stop == "pause" else actions.leave(plan=plan, by=me)

        ask = Ask(plan, ben)
        came = pair.race(ask.agree() if number % 2 else ask.counter("Library."), end)
        losers = refused(came)
        assert all(isinstance(loser, actions.NotShared) for loser in losers)
        kinds = list(PlanEvent.objects.filter(plan=plan).order_by("seq").values_list("kind", flat=True))
        last = {"pause": "paused", "leave": "left"}[stop]
        assert kinds[-1] == last, "something was written after the end"
        whole(plan)


def test_two_people_with_one_code_and_one_seat(pair, amara, ben, stranger):
    for _ in range(TRIES):
        plan = family.start(amara)
        _, secret = actions.invite_by_code(plan=plan, by=family.party(plan, amara))
        invitation = actions.find_invitation(secret, clock.now())

        def join(user, invitation=invitation):
            return actions.join(invitation=invitation, user=user, has_verified=True)

        came = pair.race(lambda join=join: join(ben), lambda join=join: join(stranger))
        (loser,) = refused(came)
        assert isinstance(loser, actions.InvitationGone)
        assert plan.parties.count() == 2


def test_a_double_click_joins_once(pair, amara, ben):
    for _ in range(TRIES):
        plan = family.start(amara)
        invitation = actions.invite_by_email(plan=plan, by=family.party(plan, amara), email=ben.email)

        def join(invitation=invitation):
            return actions.join(invitation=invitation, user=ben, has_verified=True)

        came = pair.race(join, join)
        assert refused(came) == []
        assert came[0] == came[1]
        assert PlanEvent.objects.filter(plan=plan, kind="joined").count() == 1
        whole(plan)


def test_joining_while_the_invitation_is_replaced(pair, amara, ben):
    for _ in range(TRIES):
        plan = family.start(amara)
        me = family.party(plan, amara)
        invitation = actions.invite_by_email(plan=plan, by=me, email=ben.email)
        came = pair.race(
            lambda invitation=invitation: actions.join(invitation=invitation, user=ben, has_verified=True),
            lambda plan=plan, me=me: actions.invite_by_email(plan=plan, by=me, email="else@example.com"),
        )
        (loser,) = refused(came)
        assert isinstance(loser, actions.InvitationGone | actions.CannotInvite)
        assert plan.parties.count() == (1 if isinstance(loser, actions.InvitationGone) else 2)
        whole(plan)


def test_saying_i_am_not_safe_while_the_invitation_is_replaced_is_no_deadlock(pair, amara, ben):
    for number in range(TRIES):
        plan = family.start(amara)
        me = family.party(plan, amara)
        invitation = actions.invite_by_email(plan=plan, by=me, email=ben.email)
        reports = SafetyReport.objects.count()
        came = pair.race(
            lambda invitation=invitation: actions.answer_invitation(invitation=invitation, outcome="unsafe"),
            (lambda plan=plan, me=me: actions.invite_by_email(plan=plan, by=me, email="else@example.com"))
            if number % 2
            else (lambda invitation=invitation: actions.join(invitation=invitation, user=ben, has_verified=True)),
        )
        losers = refused(came)
        assert all(isinstance(loser, actions.InvitationGone) for loser in losers)
        assert SafetyReport.objects.count() == reports + (not isinstance(came[0], Exception))


def test_a_report_to_staff_waits_for_nobody(amara, ben):
    """While somebody else holds the plan's row."""
    plan = shared(amara, ben)
    held, done, faults = threading.Event(), threading.Event(), []
    me = family.party(plan, ben)

    def hold():
        from django.db import transaction

        try:
            with transaction.atomic():
                Plan.objects.hold(plan.pk)
                held.set()
                done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 200")
        actions.report(kind="safety", party=me)
    except Exception as error:  # noqa: BLE001
        faults.append(error)
    finally:
        done.set()
        thread.join(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 2000")
    assert not faults
    assert SafetyReport.objects.count() == 1


def test_what_is_read_while_something_is_agreed_is_before_or_after_and_never_between(pair, amara, ben):
    for _ in range(TRIES):
        plan = shared(amara, ben)
        family.settle(plan, amara, ben, WEEK, "Weekly.", at=clock.now() - timedelta(hours=1))
        family.suggest(plan, amara, HANDOVERS, "Gate.")
        came = pair.race(Ask(plan, ben).agree(), lambda plan=plan: drawing.reading(plan))
        assert refused(came) == []
        issued, context = came[1]
        shown = context["plan"]
        event = PlanEvent.objects.get(plan=plan, seq=shown.event_seq)
        assert (event.part, shown.head) == ((WEEK, HANDOVERS)[shown.agreed_count - 1], event.hash[:16])
        assert issued.fingerprint == shown.fingerprint
        now = summary.agreed_plan(plan, made_at=issued.made_at)
        assert (now.fingerprint == issued.fingerprint) == (shown.agreed_count == 2)
        assert Issued.objects.filter(plan=plan).count() == 1
        whole(plan)


# ---------------------------------------------------------------- the broken twin


@contextmanager
def without_locks(monkeypatch, *, checks: bool):
    """No row lock, and a pause between reading and writing; without `checks`, no version or digest check either."""
    between = threading.Barrier(2)

    def wait():
        try:
            between.wait(2)
        except threading.BrokenBarrierError:
            between.reset()

    with monkeypatch.context() as patch:
        patch.setattr(models.QuerySet, "select_for_update", lambda self, **how: self.all())
        patch.setattr(PlanQuerySet, "hold", lambda self, pk: self.get(pk=pk))
        close = negotiation._close

        def slow_close(part, ending, at):
            wait()
            close(part, ending, at)

        patch.setattr(negotiation, "_close", slow_close)
        if not checks:
            patch.setattr(negotiation, "_same_as_seen", lambda *args, **more: None)
            patch.setattr(Clause._meta, "constraints", [])
        yield


@pytest.mark.parametrize("begin", [agree_counter, agree_withdraw, counter_counter], ids=lambda begin: begin.__name__)
def test_with_the_lock_removed_it_breaks(pair, amara, ben, begin, monkeypatch):
    """Broken: two winners, or an error in place of a calm refusal, or a record that does not hold together."""
    broken, tries = 0, 5
    for _ in range(tries):
        plan = shared(amara, ben)
        requests = begin(plan, amara, ben)
        with without_locks(monkeypatch, checks=False):
            came = pair.race(*requests)
        calm = [error for error in came if isinstance(error, CALM)]
        worse = [error for error in came if isinstance(error, Exception) and not isinstance(error, CALM)]
        faults = list(verifying.walk([plan.pk], verifying.Count()))
        broken += bool(len(calm) != 1 or worse or faults)
    assert broken >= 0.9 * tries, f"the twin broke {broken} of {tries} times: the races prove nothing"
