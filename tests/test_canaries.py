"""One string that is nowhere else is planted in every private field of Ben. Then everybody else looks everywhere.

AUDIENCE says who may come upon each of them, and where. A canary anywhere else is a leak.
"""

import hashlib
import io
import json
import logging
import re
import subprocess
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pikepdf
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import CharField, JSONField, TextField
from django.test import Client

from accounts import conflicts
from accounts.models import DataRequest, User
from accounts.rights import answering, asking
from accounts.staff import actions as working
from goals.models import CheckIn, Goal, Wording
from hub import audit, clock, files, holds, mail, notices
from hub.logs import Line
from hub.middleware import Privacy
from hub.models import LegalHold, Notice, OutgoingMail
from parenting_plan import actions, drawing
from parenting_plan.actions import opening, safeguarding
from parenting_plan.models import Draft, Plan, Proposal, ReportNote, SafetyReport, StaffOpening
from parenting_plan.views import overview
from programmes import library
from programmes.actions import learning, referring
from programmes.models import Certificate, Import, ImportRow, Needs, Workshop
from tests.parenting_plan import family, pages
from tests.parenting_plan.conftest import lively, plan
from tests.programmes import cases
from tests.test_strangers import addresses

__all__ = ["lively", "plan"]

# What is planted | who may come upon it, and in which place of the machine. Ben may see all that is his.
# His own session knows his address while it lasts, and so does Redis, where tries are counted by a device's address.
# `file` is a drawing kept on the disk: of the shared plan, and of the plan that is his alone. `hera` is a solicitor
# whom Amara lets read the plan, `hugo` one whom Ben lets read it, `staff` has every permission.
AUDIENCE = """
his address                    | staff redis session
his first name                 | amara hera hugo file
his password                   |
what is kept of his password   |
the words of a draft           |
the note of a draft            |
words beside "not sure yet"    |
words beside "not needed"      |
the key of his open form       |
the words of his report        | staff
a solicitor he lets in         |
whom he invited elsewhere      |
a child of his other plan      | file
words of his other plan        | file
a note in his other plan       |
the name of his browser        |
the address of his device      | redis
the key of his session         | redis
the secret of his second step  |
the name of his passkey        |
a fact of a mail to him        |
a fault of a mail to him       | staff
the key of his news            |
where his news leads           |
why staff opened it            | staff
a note of staff on his report  | staff
why staff did it               | staff
what came of his report        | staff
what staff answered him        | staff
why staff opened the plan      | staff
the case staff named           | staff
what he wrote in a course      |
a promise he made there        |
a goal of his                  |
why that matters to him        |
the first step of his goal     |
a note at a check-in           |
what his goal said before      |
why it mattered before         |
the step he meant before       |
his name on court papers       | staff
the court of his case          | staff
the number of his case         | staff
what he needs at a workshop    | staff
what a file said of somebody   | staff
how to get into a workshop     | staff
his name on a certificate      |
what he asked of his data      | staff
what staff told him about that | staff
a note of staff on his request | staff
who wrote to us about data     | staff
why his plan is held           | staff
why that may end               | staff
whom staff invited to work     | staff
why they did                   | staff
the case of a colleague        | staff
why it is theirs no longer     | staff
words he suggested             | amara
a note he sent                 | amara
words he took back             | amara
words Amara countered with     | amara
words both agreed              | amara hera hugo file
"""
LOOKERS = ["amara", "hera", "hugo", "stranger", "staff", "out"]
ON_RECORD = {"view_accessrecord", "change_accessrecord"}  # the second opens what the first does; no role has it
OF_STAFF = {  # and not for him either; by which permission alone staff come upon it
    "a note of staff on his report": {"triage_safetyreport"},
    "why staff did it": {"triage_safetyreport", *ON_RECORD},
    "what came of his report": {"triage_safetyreport"},
    "why staff opened it": {*ON_RECORD},
    "why staff opened the plan": {"view_staffopening", *ON_RECORD},
    "the case staff named": {"view_staffopening", *ON_RECORD},
    "a note of staff on his request": {"work_datarequest"},
    "who wrote to us about data": {"work_datarequest"},
    "why his plan is held": {"view_legalhold", *ON_RECORD},
    "why that may end": {"view_legalhold", *ON_RECORD},
    "whom staff invited to work": {"view_staffmember"},
    "why they did": {"view_staffmember", *ON_RECORD},
    "why it is theirs no longer": {*ON_RECORD},
    "what a file said of somebody": {"view_import"},
    "how to get into a workshop": {"view_workshop", "change_workshop"},
}
# Every field of ours that holds text is in one of the next two tables, unless it is one of a list of choices.
# Here: whose it is, as a canary above says.
PRIVATE = """
accounts.Conflict.about               | the case of a colleague
accounts.Conflict.reason              | why it is theirs no longer
accounts.Conflict.written             | the case of a colleague
accounts.DataRequest.email            | who wrote to us about data
accounts.DataRequest.words            | what he asked of his data
accounts.DataRequestNote.words        | a note of staff on his request, what staff told him about that
accounts.StaffInvitation.email        | whom staff invited to work
accounts.StaffInvitation.reason       | why they did
accounts.User.email                   | his address
accounts.User.first_name              | his first name
accounts.User.password                | what is kept of his password
goals.CheckIn.note                    | a note at a check-in
goals.Goal.first_step                 | the first step of his goal
goals.Goal.why                        | why that matters to him
goals.Goal.words                      | a goal of his
goals.Wording.first_step              | the step he meant before
goals.Wording.why                     | why it mattered before
goals.Wording.words                   | what his goal said before
hub.AccessRecord.reason               | why staff opened it, why staff opened the plan
hub.LegalHold.ending_reason           | why that may end
hub.LegalHold.reason                  | why his plan is held
hub.Notice.address                    | where his news leads
hub.Notice.key                        | the key of his news
hub.OutgoingMail.facts                | a fact of a mail to him
hub.OutgoingMail.last_fault           | a fault of a mail to him
hub.OutgoingMail.to                   | whom he invited elsewhere
parenting_plan.Child.first_name       | a child of his other plan
parenting_plan.Draft.form_key         | the key of his open form
parenting_plan.Draft.note             | the note of a draft
parenting_plan.Draft.value            | the words of a draft, words beside "not needed"
parenting_plan.Grant.email            | a solicitor he lets in
parenting_plan.Invitation.email       | whom he invited elsewhere
parenting_plan.PlanEventBody.words    | words he took back, words both agreed
parenting_plan.Proposal.note          | a note he sent, a note in his other plan
parenting_plan.Proposal.value         | words he suggested, words he took back, words of his other plan
parenting_plan.ReportNote.words       | a note of staff on his report, why staff did it
parenting_plan.SafetyReport.words     | the words of his report
parenting_plan.StaffOpening.case_reference | the case staff named
parenting_plan.StaffOpening.reason    | why staff opened the plan
programmes.Answer.words               | what he wrote in a course, a promise he made there
programmes.Case.court                 | the court of his case
programmes.Case.reference             | the number of his case
programmes.Certificate.name           | his name on a certificate
programmes.Import.unread              | what a file said of somebody
programmes.ImportRow.words            | what a file said of somebody
programmes.Needs.interpreter          | what he needs at a workshop
programmes.Needs.other                | what he needs at a workshop
programmes.Party.email                | his address
programmes.Party.name                 | his name on court papers
programmes.Workshop.joining           | how to get into a workshop
"""
# Here: why nobody's words stand in it.
NOBODYS_WORDS = {
    "what anybody may read, and what staff say to each other about writing it": """
        articles.Article.slug articles.Article.file_digest articles.Article.taken_out_why
        articles.Edition.words articles.Edition.note
        goals.Suggestion.slug goals.Suggestion.file_digest goals.Suggestion.taken_out_why
        goals.Edition.words goals.Edition.note
        hub.Helpline.slug hub.Helpline.file_digest hub.Helpline.taken_out_why hub.Edition.words hub.Edition.note
        hub.SearchEntry.app hub.SearchEntry.key hub.SearchEntry.kind hub.SearchEntry.address hub.SearchEntry.title
        hub.SearchEntry.summary hub.SearchEntry.body hub.SearchEntry.also hub.SearchEntry.heads
        hub.SearchEntry.digest hub.SearchWord.word hub.SearchWord.stem
        programmes.Chapter.programme programmes.Chapter.slug programmes.Chapter.file_digest
        programmes.Chapter.taken_out_why programmes.Edition.words programmes.Edition.note
        programmes.Certificate.title programmes.Certificate.says programmes.Workshop.town
        parenting_plan.Proposal.asked
    """,
    "the name of a page, a step, a question or a verb of ours": """
        accounts.DataRequestNote.what hub.AccessRecord.role hub.AccessRecord.what hub.Notice.kind
        hub.OutgoingMail.kind hub.Pulse.name
        goals.Goal.suggestion parenting_plan.Clause.question parenting_plan.Draft.question
        parenting_plan.PlanEvent.kind parenting_plan.PlanEvent.part parenting_plan.PlanEvent.role
        parenting_plan.ReportNote.what
        programmes.Answer.part programmes.Answer.step programmes.Answer.screen programmes.Answer.kind
        programmes.Certificate.programme programmes.Import.why programmes.ImportRow.said
        programmes.Referral.programme programmes.Taking.programme programmes.Taking.part programmes.Taking.step
        programmes.Taking.screen programmes.Taking.seen programmes.Taking.parts_done
    """,
    "what was chosen from a list of ours, a day, or the number of a row": """
        accounts.DataRequestNote.facts accounts.StaffInvitation.roles hub.AccessRecord.about hub.OutgoingMail.key
        parenting_plan.ReportNote.facts programmes.Claim.group
    """,
    "counts": "hub.Pulse.facts programmes.Return.facts",
    "a reference we made up: tests/test_strangers.py asks who gets in with it": """
        goals.CheckIn.reference goals.Goal.reference hub.LegalHold.name parenting_plan.Issued.code
        parenting_plan.Plan.reference programmes.Certificate.code programmes.Workshop.reference
    """,
    "a digest, from which nobody reads anything": """
        accounts.DataCopy.sha256 accounts.StaffInvitation.secret_hash articles.EasyPaper.sha256
        parenting_plan.Invitation.mark parenting_plan.Invitation.secret_hash parenting_plan.Issued.fingerprint
        parenting_plan.Issued.sha256 parenting_plan.Plan.head parenting_plan.PlanEvent.commitment
        parenting_plan.PlanEvent.previous parenting_plan.PlanEvent.hash parenting_plan.Proposal.digest
        programmes.Certificate.sha256 programmes.Import.sha256 programmes.Referral.secret_hash
        programmes.Return.sha256
    """,
    "the mark of a form that was sent, so that it counts once": """
        goals.CheckIn.submit_key goals.Goal.submit_key parenting_plan.PlanEvent.submit_key
        programmes.Booking.submit_key
    """,
}
CASE = "ZW26P00012"  # such a number has one form, and so no other canary
BROKEN = "the words of a draft"  # sent while the house was on fire


