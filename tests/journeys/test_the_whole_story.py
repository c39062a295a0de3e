"""Two parents agree a part of their plan and a solicitor downloads it: real browsers, real mail, a real worker."""

import re

import pymupdf
import pytest

from accounts.models import User
from parenting_plan.models import Plan
from tests.parenting_plan import family

PASSWORD = "a long walk by the canal"


class Telling:
    """One person at their own browser. Every page they pass is looked at by axe and at 320 px."""

    def __init__(self, page, postbox, address, look):
        self.page, self.postbox, self.address, self.look = page, postbox, address, look
        self.read = 0

    def passes(self) -> "Telling":
        self.look(self.page)
        return self

    def press(self, words: str) -> "Telling":
        self.page.get_by_role("button", name=words, exact=True).click()
        return self.passes()

    def choose(self, words: str) -> "Telling":
        exact = self.page.get_by_role("radio", name=words, exact=True)
        begins = self.page.get_by_role(
            "radio", name=re.compile(f"^{re.escape(words)}")
        )  # a card's hint is in its label
        (exact if exact.count() else begins).check()
        return self

    def fill(self, label: str, words: str) -> "Telling":
        self.page.get_by_label(label, exact=True).fill(words)
        return self

    def follow(self, words: str) -> "Telling":
        self.page.get_by_role("link", name=words, exact=True).first.click()
        return self.passes()

    def says(self, words: str) -> "Telling":
        assert words in re.sub(r"\s+", " ", self.page.inner_text("main")), self.page.inner_text("main")
        return self

    def next_mail(self) -> str:
        """The text of the next mail to this person; nothing in it or its subject tells what it is about."""
        mine = []

        def come():
            mine[:] = [mail for mail in self.postbox.mails if self.address in str(mail["To"])]
            return len(mine) > self.read

        self.wait(come)
        mail = mine[self.read]
        self.read += 1
        assert mail["Subject"] == "You have an update"
        text = mail.get_body(("plain",)).get_content()
        for name in ("Amara", "Ben", "Anya", "Finn", "library"):
            assert name not in text
        return text

    def signs_up(self, first_name: str, *, where: str = "/accounts/signup/") -> "Telling":
        if where:
            self.page.goto(where)
        self.passes()
        self.page.get_by_label("What should we call you?").fill(first_name)
        self.fill("Email address", self.address).fill("Password", PASSWORD).press("Make my account")
        found = re.search(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b", self.next_mail())
        self.page.get_by_label("Code").fill(found[1])
        return self.press("Carry on")

    def is_safe(self) -> "Telling":
        for _question in range(2):
            self.choose("No").press("Continue")
        return self


@pytest.fixture
def telling(site, smtp, worker, open_browser, axe, no_sideways_scroll, until, javascript):
    def begin(address: str) -> Telling:
        def look(page):
            axe(page)
            no_sideways_scroll(page)

        person = Telling(open_browser(javascript=javascript), smtp, address, look)
        person.wait = until
        return person

    return begin


@pytest.mark.timeout(420)
def test_two_parents_agree_and_a_solicitor_downloads_what_they_agreed(telling, tmp_path, settings, javascript):
    amara, ben, solicitor = telling("amara@example.com"), telling("ben@example.com"), telling("sol@example.com")

    # Amara signs up and starts a plan by herself.
    amara.signs_up("Amara").says("Hello, Amara").press("Start a plan").says("You can leave this site fast")
    amara.press("Go on").press("Start").is_safe()
    amara.choose("No").press("Continue")
    amara.fill("First name", "Anya").fill("Month", "5").fill("Year", "2016").press("Continue")
    amara.press("Make my plan").says("What do you both want")
    plan = Plan.objects.get()
    amara.page.locator("summary", has_text="Not sure how to begin").click()
    amara.press("Start from this wording")
    assert "Anya" in amara.page.get_by_label("Your words").input_value()
    amara.press("Continue").press("Put it in my plan").says("It is in your plan")

    # She asks Ben by email. He passes the safety questions, signs up and joins; before that he sees no child's name.
    amara.page.goto(f"/plan/{plan.reference}/invite/")
    amara.passes()
    if amara.page.get_by_role("button", name="Start", exact=True).count():
        amara.press("Start")
    if amara.page.get_by_role("radio", name="No", exact=True).count():
        amara.is_safe()
    amara.choose("We send an email").press("Continue")
    amara.fill("Their email address", "ben@example.com")
    amara.page.get_by_label("They are happy to get this email from the hub").check()
    amara.press("Continue").press("Send the email").says("Not joined yet")
    link = re.search(r"https?://\S+/invitation/\S+", ben.next_mail())[0]
    ben.page.goto(link)
    ben.passes()
    assert ben.page.url.endswith("/invitation/")
    ben.says("Amara")
    assert "Anya" not in ben.page.content()
    ben.press("Carry on").is_safe().choose("No").press("Continue")
    assert "Anya" not in ben.page.content()
    ben.press("Make an account").signs_up("Ben", where="").press("Join the plan").says("Our plan for Anya")
    amara.next_mail()

    # Amara suggests and sends; Ben hears, and answers with other words; Amara hears, and agrees.
    handovers = f"/plan/{plan.reference}/living-and-childcare/handovers/"
    amara.page.goto(handovers)
    amara.fill("Your words", "We hand over at the school gate on Fridays at 3:30 pm.").press("Continue")
    amara.fill("Add a short note (optional)", "The gate is easy for both of us.").press("Send to Ben").says(
        "Sent to Ben"
    )
    ben.next_mail()
    ben.page.goto("/home/")
    ben.passes().press("Open the plan")
    ben.page.goto(handovers)
    ben.says("The gate is easy for both of us.").choose("Suggest different words").press("Continue")
    ben.fill("Your words", "We hand over at the library on Fridays at 4 pm.").press("Continue")
    assert ben.page.locator("del").count() and ben.page.locator("ins").count()
    ben.press("Send to Amara").says("Sent to Amara")
    amara.next_mail()
    amara.page.goto(handovers)
    amara.says("removed: school gate").says("added: library").choose("Agree to these words").press("Continue")
    amara.says("We hand over at the library on Fridays at 4 pm.").press("Agree to these words")
    amara.says("You have both agreed").says("You can suggest a change from")
    ben.next_mail()

    # The part is settled: neither of them can write about it, by any address.
    for page in (amara.page, ben.page):
        page.goto(f"{handovers}write/")
        assert page.url.endswith("/handovers/")
        assert page.get_by_label("Your words").count() == 0

    # Amara lets her solicitor read it. He signs up with that address, reads, and downloads.
    amara.page.goto(f"/plan/{plan.reference}/professionals/")
    amara.fill("Their email address", "sol@example.com").press("Continue").press("Let them read it for 30 days")
    solicitor.next_mail()
    solicitor.signs_up("Sol", where="/accounts/signup/professional/").says("Anya")
    solicitor.page.goto(f"/professional/{plan.reference}/")
    solicitor.passes().says("We hand over at the library on Fridays at 4 pm.")
    assert "school gate" not in solicitor.page.content()
    assert "easy for both of us" not in solicitor.page.content()
    with solicitor.page.expect_download() as download:
        solicitor.page.get_by_role("button", name="Download the PDF").click()
    download.value.save_as(tmp_path / "plan.pdf")
    amara.page.goto(f"/plan/{plan.reference}/professionals/")
    amara.passes().says("Downloaded")
    ben.page.goto(f"/plan/{plan.reference}/professionals/")
    assert "sol@example.com" not in ben.page.content()

    # Anybody can check the code printed on it.
    with pymupdf.open(tmp_path / "plan.pdf") as pdf:
        pages = len(pdf)
        printed = re.search(r"\b([0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", pdf[0].get_text())[0]
        assert "library" in "".join(page.get_text() for page in pdf)
    anybody = telling("nobody@example.com")
    anybody.page.goto("/verify/")
    anybody.passes().fill("Check code", printed.lower().replace("-", " ")).press("Check this code")
    anybody.says("current").says(str(pages))
    for name in ("Amara", "Ben", "Anya"):
        assert name not in anybody.page.content()

    # The record holds every step, and Ben can leave at any time.
    kinds = list(plan.events.values_list("kind", flat=True))
    assert kinds == ["started", "suggestion", "invited", "joined", "suggestion", "counter", "agreed"]
    ben.page.goto(f"/plan/{plan.reference}/leave/")
    ben.passes().press("Stop sharing")
    amara.page.goto(f"/plan/{plan.reference}/")
    amara.passes().says("This plan is no longer shared")
    amara.next_mail()


@pytest.mark.timeout(240)
def test_after_the_rest_a_change_is_suggested_and_the_old_words_stay_until_it_is_agreed(
    site, settings, plan, amara, ben, open_browser, javascript, until
):
    from datetime import timedelta

    settings.PLAN_REST = timedelta(seconds=2)
    family.settle(plan, amara, ben, family.HANDOVERS, "We hand over at the school gate.")
    page = open_browser(ben, javascript=javascript)
    address = f"/plan/{plan.reference}/{family.HANDOVERS}/"

    def may_change():
        page.goto(address)
        return page.get_by_role("button", name="Suggest a change").count()

    until(may_change)
    page.get_by_role("button", name="Suggest a change").click()
    assert page.get_by_label("Your words").input_value() == "We hand over at the school gate."
    page.get_by_label("Your words").fill("We hand over at the library.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send to Amara").click()
    main = page.inner_text("main")
    assert "Agreed, and in force now" in main
    assert "We hand over at the school gate." in main
    assert User.objects.get(pk=amara.pk).notices.filter(kind="suggestion").exists()
