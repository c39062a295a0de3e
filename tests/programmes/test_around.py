"""The pages around the courses: which there are, which one is for me, questions and answers, and the ways in."""

import re
import tomllib
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub import clock, context, http
from hub.schema import Words
from parenting_plan import actions
from parenting_plan import questions as plan_questions
from programmes import finding, library
from programmes.actions import learning
from programmes.views import around
from tests import reading
from tests.parenting_plan import family
from tests.programmes.courses import COURSE, cover

LANDING, WHICH, HOME = reverse("programmes:landing"), reverse("programmes:which"), reverse("home")
THIRD = f"{WHICH}?question=2&sent=court&between=argue"

QUESTIONS = """
[[statuses]]
slug = "court"
label = "A court ordered it"
text = "**You must take part.**"

[[statuses]]
slug = "nobody"
label = "Nobody sent me"
text = "You can read on."

[[questions]]
slug = "ex"
ask = "Will my ex be there?"
also = "other parent, same group"
answer = "No. You are never in the same group & never meet."
sources = ["A page: https://example.org/a-page.", "https://example.org/bare", "A book"]
checked_on = 2026-11-22

[[questions]]
slug = "video"
ask = "Is it online, or in a café?"
also = "zoom, video"
answer = "It is **online**. See [get help](/help/). You won’t need a camera."
checked_on = 2026-11-22

[[questions]]
slug = "grandparents"
ask = "Can grandparents go?"
answer = "Ask the adviser in your case."
checked_on = 2026-11-22
"""


@pytest.fixture
def asked(content):
    """The course of those who were sent, with questions and answers."""
    text = cover("a-sent-course", "A sent course", "referred", 72)
    content.write("a-sent-course", "cover", text + QUESTIONS)
    return reverse("programmes:questions", args=["a-sent-course"])


@pytest.fixture
def real(db):
    """The programmes of the repository, as the house loads them."""
    return library.programmes()


