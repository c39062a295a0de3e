"""Goals and notes ask again who reads them, once nobody has for five minutes.

Which addresses ask stands in one table, against the URL resolver: a new page of goals or courses without a row fails.
"""

import re
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts import private
from accounts.models import User
from goals.models import CheckIn, Goal
from hub import clock
from programmes.models import Answer, Needs
from tests.accounts.test_looking_after import PASSWORD, app_code
from tests.programmes import cases
from tests.test_strangers import COURSE_PLACE, addresses, keep_a_goal, where, write_in_a_course

ASKS, TAKEN, OPEN = "asks", "taken", "open"  # asks before it shows; only takes what is sent; shows no words of theirs
TABLE = {
    "goals:list": ASKS, "goals:choose": ASKS, "goals:own": ASKS, "goals:new": ASKS, "goals:of_state": ASKS,
    "goals:reminders": ASKS, "goals:as_text": ASKS, "goals:as_json": ASKS, "goals:delete_all": ASKS, "goals:goal": ASKS,
    "goals:words": ASKS, "goals:forget_wordings": ASKS, "goals:move": TAKEN, "goals:delete": ASKS,
    "goals:check_in": ASKS, "goals:delete_check_in": ASKS, "goals:idea": OPEN,
    "programmes:my_words": ASKS, "programmes:my_words_text": ASKS, "programmes:my_words_json": ASKS,
    "programmes:delete_all_words": ASKS, "programmes:delete_words": ASKS, "programmes:screen": ASKS,
    "programmes:needs": ASKS,
    "programmes:landing": OPEN, "programmes:which": OPEN, "programmes:questions": OPEN, "programmes:one_question": OPEN,
    "programmes:cover": OPEN, "programmes:finish": OPEN, "programmes:part": OPEN, "programmes:step": OPEN,
    "programmes:check_certificate": OPEN, "programmes:certificate": OPEN, "programmes:certificate_pdf": OPEN,
    "programmes:positive": OPEN, "programmes:positive_answer": OPEN, "programmes:open_referral": OPEN,
    "programmes:referral": OPEN, "programmes:workshop": OPEN, "programmes:workshop_session": OPEN,
    "programmes:workshop_move": OPEN, "programmes:workshop_give_up": OPEN, "programmes:calendar": OPEN,
}  # fmt: skip
ALSO_OPEN = ["home", "help", "parenting_plan:list", "articles:list", "articles:article", "accounts:settings", "search"]
QUESTION = reverse("account_reauthenticate")
GOALS, MY_WORDS = reverse("goals:list"), reverse("programmes:my_words")
SCREEN = reverse("programmes:screen", args=COURSE_PLACE)


@pytest.fixture
def amara(amara):
    """With words of hers in a goal, a course and what she needs at a workshop."""
    write_in_a_course(amara)
    keep_a_goal(amara)
    Needs.objects.create(referral=cases.joined(amara), other="CANARY of a need", changed_at=clock.now())
    return amara


@pytest.fixture
def now():
    with time_machine.travel(clock.now(), tick=False) as at:
        yield at


@pytest.fixture
def late(amara, signed_in, now) -> Client:
    """Amara signed in, and has not opened a private page for five minutes."""
    client = signed_in(amara)
    now.shift(settings.HUB_PRIVATE_SECONDS)
    return client


def asks(answer, wanted: str = "") -> bool:
    to = answer.headers.get("Location", "")
    return answer.status_code == 302 and to.startswith(f"{QUESTION}?next={quote(wanted, safe='')}")


def place(name: str) -> str:
    thing = SimpleNamespace(reference="abcdefghjkmn", pk=Answer.objects.get().pk)
    return where(addresses()[name], thing, thing, thing)


def what_each_does(client: Client) -> dict[str, str]:
    """Every address of the table, opened and sent to; "tells" for one that shows words it should not."""
    found = {}
    for name in TABLE:
        shown = client.get(place(name))
        sent = [client.post(place(name), body) for body in ({}, {"felt": "9", "note": "x", "words": "", "do": "save"})]
        found[name] = ASKS if asks(shown) else TAKEN if shown.status_code == 405 else OPEN
        if any(asks(answer) for answer in sent):
            found[name] = "refuses what is sent"
        if any(b"CANARY" in answer.content for answer in (shown, *sent)):
            found[name] = "tells"
    return found


