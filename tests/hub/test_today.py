"""The first of the staff pages: what waits for each role, and nothing else."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from accounts import conflicts
from accounts.models import StaffMember
from accounts.rights import asking
from hub import clock, holds
from hub.models import OutgoingMail
from parenting_plan import actions
from programmes.actions import booking
from programmes.models import Referral, Workshop
from tests.parenting_plan import family
from tests.parenting_plan.conftest import plan
from tests.programmes import cases

__all__ = ["plan"]

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def crew(person, settings):
    settings.HUB_STAFF_SECOND_STEP = False

    def make(role: str, name: str = ""):
        made = person(name or role.replace(" ", ""), kind="staff", is_staff=True, last_login=clock.now())
        made.groups.set(Group.objects.filter(name=role))
        return made

    return make


def told(client) -> dict[str, tuple[int, str]]:
    """Each line of the first page: its number, and where it leads."""
    page = client.get("/staff/").content.decode()
    line = r'<a href="([^"]+)"><span class="staff-today__count">(\d+)</span> <span class="staff-today__words">([^<]+)<'
    return {words: (int(count), html.unescape(address)) for address, count, words in re.findall(line, page)}


def shown(signed_in, member) -> str:
    return signed_in(member).get("/staff/").content.decode()


@pytest.fixture
def waiting(plan, amara, ben, stranger):
    """Something for every role."""
    now = clock.now()
    actions.report(kind="safety", party=family.party(plan, ben), words="CANARY of a report")
    cases.refer(amara.email, case="ZW26P00001", at=now)
    unused = cases.refer(ben.email, case="ZW26P00002", at=now)
    cases.referring.send_link(unused, at=now)
    Referral.objects.filter(pk=unused.pk).update(link_expires_at=now - timedelta(hours=1))
    joined = cases.joined(stranger, case="ZW26P00003", at=now)
    begun = cases.workshop_for(joined, starts_at=now + timedelta(days=5))
    booking.book(joined, begun, at=now)
    Workshop.objects.filter(pk=begun.pk).update(starts_at=now - timedelta(hours=4))
    cases.workshop(now + timedelta(days=3))
    OutgoingMail.objects.create(key="dead", kind="accounts/x", to="somebody@example.com", state=OutgoingMail.State.DEAD)
    return begun


def test_each_role_is_told_its_own_work_and_no_name(waiting, crew, signed_in, db):
    Workshop.objects.filter(pk=waiting.pk).update(facilitator=(finn := crew("Facilitator")))
    pages = {
        "Programme coordinator": [
            "referral whose link was not sent yet",
            "person whose link ran out before they joined",
            "workshop in the next seven days",
            "workshop for which it is not recorded who came",
        ],
        "Helpdesk": ["mail that was given up"],
        "Safeguarding lead": ["safety report that is not closed"],
    }
    for role, lines in pages.items():
        page = shown(signed_in, crew(role))
        for line in lines:
            assert line in page, (role, line)
        for others in pages.values():
            assert not [line for line in others if line not in lines and line in page], role
        assert not [name for name in ("CANARY", "ZW26P", "amara@", "Stranger") if name in page], role
    page = shown(signed_in, finn)
    assert "workshop for which it is not recorded who came" in page and "in the next seven days" not in page


def test_somebody_without_a_role_is_told_whom_to_ask(crew, signed_in):
    page = shown(signed_in, crew(""))
    assert "You have no role yet" in page and "Nothing waits for you." in page


def test_the_roles_of_somebody_are_said_in_plain_words(crew, signed_in):
    page = shown(signed_in, crew("Auditor"))
    assert "Reads who opened and did what" in page and "Nothing waits for you." in page


def test_an_account_that_will_be_stopped_is_told_to_the_safeguarding_lead(crew, signed_in, settings):
    sleeper = crew("Helpdesk")
    StaffMember.objects.filter(pk=sleeper.pk).update(
        last_login=clock.now() - timedelta(days=settings.HUB_STAFF_UNUSED_DAYS - 2)
    )
    assert "staff account that will be stopped within a week" in shown(signed_in, crew("Safeguarding lead"))


@pytest.fixture
def more_than_waits(waiting, amara, crew):
    """Beside what waits, rows of each list that do not wait: far off, done long ago, or for somebody else to do."""
    now = clock.now()
    for days in (20, 30):
        cases.workshop(now + timedelta(days=days))
    for days in (1, 200):
        Workshop.objects.filter(pk=cases.workshop(now + timedelta(days=40)).pk).update(starts_at=now - days * DAY)
    off = cases.workshop(now + timedelta(days=2))
    booking.call_off(off, at=now)
    cases.joined(cases.parent(), case="ZW26P00009", at=now)
    asking.ask(person=amara, kind="erase", words="Words")
    placer = crew("Safeguarding lead", "Placer")
    holds.place(kind="person", text=str(amara.pk), reason="A court.", by=placer)
    StaffMember.objects.filter(pk=crew("Helpdesk", "Sleeper").pk).update(last_login=now - 58 * DAY)
    return placer


@pytest.mark.parametrize("role", ["Programme coordinator", "Helpdesk", "Safeguarding lead", "Facilitator"])
def test_each_number_is_the_number_of_rows_it_leads_to(more_than_waits, waiting, crew, signed_in, role):
    member = crew(role)
    if role == "Facilitator":
        Workshop.objects.filter(starts_at__lt=clock.now() + 10 * DAY).update(facilitator=member)
    holds.place(kind="case", text="ZW26P00003", reason="A court.", by=more_than_waits)
    if role in {"Helpdesk", "Safeguarding lead"}:
        holds.place(kind="case", text="ZW26P00002", reason="A court.", by=member)
    client = signed_in(member)
    lines = told(client)
    assert len(lines) > 1
    for words, (count, address) in lines.items():
        assert count == len(client.get(address).context["cl"].result_list), words


def test_nothing_of_a_case_of_their_own_is_counted(waiting, crew, signed_in):
    cora = crew("Programme coordinator")
    before = told(signed_in(cora))
    for case in ("ZW26P00001", "ZW26P00002", "ZW26P00003"):
        conflicts.declare(person=cora, about=f"case:{case}", by=cora)
    left = told(signed_in(cora))
    assert len(before) == 4 and {words: count for words, (count, _address) in left.items()} == {
        "workshop in the next seven days": 1
    }


@pytest.mark.parametrize("role", ["Content editor", "Programme coordinator", "Facilitator", "Safeguarding lead"])
def test_the_first_page_takes_few_queries(waiting, crew, signed_in, role, django_assert_max_num_queries):
    client = signed_in(crew(role))
    client.get("/staff/")
    with django_assert_max_num_queries(30 if role == "Content editor" else 12):
        client.get("/staff/")


def test_the_first_page_is_read_by_everybody(waiting, crew, open_browser, javascript, axe, no_sideways_scroll):
    window = open_browser(crew("Programme coordinator"), javascript=javascript, width=390)
    window.goto("/staff/")
    axe(window)
    no_sideways_scroll(window)
    window.get_by_role("link", name="1 referral whose link was not sent yet").click()
    assert window.get_by_role("heading", level=1, name="Referrals").is_visible()
    assert window.get_by_text("ZW26P00001").is_visible()
    axe(window)
    no_sideways_scroll(window)
