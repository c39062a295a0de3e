"""Anchors outside the database: what its owner does to the record is found, and the event named."""

import io
import json
import random
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from hub import pulse
from parenting_plan import actions, anchors, record, verifying
from parenting_plan.models import Anchored, Plan, PlanEvent
from tests.parenting_plan import family, many
from tests.parenting_plan.tampering import KINDS, behind_the_back, cut_the_tail, rebuild
from tests.racing import at_once

EACH = 200


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.HUB_ANCHORS = tmp_path / "anchors"
    settings.HUB_ANCHOR_KEY = "a1" * 32
    settings.HUB_ANCHOR_PUBLIC_KEYS = []
    return settings.HUB_ANCHORS


def verify(**options) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_record", stdout=out, stderr=err, **options)
        return 0, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue()


# ---------------------------------------------------------------- what is written
def test_each_anchor_lists_what_changed_since_the_one_before(folder, plan, elsewhere_plan, amara):
    assert anchors.write() == 2
    family.suggest(plan, amara, family.HANDOVERS, "At the gate.")
    assert anchors.write() == 1
    assert anchors.write() == 0
    files = [json.loads(file.read_bytes()) for file in anchors.files()]
    assert [told["number"] for told in files] == [1, 2, 3]
    plan.refresh_from_db()
    assert files[1]["heads"] == [[plan.pk, plan.event_count, plan.head]]
    found = anchors.read()
    assert (found.faults, found.count, found.newest) == ([], 3, 3)
    assert found.points.of(plan.pk) == [
        (1, plan.event_count - 1, PlanEvent.objects.get(plan=plan, seq=plan.event_count - 1).hash),
        (2, plan.event_count, plan.head),
    ]
    assert verify()[0] == 0 and pulse.of("record").good


def test_an_anchor_tells_nothing_of_a_person_and_cannot_be_written_over(folder, lively, amara):
    anchors.write()
    (file,) = folder.iterdir()
    text = file.read_text()
    for private in (lively.reference, "Amara", "Ben", "Anya", "school", family.HANDOVERS, amara.email):
        assert private not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    with pytest.raises(FileExistsError):
        anchors._keep(1, b"other")
    assert file.read_text() == text and list(folder.iterdir()) == [file]


def test_more_heads_than_fit_go_into_the_next(folder, monkeypatch, db):
    monkeypatch.setattr(anchors, "MOST", 3)
    plans = many.make(7, parts=0)
    assert anchors.write() == 7
    assert len(anchors.files()) == 3
    assert anchors.read().points.plans() == {plan.pk for plan in plans}


def test_a_crash_after_the_file_repeats_heads_and_loses_none(folder, plan, monkeypatch):
    def crash(*args, **more):
        raise OSError("the lights went out")

    with monkeypatch.context() as broken:
        broken.setattr(Anchored.objects.__class__, "bulk_create", crash)
        with pytest.raises(OSError):
            anchors.write()
    assert not pulse.of("anchor").good
    assert anchors.write() == 1
    assert anchors.read().faults == [] and len(anchors.files()) == 2
    assert pulse.of("anchor").good


def test_the_root_is_that_of_rfc_6962():
    import hashlib

    def leaf(head):
        return hashlib.sha256(b"\0" + record.canonical(list(head))).digest()

    a, b, c = heads = [(1, 2, "a" * 64), (2, 2, "b" * 64), (3, 1, "c" * 64)]
    left = hashlib.sha256(b"\1" + leaf(a) + leaf(b)).digest()
    assert anchors.root_of(heads) == hashlib.sha256(b"\1" + left + leaf(c)).digest()
    assert anchors.root_of([]) == hashlib.sha256(b"").digest()