# ---------------------------------------------------------------- every address
def test_every_address_of_goals_and_courses_has_a_row():
    assert {name for name in addresses() if name.startswith(("goals:", "programmes:"))} == set(TABLE)


def test_each_asks_or_shows_nothing_private(late, monkeypatch):
    keep = {"goals:delete", "goals:delete_all", "goals:delete_check_in", "programmes:delete_words"}
    keep |= {"programmes:delete_all_words", "goals:forget_wordings"}  # what is sent to these would take the words away
    post = late.post
    monkeypatch.setattr(
        late, "post", lambda at, *told: late.get("/help/") if at in {place(name) for name in keep} else post(at, *told)
    )
    assert what_each_does(late) == TABLE
    for name in ALSO_OPEN:
        thing = SimpleNamespace(reference="abcdefghjkmn", pk=1)
        answer = late.get(where(addresses()[name], thing, thing, thing))
        assert answer.status_code == 200 and b"CANARY" not in answer.content, name


def test_a_gate_left_open_is_caught(late, monkeypatch):
    """The table would tell of every single one."""
    monkeypatch.setattr(private, "must_ask", lambda request: False)
    told = {name for name in TABLE if TABLE[name] == ASKS and not asks(late.get(place(name)))}
    assert told == {name for name in TABLE if TABLE[name] == ASKS}


