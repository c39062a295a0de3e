"""Two people of one case: nothing that Amara does is visible to Ben, or could be inferred by him.

He looks at every page of the programmes, at what he can download, and at what comes back when he presses buttons. Then
she joins, learns, writes, waits, books, moves, gives up, is called off, attends, is certified and answers for the
other programme. Every byte he gets is the same after each of it, and no canary of hers is anywhere in it.
"""

import re
import statistics
import time
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hub import clock, mail
from hub.models import Notice, OutgoingMail
from programmes import library, places
from programmes.actions import booking, certifying, consenting, learning, referring
from programmes.models import Answer, Attendance, Booking, Certificate, Consent, Needs, Referral, Taking, Workshop
from tests.programmes import cases
from tests.programmes.pages import form_of, masked, press, signed, url
from tests.test_strangers import addresses

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CASE = "ZW26P00007"
PLANNING, POSITIVE = "planning-together", consenting.PROGRAMME

CANARIES = {
    "her name on the court papers": "CanaryOnPapers",
    "her first name": "CanaryFirstName",
    "her address": "canary.address@example.com",
    "an answer of hers": "CANARY what I wrote for myself",
    "what she needs": "CANARY a quiet room",
    "the language she needs": "CANARYish",
    "the town of her session": "Canaryborough",
    "how to get to her session": "CANARY the green door",
}


