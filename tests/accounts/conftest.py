"""What the tests of the people's room may ask for: their mails, and the codes in them."""

import re

import pytest
from django.core import mail as sent

from accounts import roles
from accounts.models import User
from hub import mail

PASSWORD = "a long walk by the canal"
CODE = re.compile(r"^\s+([B-Z]{4}-[B-Z]{4})$", re.MULTILINE)


@pytest.fixture(autouse=True)
def fresh(db):
    """Every test here has a database, and so starts with nobody's limits used up."""


@pytest.fixture
def letters():
    """letters(): what has left the outbox since the last call, oldest first."""

    def deliver():
        del sent.outbox[:]
        mail.relay()
        return list(sent.outbox)

    return deliver


@pytest.fixture
def code_sent(letters):
    """code_sent("a@example.com"): the code in the newest mail to that address."""

    def read(address: str) -> str:
        letter = [letter for letter in letters() if letter.to == [address]][-1]
        found = CODE.search(letter.body)
        assert found, letter.body
        return found[1]

    return read


@pytest.fixture
def newcomer():
    """newcomer(): what a parent types to make an account."""

    def words(**changes):
        return {"first_name": "Amara", "email": "amara@example.com", "password1": PASSWORD} | changes

    return words


@pytest.fixture
def joined(db, client, newcomer, code_sent):
    """joined(client): signs Amara up, code and all; gives back the person."""

    def make(browser=client, page="/accounts/signup/", **changes):
        typed = newcomer(**changes)
        assert browser.post(page, typed).status_code == 302
        address = User.objects.normal_email(typed["email"])
        answer = browser.post("/accounts/confirm-email/", {"code": code_sent(address)})
        assert answer.status_code == 302, answer.content.decode()
        return User.objects.get(email=address)

    return make


@pytest.fixture
def member(person):
    """member("Lena", "safeguarding-lead"): somebody who works here, with these roles."""
    from django.contrib.auth.models import Group

    def make(first_name: str, *slugs: str):
        made = person(first_name, kind="staff", is_staff=True)
        made.groups.set(Group.objects.filter(name__in=[roles.by_slug()[slug].title for slug in slugs]))
        return made

    return make


@pytest.fixture
def lead(member):
    return member("Lena", "safeguarding-lead")


@pytest.fixture
def open_door(settings):
    """Staff pages without a second step: for tests of what is behind the door."""
    settings.HUB_STAFF_SECOND_STEP = False


@pytest.fixture
def on_record():
    """on_record(): what signed-in people did, as (first name, what, about, reason), in order."""
    from hub.models import AccessRecord

    def read(**which):
        rows = AccessRecord.objects.filter(**(which or {"person__isnull": False})).order_by("pk")
        return list(rows.values_list("person__first_name", "what", "about", "reason"))

    return read
