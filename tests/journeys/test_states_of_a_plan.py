"""Every page of a plan in each of its states, in a real browser: sound for axe, for narrow screens and for a keyboard.

With PICTURES=folder in the environment each state is also kept as a picture, to be looked at.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from hub import clock
from parenting_plan import actions
from tests.parenting_plan import family
from tests.parenting_plan.family import HANDOVERS, HOLIDAYS, OVERNIGHTS, SPECIAL_DAYS, TRAVEL, WEEK

pytestmark = pytest.mark.django_db(transaction=True)

EMPTY = "how-we-talk/day-to-day"
LONG = "how-we-talk/photos-online"
COURT = "how-we-talk/when-stuck"
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff" * 2 + "Maximilian"  # 80 letters
NAMES = ["محمد الأمين", "अनुष्का", LONG_NAME]

LOOK = """() => {
    const shown = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const filled = [...document.querySelectorAll(".govuk-button")].filter(shown)
        .filter(e => !/--secondary|--warning|--inverse|hub-exit/.test(e.className)).map(e => e.textContent.trim());
    return {
        headings: document.querySelectorAll("h1").length,
        filled,
        exit: document.querySelectorAll("a[data-exit][href='/exit/']").length,
        title: document.title,
    };
}"""

FOCUS = """() => {
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return null;
    const label = e.labels?.[0];
    const nodes = [[e], [label], [label, "::before"], [e.parentElement], [e.querySelector("span")]].filter(([n]) => n);
    const drawn = () => nodes.map(([node, part]) => {
        const s = getComputedStyle(node, part);
        return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.borderColor].join();
    }).join();
    const box = (/radio|checkbox/.test(e.type || "") ? label || e : e).getBoundingClientRect();
    const focused = drawn();
    e.blur();
    const differs = focused !== drawn();
    e.focus({preventScroll: true});
    return {
        what: e.outerHTML.slice(0, 120),
        differs,
        onScreen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""

TOO_WIDE = """() => {
    const edge = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= edge) return [];
    return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > edge + 1)
        .slice(0, 4).map(e => e.outerHTML.slice(0, 140));
}"""


class Looker:
    """One window, in which state after state is looked at. What is wrong is collected, so that one run tells all."""

    def __init__(self, page, plan, axe, width, mode, other=None):
        self.page, self.plan, self.axe, self.width, self.mode, self.other = page, plan, axe, width, mode, other
        self.wrong: list[str] = []
        self.count = 0
        self.shown = ""
        if other:
            other.route(lambda url: "/static/" not in url, self.answer)
        self.folder = os.environ.get("PICTURES")

    def answer(self, route) -> None:
        route.fulfill(body=self.shown, content_type="text/html; charset=utf-8")

    def at(self, name: str, question: str = "", plan=None) -> str:
        reference = (plan or self.plan).reference
        return f"/plan/{reference}/{question + '/' if question else ''}{name + '/' if name else ''}"

    def goto(self, state: str, address: str) -> None:
        self.page.goto(address)
        self.look(state)

    def press(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).click()

    def look(self, state: str) -> None:
        self.count += 1
        seen = self.page.evaluate(LOOK)
        if seen["headings"] != 1:
            self.wrong.append(f"{state}: {seen['headings']} main headings")
        if len(seen["filled"]) > 1:
            self.wrong.append(f"{state}: filled buttons {seen['filled']}")
        if seen["exit"] != 1:
            self.wrong.append(f"{state}: no way out")
        if state.endswith("error") and not seen["title"].startswith("Error: "):
            self.wrong.append(f"{state}: the tab says {seen['title']}")
        try:
            self.axe(self.twin())
        except AssertionError as fault:
            self.wrong.append(f"{state}: {fault}")
        if self.folder:
            self.page.screenshot(path=Path(self.folder, f"{self.mode}-{state.replace(' ', '-')}.png"), full_page=True)
        for width in (320, self.width):
            self.page.set_viewport_size({"width": width, "height": 900})
            if wide := self.page.evaluate(TOO_WIDE):
                self.wrong.append(f"{state}: sideways at {width}: {wide}")

    def twin(self):
        """The page; or, where no script runs, one that has the same elements and lets axe in."""
        if self.other is None:
            return self.page
        self.shown = re.sub(r"<script\b.*?</script>|</?noscript[^>]*>", "", self.page.content(), flags=re.DOTALL)
        self.other.goto(self.page.url)
        return self.other

    def sound(self) -> None:
        assert not self.wrong, "\n".join(self.wrong)


@pytest.fixture
def rich(lively, amara, ben):
    """The lively plan and what it lacks: a part for the court, drafts, hard words and names."""
    with transaction.atomic():
        family.suggest(lively, ben, COURT, "We ask a mediator.", note="n" * 500)
        family.set_aside(lively, amara, COURT, "court")
        family.suggest(lively, ben, LONG, "W" * 2000, note="ö" * 500)
        family.draft(lively, amara, OVERNIGHTS, "Every weekend with Ben, from Friday to Sunday.")
        family.draft(lively, amara, "how-we-talk/always-tell", "We tell each other about illness the same day.")
        family.draft(lively, amara, "how-we-talk/last-minute", {"kind": "not_sure"})
    return lively


@pytest.fixture
def looker(open_browser, rich, amara, axe):
    def make(javascript: bool, width: int, *, with_axe: bool = True) -> Looker:
        page = open_browser(amara, javascript=javascript, width=width)
        other = None if javascript or not with_axe else open_browser(width=width)
        return Looker(
            page, rich, axe if with_axe else lambda page: [], width, f"{width}-{'js' if javascript else 'plain'}", other
        )

    return make


MODES = pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (False, 390)], ids=["js-1280", "plain-390"])