def shown(where: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(where)
    assert answer.status_code == 200, where
    return unescape(answer.content.decode())


def plain(html: str) -> None:
    found = reading.read(html)
    assert found.grade <= 5, found.grade
    assert found.longest_words <= 25, found.longest
    assert html.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert html.split("<main")[1].split("</main")[0].count('class="govuk-button"') <= 1, "one filled button a page"


# ---------------------------------------------------------------- which there are
def test_the_list_of_courses_is_public_and_has_each_of_them(course, sent_course):
    client = Client()
    html = shown(LANDING, client)
    for each in (course, sent_course):
        words = each.cover.words
        for said in (words.title, words.lead, words.who_for, *words.facts):
            assert said in html
        assert reverse("programmes:cover", args=[each.slug]) in html
    assert "Open to everybody" in html
    assert html.index("Are you afraid of the other parent?") < html.index(course.title)
    assert WHICH in html
    assert not client.cookies
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(LANDING)
    assert not queries.captured_queries, "from memory"
    assert answer.headers["Cache-Control"].startswith("public")
    assert re.search(r'<meta name="robots" content="index, follow">', html)


def test_every_answer_of_the_comparison_is_there_for_each_programme_of_the_house(real):
    slugs = {"getting-it-right", "planning-together", "positive-co-parenting", "separated-parents"}
    assert {each.slug for each in real} >= slugs
    for _asked, answers in around.COMPARED:
        assert set(answers) == slugs
    html = shown(LANDING)
    plain(html)
    wide, narrow = html.split("hub-stones--wide")[1].split("hub-stones--narrow")
    for asked, answers in around.COMPARED:
        for piece in (asked, *answers.values()):
            assert str(piece) in wide
            assert str(piece) in narrow
    assert wide.count('scope="col"') == 4
    assert wide.count('scope="row"') == len(around.COMPARED)


def test_a_course_that_is_begun_comes_first(course, sent_course, amara, signed_in):
    client = signed_in(amara)
    assert "Your courses" not in shown(LANDING, client)
    taking = learning.begin(amara, course, clock.now())
    learning.see(taking, "first", "welcome", "", course.editions["first"], clock.now())
    html = shown(LANDING, client)
    plain(html)
    main = html.split("<main")[1]
    assert main.index("Your courses") < main.index("The courses")
    assert "First steps" in main.split("The courses")[0]
    assert "about 2 minutes" in main
    assert '/learn/a-course/first/how/"' in main
    assert reverse("programmes:my_words") in main


def test_the_list_is_as_cheap_with_many_courses(content, amara, signed_in):
    client = signed_in(amara)
    learning.begin(amara, library.programme("a-course"), clock.now())
    client.get(LANDING)
    with CaptureQueriesContext(connection) as few:
        client.get(LANDING)
    for number in range(12):
        slug = f"more-{number}"
        content.write(slug, "cover", cover(slug, f"More {number}", "everyone", 40))
        content.write(slug, "1-first", COURSE["1-first"])
    client.get(LANDING)
    with CaptureQueriesContext(connection) as many:
        client.get(LANDING)
    assert len(few) == len(many) <= 5


# ---------------------------------------------------------------- which one is for me
@pytest.mark.parametrize("sent", ["court", "adviser", "nobody", "unsure"])
@pytest.mark.parametrize("between", ["talk", "argue", "hardly"])
@pytest.mark.parametrize("afraid", ["yes", "no", "unsure"])
def test_every_way_leads_to_one_plain_suggestion(real, sent, between, afraid):
    """And whoever is afraid, or not sure, reads where to find help before anything else."""
    where = f"{WHICH}?{urlencode({'question': 2, 'sent': sent, 'between': between})}"
    html = unescape(Client().post(where, {"afraid": afraid}).content.decode())
    plain(html)
    main = html.split("<main")[1].split("</main")[0]
    button = re.search(r'<a href="([^"]+)"[^>]*class="govuk-button"', main) or re.search(
        r'<a[^>]*class="govuk-button"[^>]*href="([^"]+)"', main
    )
    first = {"court": "planning-together", "adviser": "planning-together"}.get(sent, "getting-it-right")
    expected = reverse("help") if afraid != "no" else reverse("programmes:cover", args=[first])
    assert button[1] == expected
    assert ('href="tel:999"' in main) == (afraid != "no")
    assert reverse("help") in main
    if afraid != "no":
        assert main.index(reverse("help")) < main.index("/learn/")
        assert ("An order still counts" in main) == (sent == "court")


def test_nothing_is_kept_and_no_address_or_tab_tells_of_fear(real, amara, signed_in):
    """Not in a cookie, not in the session, not in an address; the page that helps has the same tab as any other."""
    seen = {}
    for afraid in ("yes", "no"):
        client = Client(enforce_csrf_checks=True)
        answer = client.post(THIRD, {"afraid": afraid})
        html = answer.content.decode()
        assert answer.status_code == 200, "no redirect, whose address could tell"
        assert answer.headers["Cache-Control"] == "no-store"
        assert not client.cookies
        seen[afraid] = re.search(r"<title>(.*?)</title>", html, re.S)[1], answer.request["PATH_INFO"]
        assert not re.search(r'(href|action)="[^"]*(afraid|fear)', html)
    assert seen["yes"] == seen["no"]
    client = signed_in(amara)
    client.get(WHICH)  # the session is noted as seen
    before = dict(client.session)
    client.get(WHICH)
    client.post(THIRD, {"afraid": "yes"})
    assert dict(client.session) == before


def test_an_answer_to_the_third_question_in_an_address_counts_for_nothing(real):
    html = shown(f"{THIRD}&afraid=yes")
    assert "Are you afraid of the other parent?" in html
    assert "checked" not in html.split("<main")[1]
    form = re.search(r"<form[^>]*>", html.split("<main")[1])[0]
    assert 'method="post"' in form and 'autocomplete="off"' in form


def test_the_questions_come_one_after_another_and_ask_again_kindly(real):
    first = shown(WHICH)
    assert "Has a court or an adviser sent you?" in first
    assert "There is a problem" not in first and "<title>Error" not in first
    left_out = shown(f"{WHICH}?question=1")
    assert "Choose one." in left_out
    assert "<title>Error:" in left_out
    assert "How are things between you" in shown(f"{WHICH}?question=1&sent=adviser")
    assert "Choose the one that is nearest" in shown(f"{WHICH}?question=2&sent=adviser")
    for nonsense in ("?sent=%00", "?sent=elsewhere", "?question=9", "?question=2&between=argue", "?sent[]=court"):
        assert "Has a court or an adviser sent you?" in shown(WHICH + nonsense)
    answer = Client().post(WHICH, {"afraid": "no"})
    assert "Has a court or an adviser sent you?" in answer.content.decode()
    assert "Choose one." in unescape(Client().post(THIRD, {}).content.decode())
    for where in (WHICH, f"{WHICH}?question=1&sent=court", THIRD):
        plain(shown(where))


def test_what_was_asked_for_is_not_kept_for_the_next_visitor(real):
    """The plain page is kept in memory for everybody; one drawn for a query is kept nowhere."""
    client = Client()
    client.get(WHICH)
    client.get(THIRD)
    assert [shelf_mark[-1] for shelf_mark in http._shelf] == [WHICH]
    assert "Question 3 of 3" in shown(THIRD)
    assert "Question 1 of 3" in shown(WHICH)
    assert client.get(THIRD).headers["Cache-Control"] == "no-store"


# ---------------------------------------------------------------- finding a question
def asking(ask: str, also: str = "", answer: str = "Yes.") -> Words:
    return Words(slug=finding.plain(ask), ask=ask, also=also, answer=answer)


EX = asking("Will my ex be there?", "other parent, same group")
VIDEO = asking("Is it online, or in a café?", "zoom, video", "You won’t need a camera.")
ORDER = asking("What if I was ordered to go?", "", "Ask the adviser. Grandparents can ask too.")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ex", [EX]),
        ("EX?!", [EX]),
        ("will my ex be there", [EX]),
        ("Zoom", [VIDEO]),
        ("cafe", [VIDEO]),
        ("CAFÉ", [VIDEO]),
        ("wont need", [VIDEO]),
        ("vid", [VIDEO]),
        ("order", [ORDER]),
        ("orders", [ORDER]),
        ("grandparent", [ORDER]),
        ("video group", [EX, VIDEO]),  # no question has both words
        ("online video", [VIDEO]),
        ("will", [EX]),  # a small word counts when there is no other
        ("xylophone", []),
        ("", []),
        ("?!", []),
        ("x" * 5000, []),
    ],
)
def test_a_question_is_found_as_people_type(query, found):
    assert sorted(each.ask for each in finding.find([EX, VIDEO, ORDER], query)) == sorted(each.ask for each in found)


