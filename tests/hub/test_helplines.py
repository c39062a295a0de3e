"""Helplines at the desk: a number is changed, looked at, published and taken back. Pages show what was said last."""

from datetime import date
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from hub import clock, editing, helplines, http, schema
from hub.desk import boxes
from hub.helplines import FIELDS, Edition, Helpline
from hub.models import AccessRecord
from tests.hub.lines import a_helpline

pytestmark = pytest.mark.django_db
LIST, NEW = "admin:hub_helpline_changelist", "admin:hub_helpline_new"
NUMBER = "0808 801 0327"


def at(name: str, *where) -> str:
    return reverse(f"admin:hub_{name}", args=where)


def page(client, where: str, **told) -> str:
    http._shelf.clear()
    return unescape(client.get(where, told).content.decode())


@pytest.fixture
def stella(staff, settings):
    """A content editor."""
    settings.HUB_STAFF_SECOND_STEP = False
    codes = ["view_helpline", "add_edition", "change_helpline", "add_helpline"]
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="hub", codename__in=codes))
    return staff


@pytest.fixture
def desk(stella, signed_in):
    return signed_in(stella)


@pytest.fixture
def men() -> Helpline:
    return Helpline.objects.get(current__words__number=NUMBER)


def written(work, by, **words) -> Edition:
    edition = editing.begin(work.current, note="A new number", by=by, at=clock.now())
    return editing.write(edition, {**edition.words, **words}, seen=editing.digest_of(edition.words), by=by)


def mark(edition) -> str:
    return editing.digest_of(edition.words)


def typed(words: dict, page: str = "") -> dict:
    return {box.name: box.value for box in boxes.boxes(words, FIELDS, {})} | {"do": "save"}


# ---------------------------------------------------------------- what there is


def test_999_stands_first_and_every_first_helpline_says_when_it_was_checked():
    lines = helplines.shown()
    assert (lines[0].number, lines[0].need) == ("999", "danger")
    assert {line.need for line in lines} == set(Helpline.Need.values) and len(lines) == 14
    assert {line.checked_on for line in lines} == {date(2026, 11, 21), date(2026, 11, 22)}
    assert all(line.who_for.endswith(".") for line in lines)
    assert [label for label, _lines in helplines.by_need()] == [str(need.label) for need in Helpline.Need]


def test_they_cost_one_query(django_assert_num_queries):
    helplines.shown()
    with django_assert_num_queries(1):
        helplines.by_need()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"number": "ring us"}, "number may hold digits"),
        ({"number": "0800 1<b>"}, "number may hold digits"),
        ({"need": "fun"}, "need must be one of danger"),
        ({"check_again_on": "2020-01-01"}, "must be later"),
        ({"link": "javascript:alert(1)"}, "link must be a whole address"),
        ({"title": ""}, "title is missing"),
    ],
    ids="words html need date link name".split(),
)
def test_what_is_no_helpline_is_refused(men, change, told):
    with pytest.raises(schema.Wrong, match=told):
        helplines.check({**men.current.words, **change})


# ---------------------------------------------------------------- changed and taken back


def test_a_number_is_changed_looked_at_published_and_taken_back(desk, men, stella, client):
    edition = written(men, stella, number="0808 111 0000", hours="9 am to 5 pm")
    assert NUMBER in page(client, reverse("help")) and "0808 111 0000" not in page(client, reverse("help"))
    shown = page(desk, at("edition_preview", edition.pk))
    assert 'href="tel:08081110000"' in shown and "Preview: nobody else sees this." in shown
    check = page(desk, at("edition_publish", edition.pk))
    assert 'href="tel:08081110000"' in check and "As parents will see it" in check and "Have you rung" in check
    assert "9 am to 5 pm" in page(desk, at("edition_compare", edition.pk))
    desk.post(at("edition_publish", edition.pk), {"seen": mark(edition)})
    assert "0808 111 0000" in page(client, reverse("help")) and NUMBER not in page(client, reverse("help"))
    first = men.editions.get(number=1)
    desk.post(at("edition_publish", first.pk), {"seen": mark(first)})
    assert NUMBER in page(client, reverse("help")) and "0808 111 0000" not in page(client, reverse("help"))
    history = page(desk, at("helpline_change", men.pk)).split("What people saw, and since when")[1]
    assert (
        history.index("Back to edition 1") < history.index("Edition 2 published") < history.index("Edition 1 published")
    )
    told = AccessRecord.objects.filter(what__contains="edition").order_by("pk").values_list("person", "what", "about")
    name = f"edition:helplines/{men.slug}, edition"
    assert list(told)[-2:] == [
        (stella.pk, "publish edition", f"{name} 2"), (stella.pk, "go back to edition", f"{name} 1")
    ]  # fmt: skip


