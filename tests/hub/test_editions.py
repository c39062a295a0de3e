"""What was published stays as it was, for courses and for articles: the database says so itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from articles.models import Article
from articles.models import Edition as OfArticle
from goals.models import Edition as OfSuggestion
from goals.models import Suggestion
from hub import clock, editions
from hub.helplines import Edition as OfHelpline
from hub.helplines import Helpline
from programmes.models import Chapter
from programmes.models import Edition as OfChapter
from tests.hub import published

HOUSE = Path(__file__).resolve().parents[2]


def test_each_table_knows_its_other():
    pairs = {Article: OfArticle, Chapter: OfChapter, Suggestion: OfSuggestion, Helpline: OfHelpline}
    for work, edition in pairs.items():
        assert (editions.edition_model(work), editions.work_model(edition)) == (edition, work)
    assert set(published.TABLES) == {edition._meta.db_table for edition in pairs.values()}
    assert set(pairs.values()) == {model for model in apps.get_models() if issubclass(model, editions.Edition)}


def test_the_guard_looks_at_every_column_that_says_something():
    """A column that is added later must be thought about: it is kept, or it is named here."""
    may_change = {"put_aside_at", "made_by_id", "due_at", "due_by_id"}  # notes of staff’s; an account that is closed
    for model in (OfArticle, OfChapter, OfSuggestion, OfHelpline):
        columns = {field.column for field in model._meta.concrete_fields}
        assert columns == {*editions.KEPT, f"{model.OF}_id"} | may_change


@pytest.mark.django_db
def test_postgresql_refuses_a_change_of_what_was_published():
    assert connection.vendor == "postgresql"
    found = published.all_outcomes()
    assert found == dict.fromkeys(found, "refused")


@pytest.mark.django_db
def test_without_its_triggers_postgresql_lets_it_through():
    with connection.cursor() as cursor:
        for table in published.TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    assert "got through" in published.all_outcomes().values()


def test_sqlite_refuses_too_on_a_real_file(tmp_path):
    environment = {**os.environ, "DATABASE_URL": f"sqlite://{tmp_path}/hub.sqlite3", "HUB_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.hub.published"], cwd=HOUSE, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["guarded"] == dict.fromkeys(told["guarded"], "refused")
    assert "got through" in told["unguarded"].values()


# ---------------------------------------------------------------- what a process remembers


@pytest.mark.django_db
def test_editions_are_read_once_and_the_longest_unread_are_forgotten(django_assert_num_queries):
    numbers = list(OfArticle.objects.order_by("pk").values_list("pk", "published_at")[:3])
    read = []
    memory = editions.Memory(OfArticle, lambda edition: read.append(edition.pk) or edition.number, most=2)
    with django_assert_num_queries(1):
        assert memory.of(numbers[:2]) == dict.fromkeys(numbers[:2], 1)
    with django_assert_num_queries(0):
        memory.of(numbers[:2])
        memory.of(numbers[:1])
    memory.of(numbers[2:])
    with django_assert_num_queries(0):
        memory.of([numbers[0], numbers[2]])
    with django_assert_num_queries(1):
        memory.of(numbers[1:2])
    assert read == [pk for pk, _at in (*numbers, numbers[1])]
    with django_assert_num_queries(1):  # more at once than it keeps
        assert len(memory.of(numbers)) == 3
    memory.clear()
    with django_assert_num_queries(1):
        memory.of(numbers)


@pytest.mark.django_db
def test_an_edition_that_is_not_there_is_not_told():
    assert editions.Memory(OfArticle, lambda edition: edition).of([(-1, clock.now())]) == {}