def canary(field: str) -> str:
    """The same string each time; letters and digits only, so that no escaping hides it."""
    return "qx" + hashlib.sha256(field.encode()).hexdigest()[:14]


def audience() -> dict[str, set[str]]:
    rows = (line.split("|") for line in AUDIENCE.strip().splitlines())
    return {field.strip(): set(who.split()) for field, who in rows}


def private() -> dict[str, list[str]]:
    rows = (line.split("|") for line in PRIVATE.strip().splitlines())
    return {field.strip(): [each.strip() for each in names.split(",")] for field, names in rows}


def fields_of_text() -> set[str]:
    """Each field of our own tables in which somebody's words could stand."""
    house = Path(__file__).resolve().parent.parent
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == house}
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ours and not model._meta.proxy
        for field in model._meta.get_fields()
        if isinstance(field, CharField | TextField | JSONField) and not field.choices
    }


class Kept(logging.Handler):
    """The lines as they are written in production: by the real formatter, at every level, from every logger."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(Line())
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def log():
    root, kept = logging.getLogger(), Kept()
    level, quiet = root.level, {}
    for name in ("hub", "django", "django.server"):
        quiet[name] = logging.getLogger(name).level
        logging.getLogger(name).setLevel(logging.DEBUG)
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(kept)
    root.setLevel(level)
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def house(lively, amara, ben, person, stranger, staff, settings, smtp, log, tmp_path):
    """The lively plan with every canary in it, and everybody who looks. Ben's own part is done on the real pages."""
    settings.HUB_STAFF_SECOND_STEP = False
    settings.HUB_FILES = tmp_path
    has = canary
    User.objects.filter(pk=ben.pk).update(email=f"{has('his address')}@example.com", first_name=has("his first name"))
    EmailAddress.objects.filter(user=ben).update(email=f"{has('his address')}@example.com")
    ben.refresh_from_db()
    ben.set_password(has("his password"))
    ben.save()
    his = Client(headers={"User-Agent": f"Mozilla/5.0 {has('the name of his browser')} Firefox/140"})
    his.defaults["REMOTE_ADDR"] = "203.0.113.77"
    answer = his.post("/accounts/login/", {"login": ben.email, "password": has("his password")})
    assert answer.status_code == 302, answer.content
    his.get("/home/")
    # what he writes and keeps to himself
    routines, school = "living-and-childcare/routines", "school-and-learning/"
    school = next(key for key in lively_keys() if key.startswith(school))
    pages.write(his, lively, routines, has("the words of a draft"), do="keep", form_key=has("the key of his open form"))
    Draft.objects.filter(question=routines).update(note=has("the note of a draft"))
    pages.write(his, lively, school, has('words beside "not sure yet"'), do="not_sure")
    health = next(key for key in lively_keys() if key.startswith("health/"))
    pages.write(his, lively, health, has('words beside "not needed"'), do="not_needed")
    told = {"kind": "safety", "words": has("the words of his report"), "may_answer": "on"}
    his.post(pages.url("report", lively), told)
    for address in (f"{has('a solicitor he lets in')}@example.com", "hugo@example.com"):
        his.post(pages.url("professionals", lively), {"email": address, "do": "give"})
    his.get(pages.url("professionals", lively))  # the "done" banner is read, and so gone from his session
    # his other plan
    alone = family.start(ben, children=[(has("a child of his other plan"), 2018, 1)])
    family.suggest(alone, ben, family.WEEK, has("words of his other plan"), note=has("a note in his other plan"))
    elsewhere = f"{has('whom he invited elsewhere')}@example.com"
    actions.invite_by_email(plan=alone, by=family.party(alone, ben), email=elsewhere)
    # his account, and the machine's own rows about him
    UserSession.objects.filter(user=ben).update(ip="203.0.113.77")
    assert UserSession.objects.get(user=ben).user_agent.count(has("the name of his browser"))
    secret = has("the secret of his second step")
    Authenticator.objects.create(user=ben, type="recovery_codes", data={"seed": secret, "used_mask": 0})
    Authenticator.objects.create(
        user=ben, type="webauthn", data={"name": has("the name of his passkey"), "credential": {}}
    )
    mail.put(kind="parenting_plan/nudge", key=f"x:{ben.pk}", person=ben,
             facts={"plan": lively.pk, "path": f"/{has('a fact of a mail to him')}"})  # fmt: skip
    OutgoingMail.objects.filter(key=f"x:{ben.pk}").update(last_fault=has("a fault of a mail to him"), state="dead")
    notices.tell(person=ben, key=has("the key of his news"), kind="nudge",
                 address=f"/{has('where his news leads')}/", at=clock.now())  # fmt: skip
    audit.record(person=staff, what="read plan", about="plan:x", reason=has("why staff opened it"))
    by_staff(lively, staff)
    between_staff(lively, staff, person("Sven", kind="staff"))
    about_his_data(ben, staff)
    in_courses(ben, amara, staff)
    in_goals(his)
    # what the two say to each other
    family.suggest(lively, ben, "money/pocket-money" if "money/pocket-money" in lively_keys() else money(),
                   has("words he suggested"), note=has("a note he sent"))  # fmt: skip
    feelings = next(key for key in lively_keys() if key.startswith("feelings"))
    family.suggest(lively, ben, feelings, has("words he took back"))
    found = family.part(lively, feelings)
    actions.withdraw(plan=lively, question=feelings, by=family.party(lively, ben), version=found.version)
    Draft.objects.filter(question=feelings).delete()
    talk = next(key for key in lively_keys() if key.startswith("how-we-talk"))
    family.suggest(lively, ben, talk, "Texts only.")
    family.suggest(lively, amara, talk, has("words Amara countered with"))
    about = next(key for key in lively_keys() if key.startswith("about-our-children"))
    family.settle(lively, ben, amara, about, has("words both agreed"))
    family.settle(lively, ben, amara, about_last(), {"kind": "not_needed"})
    hera, hugo = person("Hera", kind="professional"), person("Hugo", kind="professional")
    actions.grant(plan=lively, by=family.party(lively, amara), email=hera.email)
    staff.user_permissions.set(Permission.objects.all())
    drawing.draw_what_is_due()
    mail.relay()
    who = {"amara": amara, "ben": ben, "hera": hera, "hugo": hugo, "stranger": stranger, "staff": staff, "out": None}
    return House(lively, alone, ben, his, who, smtp, log)


