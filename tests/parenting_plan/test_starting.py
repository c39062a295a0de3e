"""Starting a plan alone, and that no answer to a safety question is kept anywhere."""

import json
import logging
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hub import logs
from parenting_plan.models import Plan, PlanEvent
from tests.hub.lines import a_helpline
from tests.parenting_plan import family
from tests.parenting_plan.walking import hidden, said, through_gate, url

pytestmark = pytest.mark.usefixtures("db")  # by name, so that limits are forgotten between tests


def rows(*more: tuple[str, str, str]) -> dict:
    found = {"rows": str(len(more) or 1)}
    for number, (name, month, year) in enumerate(more):
        found |= {
            f"child{number}-first_name": name,
            f"child{number}-born_month": month,
            f"child{number}-born_year": year,
        }
    return found


def everything() -> dict[str, str]:
    """Every row of every table, but for the time a session was last used."""
    tables = {}
    for model in apps.get_models():
        if model._meta.label != "sessions.Session":
            tables[model._meta.label] = serialize("json", model.objects.order_by("pk"))
    return tables


# ---------------------------------------------------------------- who
def test_signed_out_people_sign_in_first(client):
    for name in ("start", "start_adults", "start_stay_safe", "start_orders", "start_children", "start_check"):
        answer = client.get(url(name))
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["solicitor", "staff"])
def test_plans_are_for_parents(who, request, signed_in):
    client = signed_in(request.getfixturevalue(who))
    for name in ("start", "start_adults", "start_orders", "start_children", "start_check"):
        for answer in (client.get(url(name)), client.post(url(name), {"orders": "none"})):
            assert answer.status_code == 403 and "Plans are for parents" in said(answer)
    assert not Plan.objects.exists()


def test_whoever_read_it_before_they_signed_up_does_not_read_it_again(client, amara):
    before = said(client.get(reverse("before_you_start")))
    next_ = f"?next={quote(url('start') + '?read=yes', safe='/')}"
    assert f'href="{reverse("account_signup")}{next_}"' in before and f'{reverse("account_login")}{next_}"' in before
    for public in ("start", "how_it_works"):
        assert f'<a class="govuk-button" href="{reverse("before_you_start")}"' in said(client.get(reverse(public)))
    typed = {"login": amara.email, "password": "a long walk by the canal"}
    answer = client.post(reverse("account_login") + next_, typed, follow=True)
    assert "five minutes" in said(answer)


# ---------------------------------------------------------------- the whole way
def test_a_parent_starts_a_plan(amara, signed_in):
    client = signed_in(amara)
    assert client.get(url("start"))["Location"] == reverse("before_you_start")  # first, how to leave fast
    before = said(client.get(reverse("before_you_start")))
    on = f"{url('start')}?read=yes"
    assert f'href="{on}"' in before and f'href="{url("start_stay_safe")}"' in before
    assert "five minutes" in said(client.get(on))
    assert "five minutes" in said(client.get(url("start")))  # once in a session is enough
    assert signed_in(amara).get(url("start")).status_code == 302
    assert client.post(url("start_adults"), {"answer": "no"})["Location"] == url("start_children_safety")
    assert client.post(url("start_children_safety"), {"answer": "no"})["Location"] == url("start_orders")
    assert client.post(url("start_orders"), {"orders": "none"})["Location"] == url("start_children")
    posted = rows(("Đặng", "5", "2017"), ("Mary-Ŵyn O'Neil", "Feb", "2021"))
    assert client.post(url("start_children"), posted)["Location"] == url("start_check")
    page = client.get(url("start_check"))
    for words in ("Đặng", "born in May 2017", "Mary-Ŵyn O&#x27;Neil", "born in February 2021", "No"):
        assert words in said(page)
    assert not Plan.objects.exists()
    answer = client.post(url("start_check"), {"submit_key": hidden(page, "submit_key")})
    plan = Plan.objects.get()
    assert answer["Location"] == url("write", plan.reference, "about-our-children", "what-we-want")
    assert list(plan.children.values_list("first_name", "born_year", "born_month")) == [
        ("Đặng", 2017, 5),
        ("Mary-Ŵyn O'Neil", 2021, 2),
    ]
    assert plan.orders == "none" and plan.parties.get().user == amara and plan.parties.get().gate_passed_at is None
    assert "starting" not in client.session and "Đặng" not in str(dict(client.session))
    assert "Your plan is ready" in said(client.get(answer["Location"]))


