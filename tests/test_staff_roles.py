"""Every address of the staff pages, for every role: who may open it, who may send to it, and what goes on record.

The addresses come from the URL resolver. One that has no row in the table fails. Whoever is not named in a row is
refused, reads nothing of a parent's, and changes nothing.
"""

import re
from functools import cache

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from accounts import conflicts, roles
from accounts.models import Conflict
from accounts.rights import asking
from accounts.staff import actions as staff
from articles.models import Article
from articles.models import Edition as Paper
from goals import actions as goals
from goals.offered import Edition as Idea
from goals.offered import Suggestion
from hub import audit, clock, editing, holds
from hub.helplines import Edition as Wording
from hub.helplines import Helpline
from hub.models import AccessRecord, OutgoingMail
from parenting_plan.actions import opening
from parenting_plan.actions.erasing import erase_plans
from parenting_plan.models import Invitation, Issued, PlanEvent, SafetyReport
from programmes.actions import importing, returning
from programmes.models import Chapter, Edition, Enrolment, Import, Workshop
from tests.parenting_plan import family
from tests.parenting_plan.conftest import lively, plan
from tests.programmes.test_admin_cases import completed, placed

__all__ = ["lively", "plan"]

# E content editor, C programme coordinator, F facilitator, H helpdesk, S safeguarding lead, A auditor; N is a member of
# staff without a role. Name of the address | who may open it | who may send to it | lines on record for each opening.
WHO = {
    "E": "Content editor",
    "C": "Programme coordinator",
    "F": "Facilitator",
    "H": "Helpdesk",
    "S": "Safeguarding lead",
    "A": "Auditor",
    "N": "",
}
TABLE = """
index                                         | ECFHSAN | ECFHSAN | 0
login                                         | ECFHSAN | ECFHSAN | 0
logout                                        | -       | ECFHSAN | 0
password_change                               | ECFHSAN | ECFHSAN | 0
password_change_done                          | ECFHSAN | ECFHSAN | 0
jsi18n                                        | ECFHSAN | -       | 0
hub_accessrecord_changelist                   | A       | A       | 1
hub_accessrecord_file                         | A       | A       | 0
hub_helpline_new                              | E       | E       | 0
hub_edition_begin                             | E       | E       | 0
hub_edition                                   | E       | E       | 0
hub_edition_piece                             | E       | E       | 0
hub_edition_arrange                           | E       | E       | 0
hub_edition_throw_away                        | -       | -       | 0
hub_edition_compare                           | E       | E       | 0
hub_edition_publish                           | E       | E       | 0
hub_edition_plan                              | E       | E       | 0
hub_edition_call_off                          | E       | E       | 0
hub_helpline_take_out                         | E       | E       | 0
hub_helpline_put_back                         | E       | E       | 0
hub_edition_leave                             | E       | E       | 0
hub_edition_preview                           | E       | E       | 0
hub_helpline_changelist                       | E       | E       | 0
hub_helpline_add                              | -       | -       | 0
hub_helpline_history                          | E       | E       | 0
hub_helpline_delete                           | -       | -       | 0
hub_helpline_change                           | E       | E       | 0
hub_legalhold_place                           | HS      | HS      | 0
hub_legalhold_act                             | HS      | HS      | 1
hub_legalhold_changelist                      | HSA     | HSA     | 1
hub_legalhold_add                             | -       | -       | 0
hub_legalhold_history                         | HSA     | HSA     | 0
hub_legalhold_delete                          | -       | -       | 0
hub_legalhold_change                          | HSA     | HSA     | 1
hub_pulse_changelist                          | HA      | HA      | 0
hub_pulse_retention                           | HA      | HA      | 0
hub_outgoingmail_look                         | H       | H       | 0
hub_outgoingmail_changelist                   | H       | H       | 0
hub_outgoingmail_add                          | -       | -       | 0
hub_outgoingmail_history                      | H       | H       | 0
hub_outgoingmail_delete                       | -       | -       | 0
hub_outgoingmail_change                       | H       | -       | 0
hub_figures_changelist                        | CSA     | CSA     | 0
hub_figures_file                              | CSA     | CSA     | 0
accounts_staffmember_roles                    | S       | S       | 1
accounts_staffmember_stop                     | S       | S       | 1
accounts_staffmember_second_step              | S       | S       | 1
accounts_staffmember_start_again              | S       | S       | 0
accounts_staffmember_call_off                 | S       | S       | 0
accounts_staffmember_send_again               | S       | S       | 0
accounts_staffmember_changelist               | SA      | SA      | 1
accounts_staffmember_add                      | S       | S       | 0
accounts_staffmember_history                  | SA      | SA      | 0
accounts_staffmember_delete                   | -       | -       | 0
accounts_staffmember_change                   | SA      | SA      | 1
accounts_conflict_take_back                   | S       | S       | 0
accounts_conflict_changelist                  | ECFHSAN | ECFHSAN | 0
accounts_conflict_add                         | -       | -       | 0
accounts_conflict_history                     | ECFHSAN | ECFHSAN | 0
accounts_conflict_delete                      | -       | -       | 0
accounts_conflict_change                      | ECFHSAN | ECFHSAN | 0
accounts_user_act                             | H       | H       | 1
accounts_user_changelist                      | H       | H       | 0
accounts_user_add                             | -       | -       | 0
accounts_user_history                         | H       | H       | 0
accounts_user_delete                          | -       | -       | 0
accounts_user_change                          | H       | H       | 1
accounts_datarequest_act                      | HS      | HS      | 0
accounts_datarequest_changelist               | HS      | HS      | 1
accounts_datarequest_add                      | HS      | HS      | 0
accounts_datarequest_history                  | HS      | HS      | 0
accounts_datarequest_delete                   | -       | -       | 0
accounts_datarequest_change                   | HS      | -       | 1
parenting_plan_staffopening_changelist        | A       | A       | 1
parenting_plan_staffopening_add               | -       | -       | 0
parenting_plan_staffopening_history           | A       | A       | 0
parenting_plan_staffopening_delete            | -       | -       | 0
parenting_plan_staffopening_change            | A       | -       | 1
parenting_plan_plan_open                      | S       | S       | 0
parenting_plan_plan_words                     | S       | S       | 1
parenting_plan_plan_part                      | S       | S       | 1
parenting_plan_plan_close                     | S       | S       | 0
parenting_plan_plan_changelist                | S       | S       | 0
parenting_plan_plan_add                       | -       | -       | 0
parenting_plan_plan_history                   | S       | S       | 0
parenting_plan_plan_delete                    | -       | -       | 0
parenting_plan_plan_change                    | S       | -       | 1
parenting_plan_planevent_changelist           | A       | A       | 0
parenting_plan_planevent_add                  | -       | -       | 0
parenting_plan_planevent_history              | A       | A       | 0
parenting_plan_planevent_delete               | -       | -       | 0
parenting_plan_planevent_change               | A       | -       | 0
parenting_plan_invitation_changelist          | H       | H       | 0
parenting_plan_invitation_add                 | -       | -       | 0
parenting_plan_invitation_history             | H       | H       | 0
parenting_plan_invitation_delete              | -       | -       | 0
parenting_plan_invitation_change              | H       | -       | 0
parenting_plan_planerased_changelist          | A       | A       | 0
parenting_plan_planerased_add                 | -       | -       | 0
parenting_plan_planerased_history             | A       | A       | 0
parenting_plan_planerased_delete              | -       | -       | 0
parenting_plan_planerased_change              | A       | -       | 0
parenting_plan_issued_changelist              | A       | A       | 0
parenting_plan_issued_add                     | -       | -       | 0
parenting_plan_issued_history                 | A       | A       | 0
parenting_plan_issued_delete                  | -       | -       | 0
parenting_plan_issued_change                  | A       | -       | 0
parenting_plan_safetyreport_act               | S       | S       | 0
parenting_plan_safetyreport_changelist        | S       | S       | 1
parenting_plan_safetyreport_add               | -       | -       | 0
parenting_plan_safetyreport_history           | S       | S       | 0
parenting_plan_safetyreport_delete            | -       | -       | 0
parenting_plan_safetyreport_change            | S       | -       | 1
programmes_edition_preview_step               | E       | E       | 0
programmes_edition_preview_screen             | -       | -       | 0
programmes_edition_begin                      | E       | E       | 0
programmes_edition                            | E       | E       | 0
programmes_edition_piece                      | E       | E       | 0
programmes_edition_arrange                    | E       | E       | 0
programmes_edition_throw_away                 | -       | -       | 0
programmes_edition_compare                    | E       | E       | 0
programmes_edition_publish                    | E       | E       | 0
programmes_edition_plan                       | E       | E       | 0
programmes_edition_call_off                   | E       | E       | 0
programmes_chapter_take_out                   | E       | E       | 0
programmes_chapter_put_back                   | E       | E       | 0
programmes_edition_leave                      | E       | E       | 0
programmes_edition_preview                    | E       | E       | 0
programmes_chapter_changelist                 | E       | E       | 0
programmes_chapter_add                        | -       | -       | 0
programmes_chapter_history                    | E       | E       | 0
programmes_chapter_delete                     | -       | -       | 0
programmes_chapter_change                     | E       | E       | 0
programmes_import_template                    | C       | C       | 0
programmes_import_confirm                     | C       | C       | 0
programmes_import_call_off                    | C       | C       | 0
programmes_import_report                      | C       | C       | 0
programmes_import_changelist                  | C       | C       | 0
programmes_import_add                         | C       | C       | 0
programmes_import_history                     | C       | C       | 0
programmes_import_delete                      | -       | -       | 0
programmes_import_change                      | C       | C       | 1
programmes_enrolment_begin                    | C       | C       | 1
programmes_enrolment_meeting                  | C       | C       | 1
programmes_enrolment_attended                 | C       | C       | 0
programmes_enrolment_end                      | C       | C       | 1
programmes_enrolment_changelist               | C       | C       | 1
programmes_enrolment_add                      | C       | C       | 0
programmes_enrolment_history                  | C       | C       | 0
programmes_enrolment_delete                   | -       | -       | 0
programmes_enrolment_change                   | C       | C       | 1
programmes_return_pdf                         | C       | C       | 0
programmes_return_csv                         | C       | C       | 0
programmes_return_changelist                  | C       | C       | 1
programmes_return_add                         | -       | -       | 0
programmes_return_history                     | C       | C       | 0
programmes_return_delete                      | -       | -       | 0
programmes_return_change                      | C       | C       | 1
programmes_referral_send                      | C       | C       | 0
programmes_referral_suitable                  | C       | C       | 1
programmes_referral_withdraw                  | C       | C       | 1
programmes_referral_needs                     | C       | C       | 1
programmes_referral_place                     | C       | C       | 1
programmes_referral_give_up                   | C       | C       | 1
programmes_referral_apart                     | C       | C       | 1
programmes_referral_unpair                    | C       | C       | 0
programmes_referral_return                    | C       | C       | 0
programmes_referral_changelist                | C       | C       | 1
programmes_referral_add                       | C       | C       | 0
programmes_referral_history                   | C       | C       | 0
programmes_referral_delete                    | -       | -       | 0
programmes_referral_change                    | C       | C       | 1
programmes_workshop_attendance                | CF      | CF      | 0
programmes_workshop_register                  | CF      | CF      | 1
programmes_workshop_call_off                  | C       | C       | 1
programmes_workshop_arrange                   | C       | C       | 1
programmes_workshop_time                      | C       | C       | 1
programmes_workshop_changelist                | CF      | CF      | 0
programmes_workshop_add                       | C       | C       | 0
programmes_workshop_history                   | CF      | CF      | 0
programmes_workshop_delete                    | -       | -       | 0
programmes_workshop_change                    | CF      | CF      | 1
goals_goal_changelist                         | EA      | EA      | 0
goals_edition_begin                           | E       | E       | 0
goals_edition                                 | E       | E       | 0
goals_edition_piece                           | E       | E       | 0
goals_edition_arrange                         | E       | E       | 0
goals_edition_throw_away                      | -       | -       | 0
goals_edition_compare                         | E       | E       | 0
goals_edition_publish                         | E       | E       | 0
goals_edition_plan                            | E       | E       | 0
goals_edition_call_off                        | E       | E       | 0
goals_suggestion_take_out                     | E       | E       | 0
goals_suggestion_put_back                     | E       | E       | 0
goals_edition_leave                           | E       | E       | 0
goals_edition_preview                         | E       | E       | 0
goals_suggestion_changelist                   | E       | E       | 0
goals_suggestion_add                          | -       | -       | 0
goals_suggestion_history                      | E       | E       | 0
goals_suggestion_delete                       | -       | -       | 0
goals_suggestion_change                       | E       | E       | 0
articles_edition_begin                        | E       | E       | 0
articles_edition                              | E       | E       | 0
articles_edition_piece                        | E       | E       | 0
articles_edition_arrange                      | E       | E       | 0
articles_edition_throw_away                   | E       | E       | 0
articles_edition_compare                      | E       | E       | 0
articles_edition_publish                      | E       | E       | 0
articles_edition_plan                         | E       | E       | 0
articles_edition_call_off                     | E       | E       | 0
articles_article_take_out                     | E       | E       | 0
articles_article_put_back                     | E       | E       | 0
articles_edition_leave                        | E       | E       | 0
articles_edition_preview                      | E       | E       | 0
articles_article_changelist                   | E       | E       | 0
articles_article_add                          | -       | -       | 0
articles_article_history                      | E       | E       | 0
articles_article_delete                       | -       | -       | 0
articles_article_change                       | E       | E       | 0
app_list                                      | ECHSA   | ECHSA   | 0
staff/(?P<url>.*)$                            | -       | -       | 0
"""