def by_staff(lively, staff) -> None:
    """His report is worked on from beginning to end, and the words of the plan are opened for a moment."""
    report = SafetyReport.objects.get()

    def does(verb, **told):
        report.refresh_from_db()
        verb(report=report, by=staff, version=report.version, why=canary("why staff did it"), **told)

    does(safeguarding.take)
    does(safeguarding.triage, severity="high")
    safeguarding.write_note(report=report, words=canary("a note of staff on his report"), by=staff)
    does(safeguarding.answer, answer="help")
    does(safeguarding.close, outcome="passed_on")
    reason, case = canary("why staff opened the plan"), canary("the case staff named")
    opened = opening.open_words(plan=lively, by=staff, case_reference=case, reason=reason)
    opening.note_reading(opened)
    opening.close(opening=opened)


def between_staff(lively, staff, colleague) -> None:
    """What staff write about holds and about each other. No parent is ever to know."""
    hold = holds.place(kind="plan", text=lively.reference, reason=canary("why his plan is held"), by=staff)
    holds.ask_to_end(hold, reason=canary("why that may end"), by=staff)
    invited = f"{canary('whom staff invited to work')}@example.com"
    working.invite(email=invited, role_slugs=["auditor"], reason=canary("why they did"), by=None)
    own = conflicts.declare(person=colleague, about=canary("the case of a colleague"), by=staff)
    conflicts.take_back(own, by=staff, reason=canary("why it is theirs no longer"))