class Family:
    """Two parties of one case, sessions in the lanes of each, and people of other cases in some of them."""

    def __init__(self, person, staff):
        self.now = clock.now()
        self.staff = staff
        self.ben = person("Ben")
        self.his = cases.joined(self.ben, CASE, at=self.now)
        cases.joined(self.ben, CASE, at=self.now, programme=POSITIVE)
        self.amara = person(CANARIES["her first name"], email=CANARIES["her address"])
        self.hers = cases.refer(self.amara.email, CASE, at=self.now, name=CANARIES["her name on the court papers"])
        referring.send_link(self.hers)
        in_positive = cases.joined(
            self.amara, CASE, at=self.now, name=CANARIES["her name on the court papers"], programme=POSITIVE
        )
        self.enrolment = consenting.enrol(in_positive.party.case, "rule_16_4", staff, self.now)
        self.hers.refresh_from_db()
        soon = self.now + 20 * DAY
        secret = {"way": "in_person", "town": CANARIES["the town of her session"]}
        secret["joining"] = CANARIES["how to get to her session"]
        self.her_sessions = [
            cases.workshop_for(self.hers, not_for=(self.his,), starts_at=soon + number * DAY, **secret)
            for number in range(3)
        ]
        self.her_full_one = cases.workshop_for(
            self.hers, not_for=(self.his,), starts_at=soon + 4 * DAY, capacity=1, **secret
        )
        self.his_sessions = [
            cases.workshop_for(self.his, not_for=(self.hers,), starts_at=soon + number * DAY, halves=bool(number))
            for number in range(2)
        ]
        self.his_full_one = cases.workshop_for(self.his, not_for=(self.hers,), starts_at=soon + 5 * DAY, capacity=1)
        for full in (self.her_full_one, self.his_full_one):
            self.take_the_place_in(full)
        self.client, self.her_client = signed(self.ben), signed(self.amara)
        self.looks_at = clock.now() + HOUR / 2

    @staticmethod
    def take_the_place_in(session: Workshop) -> Referral:
        while True:
            (other,) = cases.strangers(1)
            try:
                booking.book(other, session)
            except booking.NotOffered:
                continue
            return other

    # ------------------------------------------------------------ what Amara does

    def join(self):
        token = Referral.objects.get(pk=self.hers.pk).token()
        self.her_client.get(url("open_referral", token))
        assert press(self.her_client, url("referral")).status_code == 302
        self.hers.refresh_from_db()

    def learn_half(self):
        self._learn(lambda number, of: number < of // 2)

    def learn_the_rest(self):
        self._learn(lambda number, of: number >= of // 2)
        assert Taking.objects.get(person=self.amara, programme=PLANNING).finished_at

    def _learn(self, which):
        programme, at = library.programme(PLANNING), clock.now()
        taking = learning.begin(self.amara, programme, at)
        for number, part in enumerate(programme.parts):
            if not which(number, len(programme.parts)):
                continue
            for step, screen in part.places:
                told = (taking, part.slug, step.slug, screen.slug)
                edition = programme.editions[part.slug]
                if screen.kind == "reflection":
                    learning.answer(*told, screen.kind, {"text": CANARIES["an answer of hers"]}, edition, at)
                else:
                    learning.see(*told, edition, at)

    def say_what_she_needs(self):
        words = {"words": CANARIES["what she needs"], "interpreter": CANARIES["the language she needs"]}
        press(self.her_client, url("needs"), ticked=["bsl", "one_to_one"], **words)
        assert Needs.objects.filter(referral=self.hers).exists()

    def wait(self):
        press(self.her_client, url("workshop_session", self.her_full_one.reference))
        assert self.held() == (self.her_full_one, "waiting")

    def book(self):
        press(self.her_client, url("workshop_session", self.her_sessions[0].reference))
        assert self.held() == (self.her_sessions[0], "booked")

    def move(self):
        press(self.her_client, url("workshop_session", self.her_sessions[1].reference))
        assert self.held() == (self.her_sessions[1], "booked")

    def give_up(self):
        press(self.her_client, url("workshop_give_up"))
        assert self.held() is None

    def be_called_off(self):
        press(self.her_client, url("workshop_session", self.her_sessions[2].reference))
        booking.call_off(self.her_sessions[2], self.staff)
        assert self.held() is None

    def be_moved_up_the_line(self):
        booking.wait(self.hers, self.her_full_one)
        first = Booking.objects.get(workshop=self.her_full_one, state="booked")
        booking.give_up(first.referral)
        assert self.held() == (self.her_full_one, "booked")

    def attend(self):
        Workshop.objects.filter(pk=self.her_full_one.pk).update(starts_at=clock.now() - HOUR)
        booking.record_attendance(Booking.objects.get(referral=self.hers, state="booked"), "whole", self.staff)
        assert Attendance.objects.exists() and Certificate.objects.filter(person=self.amara).exists()

    def get_the_certificate(self):
        certificate = Certificate.objects.get(person=self.amara)
        assert certifying.file_of(certificate).startswith(b"%PDF")
        assert self.her_client.get(url("certificate", PLANNING)).status_code == 200

    def say_yes(self):
        self._say("yes")

    def say_no_after_all(self):
        self._say("withdrawn")

    def _say(self, said: str):
        address = url("positive_answer")
        told = {"said": said, "to": Referral.objects.get(party__person=self.amara, programme=POSITIVE).pk}
        shown = self.her_client.get(address, told)
        self.her_client.post(address, form_of(shown))
        assert Consent.objects.filter(referral__party__person=self.amara, said=said).exists()

    def be_withdrawn(self):
        referring.withdraw(Referral.objects.get(party__person=self.amara, programme=PLANNING), self.staff)

    def held(self):
        found = Booking.objects.filter(referral=self.hers, state__in=["booked", "waiting"]).first()
        return (found.workshop, found.state) if found else None

    def everything(self):
        return [
            self.join, self.learn_half, self.say_what_she_needs, self.wait, self.book, self.move, self.give_up,
            self.be_called_off, self.say_yes, self.be_moved_up_the_line, self.learn_the_rest, self.attend,
            self.get_the_certificate, self.say_no_after_all, self.be_withdrawn,
        ]  # fmt: skip


@pytest.fixture
def family(person, staff, settings, tmp_path) -> Family:
    settings.HUB_FILES = tmp_path
    return Family(person, staff)


# ---------------------------------------------------------------- what Ben gets
class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in {"href", "action", "src"} and value]


def doors(family: Family) -> list[str]:
    """Every address of the programmes, with each session of either of them, and what is Amara's own in its gaps."""
    mine = [each.reference for each in Workshop.objects.all()]
    found = ["/home/", "/account/", "/certificate/"]
    for name, route in addresses().items():
        if not name.startswith("programmes:"):
            continue
        for programme in (PLANNING, POSITIVE):
            for reference in mine if "reference" in route else [""]:
                filled = route.replace("<slug:programme>", programme).replace("<slug:reference>", reference)
                filled = filled.replace("<str:token>", "x" * 43).replace("<int:pk>", "999999")
                found.append("/" + re.sub(r"<\w+:\w+>", "nowhere", filled))
    return list(dict.fromkeys(found))


def near(family: Family) -> list[str]:
    """The pages on which anything of a referral could show: for a look after each thing she does."""
    names = ["workshop", "workshop_move", "workshop_give_up", "needs", "calendar", "referral", "positive", "my_words"]
    sessions = [url("workshop_session", each.reference) for each in Workshop.objects.order_by("pk")]
    return ["/home/", *(url("cover", each) for each in (PLANNING, POSITIVE)), *map(url, names), *sessions]


def his(answer) -> str:
    """What came, but for one-time keys. A file is compared byte for byte."""
    if answer.headers.get("Content-Type", "").startswith("text"):
        return masked(answer)
    headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} {sorted(headers.items())} {body!r}"


