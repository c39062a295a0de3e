"""A goal that was deleted is in no backup made afterwards: PostgreSQL's own dump is searched."""

import subprocess

import pytest
from django.db import connection

from goals import actions
from goals.models import Goal
from tests import servers

CANARIES = ["CANARYgoal", "CANARYwhy", "CANARYstep", "CANARYnote", "CANARYsecond", "CANARYbefore", "CANARYsaid"]


def dumped(words: list[str]) -> set[str]:
    """Which of these words a backup made now holds."""
    told = connection.settings_dict
    command = [
        servers.postgres_programs() / "pg_dump",
        "--format=plain",
        "--host",
        told["HOST"],
        "--user",
        told["USER"],
    ]
    done = subprocess.run([*command, told["NAME"]], check=True, capture_output=True, text=True)
    assert "CREATE TABLE public.goals_goal" in done.stdout and "PostgreSQL database dump complete" in done.stdout
    return {word for word in words if word in done.stdout}


@pytest.fixture
def told(transactional_db, amara):
    """A goal with an earlier wording and two check-ins, and every word that must go with it."""
    made = actions.start(person=amara, kind="us", words="CANARYbefore", why="CANARYsaid", first_step="x")
    told = {"words": "CANARYgoal", "why": "CANARYwhy", "first_step": "CANARYstep"}
    made = actions.reword(goal=made, kind="us", **told)
    first = actions.check_in(goal=made, felt=2, note="CANARYnote")
    second = actions.check_in(goal=made, felt=4, note="CANARYsecond")
    actions.remind(person=amara, every=7)
    return made, [*CANARIES, made.reference, made.submit_key, first.reference, second.reference]


@pytest.mark.parametrize("how", ["one", "all", "account"])
def test_no_backup_made_after_it_was_deleted_holds_a_word_of_it(told, amara, how):
    made, words = told
    assert dumped(words) == set(words)  # a backup made before does
    match how:
        case "one":
            actions.delete(goal=made)
        case "all":
            actions.delete_all(person=amara)
        case "account":
            amara.delete()
    assert dumped(words) == set() and not Goal.objects.exists()


def test_one_line_or_the_earlier_words_that_were_deleted_are_in_none_either(told):
    made, _words = told
    actions.delete_check_in(check_in=made.check_ins.get(note="CANARYnote"))
    actions.forget_wordings(goal=made)
    gone = {"CANARYnote", "CANARYbefore", "CANARYsaid"}
    assert dumped(CANARIES) == set(CANARIES) - gone
