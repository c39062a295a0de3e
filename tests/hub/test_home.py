"""The signed-in home in every state: what needs somebody first, one filled button, nothing private at a glance."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from goals import actions as goal_actions
from goals.models import Reminder
from hub import clock
from hub.at_home import Comes, Step, in_order
from parenting_plan import actions, questions
from parenting_plan.models import Party, Plan
from programmes import library
from programmes.actions import learning
from programmes.models import Booking, Referral, Taking, Workshop
from tests import reading
from tests.hub.test_public_pages import BANNED, LONGEST_SENTENCE
from tests.parenting_plan import family
from tests.programmes import cases

HOME = reverse("home")
MOST = 8
FESTIVALS = next(key for key in questions.by_key() if key.startswith("faith-and-culture/"))
READ = "There is something for you to read in your plan"
RESTED = "A part of your plan has had its rest"
GO_ON = "Go on with your plan, when you like"
BEGIN = "Start your plan"
COURSE = "Go on with your course, when you like"
GOAL = "You wanted to look at your goals again"
COMING_UP = "Something in your calendar is coming up"
FINISH = "There is still something to finish, when you are ready"
TEN_MINUTES = "Ten minutes for you and your children"

PRIVATE = {
    "a child": "Wilhelmina", "the other parent": "Ben", "plan words": "the gate by the yew",
    "a note": "not the car park", "a goal": "stop shouting", "why": "so that they sleep", "a step": "count to nine",
    "an answer": "I slammed the door",
    "a course": "Getting it right", "another course": "Planning Together", "a court": "court", "a case": "ZW26P",
}  # fmt: skip


# ---------------------------------------------------------------- states
def a_plan(amara, ben) -> Plan:
    plan = family.start(amara, children=[("Wilhelmina", 2016, 5)], at=clock.now() - timedelta(days=40))
    return family.share(plan, ben, at=clock.now() - timedelta(days=39))


def a_suggestion(amara, ben) -> Plan:
    plan = a_plan(amara, ben)
    family.suggest(plan, ben, family.HANDOVERS, "We meet at the gate by the yew.", note="not the car park")
    return plan


def settled(days: float) -> Callable:
    def make(amara, ben) -> Plan:
        plan = a_plan(amara, ben)
        family.settle(
            plan, ben, amara, family.WEEK, "We meet at the gate by the yew.", at=clock.now() - timedelta(days=days)
        )
        return plan

    return make


def mine_waits(amara, ben) -> None:
    family.suggest(a_plan(amara, ben), amara, family.HANDOVERS, "We meet at the gate by the yew.")


def left(amara, ben) -> None:
    plan = a_suggestion(amara, ben)
    actions.leave(plan=plan, by=family.party(plan, ben))


def not_known_yet(amara, ben) -> None:
    plan = family.share(family.start(ben), amara)
    Party.objects.filter(plan=plan, user=amara).update(confirmed_at=None)


def a_course(amara, ben=None) -> Taking:
    programme = library.programme("getting-it-right")
    taking = learning.begin(amara, programme, clock.now())
    part = programme.parts[0]
    step, screen = part.places[0]
    learning.answer(
        taking, part.slug, step.slug, screen.slug, "reflection", {"text": "I slammed the door"},
        programme.editions[part.slug], clock.now(),
    )  # fmt: skip
    return taking


def an_old_course(amara, ben) -> None:
    a_course(amara)
    Taking.objects.update(last_at=clock.now() - timedelta(days=15))


def sent(amara, ben, *, due_in: int = 9) -> Referral:
    referral = cases.joined(amara, at=clock.now())
    Referral.objects.filter(pk=referral.pk).update(learning_due_on=timezone.localdate() + timedelta(days=due_in))
    return referral


def booked(hours: float, **more) -> Callable:
    def make(amara, ben) -> None:
        referral = sent(amara, ben)
        starts_at = clock.now() + timedelta(hours=hours)
        workshop = Workshop.objects.create(way="online", when="day", starts_at=starts_at, **more)
        Booking.objects.create(workshop=workshop, referral=referral, state="booked", made_at=clock.now())

    return make


def a_goal(amara, ben=None, *, asked: int = 0) -> None:
    goal_actions.start(
        person=amara, kind="me", words="stop shouting", why="so that they sleep", first_step="count to nine",
        suggestion="stay-calm-at-handovers",
    )  # fmt: skip
    goal_actions.remind(person=amara, every=7)
    Reminder.objects.update(unanswered=asked)


def everything(amara, ben) -> None:
    a_suggestion(amara, ben)
    settled(2)(amara, ben)
    a_course(amara)
    booked(30)(amara, ben)
    Referral.objects.update(learning_due_on=timezone.localdate())
    a_goal(amara, asked=1)


STATES: dict[str, tuple[Callable, str, list[str]]] = {
    "nothing": (lambda amara, ben: None, BEGIN, []),
    "a plan": (a_plan, GO_ON, []),
    "a plan alone": (lambda amara, ben: family.start(amara), GO_ON, []),
    "a suggestion waits": (a_suggestion, READ, []),
    "one's own suggestion waits": (mine_waits, GO_ON, []),
    "at rest": (settled(0.5), GO_ON, []),
    "a lock ended": (settled(2), RESTED, []),
    "a lock ended long ago": (settled(9), GO_ON, []),
    "no longer shared": (left, TEN_MINUTES, []),
    "not known yet": (not_known_yet, TEN_MINUTES, []),
    "a course": (a_course, COURSE, []),
    "a course left alone": (an_old_course, BEGIN, []),
    "sent to a course": (sent, BEGIN, []),
    "a course due": (lambda amara, ben: sent(amara, ben, due_in=2), FINISH, []),
    "a course late": (lambda amara, ben: sent(amara, ben, due_in=-4), FINISH, []),
    "a workshop tomorrow": (booked(20), COMING_UP, []),
    "a workshop this week": (booked(100), COMING_UP, []),
    "a workshop later": (booked(200), BEGIN, []),
    "a workshop called off": (booked(20, cancelled_at=timezone.now()), BEGIN, []),
    "a workshop that was": (booked(-20), BEGIN, []),
    "a goal": (a_goal, BEGIN, []),
    "a goal to look at": (lambda amara, ben: a_goal(amara, asked=1), GOAL, []),
    "everything": (everything, COMING_UP, [READ, FINISH, GOAL, RESTED]),
}


@pytest.fixture(params=STATES)
def state(request, db, amara, ben):
    make, first, others = STATES[request.param]
    make(amara, ben)
    return first, others


def drawn(client) -> str:
    return unescape(client.get(HOME).content.decode())


def main_of(html: str) -> str:
    return html.split("<main")[1].split("</main")[0]


def glance(html: str) -> str:
    """What is there to read before anything is opened: words alone, no addresses, nothing folded."""
    shown = re.sub(r"<details.*?</details>", "", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown))


# ---------------------------------------------------------------- what comes first
def test_what_needs_them_comes_first_and_the_rest_is_there(state, amara, signed_in):
    first, others = state
    main = main_of(drawn(signed_in(amara)))
    assert re.findall(r'<h2 class="govuk-heading-l" id="next">(.*?)</h2>', main) == [first]
    also = main.split('id="also"')[1].split("</ul>")[0] if 'id="also"' in main else ""
    assert re.findall(r"<a [^>]*>(.*?)</a>", also) == others
    assert main.count('class="govuk-button"') == 1, "one filled button"
    before, form, after = re.split(r'(<form class="hub-search".*?</form>)', main, flags=re.S)
    assert 'id="next"' in before and "govuk-button--secondary" in form, "to look something up comes later, unfilled"
    assert not re.search(r"govuk-button--", before + after)
    assert ("Nothing needs you today" in main) == (first in {GO_ON, COURSE})


def test_every_step_leads_somewhere(state, amara, signed_in):
    client = signed_in(amara)
    main = main_of(drawn(client))
    for address in {href for href in re.findall(r'href="(/[^"#]*)"', main) if href != reverse("exit")}:
        assert client.get(address, follow=True).status_code == 200, address


def test_nothing_private_is_read_at_a_glance(state, amara, signed_in):
    words = glance(drawn(signed_in(amara)).split("<footer")[0])
    assert "Hello, Amara" in words
    assert not [what for what, word in PRIVATE.items() if re.search(rf"\b{re.escape(word)}\b", words, re.I)], words


def test_nothing_private_is_anywhere_on_the_page(amara, ben, signed_in):
    everything(amara, ben)
    html = drawn(signed_in(amara))
    secrets = set(PRIVATE.values()) - {"court", "Getting it right", "Planning Together"}
    assert not [word for word in secrets if word in html]


def test_it_costs_few_queries(state, amara, signed_in):
    client = signed_in(amara)
    client.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        client.get(HOME)
    assert len(queries) <= MOST, [query["sql"][:80] for query in queries]


def test_its_words_are_plain(state, amara, signed_in):
    found = reading.read(drawn(signed_in(amara)))
    assert found.grade <= 5, found.grade
    assert found.longest_words <= LONGEST_SENTENCE, found.longest
    assert not [word for word in BANNED if word in found.words]


def test_empty_places_teach_what_they_are_for(amara, signed_in):
    main = main_of(drawn(signed_in(amara)))
    for title in ("What a plan is", "Goals of your own", "Short courses", "Something to read"):
        assert f"{title}</h2>" in main
    for name in ("how_it_works", "parenting_plan:enter_code", "goals:list", "programmes:landing", "articles:list"):
        assert f'href="{reverse(name)}"' in main


def test_many_plans_stay_a_short_list(amara, signed_in):
    for _ in range(4):
        family.start(amara)
    main = main_of(drawn(signed_in(amara)))
    assert main.count("Your plan</h2>") == 2
    assert "All your plans" in main
    client = signed_in(amara)
    client.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        client.get(HOME)
    assert len(queries) <= MOST


def test_articles_go_with_what_somebody_does(amara, ben, signed_in):
    client = signed_in(amara)
    before = re.findall(r'href="(/articles/[^"]+/)"', main_of(drawn(client)))
    plan = a_plan(amara, ben)
    family.draft(plan, amara, FESTIVALS, "Eid with me.")
    after = re.findall(r'href="(/articles/[^"]+/)"', main_of(drawn(client)))
    assert before != after
    assert len(after) == 3


def test_what_the_other_parent_does_in_private_changes_nothing(amara, ben, signed_in):
    plan = a_plan(amara, ben)
    client = signed_in(amara)
    plain = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", drawn(client))
    family.draft(plan, ben, family.HANDOVERS, "I may move away.")
    a_goal(ben, asked=1)
    a_course(ben)
    assert re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", drawn(client)) == plain


def test_staff_and_professionals_have_a_home_of_their_own(staff, solicitor, signed_in):
    assert "Go to the staff pages" in drawn(signed_in(staff))
    assert "hub-home-cards" not in drawn(signed_in(staff))
    assert signed_in(solicitor).get(HOME).headers["Location"] == reverse("parenting_plan:professional")


# ---------------------------------------------------------------- the order
def test_every_kind_of_step_has_its_place():
    steps = [Step(comes, str(comes.value), "", "", "/") for comes in reversed(Comes)]
    first, others = in_order(steps)
    assert first.comes == Comes.TODAY
    assert [step.comes for step in others] == [
        Comes.SENT, Comes.DUE, Comes.SOON, Comes.ASKED_FOR, Comes.OPEN_AGAIN,
    ]  # fmt: skip


# ---------------------------------------------------------------- in a browser
@pytest.mark.parametrize("name", ["nothing", "a plan", "a course", "everything"])
def test_nobody_is_shut_out(name, open_browser, amara, ben, axe, no_sideways_scroll, javascript):
    STATES[name][0](amara, ben)
    page = open_browser(amara, javascript=javascript, width=390)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(HOME)
        axe(page)
        no_sideways_scroll(page, 320)
    page.get_by_text("Show what may help you").click()
    page.locator(".hub-home-cards a[href^='/articles/']").first.wait_for()
    page.evaluate("scrollTo(0, 0)")  # a link half below the head of the page has no size that axe could judge
    axe(page)
    with page.expect_navigation():
        page.locator("main .govuk-button:not(.govuk-button--secondary)").click()
    assert "/accounts/" not in page.url and page.url != HOME