REFUSED = {403, 404, 405}
CALM = {200, 302, 400, 409, 422}
SECRETS = [b"CANARY", b"Amara", b"amara@", b"ben@", b"Anya", b"at the library", b"gate on Fridays", b"ZW26P"]
# What is refused when it is not theirs: a case or plan they have a part in, another's workshop, another's file.
NOT_THEIRS = {
    "C": ("programmes_referral_", "programmes_enrolment_", "programmes_return_", "programmes_import_"),
    "F": ("programmes_workshop_",),
    "H": ("parenting_plan_invitation_", "accounts_datarequest_"),
    "S": ("parenting_plan_plan_", "parenting_plan_safetyreport_", "accounts_datarequest_"),
    "A": ("parenting_plan_planevent_", "parenting_plan_issued_", "parenting_plan_staffopening_"),
}
BOOKKEEPING = {"hub_accessrecord", "django_session", "usersessions_usersession"}


@cache
def addresses() -> dict[str, str]:
    """Each address of the staff pages as its route, by name; by its route where it has none."""
    found: dict[str, str] = {}

    def walk(patterns, route):
        for entry in patterns:
            here = route + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                walk(entry.url_patterns, here)
            elif entry.name or not here.endswith("/<path:object_id>/"):  # those without a name only lead on to change
                name = entry.name or here
                assert name not in found, f"two addresses are called {name}"
                found[name] = here

    (staff,) = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "staff/"]
    walk(staff.url_patterns, "staff/")
    return found