def about_his_data(ben, staff) -> None:
    """He asks from his account and staff answer; somebody without an account writes, too."""
    asked = asking.ask(person=ben, kind="other", words=canary("what he asked of his data"))
    answering.write_note(asked, words=canary("a note of staff on his request"), by=staff)
    answering.write_answer(asked, answer=canary("what staff told him about that"), by=staff, version=asked.version)
    letter = f"{canary('who wrote to us about data')}@example.com"
    answering.add(way="letter", kind="copy", received_at=clock.now(), by=staff, email=letter, words="A copy, please.")


def in_courses(ben, amara, staff) -> None:
    """Both are sent in one case and have joined; Ben writes, promises, says what he needs and books a workshop."""
    told = {"programme": "planning-together", "route": "court", "ordered_on": date(2026, 11, 2), "by": staff}
    for person, name in ((amara, "Amara on paper"), (ben, canary("his name on court papers"))):
        sent = referring.refer(
            CASE, canary("the court of his case"), name, person.email, suitable_on=date(2026, 11, 3), **told
        )
        referring.send_link(sent, by=staff)
        referring.join(sent, person)
    needs = canary("what he needs at a workshop")
    Needs.objects.create(referral=sent, interpreter=needs, other=needs, changed_at=clock.now())
    cases.workshop(clock.now() + timedelta(days=40), joining=canary("how to get into a workshop"))
    told = {"name": canary("what a file said of somebody")}
    ImportRow.objects.create(
        of=Import.objects.create(
            made_by=staff, made_at=clock.now(), kept_until=clock.now() + timedelta(days=7), sha256="0" * 64,
            rows_sent=1, rows_new=1, rows_there=0, rows_wrong=0, unread=[told["name"]],
        ),
        line=1, words=told, verdict="new",
    )  # fmt: skip
    Certificate.objects.create(
        person=ben, programme="getting-it-right", name=canary("his name on a certificate"), title="A course",
        says="took part", issued_at=clock.now(),
    )  # fmt: skip
    taking = learning.begin(ben, library.programme("getting-it-right"), clock.now())
    shown = library.programme("getting-it-right")
    for part, kind, words in (
        (shown.parts[0], "reflection", {"text": canary("what he wrote in a course")}),
        (shown.parts[-1], "pledge", {"boxes": [canary("a promise he made there")]}),
    ):
        step = next(step for step in part.steps if step.kind == kind)
        learning.answer(taking, part.slug, step.slug, "", kind, words, shown.editions[part.slug], clock.now())