def test_it_is_typed_on_the_pages_of_the_desk(desk, men, stella):
    edition = written(men, stella)
    body = {"sort": "line", "slug_was": "", "kind": "", "place": "0", "do": "save", "seen": mark(edition)}
    body |= {box.name: box.value for box in boxes.boxes(edition.words, FIELDS, {})}
    answer = desk.post(at("edition_piece", edition.pk), body | {"number": "ask at the desk"})
    assert answer.status_code == 422 and "digits and spaces only" in answer.content.decode()
    desk.post(at("edition_piece", edition.pk), body | {"hours": "Mornings"})
    edition.refresh_from_db()
    assert edition.words == {**men.current.words, "hours": "Mornings"}


def test_taken_out_it_is_shown_nowhere_and_the_desk_says_what_that_means(desk, men, stella, client, amara):
    assert "Get help" in page(desk, at("helpline_take_out", men.pk))
    assert "That heading will be gone too" not in page(desk, at("helpline_take_out", men.pk))
    alone = Helpline.objects.get(current__words__need="own")
    assert "That heading will be gone too" in page(desk, at("helpline_take_out", alone.pk))
    desk.post(at("helpline_take_out", men.pk), {"why": "Nobody answers there"})
    assert NUMBER not in page(client, reverse("help")) and NUMBER not in {line.number for line in helplines.shown()}
    desk.post(at("helpline_put_back", men.pk))
    assert NUMBER in page(client, reverse("help"))


def test_a_new_one_is_seen_once_it_is_published(desk, client, stella):
    assert "Add a helpline" in page(desk, reverse(LIST))
    words = {"title": "Night line", "number": "0800 111 2222", "who_for": "Anyone awake.", "need": "cope",
             "order": "66", "checked_on": "2026-11-22", "check_again_on": "2027-05-22"}  # fmt: skip
    answer = desk.post(reverse(NEW), words | {"number": "", "link": "night.example"})
    assert answer.status_code == 422 and "Anyone awake." in answer.content.decode()
    assert Helpline.objects.count() == 14
    desk.post(reverse(NEW), words)
    desk.post(reverse(NEW), words)  # sent twice: two of one name, and nobody sees either
    made = Helpline.objects.get(slug="night-line")
    assert Helpline.objects.filter(slug="night-line-2").exists()
    assert "Night line" not in page(client, reverse("help"))
    assert "None published" in page(desk, reverse(LIST))
    edition = made.editions.get()
    assert "Night line" in page(desk, at("edition_publish", edition.pk))
    desk.post(at("edition_publish", edition.pk), {"seen": mark(edition)})
    assert "Night line" in page(client, reverse("help"))


def test_what_is_due_is_on_the_list_and_on_the_first_page(desk, stella, django_assert_max_num_queries):
    a_helpline("Old line", checked_on="2019-01-01", check_again_on="2020-01-01")
    desk.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        shown = desk.get(reverse(LIST), {"checking": "due"})
    assert [row.slug for row in shown.context["cl"].result_list] == ["old-line"]
    assert "Helplines: due for checking" in page(desk, reverse("admin:index"))
    assert [row.slug for row in desk.get(reverse(LIST), {"q": "116 123"}).context["cl"].result_list] == ["samaritans"]


def test_each_page_asks_for_its_permission(men, staff, stella, signed_in):
    edition = written(men, stella)

    def answers(*codes):
        staff.user_permissions.set(Permission.objects.filter(content_type__app_label="hub", codename__in=codes))
        client = signed_in(staff)
        where = [
            at("helpline_change", men.pk),
            at("edition_begin", men.pk),
            at("edition_publish", edition.pk),
            reverse(NEW),
        ]
        return [client.get(each).status_code for each in where]

    assert answers() == answers("add_edition", "add_helpline") == [403, 403, 403, 403]
    assert answers("view_helpline") == [200, 403, 403, 403]
    assert answers("view_helpline", "add_edition") == [200, 200, 403, 403]
    assert answers("view_helpline", "change_helpline") == [200, 403, 200, 403]
    assert answers("view_helpline", "add_edition", "add_helpline") == [200, 200, 403, 200]


# ---------------------------------------------------------------- in a browser


def test_the_pages_of_a_helpline_are_fit_for_use(transactional_db, stella, open_browser, axe, no_sideways_scroll):
    men = Helpline.objects.get(current__words__number=NUMBER)
    edition = written(men, stella, number="0808 111 0000")
    desk = open_browser(stella, javascript=False)
    pages = [reverse(NEW), at("helpline_change", men.pk), at("helpline_take_out", men.pk)]
    pages += [at(f"edition_{name}", edition.pk) for name in ("publish", "preview", "plan")]
    for where in pages:
        desk.goto(where)
        axe(desk)
        no_sideways_scroll(desk)