def pressed(family: Family) -> dict[str, str]:
    """What comes back when he presses: his own sessions, hers, giving up. All of it is undone again."""
    got = {}
    for session in (family.her_sessions[0], family.her_full_one, family.his_sessions[1], family.his_full_one):
        for do in ("book", "wait", "move"):
            with transaction.atomic():
                address = url("workshop_session", session.reference)
                answer = family.client.post(address, {"do": do})
                got[f"{do} {session.reference}"] = f"{answer.status_code} {answer.headers.get('Location')}"
                if answer.status_code != 302:
                    got[f"{do} {session.reference}"] += masked(answer)
                else:
                    family.client.get(answer["Location"])  # so that its message is read, and not by the next page
                transaction.set_rollback(True)
    return got


def told(family: Family) -> dict[str, str]:
    """His news, and his mails as they would leave now."""
    news = Notice.objects.filter(person=family.ben).values_list("kind", "address", "key", "created_at")
    letters = OutgoingMail.objects.filter(person=family.ben) | OutgoingMail.objects.filter(to=family.ben.email)
    got = {"news": str(list(news.order_by("pk"))), "mails": ""}
    for letter in letters.order_by("created_at", "key"):
        sent = mail.build(letter) if letter.kind != "programmes/referral" else None
        words = f"{sent.subject}\n{sent.body}" if sent else ""
        got["mails"] += f"{letter.kind} {letter.key} {letter.state} {letter.due_at} {mail.still_wanted(letter)} {words}"
    return got


def look(family: Family, *, everywhere: bool) -> dict[str, str]:
    """Every page he can reach, by address and by link; what his buttons do; what he is told.

    Time stands still while he looks, so that a file that says when it was made says the same.
    """
    with pytest.MonkeyPatch.context() as still:
        still.setattr(clock, "now", lambda: family.looks_at)
        return _look(family, everywhere=everywhere)


def _look(family: Family, *, everywhere: bool) -> dict[str, str]:
    got: dict[str, str] = {}
    to_see = doors(family) if everywhere else near(family)
    while to_see:
        address = to_see.pop(0)
        if address in got:
            continue
        answer = family.client.get(address)
        got[address] = his(answer)
        if everywhere and answer.headers.get("Content-Type", "").startswith("text/html"):
            links = Links()
            links.feed(answer.content.decode())
            here = (urlsplit(urljoin(address, link)) for link in links.found)
            to_see += [
                part.path + (f"?{part.query}" if part.query else "")
                for part in here
                if not part.netloc and part.path.startswith(("/learn/", "/referral/", "/certificate/", "/news/"))
            ]
    return got | pressed(family) | told(family)


