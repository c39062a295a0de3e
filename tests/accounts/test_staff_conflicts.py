"""Nobody works on a case they have to do with themselves: what is named stays away from them."""

import pytest
from django.db import IntegrityError, transaction

from accounts import conflicts
from accounts.models import Conflict
from hub.models import AccessRecord


@pytest.fixture
def lead(person):
    return person("Lena", kind="staff", is_staff=True)


@pytest.mark.parametrize("written", ["k3v9 abcd efgh", "plan:K3V9-ABCD-EFGH", "k3v9abcdefgh", " K3V9 ABCD EFGH "])
def test_a_reference_is_found_however_it_is_written(staff, written):
    conflicts.declare(person=staff, about=written, by=staff)
    assert conflicts.has(staff, "plan:k3v9abcdefgh")
    assert not conflicts.has(staff, "plan:k3v9abcdefgj", "case:DEMO260001")


def test_a_nought_may_be_read_as_a_letter_and_what_was_written_is_shown(staff):
    assert str(conflicts.declare(person=staff, about="DEMO-26-0001", by=staff)) == "DEMO260001"
    conflicts.declare(person=staff, about="KOVl-ABCD-EFGH", by=staff)
    assert conflicts.has(staff, "plan:k0v1abcdefgh") and conflicts.has(staff, "case:DEMO260001")


def test_a_case_number_is_found_as_a_coordinator_writes_it(staff, lead):
    conflicts.declare(person=staff, about="demo/26-0001", by=lead)
    assert conflicts.has(staff, "plan:k3v9abcdefgh", "case:DEMO260001")
    assert not conflicts.has(lead, "case:DEMO260001")
    assert not conflicts.has(staff)


@pytest.mark.parametrize("written", ["", " - ", "x" * 41])
def test_what_names_nothing_is_refused_not_passed_over(staff, written):
    with pytest.raises(conflicts.NotAReference):
        conflicts.has(staff, written)
    with pytest.raises(conflicts.NotAReference):
        conflicts.declare(person=staff, about=written, by=staff)


def test_each_change_is_one_record_and_saying_it_twice_is_none(staff, lead):
    first = conflicts.declare(person=staff, about="DEMO-26-0001", by=staff)
    assert conflicts.declare(person=staff, about="demo260001", by=lead) == first
    conflicts.take_back(first, by=lead, reason="It was another family.")
    conflicts.take_back(first, by=lead, reason="Again.")
    assert not conflicts.has(staff, "case:DEMO260001")
    written = AccessRecord.objects.filter(person__isnull=False).order_by("pk")
    kept = list(written.values_list("person__first_name", "what", "about", "reason"))
    about = f"user:{staff.pk} conflict:{first.pk}"
    assert kept == [
        ("Stella", "name own case", about, ""),
        ("Lena", "take own case back", about, "It was another family."),
    ]
    assert conflicts.declare(person=staff, about="DEMO-26-0001", by=staff) != first


def test_nobody_takes_back_their_own(staff):
    mine = conflicts.declare(person=staff, about="DEMO-26-0001", by=staff)
    with pytest.raises(conflicts.OwnConflict):
        conflicts.take_back(mine, by=staff, reason="I can be fair.")
    assert conflicts.has(staff, "case:DEMO260001")


def test_the_database_keeps_one_open_row(staff):
    row = conflicts.declare(person=staff, about="DEMO-26-0001", by=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conflict.objects.create(person=staff, about=row.about, declared_at=row.declared_at)
