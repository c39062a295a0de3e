"""A day at work, for each role that has no such journey elsewhere: on the real staff pages, from the first of them.

Every page they come to is looked at: no fault that axe finds, and nothing to the side on a phone.
"""

import csv
import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from hub import audit, clock, words
from hub.models import AccessRecord
from parenting_plan import actions
from parenting_plan.actions import opening
from parenting_plan.models import SafetyReport, StaffOpening
from programmes.actions import booking, importing
from programmes.models import Booking, Import, Referral, Workshop
from tests.parenting_plan import family
from tests.programmes import cases
from tests.programmes.test_admin_cases import began

PASSWORD = "a long walk by the canal"


@pytest.fixture
def crew(person, settings):
    """crew("Lena", "Safeguarding lead"): somebody who works here, in this one role."""
    settings.HUB_STAFF_SECOND_STEP = False

    def make(first_name: str, role: str):
        made = person(first_name, kind="staff", is_staff=True, password=PASSWORD)
        made.groups.set([Group.objects.get(name=role)])
        return made

    return make


@pytest.fixture
def fine(axe, no_sideways_scroll):
    """fine(page, "Today"): this page is there, everybody can use it, and it fits a phone."""

    def look(page, heading: str | re.Pattern):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        axe(page)
        no_sideways_scroll(page, width=390)

    return look


def acts_of(person) -> list[str]:
    return list(AccessRecord.objects.filter(person=person).order_by("pk").values_list("what", flat=True))


def test_a_safeguarding_lead_works_through_a_report(lively, amara, ben, crew, open_browser, signed_in, fine):
    about = family.part(lively, family.OVERNIGHTS).open
    actions.report(kind="words", words="It frightens me.", party=family.party(lively, amara), about=about)
    lena = crew("Lena", "Safeguarding lead")
    desk = open_browser(lena, width=390)

    def does(link: str, button: str, heading: str = "", **told: str):
        desk.get_by_role("link", name=link, exact=True).click()
        fine(desk, heading or link)
        for label, said in told.items():
            field = desk.get_by_label(label.replace("_", " "))
            (field.select_option if field.evaluate("each => each.tagName") == "SELECT" else field.fill)(said)
        desk.get_by_role("button", name=button).click()
        expect(desk.get_by_text(f"Done: {heading or link}.")).to_be_visible()

    desk.goto("/staff/")
    fine(desk, "Today")
    desk.get_by_role("link", name="1 safety report that is not closed").click()
    fine(desk, re.compile("safety report", re.IGNORECASE))
    desk.locator("#result_list tbody a").first.click()
    fine(desk, re.compile(r"^Report \d+: Words in the plan$"))
    expect(desk.get_by_text("It frightens me.")).to_be_visible()
    does("I will look after it", "I will look after it", "Look after this report")
    does("Say how urgent it is", "Save", How_soon="high", Why="The words could be read as a threat.")
    does("Add a note", "Add the note", Your_note="I rang the court office, and they ring back.")
    expect(desk.get_by_text("they ring back")).to_be_visible()
    does("Put the words away", "Put them away", Why="Spare them a second reading.")
    page = f"/plan/{lively.reference}/{family.OVERNIGHTS}/"
    assert about.value["text"] not in signed_in(amara).get(page).content.decode()
    assert about.value["text"] in signed_in(ben).get(page).content.decode()

    desk.get_by_role("link", name="Open the words of the plan").click()
    fine(desk, f"Open the words of plan {lively.reference}")
    desk.get_by_label("Case reference").fill("ZW26P00123")
    desk.get_by_label("Why you must read this plan").fill("Threats")
    desk.get_by_role("button", name="Open the words").click()
    expect(desk.get_by_role("alert")).to_contain_text("Write at least a sentence")
    desk.get_by_label("Why you must read this plan").fill("A parent told us that these words hold a threat.")
    desk.get_by_role("button", name="Open the words").click()
    fine(desk, f"Words of plan {lively.reference}")
    banner = desk.get_by_role("region", name="Words that are open")
    expect(banner).to_contain_text(f"The words of plan {lively.reference} are open to you until")
    desk.get_by_role("link", name=about.clause.asked.title).click()
    expect(desk.get_by_text(about.value["text"])).to_be_visible()
    fine(desk, f"Words of plan {lively.reference}")
    desk.goto("/staff/")
    expect(banner).to_be_visible()
    banner.get_by_role("button", name="Close now").click()
    expect(desk.get_by_text("The words are closed again.")).to_be_visible()
    fine(desk, lively.reference)
    expect(banner).to_be_hidden()

    desk.get_by_role("link", name="See them").click()
    desk.locator("#result_list tbody a").first.click()
    does("Close this report", "Close it", What_came_of_it="put_away", Why="Both were told where to get help.")
    fine(desk, re.compile(r"^Report \d+: Words in the plan$"))
    report = SafetyReport.objects.get()
    assert (report.state, report.outcome, report.owner, report.severity) == ("done", "put_away", lena, "high")
    desk.goto("/staff/")
    expect(desk.get_by_text("Nothing waits for you.")).to_be_visible()
    assert StaffOpening.objects.get().closed_at
    read = acts_of(lena)
    assert [each for each in read if each.endswith("safety report") and not each.startswith("read")] == [
        f"{verb} safety report" for verb in ("take", "triage", "note on", "hide words of", "close")
    ]
    assert [each for each in read if "words of plan" in each] == [
        f"{verb} words of plan" for verb in ("open", "read", "read", "close")
    ]


