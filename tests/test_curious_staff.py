"""What a curious member of staff tries by hand: addresses, methods and forms that no page offers (trust T14)."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts import conflicts
from accounts.models import User
from accounts.staff import actions as staff_actions
from hub import audit, clock
from hub.models import AccessRecord
from parenting_plan.models import Plan, SafetyReport
from programmes.models import Return
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_closing import sure
from tests.accounts.test_looking_after import app_code
from tests.parenting_plan.conftest import lively, plan
from tests.test_staff_roles import SECRETS, WHO, addresses, ask, house, prepare, rows, where

__all__ = ["house", "lively", "plan"]

SECRET = "JBSWY3DPEHPK3PXP"  # of the app of everybody in the house


@pytest.fixture
def crew(house, signed_in):
    """crew("S"): a client in which this member of staff is signed in, and has done what is done once."""

    def make(who: str) -> Client:
        client = signed_in(house["crew"][who])
        client.raise_request_exception = False
        prepare(client)
        return client

    return make


def opened_by(who: str, ending: str = "") -> list[str]:
    return [name for name, (opens, _sends, _lines) in rows().items() if who in opens and name.endswith(ending)]


def by_somebody(crew, ending: str = ""):
    """Each address that a role opens, once: who, their client, its name. Not those where articles and courses are
    written: they hold nothing of a person's.
    """
    seen = set()
    for who in "SCHAF":
        client = crew(who)
        for name in opened_by(who, ending):
            if name not in seen:
                seen.add(name)
                yield who, client, name


# ---------------------------------------------------------------- what addresses ask of lists


@pytest.mark.django_db
def test_no_list_is_asked_for_a_column_that_it_does_not_offer(rf):
    """Letter by letter, words of a plan or the hash of a password could be found out by hit or miss."""
    allowed = set()
    for model, desk in admin.site._registry.items():
        names = {field.name for field in model._meta.get_fields()}
        names |= {each.parameter_name for each in desk.list_filter if not isinstance(each, str)}
        for column in names:
            for how in (
                "startswith",
                "regex",
                "gt",
                "password__startswith",
                "plan__clauses__proposals__value__contains",
            ):
                if desk.lookup_allowed(f"{column}__{how}", "a", rf.get("/")):
                    allowed.add(f"{model._meta.label}: {column}__{how}")
    assert not allowed


ODD = [
    "p=99999999999999999999&all=1",
    "e=1&p=99999999",
    "o=1.2.3.-99.x.99999999999999999999999&_facets=1&_popup=1&_to_field=id",
    "_to_field=password",
    "q=%00",
    "q=%27%20OR%201=1" + "a%20" * 2000,  # more than the database could look for within its time
    "state=%00&kind=%00&programme=%00&topic=%00&who=%00&after=9999999999999999999",
    "owner__password__startswith=argon2",
    "kind__exact=a&kind__exact=b",
]


def test_no_list_breaks_or_tells_more_by_what_is_typed_into_its_address(crew):
    wrong = []
    for who, client, name in by_somebody(crew, "_changelist"):
        for asked in ODD:
            status, content, lines, _ = ask(client, "get", f"{reverse('admin:' + name)}?{asked}")
            shown = [secret for secret in SECRETS if secret in content]
            if status not in {200, 302, 400, 422} or (shown and not lines) or b"argon2" in content:
                wrong.append(f"{who}: {status} for {name}?{asked[:60]}, {lines} lines, {shown}")
    assert not wrong, "\n".join(wrong)


# ---------------------------------------------------------------- a line for every read, by any method


NONSENSE = [("post", {"nonsense": "1"})]
BY_HAND = [("head", {}), ("options", ""), ("post", {"index": "0", "action": "x", "_selected_action": "x"})]
MADE_BY_DJANGO = ("_changelist", "_change")  # pages of ours answer three methods alone


def test_nothing_of_a_person_is_read_by_any_method_without_a_line(house, crew):
    """A form sent with nonsense draws the page again, and a list drawn for OPTIONS is a list."""
    wrong, table = [], rows()
    for who, client, name in by_somebody(crew):
        address = where(name, addresses()[name], house["there"])
        for method, told in NONSENSE + (BY_HAND if name.endswith(MADE_BY_DJANGO) else []):
            status, content, lines, touched = ask(client, method, address, told)
            shown = [secret for secret in SECRETS if secret in content]
            unseen = method == "head" and status == 200 and lines != table[name][2]
            if status == 500 or (shown and not lines) or lines > 1 or unseen or (touched and method != "post"):
                wrong.append(f"{who}: {method} {told} {name}: {status}, {lines} lines, {touched} rows, {shown}")
    assert not wrong, "\n".join(wrong)


def test_whoever_is_shown_to_be_kept_apart_is_on_record(house, crew):
    """The check page names somebody of another case by their address."""
    mine = house["there"]["programmes_referral"]
    other = house["there"]["programmes_return"].referral
    address = reverse("admin:programmes_referral_apart", args=[mine.pk])
    told = {"case_reference": other.party.case.reference, "email": other.party.email}
    answer = crew("C").post(address, told)
    assert other.party.name in answer.content.decode()
    read = AccessRecord.objects.filter(person=house["crew"]["C"], what="read referral").values_list("about", flat=True)
    assert sorted(read) == sorted([f"referral:{mine.pk}", f"referral:{other.pk}"])


# ---------------------------------------------------------------- Django's own ways on


def test_django_completes_no_name_and_leads_to_no_row(house, crew):
    """Any row of any table, by a few letters of its name or by its number, for whoever is through the door."""
    keys = [
        (m._meta.app_label, m._meta.model_name, f.name)
        for m in apps.get_models()
        for f in m._meta.fields
        if f.remote_field
    ]
    client, answers = crew("C"), set()
    for app, model, field in keys:
        asked = {"app_label": app, "model_name": model, "field_name": field, "term": "a"}
        answers.add(client.get("/staff/autocomplete/", asked).status_code)
    for kind in ContentType.objects.all():
        there = kind.model_class()._base_manager.first()
        answers |= {client.get(f"/staff/r/{kind.pk}/{pk}/").status_code for pk in (there.pk if there else 1, "nobody")}
    assert answers == {404}


# ---------------------------------------------------------------- forms made by hand


def test_nothing_is_changed_by_a_form_that_no_page_has(house, crew):
    """Every column of the row, saved as new, with rows of other tables beside it; and deleted, with a yes."""
    wrong = []
    for who, client, name in by_somebody(crew, "_change"):
        if name == "password_change":
            continue
        model = apps.get_model(*name.removesuffix("_change").rsplit("_", 1))
        told = {field.name: "1" for field in model._meta.fields} | {"_save": "1", "_saveasnew": "1"}
        for prefix in ("form", "clauses", "parties", "notes"):
            told |= {f"{prefix}-TOTAL_FORMS": "2", f"{prefix}-INITIAL_FORMS": "1", f"{prefix}-0-id": "1"}
        address = where(name, addresses()[name], house["there"])
        for to, form in ((address, told), (address.replace("/change/", "/delete/"), {"post": "yes"})):
            status, _content, _lines, touched = ask(client, "post", to, form)
            if touched or status == 500:
                wrong.append(f"{who}: {status} for {to}, {touched} rows changed")
    assert not wrong, "\n".join(wrong)


def test_acts_on_many_leave_out_what_is_not_theirs(house, crew):
    """The numbers of rows, or "all of them", posted by hand."""
    lead, mine = house["crew"]["S"], house["there"]["parenting_plan_plan"]
    conflicts.declare(person=lead, about=f"plan:{mine.reference}", by=lead)
    client, address = crew("S"), reverse("admin:parenting_plan_plan_changelist")
    for chosen, across, answer in (([mine.pk, 99], "1", 302), ([mine.pk, 99], "0", 302), (["x"], "0", 400)):
        told = {"action": "pause", "index": "0", "_selected_action": chosen, "confirmed": "1", "select_across": across}
        assert client.post(address, told).status_code == answer
    assert not Plan.objects.filter(pk=mine.pk, paused_at__isnull=False).exists()
    assert AccessRecord.objects.filter(what="pause plan", about=f"plan:{mine.reference}").count() == 0
    coordinator, referral = house["crew"]["C"], house["there"]["programmes_referral"]
    conflicts.declare(person=coordinator, about=f"case:{referral.party.case.reference}", by=coordinator)
    told = {"action": "send_links", "index": "0", "_selected_action": [referral.pk], "select_across": "1"}
    check = crew("C").post(reverse("admin:programmes_referral_changelist"), told).content.decode()
    assert referral.party.case.reference not in check and f'value="{referral.pk}"' not in check


# ---------------------------------------------------------------- their own family


def own(house, who: str, how: str):
    """This member of staff has to do with Amara's and Ben's plan."""
    member, shared = house["crew"][who], house["there"]["parenting_plan_plan"]
    if how == "named":
        conflicts.declare(person=member, about=f"plan:{shared.reference}", by=member)
    else:
        shared.parties.filter(user__first_name="Ben").update(user=member)
    return member


@pytest.mark.parametrize("how", ["named", "parent"])
def test_helpdesk_does_not_find_sign_out_or_close_the_other_parent(house, crew, amara, how):
    client = crew("H")  # who has found her a moment ago
    page, act = (
        reverse(f"admin:accounts_user_{each}", args=[amara.pk, *more])
        for each, more in (("change", []), ("act", ["close"]))
    )
    member = own(house, "H", how)
    assert client.get(page).status_code == 404
    assert client.post(act, {"reason": "We are divorced."}).status_code == 404
    found = client.post(reverse("admin:accounts_user_changelist"), {"email": "amara@example.com"})
    nobody = client.post(reverse("admin:accounts_user_changelist"), {"email": "who@example.com"})
    plain = [re.sub(r'value="[^"]*"', "", each.content.decode()) for each in (found, nobody)]
    assert plain[0] == plain[1] and "Nobody with that address" in plain[0]
    assert User.objects.get(pk=amara.pk).is_active
    refused = AccessRecord.objects.filter(person=member, what="refused own case", about=f"user:{amara.pk}")
    assert refused.count() == 3


@pytest.mark.parametrize("how", ["named", "parent"])
def test_an_auditor_reads_no_line_about_their_own_family(house, crew, amara, ben, how):
    """That somebody told us, that staff opened the words, and why: the other parent must not learn it here."""
    shared, report = house["there"]["parenting_plan_plan"], house["there"]["parenting_plan_safetyreport"]
    asked = house["there"]["accounts_datarequest"]
    abouts = {f"plan:{shared.reference}", f"report:{report.pk}", f"user:{amara.pk}", f"request:{asked.pk}"}
    for about in abouts:
        audit.record(person=house["crew"]["S"], what="try", about=about, reason="CANARY")
    page, file = reverse("admin:hub_accessrecord_changelist"), reverse("admin:hub_accessrecord_file")
    client = crew("A")
    sure(client)
    seen = {row.about for row in client.get(page, {"what": "try"}).context_data["rows"]}
    assert abouts <= seen and all(about in client.get(file, {"what": "try"}).content.decode() for about in abouts)
    own(house, "A", how)
    for about in abouts:
        assert not client.get(page, {"about": about}).context_data["rows"]
    assert not [about for about in abouts if about in client.get(page).content.decode()]
    assert not [about for about in abouts if about in client.get(file).content.decode()]


# ---------------------------------------------------------------- coming in


@pytest.fixture
def newcomer(house, person):
    """A member of staff without a second step yet."""
    return person("Nell", kind="staff", is_staff=True)


def by_password(person) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def gets_in(client: Client) -> bool:
    return client.get("/staff/").status_code == 200


def test_a_session_that_never_showed_a_second_step_ends_when_one_is_added(newcomer, django_capture_on_commit_callbacks):
    """Whoever knew the password before would otherwise be through the door once its owner adds an app."""
    thief, owner = by_password(newcomer), by_password(newcomer)
    assert not gets_in(thief) and not gets_in(owner)
    sure(owner)
    secret = owner.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        owner.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert gets_in(owner) and not gets_in(thief)
    assert thief.get(reverse("accounts:settings")).status_code == 302


def test_half_of_a_sign_in_opens_nothing(house):
    member = house["crew"]["S"]
    client = by_password(member)
    before = client.cookies["hub_session"].value
    for address in ("/staff/", "/staff/login/?next=/staff/", reverse("admin:parenting_plan_plan_changelist")):
        assert client.get(address).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": app_code(SECRET)})
    assert gets_in(client) and client.cookies["hub_session"].value != before
    stale = Client()
    stale.cookies["hub_session"] = before
    assert not gets_in(stale)  # the session of the first half is not that of the whole


def test_an_account_that_is_stopped_in_the_middle_of_signing_in_stays_out(house):
    client = by_password(house["crew"]["C"])
    staff_actions.stop(house["crew"]["C"], by=house["crew"]["S"], reason="Left.")
    client.post(reverse("mfa_authenticate"), {"code": app_code(SECRET)})
    assert not gets_in(client) and client.get(reverse("accounts:settings")).status_code == 302


def test_a_page_that_was_open_when_powers_went_does_nothing_more(house, crew):
    """The very next request, a form: of a lead who was stopped, and of one whose role was taken."""
    shared, report = house["there"]["parenting_plan_plan"], house["there"]["parenting_plan_safetyreport"]
    address = reverse("admin:parenting_plan_safetyreport_act", args=[report.pk, "take"])
    for end in ("role", "stopped"):
        client, member = crew("S"), house["crew"]["S"]
        assert client.get(address).status_code == 200
        if end == "role":
            member.groups.set(house["crew"]["E"].groups.all())
        else:
            User.objects.filter(pk=member.pk).update(is_active=False)
        assert client.post(address, {"version": report.version}).status_code == (403 if end == "role" else 302)
        assert client.get(reverse("admin:parenting_plan_plan_words", args=[shared.pk])).status_code in {302, 403}
        member.groups.set(type(member.groups.first()).objects.filter(name=WHO["S"]))
    assert SafetyReport.objects.get(pk=report.pk).owner is None


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_the_door_leads_nowhere_else(house, crew, to):
    assert crew("N").get("/staff/login/", {"next": to}).headers["Location"] == "/staff/"


# ---------------------------------------------------------------- files


def files_of(house) -> list[tuple[str, str]]:
    """Who saves what, with somebody's data in it."""
    there = house["there"]
    return [
        ("C", reverse("admin:programmes_import_report", args=[there["programmes_import"].pk])),
        ("C", reverse("admin:programmes_return_csv", args=[there["programmes_return"].pk])),
        ("C", reverse("admin:programmes_return_pdf", args=[there["programmes_return"].pk])),
        ("A", reverse("admin:hub_accessrecord_file")),
    ]


