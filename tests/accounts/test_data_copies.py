"""A copy of everything the hub holds about somebody: whole, in a day gone, and never in anybody else's hands."""

import io
import json
import re
import zipfile
from datetime import timedelta
from html.parser import HTMLParser

import pymupdf
import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts import private
from accounts.models import DataCopy, User
from accounts.rights import closing, copying, packing
from goals import actions as goals
from hub import bell, clock, files, own_data
from hub.models import Notice, OutgoingMail
from hub.own_data import Entry, Section
from tests.accounts.conftest import PASSWORD
from tests.parenting_plan import family
from tests.pdf_rules import verapdf
from tests.racing import at_once

YOUR_DATA, ASK, SAVE = (reverse(f"accounts:{name}") for name in ("your_data", "ask_copy", "save_copy"))
QUESTION = "/accounts/reauthenticate/"
TASK = "accounts.tasks.make_copies"
WORDS = "Stay calm <script>alert(1)</script> & smile"
NOTE = "It rained. I said “hello” all the same."


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.HUB_FILES = tmp_path / "files"


@pytest.fixture
def amara(amara):
    """With a goal and a check-in of hers."""
    goal = goals.start(
        person=amara, kind="me", words=WORDS, why="For Anya\n\n<img src=https://elsewhere.example>", submit_key="a" * 8
    )
    goals.check_in(goal=goal, felt=4, note=NOTE, submit_key="b" * 8)
    return amara


@pytest.fixture
def sure():
    """sure(amara): signed in, and has just proved who they are."""

    def make(person) -> Client:
        client = Client()
        client.force_login(person)
        assert client.post(QUESTION, {"password": PASSWORD, "next": YOUR_DATA})["Location"] == YOUR_DATA
        return client

    return make


@pytest.fixture
def ready(amara) -> DataCopy:
    """Amara's copy, just made."""
    copying.ask(amara)
    assert copying.make_what_is_due() is False
    return DataCopy.objects.get(ready_at__isnull=False)


def shown(client, address: str = YOUR_DATA) -> str:
    return client.get(address, follow=True).content.decode()


def kept() -> list[str]:
    """The files of copies that lie on the disk."""
    from django.conf import settings

    return sorted(place.name for place in (settings.HUB_FILES / files.PASSING).glob("*/*"))


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name) for name in bundle.namelist()}


