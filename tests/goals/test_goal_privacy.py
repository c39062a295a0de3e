"""Goals are one parent's own: nobody else comes upon them, sees that there are any, or finds a trace once deleted."""

import logging
import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from goals import actions, admin, telling
from goals.models import CheckIn, Goal, Reminder, Wording
from hub import clock, mail
from hub.logs import Line
from parenting_plan import actions as plans
from tests.goals.test_goal_pages import ALL, AS_JSON, AS_TEXT, LIST, REMINDERS, at, every_page
from tests.parenting_plan import family, pages
from tests.test_canaries import in_redis

WORDS = ["CANARYgoal", "CANARYwhy", "CANARYstep", "CANARYnote", "CANARYbefore", "CANARYsaid"]


@pytest.fixture
def secret(amara):
    """A goal of Amara in which every field is a canary."""
    made = actions.start(person=amara, kind="us", words="CANARYbefore", why="CANARYsaid", first_step="x")
    told = {"words": "CANARYgoal", "why": "CANARYwhy", "first_step": "CANARYstep"}
    made = actions.reword(goal=made, kind="us", **told)
    actions.check_in(goal=made, felt=2, note="CANARYnote")
    actions.check_in(goal=made, felt=4)
    return made


@pytest.fixture
def shared(amara, ben):
    return family.share(family.start(amara), ben)


# ---------------------------------------------------------------- nobody else
@pytest.mark.parametrize("who", ["ben", "stranger", "solicitor", "staff"])
def test_nobody_else_reads_changes_or_deletes_a_word(secret, shared, amara, request, signed_in, settings, who):
    """Not the other parent, nor another, nor a solicitor who may read the plan, nor staff with every permission."""
    settings.HUB_STAFF_SECOND_STEP = False
    person = request.getfixturevalue(who)
    if who == "solicitor":
        plans.grant(plan=shared, by=family.party(shared, amara), email=person.email)
    if who == "staff":
        person.user_permissions.set(Permission.objects.all())
    client, before = signed_in(person), kept()
    told = {"felt": "1", "note": "x", "words": "x", "kind": "me", "do": "archive"}
    own = [where for where in every_page(secret) if secret.reference in where] + [at("move", secret)]
    for where in [*own, *every_page(secret), AS_TEXT, AS_JSON, "/home/", "/staff/", "/staff/goals/goal/"]:
        for answer in (client.get(where), client.post(where, told)):
            assert not [word for word in WORDS if word.encode() in answer.content], where
            if where in own and answer.request["REQUEST_METHOD"] == "GET" and where != at("move", secret):
                assert answer.status_code == 404, where
            if where in own:
                assert answer.status_code in {404, 302, 405}
        assert kept() == before, where


def kept() -> list:
    return [list(model.objects.filter(**{path: "Amara"}).order_by("pk").values())
            for model, path in ((Goal, "person__first_name"), (CheckIn, "goal__person__first_name"),
                                (Wording, "goal__person__first_name"))]  # fmt: skip


def test_a_goal_of_somebody_else_and_one_that_never_was_look_the_same(secret, ben, signed_in):
    """The same page byte for byte, after the same questions to the database."""
    client, said = signed_in(ben), secret.check_ins.first().reference
    client.get(LIST)
    for name, more in (
        ("goal", ()),
        ("words", ()),
        ("delete", ()),
        ("check_in", (said,)),
        ("delete_check_in", (said,)),
    ):
        got = []
        for reference in (secret.reference, "ZZZZZZZZZZZZ"):
            where = reverse(f"goals:{name}", args=[reference, *more])
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(where)
            asked = [query["sql"].replace(reference, "") for query in queries]
            got.append((pages.masked(answer), answer.status_code, asked))
        assert got[0] == got[1] and got[0][1] == 404, name


def test_signed_out_there_is_only_the_way_in(secret, client):
    for where in [*every_page(secret), AS_TEXT, AS_JSON]:
        answer = client.get(where)
        assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login")), where