@MODES
@pytest.mark.timeout(240)
def test_every_state_that_a_parent_reads(looker, javascript, width, rich, amara, ben):
    at = looker(javascript, width, with_axe=javascript)  # what is only read is the same for axe without scripts
    family.settle(rich, amara, ben, EMPTY, "By message.", at=clock.now() - timedelta(days=2))
    family.draft(rich, amara, EMPTY, "By message, before six.")
    at.goto("home ready", "/home/")
    at.goto("list", "/plan/?all=1")
    at.goto("overview", at.at(""))
    at.goto("section", at.at("", "living-and-childcare"))
    at.goto("question open", at.at("", OVERNIGHTS))
    at.goto("question change", at.at("", HANDOVERS))
    at.goto("question at rest", at.at("", WEEK))
    at.goto("question not needed", at.at("", TRAVEL))
    at.goto("question agreed with a draft", at.at("", EMPTY))
    at.goto("question mine", at.at("", HOLIDAYS))
    at.goto("question aside help", at.at("", SPECIAL_DAYS))
    at.goto("question aside court", at.at("", COURT))
    at.goto("question long words", at.at("", LONG))
    at.press("Continue")
    at.look("question error")
    at.goto("agree", at.at("agree", HANDOVERS))
    at.goto("agree long words", at.at("agree", LONG))
    at.goto("set aside help", at.at("set-aside", OVERNIGHTS) + "?for=help")
    at.goto("set aside court", at.at("set-aside", OVERNIGHTS) + "?for=court")
    at.goto("take back", at.at("take-back", HOLIDAYS))
    at.goto("story", at.at("story", HOLIDAYS))
    at.goto("story long words", at.at("story", LONG))
    at.goto("story aside", at.at("story", COURT))
    at.goto("waiting", at.at("waiting"))
    at.goto("waiting finished", at.at("waiting") + "?after=x")
    at.goto("agreed", at.at("agreed"))
    at.goto("not there", at.at("", "nothing"))
    at.sound()


@MODES
@pytest.mark.timeout(240)
def test_every_state_in_which_a_parent_writes(looker, javascript, width, rich, amara, ben, settings):
    at = looker(javascript, width)
    page = at.page
    at.goto("write empty", at.at("write", EMPTY))
    at.press("Continue")
    at.look("write error")
    page.get_by_label("Your words", exact=True).fill("x" * 2001)
    at.press("Continue")
    at.look("write too long error")
    at.goto("write answering with draft", at.at("write", OVERNIGHTS))
    for fold in page.locator("summary").all():
        fold.click()
    at.look("write folds open")
    at.goto("write set aside", at.at("write", SPECIAL_DAYS))
    at.goto("write not needed again", at.at("write", TRAVEL))
    at.goto("send counter", at.at("send", OVERNIGHTS))
    page.get_by_label("Add a short note (optional)").fill("n" * 501)
    at.press("Send to Ben")
    at.look("send note error")
    at.goto("send new", at.at("send", "how-we-talk/always-tell"))
    at.goto("drafts", at.at("drafts"))
    at.press("Send the ones I chose to Ben")
    at.look("drafts error")

    # A draft saved from elsewhere while the page was open.
    page.goto(at.at("write", EMPTY))
    family.draft(rich, amara, EMPTY, "Saved on my phone.")
    page.get_by_label("Your words", exact=True).fill("Written here.")
    at.press("Save as a draft")
    at.look("write changed elsewhere")

    # Words of the other parent unchanged, then changed while reading, then too many.
    family.draft(rich, amara, LONG, "W" * 2000)
    at.goto("send unchanged", at.at("send", LONG))
    page.goto(at.at("agree", OVERNIGHTS))
    family.set_aside(rich, amara, OVERNIGHTS)
    family.suggest(rich, ben, OVERNIGHTS, "Every third weekend.")
    at.press("Agree to these words")
    at.look("refused changed")
    page.goto(at.at("send", OVERNIGHTS))
    settings.PLAN_COMMITS_PER_DAY = 0
    at.press("Send to Ben")
    at.look("refused too many")
    page.goto(at.at("write", EMPTY))
    settings.PLAN_COMMITS_PER_DAY = 100
    family.settle(rich, ben, amara, EMPTY, "By message, before six.")
    page.get_by_label("Your words", exact=True).fill("Too late to be kept.")
    at.press("Continue")
    at.look("refused at rest")
    page.goto(at.at("send", "how-we-talk/always-tell"))
    at.press("Send to Ben")
    at.look("question just sent")
    at.sound()