def in_goals(his) -> None:
    """A goal of his own, on the real pages: written, written anew, and how it felt."""
    words, why, step = (
        canary(each) for each in ("what his goal said before", "why it mattered before", "the step he meant before")
    )
    his.post("/goals/new/", {"kind": "us", "words": words, "why": why, "first_step": step})
    mine = f"/goals/{Goal.objects.get().reference}/"
    words, why, step = (
        canary(each) for each in ("a goal of his", "why that matters to him", "the first step of his goal")
    )
    his.post(f"{mine}words/", {"kind": "us", "words": words, "why": why, "first_step": step})
    his.post(mine, {"felt": "2", "note": canary("a note at a check-in")})
    his.post("/goals/reminders/", {"every": "7"})
    his.get(mine)  # the "done" banner is read, and so gone from his session


def lively_keys() -> list[str]:
    from parenting_plan import questions

    return list(questions.by_key())


def money() -> str:
    return next(key for key in lively_keys() if key.startswith("money/"))


def about_last() -> str:
    return [key for key in lively_keys() if key.startswith("about-our-children")][-1]


class House:
    def __init__(self, plan, alone, ben, his, who, smtp, log):
        self.plan, self.alone, self.ben, self.his, self.who, self.smtp, self.log = plan, alone, ben, his, who, smtp, log
        self.sought = {field: canary(field).encode() for field in audience()}
        self.sought["the address of his device"] = b"203.0.113.77"
        self.sought["the number of his case"] = CASE.encode()
        self.sought["what is kept of his password"] = ben.password.encode()
        self.sought["the key of his session"] = his.session.session_key.encode()
        self.sought["what came of his report"] = SafetyReport.Outcome.PASSED_ON.label.encode()
        self.sought["what staff answered him"] = SafetyReport.Answer.HELP.label.encode()

    def found(self, what: bytes, looker: str, place: str) -> list[str]:
        """The canaries in these bytes that this looker may not come upon, in words."""
        low, leaks = what.lower(), []
        for field, string in self.sought.items():
            may = field not in OF_STAFF if looker == "ben" else looker in audience()[field]
            if string.lower() in low and not may:
                leaks.append(f"{looker} comes upon {field} at {place}")
        return leaks


# ---------------------------------------------------------------- looking at pages
class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in {"href", "src", "action", "hx-get"} and value]


def readable(answer) -> Iterator[bytes]:
    """Everything that came: the status line, headers, cookies and the body, as bytes and as somebody would read it."""
    yield f"{sorted(answer.headers.items())} {answer.cookies.output()}".encode()
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    yield body
    yield unquote(body.decode("utf-8", "replace")).encode()
    if answer.headers.get("Content-Type") == "application/pdf":
        yield from inside(body)


def inside(content: bytes) -> Iterator[bytes]:
    """All of a PDF: each object, each stream unpacked, its metadata, and the text somebody would copy out."""
    with pikepdf.open(io.BytesIO(content)) as document:
        yield repr(dict(document.docinfo)).encode()
        yield document.Root.Metadata.read_bytes()
        assert not list(document.attachments)
        for thing in document.objects:
            yield str(thing.unparse() if hasattr(thing, "unparse") else thing).encode()
            if isinstance(thing, pikepdf.Stream):
                yield thing.read_bytes()
    yield subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout


def where(route: str, plan: Plan) -> str:
    """An address along this route, with what is this plan's own in its gaps."""
    section, question = family.HANDOVERS.split("/")
    own = {"reference": plan.reference, "section": section, "question": question, "object_id": str(plan.pk)}
    own |= {"programme": "getting-it-right", "part": "introduction", "step": "check-in"}
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda gap: own.get(gap[1], "1"), route)
    route = re.sub(r"\^\(\?P<app_label>(\w+).*\)/\$", r"\1/", route)
    return "/" + route.replace("(?P<url>.*)$", "nowhere/")


def doors(house: House, looker: str) -> list[str]:
    """Every address of the resolver with this family's own references, and those of Ben's other plan."""

    found = [where(route, some) for route in addresses().values() for some in (house.plan, house.alone)]
    parts = [clause.question for clause in house.plan.clauses.all()]
    parts += [draft.question for draft in house.ben.parties.get(plan=house.plan).drafts.all()]
    answer = SafetyReport.objects.get().pk
    found += [f"{pages.url('report', some)}?answer={answer}" for some in (house.plan, house.alone)]
    names = ["question", "write", "send", "agree", "set_aside", "take_back", "story"]
    found += [pages.url(name, house.plan, part) for part in sorted(set(parts)) for name in names]
    found += [f"{pages.url('report', house.plan)}?about={part}&number=1" for part in sorted(set(parts))]
    for goal in house.ben.goals.all():
        own = [f"/goals/{goal.reference}/", f"/goals/{goal.reference}/{goal.check_ins.get().reference}/"]
        found += [f"{one}{more}" for one in own for more in ("", "words/", "words/delete/", "move/", "delete/")]
        found += [f"/staff/goals/goal/{goal.pk}/{more}/" for more in ("change", "history", "delete")]
    if looker == "staff":
        found += [f"/staff/parenting_plan/{name}/" for name in ("proposal", "draft", "grant", "child", "planeventbody")]
    return list(dict.fromkeys(found))