def test_what_stands_in_the_question_comes_before_what_stands_in_an_answer():
    in_answer, in_question = asking("How is it?", answer="There is a camera."), asking("Do I need a camera?")
    assert finding.find([in_answer, in_question], "camera") == [in_question, in_answer]


def test_marks_stand_in_words_and_never_in_tags_or_entities():
    assert finding.marked("Is it <b>&amp; amp?", "b amp it") == (
        "Is it &lt;<mark>b</mark>&gt;&amp;<mark>amp</mark>; <mark>amp</mark>?"
    )
    drawn = finding.marked_html("See [get help](/help/) & **Helping** <script>", "help script")
    assert drawn.count("<mark>") == 3
    assert 'href="/help/"' in drawn
    assert "<script" not in drawn


def test_the_page_shows_what_was_found_and_says_kindly_when_nothing_was(asked):
    html = shown(asked)
    plain(html)
    assert html.count("<details") == 3 and " open>" not in html
    found = shown(f"{asked}?q=ZOOM+cafe")
    assert "1 answer for “ZOOM cafe”" in found
    assert found.count(" open>") == 1
    assert "in a <mark>café</mark>?" in found
    assert found.count("<details") == 3, "the others stay within reach"
    nothing = shown(f"{asked}?q=xylophone")
    assert "We found nothing for “xylophone”." in nothing
    assert nothing.count("<details") == 3
    for html in (found, nothing):
        assert '<meta name="robots" content="noindex">' in html
        plain(html)


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x>', "\x00", "%s", "{{ query }}", "'" * 50])
def test_whatever_is_typed_is_only_words(asked, typed):
    answer = Client().get(asked, {"q": typed, "sent": typed})
    assert answer.status_code == 200
    html = answer.content.decode().split("<main")[1].split("</main")[0]
    assert "<script" not in html and "<img" not in html


def test_who_sent_you_shows_the_line_for_it(asked):
    assert "You must take part." not in shown(asked)
    html = shown(f"{asked}?sent=court&q=zoom")
    assert "<strong>You must take part.</strong>" in html
    assert '<strong aria-current="true">A court ordered it</strong>' in html
    assert 'name="sent" value="court"' in html
    assert f'href="{asked}?sent=nobody&q=zoom#who-sent-you"' in html
    assert "You must take part." not in shown(f"{asked}?sent=elsewhere")


def test_a_cover_can_show_the_way_to_its_questions(asked):
    from django.template import engines

    template = engines["django"].from_string("{% load around %}{% questions_door programme %}")
    html = unescape(template.render({"programme": library.programme("a-sent-course")}))
    assert f'action="{asked}"' in html
    assert f'href="{asked}?sent=court#who-sent-you"' in html
    assert "Read all 3 questions" in html
    assert "You must take part." not in html, "one line is for one answer"
    assert not template.render({"programme": library.programme("a-course")}).strip()


