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
from datetime import date
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pikepdf
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import User
from goals.models import CheckIn, Goal, Wording
from hub import audit, clock, files, mail, notices
from hub.logs import Line
from hub.middleware import Privacy
from hub.models import Notice, OutgoingMail
from parenting_plan import actions, drawing
from parenting_plan.actions import opening, safeguarding
from parenting_plan.models import Draft, Plan, Proposal, ReportNote, SafetyReport, StaffOpening
from parenting_plan.views import overview
from programmes import library
from programmes.actions import learning, referring
from programmes.models import Needs
from tests.parenting_plan import family, pages
from tests.parenting_plan.conftest import lively, plan
from tests.test_strangers import addresses

__all__ = ["lively", "plan"]

# What is planted | who may come upon it, and in which place of the machine. Ben may see all that is his.
# His own session knows his address while it lasts, and so does Redis, where tries are counted by a device's address.
# `file` is a drawing kept on the disk: of the shared plan, and of the plan that is his alone. `hera` is a solicitor
# whom Amara lets read the plan, `hugo` one whom Ben lets read it, `staff` has every permission.
AUDIENCE = """
his address                    | staff redis session
his password                   |
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
what he needs at a workshop    | staff
words he suggested             | amara
a note he sent                 | amara
words he took back             | amara
words Amara countered with     | amara
words both agreed              | amara hera hugo file
"""
LOOKERS = ["amara", "hera", "hugo", "stranger", "staff", "out"]
OF_STAFF = {  # and not for him either; by which permission alone staff come upon it
    "a note of staff on his report": {"triage_safetyreport"},
    "why staff did it": {"triage_safetyreport", "view_accessrecord"},
    "what came of his report": {"triage_safetyreport"},
    "why staff opened it": {"view_accessrecord"},
    "why staff opened the plan": {"view_staffopening", "view_accessrecord"},
    "the case staff named": {"view_staffopening", "view_accessrecord"},
}
BROKEN = "the words of a draft"  # sent while the house was on fire


def canary(field: str) -> str:
    """The same string each time; letters and digits only, so that no escaping hides it."""
    return "qx" + hashlib.sha256(field.encode()).hexdigest()[:14]


def audience() -> dict[str, set[str]]:
    rows = (line.split("|") for line in AUDIENCE.strip().splitlines())
    return {field.strip(): set(who.split()) for field, who in rows}


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
    User.objects.filter(pk=ben.pk).update(email=f"{has('his address')}@example.com")
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


def in_courses(ben, amara, staff) -> None:
    """Both are sent in one case and have joined; Ben writes, promises, says what he needs and books a workshop."""
    told = {"programme": "planning-together", "route": "court", "ordered_on": date(2026, 11, 2), "by": staff}
    for person, name in ((amara, "Amara on paper"), (ben, canary("his name on court papers"))):
        sent = referring.refer(
            "ZW26P00012", canary("the court of his case"), name, person.email, suitable_on=date(2026, 11, 3), **told
        )
        referring.send_link(sent, by=staff)
        referring.join(sent, person)
    needs = canary("what he needs at a workshop")
    Needs.objects.create(referral=sent, interpreter=needs, other=needs, changed_at=clock.now())
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
            if "lets in" not in leak and "whom he invited" not in leak
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
    assert ReportNote.objects.get(what="note on").words == note and StaffOpening.objects.get().reason == reason
    monkeypatch.setattr(overview, "their_name", lambda plan: f"Ben {note} {reason}")
    for looker in ("amara", "ben"):
        leaks = look_a_little(house, looker)
        assert {"a note of staff on his report", "why staff opened the plan"} <= {
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
