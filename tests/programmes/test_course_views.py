"""The pages of a course, asked for by everybody: what is kept, what is given back, and what nobody else learns."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub import clock
from programmes import library
from programmes.actions import learning
from programmes.forms.learning import key_of
from programmes.models import Answer, Taking
from programmes.templatetags import programmes as tags
from tests.programmes.courses import COURSE, SENT, cover, edition_of, part, reading

CANARY = "a word that is nowhere else"
HERE = "/learn/a-course/"
SECOND = f"{HERE}second/"


def html(answer) -> str:
    return unescape(answer.content.decode())


def main(answer) -> str:
    return html(answer).split("<main")[1].split("</main")[0]


@pytest.fixture
def mine(content, amara, signed_in):
    return signed_in(amara)


def walk(person, *slugs: str) -> None:
    its = library.programme("a-course")
    taking = learning.begin(person, its, clock.now())
    for slug in slugs:
        for step, screen in its.part(slug).places:
            learning.see(taking, slug, step.slug, screen.slug, its.editions[slug], clock.now())


# What is sent on each kind of screen, and what is kept of it.
ORDERED = ["Ask what they need", "Say what you need", "Pick one way"]
ANSWERS = {
    "second/late/child/": ({"text": CANARY}, {"text": CANARY}),
    "second/late/choose/": ({"chose": key_of("Nothing.")}, {"chose": "Nothing."}),
    "second/late/changed/": ({"text": CANARY}, {"text": CANARY}),
    "second/think/": ({"text": f"  {CANARY}\r\n"}, {"text": CANARY}),
    "second/order/": (
        {key_of(text): str(place) for place, text in enumerate(ORDERED, start=1)},
        {"order": ORDERED},
    ),
    "second/check/": (
        {f"q{key_of('Who can help?')}": key_of("Nobody")},
        {"chose": [{"ask": "Who can help?", "chose": "Nobody"}]},
    ),
    "second/again/": (
        {"message": key_of("Typical."), "text": CANARY},
        {"message": "Typical.", "own": False, "text": CANARY},
    ),
    "last/promise/": ({"words": CANARY, "words_3": "Third"}, {"boxes": [CANARY, "Third"]}),
    "last/card/": (
        {"lines": [key_of("Wait."), key_of("Breathe.")], "words": CANARY},
        {"lines": ["Breathe.", "Wait."], "own": CANARY},
    ),
}
REPLIES = {
    "second/late/choose/": ["Quiet can be kind, or cold.", "See what the others lead to", "Maya comes first."],
    "second/think/": [CANARY, "Thank you for that."],
    "second/order/": ["The order we suggest", "It begins with you.", "There is more than one good order."],
    "second/check/": ["There is always somebody."],
    "second/again/": [CANARY, "Can we talk on Sunday?", "It asks.", "No history?"],
    "last/promise/": [CANARY, "Keep one today."],
    "last/card/": ["My pocket card", "Breathe.", CANARY],
}


# ---------------------------------------------------------------- answers
@pytest.mark.parametrize("where", ANSWERS)
def test_an_answer_is_kept_replied_to_and_comes_back(mine, amara, where):
    sent, kept = ANSWERS[where]
    address = HERE + where
    shown = mine.get(address)
    assert "Only you can see this" in main(shown) or "choose" in where or "order" in where or "check" in where
    answer = mine.post(address, {"do": "save", **sent})
    assert answer.status_code == 302
    assert CANARY not in answer.headers["Location"]
    assert Answer.objects.get().words == kept
    assert len(Taking.objects.get().seen) == 1
    after = main(mine.get(address))
    if where in REPLIES:
        assert answer.headers["Location"] == address
        for words in REPLIES[where]:
            assert words in after
        after = main(mine.get(f"{address}?again=1"))
    else:
        assert answer.headers["Location"] != address
    assert "Save and carry on" in after
    if CANARY in str(kept):
        assert CANARY in after
    else:
        assert "checked" in after or "selected" in after
    before = list(Answer.objects.values("words")), Taking.objects.get().seen
    assert mine.post(address, {"do": "save", **sent}).status_code == 302  # a double press
    assert (list(Answer.objects.values("words")), Taking.objects.get().seen) == before


@pytest.mark.parametrize("where", ANSWERS)
def test_nobody_else_finds_it_at_the_same_address(mine, ben, staff, signed_in, where):
    mine.post(HERE + where, {"do": "save", **ANSWERS[where][0]})
    for client in (signed_in(ben), signed_in(staff), Client()):
        for address in (HERE + where, f"{HERE}{where}?again=1", f"{HERE}done/", HERE, SECOND):
            answer = client.get(address, follow=True)
            assert CANARY not in html(answer)
            assert "checked" not in main(answer)
            assert not re.search(r'value="[^"]+" selected', main(answer))


@pytest.mark.parametrize("where", ANSWERS)
def test_carrying_on_without_an_answer_is_fine(mine, where):
    answer = mine.post(HERE + where, {"do": "on", **ANSWERS[where][0]})
    assert answer.status_code == 302
    assert answer.headers["Location"] != HERE + where
    assert not Answer.objects.exists()
    assert len(Taking.objects.get().seen) == 1


@pytest.mark.parametrize(
    ("where", "sent", "said"),
    [
        ("second/think/", {"text": " "}, "Write something first"),
        ("second/think/", {"text": "x" * 4001}, "Use 1 character fewer. There is room for 4000."),
        ("second/late/choose/", {}, "Choose the one nearest to you"),
        ("second/late/choose/", {"chose": "another"}, "These choices have changed. Choose again."),
        ("second/order/", {}, "Choose a place for this step."),
        ("second/order/", {key_of(text): "1" for text in ORDERED}, "is in this place too"),
        ("second/check/", {}, "Choose an answer first"),
        ("second/again/", {"text": "x"}, "Choose a message, or bring one of your own."),
        ("second/again/", {"message": "own", "text": "kept words"}, "Write the message you want to say again"),
        ("second/again/", {"message": key_of("Typical."), "text": "x" * 1001}, "Use 1 character fewer"),
        ("last/promise/", {"words": " "}, "Write in one box first"),
        ("last/promise/", {"words": "kept words", "words_2": "x" * 301}, "Use 1 character fewer"),
        ("last/card/", {}, "Choose a line first"),
        (
            "last/card/",
            {"lines": [key_of(text) for text in ("Breathe.", "Wait.", "Listen.", "Ask.", "Thank.", "Sleep on it.")]},
            "Choose up to 5 lines",
        ),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field_and_the_words_stay(mine, where, sent, said):
    answer = mine.post(HERE + where, {"do": "save", **sent})
    assert answer.status_code == 200
    shown = html(answer)
    assert said in shown
    assert "<title>Error:" in shown
    assert 'class="govuk-error-message"' in shown
    for typed in sent.values():
        if isinstance(typed, str) and typed.strip() and where != "second/order/" and typed != "another":
            assert typed in shown
    assert not Answer.objects.exists()
    assert not Taking.objects.exists()


def test_a_message_of_their_own_is_compared_with_itself_alone(mine):
    sent = {"do": "save", "message": "own", "note": "My old words", "text": "My new words"}
    mine.post(f"{SECOND}again/", sent)
    shown = main(mine.get(f"{SECOND}again/"))
    assert "My old words" in shown and "My new words" in shown
    assert "One way we would say it" not in shown
    again = main(mine.get(f"{SECOND}again/?again=1"))
    assert "My old words" in again


def test_words_are_deleted_where_they_stand(mine):
    mine.post(f"{SECOND}think/", {"do": "save", "text": CANARY})
    assert mine.post(f"{SECOND}think/", {"do": "forget"}).status_code == 302
    assert mine.post(f"{SECOND}think/", {"do": "forget"}).status_code == 302
    assert not Answer.objects.exists()
    assert len(Taking.objects.get().seen) == 1
    assert CANARY not in html(mine.get(f"{SECOND}think/"))


def test_words_are_escaped(mine):
    nasty = "<script>alert(1)</script>"
    for where in ("second/think/", "second/again/", "last/promise/", "last/card/"):
        sent = ANSWERS[where][0] | {name: nasty for name in ("text", "words") if name in ANSWERS[where][0]}
        mine.post(HERE + where, {"do": "save", **sent})
        assert nasty not in mine.get(HERE + where).content.decode()
        assert "&lt;script&gt;" in mine.get(HERE + where).content.decode()


def test_an_answer_of_an_earlier_edition_is_still_shown(mine, content):
    mine.post(f"{SECOND}late/choose/", {"do": "save", "chose": key_of("Nothing.")})
    mine.post(f"{SECOND}check/", {"do": "save", **ANSWERS["second/check/"][0]})
    changed = COURSE["2-second"].replace('"Nothing."', '"Not a word."').replace('"Nobody"', '"No one"')
    content.write("a-course", "2-second", changed)
    assert "Nothing." in main(mine.get(f"{SECOND}late/choose/"))
    assert "Nobody" in main(mine.get(f"{SECOND}check/"))
    stale = mine.post(f"{SECOND}late/choose/", {"do": "save", "chose": key_of("Nothing.")})
    assert "These choices have changed. Choose again." in html(stale)


# ---------------------------------------------------------------- going on
def test_looking_keeps_nothing(mine):
    for address in (HERE, f"{HERE}first/", f"{HERE}first/welcome/", f"{SECOND}late/", f"{SECOND}late/watch/"):
        mine.get(address)
        mine.head(address)
    assert not Taking.objects.exists()


def test_carrying_on_leads_through_the_course_to_its_end(mine, amara):
    address, walked = reverse("programmes:step", args=["a-course", "first", "welcome"]), []
    for _ in range(40):
        walked.append(address)
        if address.endswith("/done/"):
            break
        shown = mine.get(address)
        assert shown.status_code == 200
        assert html(shown).count('class="govuk-button"') <= 1
        if address.count("/") >= 5:  # a step
            address = mine.post(address, {"do": "on"}).headers["Location"]
        else:
            address = html(shown).split('<a class="govuk-button" href="')[1].split('"')[0]
    assert len(walked) <= 20  # each screen once, each part before and after
    assert walked[-1] == f"{HERE}done/"
    assert set(Taking.objects.get().parts_done) == {"first", "second", "last"}
    end = main(mine.get(f"{HERE}done/"))
    assert "You finished A course on" in end
    assert "If you would like more" in end and "A bonus" in end


def test_the_cover_says_where_they_are(mine, amara, client):
    assert "Start<" in main(mine.get(HERE))
    assert "Finished" not in main(mine.get(HERE))
    walk(amara, "first")
    shown = main(mine.get(HERE))
    assert "Carry on with Second part" in shown
    assert "You are here" in shown and "Finished" in shown
    assert "minutes left" in shown
    assert f'href="{SECOND}late/watch/"' in shown
    walk(amara, "second", "last")
    shown = main(mine.get(HERE))
    assert "See what you have done" in shown
    assert f'href="{HERE}done/"' in shown
    assert "Finished" not in html(client.get(HERE))


def test_a_scenario_without_a_screen_leads_to_the_next_to_see(mine):
    assert mine.get(f"{SECOND}late/").headers["Location"] == f"{SECOND}late/watch/"
    mine.post(f"{SECOND}late/watch/", {"do": "on"})
    assert mine.get(f"{SECOND}late/").headers["Location"] == f"{SECOND}late/child/"


def test_the_rewind_offers_the_first_film_again(mine):
    assert 'href="../watch/">Watch the first film again' in main(mine.get(f"{SECOND}late/rewind/"))


def test_every_screen_says_where_one_is_and_that_the_place_is_kept(mine, amara):
    shown = main(mine.get(f"{SECOND}order/"))
    assert "Part 2 of 3 · about 15 minutes left" in shown
    assert "Page 8 of 10 in this part" in shown
    assert f'href="{SECOND}think/">Page before' in shown
    assert "Take a break" in shown and "Your place is kept." in shown
    assert "Bonus · about 2 minutes left" in main(mine.get(f"{HERE}bonus/more/"))


def test_a_part_lists_its_steps_and_what_is_done(mine, amara):
    mine.post(f"{HERE}first/welcome/", {"do": "on"})
    shown = main(mine.get(f"{HERE}first/"))
    assert "Carry on<" in shown and "Done" in shown and "You are here" in shown
    mine.post(f"{HERE}first/how/", {"do": "on"})
    shown = main(mine.get(f"{HERE}first/"))
    assert "You have finished this part" in shown
    assert "Carry on with Second part" in shown


def test_a_part_that_is_done_offers_the_questions_of_the_plan(mine, content, amara):
    content.write("a-course", "1-first", COURSE["1-first"] + reading("x"))
    text = COURSE["1-first"].replace("taster = true", 'taster = true\nplan = ["money/presents", "no/such"]')
    content.write("a-course", "1-first", text)
    assert "In your plan" not in main(mine.get(f"{HERE}first/"))
    walk(amara, "first")
    assert "In your plan" in main(mine.get(f"{HERE}first/"))


# ---------------------------------------------------------------- stale and forged
def test_the_edition_that_was_read_is_the_one_that_is_kept(mine, content):
    old = edition_of("a-course", "first")
    content.write("a-course", "1-first", COURSE["1-first"] + reading("more"))
    mine.post(f"{HERE}first/welcome/", {"do": "on", "edition": str(old)})
    assert Taking.objects.get().seen == {"first/welcome/": old}
    now = edition_of("a-course", "first")
    forged = ["", "x", "9" * 30, str(edition_of("a-course", "second")), str(edition_of("a-sent-course", "open")), "-1"]
    for edition in forged:
        Taking.objects.all().delete()
        mine.post(f"{HERE}first/welcome/", {"do": "on", "edition": edition})
        assert Taking.objects.get().seen == {"first/welcome/": now}, edition


def test_a_press_on_a_page_that_is_gone_leads_back_to_its_part(mine, content):
    content.write("a-course", "1-first", part("first", "First steps", 1, reading("how")))
    answer = mine.post(f"{HERE}first/welcome/", {"do": "on"}, follow=True)
    assert answer.redirect_chain == [(f"{HERE}first/", 302)]
    assert "This part was changed while you were reading. Your place is kept." in html(answer)
    assert mine.get(f"{HERE}first/welcome/").status_code == 404


def test_words_written_on_a_page_that_is_gone_are_given_back(mine, content):
    content.write("a-course", "2-second", part("second", "Second part", 2, reading("x")))
    answer = mine.post(f"{SECOND}think/", {"do": "save", "text": CANARY})
    assert answer.status_code == 409
    assert CANARY in main(answer)
    assert not Answer.objects.exists()


def test_who_was_signed_out_while_writing_gets_every_word_back(content):
    for where, sent in (
        ("second/think/", {"text": CANARY}),
        ("second/again/", {"message": "own", "note": "Old words", "text": CANARY}),
        ("last/promise/", {"words": CANARY, "words_2": "Second", "words_3": "Third"}),
        ("last/card/", {"words": CANARY}),
    ):
        answer = Client().post(HERE + where, {"do": "save", **sent})
        assert answer.status_code == 403
        for name, words in sent.items():
            assert name == "message" or words in main(answer)
    assert not Answer.objects.exists()


# ---------------------------------------------------------------- who may read what
def test_a_taster_is_a_public_page_that_keeps_nothing(content, django_assert_num_queries):
    client = Client()
    for address in (HERE, f"{HERE}first/", f"{HERE}first/welcome/", "/learn/a-sent-course/open/think/"):
        client.get(address)
        with django_assert_num_queries(0):
            answer = client.get(address)
        assert answer.status_code == 200
        assert not client.cookies
        assert answer.headers["Cache-Control"].startswith("public")
        assert "<form" not in main(answer)
    assert "Sign in</a> to write here and keep it." in main(answer)
    assert f"?next={'/learn/a-sent-course/open/think/'}" in main(answer)


def test_every_kind_of_screen_can_be_read_by_somebody_signed_out(content):
    content.write("a-course", "2-second", COURSE["2-second"].replace("order = 2", "order = 2\ntaster = true", 1))
    content.write("a-course", "4-last", COURSE["4-last"].replace("order = 4", "order = 4\ntaster = true", 1))
    for where, (_sent, kept) in ANSWERS.items():
        answer = Client().get(HERE + where)
        assert answer.status_code == 200
        assert "<form" not in main(answer), where
        if isinstance(kept, dict) and {"text", "boxes", "own"} & set(kept):
            assert "to write here and keep it" in main(answer), where
    shown = main(Client().get(f"{SECOND}late/choose/"))
    assert "Maya comes first." in shown
    assert "Nothing is kept while you are signed out." in main(Client().get(f"{SECOND}"))
    assert Client().post(f"{SECOND}think/", {"do": "on"}).headers["Location"].startswith("/accounts/login/")
    assert not Taking.objects.exists()


def test_the_rest_asks_who_is_signed_out_to_sign_in(content):
    for address in (SECOND, f"{SECOND}think/", f"{SECOND}late/watch/", f"{HERE}done/", "/learn/a-sent-course/closed/"):
        answer = Client().get(address)
        assert answer.headers["Location"] == f"/accounts/login/?next={address}"


def test_a_parent_who_was_not_sent_reads_why_and_what_is_open(mine):
    for address in ("/learn/a-sent-course/closed/", "/learn/a-sent-course/closed/inside/"):
        answer = mine.get(address)
        assert answer.status_code == 403
        assert "A few words to read." not in main(answer)
        assert "A family court or a Family Court Adviser sends parents to this course." in main(answer)
        assert "Open part" in main(answer) and "A course" in main(answer)
    assert mine.post(address, {"do": "on"}).status_code == 403
    assert not Taking.objects.exists()
    shown = main(mine.get("/learn/a-sent-course/"))
    assert "Try it: Open part" in shown
    assert 'href="/learn/a-sent-course/closed/"' not in shown


def test_their_words_in_a_taster_are_kept_and_the_rest_opens_when_they_are_sent(mine, amara, sent):
    mine.post("/learn/a-sent-course/open/think/", {"do": "save", "text": CANARY})
    assert CANARY in main(mine.get("/learn/a-sent-course/open/think/"))
    sent(amara)
    assert mine.get("/learn/a-sent-course/closed/inside/").status_code == 200
    assert "Carry on with Open part" in main(mine.get("/learn/a-sent-course/"))


def test_only_parents_take_a_course(content, staff, solicitor, signed_in):
    for person in (staff, solicitor):
        client = signed_in(person)
        assert client.get(HERE).status_code == 200
        assert client.get(SECOND).status_code == 403
        assert client.get(f"{HERE}done/").status_code == 404
        answer = client.get("/learn/a-sent-course/open/think/")
        assert "Parents can write here and keep it." in main(answer)
        assert "<form" not in main(answer)
        assert client.post("/learn/a-sent-course/open/think/", {"do": "save", "text": "x"}).status_code == 302
    assert not Taking.objects.exists() and not Answer.objects.exists()


def test_a_programme_that_has_ended_has_a_front_and_no_parts(mine, content):
    content.write("a-course", "cover", cover("a-course", "A course", "nobody", 1))
    assert mine.get(HERE).status_code == 200
    assert "What is in it" not in main(mine.get(HERE))
    for address in (f"{HERE}first/", f"{HERE}first/welcome/", f"{HERE}done/"):
        assert mine.get(address).status_code == 404
        assert mine.post(address).status_code == 404


def test_what_is_not_there_is_not_found(mine):
    for address in (
        "/learn/none/",
        f"{HERE}none/",
        f"{HERE}first/none/",
        f"{HERE}first/welcome/none/",
        f"{SECOND}late/none/",
    ):
        assert mine.get(address).status_code == 404


def test_no_filled_button_leads_who_was_not_sent_anywhere_but_to_the_taster(mine, content):
    content.write("a-sent-course", "1-open", SENT["1-open"].replace("taster = true", ""))
    assert 'class="govuk-button"' not in main(mine.get("/learn/a-sent-course/"))


# ---------------------------------------------------------------- the end
def test_the_end_is_there_when_everything_is_done(mine, amara):
    assert mine.get(f"{HERE}done/").headers["Location"] == HERE
    mine.post(f"{HERE}last/promise/", {"do": "save", "words": CANARY})
    assert mine.get(f"{HERE}done/").headers["Location"] == HERE
    walk(amara, "first", "second", "last")
    shown = main(mine.get(f"{HERE}done/"))
    assert CANARY in shown
    assert "Only you can see this" in shown


def test_who_has_nothing_left_presses_finish(mine, content, amara):
    walk(amara, "second", "last")
    mine.post(f"{HERE}first/welcome/", {"do": "on"})
    content.write("a-course", "1-first", part("first", "First steps", 1, reading("welcome")))
    shown = main(mine.get(f"{HERE}done/"))
    assert "Finish the course" in shown
    assert mine.post(f"{HERE}done/").status_code == 302
    assert mine.post(f"{HERE}done/").status_code == 302
    assert "You finished A course on" in main(mine.get(f"{HERE}done/"))


# ---------------------------------------------------------------- films
def film(folder, slug: str, *endings: str, told: str = "Jo: You’re late.\n\nSam: Sorry.\n") -> None:
    folder.mkdir(exist_ok=True)
    for ending in endings:
        (folder / f"{slug}.{ending}").write_text(told)


@pytest.fixture
def films(tmp_path, monkeypatch):
    monkeypatch.setattr(tags, "FILMS", tmp_path / "films")
    monkeypatch.setattr(tags, "_films", {})
    return tmp_path / "films"


def test_a_missing_film_is_told_in_words(mine, films):
    assert "The film cannot be shown just now. You can carry on without it." in main(mine.get(f"{SECOND}late/watch/"))
    film(films, "no-such-badly", "txt")
    shown = main(mine.get(f"{SECOND}late/watch/"))
    assert "Here is what happens in it, in words." in shown
    assert "<p>Jo: You’re late.</p><p>Sam: Sorry.</p>" in shown
    assert "<video" not in shown
    film(films, "no-such-badly", "mp4")  # without captions it is not shown
    assert "<video" not in main(mine.get(f"{SECOND}late/watch/"))


def test_a_film_has_captions_a_transcript_and_does_not_start_by_itself(mine, films):
    film(films, "no-such-badly", "txt", "mp4", "webm", "vtt", "jpg")
    shown = main(mine.get(f"{SECOND}late/watch/"))
    tag = shown.split("<video")[1].split(">")[0]
    for said in (
        'controls preload="metadata" playsinline width="960" height="540"',
        "poster=",
        'aria-label="Late in the rain"',
    ):
        assert said in tag
    assert "autoplay" not in shown and "loop" not in tag
    assert shown.index("no-such-badly.webm") < shown.index("no-such-badly.mp4")
    assert '<track kind="captions" srclang="en" label="English"' in shown
    assert shown.split("<track")[1].split(">")[0].endswith(" default")
    assert "Read the film instead" in shown and "Sam: Sorry." in shown


# ---------------------------------------------------------------- queries
# Asked of the database by a parent who is signed in already and has begun.
TABLE = {
    "": 3,
    "first/": 3,
    "second/": 3,
    "first/welcome/": 3,
    "second/late/watch/": 3,
    "second/late/child/": 4,
    "second/late/choose/": 4,
    "second/late/rewind/": 3,
    "second/late/skill/": 3,
    "second/think/": 4,
    "second/order/": 4,
    "second/check/": 4,
    "second/again/": 4,
    "last/promise/": 4,
    "last/card/": 4,
    "done/": 6,
}


def counted(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_every_page_asks_no_more_than_its_row_says(mine, amara):
    walk(amara, "first", "second", "last")
    for where, (sent, _kept) in ANSWERS.items():
        mine.post(HERE + where, {"do": "save", **sent})
    assert {row: counted(mine, HERE + row) for row in TABLE} == TABLE
    assert max(TABLE.values()) <= 10


def test_a_course_for_those_who_were_sent_asks_once_more(mine, amara, sent):
    sent(amara)
    mine.post("/learn/a-sent-course/open/hello/", {"do": "on"})
    assert counted(mine, "/learn/a-sent-course/open/hello/") == TABLE["first/welcome/"] + 1
    assert counted(mine, "/learn/a-sent-course/") == TABLE[""] + 1


def test_carrying_on_costs_a_handful(mine, amara):
    walk(amara, "first")
    mine.get(f"{SECOND}think/")
    with CaptureQueriesContext(connection) as queries:
        mine.post(f"{SECOND}think/", {"do": "save", "text": "x"})
    assert len(queries) <= 25, [query["sql"][:80] for query in queries.captured_queries]


def test_the_names_of_the_cookies_are_the_known_ones(mine):
    mine.get(f"{SECOND}think/")
    assert set(mine.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
