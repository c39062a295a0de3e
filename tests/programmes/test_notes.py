"""What somebody wrote in their courses: theirs to read, take away and delete, and nobody else's."""

import json
import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub import clock
from programmes import written
from programmes.actions import learning
from programmes.models import Answer, Chapter, Taking
from tests import reading
from tests.programmes.courses import COURSE, part

CANARY = "CANARY what I saw at the door"
WORDS = reverse("programmes:my_words")
AS_TEXT, AS_JSON = reverse("programmes:my_words_text"), reverse("programmes:my_words_json")
ALL = reverse("programmes:delete_all_words")

# One answer of every kind, as the forms of the screens keep it: (part, step, screen, kind, words).
ANSWERS = [
    ("second", "late", "child", "reflection", {"text": f"{CANARY}\n\nShe held her bag."}),
    ("second", "late", "choose", "choice", {"chose": "Hello you. Tea is ready."}),
    ("second", "order", "", "order", {"order": ["Ask what they need", "Say what you need", "Pick one way"]}),
    ("second", "check", "", "check", {"chose": [{"ask": "Is it their fault?", "chose": "No"}]}),
    ("second", "again", "", "rewriter", {"message": "Typical.", "own": False, "text": "Shall we talk on Sunday?"}),
    ("last", "promise", "", "pledge", {"boxes": ["I say hello first.", "I wait."]}),
    ("last", "card", "", "card", {"lines": ["Breathe."], "own": "Look at Maya."}),
]
SAID = [
    CANARY, "She held her bag.", "Hello you. Tea is ready.", "Ask what they need", "Is it their fault?", "Typical.",
    "Shall we talk on Sunday?", "I say hello first.", "I wait.", "Breathe.", "Look at Maya.",
]  # fmt: skip


def write_all(person, course, answers=ANSWERS) -> None:
    taking = learning.begin(person, course, clock.now())
    for slug, step, screen, kind, words in answers:
        learning.answer(taking, slug, step, screen, kind, words, course.editions[slug], clock.now())


def address(answer: Answer) -> str:
    return reverse("programmes:delete_words", args=[answer.pk])


@pytest.fixture
def hers(course, amara):
    write_all(amara, course)
    return list(Answer.objects.filter(taking__person=amara))