# ---------------------------------------------------------------- how long
def test_fresh_is_five_minutes_from_signing_in_or_from_the_last_private_page(amara, signed_in, now):
    client = signed_in(amara)
    for _page in range(3):
        now.shift(settings.HUB_PRIVATE_SECONDS - 1)
        assert client.get(GOALS).status_code == 200
    for _page in range(3):
        assert client.get("/home/").status_code == 200  # other pages do not count
        now.shift(settings.HUB_PRIVATE_SECONDS // 3)
    assert asks(client.get(GOALS), "/goals/")
    assert asks(client.get(GOALS)), "asking is not an answer"


def test_writing_does_not_make_a_session_fresh(late):
    told = {"kind": "me", "words": "Words of whoever holds the phone", "submit_key": "12345678"}
    assert late.post(reverse("goals:own"), told).status_code == 302
    assert Goal.objects.count() == 2 and asks(late.get(GOALS))


def test_a_real_sign_in_is_fresh_and_each_session_is_for_itself(amara, ben, late):
    other = Client()
    other.post(reverse("account_login"), {"login": amara.email, "password": PASSWORD})
    assert other.get(GOALS).status_code == 200
    assert asks(late.get(GOALS))
    other.post(reverse("account_login"), {"login": ben.email, "password": PASSWORD})
    assert asks(late.get(GOALS))


# ---------------------------------------------------------------- the question
def test_the_page_says_why_and_leads_to_where_they_were_going(late):
    wanted = reverse("goals:words", args=[Goal.objects.get().reference]) + "?from=1"
    asked = late.get(wanted)
    page = late.get(asked["Location"]).content.decode()
    assert "in case somebody else picks up your phone" in page and "CANARY" not in page
    for way in (reverse("account_reset_password"), reverse("exit"), reverse("home")):
        assert f'href="{way}"' in page
    refused = late.post(QUESTION, {"password": "something else", "next": wanted})
    assert refused.status_code == 200 and "That password is not right" in refused.content.decode()
    assert asks(late.get(GOALS))
    assert late.post(QUESTION, {"password": PASSWORD, "next": wanted})["Location"] == wanted
    assert late.get(wanted).status_code == 200


def test_a_change_of_the_account_has_its_own_words(late):
    page = late.get(late.get(reverse("accounts:private_pages"))["Location"]).content.decode()
    assert "about to change something important" in page and "picks up" not in page


def test_a_file_leads_to_the_page_it_is_offered_on(late):
    for folder, files in {GOALS: ["goals:as_text", "goals:as_json"], MY_WORDS: ["programmes:my_words_text"]}.items():
        for file in files:
            assert late.get(reverse(file))["Location"] == f"{QUESTION}?next={quote(folder, safe='')}"


def test_a_code_from_an_app_will_do(amara, late, now):
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    secret = "JBSWY3DPEHPK3PXP"
    Authenticator.objects.create(user=amara, type="totp", data={"secret": get_adapter().encrypt(secret)})
    amara.set_unusable_password()
    amara.save()
    late.force_login(amara)  # the old session ended with the password
    now.shift(settings.HUB_PRIVATE_SECONDS)
    to = late.get(GOALS)["Location"]
    assert to.startswith(reverse("mfa_reauthenticate"))
    assert "picks up your phone" in late.get(to).content.decode()
    assert late.post(to, {"code": "000000", "next": GOALS}).status_code == 200
    assert late.post(to, {"code": app_code(secret), "next": GOALS})["Location"] == GOALS
    assert late.get(GOALS).status_code == 200


def test_whoever_has_no_password_signs_in_anew(amara, late):
    amara.set_unusable_password()
    amara.save()
    late.force_login(amara)
    with time_machine.travel(clock.now().timestamp() + 3600, tick=False):
        to = late.get(GOALS)["Location"]
        assert to == f"{reverse('account_login')}?next=%2Fgoals%2F"
        assert "Sign in again to read this" in late.get(to).content.decode()
        assert late.get("/home/").status_code == 302


# ---------------------------------------------------------------- nothing written is lost
def test_a_check_in_that_comes_late_is_kept_and_lacking_a_face_given_back_alone(late):
    mine = Goal.objects.get()
    here = reverse("goals:goal", args=[mine.reference])
    lacking = late.post(here, {"note": "New words", "submit_key": "abcdefgh"}).content.decode()
    assert "New words" in lacking and "Choose one of the five faces" in lacking and "CANARY" not in lacking
    sent = late.post(here, {"felt": "4", "note": "New words", "submit_key": "abcdefgh"})
    assert sent["Location"] == here and CheckIn.objects.filter(note="New words").exists()
    asked = late.get(here)
    assert asks(asked) and "Saved. Only you can see it." in late.get(asked["Location"]).content.decode()


def test_an_answer_in_a_course_is_shown_once_to_whoever_has_just_given_it(late):
    sent = late.post(SCREEN, {"do": "save", "text": "My newest words"})
    assert sent.status_code == 302 and "My newest words" in str(Answer.objects.get().words)
    if sent["Location"] == SCREEN:
        assert "My newest words" in late.get(SCREEN).content.decode()
    assert asks(late.get(SCREEN)) and asks(late.get(f"{SCREEN}?again=1"))
    assert asks(late.get(MY_WORDS))


# ---------------------------------------------------------------- the choice
def test_turning_it_off_asks_first_and_is_theirs_alone(amara, late, now):
    choice = reverse("accounts:private_pages")
    late.post(choice, {})
    assert User.objects.get(pk=amara.pk).asks_again
    late.post(QUESTION, {"password": PASSWORD, "next": choice})
    assert late.get(choice).status_code == 200
    late.post(choice, {})
    assert not User.objects.get(pk=amara.pk).asks_again
    now.shift(settings.HUB_PRIVATE_SECONDS * 5)
    assert late.get(GOALS).status_code == 200 and late.get(MY_WORDS).status_code == 200
    late.post(choice, {"asks_again": "on"})
    assert asks(late.get(GOALS))


def test_somebody_who_opened_a_private_page_a_moment_ago_cannot_turn_it_off(amara, signed_in):
    client = signed_in(amara)
    assert client.get(GOALS).status_code == 200
    assert client.get(reverse("accounts:private_pages"))["Location"].startswith(QUESTION)


# ---------------------------------------------------------------- in a browser
def test_late_words_in_an_old_tab_are_kept_and_the_goal_asks_first(
    amara, open_browser, axe, no_sideways_scroll, javascript
):
    page = open_browser(amara, javascript=javascript, width=390)
    mine = reverse("goals:goal", args=[Goal.objects.get().reference])
    page.goto(mine)
    page.get_by_label("A line for yourself").fill("It was raining")
    page.get_by_role("radio", name="Quite well").check()
    with time_machine.travel(clock.now().timestamp() + settings.HUB_PRIVATE_SECONDS):
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
        expect(page.get_by_text("Saved. Only you can see it.")).to_be_visible()
        expect(page.get_by_text("CANARY")).to_have_count(0)
        axe(page)
        no_sideways_scroll(page, 320)
        no_sideways_scroll(page, 390)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Carry on").click()
        expect(page).to_have_url(re.compile(f"{mine}$"))
        expect(page.get_by_text("It was raining")).to_be_visible()
