"""Goals on pages of others: the home card, "make it a goal", parts of courses beside a goal, the five places."""

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals import actions, suggestions
from hub import clock, context
from programmes import library
from programmes.actions import learning

pytestmark = pytest.mark.django_db
SLUGS = ["stick-to-times", "no-such-goal", "reply-only-when-calm"]


def drawn(tag: str, person, **more) -> str:
    return Template(f"{{% load goal_offers parts_for %}}{tag}").render(Context({"person": person} | more))


def offers(person, slugs=SLUGS) -> str:
    return drawn("{% goal_offers slugs %}", person, slugs=slugs)


def test_each_tag_is_offered_as_a_form_filled_in(amara):
    suggestions.themes()  # read once in this process
    with CaptureQueriesContext(connection) as queries:
        html = offers(amara)
    assert len(queries) == 2
    for slug in ("stick-to-times", "reply-only-when-calm"):
        assert html.count(reverse("goals:new", args=[slug])) == 1
        assert suggestions.by_slug()[slug].title in html
    assert "no-such-goal" not in html and "you have this one" not in html


def test_one_they_have_already_leads_to_it(amara, ben):
    mine = actions.start(person=amara, kind="me", words="Mine", suggestion="stick-to-times")
    actions.start(person=ben, kind="me", words="His", suggestion="reply-only-when-calm")
    html = offers(amara)
    assert html.count("you have this one") == 1 and reverse("goals:goal", args=[mine.reference]) in html
    assert "Mine" not in html and reverse("goals:new", args=["reply-only-when-calm"]) in html
    actions.archive(goal=mine)
    assert "you have this one" not in offers(amara)


def test_signed_out_they_lead_through_the_sign_in_and_cost_one_look(django_assert_num_queries, client):
    suggestions.themes()  # read once in this process
    with django_assert_num_queries(1):
        html = offers(None)
    with django_assert_num_queries(0):
        offers(None, [])
    where = reverse("goals:new", args=["stick-to-times"])
    assert where in html
    assert client.get(where).headers["Location"].startswith(reverse("account_login"))


def test_nothing_is_offered_to_others_or_for_no_tags(solicitor, staff, amara):
    for person in (solicitor, staff):
        assert offers(person).strip() == ""
    for slugs in ([], None, "", ["no-such-goal"]):
        assert offers(amara, slugs).strip() == ""


def test_the_end_of_a_part_of_a_course_offers_its_goals(amara, client):
    programme = library.programme("getting-it-right")
    part = next(each for each in programme.parts if "stick-to-times" in (each.words.goals or ()))
    where = reverse("programmes:part", args=[programme.slug, part.slug])
    client.force_login(amara)
    assert reverse("goals:new", args=["stick-to-times"]) not in client.get(where).content.decode()
    taking = learning.begin(amara, programme, clock.now())
    for step, screen in part.places:
        learning.see(taking, part.slug, step.slug, screen.slug, programme.editions[part.slug], clock.now())
    html = client.get(where).content.decode()
    assert "Make it a goal" in html and reverse("goals:new", args=["stick-to-times"]) in html


# ---------------------------------------------------------------- parts beside a goal
def parts(person, goal: str) -> str:
    return drawn("{% parts_for goal=goal %}", person, goal=goal)


def test_a_goal_names_parts_that_this_person_may_open(amara, solicitor, sent_to):
    html = parts(amara, "see-it-as-my-child-does")
    assert 0 < html.count("<li>") <= 3 and "/learn/getting-it-right/" in html
    assert "/learn/positive-co-parenting/" not in html
    assert parts(amara, "no-such-goal").strip() == ""
    for part in library.programme("planning-together").parts:
        address = reverse("programmes:part", args=["planning-together", part.slug])
        if not part.words.taster:
            assert address not in parts(amara, (part.words.goals or [""])[0])
    sent_to(amara, "planning-together")
    assert "/learn/planning-together/" in parts(amara, "welcome-them-back")


@pytest.fixture
def sent_to(db):
    """A parent with a referral to a programme, which they have joined."""
    from programmes.models import Case, Party, Referral

    def make(person, programme):
        case = Case.objects.create(reference=f"CASE-{Case.objects.count() + 1}", made_at=clock.now())
        party = Party.objects.create(case=case, lane=0, name="A Person", email=person.email, person=person)
        told = {"route": "court", "ordered_on": "2026-11-02", "made_at": clock.now(), "joined_at": clock.now()}
        return Referral.objects.create(party=party, programme=programme, **told)

    return make


def test_parts_that_are_named_can_be_opened(amara, client):
    client.force_login(amara)
    for slug in suggestions.by_slug():
        html = parts(amara, slug)
        for address in {piece.split('"')[0] for piece in html.split('href="')[1:]}:
            assert client.get(address).status_code == 200, (slug, address)


# ---------------------------------------------------------------- the frame
def test_the_home_page_tells_how_many_and_teaches_when_there_is_nothing(amara, staff, client):
    client.force_login(amara)
    assert "Goals of your own" in client.get("/home/").content.decode()
    actions.start(person=amara, kind="me", words="CANARY")
    html = client.get("/home/").content.decode()
    assert "You are working on 1 goal." in html and "CANARY" not in html
    client.force_login(staff)
    assert "Goals" not in client.get("/home/").content.decode().split("<main")[1].split("</main>")[0]


def test_a_goal_of_ours_names_articles_and_parts_that_may_help(amara, client, django_assert_max_num_queries):
    client.force_login(amara)
    ours = actions.start(person=amara, kind="me", words="CANARY", suggestion="reply-only-when-calm")
    own = actions.start(person=amara, kind="me", words="In my own words")
    where = [reverse("goals:goal", args=[goal.reference]) for goal in (ours, own)]
    client.get(where[0])
    with django_assert_max_num_queries(8):
        html = client.get(where[0]).content.decode()
    assert html.split("<footer")[0].count('href="/articles/') == 3 and "Parts of a course that may help" in html
    assert 'href="/articles/' not in client.get(where[1]).content.decode().split("<footer")[0]


def test_a_parent_has_five_places_and_everybody_signed_in_their_account(amara, staff, solicitor, rf, client):
    request = rf.get("/goals/new/")
    places = context.places(request, amara)
    assert [place.word for place in places] == ["Home", "Plan", "Goals", "Learn", "Help"]
    assert [place.word for place in places if place.current] == ["Goals"]
    for person in (staff, solicitor):
        assert "Goals" not in [place.word for place in context.places(request, person)]
        client.force_login(person)
        top = client.get("/help/").content.decode().split("</header>")[0]
        assert 'href="/account/"' in top and top.index("/account/") < top.index("/exit/")
    client.logout()
    assert 'href="/account/"' not in client.get("/help/").content.decode().split("</header>")[0]
