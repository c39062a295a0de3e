"""`manage.py verify_record` finds what was done behind the hub's back, and names the event."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hub import clock
from parenting_plan import actions, verifying
from parenting_plan.actions.erasing import erase_plans
from parenting_plan.models import Clause, Party, Plan, PlanErased, PlanEvent, PlanEventBody, Proposal
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, HOLIDAYS, SPECIAL_DAYS, WEEK
from tests.parenting_plan.tampering import behind_the_back


def verify(plan=None) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_record", plan=plan and plan.reference, stdout=out, stderr=err)
        return 0, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)


def found(plan) -> tuple[int, str]:
    (fault,) = verifying.walk([plan.pk], verifying.Count())
    assert fault.reference == plan.reference
    return fault.seq, fault.what


def seq_of(plan, kind, part=None) -> int:
    events = PlanEvent.objects.filter(plan=plan, kind=kind)
    return (events.filter(part=part) if part else events).earliest("seq").seq


def test_a_lively_plan_and_its_neighbours_are_as_they_were_written(lively, elsewhere_plan, amara, ben):
    actions.pause(plan=elsewhere_plan)
    actions.resume(plan=elsewhere_plan)
    family.draft(lively, amara, HOLIDAYS, "Mine.")
    code, out, err = verify()
    assert (code, err) == (0, "")
    assert f"2 plans, {PlanEvent.objects.count()} events, 0 of them" in out
    actions.leave(plan=lively, by=family.party(lively, amara))
    actions.leave(plan=lively, by=family.party(lively, ben))
    assert verify()[0] == 0
    assert verify(lively)[1].startswith("1 plans")


def test_a_plan_worked_on_alone_and_joined_by_code_is_as_it_was_written(solo, amara, ben):
    for text in ("Gate.", "Library."):
        family.suggest(solo, amara, HANDOVERS, text)
    family.suggest(solo, amara, WEEK, "Weekly.")
    here = family.part(solo, WEEK)
    actions.withdraw(plan=solo, question=WEEK, by=family.party(solo, amara), version=here.version)
    _, secret = actions.invite_by_code(plan=solo, by=family.party(solo, amara))
    actions.join(invitation=actions.find_invitation(secret, clock.now()), user=ben, has_verified=True)
    assert verify()[0] == 0
    actions.confirm_joiner(plan=solo, by=family.party(solo, amara))
    family.agree(solo, ben, HANDOVERS)
    assert verify()[0] == 0


def test_more_plans_than_one_batch(amara, monkeypatch):
    monkeypatch.setattr(verifying, "AT_A_TIME", 2)
    plans = [family.start(amara) for _ in range(5)]
    with behind_the_back():
        PlanEvent.objects.filter(plan=plans[3]).update(role="b")
    code, out, err = verify()
    assert code == 1
    assert "5 plans, 5 events" in out
    assert f"plan {plans[3].reference}, event 1: it was changed after it was written" in err


def test_an_unknown_plan_is_said_so(db):
    code, _, err = verify(Plan(reference="nosuchplan12"))
    assert (code, err) == (1, "There is no plan of this reference.")


# ---------------------------------------------------------------- tampering with the record


@pytest.mark.parametrize(
    "change",
    [{"kind": "counter"}, {"part": WEEK}, {"proposal": 9}, {"role": "b"}, {"commitment": "0" * 64}, {"hash": "0" * 64}],
    ids=str,
)
def test_an_edited_event_is_named(lively, change):
    seq = seq_of(lively, "suggestion")
    with behind_the_back():
        PlanEvent.objects.filter(plan=lively, seq=seq).update(**change)
    assert found(lively) == (seq, "it was changed after it was written")


def test_a_moved_time_is_found(lively):
    with behind_the_back():
        PlanEvent.objects.filter(plan=lively, seq=4).update(at=clock.now())
    assert found(lively)[0] == 4


def test_a_deleted_event_is_named(lively):
    seq = seq_of(lively, "agreed")
    with behind_the_back() as cursor:
        for table, column in (("planeventbody", "event_id"), ("planevent", "id")):
            cursor.execute(
                f"DELETE FROM parenting_plan_{table} WHERE {column} ="
                " (SELECT id FROM parenting_plan_planevent WHERE plan_id = %s AND seq = %s)", [lively.pk, seq],
            )  # fmt: skip
    assert found(lively)[0] == seq


def test_two_swapped_events_are_found_at_the_first(lively):
    with behind_the_back():
        for seq, new in ((5, 999), (6, 5), (999, 6)):
            PlanEvent.objects.filter(plan=lively, seq=seq).update(seq=new)
    assert found(lively)[0] == 5


def test_a_forged_event_at_the_end_is_named(lively, elsewhere_plan):
    last = PlanEvent.objects.filter(plan=lively).latest("seq")
    PlanEvent.objects.create(
        plan=lively, seq=last.seq + 1, kind="agreed", part=WEEK, role="b", at=clock.now(),
        commitment="0" * 64, previous=last.hash, hash="1" * 64,
    )  # fmt: skip
    assert found(lively)[0] == last.seq + 1


def test_an_event_transplanted_from_another_plan_is_named(lively, elsewhere_plan):
    with behind_the_back() as cursor:
        theirs = PlanEvent.objects.get(plan=elsewhere_plan, seq=1)
        cursor.execute("DELETE FROM parenting_plan_planeventbody")
        cursor.execute("DELETE FROM parenting_plan_planevent WHERE plan_id = %s AND seq = 1", [lively.pk])
        PlanEvent.objects.filter(pk=theirs.pk).update(plan=lively)
    assert found(lively) == (1, "it was changed after it was written")


def test_a_tail_cut_off_is_named(lively):
    total = Plan.objects.get(pk=lively.pk).event_count
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM parenting_plan_planeventbody")
        cursor.execute("DELETE FROM parenting_plan_planevent WHERE plan_id = %s AND seq > %s", [lively.pk, total - 3])
    assert found(lively)[0] == total - 2


def test_a_head_changed_on_the_plan_is_found(lively):
    Plan.objects.filter(pk=lively.pk).update(head="e" * 64)
    assert found(lively)[1] == "the plan's head is another event"


def test_a_plan_without_any_record_is_found(solo):
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM parenting_plan_planeventbody")
        cursor.execute("DELETE FROM parenting_plan_planevent")
    Plan.objects.filter(pk=solo.pk).update(event_count=0, head="0" * 64)
    assert found(solo)[1] == "the plan has no record at all"


def test_changed_words_of_an_event_are_named(lively):
    seq = seq_of(lively, "counter")
    with behind_the_back():
        PlanEventBody.objects.filter(event__plan=lively, event__seq=seq).update(words={"value": "mine"})
    assert found(lively) == (seq, "its words are not the ones that were written")


def test_a_changed_salt_is_found(lively):
    with behind_the_back():
        PlanEventBody.objects.filter(event__plan=lively, event__seq=3).update(salt=b"short")
    assert found(lively) == (3, "its words are not the ones that were written")


# ---------------------------------------------------------------- words that are gone


@pytest.fixture
def erased(amara, ben, lively):
    """A plan of grown-up children whose words the law has had erased, beside the lively one."""
    plan = family.share(family.start(amara, children=[("Anya", 1990, 5)]), ben)
    family.settle(plan, amara, ben, HANDOVERS, "At the gate.")
    family.suggest(plan, ben, WEEK, "Weekly.", note="For the bus.")
    erase_plans([plan.pk], "grown_up")
    return Plan.objects.get(pk=plan.pk)


def test_words_erased_by_law_leave_a_record_that_verifies(erased):
    code, out, _ = verify()
    assert code == 0
    assert erased.event_count > 3
    assert f"{erased.event_count} of them without their words" in out


def test_words_that_are_gone_and_nobody_erased_are_found(lively):
    with behind_the_back() as cursor:
        cursor.execute("DELETE FROM parenting_plan_planeventbody WHERE event_id % 2 = 0")
    assert found(lively)[1] == "its words are gone and nobody erased them"


def body_put_back(plan):
    PlanEventBody.objects.create(event=PlanEvent.objects.get(plan=plan, seq=3), salt=b"s" * 32, words={})


def words_put_back(plan):
    Proposal.objects.filter(clause__plan=plan, clause__question=WEEK).update(value=family.words("Weekly."))


def note_put_back(plan):
    Proposal.objects.filter(clause__plan=plan, clause__question=WEEK).update(note="For the bus.")


def never_erased(plan):
    PlanErased.objects.filter(plan=plan)._raw_delete("default")


def said_to_be_alone(plan):
    PlanErased.objects.filter(plan=plan).update(why="alone")


def said_to_have_been_longer(plan):
    PlanErased.objects.filter(plan=plan).update(events=99)


def a_suggestion_taken_out(plan):
    Proposal.objects.filter(clause__plan=plan, clause__question=WEEK, ending="").update(
        clause=row(plan, HANDOVERS).get(), number=9
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (body_put_back, "its words are here, though they were erased"),
        (words_put_back, "its words are here, though they were erased"),
        (note_put_back, "its words are here, though they were erased"),
        (never_erased, "its words are gone and nobody erased them"),
        (said_to_be_alone, "it was erased as a plan that nobody joined"),
        (said_to_have_been_longer, "there were other numbers of events and suggestions when it was erased"),
        (a_suggestion_taken_out, "the tables say another number of suggestions"),
    ],
)
def test_what_was_done_to_an_erased_plan_is_found(erased, change, what):
    with behind_the_back():
        change(erased)
    assert found(erased)[1].endswith(what)


def test_a_suggestion_that_says_it_was_erased_in_a_plan_that_was_not_is_found(lively):
    """Also with a digest that fits."""
    with behind_the_back():
        one = Proposal.objects.select_related("by").get(clause__plan=lively, clause__question=WEEK)
        one.value, one.note = {"kind": "erased"}, ""
        Proposal.objects.filter(pk=one.pk).update(value=one.value, note="", digest=one.what_was_shown())
    assert found(lively)[1].endswith("its words are gone and nobody erased them")


# ---------------------------------------------------------------- tampering with the tables


def row(plan, question):
    return Clause.objects.filter(plan=plan, question=question)


def other_words(plan):
    Proposal.objects.filter(clause__plan=plan, clause__question=WEEK).update(value=family.words("Every day with me."))


def other_words_and_digest(plan):
    other_words(plan)
    changed = Proposal.objects.select_related("by").get(clause__plan=plan, clause__question=WEEK)
    Proposal.objects.filter(pk=changed.pk).update(digest=changed.what_was_shown())


def other_agreed_words(plan):
    open_one = Proposal.objects.get(clause__plan=plan, clause__question=HANDOVERS, ending="")
    row(plan, HANDOVERS).update(agreed=open_one)


def words_of_another_part(plan):
    row(plan, WEEK).update(agreed=Proposal.objects.get(clause__plan=plan, clause__question=HANDOVERS, number=1))


def shorter_rest(plan):
    row(plan, WEEK).update(rests_until=clock.now())


def agreed_by_the_author(plan):
    row(plan, WEEK).update(agreed_by=Party.objects.get(plan=plan, role="b"))


def agreed_earlier(plan):
    row(plan, WEEK).update(agreed_at=clock.now() - family.timedelta(days=9))


def set_aside_by_the_other(plan):
    row(plan, SPECIAL_DAYS).update(set_aside_by=Party.objects.get(plan=plan, role="b"))


def no_longer_open(plan):
    row(plan, HOLIDAYS).update(state="empty", open=None)


def another_author(plan):
    Proposal.objects.filter(clause__plan=plan, clause__question=WEEK).update(by=Party.objects.get(plan=plan, role="a"))


def reopened(plan):
    Plan.objects.filter(pk=plan.pk).update(ended_at=clock.now())


def put_out(plan):
    Party.objects.filter(plan=plan, role="b").update(confirmed_at=None)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (other_words, "digest"),
        (other_words_and_digest, "suggestion"),
        (other_agreed_words, "agreed words"),
        (words_of_another_part, "part's suggestion"),
        (shorter_rest, "time of rest"),
        (agreed_by_the_author, "parent who agreed"),
        (agreed_earlier, "time of agreement"),
        (set_aside_by_the_other, "parent who set it aside"),
        (no_longer_open, "state"),
        (another_author, "author"),
        (reopened, "whether it has ended"),
        (put_out, "who the parents are"),
    ],
)
def test_tables_that_differ_from_the_record_are_found(lively, change, what):
    with behind_the_back():
        change(lively)
    assert found(lively)[1].endswith(what)


def test_a_part_the_record_knows_and_the_tables_do_not_is_found(lively):
    with behind_the_back():
        row(lively, SPECIAL_DAYS).update(question="money/child-maintenance")
    assert "says another state" in found(lively)[1] or "the tables" in found(lively)[1]


def test_a_record_that_agrees_to_its_own_words_is_found_though_its_chain_is_whole(plan, amara):
    """Somebody wrote events past the actions: each hash is right, and still it could not have been."""
    from parenting_plan.actions.turn import write_event

    family.suggest(plan, amara, HANDOVERS, "Mine alone.")
    plan.refresh_from_db()
    event = write_event(plan, kind="agreed", role="a", at=clock.now(), part=HANDOVERS, proposal=1)
    assert found(plan) == (event.seq, "agreed could not be done then (not_yours)")


def test_missing_guards_are_a_fault(lively):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER hub_keep_delete_parenting_plan_planevent ON parenting_plan_planevent")
    code, _, err = verify()
    assert code == 1
    assert "parenting_plan_planevent is not guarded" in err
