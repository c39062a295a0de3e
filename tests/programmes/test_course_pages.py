"""A course in a real browser: with and without JavaScript, on a phone and a desktop, by keyboard, with films."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hub import clock
from programmes import library
from programmes.actions import learning
from programmes.models import Answer, Taking
from tests.programmes.courses import COURSE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

HERE = "/learn/a-course/"
WORDS = "What Maya may have seen from the stairs"


def open_all(slug: str = "a-course") -> list[str]:
    """The address of every screen of a programme."""
    its = library.programme(slug)
    return [
        f"/learn/{slug}/{part.slug}/{step.slug}/" + (f"{screen.slug}/" if screen.slug else "")
        for part in its.parts
        for step, screen in part.places
    ]


def press(page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words, exact=True).click()


def answer_what_is_asked(page, words: str = WORDS) -> None:
    """Fill in whatever this screen asks, as somebody would."""
    main = page.locator("main")
    for name in sorted({box.get_attribute("name") for box in main.locator("input[type=radio]").all()}):
        main.locator(f"input[name='{name}']").first.check()
    for box in main.locator("input[type=checkbox]").all()[:2]:
        box.check()
    for place, select in enumerate(main.locator("select").all(), start=1):
        select.select_option(str(place))
    for box in main.locator("textarea, input[type=text]").all():
        box.fill(words)


def walk(page, course: str, looked=None) -> list[str]:
    """From the cover to the end, answering everything; gives back the addresses walked."""
    page.goto(f"/learn/{course}/")
    walked = []
    page.locator("main .govuk-button").first.click()
    for _ in range(200):
        walked.append(re.sub(r"^https?://[^/]+", "", page.url))
        assert page.locator("main h1").count() == 1, page.url
        assert page.locator("main .govuk-button:not(.govuk-button--secondary):visible").count() <= 1, page.url
        if looked:
            looked(page)
        if page.url.endswith("/done/"):
            return walked
        save = page.locator("main").get_by_role("button", name="Save and carry on", exact=True)
        if save.count():
            answer_what_is_asked(page)
            save.click()
            expect(page.locator(".govuk-error-summary")).to_have_count(0)
        else:
            page.locator("main .govuk-button").first.click()
    raise AssertionError(f"no end in sight: {walked[-3:]}")


# ---------------------------------------------------------------- whole courses
def test_a_whole_course_of_every_kind_of_screen(content, amara, open_browser, javascript):
    page = open_browser(amara, javascript=javascript, width=390)
    walked = walk(page, "a-course")
    left = {address for address in open_all() if "/bonus/" not in address} - set(walked)
    assert not left
    assert len(Taking.objects.get(person=amara).parts_done) == 3
    assert Taking.objects.get(person=amara).finished_at
    expect(page.locator(".hub-pocket")).to_contain_text(WORDS)
    assert {answer.kind for answer in Answer.objects.all()} == {
        "reflection", "choice", "order", "check", "rewriter", "pledge", "card",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("course", ["getting-it-right", "planning-together"])
def test_the_real_courses_from_end_to_end(course, amara, sent, open_browser, javascript, axe, no_sideways_scroll):
    sent(amara, "planning-together")
    page = open_browser(amara, javascript=javascript, width=390)
    seen_kinds: set[str] = set()
    its = library.programme(course)
    kind_of = {
        f"/learn/{course}/{part.slug}/{step.slug}/" + (f"{screen.slug}/" if screen.slug else ""): screen.kind
        for part in its.parts
        for step, screen in part.places
    }

    def look(page):
        no_sideways_scroll(page, 320)
        kind = kind_of.get(re.sub(r"^https?://[^/]+|\?.*$", "", page.url), page.url)
        if kind not in seen_kinds:
            seen_kinds.add(kind)
            axe(page)

    walked = walk(page, course, look)
    needed = {address for address in open_all(course) if its.part(address.split("/")[3]) in its.needed}
    assert not needed - set(walked)
    assert Taking.objects.get(person=amara).finished_at


# ---------------------------------------------------------------- how it looks
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_accessible_and_fits(content, amara, open_browser, axe, no_sideways_scroll, javascript, width):
    page = open_browser(amara, javascript=javascript, width=width)
    addresses = [
        HERE,
        f"{HERE}first/",
        f"{HERE}second/",
        "/learn/a-sent-course/",
        "/learn/a-sent-course/closed/",
        *open_all(),
    ]
    for address in addresses:
        page.goto(address)
        axe(page)
        no_sideways_scroll(page, 320)
        save = page.locator("main").get_by_role("button", name="Save and carry on", exact=True)
        if save.count():
            save.click()  # with nothing in it: the error
            expect(page.locator(".govuk-error-summary")).to_be_visible()
            axe(page)
            answer_what_is_asked(page)
            press(page, "Save and carry on")
            page.goto(address)  # the reply
            axe(page)
            no_sideways_scroll(page, 320)
        elif "Carry on" in page.locator("main").inner_text() and address.count("/") >= 5:
            press(page, "Carry on")
    page.goto(f"{HERE}done/")
    axe(page)
    no_sideways_scroll(page, 320)


def test_tasters_are_accessible_to_somebody_signed_out(content, open_browser, axe, no_sideways_scroll):
    text = COURSE["2-second"].replace("order = 2", "order = 2\ntaster = true", 1)
    content.write("a-course", "2-second", text)
    content.write("a-course", "4-last", COURSE["4-last"].replace("order = 4", "order = 4\ntaster = true", 1))
    page = open_browser(width=390)
    for address in [HERE, *(each for each in open_all() if "/bonus/" not in each)]:
        page.goto(address)
        axe(page)
        no_sideways_scroll(page, 320)
    assert not page.context.cookies()


# ---------------------------------------------------------------- carrying on
def test_another_device_carries_on_where_the_first_left_off(content, amara, open_browser, javascript):
    phone = open_browser(amara, javascript=javascript, width=390)
    phone.goto(HERE)
    phone.get_by_role("button", name="Start", exact=True).click()
    press(phone, "Carry on")
    phone.get_by_role("link", name="Take a break").click()
    desktop = open_browser(amara, javascript=javascript)
    desktop.goto(HERE)
    desktop.get_by_role("button", name="Carry on with First steps").click()
    expect(desktop).to_have_url(re.compile(f"{HERE}first/how/$"))


def test_going_back_after_saving_shows_the_words_and_sends_nothing(content, amara, open_browser):
    page = open_browser(amara)
    page.goto(f"{HERE}second/late/child/")
    page.get_by_label("What does Maya see?").fill(WORDS)
    press(page, "Save and carry on")
    expect(page).to_have_url(re.compile("/late/choose/$"))
    page.go_back()
    page.reload()
    expect(page.get_by_label("What does Maya see?")).to_have_value(WORDS)
    assert Answer.objects.count() == 1


def test_two_presses_are_one(content, amara, open_browser, javascript):
    page = open_browser(amara, javascript=javascript)
    page.goto(f"{HERE}first/welcome/")
    page.locator("main").get_by_role("button", name="Carry on", exact=True).dblclick()
    expect(page).to_have_url(re.compile("/first/(how/)?$"))
    assert len([screen for screen in Taking.objects.get().seen if "/welcome/" in screen]) == 1
    page.goto(f"{HERE}first/welcome/")
    expect(page.locator("main h1")).to_have_text("Welcome")


# ---------------------------------------------------------------- the keyboard
def test_steps_are_put_in_order_by_keyboard_alone(content, amara, open_browser, javascript):
    page = open_browser(amara, javascript=javascript)
    page.goto(f"{HERE}second/order/")
    wanted = {"Ask what they need": "1st", "Say what you need": "2nd", "Pick one way": "3rd"}
    page.locator("main select").first.focus()
    for select in page.locator("main select").all():
        expect(select).to_be_focused()
        label = page.locator(f"label[for='{select.get_attribute('id')}']").inner_text()
        page.keyboard.type(wanted[label])
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save and carry on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The order we suggest")).to_be_visible()
    assert Answer.objects.get().words == {"order": list(wanted)}
    expect(page.locator("main ol.govuk-list--number li")).to_have_text(list(wanted))


def test_a_slip_in_the_order_is_said_beside_the_box(content, amara, open_browser, javascript):
    page = open_browser(amara, javascript=javascript, width=390)
    page.goto(f"{HERE}second/order/")
    for select in page.locator("main select").all():
        select.select_option("1")
    press(page, "Save and carry on")
    expect(page.locator(".hub-order .govuk-error-message")).to_have_count(3)
    expect(page.locator("main select").first).to_have_value("1")
    page.locator(".govuk-error-summary a").first.click()
    expect(page.locator("main select").first).to_be_focused()


def test_choosing_shows_what_it_leads_to_and_can_be_done_again(content, amara, open_browser, javascript):
    page = open_browser(amara, javascript=javascript, width=390)
    page.goto(f"{HERE}second/late/choose/")
    page.get_by_label("You are always late.").check()
    press(page, "Save and carry on")
    expect(page.locator(".hub-reply")).to_contain_text("Maya hears it too.")
    expect(page.get_by_text("Maya comes first.")).to_be_hidden()
    page.get_by_text("See what the others lead to").click()
    expect(page.get_by_text("Maya comes first.")).to_be_visible()
    page.get_by_role("link", name="Change my answer").click()
    expect(page.get_by_label("You are always late.")).to_be_checked()
    page.get_by_label("Hello you. Tea is ready.").check()
    press(page, "Save and carry on")
    expect(page.locator(".hub-reply")).to_contain_text("Maya comes first.")
    press(page, "Carry on")
    expect(page).to_have_url(re.compile("/late/rewind/$"))


def test_the_pocket_card_alone_is_printed(content, amara, open_browser):
    page = open_browser(amara)
    page.goto(f"{HERE}last/card/")
    page.get_by_label("Breathe.").check()
    press(page, "Save and carry on")
    expect(page.get_by_role("button", name="Print this card")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".hub-pocket")).to_be_visible()
    for gone in (".hub-pocket-below", ".hub-top", ".hub-way", ".hub-pause", ".hub-inside"):
        expect(page.locator(gone)).to_be_hidden()


# ---------------------------------------------------------------- films
FILM = "late-badly"


def test_a_film_plays_with_captions_and_only_when_it_is_asked_to(content, amara, open_browser, until):
    content.write("a-course", "2-second", COURSE["2-second"].replace("no-such-badly", FILM))
    page = open_browser(amara, width=390)
    page.goto(f"{HERE}second/late/watch/")
    film = page.locator("video")
    until(lambda: film.evaluate("film => film.readyState >= 1"))
    assert film.evaluate("film => film.paused && film.currentTime === 0")
    assert film.evaluate("film => [film.videoWidth, film.videoHeight]") == [960, 540]
    assert film.evaluate("film => film.textTracks[0].mode") == "showing"
    film.evaluate("film => film.play()")
    until(lambda: film.evaluate("film => film.currentTime > 1"))
    until(lambda: film.evaluate("film => film.textTracks[0].cues?.length > 3"))
    assert film.evaluate("film => film.error") is None
    page.get_by_text("Read the film instead").click()
    lines = Path(f"static/films/{FILM}.txt").read_text("utf-8").strip().splitlines()
    expect(page.locator(".hub-transcript p").first).to_have_text(lines[0])


def test_a_film_that_is_missing_is_told_in_words(content, amara, open_browser, javascript):
    page = open_browser(amara, javascript=javascript, width=390)
    page.goto(f"{HERE}second/late/watch/")
    expect(page.get_by_text("The film cannot be shown just now.")).to_be_visible()
    press(page, "Carry on")
    expect(page).to_have_url(re.compile("/late/child/$"))


# ---------------------------------------------------------------- a new edition in between
def test_a_course_that_changes_meanwhile_loses_no_place_and_no_words(content, amara, open_browser, javascript):
    page = open_browser(amara, javascript=javascript)
    page.goto(f"{HERE}second/think/")
    page.get_by_label("What did your child see?").fill(WORDS)
    its = library.programme("a-course")
    taking = learning.begin(amara, its, clock.now())
    learning.see(taking, "second", "think", "", its.editions["second"], clock.now())
    from tests.programmes.courses import part, reading

    content.write("a-course", "2-second", part("second", "Second part", 2, reading("fresh")))
    press(page, "Save and carry on")
    expect(page.get_by_role("heading", name="This page has changed")).to_be_visible()
    expect(page.locator("main")).to_contain_text(WORDS)
    page.get_by_role("button", name="Carry on with the course").click()
    page.get_by_role("button", name=re.compile("Carry on|Start this part")).click()
    expect(page).to_have_url(re.compile(f"{HERE}second/fresh/$"))
