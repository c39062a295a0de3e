"""The page "People": nobody until a whole address is searched; reasons for every act; and cases of one's own."""

import pytest
from allauth.account.models import EmailAddress

from accounts import conflicts
from accounts.models import Conflict, User
from hub.models import AccessRecord
from tests.accounts.conftest import PASSWORD

PEOPLE = "/staff/accounts/user/"
OWN = "/staff/accounts/conflict/"


@pytest.fixture
def stella(member):
    return member("Stella", "helpdesk")


@pytest.fixture
def desk(open_door, signed_in, stella):
    return signed_in(stella)


@pytest.fixture
def at_amara(desk, amara):
    """The desk, with Amara found, and the address of her page."""
    desk.post(PEOPLE, {"email": amara.email})
    return f"{PEOPLE}{amara.pk}/"


def test_nobody_is_shown_until_a_whole_address_is_searched(desk, amara, ben):
    for path in (PEOPLE, f"{PEOPLE}?q=amara", f"{PEOPLE}?email__startswith=a", f"{PEOPLE}?all="):
        page = desk.get(path).content.decode()
        assert amara.email not in page and ben.email not in page
    for part in ("amara", "amara@", "@example.com", "a*@example.com", "amara@example.co"):
        assert desk.post(PEOPLE, {"email": part}).context["found"] is None
    page = desk.post(PEOPLE, {"email": " AMARA@Example.com"}).content.decode()
    assert f'href="{PEOPLE}{amara.pk}/change/"' in page and ben.email not in page


def test_each_search_is_one_line_and_never_what_was_typed(desk, amara, on_record):
    desk.post(PEOPLE, {"email": "nobody.at.all@example.com"})
    desk.post(PEOPLE, {"email": amara.email})
    desk.post(PEOPLE, {"email": "not an address"})
    assert [about for _who, _what, about, _why in on_record(what="search person")] == ["nobody", f"user:{amara.pk}"]
    kept = str(list(AccessRecord.objects.values()))
    assert "nobody.at.all" not in kept and amara.email not in kept


def test_a_number_in_the_address_bar_leads_nowhere(desk, amara, ben):
    desk.post(PEOPLE, {"email": amara.email})
    assert desk.get(f"{PEOPLE}{amara.pk}/change/").status_code == 200
    assert desk.get(f"{PEOPLE}{ben.pk}/change/").status_code == 404
    assert desk.post(f"{PEOPLE}{ben.pk}/do/close/", {"reason": "x"}).status_code == 404
    assert User.objects.get(pk=ben.pk).is_active


@pytest.mark.parametrize("who", ["staff account", "own account", "superuser"])
def test_staff_are_not_found_here(desk, stella, lead, person, who):
    found = {"staff account": lambda: lead, "own account": lambda: stella,
             "superuser": lambda: person("Root", is_superuser=True)}[who]()  # fmt: skip
    assert desk.post(PEOPLE, {"email": found.email}).context["found"] is None
    assert desk.get(f"{PEOPLE}{found.pk}/change/").status_code == 404
    assert desk.post(f"{PEOPLE}{found.pk}/do/close/", {"reason": "x"}).status_code == 404


def test_the_page_of_a_person_says_what_helpdesk_needs_and_is_read_on_record(desk, amara, at_amara, on_record):
    page = desk.get(f"{at_amara}change/").content.decode()
    assert amara.email in page and "Amara" in page and "Address confirmed" in page
    for secret in (amara.password, "md5$", "argon2", 'name="password"', 'name="email"', "Last sign-in", "last used"):
        assert secret not in page
    assert on_record()[-1] == ("Stella", "read person", f"user:{amara.pk}", "")


@pytest.mark.parametrize("act", ["confirm", "password", "sign-out", "close", "open"])
def test_each_act_asks_first_wants_a_reason_and_is_one_line(desk, amara, at_amara, act, on_record):
    before = len(on_record()) + 2  # the page itself says who it is about, and so is on record: each time it is drawn
    if act == "confirm":
        EmailAddress.objects.filter(user=amara).update(verified=False)
    if act == "open":
        User.objects.filter(pk=amara.pk).update(is_active=False)
    assert "<form" in desk.get(f"{at_amara}do/{act}/").content.decode()
    assert desk.post(f"{at_amara}do/{act}/", {"reason": " "}).status_code == 422
    assert len(on_record()) == before
    assert desk.post(f"{at_amara}do/{act}/", {"reason": "She rang."})["Location"] == f"{at_amara}change/"
    assert [(about, why) for _who, _what, about, why in on_record()[before:]] == [(f"user:{amara.pk}", "She rang.")]