def rows() -> dict[str, tuple[str, str, int]]:
    found = {}
    for line in TABLE.strip().splitlines():
        name, opens, sends, lines = (cell.strip() for cell in line.split("|"))
        found[name] = (opens.replace("-", ""), sends.replace("-", ""), int(lines))
    return found


@pytest.fixture
def house(lively, amara, ben, person, settings):
    """One of everything that staff could open, and a member of staff for each role."""
    settings.HUB_STAFF_SECOND_STEP = True
    crew = {}
    for letter, title in WHO.items():
        crew[letter] = person(f"Crew{letter}", kind="staff", is_staff=True)
        crew[letter].groups.set(Group.objects.filter(name=title))
        TOTP.activate(crew[letter], "JBSWY3DPEHPK3PXP")
    family.draft(lively, amara, family.OVERNIGHTS, "CANARY of a draft")
    goals.start(person=amara, kind="me", words="CANARY of a goal")
    SafetyReport.objects.create(
        kind="safety", plan=lively, by=family.party(lively, ben), words="CANARY of a report", created_at=clock.now()
    )
    done = completed(amara)
    made = returning.make(done, by=None, at=clock.now())
    referral, workshop, _place = placed(ben, case="ZW26P00002")
    enrolled = Enrolment.objects.create(case=referral.party.case, basis="rule_16_4", made_at=clock.now())
    sheet = b"Case reference,Name,Email,Programme,Sent by,Date of order\nZW26P9,CANARY Row,row@example.com,x,court,x\n"
    brought = importing.send_in(sheet, by=crew["C"])
    invited = staff.invite(email="new@example.com", role_slugs=["auditor"], reason="To help.", by=crew["S"])
    opened = opening.open_words(plan=lively, by=crew["S"], case_reference="ZW26P00001", reason="A report says so.")
    issued = Issued.objects.create(plan=lively, fingerprint="f", code="C0DE", agreed=True, made_at=clock.now())
    gone = family.start(ben, children=[("Anya", 1980, 1)])
    erase_plans([gone.pk], "grown_up")
    paper = editing.begin(Paper.objects.first(), note="Better words", by=crew["E"], at=clock.now())
    steps = Edition.objects.filter(words__has_key="step").first()
    there = {
        "hub_outgoingmail": OutgoingMail.objects.first(),
        "hub_legalhold": holds.place(kind="person", text=str(ben.pk), reason="A court.", by=crew["N"]),
        "hub_helpline": Helpline.objects.first(),
        "hub_accessrecord": audit.record(person=None, what="try", about="nothing"),
        "accounts_user": amara,
        "parenting_plan_plan": lively,
        "parenting_plan_planevent": PlanEvent.objects.filter(plan=lively).first(),
        "parenting_plan_invitation": Invitation.objects.first(),
        "parenting_plan_issued": issued,
        "parenting_plan_planerased": gone.erased,
        "parenting_plan_safetyreport": SafetyReport.objects.get(words="CANARY of a report"),
        "programmes_chapter": Chapter.objects.exclude(slug="").first(),
        "programmes_edition": steps,
        "programmes_enrolment": enrolled,
        "programmes_referral": referral,
        "programmes_return": made,
        "programmes_workshop": workshop,
        "articles_article": Article.objects.first(),
        "articles_edition": Paper.objects.filter(published_at__isnull=False).first(),
        "articles_edition_throw_away": paper,
        "articles_edition_begin": Article.objects.first(),
        "programmes_edition_begin": Chapter.objects.first(),
        "goals_edition_begin": Suggestion.objects.first(),
        "hub_edition_begin": Helpline.objects.first(),
        "accounts_staffmember_call_off": invited,
        "accounts_staffmember_send_again": invited,
        "accounts_staffmember": crew["E"],
        "accounts_datarequest": asking.ask(person=amara, kind="erase", words="CANARY of a request"),
        "accounts_conflict": Conflict.objects.create(person=crew["C"], about="ABC123", declared_at=clock.now()),
        "parenting_plan_staffopening": opened,
        "programmes_import": brought,
        "goals_suggestion": Suggestion.objects.first(),
        "goals_edition": Idea.objects.first(),
        "hub_edition": Wording.objects.first(),
    }
    Workshop.objects.filter(pk=workshop.pk).update(facilitator=crew["F"])
    return {"crew": crew, "there": there}


