"""A long list is counted no further than its next pages, and never says fewer than there are."""

import pytest

from hub.models import OutgoingMail
from hub.paging import Pages, values_of

pytestmark = pytest.mark.django_db


def pages(rows, *, asked: int = 1) -> Pages:
    made = Pages(rows, 2)
    made.page_asked = asked
    return made


@pytest.fixture
def mails():
    kinds = ["b", "a", "b", "c", "a", "b", "b", "b", "b", "b"]
    OutgoingMail.objects.bulk_create(
        [OutgoingMail(key=str(n), kind=kind, to="x@example.com") for n, kind in enumerate(kinds)]
    )
    return OutgoingMail.objects.order_by("pk")


def test_a_choice_of_rows_is_counted_as_far_as_its_next_page(mails):
    some = mails.filter(kind="b")
    assert pages(some).how_many == "More than 4" and pages(some).num_pages == 3
    assert pages(some, asked=2).how_many == "More than 6" and pages(some, asked=3).how_many == "7"
    assert pages(mails.filter(kind="a")).how_many == "2" and pages(mails.none()).how_many == "0"


def test_a_whole_table_is_counted_while_it_is_short_and_then_asked_of_the_database(mails, monkeypatch):
    assert pages(mails).how_many == "10" and pages([1, 2, 3]).how_many == "3"
    monkeypatch.setattr(Pages, "FEW", -2)  # a table nobody has looked at has "-1" rows
    assert pages(mails).how_many.startswith("About ")


def test_every_value_of_a_column_is_found_once(mails):
    assert values_of(OutgoingMail, "kind") == ["a", "b", "c"]