def shown(client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return unescape(answer.content.decode())


# ---------------------------------------------------------------- to read
def test_everything_is_there_with_its_question_course_and_part(hers, amara, signed_in):
    html = shown(signed_in(amara), WORDS)
    for words in SAID:
        assert words in html, words
    for question in ("What does Maya see?", "What could Jo say?", "Put these in order", "What will your child notice?"):
        assert question in html, question
    headings = re.findall(r"<h([23])[^>]*>([^<]*)</h\1>", html.split("<main")[1].split("hub-aside")[0])
    assert headings == [("2", "A course"), ("3", "Last part"), ("3", "Second part")]
    assert html.index("Look at Maya.") < html.index("I say hello first.") < html.index(CANARY), "the newest first"


def test_the_course_of_the_newest_words_comes_first(hers, sent_course, amara, signed_in):
    write_all(amara, sent_course, [("open", "think", "", "reflection", {"text": "Later words"})])
    headings = re.findall(r"<h2[^>]* id=\"course-\d\">([^<]*)</h2>", shown(signed_in(amara), WORDS))
    assert headings == ["A sent course", "A course"]


def test_what_they_typed_is_never_taken_for_html(course, amara, signed_in):
    attack = "<script>alert(1)</script> & <b>bold</b>"
    write_all(amara, course, [("second", "think", "", "reflection", {"text": attack})])
    client = signed_in(amara)
    written_one = Answer.objects.get()
    for where in (WORDS, address(written_one)):
        html = client.get(where).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
    assert attack in client.get(AS_TEXT).content.decode()


def test_words_stay_readable_when_the_course_changes_or_goes(hers, content, amara, signed_in):
    """They are read with the wording that was shown; a part or a course that is gone takes no words away."""
    second = part("second", "Another title", 2, COURSE["2-second"].split("more = ")[-1].split("\n\n", 1)[1])
    content.write("a-course", "2-second", second.replace("What does Maya see?", "A new question?"))
    html = shown(signed_in(amara), WORDS)
    assert "What does Maya see?" in html
    assert "A new question?" not in html
    content.remove("a-course", "4-last")
    html = shown(signed_in(amara), WORDS)
    assert "I say hello first." in html
    Chapter.objects.update(withdrawn=True)
    html = shown(signed_in(amara), WORDS)
    assert "A course that has ended" in html
    for words in SAID:
        assert words in html, words


def test_an_answer_of_a_shape_nobody_knows_is_shown_all_the_same():
    assert [piece.text for piece in written.said("poem", {"lines": ["One", {"two": "Two"}], "n": 3})] == ["One", "Two"]
    assert [piece.text for piece in written.said("check", {"chose": ["bare words"]})] == ["bare words"]
    assert written.said("reflection", {}) == []
    assert written.said("choice", {"chose": None}) == []


def test_it_costs_few_queries_however_much_there_is(
    hers,
    amara,
    signed_in,
):
    client = signed_in(amara)
    client.get(WORDS)
    with CaptureQueriesContext(connection) as full:
        client.get(WORDS)
    Answer.objects.exclude(pk=hers[0].pk).delete()
    with CaptureQueriesContext(connection) as one:
        client.get(WORDS)
    assert len(full) == len(one) <= 5, [query["sql"][:80] for query in full]


def test_with_nothing_written_it_says_so(course, amara, signed_in):
    client = signed_in(amara)
    html = shown(client, WORDS)
    assert "There is nothing here" in html
    assert AS_TEXT not in html
    assert client.get(ALL).headers["Location"] == WORDS
    assert json.loads(client.get(AS_JSON).content)["answers"] == []


# ---------------------------------------------------------------- to take away
def test_a_copy_as_text_has_every_word_and_a_name_that_tells_nothing(hers, amara, signed_in):
    answer = signed_in(amara).get(AS_TEXT)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    told = answer.content.decode()
    for words in [*SAID, "A course", "Second part", "What does Maya see?"]:
        assert words in told, words


def test_a_copy_as_data_has_what_is_kept_and_the_same_in_words(hers, amara, signed_in):
    answer = signed_in(amara).get(AS_JSON)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.content)["answers"]
    kept = {(each["kept"]["part"], each["kept"]["step"], each["kept"]["screen"]): each["kept"] for each in told}
    assert len(told) == len(ANSWERS)
    for slug, step, screen, kind, words in ANSWERS:
        assert kept[slug, step, screen]["words"] == words
        assert kept[slug, step, screen]["kind"] == kind
    said = " ".join(piece["text"] for each in told for piece in each["said"])
    assert all(words in said.replace("\n\n", " ") or words in json.dumps(told) for words in SAID)


# ---------------------------------------------------------------- to delete
def places(person) -> list:
    return list(Taking.objects.filter(person=person).values_list("programme", "seen", "parts_done"))


def test_one_is_deleted_after_a_check_and_the_place_in_the_course_stays(hers, amara, signed_in):
    client, gone = signed_in(amara), hers[0]
    before = places(amara)
    check = shown(client, address(gone))
    assert CANARY in check
    assert Answer.objects.count() == len(ANSWERS), "looking at the check page deletes nothing"
    answer = client.post(address(gone), follow=True)
    html = unescape(answer.content.decode())
    assert "Those words are deleted" in html
    assert CANARY not in html
    assert "Look at Maya." in html
    assert not Answer.objects.filter(pk=gone.pk).exists()
    assert places(amara) == before
    again = client.post(address(gone), follow=True)
    assert "not here any more" in again.content.decode()
    assert client.get(address(gone)).status_code == 404