def where(name: str, route: str, there: dict) -> str:
    """The address of what stands in the house."""
    known = sorted((each for each in there if name.startswith(each)), key=len)
    one = there.get(known[-1]) if known else None
    pk = str(one.pk) if one is not None else "1"
    section, question = family.HANDOVERS.split("/")
    parts = {"path:content_type_id": "1", "int:pair": "1", "slug:screen": "a-screen"}
    if "<slug:step>" in route:
        parts["slug:step"] = one.words["step"][0]["slug"]
    parts |= {"slug:section": section, "slug:question": question}
    parts["slug:act"] = {"accounts_user_act": "sign-out", "hub_legalhold_act": "ask-to-end"}.get(name, "note")
    route = re.sub(r"<([a-z]+:\w+)>", lambda found: parts.get(found[1], pk), route)
    route = re.sub(r"\^\(\?P<app_label>(\w+).*\)/\$", r"\1/", route)
    return "/" + route.replace("(?P<url>.*)$", "nowhere/")


def written() -> int:
    """How many rows this transaction has touched so far, apart from bookkeeping."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
            " WHERE NOT relname = ANY(%s)",
            [sorted(BOOKKEEPING)],
        )
        return int(cursor.fetchone()[0])


def prepare(client) -> None:
    """What a session does once is done; and helpdesk has just found the person whose page it opens."""
    client.get("/staff/")
    client.post("/staff/accounts/user/", {"email": "amara@example.com"})


def test_every_address_has_a_row():
    assert set(addresses()) == set(rows())


def test_the_roles_are_those_of_the_table():
    assert {title for title in WHO.values() if title} == {role.title for role in roles.ROLES}


def ask(client, method: str, address: str, told=None) -> tuple[int, bytes, int, int]:
    """Status, content, lines on record and rows written; undone afterwards, a sign-out too."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        lines, before = AccessRecord.objects.count(), written()
        answer = getattr(client, method)(address, told)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        status = 403 if answer.headers.get("Location", "").startswith("/staff/login/") else answer.status_code
        found = (status, content, 0, 0)
        if status != 500:  # after a fault of the database nothing more can be asked of it here
            found = (status, content, AccessRecord.objects.count() - lines, written() - before)
        transaction.set_rollback(True)
    client.cookies.load(cookies)
    return found