# ---------------------------------------------------------------- what is found
def test_1400_of_1400_tamperings_are_found_and_the_event_is_named(folder, db):
    """Seven kinds, 200 of each, on 1,450 plans; each plan's head was anchored after events 4 and 6."""
    plans = many.make(len(KINDS) * EACH + 50, parts=1)
    anchors.write()
    many.go_on(plans, 1)
    anchors.write()
    chance, expected = random.Random(6), {}
    spared = plans[len(KINDS) * EACH :]
    with behind_the_back() as cursor:
        for number, tamper in enumerate(KINDS):
            for plan in plans[number * EACH : (number + 1) * EACH]:
                seq = chance.randint(2, 5)
                tamper(cursor, plan, seq, spared[0])
                expected[plan.reference] = (tamper, seq)
    found = {fault.reference: fault for fault in _faults(plans)}
    assert len(found) == len(expected) == 1_400
    for reference, (tamper, seq) in expected.items():
        fault = found[reference]
        if tamper is rebuild:  # only the anchors know; they say from where on it may have been rewritten
            anchored = 4 if seq <= 4 else 6
            assert fault.seq == anchored and "not what was anchored" in fault.what
            assert {4: "from the beginning", 6: "after event 4"}[anchored] in fault.what
        else:
            assert (tamper.__name__, fault.seq) == (tamper.__name__, seq)
        if tamper is cut_the_tail:
            assert "anchored" in fault.what and "not here any more" in fault.what


def _faults(plans):
    return verifying.walk([plan.pk for plan in plans], verifying.Count(), anchors.read().points)


def test_without_anchors_a_rebuilt_record_goes_unseen_so_they_are_what_finds_it(folder, db):
    """The twin: joined once, rewritten whole by the owner, consistent in every table."""
    (plan,) = many.make(1, parts=0)
    with behind_the_back():
        PlanEvent.objects.filter(plan=plan, seq=1).update(at=plan.created_at.replace(year=2020))
        previous = record.BEGINNING
        for event in PlanEvent.objects.filter(plan=plan).order_by("seq"):
            event.previous = previous
            previous = event.entry(plan.reference).worked_out()
            PlanEvent.objects.filter(pk=event.pk).update(previous=event.previous, hash=previous)
        Plan.objects.filter(pk=plan.pk).update(head=previous)
    assert verify()[0] == 0
    plan.refresh_from_db()
    points = anchors.Points()
    points.add(1, (plan.pk, 2, record.digest("what it was")))
    (fault,) = verifying.walk([plan.pk], verifying.Count(), points)
    assert fault.seq == 2


def test_a_plan_that_is_gone_whole_is_named(folder, db):
    plans = many.make(2, parts=1)
    anchors.write()
    with behind_the_back() as cursor:
        for table, where in (
            ("planeventbody", "event_id IN (SELECT id FROM parenting_plan_planevent WHERE plan_id = %s)"),
            ("planevent", "plan_id = %s"),
            ("anchored", "plan_id = %s"),
        ):
            cursor.execute(f"DELETE FROM parenting_plan_{table} WHERE {where}", [plans[1].pk])
        cursor.execute("UPDATE parenting_plan_clause SET agreed_id = NULL, agreed_by_id = NULL, agreed_at = NULL,"
                       " rests_until = NULL, state = 'empty' WHERE plan_id = %s", [plans[1].pk])  # fmt: skip
        cursor.execute("DELETE FROM parenting_plan_proposal WHERE clause_id IN"
                       " (SELECT id FROM parenting_plan_clause WHERE plan_id = %s)", [plans[1].pk])  # fmt: skip
        for table in ("clause", "party"):
            cursor.execute(f"DELETE FROM parenting_plan_{table} WHERE plan_id = %s", [plans[1].pk])
        cursor.execute("DELETE FROM parenting_plan_plan WHERE id = %s", [plans[1].pk])
    code, out, err = verify()
    assert code == 1
    assert f"plan number {plans[1].pk}, event 1: the plan and its 4 events were anchored" in err
    assert "The gap: 4 events of 1 plans" in out


def test_an_older_database_shows_its_exact_gap_and_the_anchors_can_begin_again(folder, db):
    plans = many.make(12, parts=1)
    anchors.write()
    many.go_on(plans[:5], 2)
    anchors.write()
    with behind_the_back() as cursor:  # an older copy: everything after event 4 was never there
        for plan in plans[:5]:
            cut_the_tail(cursor, plan, 5, None)
    code, out, err = verify()
    assert code == 1
    assert "The gap: 20 events of 5 plans were anchored and are not here." in out
    for plan in plans[:5]:
        assert f"plan {plan.reference}, event 5: events 5 to 8 were anchored (anchor 2 and on)" in err
    call_command("anchor", begin_again="Restored the copy of the night before.", stdout=io.StringIO())
    found = anchors.read()
    assert found.faults == [] and found.points.of(plans[0].pk)[-1][1] == 4
    assert "Restored the copy of the night before." in found.begun[0]
    assert "The anchors began again" in verify()[1]