@pytest.mark.parametrize(("act", "link"), [("confirm", "/accounts/login/"), ("password", "/accounts/password/reset/")])
def test_a_mail_leads_to_the_page_and_opens_nothing_by_itself(desk, amara, at_amara, letters, act, link):
    EmailAddress.objects.filter(user=amara).update(verified=False)
    desk.post(f"{at_amara}do/{act}/", {"reason": "She rang."})
    letter = letters()[0]
    assert (letter.to, letter.subject) == ([amara.email], "You have an update")
    assert link in letter.body and "Stella" not in letter.body


def test_signing_somebody_out_ends_every_session_of_theirs_and_no_others(desk, amara, ben, at_amara, signed_in):
    hers, his = [signed_in(amara) for _each in range(3)], signed_in(ben)
    assert {browser.get("/account/").status_code for browser in hers} == {200}
    desk.post(f"{at_amara}do/sign-out/", {"reason": "She rang."})
    assert [browser.get("/account/").status_code for browser in hers] == [302] * 3
    assert his.get("/account/").status_code == 200
    assert desk.get(PEOPLE).status_code == 200


def test_a_closed_account_does_not_sign_in_until_it_is_opened_again(desk, amara, at_amara, client, signed_in):
    hers = signed_in(amara)
    desk.post(f"{at_amara}do/close/", {"reason": "She asked us to."})
    assert hers.get("/account/").status_code == 302
    client.post("/accounts/login/", {"login": amara.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 302
    desk.post(f"{at_amara}do/open/", {"reason": "She asked us to."})
    assert hers.get("/account/").status_code == 302  # no old session comes back
    client.post("/accounts/login/", {"login": amara.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("role", ["auditor", "safeguarding-lead", "programme-coordinator", "facilitator"])
def test_the_page_is_for_helpdesk(open_door, signed_in, member, role):
    browser = signed_in(member("Mina", role))
    assert browser.get(PEOPLE).status_code == 403
    assert browser.post(PEOPLE, {"email": "amara@example.com"}).status_code == 403


# ---------------------------------------------------------------- cases of one's own


def test_naming_a_case_says_nothing_about_whether_it_is_there(desk, stella):
    answers = [desk.post(OWN, {"about": about}, follow=True).content.decode() for about in ("AB12-3456", "ZZ99-0000")]
    assert conflicts.has(stella, "case:AB123456", "plan:nothing")
    assert "It is written down" in answers[0] and "It is written down" in answers[1]
    assert desk.post(OWN, {"about": "-"}).status_code == 422


def test_only_the_lead_takes_one_back_and_never_their_own(open_door, desk, stella, lead, signed_in):
    desk.post(OWN, {"about": "AB12-3456"})
    made = Conflict.objects.get()
    assert desk.post(f"{OWN}{made.pk}/take-back/", {"reason": "x"}).status_code == 403
    chief = signed_in(lead)
    chief.post(OWN, {"others-person": stella.pk, "others-about": "CD99", "others": "yes"})
    assert conflicts.has(stella, "CD99") and not conflicts.has(lead, "CD99")
    assert "AB123456" in chief.get(OWN).content.decode()
    chief.post(f"{OWN}{made.pk}/take-back/", {"reason": "Another family."})
    assert not conflicts.has(stella, "AB123456")
    chief.post(OWN, {"about": "EF77"})
    chief.post(f"{OWN}{Conflict.objects.get(person=lead).pk}/take-back/", {"reason": "I can be fair."})
    assert conflicts.has(lead, "EF77")


def test_staff_see_their_own_cases_and_auditors_everybodys(open_door, desk, lead, member, signed_in):
    conflicts.declare(person=lead, about="EF77", by=lead)
    assert "EF77" not in desk.get(OWN).content.decode()
    page = signed_in(member("Audrey", "auditor")).get(OWN).content.decode()
    assert "EF77" in page and "Take it back" not in page