@pytest.mark.timeout(240)
@pytest.mark.parametrize("who", WHO)
def test_every_role_gets_what_the_table_says(house, signed_in, who):
    client, wrong, table = signed_in(house["crew"][who]), [], rows()
    client.raise_request_exception = False
    prepare(client)
    for name, route in addresses().items():
        opens, sends, lines = table.get(name, ("", "", 0))
        address = where(name, route, house["there"])
        status, content, told, _touched = ask(client, "get", address)
        if status not in REFUSED | CALM or (status not in REFUSED) != (who in opens):
            wrong.append(f"{name}: {who} gets {status} for {address}")
        if status == 200 and told != lines:
            wrong.append(f"{name}: {who} opened it, {told} lines on record, not {lines}")
        if not told and (shown := [secret for secret in SECRETS if secret in content]):
            wrong.append(f"{name}: {who} reads {shown}, and it is not on record")
        status, content, _told, touched = ask(client, "post", address)
        if status not in REFUSED | CALM or (status not in REFUSED) != (who in sends):
            wrong.append(f"{name}: {who} gets {status} for sending to {address}")
        if status in REFUSED and touched:
            wrong.append(f"{name}: {who} is refused, and {touched} rows changed")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", NOT_THEIRS)
def test_what_is_not_theirs_is_refused(house, signed_in, who):
    """Not a word of it, by any address; and nothing changes."""
    there, member, wrong = house["there"], house["crew"][who], []
    for about in (f"plan:{there['parenting_plan_plan'].reference}", "case:ZW26P00001", "case:ZW26P00002"):
        conflicts.declare(person=member, about=about, by=member)
    Workshop.objects.update(facilitator=None)
    Import.objects.update(made_by=house["crew"]["N"])
    client = signed_in(member)
    client.raise_request_exception = False
    prepare(client)
    names = [name for name in addresses() if name.startswith(NOT_THEIRS[who]) and "<" in addresses()[name]]
    assert len(names) >= 3
    for name in names:
        for method in ("get", "post"):
            status, content, _told, touched = ask(client, method, where(name, addresses()[name], there))
            goes_back = status == 302 and (method == "get" or name.endswith("_history"))  # away from what is not there
            if (status not in REFUSED and not goes_back) or touched or any(secret in content for secret in SECRETS):
                wrong.append(f"{name}: {who} gets {status} for {method}, {touched} rows changed")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", [letter for letter in WHO if letter not in "NE"])
