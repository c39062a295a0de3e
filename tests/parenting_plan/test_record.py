"""The record's form is frozen, and whatever is done to a chain is found at the right event."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from parenting_plan import record
from parenting_plan.record import BEGINNING, Entry, first_fault

GOLDEN = json.loads((Path(__file__).parent / "golden_v1.json").read_text(encoding="utf-8"))
START = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


def thawed(value):
    """A value of the golden file: {"!time": ...} stands for a moment."""
    if isinstance(value, dict):
        if set(value) == {"!time"}:
            return datetime.fromisoformat(value["!time"])
        return {name: thawed(inner) for name, inner in value.items()}
    return [thawed(inner) for inner in value] if isinstance(value, list) else value


# ---------------------------------------------------------------- the form, frozen


@pytest.mark.parametrize("vector", GOLDEN["canonical"], ids=lambda vector: vector["name"])
def test_the_canonical_form_never_changes(vector):
    value = thawed(vector["value"])
    assert record.canonical(value) == vector["bytes"].encode()
    assert record.digest(value) == vector["digest"]


@pytest.mark.parametrize("vector", GOLDEN["commitments"], ids=lambda vector: vector["name"])
def test_a_commitment_never_changes(vector):
    assert record.commitment(bytes.fromhex(vector["salt"]), thawed(vector["body"])) == vector["commitment"]


@pytest.mark.parametrize("vector", GOLDEN["events"], ids=lambda vector: vector["name"])
def test_the_hash_of_an_event_never_changes(vector):
    assert Entry(**thawed(vector["entry"])).worked_out() == vector["hash"]


def test_there_are_enough_golden_vectors():
    assert len(GOLDEN["canonical"]) >= 12
    assert len(GOLDEN["commitments"]) >= 3
    assert len(GOLDEN["events"]) >= 4


def test_the_same_words_composed_or_not_are_the_same_words():
    assert record.digest("caf\u00e9") == record.digest("cafe\u0301")
    assert record.digest({"e\u0301": 1}) == record.digest({"\u00e9": 1})


def test_the_same_moment_in_any_zone_is_the_same_moment():
    moments = [START, START.astimezone(ZoneInfo("Asia/Kathmandu")), START.astimezone(timezone(timedelta(hours=-9)))]
    assert len({record.digest(moment) for moment in moments}) == 1


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        b"bytes",
        {1, 2},
        pytest.param(object(), id="an object"),
        {"deep": [1.0]},
        {1: "a number as a name"},
        {None: "nothing"},
    ],
    ids=repr,
)
def test_what_has_two_ways_of_being_written_has_no_place_in_the_record(value):
    with pytest.raises(TypeError):
        record.canonical(value)


def test_two_names_that_become_one_are_refused():
    with pytest.raises(ValueError, match="become one"):
        record.canonical({"caf\u00e9": 1, "cafe\u0301": 2})


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        record.canonical(datetime(2026, 11, 21, 12))  # noqa: DTZ001


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match="32"):
        record.commitment(b"short", {})


def test_the_words_cannot_be_guessed_back_without_the_salt():
    body = {"aside": "help"}
    one, two = (record.commitment(bytes([filler]) * 32, body) for filler in (1, 2))
    assert len({one, two, record.digest(body)}) == 3


# ---------------------------------------------------------------- tampering


def chain(length=12, plan="a1b2c3d4e5f6") -> list[Entry]:
    entries, previous = [], BEGINNING
    for seq in range(1, length + 1):
        entry = Entry(
            plan=plan, seq=seq, kind="suggestion", part="a/b", proposal=seq, role="ab"[seq % 2],
            at=START + timedelta(minutes=seq), commitment=record.commitment(bytes([seq]) * 32, {"value": seq}),
            previous=previous,
        )  # fmt: skip
        entries.append(replace(entry, hash=entry.worked_out()))
        previous = entries[-1].hash
    return entries


def fault(entries, head_seq=12, head=None):
    return first_fault(entries, head_seq=head_seq, head=head or chain()[-1].hash)


def test_a_whole_chain_has_no_fault():
    assert fault(chain()) is None
    assert first_fault([], head_seq=0, head=BEGINNING) is None


CHANGES = {
    "kind": "agreed", "part": "a/c", "proposal": 99, "role": "staff", "at": START,
    "commitment": "0" * 64, "plan": "zzzzzzzzzzzz", "hash": "f" * 64,
}  # fmt: skip


@pytest.mark.parametrize("seq", range(1, 13))
@pytest.mark.parametrize("name", CHANGES)
def test_an_edit_is_found_where_it_was_made(name, seq):
    entries = chain()
    entries[seq - 1] = replace(entries[seq - 1], **{name: CHANGES[name]})
    found = fault(entries)
    assert (found.seq, found.what) == (seq, "it was changed after it was written")


@pytest.mark.parametrize("seq", range(1, 12))
def test_an_edit_with_its_hash_made_anew_is_found_at_the_next_event(seq):
    entries = chain()
    forged = replace(entries[seq - 1], kind="agreed")
    entries[seq - 1] = replace(forged, hash=forged.worked_out())
    found = fault(entries)
    assert (found.seq, found.what) == (seq + 1, "it does not follow from the event before it")


def test_the_last_event_forged_is_found_by_the_head():
    entries = chain()
    forged = replace(entries[-1], kind="agreed")
    found = fault([*entries[:-1], replace(forged, hash=forged.worked_out())])
    assert (found.seq, found.what) == (12, "the plan's head is another event")


@pytest.mark.parametrize("seq", range(1, 12))
def test_a_deletion_is_found_where_the_event_was(seq):
    entries = chain()
    del entries[seq - 1]
    assert fault(entries).seq == seq
    assert "missing" in fault(entries).what


@pytest.mark.parametrize("seq", range(1, 12))
def test_a_deletion_with_the_rest_numbered_anew_is_found_too(seq):
    entries = chain()
    del entries[seq - 1]
    renumbered = [replace(entry, seq=place) for place, entry in enumerate(entries, 1)]
    assert fault(renumbered, head_seq=11).seq == seq


@pytest.mark.parametrize("seq", range(1, 12))
def test_two_events_swapped_are_found_at_the_first(seq):
    entries = chain()
    entries[seq - 1], entries[seq] = entries[seq], entries[seq - 1]
    assert fault(entries).seq == seq
    numbered = [replace(entry, seq=place) for place, entry in enumerate(entries, 1)]
    assert fault(numbered).seq == seq


@pytest.mark.parametrize("seq", range(1, 13))
def test_an_event_transplanted_from_another_plan_is_found(seq):
    entries = chain()
    entries[seq - 1] = replace(chain(plan="zzzzzzzzzzzz")[seq - 1], plan="a1b2c3d4e5f6")  # as its new row would say
    assert fault(entries).seq == seq


def test_a_whole_chain_of_another_plan_does_not_pass():
    entries = chain(plan="zzzzzzzzzzzz")
    moved = [replace(entry, plan="a1b2c3d4e5f6") for entry in entries]
    assert first_fault(moved, head_seq=12, head=entries[-1].hash).seq == 1


@pytest.mark.parametrize("left", range(12))
def test_a_tail_cut_off_is_found_at_the_first_event_that_is_gone(left):
    assert fault(chain()[:left]).seq == left + 1


def test_an_event_added_at_the_end_is_found():
    assert fault(chain(13)).seq == 13


def test_a_head_that_was_changed_is_found():
    found = fault(chain(), head="e" * 64)
    assert (found.seq, found.what) == (12, "the plan's head is another event")


def test_a_fork_cannot_hide():
    entries = chain()
    other = replace(entries[5], kind="agreed")
    assert fault([*entries[:6], replace(other, hash=other.worked_out()), *entries[6:]]).seq == 7
