"""Amara goes through her plan twice: once while Ben is away, once while he does everything he may do unseen.

Every byte she gets must be the same: pages, headers, files, mails, news. (Random codes are made from what is agreed,
and the time stands still within a step, so that nothing else could differ.)
"""

import hashlib
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import DataCopy, DataRequest, User
from accounts.rights import copying
from hub import clock, mail
from hub.models import Notice, OutgoingMail
from parenting_plan import actions, drawing
from parenting_plan.admin.safeguarding import VERBS
from parenting_plan.models import Draft, Grant, Issued, Opening, Plan, SafetyReport, StaffOpening
from parenting_plan.views import overview
from tests.parenting_plan import family, pages
from tests.parenting_plan.conftest import lively, plan
from tests.parenting_plan.pages import form_at, url

__all__ = ["lively", "plan"]

ROUTINES = "living-and-childcare/routines"
PASSWORD = "a long walk by the canal"
NEW_PASSWORD = "seven kettles under a bridge"


# ---------------------------------------------------------------- what Amara does
def write(client, plan):
    address = url("write", plan, ROUTINES)
    return client.post(address, form_at(client, address) | {"text": "Homework before tea.", "do": "send"})


def send(client, plan):
    address = url("send", plan, ROUTINES)
    return client.post(address, form_at(client, address) | {"note": "What do you think?", "do": "send"})


def agree(client, plan):
    address = url("agree", plan, family.HANDOVERS)
    return client.post(address, form_at(client, address))


def set_aside(client, plan):
    address = url("set_aside", plan, family.OVERNIGHTS)
    return client.post(address, form_at(client, address))


def take_back(client, plan):
    address = url("take_back", plan, ROUTINES)
    return client.post(address, form_at(client, address))


def autosave(client, plan):
    address = url("write", plan, family.OVERNIGHTS)
    form = form_at(client, address) | {"text": "Every second weekend."}
    return client.post(url("autosave", plan, family.OVERNIGHTS), form)


def look(name, question=""):
    return lambda client, plan: client.get(url(name, plan, question))


def at(address):
    return lambda client, plan: client.get(address)


def press(name, told, question=""):
    return lambda client, plan: client.post(url(name, plan, question), told)


def check_code(client, plan):
    return client.post("/verify/", {"code": Issued.objects.order_by("-pk").first().code})


SCRIPT = [
    at("/home/"), at("/plan/"), look("overview"), at("/plan/?all=1"), look("question", family.HANDOVERS),
    look("story", family.HANDOVERS), look("write", ROUTINES), write, look("send", ROUTINES), send,
    look("question", ROUTINES), look("agree", family.HANDOVERS), agree, look("agreed"), look("pdf"), check_code,
    look("sharing"), look("professionals"), press("professionals", {"email": "hera@example.com", "do": "give"}),
    look("professionals"), press("professionals", {"email": "hugo@example.com", "do": "give"}), look("professionals"),
    set_aside, look("waiting"), autosave, look("drafts"), take_back, look("report"),
    press("report", {"kind": "words", "words": "Look at this."}), look("leave"), at("/account/"),
    at("/accounts/sessions/"), lambda client, plan: client.post("/account/name/", {"first_name": "Amanda"}),
    look("agreed"), look("pdf"), look("orders"), look("overview"), at("/home/"),
]  # fmt: skip


