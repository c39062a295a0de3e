"""The kept table of questions, on PostgreSQL and on SQLite: the right article is among the first three."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.hub.search_both import TABLE, answers

HOUSE = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory) -> dict[str, dict]:
    """What a process of its own answers, with a database in a file of its own."""
    place = tmp_path_factory.mktemp("sqlite")
    environment = {**os.environ, "DATABASE_URL": f"sqlite://{place}/hub.sqlite3", "HUB_VAR": str(place)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.hub.search_both"],
        cwd=HOUSE, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["vendor"] == "sqlite"
    return told["answers"]


def address_of(place: str) -> str:
    """Of an article by its slug; of anything else as it stands."""
    return place if place.startswith("/") else f"/articles/{place}/"


def slipped(answered: dict[str, dict]) -> list[str]:
    wrong = []
    for typed, wanted in TABLE.items():
        first = [address for _kind, address, *_rest in answered[typed]["found"][:3]]
        if not {address_of(place) for place in wanted} & set(first):
            wrong.append(f"{typed}: {first}")
    return wrong


def test_the_table_is_a_long_one():
    assert len(TABLE) >= 90


def test_every_wanted_article_is_there(db):
    from articles import library

    slugs = {article.slug for article in library.articles()}
    assert {place for wanted in TABLE.values() for place in wanted if not place.startswith("/")} <= slugs


def test_on_postgresql_every_question_finds_its_article(db):
    assert connection.vendor == "postgresql"
    assert not (wrong := slipped(answers())), "\n".join(wrong)


def test_on_sqlite_every_question_finds_its_article(on_sqlite):
    assert not (wrong := slipped(on_sqlite)), "\n".join(wrong)


def test_both_databases_give_the_same_answers(on_sqlite, db):
    here = json.loads(json.dumps(answers()))
    assert not {typed: (here[typed], told) for typed, told in on_sqlite.items() if here[typed] != told}