HEADINGS = "Case reference,Court,Name,Email address,Programme,Sent by,Date of the order,Suitability looked at on"
ROWS = [
    "ZW26P00001,Leeds,Nadia Rahman,nadia@example.com,Planning Together for Children,court,02/11/2026,10/11/2026",
    "ZW26P00002,Leeds,Owen Price,owen@example.com,Planning Together for Children,court,31/02/2026,10/11/2026",
    "ZW26P00003,Leeds,Zofia Nowak,zofia at example.com,Planning Together for Children,a friend,02/11/2026,",
]
MENDED = [
    ROWS[0],
    ROWS[1].replace("31/02", "03/11"),
    ROWS[2].replace(" at ", "@").replace("a friend", "adviser"),
]


def sheet(name: str, rows: list[str]) -> dict:
    return {"name": name, "mimeType": "text/csv", "buffer": "\r\n".join([HEADINGS, *rows]).encode()}


def test_a_coordinator_brings_referrals_in_from_a_file(crew, open_browser, fine):
    cora = crew("Cora", "Programme coordinator")
    desk = open_browser(cora)
    desk.goto("/staff/")
    fine(desk, "Today")
    desk.get_by_role("link", name="Referrals", exact=True).click()
    desk.get_by_role("link", name="Import from a file").click()
    fine(desk, "Import referrals")
    desk.get_by_role("button", name="Look at the rows").click()
    expect(desk.get_by_role("alert")).to_contain_text("Choose a file, or paste rows.")
    desk.get_by_label("File", exact=True).set_input_files(sheet("november.csv", ROWS))
    desk.get_by_role("button", name="Look at the rows").click()
    fine(desk, "Import of referrals")
    rows = desk.get_by_role("region", name="Rows").get_by_role("row")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("New referral")
    expect(rows.nth(2)).to_contain_text("The date of the order is not a day such as 22/11/2026.")
    for fault in ("This is not an email address.", "“Sent by” is court or adviser."):
        expect(rows.nth(3)).to_contain_text(fault)
    assert not Referral.objects.exists()
    desk.get_by_role("link", name="Send a mended file in").click()
    desk.get_by_label("File", exact=True).set_input_files(sheet("november.csv", MENDED))
    desk.get_by_role("button", name="Look at the rows").click()
    expect(rows.nth(3)).to_contain_text("No link can be sent before suitability has been looked at.")
    desk.get_by_role("link", name="Import 3 rows").click()
    fine(desk, "Bring these referrals in?")
    expect(desk.get_by_text("3 referrals are made.")).to_be_visible()
    desk.get_by_role("button", name="Import 3 rows").click()
    fine(desk, "Import of referrals")
    expect(desk.get_by_text("3 referrals are being made.")).to_be_visible()
    importing.bring_in_what_is_due()
    expect(desk.get_by_text("All of them are in")).to_be_visible()  # the page looks again by itself
    fine(desk, "Import of referrals")
    assert Referral.objects.count() == 3 and set(Import.objects.values_list("state", flat=True)) == {"checked", "done"}
    desk.get_by_role("link", name="Referrals that wait for their link").click()
    expect(desk.locator("#result_list tbody tr")).to_have_count(3)
    fine(desk, re.compile("referral", re.IGNORECASE))
    assert acts_of(cora).count("make referral") == 3