def may_follow(house: House, link: str) -> bool:
    """A link of ours that is not one of the sixty questions nobody has written about yet."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("/static/"):
        return False
    return not re.match(r"/plan/\w{12}/[a-z-]+/[a-z-]+/", parts.path)


def look_everywhere(house: House, looker: str, most: int = 600) -> list[str]:
    """Open every address and every link, press every form empty and with nonsense. Gives back the leaks."""
    person, leaks = house.who[looker], []
    client = Client()
    client.raise_request_exception = False
    if person:
        client.force_login(person)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    to_see = ["/", *doors(house, looker)]
    seen: set[str] = set()
    while to_see and len(seen) < most:
        address = to_see.pop(0)
        if address in seen:
            continue
        seen.add(address)
        for method, told in (("get", {}), ("post", {}), ("post", NONSENSE)):
            with transaction.atomic():
                client.cookies.clear()
                client.cookies.load(cookies)
                answer = getattr(client, method)(address, told)
                for what in readable(answer):
                    leaks += house.found(what, looker, f"{method} {address}")
                if answer.headers.get("Content-Type", "").startswith("text/html"):
                    links = Links()
                    links.feed(answer.content.decode())
                    steps = [urljoin(address, link).partition("#")[0] for link in links.found]
                    to_see += [step for step in steps if may_follow(house, step)]
                if answer.status_code in {404, 405} and method == "get":
                    transaction.set_rollback(True)
                    if answer.status_code == 404:
                        break
                transaction.set_rollback(True)
    assert len(seen) > 100
    return sorted(set(leaks))


NONSENSE = {
    "text": "x" * 3000, "note": "x" * 900, "version": "9", "digest": "0" * 64, "submit_key": "k" * 12, "form_key": "f",
    "do": "send", "answer": "maybe", "aside": "nobody", "email": "not an address", "kind": "?", "words": "x" * 3000,
    "code": "?", "first_name": "", "password": "wrong", "outcome": "?", "orders": "?", "chosen": "?",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("looker", LOOKERS)
def test_nobody_comes_upon_what_is_not_theirs(house, looker):
    assert look_everywhere(house, looker) == []


def test_every_field_of_text_is_somebodys_or_said_to_be_nobodys():
    nobodys = [field for names in NOBODYS_WORDS.values() for field in names.split()]
    told = [*private(), *nobodys]
    assert sorted(fields_of_text() - set(told)) == [], "say whose words stand in it"
    assert sorted(set(told) - fields_of_text()) == [], "there is no such field"
    assert len(told) == len(set(told))


def test_every_private_field_holds_its_canary(house):
    """So that none of them is looked for in vain."""
    empty = []
    for field, names in private().items():
        label, _, column = field.rpartition(".")
        held = str(list(apps.get_model(label).objects.values_list(column, flat=True))).lower().encode()
        empty += [f"{field}: {name}" for name in names if house.sought[name].lower() not in held]
    assert empty == []


def test_he_reads_the_answer_and_nothing_else_that_staff_wrote(house):
    assert look_everywhere(house, "ben", most=160) == []
    told = house.his.get(f"{pages.url('report', house.plan)}?answer={SafetyReport.objects.get().pk}")
    assert house.sought["what staff answered him"] in told.content


def test_who_may_see_it_does_see_it(house):
    """So that a canary that was planted nowhere cannot pass for one that is well kept."""
    seen = {"amara": "", "hugo": "", "staff": ""}
    for looker, addresses_of in {
        "amara": [
            pages.url(name, house.plan, clause.question) for clause in house.plan.clauses.all() for name in ("story",)
        ],
        "hugo": [f"/professional/{house.plan.reference}/"],
        "staff": [
            "/staff/hub/outgoingmail/",
            "/staff/hub/accessrecord/",
            "/staff/parenting_plan/staffopening/",
            f"/staff/parenting_plan/safetyreport/{SafetyReport.objects.get().pk}/change/",
            *[f"/staff/accounts/datarequest/{asked.pk}/change/" for asked in DataRequest.objects.all()],
            f"/staff/hub/legalhold/{LegalHold.objects.get().pk}/change/",
            "/staff/accounts/staffmember/",
            "/staff/accounts/conflict/",
            f"/staff/programmes/workshop/{Workshop.objects.get().pk}/change/",
            f"/staff/programmes/import/{Import.objects.get().pk}/change/",
        ],
    }.items():
        client = Client()
        client.force_login(house.who[looker])
        seen[looker] = "".join(client.get(address).content.decode() for address in addresses_of)
    found = client.post("/staff/accounts/user/", {"email": f"{canary('his address')}@example.com"})
    seen["staff"] += found.content.decode()
    for field, who in audience().items():
        if "amara" in who:
            assert canary(field) in seen["amara"], field
    assert canary("words both agreed") in seen["hugo"]
    assert canary("his address") in seen["staff"] and canary("a fault of a mail to him") in seen["staff"]
    assert [field for field in OF_STAFF if house.sought[field].decode() not in seen["staff"]] == []
    drafts = str(list(Draft.objects.values_list("value", "note", "form_key")))
    for field in (
        "the words of a draft",
        "the note of a draft",
        "the key of his open form",
        'words beside "not needed"',
    ):
        assert canary(field) in drafts, field
    kept = [str(list(model.objects.values())) for model in (Goal, Wording, CheckIn)]
    of_a_goal = ["a goal of his", "what his goal said before", "a note at a check-in"]
    assert all(canary(field) in rows for field, rows in zip(of_a_goal, kept, strict=True))
    assert canary("words he took back") in str(list(Proposal.objects.values_list("value", flat=True)))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_single_permission_shows_staff_more(house, staff):
    """Each model permission by itself: the list, a row, its history, the form to add one."""
    leaks = []
    seen: dict[str, set[str]] = {field: set() for field in OF_STAFF}
    client = Client()
    client.force_login(staff)
    for permission in Permission.objects.select_related("content_type"):
        staff.user_permissions.set([permission])
        kind = permission.content_type
        model = kind.model_class()
        base = f"/staff/{kind.app_label}/{kind.model}/"
        rows = list(model.objects.order_by("pk").values_list("pk", flat=True))[:2] if model else []
        steps = ["/staff/", base, f"{base}add/"]
        steps += [f"{base}{pk}/{page}/" for pk in rows for page in ("change", "history", "delete")]
        for address in steps:
            answer = client.get(address)
            for what in readable(answer):
                leaks += house.found(what, "staff", f"{address} with {permission.codename}")
                for field, who in seen.items():
                    if house.sought[field].lower() in what.lower():
                        who.add(permission.codename)
    assert leaks == []
    assert [field for field, who in seen.items() if who - OF_STAFF[field]] == []


# ---------------------------------------------------------------- looking into the machine
def in_redis() -> Iterator[tuple[str, bytes]]:
    """Every key and value, packed or not."""
    redis = cache._cache.get_client()
    for key in redis.scan_iter("*"):
        kind = redis.type(key)
        value = {
            b"string": redis.get, b"list": lambda k: redis.lrange(k, 0, -1), b"hash": redis.hgetall,
            b"set": redis.smembers, b"zset": lambda k: redis.zrange(k, 0, -1, withscores=True),
        }[kind](key)  # fmt: skip
        yield key.decode(), repr(value).encode()
        if isinstance(value, bytes):
            try:
                yield key.decode(), zlib.decompress(value)
            except zlib.error:
                pass
        yield key.decode(), key


def the_machine(house: House) -> list[str]:
    """The leaks in logs, Redis, sessions, mail, other people's news, and names of files."""
    leaks = []
    for line in house.log.lines:
        assert json.loads(line)
        leaks += house.found(line.encode(), "log", "a log line")
    for key, value in in_redis():
        leaks += house.found(value, "redis", key)
    for session in Session.objects.all():
        leaks += house.found(repr(session.get_decoded()).encode(), "session", "a session row")
    for letter in house.smtp.mails:
        own = {letter["To"], letter["X-Envelope-To"]}
        text = b"".join(part.get_content().encode() for part in letter.walk() if part.get_content_maintype() == "text")
        headers = "".join(f"{name}: {value}\n" for name, value in letter.items() if value not in own)
        leaks += house.found(text + headers.encode(), "mail", f"a mail to {letter['To']}")
        if letter["To"] == house.ben.email:
            continue
        leaks += [
            leak
            for leak in house.found(letter["To"].encode(), "mail", "the To of a mail")
            if not any(name in leak for name in ("lets in", "whom he invited", "whom staff invited"))
        ]
    for told in Notice.objects.exclude(person=house.ben):
        leaks += house.found(f"{told.key} {told.address}".encode(), "news", "somebody's news")
    for file in files.place_of("00").parent.parent.rglob("*"):
        leaks += house.found(str(file).encode(), "file", "the name of a file")
        if file.is_file():
            for what in inside(file.read_bytes()):
                leaks += house.found(what, "file", "a kept file")
    return sorted(set(leaks))