def test_a_file_about_people_is_saved_by_somebody_who_has_just_shown_who_they_are(house, crew):
    for who, address in files_of(house):
        client = crew(who)
        lines = AccessRecord.objects.count()
        answer = client.get(address)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/reauthenticate/"), address
        assert "A file about people" in client.get(answer.headers["Location"]).content.decode()
        assert AccessRecord.objects.count() == lines
        sure(client)
        saved = client.get(
            address, headers={"Range": "bytes=0-9", "If-Modified-Since": "Sun, 22 Nov 2037 00:00:00 GMT"}
        )
        assert saved.status_code == 200 and len(saved.content) > 10
        assert "no-store" in saved.headers["Cache-Control"] and not {"ETag", "Last-Modified"} & set(saved.headers)
        assert saved.headers["Content-Disposition"].startswith("attachment")
        assert AccessRecord.objects.count() == lines + 1, address
        address_after = client.cookies["hub_session"].value
        client.post(reverse("admin:logout"))
        client.cookies["hub_session"] = address_after
        assert client.get(address).status_code == 302


STARTERS = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "＝",
    "\u00a0=",
    "\u200b=",
    "\u2060=",
    "\u3000=",
    "\ufeff＠",
    "\u202e=",
]


def test_no_cell_of_any_file_begins_to_calculate(house, crew):
    """Twelve ways to begin a formula and three more that cannot be seen, in each file that has free words in it."""
    sent, made = house["there"]["programmes_import"], house["there"]["programmes_return"]
    hostile = [f"{start}cmd|'/C calc'!A0" for start in STARTERS]
    row = sent.rows.first()
    for number, words in enumerate(hostile):
        audit.record(person=house["crew"]["S"], what="try", about="nothing", reason=words)
        sent.rows.create(line=100 + number, verdict=row.verdict, words=row.words | {"name": words})
        Return.objects.create(
            referral=made.referral, facts=made.facts | {"name": words}, made_at=clock.now() + timedelta(days=number)
        )
    clients = {who: crew(who) for who in "CA"}
    for client in clients.values():
        sure(client)
    found = []
    for address in [files_of(house)[0], files_of(house)[3]]:
        found.append(clients[address[0]].get(address[1]).content.decode("utf-8-sig"))
    for each in Return.objects.filter(made_at__gt=made.made_at):
        found.append(
            clients["C"].get(reverse("admin:programmes_return_csv", args=[each.pk])).content.decode("utf-8-sig")
        )
    cells = [
        cell for text in found for line in csv.reader(io.StringIO(text, newline="")) for cell in line if "calc" in cell
    ]
    assert len(cells) == 3 * len(STARTERS)
    assert not [cell for cell in cells if not cell.startswith("'")]


# ---------------------------------------------------------------- after they have left


def test_no_staff_page_is_kept_by_a_browser(house, crew):
    wrong, client = [], crew("S")
    for name in opened_by("S"):
        answer = client.get(where(name, addresses()[name], house["there"]))
        keeps = "no-store" not in answer.headers.get("Cache-Control", "")
        if answer.status_code == 200 and (keeps or {"ETag", "Last-Modified"} & set(answer.headers)):
            wrong.append(name)
    assert not wrong