# ---------------------------------------------------------------- what Ben does meanwhile
class Unseen:
    """Ben, at home, doing all that is his own business. One thing at each step of hers, round and round."""

    def __init__(self, plan, ben, hugo, stella):
        self.plan, self.ben, self.hugo, self.password = plan, ben, hugo, PASSWORD
        self.staff = Client(REMOTE_ADDR="203.0.113.10")
        self.staff.force_login(stella)
        lead = Permission.objects.get(codename="triage_safetyreport")
        self.colleague = User.objects.create(email="cora@example.com", first_name="Cora", kind="staff", is_staff=True)
        self.colleague.user_permissions.add(lead)
        self.client = Client(headers={"User-Agent": "Firefox on Linux"}, REMOTE_ADDR="203.0.113.7")
        self.sign_in()

    def sign_in(self):
        answer = self.client.post("/accounts/login/", {"login": self.ben.email, "password": self.password})
        assert answer.status_code == 302

    def draft(self):
        for question in (ROUTINES, family.SPECIAL_DAYS):
            family.draft(self.plan, self.ben, question, "I am not telling her yet.", note="Nor this.")

    def mark(self):
        family.draft(self.plan, self.ben, "how-we-talk/day-to-day", {"kind": "not_sure"})
        family.draft(self.plan, self.ben, family.HOLIDAYS, {"kind": "not_needed"})

    def report(self):
        self.client.post(url("report", self.plan), {"kind": "safety", "words": "I am afraid of her."})

    def tell_staff(self):
        """Of Amara's open suggestion; and all that staff do about it but for a pause, which both are told of."""
        number = family.part(self.plan, family.HOLIDAYS).open.number
        where = f"{url('report', self.plan)}?about={family.HOLIDAYS}&number={number}"
        self.client.post(where, {"kind": "words", "words": "This frightens me.", "may_answer": "on"})
        report = SafetyReport.objects.order_by("-pk").first()
        done = (
            ("take", {}),
            ("triage", {"severity": "immediate"}),
            ("hand-over", {"to": self.colleague.pk}),
            ("note", {"words": "Rang the duty officer."}),
            ("wait", {}),
            ("hide", {}),
            ("show", {}),
            ("answer", {"answer": "help"}),
            ("close", {"outcome": "nothing"}),
            ("reopen", {}),
            ("hide", {"may_show": "on"}),
            ("close", {"outcome": "put_away"}),
        )
        assert {verb for verb, _told in done} == set(VERBS), "an act of staff that nobody has looked at here"
        for verb, told in done:
            version = SafetyReport.objects.get(pk=report.pk).version
            address = reverse("admin:parenting_plan_safetyreport_act", args=[report.pk, verb])
            assert self.staff.post(address, {"why": "To keep him safe.", "version": version} | told).status_code == 302
        holidays = url("question", self.plan, family.HOLIDAYS)
        assert "These words are not shown for now." in self.client.get(holidays).content.decode()
        self.client.post(holidays, {"do": "show"})
        assert "These words are not shown for now." not in self.client.get(holidays).content.decode()

    def staff_read(self):
        """Staff look at the plan, open its words, read them, and close them again."""
        told = {"case_reference": "ZW26P00123", "reason": "A report says that this plan holds threats."}
        names = ("change", "open", "words", "close")
        look, opens, words, closes = (
            reverse(f"admin:parenting_plan_plan_{name}", args=[self.plan.pk]) for name in names
        )
        part = reverse("admin:parenting_plan_plan_part", args=[self.plan.pk, *family.HOLIDAYS.split("/")])
        assert self.staff.get(look).status_code == 200
        self.staff.post(opens, told)
        assert [self.staff.get(each).status_code for each in (words, part)] == [200, 200]
        assert self.staff.post(closes).status_code == 302

    def grant(self):
        for address in (self.hugo.email, "another@example.com"):
            self.client.post(url("professionals", self.plan), {"email": address, "do": "give"})

    def revoke(self):
        self.client.post(f"/plan/{self.plan.reference}/professionals/2/end/")

    def alerts(self):
        self.client.post("/account/alerts/", {"wants_alerts": "on"} if not self.wants() else {})

    def wants(self) -> bool:
        return User.objects.get(pk=self.ben.pk).wants_alerts

    def change_password(self):
        new = NEW_PASSWORD if self.password == PASSWORD else PASSWORD
        told = {"oldpassword": self.password, "password1": new}
        assert self.client.post("/accounts/password/change/", told).status_code == 302
        self.password = new
        self.sign_in()

    def sessions(self):
        elsewhere = Client(REMOTE_ADDR="203.0.113.8")
        elsewhere.force_login(self.ben)
        elsewhere.get("/home/")
        self.client.get("/accounts/sessions/")
        self.client.post("/accounts/sessions/")

    def second_step(self):
        Authenticator.objects.get_or_create(user=self.ben, type="recovery_codes", defaults={"data": {"seed": "x"}})

    def look_at_everything(self):
        pages.everything_the_other_sees(self.client, self.plan, family.HANDOVERS, family.OVERNIGHTS, ROUTINES)

    def download(self):
        assert self.client.get(url("pdf", self.plan)).status_code == 200

    def his_solicitor(self):
        client = Client(REMOTE_ADDR="203.0.113.9")
        client.force_login(self.hugo)
        for address in (
            "/professional/",
            *(f"/professional/{self.plan.reference}/{file}" for file in ("", "plan.pdf")),
        ):
            client.get(address)

    def sure(self):
        assert self.client.post("/accounts/reauthenticate/", {"password": self.password}).status_code == 302

    def copy_of_his_data(self):
        """He asks for a copy of his data, a worker makes it, and he saves it."""
        self.sure()
        assert self.client.post(reverse("accounts:ask_copy")).status_code == 302
        copying.make_what_is_due()
        assert self.client.get(reverse("accounts:save_copy")).content.startswith(b"PK")

    def ask_about_data(self):
        """He asks to be erased, and looks at what closing his account would do."""
        told = {"kind": "erase", "words": "Take my name off everything she can see."}
        assert self.client.post(reverse("accounts:ask_about_data"), told).status_code == 302
        self.sure()
        for name in ("your_data", "close", "close_check"):
            assert self.client.get(reverse(f"accounts:{name}")).status_code == 200

    def throw_away(self):
        self.client.post(url("write", self.plan, family.SPECIAL_DAYS), {"do": "clear"})

    def start_another(self):
        other = family.start(self.ben, children=[("Zia", 2020, 2)])
        actions.invite_by_email(plan=other, by=family.party(other, self.ben), email="someone@example.com")

    def everything(self):
        return [
            self.draft, self.look_at_everything, self.mark, self.alerts, self.grant, self.his_solicitor, self.report,
            self.tell_staff, self.staff_read, self.download,
            self.second_step, self.change_password, self.sessions, self.throw_away, self.draft,
            self.revoke,
            self.start_another, self.copy_of_his_data, self.ask_about_data,
        ]  # fmt: skip