def leaves(value) -> list[str]:
    """Every text in what JSON holds."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in leaves(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in leaves(inner)]
    return [value] if isinstance(value, str) else []


class Page(HTMLParser):
    """The words, elements and addresses of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: set[str] = set()
        self.addresses: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action", "srcset", "data"}]

    def handle_data(self, text):
        self.words += f" {text}"


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# ---------------------------------------------------------------- from asking to saving
@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_it_though_the_first_is_killed_and_the_person_saves_it(amara, sure, smtp, worker, until):
    plan = family.start(amara)
    family.suggest(plan, amara, family.HANDOVERS, "We meet at the library.")
    client = sure(amara)
    assert client.post(ASK)["Location"] == YOUR_DATA
    until(lambda: DataCopy.objects.filter(leased_until__isnull=False).exists() or DataCopy.objects.get().ready_at)
    worker.kill()
    if DataCopy.objects.filter(ready_at=None).exists():  # it was in the middle of it
        assert "We are making your copy" in shown(client)
        DataCopy.objects.update(leased_until=clock.now())  # the lease is over
    worker.start()
    bell.ring(TASK)
    copy = until(lambda: DataCopy.objects.filter(ready_at__isnull=False).first())
    assert copy.expires_at - copy.ready_at == timedelta(hours=24)
    [letter] = smtp.wait_for(1)
    assert "Something you asked for is ready" in letter.as_string()

    page = shown(client)
    assert "Your copy is ready" in page and SAVE in page
    answer = client.get(SAVE)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    assert re.fullmatch(r'attachment; filename="your-data-\d{4}-\d\d-\d\d\.zip"', answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"] and len(answer.content) == copy.size
    found = opened(answer.content)
    assert set(found) == {"README.txt", "your-data.html", "your-data.json", "your-data.pdf"}
    for name in ("your-data.html", "your-data.json"):
        assert "We meet at the library." in found[name].decode(), name


@pytest.mark.django_db(transaction=True)
def test_two_at_once_ask_for_one_copy(amara):
    both = [User.objects.get(pk=amara.pk) for _ in range(2)]
    came = at_once(*[lambda person=person: copying.ask(person).pk for person in both])
    assert len(set(came)) == 1 and DataCopy.objects.count() == 1


def test_asking_making_and_saving_are_on_record(amara, ready, sure, on_record):
    about = f"user:{amara.pk} copy:{ready.pk}"
    client = sure(amara)
    client.get(SAVE)
    first = DataCopy.objects.get().saved_at
    client.get(SAVE)
    assert first and DataCopy.objects.get().saved_at == first
    lines = [line for line in on_record() if "copy of data" in line[1]]
    assert lines == [("Amara", f"{what} copy of data", about, "") for what in ("ask for", "make", "save", "save")]


def test_a_copy_that_staff_start_is_theirs_all_the_same(amara, staff, sure, on_record):
    made = copying.ask(amara, by=staff)
    copying.make_what_is_due()
    assert on_record()[0] == ("Stella", "ask for copy of data", f"user:{amara.pk} copy:{made.pk}", "")
    assert sure(amara).get(SAVE).status_code == 200


# ---------------------------------------------------------------- what is in it
def test_people_and_programs_are_told_the_same(amara, ready):
    found = opened(copying.content_of(ready))
    told = json.loads(found["your-data.json"])
    assert (told["format"], told["version"]) == ("hub own data", 1)
    assert list(told["sections"]) == sorted(told["sections"]) and {"account", "goals"} <= set(told["sections"])
    page = Page(found["your-data.html"].decode())
    with pymupdf.open(stream=found["your-data.pdf"]) as document:
        paper = "".join(sheet.get_text() for sheet in document)
    for where in (leaves(told), page.words, paper):
        said = squeezed("".join(where))
        assert squeezed(WORDS) in said and squeezed(NOTE) in said and amara.email in said
    words = {text for section in told["sections"].values() for text in leaves(section) if " " in text}
    assert len(words) > 5
    for text in words:
        assert squeezed(text) in squeezed(page.words), text


def test_the_page_needs_nothing_from_anywhere_and_runs_nothing(ready):
    page = Page(opened(copying.content_of(ready))["your-data.html"].decode())
    assert not page.elements & {"script", "link", "img", "iframe", "object", "form", "svg"}
    assert page.addresses and all(address.startswith("#part-") for address in page.addresses)


def test_nothing_of_a_machine_or_a_device_is_in_it(settings, amara, sure):
    client = Client(headers={"User-Agent": "Mozilla/5.0 Tellingname Firefox/140"}, REMOTE_ADDR="203.0.113.77")
    client.post("/accounts/login/", {"login": amara.email, "password": PASSWORD})
    client.get("/account/")
    copying.ask(amara)
    copying.make_what_is_due()
    content = opened(copying.content_of(DataCopy.objects.get()))
    with pymupdf.open(stream=content["your-data.pdf"]) as document:
        content["words of the pdf"] = "".join(sheet.get_text() for sheet in document).encode()
        content["facts of the pdf"] = json.dumps(document.metadata).encode()
    for name, told in content.items():
        for secret in ("203.0.113.77", "Tellingname", str(settings.HOUSE), str(settings.HUB_FILES), amara.password):
            assert secret.encode() not in told, (name, secret)


def test_the_paper_keeps_the_rules_of_pdf(ready, tmp_path):
    paper = tmp_path / "copy.pdf"
    paper.write_bytes(opened(copying.content_of(ready))["your-data.pdf"])
    assert [verdict.faults for verdict in verapdf((paper, "ua1"), (paper, "3a"))] == [(), ()]


def much(goals_kept: int, check_ins: int, parts: int) -> list[Section]:
    """A person who wrote a lot: every goal with its check-ins, and parts of a plan at their longest."""
    kept = [
        Entry(f"Goal {goal}", [(f"Check-in {goal}-{each}", f"{NOTE} {goal}-{each}\n" * 4) for each in range(check_ins)])
        for goal in range(goals_kept)
    ]
    agreed = [Entry(f"Part {part}", [("What you both agreed", f"\n{part}" * 80 + '"' * 1900)]) for part in range(parts)]
    return [Section("goals", "Goals", "Yours.", [], kept), Section("plan", "Plan", "Shared.", [], agreed)]


def test_a_very_long_copy_is_drawn_in_lots_and_nothing_falls_out():
    from django.template.loader import render_to_string

    from hub import pdf

    sections = much(200, 20, 60)
    lots = list(packing._volumes(sections))
    assert 3 < len(lots) < 30
    facts = [fact for lot in lots for section in lot for entry in section.entries for fact in entry.facts]
    assert facts == [fact for section in sections for entry in section.entries for fact in entry.facts]
    for number, lot in enumerate(lots, start=1):
        told = {"sections": lot, "volume": packing.Volume(number, len(lots), lot), "at": clock.now()}
        page = render_to_string("accounts/copy/paper.html", told | {"hub_name": "", "support_email": ""})
        assert len(page) < pdf.MOST_LETTERS / 2 and page.count("<br") + page.count("<p") < pdf.MOST_LINES
    one = Entry("A goal of years", [("Check-in", NOTE * 50)] * 1000)
    assert len(list(packing._volumes([Section("goals", "Goals", "", [], [one])]))) > 5


def test_several_papers_say_which_they_are(monkeypatch):
    monkeypatch.setattr(packing, "LETTERS_OF_A_PDF", 3_000)
    found = opened(packing.pack(much(2, 10, 0), clock.now()))
    papers = sorted(name for name in found if name.endswith(".pdf"))
    assert papers[:2] == ["your-data-1.pdf", "your-data-2.pdf"]
    with pymupdf.open(stream=found[papers[0]]) as document:
        assert f"Part 1 of {len(papers)}" in document[0].get_text()
    assert f"your-data-1.pdf to your-data-{len(papers)}.pdf" in found["README.txt"].decode()


# ---------------------------------------------------------------- who gets it
def test_nobody_else_gets_it(amara, ben, staff, sure, ready, open_door):
    """There is no number in the address: everybody else finds that they have none."""
    for person in (ben, staff):
        client = sure(person)
        assert client.get(SAVE)["Location"] == YOUR_DATA
        assert "Your copy is ready" not in shown(client)
    assert Client().get(SAVE)["Location"].startswith("/accounts/login/")
    assert Client().get(YOUR_DATA)["Location"].startswith("/accounts/login/")
    assert DataCopy.objects.get().saved_at is None


def test_a_session_that_has_not_proved_it_is_asked_and_comes_back_to_the_page(amara, ready, sure, signed_in):
    sure(amara)  # a proof is good for its own session alone
    other = signed_in(amara)
    for address, back in ((SAVE, YOUR_DATA), (ASK, ASK)):
        asked = other.get(address)
        assert asked["Location"] == f"{QUESTION}?next={back.replace('/', '%2F')}"
    assert other.post(ASK)["Location"].startswith(QUESTION)
    page = shown(other, asked["Location"])
    assert "This part is only for you" in page and "change something important" not in page
    assert DataCopy.objects.get().saved_at is None


def test_reading_private_pages_is_no_proof(amara, ready, signed_in):
    client = signed_in(amara)
    assert client.get(reverse("goals:list")).status_code == 200 and private.FRESH in client.session
    assert client.get(SAVE)["Location"].startswith(QUESTION)


def test_whoever_has_no_password_must_just_have_signed_in(amara, ready, signed_in):
    amara.set_unusable_password()
    amara.save()
    client = signed_in(amara)
    assert client.get(SAVE)["Location"] == f"/accounts/login/?next={YOUR_DATA.replace('/', '%2F')}"
    assert client.get(YOUR_DATA).status_code == 302, "and is signed out"


def test_staff_are_told_of_another_way_and_get_none(staff, sure):
    client = sure(staff)
    assert "You work here" in shown(client) and ASK not in shown(client)
    assert client.get(ASK)["Location"] == YOUR_DATA == client.post(ASK)["Location"]
    with pytest.raises(copying.NotThisWay):
        copying.ask(staff)
    assert not DataCopy.objects.exists()


def test_a_stolen_disk_shows_nothing(ready):
    [name] = kept()
    lying = files.place_of(name, passing=True).read_bytes()
    assert name == ready.sha256
    assert lying[:2] != b"PK" and b"your-data" not in lying and WORDS.encode() not in lying


# ---------------------------------------------------------------- how long
def test_after_a_day_it_is_gone_from_the_page_and_from_the_disk(amara, ready, sure, django_capture_on_commit_callbacks):
    client = sure(amara)
    assert Notice.objects.filter(person=amara, kind="data_copy_ready").exists()
    DataCopy.objects.update(expires_at=clock.now())
    answer = client.get(SAVE)
    assert answer["Location"] == YOUR_DATA, "at once, though nobody has swept yet"
    assert "That copy is not here any more" in shown(client)
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            copying.forget_what_is_old()
        assert kept() == [] and DataCopy.objects.get().gone_at
    assert not Notice.objects.filter(person=amara).exists()
    assert client.get(SAVE)["Location"] == YOUR_DATA
    assert "Get a copy of your data" in shown(client)


def test_a_living_copy_and_its_file_stay(ready):
    copying.forget_what_is_old()
    assert kept() == [ready.sha256] and copying.content_of(ready)


def test_what_a_power_cut_left_behind_is_swept(ready):
    import os
    import time

    lost = files.keep(b"a copy of which no row knows", passing=True)
    old = time.time() - timedelta(hours=26).total_seconds()
    os.utime(files.place_of(lost, passing=True), (old, old))
    copying.forget_what_is_old()
    assert kept() == [ready.sha256]


def test_closing_the_account_takes_it_along(amara, ready, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        closing.close(amara)
    assert kept() == [] and not DataCopy.objects.exists()


def test_an_account_closed_while_its_copy_is_made_leaves_none(amara, monkeypatch, django_capture_on_commit_callbacks):
    usual = packing.pack

    def meanwhile(*words):
        closing.close(amara)
        return usual(*words)

    monkeypatch.setattr(packing, "pack", meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        copying.ask(amara)
        copying.make_what_is_due()
    assert kept() == [] and not DataCopy.objects.exists()
    assert not OutgoingMail.objects.filter(kind=copying.MAIL).exists()


def test_a_file_that_is_lost_is_said_and_another_can_be_asked_for(amara, ready, sure):
    files.place_of(ready.sha256, passing=True).write_bytes(b"damaged")
    client = sure(amara)
    assert client.get(SAVE)["Location"] == YOUR_DATA
    assert "You can ask for a new one" in shown(client)
    client.post(ASK)
    assert "We are making your copy" in shown(client)


# ---------------------------------------------------------------- one at a time, three a day, three tries
def test_one_at_a_time_and_three_a_day(amara, sure):
    client = sure(amara)
    for number in range(1, 4):
        for _twice in range(2):
            client.post(ASK)
        assert DataCopy.objects.count() == number
        assert client.get(ASK)["Location"] == YOUR_DATA, "nothing to ask for while one is made"
        DataCopy.objects.update(gone_at=clock.now())
    client.post(ASK)
    assert DataCopy.objects.count() == 3
    assert "You can ask for another one tomorrow" in shown(client)
    DataCopy.objects.filter(pk=DataCopy.objects.first().pk).update(asked_at=clock.now() - timedelta(days=1))
    client.post(ASK)
    assert DataCopy.objects.count() == 4


def test_what_fails_three_times_is_told_and_can_be_asked_for_again(amara, sure, monkeypatch, caplog):
    def broken(_person, _at):
        raise RuntimeError("a fault of ours")

    copying.ask(amara)
    with monkeypatch.context() as fault:
        fault.setattr(own_data, "copy_of", broken)
        for tries in range(1, 4):
            copying.make_what_is_due()
            copying.make_what_is_due()  # it waits a little first
            assert DataCopy.objects.get().tries == tries
            DataCopy.objects.update(leased_until=clock.now())
        copying.make_what_is_due()
    assert caplog.text.count("could not be made") == 3
    assert DataCopy.objects.get().gone_at and kept() == []
    client = sure(amara)
    assert "Your last copy could not be made" in shown(client)
    assert Notice.objects.get(person=amara).kind == "data_copy_failed"
    client.post(ASK)
    copying.make_what_is_due()
    assert client.get(SAVE).status_code == 200


def test_two_workers_do_not_make_the_same_copy(amara):
    copying.ask(amara)
    assert copying._take() is not None
    assert copying._take() is None and copying.make_what_is_due() is False
    DataCopy.objects.update(leased_until=clock.now())
    assert copying._take().tries == 2


# ---------------------------------------------------------------- the mail
def test_the_mail_names_nothing_and_is_sent_though_alerts_are_off(amara, letters):
    User.objects.update(wants_alerts=False)
    copying.ask(amara)
    copying.make_what_is_due()
    [letter] = letters()
    assert letter.to == [amara.email] and letter.subject == "You have an update"
    for half in (letter.body, letter.alternatives[0][0]):
        assert "Something you asked for is ready" in half
        assert not re.search(r"\bdata\b(?!:)|copy|Amara|your-data|/account", half), half


def test_a_mail_that_comes_too_late_is_not_sent(amara, ready, letters):
    DataCopy.objects.update(expires_at=clock.now())
    assert letters() == []


# ---------------------------------------------------------------- in a browser
def test_a_copy_in_a_browser(amara, open_browser, axe, no_sideways_scroll, javascript):
    page = open_browser(amara, javascript=javascript, width=390)
    page.goto("/account/")
    page.get_by_role("link", name="See it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your data")
    axe(page)
    no_sideways_scroll(page, width=320)
    page.get_by_role("button", name="Get a copy of your data").click()
    page.get_by_role("button", name="Make my copy").click()
    expect(page.get_by_role("heading", name="We are making your copy")).to_be_visible()
    axe(page)
    copying.make_what_is_due()
    page.get_by_role("button", name="See if it is ready").click()
    expect(page.get_by_role("heading", name="Your copy is ready")).to_be_visible()
    axe(page)
    no_sideways_scroll(page, width=320)
    with page.expect_download() as saving:
        page.get_by_role("button", name=re.compile("Save your copy")).click()
    assert re.fullmatch(r"your-data-\d{4}-\d\d-\d\d\.zip", saving.value.suggested_filename)
    assert "your-data.html" in opened(saving.value.path().read_bytes())
