"""Every list of the staff pages costs no more among a hundred thousand rows than among a thousand.

The lists come from the admin site: a new one without a row here fails. Those of the programmes, whose rows hang
together, are looked at in tests/programmes/test_flat.py.
"""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from hub.desk.content import ContentDesk
from parenting_plan.models import Plan
from tests.costs import FEW, HIGH, MANY, MOST_QUESTIONS, copies, cost_of, dearer, got
from tests.test_staff_roles import house, lively, plan

__all__ = ["house", "lively", "plan"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(300)]

ELSEWHERE = {"programmes.referral", "programmes.workshop", "programmes.enrolment", "programmes.return"}
NO_LIST = {"accounts.user", "accounts.conflict", "goals.goal", "hub.figures", "hub.pulse"}  # a page of another kind
FEW_BY_NATURE = {"accounts.staffmember", "hub.legalhold", "parenting_plan.staffopening"}
GUARDED = {"parenting_plan.planerased"}  # the database takes in no made-up row; it has the indexes of the others
ITS_OWN_PLAN = {"plan_id": f"{HIGH} + n"}
EARLIER = "- n * interval '1 minute'"
CLOSED = {"state": "'done'"}  # of a queue, what was worked off is what grows
# What is different in each copy of a row, as SQL of n.
ROWS: dict[str, dict[str, str]] = {
    "accounts.datarequest": CLOSED
    | {"outcome": "'given'", "ended_at": "t.received_at", "due_on": "t.due_on - n / 300"},
    "hub.accessrecord": {"at": f"t.at {EARLIER}"},
    "hub.outgoingmail": {"id": "gen_random_uuid()", "key": "'many' || n", "due_at": f"t.due_at {EARLIER}"},
    "parenting_plan.plan": {"reference": "'q' || n"},
    "parenting_plan.planevent": ITS_OWN_PLAN | {"submit_key": "NULL"},
    "parenting_plan.invitation": ITS_OWN_PLAN | {"secret_hash": "'s' || n"},
    "parenting_plan.issued": ITS_OWN_PLAN | {"code": "'c' || n"},
    "parenting_plan.safetyreport": ITS_OWN_PLAN | CLOSED | {"outcome": "'help'", "due_at": f"t.due_at {EARLIER}"},
    "programmes.import": {"made_at": f"t.made_at {EARLIER}"},
}


@pytest.fixture
def desk(house, staff, settings, signed_in):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.is_superuser = True
    staff.save()
    return signed_in(staff)


def lists() -> dict[str, admin.ModelAdmin]:
    return {model._meta.label_lower: desk for model, desk in admin.site._registry.items()}


def address(label: str) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def ways_to_look(desk, label: str) -> list[str]:
    """The list as it opens, a later page, each choice of each filter, and a search."""
    found = ["", "?p=3"]
    page = desk.get(address(label))
    if "cl" in (page.context or {}):
        shown = page.context["cl"]
        for spec in shown.filter_specs:
            found += [choice["query_string"] for choice in spec.choices(shown)]
        if shown.search_fields:
            found.append("?q=zz9")
    return sorted(set(found))


def test_every_list_is_looked_at():
    content = {label for label, made in lists().items() if isinstance(made, ContentDesk)}
    assert set(lists()) == content | ELSEWHERE | NO_LIST | FEW_BY_NATURE | GUARDED | set(ROWS)


@pytest.mark.parametrize("label", sorted(ROWS))
def test_a_list_costs_the_same_among_many(label, house, desk):
    row = apps.get_model(label)._default_manager.first()
    assert row is not None
    looks = {how: got(desk, address(label) + how) for how in ways_to_look(desk, label)}

    def grow(numbers: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # what points where is right by itself
        if "plan_id" in ROWS[label]:
            copies(Plan.objects.first(), numbers, **ROWS["parenting_plan.plan"])
        copies(row, numbers, **ROWS[label])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("ANALYZE")

    grow(f"1, {FEW}")
    few = {how: cost_of(look) for how, look in looks.items()}
    grow(f"{FEW + 1}, {MANY}")
    grows = {row._meta.db_table, Plan._meta.db_table}
    beside = set(connection.introspection.table_names()) - grows
    wrong = []
    for how, look in looks.items():
        many = cost_of(look)
        print(f"{label + how:60} {few[how]}\n{'':60} {many}")
        said = dearer(few[how], many, {row._meta.db_table}, of_staff=True, beside=beside)
        wrong += [f"{how or 'all'}: {each}" for each in said]
    assert not wrong, "\n".join(wrong)


def test_every_other_list_asks_few_questions_too(desk):
    """Of works there are as many as the repository has: hundreds, and not thousands."""
    for label, made in lists().items():
        if isinstance(made, ContentDesk) or label in FEW_BY_NATURE | GUARDED:
            cost = cost_of(got(desk, address(label)))
            assert cost.questions <= MOST_QUESTIONS, label
