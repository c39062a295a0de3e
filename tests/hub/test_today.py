"""The first of the staff pages: what waits for each role, and nothing else."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.models import StaffMember
from hub import clock
from hub.models import OutgoingMail
from parenting_plan import actions
from programmes.actions import booking
from programmes.models import Referral, Workshop
from tests.parenting_plan import family
from tests.parenting_plan.conftest import plan
from tests.programmes import cases

__all__ = ["plan"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(person, settings):
    settings.HUB_STAFF_SECOND_STEP = False

    def make(role: str):
        made = person(role.replace(" ", ""), kind="staff", is_staff=True, last_login=clock.now())
        made.groups.set(Group.objects.filter(name=role))
        return made

    return make


def told(client) -> dict[str, int]:
    return {task.words: task.count for task in client.get("/staff/").context_data["tasks"]}


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