def test_all_are_deleted_after_a_check_and_the_place_in_each_course_stays(hers, course, amara, ben, signed_in):
    write_all(ben, course)
    client = signed_in(amara)
    progress = learning.progress(amara, course)
    assert f"You have {len(ANSWERS)} answers" in shown(client, ALL)
    assert "Would you like a copy first?" in shown(client, ALL)
    assert Answer.objects.filter(taking__person=amara).count() == len(ANSWERS)
    assert "Everything you wrote is deleted" in client.post(ALL, follow=True).content.decode()
    assert not Answer.objects.filter(taking__person=amara).exists()
    assert CANARY not in str(list(Answer.objects.filter(taking__person=amara).values()))
    after = learning.progress(amara, course)
    assert (after.seen, after.done) == (progress.seen, progress.done)
    assert after.done == {"last"}
    assert Answer.objects.filter(taking__person=ben).count() == len(ANSWERS), "nobody else's go with them"


# ---------------------------------------------------------------- nobody else
@pytest.mark.parametrize("who", ["ben", "stranger", "solicitor", "staff"])
def test_nobody_else_reads_or_deletes_a_word(hers, amara, ben, request, signed_in, who):
    """Not the other parent, nor another, nor a solicitor who may read the plan, nor staff with every permission."""
    from parenting_plan import actions
    from tests.parenting_plan import family

    plan = family.share(family.start(amara), ben)
    person = request.getfixturevalue(who)
    if who == "solicitor":
        actions.grant(plan=plan, by=family.party(plan, amara), email=person.email)
    if who == "staff":
        person.user_permissions.set(Permission.objects.all())
    client = signed_in(person)
    for where in [WORDS, AS_TEXT, AS_JSON, ALL, *map(address, hers)]:
        for answer in (client.get(where), client.post(where)):
            assert CANARY.encode() not in answer.content, where
            assert answer.status_code in {302, 404, 405, 200}
            if where not in {WORDS, AS_TEXT, AS_JSON, ALL} and answer.request["REQUEST_METHOD"] == "GET":
                assert answer.status_code == 404
    assert client.get("/home/", follow=True).status_code == 200
    assert Answer.objects.count() == len(ANSWERS), "not one is gone"


def test_the_staff_pages_know_no_answers():
    from django.contrib import admin

    assert Answer not in admin.site._registry


def test_signed_out_there_is_only_the_way_in(hers, client):
    for where in [WORDS, AS_TEXT, AS_JSON, ALL, address(hers[0])]:
        answer = client.get(where)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))
    assert Answer.objects.count() == len(ANSWERS)


# ---------------------------------------------------------------- words and browser
def test_the_words_are_plain(course, amara, signed_in):
    client = signed_in(amara)
    pages = [shown(client, WORDS)]
    write_all(amara, course, ANSWERS[:1])
    kept = Answer.objects.get()
    pages += [shown(client, where) for where in (WORDS, ALL, address(kept))]
    for html in pages:
        found = reading.read(html)
        assert found.grade <= 5
        assert found.longest_words <= 25, found.longest
        assert html.count("<h1") == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_read_take_and_delete_in_a_browser(hers, amara, open_browser, axe, no_sideways_scroll, javascript, width):
    page = open_browser(amara, javascript=javascript, width=width)
    page.goto(WORDS)
    axe(page)
    no_sideways_scroll(page, 320)
    no_sideways_scroll(page, width)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save it all as text").click()
    assert saved.value.suggested_filename == "notes.txt"
    assert CANARY in saved.value.path().read_text("utf-8")
    page.locator(f'a[href="{address(hers[0])}"]').click()
    axe(page)
    page.get_by_role("button", name="Delete these words").click()
    page.get_by_text("Those words are deleted").wait_for()
    assert not page.get_by_text(CANARY).is_visible()
    page.get_by_role("button", name="Delete all my words").click()
    axe(page)
    no_sideways_scroll(page, 320)
    page.get_by_role("link", name="Keep them").click()
    page.get_by_role("button", name="Delete all my words").click()
    page.get_by_role("button", name="Delete all my words").click()
    page.get_by_text("There is nothing here").wait_for()
    axe(page)
    assert not Answer.objects.exists()