def test_each_answer_has_an_address_of_its_own(asked):
    for slug in ("ex", "video", "grandparents"):
        where = reverse("programmes:one_question", args=["a-sent-course", slug])
        assert where == f"{asked}{slug}/"
        assert f'id="q-{slug}"' in shown(asked) and where in shown(asked)
        plain(shown(where))
    html = shown(f"{asked}ex/")
    assert '<h1 class="govuk-heading-xl">Will my ex be there?</h1>' in html
    assert "never in the same group & never meet" in html
    assert "22 November 2026" in html
    assert 'href="https://example.org/a-page"' in html and 'rel="noreferrer"' in html
    assert Client().get(f"{asked}no-such/").status_code == 404


def test_a_programme_without_questions_has_no_page_of_them(course):
    assert Client().get(reverse("programmes:questions", args=["a-course"])).status_code == 404
    assert Client().get(reverse("programmes:questions", args=["no-such"])).status_code == 404
    assert reverse("programmes:questions", args=["a-course"]) not in shown(LANDING)


def test_visitors_of_all_these_pages_get_no_cookie_and_are_told_nothing_private(asked):
    for where in (LANDING, WHICH, asked, f"{asked}ex/", f"{asked}?q=zoom", THIRD):
        client = Client()
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(where)
        assert not client.cookies, where
        assert "Set-Cookie" not in answer.headers
        if "?" not in where:
            assert not queries.captured_queries
            assert answer.headers["Cache-Control"].startswith("public")
            assert "Cookie" in answer.headers["Vary"]
        else:
            assert answer.headers["Cache-Control"] == "no-store"
            assert len(queries) <= 2


def test_the_real_questions_are_all_found_by_their_own_words(real):
    for programme in real:
        for each in programme.cover.words.questions or ():
            assert each in finding.find(programme.cover.words.questions, each.ask), each.ask


# ---------------------------------------------------------------- the ways in
def test_a_parent_finds_courses_among_at_most_five_places(amara, staff, solicitor, rf):
    request = rf.get(LANDING)
    places = context.places(request, amara)
    assert [place.word for place in places] == ["Home", "Plan", "Goals", "Learn", "Help"]
    assert [place.word for place in places if place.current] == ["Learn"]
    for person in (staff, solicitor):
        assert "Learn" not in [place.word for place in context.places(request, person)]


def test_home_tells_of_a_course_without_its_name(content, course, sent_course, sent, amara, signed_in):
    client = signed_in(amara)
    html = shown(HOME, client)
    assert "Your course" not in html
    assert f'href="{LANDING}"' in html.split("<main")[1]
    sent(amara)
    taking = learning.begin(amara, sent_course, clock.now())
    learning.see(taking, "open", "hello", "", sent_course.editions["open"], clock.now())
    main = shown(HOME, client).split("<main")[1].split("</main")[0]
    assert main.count("Your course") == 1
    assert "Part 1 of 2, about 3 minutes left in it." in main
    assert '/learn/a-sent-course/open/think/"' in main
    for secret in ("A sent course", "Open part", "Think", "court"):
        assert secret not in re.sub(r'href="[^"]*"', "", main), secret


def test_home_shows_the_newest_course_and_none_once_it_is_finished(course, sent_course, sent, amara, signed_in):
    client = signed_in(amara)
    sent(amara)
    learning.begin(amara, sent_course, clock.now())
    taking = learning.begin(amara, course, clock.now())
    html = shown(HOME, client)
    assert html.count("Your course<") == 1, "at most one card"
    assert "/learn/a-course/first/welcome/" in html
    for part in course.parts:
        for step, screen in part.places:
            learning.see(taking, part.slug, step.slug, screen.slug, course.editions[part.slug], clock.now())
    assert "/learn/a-sent-course/" in shown(HOME, client)
    taking = learning.begin(amara, sent_course, clock.now())
    for part in sent_course.parts:
        for step, screen in part.places:
            learning.see(taking, part.slug, step.slug, screen.slug, sent_course.editions[part.slug], clock.now())
    assert "Your course<" not in shown(HOME, client)


def test_home_pays_three_queries_for_it_at_most(course, amara, signed_in):
    client = signed_in(amara)
    client.get(HOME)
    with CaptureQueriesContext(connection) as without:
        client.get(HOME)
    assert sum("programmes_" in query["sql"] for query in without) == 2
    taking = learning.begin(amara, course, clock.now())
    for step, screen in course.part("second").places:
        learning.see(taking, "second", step.slug, screen.slug, course.editions["second"], clock.now())
    with CaptureQueriesContext(connection) as begun:
        client.get(HOME)
    assert sum("programmes_" in query["sql"] for query in begun) == 3
    assert len(begun) == len(without) + 1


