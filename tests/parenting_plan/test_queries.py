"""How often each page asks the database, with every question of the plan in play: few times, and never once a row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub import clock
from parenting_plan import questions
from parenting_plan.models import Clause, Plan, SafetyReport
from parenting_plan.views.common import clause_of
from tests.parenting_plan import family
from tests.parenting_plan.pages import url

OPEN = "about-our-children/who-they-are"
AGREED = "about-our-children/what-they-say"
MINE = "about-our-children/what-we-want"
COUNTERED = "about-our-children/who-matters"
MOST = 12

# Asked of the database by a parent who is signed in already.
TABLE = {
    "/home/": 7,  # herself, her plans, referrals, courses, goals, the articles, news
    "/plan/?all=1": 4,
    "overview": 4,
    "section": 4,
    "drafts": 4,
    "waiting": 3,
    "agreed": 9,
    ("question", OPEN): 3,
    ("question", AGREED): 4,
    ("question", MINE): 4,
    ("question", COUNTERED): 4,
    ("write", OPEN): 5,
    ("send", OPEN): 4,
    ("agree", OPEN): 3,
    ("set_aside", OPEN): 3,
    ("take_back", MINE): 3,
    ("story", COUNTERED): 4,
}


@pytest.fixture
def full(plan, amara, ben):
    """Every question of the plan in play, in every state, and a draft of Amara's wherever there may be one."""
    begun = clock.now() - timedelta(days=5)
    for number, question in enumerate(questions.by_key()):
        if question == COUNTERED:
            for person in (ben, amara, ben, amara, ben):
                family.suggest(plan, person, question, f"Words of {person.first_name}")
        elif number % 3 == 1:
            family.settle(plan, ben, amara, question, "Agreed words", at=begun)
            family.draft(plan, amara, question, "A draft")
        elif number % 3 == 2:
            family.suggest(plan, amara, question, "Words of Amara")
        else:
            family.suggest(plan, ben, question, "Words of Ben", note="A note")
            family.draft(plan, amara, question, "Other words")
    assert plan.clauses.count() == len(questions.by_key()) >= 65
    return plan


def test_every_page_asks_no_more_than_its_row_says(full, amara, signed_in):
    client, asked = signed_in(amara), {}
    client.get("/home/")  # the session is noted as seen
    for row in TABLE:
        match row:
            case (name, question):
                address = url(name, full, question)
            case "section":
                address = f"/plan/{full.reference}/living-and-childcare/"
            case str() if row.startswith("/"):
                address = row
            case _:
                address = url(row, full)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, (row, answer.headers.get("Location"))
        asked[row] = len(queries)
    assert asked == TABLE
    assert max(TABLE.values()) <= MOST


def test_a_part_is_read_as_the_orm_would_read_it(lively, amara, ben):
    """Its query is written once in a process: every column, both suggestions, whether it rests and what is put away."""
    at = clock.now()
    for person in (amara, ben):
        theirs = lively.clauses.exclude(open=None).exclude(open__by__user=person).first().open
        by = lively.parties.get(user=person)
        SafetyReport.objects.create(plan=lively, by=by, about=theirs, kind="words", created_at=at, hidden_at=at)
    rested, parts_there = set(), list(lively.clauses.values_list("question", flat=True))
    for person in (amara, ben):
        plan = Plan.objects.get(pk=lively.pk)
        plan.party_of = {party.pk: party for party in plan.parties.select_related("user")}
        plan.me = next(party for party in plan.party_of.values() if party.user == person)
        away = []
        for key in (*parts_there, OPEN):
            asked = questions.by_key()[key]
            read = clause_of(plan, asked)
            parts = plan.clauses.resting().away_from(plan.me).select_related("open", "agreed")
            there = parts.filter(question=asked.key).first() or Clause(plan=plan, question=asked.key)
            assert facts(read) == facts(there)
            for which in ("open", "agreed"):
                assert facts(getattr(read, which)) == facts(getattr(there, which))
            assert (read.rests, read.is_away) == (there.rests, there.is_away)
            away += [asked.key] if read.is_away else []
            rested |= {asked.key} if read.rests else set()
        assert len(away) == 1
    assert rested


def facts(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} if row else {}