def fire(monkeypatch, house) -> None:
    """Something breaks while Ben's words are in its hands."""

    def breaks(**told):
        raise RuntimeError(f"could not send {told['value']} of {told['by'].user.email}")

    monkeypatch.setattr(actions, "commit", breaks)
    house.his.raise_request_exception = False
    question = "living-and-childcare/routines"
    address = pages.url("send", house.plan, question)
    answer = house.his.post(address, pages.form_at(house.his, address) | {"do": "send"})
    assert answer.status_code == 500 and canary(BROKEN) not in answer.content.decode()
    for text in ("x" * 3000, canary(BROKEN)):
        house.his.post(f"/{text}/?{text}=1", {"text": text})
        house.his.get("/help/", headers={"Host": f"{text[:40]}.example"})


def test_the_machine_keeps_quiet(house, monkeypatch):
    fire(monkeypatch, house)
    assert len(house.smtp.mails) > 4 and any("fault" in line for line in house.log.lines)
    assert the_machine(house) == []


# ---------------------------------------------------------------- broken on purpose
def his_draft(house) -> str:
    return Draft.objects.get(party__user=house.ben, question="living-and-childcare/routines").value["text"]


def test_a_page_that_tells_is_caught(house, monkeypatch):
    monkeypatch.setattr(overview, "their_name", lambda plan: f"Ben, who is writing {his_draft(house)}")
    monkeypatch.setattr("tests.test_canaries.doors", lambda house, looker: [pages.url("overview", house.plan)] * 2)
    assert any("the words of a draft at get" in leak for leak in look_a_little(house, "amara"))


def test_a_header_that_tells_is_caught(house, monkeypatch):
    def tells(self, request):
        response = self.get_response(request)
        response.headers["X-Draft"] = his_draft(house)
        return response

    monkeypatch.setattr(Privacy, "__call__", tells)
    assert any("the words of a draft" in leak for leak in look_a_little(house, "out"))


def test_a_file_that_tells_is_caught(house):
    content = drawing.file_of(Plan.objects.get(pk=house.plan.pk))
    with pikepdf.open(io.BytesIO(content)) as document:
        document.docinfo["/Author"] = pikepdf.String(canary("his address"))
        told = io.BytesIO()
        document.save(told)
    files.keep(told.getvalue())
    assert any("his address at a kept file" in leak for leak in the_machine(house))


def test_a_log_or_a_cache_that_tells_is_caught(house):
    logging.getLogger("parenting_plan").warning(f"saved {his_draft(house)}")
    cache.set("draft", {"words": his_draft(house)}, 60)
    leaks = the_machine(house)
    for place in ("log", "redis"):
        assert any(f"{place} comes upon the words of a draft" in leak for leak in leaks), place


def test_what_staff_wrote_is_caught_wherever_it_slips_out(house, monkeypatch):
    note, reason = canary("a note of staff on his report"), canary("why staff opened the plan")
    new = {"a note of staff on his request", "why his plan is held"}
    assert ReportNote.objects.get(what="note on").words == note and StaffOpening.objects.get().reason == reason
    monkeypatch.setattr(overview, "their_name", lambda plan: " ".join(["Ben", note, reason, *map(canary, new)]))
    for looker in ("amara", "ben"):
        leaks = look_a_little(house, looker)
        assert {"a note of staff on his report", "why staff opened the plan"} | new <= {
            leak.split(" comes upon ")[1].split(" at ")[0] for leak in leaks
        }, looker
    logging.getLogger("parenting_plan").info(f"opened: {reason}")
    cache.set("note", {"words": note}, 60)
    leaks = the_machine(house)
    assert any("log comes upon why staff opened the plan" in leak for leak in leaks)
    assert any("redis comes upon a note of staff on his report" in leak for leak in leaks)


def look_a_little(house: House, looker: str) -> list[str]:
    """The doors alone."""
    leaks, client = [], Client()
    if house.who[looker]:
        client.force_login(house.who[looker])
    for address in ["/help/", pages.url("overview", house.plan)]:
        for what in readable(client.get(address)):
            leaks += house.found(what, looker, f"get {address}")
    return leaks