# ---------------------------------------------------------------- twice
@pytest.fixture
def still(monkeypatch, lively):
    """Time that moves only from step to step, and codes that follow from what they stand for."""
    now = {"at": clock.now()}
    monkeypatch.setattr(clock, "now", lambda: now["at"])
    monkeypatch.setattr("parenting_plan.actions.turn.new_salt", lambda: bytes(32))

    def code(letters):
        names = "".join(party.user.first_name for party in lively.parties.select_related("user"))
        told = f"{Plan.objects.get(pk=lively.pk).event_count}{names}"
        return hashlib.sha256(told.encode()).hexdigest()[:letters].upper()

    monkeypatch.setattr(drawing, "code", code)
    return now


def masked(answer) -> str:
    """What came, byte for byte, but for one-time keys and cookies, and the marks of news, which tell nothing."""
    headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
    body = answer.content
    if answer.headers.get("Content-Type", "").startswith("text"):
        said = pages.MASKED.sub("", body.decode())
        said = re.sub(r"Signed in on [^<]*", "Signed in", said)  # her own session, begun anew by the real clock
        body = re.sub(r"/news/\w+/", "/news/", said).encode()
    return f"{answer.status_code} {sorted(headers.items())} {sorted(answer.cookies)} {body!r}"


def go_through(plan, amara, still, smtp, meanwhile=None) -> list[str]:
    """Amara's whole script, and what is in her news and her mailbox at the end. Then everything is as it was."""
    begin, got = still["at"], []
    with transaction.atomic():
        cache.clear()
        client = Client(headers={"User-Agent": "Chrome on Android"})
        client.force_login(amara)
        unseen = meanwhile() if meanwhile else []
        for number, step in enumerate(SCRIPT):
            still["at"] = begin + timedelta(seconds=10 * number)
            if unseen:
                unseen[number % len(unseen)]()
            got.append(masked(step(client, plan)))
        if meanwhile:
            there = [Draft.objects.filter(party__role="b"), SafetyReport.objects.filter(by__role="b")]
            there += [Grant.objects.filter(by__role="b"), Opening.objects.all(), Authenticator.objects.all()]
            there += [DataCopy.objects.exclude(saved_at=None), DataRequest.objects.filter(person__first_name="Ben")]
            there += [SafetyReport.objects.filter(shown_at__isnull=False, state="done"), StaffOpening.objects.all()]
            assert all(rows.exists() for rows in there), "Ben did not do what he set out to do"
        got.append(str(list(Notice.objects.filter(person=amara).values_list("kind", "address", "created_at"))))
        got.append(
            str(list(Plan.objects.filter(pk=plan.pk).values_list("event_count", "head", "paused_at", "ended_at")))
        )
        smtp.mails.clear()
        mail.relay(at=begin + timedelta(hours=1))
        got.append(
            str([(letter["Subject"], letter.get_body(("plain",)).get_content()) for letter in smtp.to(amara.email)])
        )
        letters = OutgoingMail.objects.filter(person=amara) | OutgoingMail.objects.filter(to=amara.email)
        got.append(str(sorted(letters.values_list("kind", "state", "due_at", "sent_at"))))
        transaction.set_rollback(True)
    still["at"] = begin
    return got