def test_pressing_make_my_plan_twice_makes_one(amara, signed_in):
    client = signed_in(amara)
    client.post(url("start_orders"), {"orders": "none"})
    client.post(url("start_children"), rows(("Anya", "5", "2016")))
    key = hidden(client.get(url("start_check")), "submit_key")
    kept = client.session["starting"]
    first = client.post(url("start_check"), {"submit_key": key})
    second = client.post(url("start_check"), {"submit_key": key})
    session = client.session
    session["starting"] = kept  # as a press at the same moment has it
    session.save()
    third = client.post(url("start_check"), {"submit_key": key})
    assert first["Location"] == second["Location"] == third["Location"]
    assert Plan.objects.count() == 1


def test_somebody_elses_key_opens_nothing(amara, ben, signed_in):
    family.start(ben, submit_key="c" * 32)
    client = signed_in(amara)
    for key in ("c" * 32, "", "no key", "x" * 500):
        assert client.post(url("start_check"), {"submit_key": key})["Location"] == url("start")
    client.post(url("start_orders"), {"orders": "none"})
    client.post(url("start_children"), rows(("Anya", "5", "2016")))
    assert "Check your answers" in said(client.post(url("start_check"), {"submit_key": "c" * 32}))
    assert Plan.objects.count() == 1


def test_the_check_page_leads_back_to_each_answer(amara, signed_in):
    client = signed_in(amara)
    assert client.get(url("start_children"))["Location"] == url("start_orders")
    assert client.get(url("start_check"))["Location"] == url("start_orders")
    client.post(url("start_orders"), {"orders": "none"})
    assert client.get(url("start_check"))["Location"] == url("start_children")
    client.post(url("start_children"), rows(("Anya", "5", "2016")))
    assert 'value="Anya"' in said(client.get(url("start_children")))
    assert client.post(url("start_orders"), {"orders": "none"})["Location"] == url("start_check")


# ---------------------------------------------------------------- safety
@pytest.mark.parametrize("name", ["start_adults", "start_children_safety"])
def test_yes_and_not_sure_lead_to_help_and_on_alone(name, amara, signed_in):
    client = signed_in(amara)
    page = said(client.get(url(name)))
    assert "Your answer is not saved." in page and "Why we ask" in page and "count" in page
    for answer in ("yes", "not_sure"):
        assert client.post(url(name), {"answer": answer})["Location"] == url("start_stay_safe")
    page = said(client.get(url("start_stay_safe")))
    assert page.index("Call 999") < page.index("National Domestic Abuse Helpline")
    for words in ("non-molestation order", reverse("safety"), "Carry on alone", url("start_orders"), "last checked"):
        assert words in page
    a_helpline("A new line", need="adult", checked_on="2026-01-02")
    page = said(client.get(url("start_stay_safe")))
    assert "A new line" in page and "2 January 2026" in page
    assert "Choose an answer" in said(client.post(url(name), {}))


def test_a_safety_answer_is_kept_nowhere(amara, ben, signed_in, caplog):
    """No table, no session, no cache, no log, no address and no cookie differs by what was answered."""
    caplog.set_level(logging.DEBUG)
    plan = family.start(amara)
    client = signed_in(amara)
    pages = [url("start_adults"), url("start_children_safety")]
    for page in pages:
        client.get(page)
    before, session, cookies = everything(), dict(client.session), str(client.cookies)
    for page in pages:
        leads = set()
        for answer in ("yes", "no", "not_sure", "canary-answer"):
            caplog.clear()
            found = client.post(page, {"answer": answer})
            leads.add(found.headers.get("Location"))
            assert everything() == before and dict(client.session) == session
            assert str(client.cookies) == cookies
            lines = [logs.Line().format(record) for record in caplog.records]
            assert not any("canary" in line or '"yes"' in line or "not_sure" in line for line in lines)
            assert "?" not in found.headers.get("Location", "")
    assert not plan.parties.get().gate_passed_at


