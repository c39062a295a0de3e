"""The pages of somebody's goals through Django's client: what they show, keep, refuse and cost."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals import actions, suggestions, views
from goals.models import CheckIn, Goal, Reminder
from hub import clock
from tests import reading
from tests.goals.conftest import BEGUN
from tests.goals.test_suggestions import TAGS
from tests.hub.test_public_pages import BANNED
from tests.parenting_plan.pages import form_of

LIST, CHOOSE, OWN = reverse("goals:list"), reverse("goals:choose"), reverse("goals:own")
ALL, REMINDERS = reverse("goals:delete_all"), reverse("goals:reminders")
AS_TEXT, AS_JSON = reverse("goals:as_text"), reverse("goals:as_json")
ARABIC, EMOJI = "أقول مرحبا أولا", "👨‍👩‍👧 one calm word 🙂"


def at(name: str, goal: Goal, *more: str) -> str:
    return reverse(f"goals:{name}", args=[goal.reference, *more])


def every_page(goal: Goal) -> list[str]:
    said = goal.check_ins.first().reference
    names = ["goal", "words", "forget_wordings", "delete"]
    own = [at(name, goal) for name in names] + [at(name, goal, said) for name in ("check_in", "delete_check_in")]
    fixed = [LIST, CHOOSE, OWN, reverse("goals:new", args=["stick-to-times"]), REMINDERS, ALL]
    return [*fixed, *own, reverse("goals:of_state", args=["paused"])]


@pytest.fixture
def client(client, amara):
    client.force_login(amara)
    return client


def shown(client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, (where, answer.headers.get("Location"))
    return unescape(answer.content.decode())


# ---------------------------------------------------------------- beginning
def test_with_no_goals_the_page_says_how_it_works(client):
    html = shown(client, LIST)
    assert "Pick one thing" in html and CHOOSE in html and OWN in html
    assert "Delete it all" not in html and AS_TEXT not in html


def test_a_goal_in_own_words(client, amara):
    told = form_of(client.get(OWN)) | {"kind": "us", "words": "We text in two lines", "why": "", "first_step": ""}
    answer = client.post(OWN, told)
    made = Goal.objects.get()
    assert answer.headers["Location"] == at("goal", made)
    assert (made.person, made.words, made.kind, made.suggestion) == (amara, "We text in two lines", "us", "")
    client.post(OWN, told)  # the form was sent twice
    assert Goal.objects.count() == 1


@pytest.mark.parametrize("slug", sorted(TAGS))
def test_a_suggestion_comes_filled_in_and_can_be_made_ones_own(client, slug):
    where, ours = reverse("goals:new", args=[slug]), suggestions.by_slug()[slug].words
    page = client.get(where)
    told = form_of(page)
    assert told["words"] == [ours.title] and told["kind"] == [ours.kind] and told["first_step"] == [ours.first_step]
    html = unescape(page.content.decode())
    assert not ours.safety or html.index(ours.safety) < html.index("<form method")
    client.post(where, told | {"words": "My own way"})
    made = Goal.objects.get()
    assert (made.words, made.why, made.suggestion) == ("My own way", ours.why, slug)
    assert "You have this one" in shown(client, CHOOSE)
    assert at("goal", made) in shown(client, where)


def test_nobody_begins_with_an_unknown_suggestion(client):
    assert client.get(reverse("goals:new", args=["no-such-goal"])).status_code == 404


def test_all_suggestions_are_there_by_theme(client):
    html = shown(client, CHOOSE)
    for theme in suggestions.themes():
        assert str(theme.words.title) in html
        assert all(reverse("goals:new", args=[each.slug]) in html for each in theme.suggestions)


# ---------------------------------------------------------------- what somebody may type
@pytest.mark.parametrize("where", [OWN, "words"])
def test_words_that_are_missing_or_too_long_are_told_beside_the_field_and_kept(client, hers, where):
    address = at("words", hers) if where == "words" else OWN
    before = list(Goal.objects.values())
    html = shown_post(client, address, {"kind": "me", "words": "w" * 10_000, "why": "My reason", "first_step": ""})
    assert "Use 9500 characters fewer. There is room for 500." in html
    assert "w" * 10_000 in html and "My reason" in html
    assert "<title>Error:" in html and 'href="#id_words"' in html
    html = shown_post(client, address, {"words": " \u200b ", "why": "My reason"})
    assert "Write what you would like to do" in html and "Choose who this goal is for" in html and "My reason" in html
    assert list(Goal.objects.values()) == before


def shown_post(client, where, told) -> str:
    answer = client.post(where, told)
    assert answer.status_code == 200, answer.headers.get("Location")
    return unescape(answer.content.decode())


@pytest.mark.parametrize("felt", ["0", "6", "-1", "3.5", "five", "", "٣", "1" * 400])
def test_a_feeling_that_is_not_one_of_the_five_is_told_and_the_note_is_kept(client, hers, felt):
    html = shown_post(client, at("goal", hers), {"felt": felt, "note": "A note to keep"})
    message = re.search(r'<p class="govuk-error-message" id="(\w+)">(.*?)</p>', html)
    assert "Choose one of the five faces" in message[2]
    assert f'aria-describedby="id_felt_helptext {message[1]}"' in html
    assert ">A note to keep</textarea>" in html.replace(">\n", ">")
    assert hers.check_ins.count() == 2


def test_a_note_of_10000_letters_is_not_cut(client, hers):
    html = shown_post(client, at("goal", hers), {"felt": "3", "note": "n" * 10_000})
    assert "Use 5000 characters fewer" in html and "n" * 10_000 in html
    assert re.search(r'value="3" checked', html)
    client.post(at("goal", hers), {"felt": "3", "note": "n" * 5000})
    assert CheckIn.objects.filter(note="n" * 5000).exists()


@pytest.mark.parametrize("words", ["<script>alert(1)</script> & <b>bold</b>", ARABIC, EMOJI, "{{ x }} {% y %} %s"])
def test_whatever_they_type_is_shown_as_text(client, goal_of, amara, words):
    made = goal_of(amara, words, why=words, first_step=words, felt=(3, 3), note=words)
    actions.reword(goal=made, kind="me", words=f"{words} again", why=words, first_step=words)
    for where in [LIST, *every_page(made)]:
        html = client.get(where).content.decode()
        assert "<script>alert" not in html and "<b>bold" not in html
    html = client.get(at("goal", made)).content.decode()
    assert html.count(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")) >= 8
    assert 'dir="auto"' in html
    assert words in client.get(AS_TEXT).content.decode()
    assert json.loads(client.get(AS_JSON).content)["goals"][0]["why"] == words


def test_words_may_have_lines_and_lose_what_nobody_sees(client):
    client.post(OWN, {"kind": "me", "words": "One\r\ntwo\u202e\x07", "submit_key": "12345678"})
    assert Goal.objects.get().words == "One\ntwo"


def test_a_key_of_anybodys_making_breaks_nothing(client):
    for key in ("", "x" * 4000, "' or 1=1", "\x00"):
        client.post(OWN, {"kind": "me", "words": "x", "submit_key": key})
    assert Goal.objects.count() == 4


# ---------------------------------------------------------------- a goal
def test_a_goal_shows_its_words_the_faces_and_what_was_said(client, hers):
    html = shown(client, at("goal", hers))
    for words in (
        "I say hello first",
        "Maya looks at us",
        "Tomorrow at the door",
        "First words",
        "A note",
        "Not great",
    ):
        assert words in html
    assert html.count('type="radio"') == 5 and "checked" not in html
    assert html.count('<svg class="goals-picture__') == 2 and "2 times, from 14 Sep 2026" in html


def test_saying_how_it_goes_comes_back_to_the_goal_and_once(client, hers):
    told = form_of(client.get(at("goal", hers))) | {"felt": "5", "note": "We laughed"}
    for _press in range(2):
        answer = client.post(at("goal", hers), told, follow=True)
        assert "Saved. Only you can see it." in answer.content.decode()
    assert hers.check_ins.count() == 3
    assert "We laughed" in shown(client, at("goal", hers))


@pytest.mark.parametrize(("do", "state"), [("pause", "Paused"), ("achieve", "Done"), ("archive", "Put away")])
def test_a_goal_that_rests_offers_to_be_taken_up_and_asks_for_no_face(client, hers, do, state):
    answer = client.post(at("move", hers), {"do": do}, follow=True)
    html = unescape(answer.content.decode())
    assert state in html and "Take it up again" in html
    assert 'type="radio"' not in html and "A note" in html
    listed = shown(client, LIST)
    assert f"{state} (1)" in listed and "You are not working on a goal just now" in listed
    client.post(at("move", hers), {"do": "take_up_again"})
    assert "What you are working on" in shown(client, LIST)


def test_a_move_that_nobody_knows_moves_nothing(client, hers):
    assert client.post(at("move", hers), {"do": "explode"}).status_code == 302
    assert client.get(at("move", hers)).status_code == 405
    hers.refresh_from_db()
    assert hers.state == "active"


def test_words_change_and_the_old_ones_are_kept_for_them(client, hers):
    told = form_of(client.get(at("words", hers))) | {"words": "Newest words"}
    client.post(at("words", hers), told)
    html = shown(client, at("goal", hers))
    assert all(words in html for words in ("Newest words", "I say hello first", "First words"))
    client.post(at("forget_wordings", hers))
    html = shown(client, at("goal", hers))
    assert "Newest words" in html and "First words" not in html
    assert client.get(at("forget_wordings", hers)).status_code == 302


def test_a_line_changes_and_goes_after_a_check(client, hers):
    said = hers.check_ins.first()
    where = at("check_in", hers, said.reference)
    told = form_of(client.get(where))
    assert told["felt"] == ["4"] and told["note"] == ["A note"]
    client.post(where, {"felt": "1", "note": "Not so well"})
    said.refresh_from_db()
    assert (said.felt, said.note) == (1, "Not so well")
    where = at("delete_check_in", hers, said.reference)
    assert "Not so well" in shown(client, where) and hers.check_ins.count() == 2
    for _press in range(2):
        assert client.post(where).headers["Location"] == at("goal", hers)
    assert hers.check_ins.count() == 1
    assert client.get(where).status_code == 404


def test_a_goal_is_deleted_after_a_check_and_the_second_press_says_so_too(client, hers):
    assert "2 lines in its diary go too" in shown(client, at("delete", hers))
    assert Goal.objects.count() == 1, "looking deletes nothing"
    for _press in range(2):
        assert "That goal is deleted" in client.post(at("delete", hers), follow=True).content.decode()
    assert not Goal.objects.exists()
    assert client.get(at("delete", hers)).status_code == 404


def test_words_written_for_a_goal_that_was_deleted_meanwhile_are_given_back(client, hers, monkeypatch):
    def gone(**told):
        raise actions.Gone

    for name in ("check_in", "reword"):
        monkeypatch.setattr(actions, name, gone)
    for where, told in (
        ("goal", {"felt": "2", "note": "Words of mine"}),
        ("words", {"kind": "me", "words": "Words of mine", "why": "And a reason", "first_step": "And a step"}),
    ):
        answer = client.post(at(where, hers), told)
        assert answer.status_code == 409
        assert all(text in answer.content.decode() for text in told.values() if len(text) > 2)


def test_words_written_signed_out_are_given_back(hers, django_user_model):
    from django.test import Client

    answer = Client().post(OWN, {"kind": "me", "words": "Words of mine", "why": "A reason", "first_step": "A step"})
    assert answer.status_code == 403
    assert all(words in answer.content.decode() for words in ("Words of mine", "A reason", "A step"))


# ---------------------------------------------------------------- to take away, and to delete
def test_a_copy_has_every_word_and_a_name_that_tells_nothing(client, hers):
    said = [
        "I say hello first",
        "First words",
        "Maya looks at us",
        "Because of Maya",
        "Tomorrow",
        "A note",
        "Not great",
    ]
    for where, name in ((AS_TEXT, "notes.txt"), (AS_JSON, "notes.json")):
        answer = client.get(where)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert all(words in answer.content.decode() for words in said)


def test_everything_is_deleted_after_a_check(client, hers):
    html = shown(client, ALL)
    assert "You have 1 goal." in html and "Would you like a copy first?" in html
    assert "Everything here is deleted" in client.post(ALL, follow=True).content.decode()
    assert not Goal.objects.exists()
    assert client.get(ALL).headers["Location"] == LIST


# ---------------------------------------------------------------- reminders
def test_reminders_are_off_until_asked_for_and_off_again_with_one_press(client, amara):
    assert form_of(client.get(REMINDERS))["every"] == ["0"]
    assert not Reminder.objects.exists()
    client.post(REMINDERS, {"every": "7"})
    assert Reminder.objects.get().every == 7
    assert form_of(client.get(REMINDERS))["every"] == ["7"]
    assert "Every week" in shown(client, reverse("accounts:settings"))
    assert "Choose one of the three" in shown_post(client, REMINDERS, {"every": "1"})
    client.post(REMINDERS, {"every": "0"})
    assert not Reminder.objects.exists()
    amara.wants_alerts = False
    amara.save()
    assert "Your emails are off" in shown(client, REMINDERS)


# ---------------------------------------------------------------- many
@pytest.fixture
def crowd(amara):
    """Five hundred goals, in every state."""
    states = ["active", "active", "paused", "achieved", "archived"]
    return Goal.objects.bulk_create(
        Goal(
            person=amara, kind="me", words=f"Goal number {number}", state=states[number % 5],
            state_at=BEGUN + timedelta(hours=number), started_at=BEGUN + timedelta(hours=number),
        )
        for number in range(500)
    )  # fmt: skip


def test_five_hundred_goals_are_shown_page_by_page_and_none_is_lost(client, crowd):
    seen: list[str] = []
    for number in range(1, 11):
        html = shown(client, f"{LIST}?page={number}")
        seen += re.findall(r"Goal number \d+", html.split("Goals you are not working on")[0])
    assert len(seen) == len(set(seen)) == 200
    for state in ("paused", "achieved", "archived"):
        where = reverse("goals:of_state", args=[state])
        assert where in html, "the fold leads to all of them"
        pages = [shown(client, f"{where}?page={number}") for number in range(1, 6)]
        assert len(set(re.findall(r"Goal number \d+", " ".join(pages)))) == 100
    assert "What you are working on (200)" in html


@pytest.mark.parametrize("page", ["0", "-3", "99999", "9" * 500, "two", "", "٢", "1.5"])
def test_any_number_of_a_page_is_answered(client, crowd, page):
    assert "Goal number" in shown(client, f"{LIST}?page={page}")


def asked(client, where: str) -> int:
    client.get(where)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(where)
    assert answer.status_code == 200, where
    return len(queries)


def test_the_list_costs_the_same_with_one_goal_and_with_five_hundred(client, amara, goal_of):
    client.get(LIST)
    goal_of(amara, felt=(3,))
    actions.pause(goal=goal_of(amara))
    few = asked(client, LIST)
    Goal.objects.bulk_create(
        Goal(person=amara, kind="me", words=f"{n}", state=["active", "paused"][n % 2], state_at=BEGUN, started_at=BEGUN)
        for n in range(500)
    )
    assert asked(client, LIST) == few <= 5


def test_a_goal_costs_the_same_with_two_lines_and_with_two_hundred(client, hers):
    client.get(LIST)  # the session is noted as seen
    few = asked(client, at("goal", hers))
    CheckIn.objects.bulk_create(
        CheckIn(goal=hers, felt=1 + n % 5, note=f"Note {n}", at=BEGUN + timedelta(hours=n)) for n in range(200)
    )
    assert asked(client, at("goal", hers)) == few <= 5
    assert asked(client, at("goal", hers) + "?page=9") <= few + 1
    notes = [set(re.findall(r"Note \d+", shown(client, at("goal", hers) + f"?page={n}"))) for n in range(1, 12)]
    assert len(set.union(*notes)) == sum(map(len, notes)) == 200


COSTS = {CHOOSE: 3, OWN: 1, REMINDERS: 2, ALL: 2}


def test_every_other_page_asks_no_more_than_its_row_says(client, hers):
    client.get("/home/")
    assert {where: asked(client, where) for where in COSTS} == COSTS


# ---------------------------------------------------------------- words of the pages
def test_the_words_are_plain_and_kind(client, goal_of, amara):
    empty = [LIST, CHOOSE, OWN, REMINDERS]
    pages = [(where, shown(client, where)) for where in empty]
    made = goal_of(amara, "I say hello first", felt=(2, 4), at=clock.now())
    actions.reword(goal=made, kind="me", words="I say it first")
    actions.pause(goal=goal_of(amara, "Another"))
    pages += [(where, shown(client, where)) for where in every_page(made)]
    resting = goal_of(amara, "A third", felt=(1,))
    actions.archive(goal=resting)
    pages.append((at("goal", resting), shown(client, at("goal", resting))))
    hard = []
    for where, html in pages:
        found = reading.read(html)
        assert html.count("<h1") == 1
        assert not {word for word in BANNED if word in found.words}, where
        if found.grade > 5 or found.longest_words > 25:
            hard.append(f"{where}: {found.grade}, {found.longest_words}: {found.longest}")
    assert not hard, "\n".join(hard)


def test_the_names_of_the_moves_are_all_known():
    assert set(views.MOVES) == {"pause", "achieve", "archive", "take_up_again"}