# ---------------------------------------------------------------- tampering with the anchors
@pytest.fixture
def three(folder, db):
    plans = many.make(3, parts=0)
    anchors.write()
    many.go_on(plans[:2], 1)
    anchors.write()
    many.go_on(plans[:1], 1)
    anchors.write()
    assert anchors.read().faults == []
    return plans


def test_a_missing_anchor_shows(three, folder):
    (folder / "anchor-000000002.json").unlink()
    assert anchors.read().faults == ["anchor 2 is missing"]
    assert verify()[0] == 1


def test_missing_newest_anchors_show_and_no_new_one_hides_it(three, folder):
    (folder / "anchor-000000003.json").unlink()
    assert anchors.read().faults == ["anchor 3 was written, and the newest here is 2"]
    with pytest.raises(anchors.Lost, match="--begin-again"):
        anchors.write()
    assert not pulse.of("anchor").good
    anchors.write(begins="The disk of the anchors was lost.")
    assert anchors.read().faults == [] and anchors.read().newest == 4


@pytest.mark.parametrize("change", ["a head", "the time", "the root", "the number", "not JSON", "nothing"])
def test_a_changed_anchor_shows(three, folder, change):
    file = folder / "anchor-000000002.json"
    told = json.loads(file.read_bytes())
    if change == "a head":
        told["heads"][0][2] = "0" * 64
    elif change == "the time":
        told["at"] = "2020-01-01T00:00:00.000000Z"
    elif change == "the root":
        told["root"] = anchors.root_of([]).hex()
    elif change == "the number":
        told["number"] = 3
    content = {"not JSON": b"{", "nothing": b""}.get(change, record.canonical(told))
    file.chmod(0o644)
    file.write_bytes(content)
    assert "anchor 2 was changed after it was signed" in anchors.read().faults


def test_anchors_signed_with_another_key_are_not_believed(three, folder, settings):
    own = anchors.public_key(anchors.signing_key())
    settings.HUB_ANCHOR_KEY = "b2" * 32
    found = anchors.read()
    assert len(found.faults) == 3 and "a key that is not trusted" in found.faults[0] and not found.points.plans()
    settings.HUB_ANCHOR_PUBLIC_KEYS = [own]  # a key that was changed for a new one is still believed
    anchors.write()
    assert anchors.read().faults == []


def test_an_auditor_needs_the_public_key_alone(three, settings):
    out = io.StringIO()
    call_command("anchor", public_key=True, stdout=out)
    settings.HUB_ANCHOR_PUBLIC_KEYS, settings.HUB_ANCHOR_KEY, settings.DEBUG = [out.getvalue().strip()], "", False
    assert verify()[0] == 0
    with pytest.raises(CommandError, match="Set HUB_ANCHOR_KEY"):
        call_command("anchor")


def test_a_key_that_is_none_is_complained_about_by_name(settings):
    settings.HUB_ANCHOR_KEY = "short"
    with pytest.raises(ImproperlyConfigured, match="HUB_ANCHOR_KEY"):
        anchors.signing_key()


def test_development_makes_a_key_of_its_own_that_only_its_user_can_read(settings, tmp_path):
    settings.HUB_ANCHOR_KEY, settings.DEBUG, settings.VAR = "", True, tmp_path
    key = anchors.public_key(anchors.signing_key())
    assert anchors.public_key(anchors.signing_key()) == key
    assert stat.S_IMODE((tmp_path / "anchor.key").stat().st_mode) == 0o600


def test_two_anchorings_at_once_take_turns(folder, transactional_db):
    many.make(20, parts=0)
    at_once(*[anchors.write] * 4)
    assert anchors.read().faults == [] and len(anchors.files()) == 4
    assert sorted(len(json.loads(file.read_bytes())["heads"]) for file in anchors.files()) == [0, 0, 0, 20]


def test_a_plan_goes_on_after_it_was_anchored(lively, amara, ben):
    anchors.write()
    actions.leave(plan=lively, by=family.party(lively, amara))
    assert verify()[0] == 0
