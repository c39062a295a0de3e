"""Goals in Chromium, with and without JavaScript: keys, faces, screen readers, phones."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from goals import actions
from goals.models import CheckIn, Felt, Goal
from hub import clock
from tests.goals.test_goal_pages import ALL, LIST, at, every_page

FACES = [str(each.label) for each in Felt]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_parent_chooses_a_goal_says_how_it_goes_changes_it_and_deletes_all(
    amara, open_browser, axe, no_sideways_scroll, javascript, width
):
    page = open_browser(amara, javascript=javascript, width=width)

    def press(name, role="button"):
        page.get_by_role("main").get_by_role(role, name=name, exact=True).click()

    def looks_right(heading):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        axe(page)
        no_sideways_scroll(page, 320)
        no_sideways_scroll(page, width)

    page.goto("/home/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Goals").click()
    looks_right("Your goals")
    press("Choose a goal")
    looks_right("Choose a goal")
    press("Stay calm at handovers", "link")
    looks_right("Stay calm at handovers")
    page.get_by_label("My goal", exact=True).fill("")
    press("Make it my goal")
    expect(page.get_by_role("alert")).to_contain_text("Write what you would like to do")
    axe(page)
    page.get_by_label("My goal", exact=True).fill("I breathe out at the door")
    press("Make it my goal")
    looks_right("I breathe out at the door")
    page.get_by_label("A line for yourself").fill("It was raining")
    press("Save")
    expect(page.get_by_role("alert")).to_contain_text("Choose one of the five faces")
    expect(page.get_by_label("A line for yourself")).to_have_value("It was raining")
    axe(page)
    page.get_by_role("radio", name="Quite well").check()
    press("Save")
    expect(page.get_by_text("Saved. Only you can see it.")).to_be_visible()
    looks_right("I breathe out at the door")
    expect(page.get_by_text("It was raining")).to_be_visible()
    press("Change the words", "link")
    looks_right("Change the words")
    page.get_by_label("My goal", exact=True).fill("I breathe out twice")
    press("Save the new words")
    looks_right("I breathe out twice")
    page.get_by_text("What it said before").click()
    expect(page.locator(".goals-before").get_by_text("I breathe out at the door")).to_be_visible()
    page.get_by_text("The picture as a table").click()
    axe(page)
    press("Mark as done")
    expect(page.get_by_role("button", name="Take it up again")).to_be_visible()
    axe(page)
    page.goto(LIST)
    page.get_by_text("Done (1)").click()
    looks_right("Your goals")
    press("I breathe out twice", "link")
    press("Take it up again")
    expect(page.get_by_text("You are working on it again.")).to_be_visible()
    press("Delete it for good", "link")
    looks_right("Delete this goal?")
    press("Keep it", "link")
    looks_right("I breathe out twice")
    page.goto(LIST)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save it all as text").click()
    assert saved.value.suggested_filename == "notes.txt"
    assert "It was raining" in saved.value.path().read_text("utf-8")
    press("Delete all my goals")
    looks_right("Delete all your goals?")
    press("Delete all my goals")
    looks_right("Your goals")
    expect(page.get_by_text("Everything here is deleted.")).to_be_visible()
    assert not Goal.objects.exists()


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_goals_is_right_for_axe_and_for_a_small_phone(
    amara, hers, open_browser, axe, no_sideways_scroll, javascript, width
):
    actions.pause(goal=actions.start(person=amara, kind="us", words="A word" + "o" * 200 + " أقول مرحبا"))
    page = open_browser(amara, javascript=javascript, width=width)
    for where in [*every_page(hers), LIST, ALL, "/home/", "/account/"]:
        page.goto(where)
        axe(page)
        no_sideways_scroll(page, 320)
        no_sideways_scroll(page, width)


# ---------------------------------------------------------------- the five faces
def reads(page) -> list[dict]:
    """What a screen reader is told: every node of Chromium's accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [node for node in nodes if not node.get("ignored")]


def of_role(page, role: str) -> list[dict]:
    return [node for node in reads(page) if node.get("role", {}).get("value") == role]


def told(node: dict, name: str):
    return next((each["value"].get("value") for each in node.get("properties", []) if each["name"] == name), None)


def test_a_screen_reader_hears_five_radio_buttons_by_their_words(amara, hers, open_browser, javascript):
    page = open_browser(amara, javascript=javascript)
    page.goto(at("goal", hers))
    radios = of_role(page, "radio")
    assert [node["name"]["value"] for node in radios] == FACES, "the word alone: the drawing says nothing twice"
    assert [told(node, "checked") for node in radios] == ["false"] * 5, "none is chosen for anybody"
    groups = [node for node in of_role(page, "group") if "How has it been going?" in node["name"]["value"]]
    assert "Every answer is a fine answer" in groups[0]["description"]["value"]
    pictures = [node["name"]["value"] for node in of_role(page, "image") if node["name"]["value"]]
    assert len(pictures) == 1, "one picture is hidden at each width"
    assert "2 times, from 14 Sep 2026 to 21 Sep 2026. The last one was: quite well." in pictures[0]
    page.get_by_role("radio", name="So-so").check()
    assert [told(node, "checked") for node in of_role(page, "radio")] == ["false", "false", "true", "false", "false"]


