"""Numbers for those who answer for the hub: counted by a worker, rounded, and nobody can be made out."""

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.models import Permission

from hub import clock, figures, pulse, tasks
from hub.figures import Table, days_in_the_middle, rounded
from parenting_plan.models import Party, Plan
from tests.programmes import cases

pytestmark = pytest.mark.django_db

PAGE, FILE = "/staff/hub/figures/", "/staff/hub/figures/file/"


@pytest.fixture
def manager(staff, settings, signed_in):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.user_permissions.set(Permission.objects.filter(codename="view_figures"))
    return signed_in(staff)


def table(key: str) -> dict[str, list]:
    (found,) = [each for each in figures.last().tables if each.key == key]
    return dict(found.rows)


@pytest.mark.parametrize(
    ("count", "told"), [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1000, 1000)]
)
def test_numbers_of_people_are_rounded_and_small_ones_are_not_told(count, told):
    assert rounded(count) == told


def test_a_time_in_the_middle_needs_many_behind_it():
    day = 86400.0
    assert days_in_the_middle([day] * 19) is None
    assert days_in_the_middle([day * n for n in range(1, 22)]) == 11
    assert days_in_the_middle([10.0] * 30) == 1


@pytest.mark.parametrize(
    ("at", "first", "last_end"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), "2025-11-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00"),
        (datetime(2026, 1, 1, 0, 30, tzinfo=UTC), "2025-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "2025-07-01T00:00:00+01:00", "2026-07-01T00:00:00+01:00"),
    ],
    ids=["november", "new year", "a summer night that is July here"],
)
def test_the_twelve_months_are_full_ones_by_our_clocks(at, first, last_end):
    spans = figures.months_until(at)
    assert len(spans) == 12
    assert (spans[0][0].isoformat(), spans[-1][1].isoformat()) == (first, last_end)
    assert all(a[1] == b[0] for a, b in pairwise(spans))


def in_the_month_before() -> datetime:
    return figures.months_until(clock.now())[-1][0] + timedelta(days=3)


@pytest.fixture
def lived_in(db):
    """Twelve people referred last month, of whom six joined; three referred to another programme; seven plans."""
    then = in_the_month_before()
    crowd = cases.crowd(12)
    ids = [each.pk for each in crowd]
    type(crowd[0]).objects.filter(pk__in=ids).update(made_at=then, joined_at=None)
    type(crowd[0]).objects.filter(pk__in=ids[:6]).update(joined_at=then)
    few = cases.crowd(3)
    type(few[0]).objects.filter(pk__in=[each.pk for each in few]).update(made_at=then, programme="separated-parents")
    for number in range(7):
        plan = Plan.objects.create(created_at=then)
        Party.objects.create(plan=plan, role="a", joined_at=then)
        if number < 5:
            Party.objects.create(plan=plan, role="b", joined_at=then)
    figures.count(clock.now())


def test_a_worker_counts_what_happened_in_the_last_twelve_months(lived_in):
    told = table("referred")
    assert told["Planning Together for Children"] == [10, 5, None, None, None]
    assert [numbers for title, numbers in told.items() if title != "Planning Together for Children"] == [[None] * 5]
    assert list(table("plans").values())[-1] == [5, 5]
    assert list(table("plans").values())[:-1] == [[None, None]] * 11


def test_what_is_kept_holds_no_small_number(lived_in):
    def numbers(told):
        if isinstance(told, list | tuple):
            return [each for part in told for each in numbers(part)]
        return [told] if isinstance(told, int) else []

    kept = pulse.of("figures").facts["tables"]
    found = [each for told in kept if told["unit"] == "people" for each in numbers(told["rows"])]
    assert found and all(each >= 5 and each % 5 == 0 for each in found)


def test_the_bell_counts_and_may_ring_twice(lived_in):
    before = figures.last().tables
    tasks.count_figures()
    tasks.count_figures()
    assert figures.last().tables == before


def test_the_page_says_every_number_in_words_and_reads_one_row(lived_in, manager, django_assert_max_num_queries):
    manager.get(PAGE)
    with django_assert_max_num_queries(12):
        page = manager.get(PAGE).content.decode()
    for words in ("People sent to a programme", "Agreed sections", "fewer than 5", "too few to say"):
        assert words in page
    assert "<rect width=" in page


def test_before_the_first_night_the_page_says_so(manager):
    assert "Nothing has been counted yet" in manager.get(PAGE).content.decode()
    assert manager.get(FILE).status_code == 200


def test_the_file_holds_the_same_numbers(lived_in, manager):
    rows = list(csv.reader(io.StringIO(manager.get(FILE).content.decode("utf-8-sig"))))
    assert ["Planning Together for Children", "10", "5", "fewer than 5", "fewer than 5", "fewer than 5"] in rows


def test_only_who_may_see_numbers_sees_them(manager, staff):
    staff.user_permissions.clear()
    assert {manager.get(PAGE).status_code, manager.get(FILE).status_code} == {403}


def test_every_table_has_its_own_key_and_says_what_it_counts(lived_in):
    tables = figures.last().tables
    assert len({each.key for each in tables}) == len(tables) == 6
    assert all(isinstance(each, Table) and each.title and each.what and each.columns for each in tables)


def test_the_page_is_read_by_everybody(lived_in, manager, staff, open_browser, javascript, axe, no_sideways_scroll):
    window = open_browser(staff, javascript=javascript, width=390)
    window.goto(PAGE)
    axe(window)
    no_sideways_scroll(window)
    first = window.get_by_role("region", name="Agreed sections").get_by_role("cell").nth(1).bounding_box()
    assert first["x"] + 80 < 390, "the number beside each name is in view"
    assert window.get_by_role("table").count() == 5  # nobody began a course: that table says so