def test_nothing_that_ben_does_with_goals_changes_a_byte_for_amara(secret, shared, amara, ben, monkeypatch):
    """Her pages, her own new goal's page and her copy: the same whether he has none or many."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    client = Client()
    client.force_login(amara)
    look = ["/home/", LIST, at("goal", secret), AS_TEXT, AS_JSON, REMINDERS, f"/plan/{shared.reference}/", "/account/"]

    def seen() -> list[str]:
        return [re.sub(r"Signed in on [^<]*", "", pages.masked(client.get(where))) for where in look]

    once = seen()
    assert seen() == once
    for number in range(30):
        his = actions.start(person=ben, kind="us", words=f"His {number}", suggestion="stick-to-times")
        actions.check_in(goal=his, felt=3, note="His note")
    actions.remind(person=ben, every=7)
    actions.delete(goal=his)
    assert seen() == once


def test_addresses_do_not_count(secret, amara):
    """A goal's address is drawn by lot: two goals in a row tell nothing of how many others there are."""
    more = [actions.start(person=amara, kind="me", words="x").reference for _ in range(20)]
    assert len(set(more)) == 20 and not any(reference.isdigit() for reference in more)
    assert all(len(reference) == 12 for reference in more)


# ---------------------------------------------------------------- the front
def test_the_home_page_tells_how_many_and_not_a_word(secret, amara, signed_in):
    html = signed_in(amara).get("/home/").content.decode()
    assert "You are working on 1 goal. When you are ready, say how it is going." in html
    assert not [word for word in WORDS if word in html] and secret.reference not in html


@pytest.mark.parametrize("name", ["secret", "nothing"])
def test_titles_of_tabs_tell_no_words(amara, signed_in, request, name):
    if name == "nothing":
        made = actions.start(person=amara, kind="me", words="CANARYgoal")
        actions.check_in(goal=made, felt=1)
        actions.reword(goal=made, kind="me", words="CANARYgoal 2")
    else:
        made = request.getfixturevalue("secret")
    for where in every_page(made):
        html = signed_in(amara).get(where, follow=True).content.decode()
        assert "CANARY" not in html.split("</title>")[0]


# ---------------------------------------------------------------- staff
@pytest.fixture
def numbers(staff, signed_in, settings):
    settings.HUB_STAFF_SECOND_STEP = False
    staff.user_permissions.add(Permission.objects.get(codename="view_goal"))
    return signed_in(staff)


def test_staff_see_numbers_of_people_and_none_below_five(numbers, person):
    for number in range(6):
        parent = person(f"Parent {number}", email=f"p{number}@example.com")
        for _again in range(3):  # three goals of one person are one person
            actions.start(person=parent, kind="me", words="CANARYgoal", suggestion="stick-to-times")
        if number < 4:
            actions.pause(goal=actions.start(person=parent, kind="me", words="CANARYgoal"))
    html = numbers.get("/staff/goals/goal/").content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', html)
    told = {title: re.findall(r"<td>(.*?)</td>", cells) for title, cells in rows}
    assert told["Stick to the times"] == ["6", "fewer than 5", "fewer than 5", "fewer than 5"]
    assert told["In their own words"] == ["fewer than 5"] * 4
    assert len(told) == 29 and "CANARY" not in html and "Parent" not in html.split("<tbody>")[1]


def test_staff_have_no_page_of_a_goal_and_no_way_to_ask_for_one(numbers, staff, secret):
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="goals"))
    for where in ("add/", f"{secret.pk}/change/", f"{secret.pk}/history/", f"{secret.pk}/delete/", f"{secret.pk}/"):
        assert numbers.get(f"/staff/goals/goal/{where}").status_code == 404, where
    for query in ("?words__startswith=C", "?q=CANARY", "?person__id__exact=1", "?o=1&all="):
        asked, plain = (numbers.get(f"/staff/goals/goal/{more}") for more in (query, ""))
        assert pages.masked(asked).replace(query, "") == pages.masked(plain)
    for model in ("checkin", "wording", "reminder"):
        assert numbers.get(f"/staff/goals/{model}/").status_code == 404
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:goals_{model}_changelist")


