"""What is taken back is gone on the very next request, a hundred times of a hundred (trust.md, test 10).

A stopped member of staff: tests/accounts/test_staff_accounts.py. A closed account: tests/accounts/test_closing.py.
"""

from django.contrib.auth.models import Group
from django.urls import reverse

from accounts import roles
from parenting_plan import actions
from parenting_plan.models import Draft, Proposal
from tests.parenting_plan import family
from tests.parenting_plan.conftest import lively, plan
from tests.parenting_plan.pages import form_at, said, url

__all__ = ["lively", "plan"]

HUNDRED = range(100)


def test_a_solicitor_who_may_read_no_longer(lively, amara, solicitor, signed_in):
    """A hundred open sessions of theirs; then access is given and taken back again and again."""
    browsers = [signed_in(solicitor) for _each in HUNDRED]
    address = reverse("parenting_plan:professional_plan", args=[lively.reference])
    hers = family.party(lively, amara)
    actions.grant(plan=lively, by=hers, email=solicitor.email)
    assert [browser.get(address).status_code for browser in browsers] == [200] * 100
    actions.revoke(granted=lively.grants.get(), by=hers)
    assert [browser.get(address).status_code for browser in browsers] == [404] * 100


def test_a_role_that_was_taken_away(staff, signed_in, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    helpdesk, auditor = (Group.objects.get(name=roles.by_slug()[slug].title) for slug in ("helpdesk", "auditor"))
    staff.is_superuser = False
    staff.save()
    staff.groups.set([helpdesk, auditor])
    browsers, address = [signed_in(staff) for _each in HUNDRED], "/staff/hub/outgoingmail/"
    assert {browser.get(address).status_code for browser in browsers} == {200}
    staff.groups.set([auditor])
    assert [browser.get(address).status_code for browser in browsers] == [403] * 100
    assert browsers[0].get("/staff/hub/accessrecord/").status_code == 200


def test_a_parent_who_left_writes_nothing_more(lively, amara, signed_in):
    """A hundred pages that were open before."""
    browsers, address = [signed_in(amara) for _each in HUNDRED], url("write", lively, family.OVERNIGHTS)
    forms = [form_at(browser, address) for browser in browsers]
    actions.leave(plan=lively, by=family.party(lively, amara))
    before = Proposal.objects.count()
    for browser, form in zip(browsers, forms, strict=True):
        answer = browser.post(address, form | {"text": "Mine.", "do": "send"}, follow=True)
        assert answer.status_code == 409 and "no longer shared" in said(answer)
        assert "Mine." in said(answer)  # their words are given back
    assert (Proposal.objects.count(), Draft.objects.count()) == (before, 0)


def test_sessions_that_were_ended_elsewhere(amara, signed_in):
    browsers = [signed_in(amara) for _each in HUNDRED]
    assert {browser.get("/account/").status_code for browser in browsers} == {200}
    amara.session_round += 1
    amara.save(update_fields=["session_round"])
    assert [browser.get("/account/").status_code for browser in browsers] == [302] * 100