def test_the_faces_are_chosen_by_keys_alone(amara, hers, open_browser, javascript):
    page = open_browser(amara, javascript=javascript)
    page.goto(at("goal", hers))
    page.get_by_role("radio", name="Struggling").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Struggling")).to_be_checked()
    for name in FACES[1:]:
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("radio", name=name)).to_be_checked()
        expect(page.get_by_role("radio", name=name)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("By keys alone")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. Only you can see it.")).to_be_visible()
    assert CheckIn.objects.get(note="By keys alone").felt == Felt.REALLY_WELL


@pytest.mark.parametrize("width", [390, 1280])
def test_a_chosen_face_is_bold_ticked_and_framed_and_focus_is_seen(amara, hers, open_browser, width):
    """Not by colour: a tick appears and the word turns bold."""
    page = open_browser(amara, width=width)
    page.goto(at("goal", hers))
    chosen, other = (page.locator(".hub-face").filter(has_text=name) for name in ("So-so", "Not great"))
    page.get_by_role("radio", name="So-so").check()
    weight = "node => getComputedStyle(node).fontWeight"
    assert chosen.locator("label").evaluate(weight) == "700" and other.locator("label").evaluate(weight) == "400"
    expect(chosen.locator(".hub-face__tick")).to_be_visible()
    expect(other.locator(".hub-face__tick")).to_be_hidden()
    assert chosen.locator("label").evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    for box in (page.locator(".hub-face").nth(n).bounding_box() for n in range(5)):
        assert box["height"] >= 44 and box["width"] >= 44


# ---------------------------------------------------------------- the picture
@pytest.mark.parametrize("count", [1, 2, 12, 60])
@pytest.mark.parametrize("width", [390, 1280])
def test_one_picture_is_seen_at_each_width_with_letters_of_a_readable_size(
    amara, goal_of, open_browser, axe, no_sideways_scroll, count, width
):
    made, now = goal_of(amara, "A goal"), clock.now()
    CheckIn.objects.bulk_create(
        CheckIn(goal=made, felt=1 + (number * 3) % 5, at=now - timedelta(days=3 * number)) for number in range(count)
    )
    page = open_browser(amara, width=width)
    page.goto(at("goal", made))
    shown = page.locator(".goals-picture svg:visible")
    expect(shown).to_have_count(1)
    expect(shown.locator("circle")).to_have_count(count)
    scale = shown.bounding_box()["width"] / float(shown.get_attribute("viewBox").split()[2])
    assert 17 * scale >= 15.5, "letters stay near 16 px"
    axe(page)
    no_sideways_scroll(page, 320)


# ---------------------------------------------------------------- the frame
@pytest.mark.parametrize("width", [320, 360, 390, 768, 1280])
def test_name_account_and_way_out_stand_in_one_row_and_five_places_in_another(
    amara, open_browser, no_sideways_scroll, width, javascript
):
    page = open_browser(amara, javascript=javascript, width=width)
    page.goto("/goals/")
    pieces = [page.locator(name) for name in (".hub-brand", ".hub-top__account", ".hub-exit__link")]
    boxes = [piece.bounding_box() for piece in pieces]
    middles = [box["y"] + box["height"] / 2 for box in boxes]
    assert max(middles) - min(middles) < 4
    assert all(before["x"] + before["width"] <= after["x"] for before, after in pairwise(boxes))
    assert all(box["height"] >= 44 for box in boxes[1:]) and boxes[2]["x"] + boxes[2]["width"] > width - 120
    assert page.locator(".hub-top").bounding_box()["height"] <= 72
    places = [item.bounding_box() for item in page.locator(".hub-nav__item").all()]
    assert len(places) == 5 and len({box["y"] for box in places}) == 1
    expect(page.get_by_role("link", name="Account")).to_be_visible()
    expect(page.get_by_role("link", name="Co-Parenting Hub")).to_have_count(1)
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    no_sideways_scroll(page, width)


def test_a_double_press_in_a_browser_says_it_once(amara, hers, open_browser, javascript):
    page = open_browser(amara, javascript=javascript)
    page.goto(at("goal", hers))
    page.get_by_role("radio", name="So-so").check()
    page.get_by_role("button", name="Save", exact=True).dblclick()
    expect(page.get_by_text("Saved. Only you can see it.")).to_be_visible()
    assert hers.check_ins.count() == 3


def test_from_a_suggestion_offered_signed_out_the_way_leads_through_the_sign_in(amara, open_browser, javascript):
    page = open_browser(javascript=javascript)
    where = reverse("goals:new", args=["say-thank-you-once-a-week"])
    page.goto(where)
    page.get_by_label("Email address").fill(amara.email)
    page.get_by_label("Password", exact=True).fill("a long walk by the canal")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Say thank you once a week")