# ---------------------------------------------------------------- in your plan
KEYS = ["money/presents", "nobody/knows-this", family.HANDOVERS]


def offered(person, keys) -> str:
    from django.template import engines

    template = engines["django"].from_string("{% load offers %}{% plan_offers keys %}")
    return unescape(template.render({"person": person, "keys": keys}))


def test_a_course_leads_into_the_newest_plan_that_can_be_written_in(amara, ben, django_assert_num_queries):
    first = plan_questions.by_key()[family.HANDOVERS]
    older = family.start(amara)
    newest = family.share(family.start(amara), ben)
    with django_assert_num_queries(1):
        html = offered(amara, KEYS)
    assert html.count("<li>") == 2, "a key that nobody knows is left out"
    assert f'href="/plan/{newest.reference}/{family.HANDOVERS}/"' in html
    assert first.title in html
    actions.leave(plan=newest, by=family.party(newest, ben))
    assert f"/plan/{older.reference}/" in offered(amara, KEYS)
    assert "/plan/" not in offered(ben, KEYS).replace(reverse("parenting_plan:start"), "")
    plain_page = f"<main><h1>x</h1>{offered(amara, KEYS[:1])}</main>"
    assert reading.read(plain_page).longest_words <= 25


def test_without_a_plan_it_names_the_questions_and_offers_to_start_one(amara, solicitor, django_assert_num_queries):
    html = offered(amara, KEYS)
    assert plan_questions.by_key()["money/presents"].title in html
    assert reverse("parenting_plan:start") in html
    assert reverse("parenting_plan:start") in offered(None, KEYS)
    for person, keys in ((amara, []), (amara, ""), (amara, ["nobody/knows-this"]), (solicitor, KEYS)):
        with django_assert_num_queries(0):
            assert not offered(person, keys).strip()


def test_every_question_of_the_plan_that_content_names_is_a_real_one():
    named = 0
    for path in sorted(library.CONTENT.glob("*/*.toml")):
        for key in tomllib.loads(path.read_text("utf-8")).get("plan", []):
            assert key in plan_questions.by_key(), f"{path.parent.name}/{path.name}: {key}"
            named += 1
    assert named > 10


# ---------------------------------------------------------------- in a browser
@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_list_to_a_suggestion(real, open_browser, axe, no_sideways_scroll, javascript, width):
    page = open_browser(javascript=javascript, width=width)

    def looks_right():
        axe(page)
        no_sideways_scroll(page, 320)
        no_sideways_scroll(page, width)

    page.goto(LANDING)
    looks_right()
    assert page.locator("table").is_visible() == (width == 1280)
    page.get_by_role("button", name="Which one is for me?").click()
    looks_right()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Have another look at one thing").wait_for()
    looks_right()
    page.get_by_label("No, I am here by myself").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("We argue, or it gets tense").check()
    page.get_by_role("button", name="Continue").click()
    looks_right()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="First, talk to somebody who can help").wait_for()
    looks_right()
    assert "afraid" not in page.url and "yes" not in page.url
    assert page.context.cookies() == []
    page.get_by_role("button", name="Find someone to talk to").click()
    assert page.url.endswith(reverse("help"))


@pytest.mark.parametrize("width", [390, 1280])
def test_a_question_is_looked_for_and_found(real, open_browser, axe, no_sideways_scroll, javascript, width):
    page = open_browser(javascript=javascript, width=width)
    page.goto(reverse("programmes:questions", args=["separated-parents"]))
    axe(page)
    no_sideways_scroll(page, 320)
    page.get_by_label("Search these questions").fill("my EX")
    page.get_by_role("button", name="Search").click()
    axe(page)
    no_sideways_scroll(page, 320)
    first = page.locator("details[open]").first
    assert first.locator("summary").inner_text() == "Will my ex be there?"
    page.locator("#who-sent-you a").first.click()
    assert page.locator("#who-sent-you strong").first.is_visible()
    assert page.get_by_label("Search these questions").input_value() == "my EX"
    page.locator("details[open]").first.get_by_role("link", name="A page with this answer alone").click()
    assert page.locator("h1").inner_text() == "Will my ex be there?"
    axe(page)
    no_sideways_scroll(page, 320)
    assert page.context.cookies() == []


def test_they_are_as_clear_in_the_dark(real, open_browser, axe):
    page = open_browser(width=390, color_scheme="dark")
    for where in (LANDING, WHICH, f"{reverse('programmes:questions', args=['separated-parents'])}?q=ex"):
        page.goto(where)
        axe(page)