def differences(once: dict[str, str], again: dict[str, str]) -> list[str]:
    found = [f"{address} is there only once" for address in once.keys() ^ again.keys()]
    for address in once.keys() & again.keys():
        one, other = once[address], again[address]
        if one != other:
            place = next(
                (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
            )
            found.append(f"{address}: {one[place - 60 : place + 60]!r} / {other[place - 60 : place + 60]!r}")
    return sorted(found)


def canaries_in(got: dict[str, str], family: Family) -> list[str]:
    """What of hers is in what he got."""
    sought = dict(CANARIES) | {
        f"the reference of her session {session.reference}": session.reference
        for session in (*family.her_sessions, family.her_full_one)
    }
    if certificate := Certificate.objects.filter(person=family.amara).first():
        sought["her certificate"] = certificate.code
    return [
        f"{what} at {address}"
        for address, words in got.items()
        for what, string in sought.items()
        if string.casefold() in words.casefold() and not address.startswith(("book", "wait", "move"))
    ]


# ---------------------------------------------------------------- the proofs
STANDS = {
    "nothing booked": lambda family: None,
    "a place": lambda family: booking.book(family.his, family.his_sessions[0]),
    "a turn": lambda family: booking.wait(family.his, family.his_full_one),
}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("stands", STANDS)
def test_nothing_she_does_changes_a_byte_for_him(family, stands):
    """Whether he has a place, a turn in a line, or nothing."""
    STANDS[stands](family)
    once = look(family, everywhere=False)
    for step in family.everything():
        step()
        got = look(family, everywhere=False)
        assert differences(once, got) == [], step.__name__
        assert canaries_in(got, family) == [], step.__name__


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_page_he_can_reach_by_any_link_tells_of_her(family):
    """The whole of it, before and after: parts, steps, screens, his words as text and JSON, his file for a calendar."""
    booking.book(family.his, family.his_sessions[0])
    programme, at = library.programme(PLANNING), clock.now()
    taking = learning.begin(family.ben, programme, at)
    for part in programme.parts[:3]:
        for step, screen in part.places:
            words = (taking, part.slug, step.slug, screen.slug)
            if screen.kind == "reflection":
                learning.answer(*words, screen.kind, {"text": "Ben's own"}, programme.editions[part.slug], at)
            else:
                learning.see(*words, programme.editions[part.slug], at)
    once = look(family, everywhere=True)
    assert differences(once, look(family, everywhere=True)) == [], "it does not come out the same twice"
    for step in family.everything():
        step()
    again = look(family, everywhere=True)
    assert len(once) > 100 and "/learn/workshop/calendar.ics" in once and "/learn/my-words/notes.json" in once
    assert "BEGIN:VEVENT" in once["/learn/workshop/calendar.ics"] and "own" in once["/learn/my-words/notes.json"]
    assert differences(once, again) == []
    assert canaries_in(again, family) == []


def test_what_is_hers_she_does_see(family):
    """So that a canary that was planted nowhere cannot pass for one that is well kept."""
    seen = ""
    for step in family.everything()[:-1]:
        step()
        seen += family.her_client.get(url("workshop")).content.decode()
        seen += family.her_client.get(url("needs")).content.decode()
    seen += family.her_client.get(url("my_words")).content.decode()
    seen += family.her_client.get("/home/").content.decode()
    for page in ("certificate", "cover"):
        seen += family.her_client.get(url(page, PLANNING)).content.decode()
    assert family.her_client.get("/account/").content.decode().count(CANARIES["her address"])
    for what, string in CANARIES.items():
        assert string in seen or what == "her address", what
    assert all(session.reference in seen for session in family.her_sessions)


def test_her_answers_are_not_there_for_him(family):
    family.join()
    family.learn_half()
    theirs = Answer.objects.filter(taking__person=family.amara)
    assert theirs.exists()
    for method in ("get", "post"):
        nowhere = his(getattr(family.client, method)(url("delete_words", 999_999)))
        for answer in theirs:
            assert his(getattr(family.client, method)(url("delete_words", answer.pk))) == nowhere
            assert Answer.objects.filter(pk=answer.pk).exists()


# ---------------------------------------------------------------- time
def pages_of(family: Family) -> list[str]:
    """The pages whose time could tell: those that know of his referral, his place and his words."""
    names = [
        url(name) for name in ("workshop", "workshop_move", "needs", "referral", "my_words", "landing", "positive")
    ]
    sessions = [url("workshop_session", each.reference) for each in (*family.his_sessions, family.her_sessions[0])]
    return ["/home/", *(url("cover", each) for each in (PLANNING, POSITIVE)), *names, *sessions]


def asked(family: Family) -> dict[str, list[str]]:
    """Every question to the database by page, word for word but for the moment it is asked at."""
    found = {}
    for address in pages_of(family):
        family.client.get(address)
        with CaptureQueriesContext(connection) as queries:
            family.client.get(address)
        found[address] = [re.sub(r"'\d{4}-\d\d-\d\d[^']*'", "'now'", query["sql"]) for query in queries]
    return found


@pytest.mark.parametrize("stands", STANDS)
def test_his_pages_ask_the_database_the_same_whatever_she_does(family, stands):
    """The same questions, word for word, and as many of them: what takes as long as the same work takes as long."""
    STANDS[stands](family)
    once = asked(family)
    assert all(once.values()) and sum(map(len, once.values())) > 50
    for step in family.everything():
        step()
        again = asked(family)
        assert [page for page in once if once[page] != again[page]] == [], step.__name__


@pytest.mark.slow
def test_his_pages_do_not_take_longer_when_she_has_a_place(family):
    """A coarse bound on medians, the two measured turn by turn so that a busy machine is busy for both.

    The proof is the test above; this one would see work in Python that grows with what she has.
    """
    family.join()
    pages = pages_of(family)
    took: dict[tuple[str, bool], list[float]] = {(page, has): [] for page in pages for has in (True, False)}
    for number in range(30):
        with transaction.atomic():
            if number % 2:
                booking.book(family.hers, family.her_sessions[0])
            for page in pages:
                family.client.get(page)
                begun = time.process_time()
                family.client.get(page)
                took[page, bool(number % 2)].append(time.process_time() - begun)
            transaction.set_rollback(True)
    for page in pages:
        without, with_one = statistics.median(took[page, False]), statistics.median(took[page, True])
        assert max(without, with_one) < 2 * min(without, with_one), (page, without, with_one)


def test_a_page_that_asks_for_the_other_is_caught(family, monkeypatch):
    """One question more once she has a place, though no byte of the page says so."""
    really = places.closed_to

    def closed_to(party):
        hers = Booking.objects.filter(referral__party__case=party.case_id, state="booked").exclude(
            referral__party=party
        )
        for each in hers:
            each.workshop.sittings.count()
        return really(party)

    monkeypatch.setattr(places, "closed_to", closed_to)
    family.join()
    once = asked(family)
    booking.book(family.hers, family.her_sessions[0])
    again = asked(family)
    assert url("workshop") in [page for page in once if once[page] != again[page]]


# ---------------------------------------------------------------- broken on purpose
def test_a_list_that_hides_what_the_other_has_booked_is_caught(family, monkeypatch):
    """The obvious way to keep two people apart: offer everything but the session the other one is in. It tells."""

    def where_the_other_is(party):
        rows = Booking.objects.filter(referral__party__case=party.case_id, state="booked").exclude(
            referral__party=party
        )
        return set(rows.values_list("workshop", flat=True))

    monkeypatch.setattr(booking, "may_be_offered", lambda reference, stands: True)
    monkeypatch.setattr(places, "closed_to", where_the_other_is)
    family.join()
    once = look(family, everywhere=False)
    booking.book(family.hers, family.her_sessions[0])
    found = differences(once, look(family, everywhere=False))
    assert any(line.startswith("/learn/workshop/:") for line in found), found


def test_a_file_that_names_the_other_is_caught(family, monkeypatch):
    monkeypatch.setattr("programmes.views.workshops.CALENDAR_NAME", f"{CANARIES['her first name']}.ics")
    booking.book(family.his, family.his_sessions[0])
    leaks = canaries_in(look(family, everywhere=False), family)
    assert leaks == ["her first name at /learn/workshop/calendar.ics"]


def test_news_that_tells_of_the_other_is_caught(family, monkeypatch):
    """Telling everybody of the case that somebody has booked."""
    really = booking.telling.tell

    def tell(about, kind, **more):
        really(about, kind, **more)
        for other in about.referral.party.case.parties.exclude(pk=about.referral.party_id):
            Notice.objects.create(person=other.person, key="x", kind=kind, address="/", created_at=clock.now())

    monkeypatch.setattr(booking.telling, "tell", tell)
    family.join()
    once = look(family, everywhere=False)
    family.book()
    assert any(line.startswith("news:") for line in differences(once, look(family, everywhere=False)))