@MODES
@pytest.mark.timeout(240)
def test_every_state_of_other_plans(looker, open_browser, javascript, width, rich, amara, ben, person):
    at = looker(javascript, width, with_axe=javascript)
    # one parent alone
    solo = family.start(amara, children=[(name, 2015 + number, 3) for number, name in enumerate(NAMES)])
    at.goto("solo overview new", at.at("", plan=solo))
    family.suggest(solo, amara, HANDOVERS, "We hand over at the gate.")
    family.draft(solo, amara, WEEK, "Half and half.")
    at.goto("solo overview", at.at("", plan=solo))
    at.goto("solo question", at.at("", HANDOVERS, plan=solo))
    at.goto("solo write", at.at("write", HANDOVERS, plan=solo))
    at.goto("solo send", at.at("send", WEEK, plan=solo))
    at.goto("solo take out", at.at("take-back", HANDOVERS, plan=solo))
    at.goto("solo drafts", at.at("drafts", plan=solo))
    at.goto("solo agreed", at.at("agreed", plan=solo))
    at.goto("two plans list", "/plan/")
    # hard names, and an order in force
    for who, name in ((amara, LONG_NAME), (ben, "अब्दुल्लाह محمد")):
        who.first_name = name
        who.save()
    actions.change_orders(plan=rich, by=family.party(rich, amara), orders="in_force")
    at.goto("hard names home", "/home/")
    at.goto("hard names overview with an order", at.at(""))
    at.goto("hard names question", at.at("", HANDOVERS))
    at.goto("hard names at rest", at.at("", WEEK))
    at.goto("hard names send", at.at("send", OVERNIGHTS))
    at.goto("hard names story", at.at("story", HOLIDAYS))
    at.goto("hard names drafts", at.at("drafts"))
    at.goto("hard names agreed", at.at("agreed"))
    # no longer shared
    actions.leave(plan=rich, by=family.party(rich, ben))
    at.goto("resting", at.at(""))
    at.goto("home resting", "/home/")
    # nothing yet
    at.page = open_browser(person("Fay"), javascript=javascript, width=width)
    at.goto("home empty", "/home/")
    at.goto("list empty", "/plan/")
    at.sound()


@pytest.mark.timeout(180)
def test_the_keyboard_goes_all_the_way_through_and_its_place_is_always_seen(looker):
    at = looker(True, 1280)
    page, wrong = at.page, []
    for state, address in {
        "overview": at.at(""),
        "question": at.at("", HANDOVERS),
        "write": at.at("write", OVERNIGHTS),
        "send": at.at("send", OVERNIGHTS),
        "agree": at.at("agree", HANDOVERS),
        "drafts": at.at("drafts"),
    }.items():
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 700})
            page.goto(address)
            stops = 0
            while stops < 120:
                page.keyboard.press("Tab")
                place = page.evaluate(FOCUS)
                if place is None:
                    break
                stops += 1
                if not place["differs"]:
                    wrong.append(f"{state} {width}: focus is not seen on {place['what']}")
                if not place["onScreen"]:
                    wrong.append(f"{state} {width}: focus is outside the window on {place['what']}")
            if stops in (0, 120):
                wrong.append(f"{state} {width}: the keyboard went {stops} steps")
    assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(120)
def test_big_letters_and_forced_colours(looker):
    at = looker(True, 1280)
    page = at.page
    for state, address in {
        "overview": at.at(""),
        "question": at.at("", HANDOVERS),
        "write": at.at("write", OVERNIGHTS),
        "drafts": at.at("drafts"),
        "agreed": at.at("agreed"),
    }.items():
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if wide := page.evaluate(TOO_WIDE):
            at.wrong.append(f"{state} at 200 %: {wide}")
        if at.folder:
            page.screenshot(path=Path(at.folder, f"big-{state}.png"), full_page=True)
    page.emulate_media(forced_colors="active")
    at.goto("forced colours question", at.at("", HANDOVERS))
    at.goto("forced colours overview", at.at(""))
    at.sound()