def test_what_cannot_be_put_on_record_is_not_shown(house, signed_in, who):
    """A line that cannot be written refuses the page it stands for."""
    client, table = signed_in(house["crew"][who]), rows()
    client.raise_request_exception = False
    prepare(client)
    names = [name for name, (opens, _sends, lines) in table.items() if lines and who in opens]
    assert names
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the database writes down of new staff comes first
        cursor.execute("ALTER TABLE hub_accessrecord ADD CONSTRAINT full_up CHECK (id < 0) NOT VALID")
    for name in names:
        status, content, _told, _touched = ask(client, "get", where(name, addresses()[name], house["there"]))
        assert status == 500, name
        assert not [secret for secret in SECRETS if secret in content], name


LISTS = {
    "C": [
        "programmes/referral",
        "programmes/workshop",
        "programmes/enrolment",
        "programmes/return",
        "programmes/import",
    ],
    "E": ["articles/article", "programmes/chapter", "goals/suggestion", "hub/helpline"],
    "F": ["programmes/workshop"],
    "H": [
        "hub/outgoingmail",
        "accounts/user",
        "accounts/datarequest",
        "parenting_plan/invitation",
        "hub/pulse",
        "hub/legalhold",
    ],
    "S": ["parenting_plan/safetyreport", "parenting_plan/plan", "accounts/staffmember", "accounts/conflict"],
    "A": [
        "hub/accessrecord",
        "parenting_plan/staffopening",
        "parenting_plan/planevent",
        "parenting_plan/issued",
        "parenting_plan/planerased",
    ],
}


@pytest.mark.parametrize("who", LISTS)
def test_a_list_takes_twelve_queries_at_most(house, signed_in, who):
    """With the second step, the roles, the line on record and the banner of openings counted."""
    client, found = signed_in(house["crew"][who]), {}
    prepare(client)
    for each in LISTS[who]:
        client.get(f"/staff/{each}/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/staff/{each}/").status_code == 200
        found[each] = len(asked)
    assert max(found.values()) <= 12, found