def differences(once: list[str], again: list[str]) -> list[str]:
    steps = [getattr(step, "__name__", "") for step in SCRIPT] + ["news", "record", "mail", "outbox"]
    found = []
    for number, (one, other) in enumerate(zip(once, again, strict=True)):
        if one != other:
            place = next(
                (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
            )
            found.append(
                f"step {number} {steps[number]}: {one[place - 60 : place + 60]} / {other[place - 60 : place + 60]}"
            )
    return found


@pytest.fixture
def hugo(person):
    return person("Hugo", kind="professional")


@pytest.fixture
def stella(staff, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    return staff


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_nothing_that_ben_does_unseen_changes_a_byte_for_amara(
    lively, amara, ben, hugo, stella, still, smtp, settings, tmp_path
):
    settings.HUB_FILES = tmp_path
    drawing.issue(lively)
    once = go_through(lively, amara, still, smtp)
    assert all(line.startswith(("200", "302")) for line in once[: len(SCRIPT)]), [line[:300] for line in once]
    assert go_through(lively, amara, still, smtp) == once, "her own script does not come out the same twice"
    again = go_through(lively, amara, still, smtp, lambda: Unseen(lively, ben, hugo, stella).everything())
    assert differences(once, again) == []
    assert b"%PDF-" in once[14].encode() and len(SCRIPT) > 25


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_page_that_shows_he_is_writing_is_caught(
    lively, amara, ben, hugo, stella, still, smtp, monkeypatch, settings, tmp_path
):
    settings.HUB_FILES = tmp_path
    drawing.issue(lively)

    def tells(plan):
        return "Ben" + "." * plan.them.drafts.count()

    monkeypatch.setattr(overview, "their_name", tells)
    once = go_through(lively, amara, still, smtp)
    again = go_through(lively, amara, still, smtp, lambda: Unseen(lively, ben, hugo, stella).everything())
    assert differences(once, again) != []
