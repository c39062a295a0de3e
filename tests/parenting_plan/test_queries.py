"""How often each page asks the database, with every question of the plan in play: few times, and never once a row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub import clock
from parenting_plan import questions
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
