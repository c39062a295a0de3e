"""What one turn at a plan promises at its edges: keys, clocks, limits, leaving, and who hears of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub import clock
from hub.models import Notice
from parenting_plan import actions, states, summary
from parenting_plan.models import Party, Plan, PlanEvent
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, WEEK

WORDS = family.words("At the school gate.")


def commit(plan, person, question=HANDOVERS, **more):
    found = family.version(plan, question)
    return actions.commit(
        plan=plan, question=question, by=family.party(plan, person), **{"value": WORDS, "version": found, **more}
    )


# ---------------------------------------------------------------- submit keys


def test_the_same_form_sent_twice_does_its_work_once(plan, amara):
    event = commit(plan, amara, submit_key="one")
    with pytest.raises(actions.AlreadyDone) as done:
        commit(plan, amara, submit_key="one")
    assert done.value.event == event
    assert Notice.objects.filter(kind="suggestion").count() == 1


@pytest.mark.parametrize("stop", ["pause", "leave"])
def test_several_drafts_sent_twice_get_the_same_answer_though_the_plan_stopped(plan, amara, stop):
    me = family.party(plan, amara)
    family.draft(plan, amara, WEEK, "Weekly.")
    form = {"plan": plan, "by": me, "chosen": {WEEK: (0, 1)}}
    sent, _ = actions.commit_drafts(**form, submit_key="several")
    actions.pause(plan=plan) if stop == "pause" else actions.leave(plan=plan, by=me)
    assert actions.commit_drafts(**form, submit_key="several") == (sent, {})
    with pytest.raises(actions.NotShared):
        actions.commit_drafts(**form, submit_key="another")


@pytest.mark.parametrize("key", ["", "x" * 41, "nul\x00", "\ud800", "two words", "quote'", "é"])
def test_a_key_that_no_form_of_ours_carries_is_refused_calmly(plan, amara, key):
    with pytest.raises(actions.Stale):
        commit(plan, amara, submit_key=key)
    with pytest.raises(actions.Stale):
        actions.commit_drafts(plan=plan, by=family.party(plan, amara), chosen={}, submit_key=key)
    with pytest.raises(actions.Stale):
        actions.start(by=amara, children=[], submit_key=key)
    assert not plan.clauses.exists()


def test_a_key_used_elsewhere_does_nothing_here(plan, elsewhere_plan, amara, ben, stranger):
    commit(elsewhere_plan, stranger, submit_key="mine")
    for person in (amara, ben):
        with pytest.raises(actions.Stale):
            commit(plan, person, submit_key="mine")
    draft = family.draft(elsewhere_plan, stranger, WEEK, "Weekly.")
    chosen = {WEEK: (0, draft.version)}
    actions.commit_drafts(
        plan=elsewhere_plan, by=family.party(elsewhere_plan, stranger), chosen=chosen, submit_key="several"
    )
    family.draft(plan, amara, WEEK, "Weekly.")
    with pytest.raises(actions.Stale):
        actions.commit_drafts(plan=plan, by=family.party(plan, amara), chosen=chosen, submit_key="several")
    commit(plan, amara, submit_key="amaras")
    with pytest.raises(actions.Stale):
        commit(plan, ben, WEEK, submit_key="amaras")


# ---------------------------------------------------------------- the lock, whatever clock the caller reads


@pytest.mark.parametrize(("year", "month", "day"), [(2026, 10, 24), (2027, 3, 27)])
def test_a_caller_with_a_local_clock_still_gets_24_elapsed_hours(plan, amara, ben, year, month, day):
    agreed_at = datetime(year, month, day, 18, tzinfo=ZoneInfo("Europe/London"))
    family.settle(plan, amara, ben, HANDOVERS, "Gate.", at=agreed_at)
    rests_until = family.part(plan, HANDOVERS).rests_until
    assert rests_until.timestamp() - agreed_at.timestamp() == 24 * 60 * 60
    with pytest.raises(states.AtRest):
        commit(plan, amara, at=rests_until - timedelta(microseconds=1))
    assert commit(plan, amara, at=rests_until).kind == "suggestion"


def test_times_in_the_record_are_utc(plan, amara):
    at = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/London"))
    event = commit(plan, amara, at=at)
    assert (event.at, event.at.tzinfo) == (at, UTC)


# ---------------------------------------------------------------- what may be sent, and how often


@pytest.mark.parametrize("value", [{"kind": "not_sure"}, {}, {"text": "no kind"}])
def test_what_cannot_be_agreed_to_cannot_be_sent(plan, amara, ben, value):
    with pytest.raises(ValueError, match="sent"):
        commit(plan, amara, value=value)
    family.suggest(plan, amara, HANDOVERS, "Gate.")
    with pytest.raises(ValueError, match="sent"):
        family.suggest(plan, ben, HANDOVERS, value)
    assert PlanEvent.objects.filter(plan=plan, kind__in=["suggestion", "counter"]).count() == 1


def test_nobody_is_told_more_than_so_often_a_day_by_setting_aside(plan, amara, settings):
    settings.PLAN_COMMITS_PER_DAY = 3
    at = clock.now()
    for _ in range(3):
        family.set_aside(plan, amara, WEEK, at=at)
    with pytest.raises(actions.TooMany):
        family.set_aside(plan, amara, WEEK, at=at)
    with pytest.raises(actions.TooMany):
        commit(plan, amara, at=at)
    family.set_aside(plan, amara, WEEK, at=at + timedelta(days=1, microseconds=1))


# ---------------------------------------------------------------- leaving


def told(person, kind=None):
    notices = Notice.objects.filter(person=person)
    return notices.filter(kind=kind).count() if kind else notices.count()


def test_leaving_twice_is_leaving_once(plan, amara, ben):
    for _ in range(2):
        actions.leave(plan=plan, by=family.party(plan, amara))
    assert PlanEvent.objects.filter(plan=plan, kind="left").count() == 1
    assert told(ben, "left") == 1


def test_when_both_leave_the_record_says_so_and_only_the_first_is_told_of(plan, amara, ben):
    for person in (amara, ben):
        actions.leave(plan=plan, by=family.party(plan, person))
    assert list(PlanEvent.objects.filter(plan=plan, kind="left").values_list("role", flat=True)) == ["a", "b"]
    assert (told(amara, "left"), told(ben, "left")) == (0, 1)


def test_leaving_a_paused_plan_tells_nobody(plan, amara, ben):
    actions.pause(plan=plan)
    before = told(ben)
    actions.leave(plan=plan, by=family.party(plan, amara))
    assert told(ben) == before
    plan.refresh_from_db()
    assert plan.ended_at


def test_leaving_is_never_refused_by_a_lock(plan, amara, ben):
    family.settle(plan, amara, ben, HANDOVERS, "Gate.")
    actions.leave(plan=plan, by=family.party(plan, ben))
    assert family.part(plan, HANDOVERS).agreed.value == family.words("Gate.")
    for person in (amara, ben):
        with pytest.raises(actions.NotShared):
            commit(plan, person, WEEK)


# ---------------------------------------------------------------- joining


@pytest.fixture
def handed_over(solo, amara, ben):
    """Ben joined with a code and waits for Amara to say that it is him."""
    _, secret = actions.invite_by_code(plan=solo, by=family.party(solo, amara))
    found = actions.find_invitation(secret, clock.now())
    return actions.join(invitation=found, user=ben, has_verified=True)


def test_a_double_click_joins_once(solo, amara, ben, stranger, handed_over):
    invitation = solo.invitations.get()
    assert actions.join(invitation=invitation, user=ben, has_verified=True) == handed_over
    with pytest.raises(actions.InvitationGone):
        actions.join(invitation=invitation, user=stranger, has_verified=True)
    assert solo.parties.count() == 2


def test_a_protective_order_keeps_out_whoever_waits_to_be_confirmed(solo, amara, handed_over):
    actions.change_orders(plan=solo, by=family.party(solo, amara), orders=Plan.Orders.PROTECTIVE)
    with pytest.raises(actions.CannotInvite):
        actions.confirm_joiner(plan=solo, by=family.party(solo, amara))
    assert Party.objects.get(pk=handed_over.pk).confirmed_at is None


def test_whoever_was_confirmed_cannot_be_turned_away_behind_their_back(solo, amara, handed_over):
    actions.confirm_joiner(plan=solo, by=family.party(solo, amara))
    with pytest.raises(actions.Stale):
        actions.turn_away_joiner(plan=solo, by=family.party(solo, amara))
    assert Party.objects.filter(pk=handed_over.pk).exists()


def test_turning_away_twice_is_turning_away_once(solo, amara, handed_over):
    for _ in range(2):
        actions.turn_away_joiner(plan=solo, by=family.party(solo, amara))
    assert not Party.objects.filter(pk=handed_over.pk).exists()


# ---------------------------------------------------------------- what a reader sees, and a draft's note


def test_the_head_printed_on_a_plan_is_that_of_the_words_it_shows(plan, amara, ben, monkeypatch):
    first = family.settle(plan, amara, ben, HANDOVERS, "Gate.", at=clock.now() - timedelta(hours=2))
    sections = summary.questions.sections

    def meanwhile():  # the clauses are read, the event is not yet: now something else is agreed
        monkeypatch.undo()
        family.settle(plan, ben, amara, WEEK, "Weekly.")
        return sections()

    monkeypatch.setattr(summary.questions, "sections", meanwhile)
    shown = summary.agreed_plan(plan, made_at=clock.now())
    assert shown.agreed_count == 1
    assert (shown.event_seq, shown.head) == (first.seq, first.hash[:16])
    assert summary.agreed_plan(plan, made_at=clock.now()).event_seq == first.seq + 2


def test_a_note_is_not_lost_by_a_stale_tab_with_the_same_words(plan, amara):
    me = family.party(plan, amara)
    actions.save_draft(party=me, question=WEEK, value=WORDS, note="", version=0)
    with pytest.raises(actions.DraftChanged):
        actions.save_draft(party=me, question=WEEK, value=WORDS, note="Please say if Fridays suit you.", version=0)
    assert actions.save_draft(party=me, question=WEEK, value=WORDS, note="", version=0).version == 1


@pytest.mark.parametrize("answering", [False, True])
def test_words_saved_in_another_tab_after_the_check_page_are_not_thrown_away(plan, amara, ben, answering):
    if answering:
        family.suggest(plan, ben, family.HANDOVERS, "We hand over at the school gate.")
    seen = family.draft(plan, amara, family.HANDOVERS, "We hand over at the library.")
    family.draft(plan, amara, family.HANDOVERS, "We hand over at the library, or at home when it rains.")
    here = family.part(plan, family.HANDOVERS)
    told = {
        "plan": plan,
        "question": family.HANDOVERS,
        "by": family.party(plan, amara),
        "value": seen.value,
        "version": here.version if here else 0,
        "draft_version": seen.version,
    }
    with pytest.raises(actions.Stale):
        actions.counter(**told, digest=here.open.what_was_shown()) if answering else actions.commit(**told)
    kept = family.party(plan, amara).drafts.get(question=family.HANDOVERS)
    assert kept.value == family.words("We hand over at the library, or at home when it rains.")