def test_staff_without_the_permission_see_no_numbers(numbers, staff):
    staff.user_permissions.clear()
    assert numbers.get("/staff/goals/goal/").status_code == 403


@pytest.mark.parametrize(("count", "told"), [(0, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (61, "61")])
def test_small_numbers_are_not_told(count, told):
    assert admin.counted(count) == told


# ---------------------------------------------------------------- no trace
def in_every_table(*sought: str) -> list[str]:
    """Where in the whole database any of these stands, row by row as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            for (row,) in cursor.fetchall():
                found += [f"{table}: {word}" for word in sought if word.casefold() in row.casefold()]
    return sorted(set(found))


def in_the_machine(*sought: str) -> list[str]:
    found = in_every_table(*sought)
    for key, value in in_redis():
        found += [f"redis {key}: {word}" for word in sought if word.encode().lower() in value.lower()]
    return sorted(set(found))


@pytest.fixture
def lines():
    """Everything that is logged, at every level, as production writes it."""
    kept: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record):
            kept.append(self.format(record))

    keeper, root = Keeper(logging.DEBUG), logging.getLogger()
    keeper.setFormatter(Line())
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(keeper)
    root.setLevel(level)


@pytest.mark.parametrize("how", ["one", "all", "account"])
def test_deleting_leaves_no_trace_anywhere(amara, smtp, lines, how):
    """Written, reminded and deleted on the real pages; then every table, Redis, mail and log line is searched."""
    ours = set(in_the_machine("stick-to-times"))  # what we suggest to everybody
    client = Client()
    client.force_login(amara)
    client.get(LIST)
    client.post(reverse("goals:new", args=["stick-to-times"]), {
        "kind": "us", "words": "CANARYbefore", "why": "CANARYsaid", "first_step": "CANARYstep"})  # fmt: skip
    made = Goal.objects.get()
    client.post(at("words", made), {"kind": "us", "words": "CANARYgoal", "why": "CANARYwhy", "first_step": "x"})
    client.post(at("goal", made), {"felt": "9", "note": "CANARYnote"})  # refused, and shown again
    client.post(at("goal", made), {"felt": "2", "note": "CANARYnote"})
    client.post(REMINDERS, {"every": "7"})
    Reminder.objects.update(next_at=clock.now())
    telling.tell_what_is_due()
    mail.relay()
    assert [letter["To"] for letter in smtp.mails] == [amara.email]
    said = made.check_ins.get().reference
    sought = [*WORDS, made.reference, said, "goals/check_in", f"goals:{amara.pk}:", "stick-to-times"]
    before = in_every_table(*sought)
    assert {line.split(": ")[1] for line in before} >= {*WORDS, made.reference, said, "goals/check_in"}
    match how:
        case "one":
            client.post(at("delete", made))
        case "all":
            client.post(ALL)
        case "account":
            amara.delete()
    assert set(in_the_machine(*sought)) == ours
    assert not Goal.objects.exists() and not CheckIn.objects.exists() and not Wording.objects.exists()
    assert not Reminder.objects.exists()
    assert not [line for line in lines if any(word in line for word in [*WORDS, made.reference, said])]
    for letter in smtp.mails:
        assert not [word for word in (*WORDS, made.reference) if word in letter.as_string()]
    cache.clear()


def test_what_one_goal_loses_another_keeps(secret, amara):
    other = actions.start(person=amara, kind="me", words="Another", suggestion="stick-to-times")
    actions.delete(goal=secret)
    assert in_every_table(*WORDS) == [] and Goal.objects.get() == other


def test_no_model_of_goals_shows_its_words_where_it_is_printed(secret):
    """What stands in an error page, a log or Django's admin."""
    for model in apps.get_app_config("goals").get_models():
        for row in model.objects.all():
            assert "CANARY" not in f"{row} {row!r}"