def test_the_gate_before_sharing_keeps_a_time_and_no_answer(amara, signed_in):
    plan = family.start(amara)
    client = signed_in(amara)
    before = everything()
    through_gate(client, plan)
    assert plan.parties.get().gate_passed_at
    changed = {table: rows for table, rows in everything().items() if rows != before[table]}
    for text in (json.dumps(dict(client.session), default=str), str(changed)):
        assert not {"yes", "not_sure"} & set(text.replace('"', " ").split())
    assert cache.get("anything") is None
    client.get(url("invite_adults", plan.reference))
    before = dict(client.session)
    client.post(url("invite_adults", plan.reference), {"answer": "no"})
    assert dict(client.session) == before
    client.post(url("invite_adults", plan.reference), {"answer": "yes"})
    assert plan.parties.get().gate_passed_at is None
    assert not [name for name in client.session.keys() if "asked" in name]  # noqa: SIM118  a session is no dict


# ---------------------------------------------------------------- courts
@pytest.mark.parametrize(
    ("orders", "words"),
    [
        ("protective", "Sharing is off"),
        ("in_force", "The court order comes first"),
        ("proceedings", "court papers"),
    ],
)
def test_each_court_answer_says_what_follows(orders, words, amara, signed_in):
    client = signed_in(amara)
    assert client.post(url("start_orders"), {"orders": orders})["Location"] == url("start_orders_meaning")
    page = said(client.get(url("start_orders_meaning")))
    assert words in page and url("start_children") in page
    client.post(url("start_children"), rows(("Anya", "5", "2016")))
    client.post(url("start_check"), {"submit_key": hidden(client.get(url("start_check")), "submit_key")})
    plan = Plan.objects.get()
    assert plan.orders == orders and plan.may_be_shared == (orders != "protective")


def test_a_made_up_court_answer_is_refused(amara, signed_in):
    client = signed_in(amara)
    for orders in ("", "nonsense"):
        assert "<title>Error:" in said(client.post(url("start_orders"), {"orders": orders}))
    assert "starting" not in client.session


# ---------------------------------------------------------------- children
@pytest.mark.parametrize(
    ("child", "words"),
    [
        (("", "5", "2017"), "first name"),
        (("-", "5", "2017"), "first name"),
        (("Anya", "", ""), "month and year"),
        (("Anya", "13", "2017"), "as numbers"),
        (("Anya", "0", "2017"), "as numbers"),
        (("Anya", "5", "20177"), "as numbers"),
        (("Anya", "5", "-1"), "as numbers"),
        (("Anya", "12", "2099"), "already begun"),
        (("Anya", "1", "1999"), "under 18"),
        (("A" * 81, "5", "2017"), "fewer"),
        (("Аnya", "5", "2017"), "one alphabet"),
    ],
)
def test_a_child_that_cannot_be_is_asked_for_again(child, words, amara, signed_in):
    client = signed_in(amara)
    client.post(url("start_orders"), {"orders": "none"})
    answer = client.post(url("start_children"), rows(child))
    assert answer.status_code == 200 and words in said(answer) and "<title>Error:" in said(answer)
    assert "children" not in client.session["starting"]


def test_this_month_18_years_ago_is_still_a_child_and_next_month_is_not(amara, signed_in):
    client = signed_in(amara)
    client.post(url("start_orders"), {"orders": "none"})
    today = timezone.localdate()
    assert client.post(url("start_children"), rows(("Anya", str(today.month), str(today.year)))).status_code == 302
    assert client.post(url("start_children"), rows(("Anya", str(today.month), str(today.year - 18)))).status_code == 302
    later = (today.month % 12 + 1, today.year + (today.month == 12))
    assert client.post(url("start_children"), rows(("Anya", *map(str, later)))).status_code == 200