def test_a_facilitator_sees_who_comes_and_records_who_came(amara, ben, stranger, crew, open_browser, fine):
    finn, now = crew("Finn", "Facilitator"), clock.now()
    first = cases.joined(amara, "ZW26P00001", at=now)
    second = cases.joined(ben, "ZW26P00002", at=now)
    session = cases.workshop_for(first, second, starts_at=now + timedelta(days=9))
    for each in (first, second):
        booking.book(each, session, at=now)
    mine = began(session)
    another = cases.joined(stranger, "ZW26P00003", at=now)
    theirs = cases.workshop_for(another, starts_at=now + timedelta(days=3))
    booking.book(another, theirs, at=now)
    Workshop.objects.filter(pk=mine.pk).update(facilitator=finn)

    when = words.when(mine.starts_at)
    desk = open_browser(finn, javascript=False, width=390)
    desk.goto("/staff/")
    fine(desk, "Today")
    desk.get_by_role("link", name="1 workshop for which it is not recorded who came").click()
    fine(desk, re.compile("workshop", re.IGNORECASE))
    expect(desk.locator("#result_list tbody tr")).to_have_count(1)
    desk.locator("#result_list tbody a").first.click()
    expect(desk.get_by_role("listitem").filter(has=desk.get_by_text("Amara"))).to_be_visible()
    fine(desk, when)
    desk.get_by_role("link", name="Register to print").click()
    fine(desk, "Register")
    desk.go_back()
    desk.get_by_label("Who came Amara").select_option("whole")
    desk.get_by_label("Who came Ben").select_option("absent")
    desk.get_by_role("button", name="Save who came").click()
    expect(desk.get_by_text("Recorded for 2 people.")).to_be_visible()
    fine(desk, when)
    came = Booking.objects.filter(workshop=mine).order_by("referral__party__name")
    assert list(came.values_list("attendance__came", flat=True)) == ["whole", "absent"]
    desk.goto("/staff/")
    expect(desk.get_by_text("Nothing waits for you.")).to_be_visible()
    assert desk.goto(f"/staff/programmes/workshop/{theirs.pk}/change/").status == 403


def long_since_they_typed_it(page) -> None:
    """Their password was asked for at the beginning of the day."""
    (cookie,) = [each for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME]
    session = import_module(settings.SESSION_ENGINE).SessionStore(cookie["value"])
    for method in session["account_authentication_methods"]:
        method["at"] -= 6 * 3600
    session.save()


def test_an_auditor_finds_out_who_read_what(lively, crew, person, open_browser, fine):
    lena, ada = crew("Lena", "Safeguarding lead"), crew("Ada", "Auditor")
    facts = {"case_reference": "ZW26P00123", "reason": "A parent told us that these words hold a threat."}
    opened = opening.open_words(plan=lively, by=lena, **facts)
    opening.note_reading(opened)
    opening.close(opening=opened)
    audit.record(person=crew("Cora", "Programme coordinator"), what="read referral", about="referral:7")
    desk = open_browser(ada)
    long_since_they_typed_it(desk)
    desk.goto("/staff/")
    fine(desk, "Today")
    desk.get_by_role("link", name="Access records").click()
    fine(desk, "Who opened or did what")
    desk.get_by_label("Whose acts").fill("lena")
    desk.get_by_role("button", name="Find").click()
    expect(desk.get_by_role("alert")).to_contain_text("Enter a whole email address")
    desk.get_by_label("Whose acts").fill("lena@example.com")
    desk.get_by_role("button", name="Find").click()
    rows = desk.get_by_role("region", name="What is on record").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("read words of plan")
    expect(rows.nth(1)).to_contain_text(f"ZW26P00123: {facts['reason']}")
    today = timezone.localdate()
    for label, day, found in (("From", today + timedelta(days=1), 0), ("From", today, 3), ("To", today, 3)):
        desk.get_by_label(f"{label} this day").fill(str(day))
        desk.get_by_role("button", name="Find").click()
        expect(rows).to_have_count(found)
    fine(desk, "Who opened or did what")

    desk.get_by_role("link", name="Save these as a file").click()
    desk.get_by_label("Password", exact=True).fill(PASSWORD)
    with desk.expect_download() as got:
        desk.get_by_role("button", name="Carry on").click()
    lines = list(csv.reader(got.value.path().read_text("utf-8-sig").splitlines()))
    assert [line[3] for line in lines] == ["what", *(f"{verb} words of plan" for verb in ("close", "read", "open"))]
    desk.goto("/staff/")
    desk.get_by_role("link", name="Openings of plans by staff").click()
    fine(desk, re.compile("opening", re.IGNORECASE))
    desk.locator("#result_list tbody a").first.click()
    fine(desk, lively.reference)
    expect(desk.get_by_text(facts["reason"])).to_be_visible()
    assert acts_of(ada)[-3:] == ["export access records", "list openings", "read opening"]