def test_children_are_added_and_removed_without_a_script(amara, signed_in):
    client = signed_in(amara)
    client.post(url("start_orders"), {"orders": "none"})
    page = said(client.post(url("start_children"), rows(("Anya", "", "")) | {"do": "add"}))
    assert 'value="Anya"' in page and "child1-first_name" in page and "Error:" not in page and "autofocus" in page
    page = said(
        client.post(url("start_children"), rows(("Anya", "5", "2016"), ("Finn", "9", "2019")) | {"do": "remove-0"})
    )
    assert "Anya" not in page and 'value="Finn"' in page and 'value="9"' in page
    eight = [(f"Child{letter}", "1", "2015") for letter in "abcdefgh"]
    page = said(client.post(url("start_children"), rows(*eight) | {"do": "add"}))
    assert "child8-first_name" not in page
    assert "Add another" not in page
    # the first button of the form, which Enter presses, is not "remove"
    form = page[page.index("<form") :]
    assert form.index("Continue</button>") < form.index('value="remove-0"')
    # an empty row is no child; hostile counts are no trouble
    client.post(url("start_children"), rows(("Anya", "5", "2016"), ("", "", "")))
    assert [tuple(child) for child in client.session["starting"]["children"]] == [("Anya", 2016, 5)]
    for strange in ("-1", "999999999999", "x", ""):
        assert client.post(url("start_children"), {"rows": strange, "do": "remove-99"}).status_code == 200


def test_one_parent_changes_children_and_orders_while_alone(solo, amara, signed_in):
    client = signed_in(amara)
    page = client.get(url("children", solo.reference))
    assert 'value="Anya"' in said(page)
    key = hidden(page, "submit_key")
    for _again in range(2):
        answer = client.post(url("children", solo.reference), rows(("Anna", "5", "2016")) | {"submit_key": key})
        assert answer["Location"] == url("overview", solo.reference)
    assert list(solo.children.values_list("first_name", flat=True)) == ["Anna"]
    assert PlanEvent.objects.filter(plan=solo, kind="children").count() == 1
    page = said(client.post(url("orders", solo.reference), {"orders": "protective"}))
    assert "Keep this plan to yourself" in page and Plan.objects.get().orders == "none"
    client.post(url("orders", solo.reference), {"orders": "protective", "do": "sure"})
    assert Plan.objects.get().orders == "protective"
    page = client.get(url("invite", solo.reference))
    assert "Sharing is off" in said(page)
    client.post(url("orders", solo.reference), {"orders": "in_force"})
    assert Plan.objects.get().order_in_force


def test_when_two_are_here_names_stay_and_a_protective_order_stops_sharing_without_a_reason(
    plan, amara, ben, signed_in
):
    hers, his = signed_in(amara), signed_in(ben)
    assert "two parents rely on them" in said(hers.post(url("children", plan.reference), rows(("Anna", "5", "2016"))))
    assert set(plan.children.values_list("first_name", flat=True)) == {"Anya", "Finn"}
    check = said(hers.post(url("orders", plan.reference), {"orders": "protective"}))
    assert "Stop sharing now?" in check and Plan.objects.get().still_shared
    hers.post(url("orders", plan.reference), {"orders": "protective", "do": "sure"})
    assert not Plan.objects.get().still_shared
    for client in (hers, his):
        assert client.get(url("orders", plan.reference))["Location"] == url("overview", plan.reference)
        assert client.post(url("orders", plan.reference), {"orders": "none"}).status_code == 302
    assert Plan.objects.get().paused_at
    assert plan.events.last().kind == "orders"


@pytest.mark.parametrize("name", ["children", "orders", "invite", "invite_adults", "invite_children_safety",
                                  "invite_stay_safe", "invite_by_email", "invite_by_code", "confirm"])  # fmt: skip
def test_a_stranger_finds_no_such_plan(name, solo, stranger, solicitor, staff, signed_in):
    for person in (stranger, solicitor, staff):
        client = signed_in(person)
        assert client.get(url(name, solo.reference)).status_code == 404
        assert client.post(url(name, solo.reference), {}).status_code in {404, 405}
    assert Client().get(url(name, solo.reference))["Location"].startswith(reverse("account_login"))
