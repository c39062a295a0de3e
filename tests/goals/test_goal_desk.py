"""The desk of the goals we suggest: written on, published, taken out; none of it touches a parent's own goal."""

from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse

from goals import actions, suggestions
from goals.kinds import SUGGESTION
from goals.models import Edition, Goal, Suggestion
from goals.shapes import SHAPE
from hub import clock, editing, http
from hub.desk import boxes
from hub.models import AccessRecord, SearchEntry

pytestmark = pytest.mark.django_db
SLUG = "stick-to-times"
LIST = "admin:goals_suggestion_changelist"


def at(name: str, *where) -> str:
    return reverse(f"admin:goals_{name}", args=where)


def page(client, where: str, **told) -> str:
    http._shelf.clear()
    return unescape(client.get(where, told).content.decode())


@pytest.fixture
def stella(staff, settings):
    """A content editor."""
    settings.HUB_STAFF_SECOND_STEP = False
    codes = ["view_suggestion", "add_edition", "change_suggestion"]
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="goals", codename__in=codes))
    return staff


@pytest.fixture
def desk(stella, signed_in):
    return signed_in(stella)


@pytest.fixture
def work() -> Suggestion:
    return Suggestion.objects.get(slug=SLUG)


def written(work, by, **words) -> Edition:
    edition = editing.begin(work.current, note="Kinder", by=by, at=clock.now())
    return editing.write(edition, {**edition.words, **words}, seen=editing.digest_of(edition.words), by=by)


def published(work, by, **words) -> Edition:
    edition = written(work, by, **words)
    editing.publish(edition, seen=editing.digest_of(edition.words), by=by, at=clock.now())
    return edition


def begun(person, **more) -> Goal:
    """A goal with the words as we suggest them now."""
    words = suggestions.by_slug()[SLUG].words
    told = {"words": words.title, "kind": words.kind, "why": words.why, "first_step": words.first_step} | more
    return actions.start(person=person, suggestion=SLUG, **told)


# ---------------------------------------------------------------- words


def test_every_field_is_on_one_page_and_the_name_on_none():
    names = [field.name for head in SHAPE.heads for field in head.fields]
    assert sorted(names) == sorted(field.name for field in SUGGESTION)
    assert "slug" not in names


def test_every_suggestion_goes_through_the_forms_and_comes_out_the_same():
    for work in Suggestion.objects.select_related("current"):
        words, again = work.current.words, {}
        for head in SHAPE.heads:
            body = {box.name: box.value for box in boxes.boxes(words, head.fields, {}, SHAPE.choices)}
            told = boxes.tidy(boxes.typed(body, head.fields), head.fields)
            assert not boxes.faults(told, head.fields), work
            again |= told
        assert again == words, work


def test_an_edition_is_written_looked_at_compared_published_and_taken_back(desk, work, stella, client):
    before = work.current.words["title"]
    desk.post(at("edition_begin", work.pk), {"note": "Kinder words"})
    edition = work.editions.get(source="staff")
    body = {"sort": "goal", "slug_was": "", "kind": "me", "place": "0", "do": "save"}
    body |= {"seen": editing.digest_of(edition.words)}
    for box in boxes.boxes(edition.words, SHAPE.head("goal").fields, {}, SHAPE.choices):
        body[box.name] = box.value
    answer = desk.post(at("edition_piece", edition.pk), body | {"title": "I come when I said I would"})
    assert answer.status_code == 302
    assert "I come when I said I would" in page(desk, at("edition_preview", edition.pk))
    assert "Preview: nobody else sees this." in page(desk, at("edition_preview", edition.pk))
    assert "What is different" in page(desk, at("edition_compare", edition.pk))
    assert suggestions.by_slug()[SLUG].title == before
    assert "keep the words they chose" in page(desk, at("edition_publish", edition.pk))
    edition.refresh_from_db()
    desk.post(at("edition_publish", edition.pk), {"seen": editing.digest_of(edition.words)})
    assert suggestions.by_slug()[SLUG].title == "I come when I said I would"
    assert "I come when I said I would" in page(client, reverse("goals:idea", args=[SLUG]))
    assert SearchEntry.objects.get(key=f"goals/{SLUG}").title == "I come when I said I would"
    first = work.editions.get(number=1)
    desk.post(at("edition_publish", first.pk), {"seen": editing.digest_of(first.words)})
    assert suggestions.by_slug()[SLUG].title == before
    told = list(AccessRecord.objects.order_by("pk").values_list("what", "about"))
    assert told[-2:] == [
        ("publish edition", f"edition:goals/{SLUG}, edition 2"),
        ("go back to edition", f"edition:goals/{SLUG}, edition 1"),
    ]


def test_a_mistake_is_told_in_plain_words(desk, work, stella):
    edition = written(work, stella)
    body = {"sort": "facts", "slug_was": "", "kind": "", "place": "0", "do": "save"}
    body |= {"seen": editing.digest_of(edition.words), "checked_on": "2027-01-01", "check_again_on": "2026-01-01"}
    answer = desk.post(at("edition_piece", edition.pk), body)
    assert answer.status_code == 422
    assert "“Look again by” must be later than the day it was last looked at." in unescape(answer.content.decode())


def test_what_was_published_is_changed_by_nobody(work):
    rows = Edition.objects.filter(pk=work.current_id)
    for forge in (lambda: rows.update(words={}), lambda: rows.update(number=9), lambda: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError), transaction.atomic():
            forge()


def test_the_list_shows_what_is_due(desk, work, stella, django_assert_max_num_queries):
    published(work, stella, checked_on="2019-01-01", check_again_on="2020-01-01")
    desk.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        shown = desk.get(reverse(LIST), {"checking": "due"})
    assert [row.slug for row in shown.context["cl"].result_list] == [SLUG]
    assert "Suggested goals: due for checking" in page(desk, reverse("admin:index"))
    themed = desk.get(reverse(LIST), {"theme": "deciding"}).context["cl"].result_list
    assert {row.theme for row in themed} == {"deciding"}


# ---------------------------------------------------------------- a parent's own goal


@pytest.mark.parametrize("what", ["another wording", "taken out", "its file is gone"])
def test_a_goal_that_was_begun_keeps_its_words(work, stella, amara, signed_in, what, tmp_path):
    mine, client = begun(amara), signed_in(amara)
    kept = Goal.objects.values().get()
    where = reverse("goals:goal", args=[mine.reference])
    if what == "another wording":
        published(work, stella, title="OTHERtitle", why="OTHERwhy", first_step="OTHERstep", kind="us")
    elif what == "taken out":
        editing.take_out(work, why="Wrong", by=stella, at=clock.now())
    else:
        suggestions.load(tmp_path)
    assert Goal.objects.values().get() == kept
    shown = page(client, where)
    assert kept["words"] in shown and kept["why"] in shown and kept["first_step"] in shown and "OTHER" not in shown
    assert client.post(where, {"felt": "4", "note": "It went well"}).status_code == 302
    assert mine.check_ins.count() == 1
    assert kept["words"] in client.get(reverse("goals:as_text")).content.decode()


def test_taken_out_it_is_offered_nowhere_and_put_back_it_is(work, stella, desk, amara, signed_in, client):
    hers, new = signed_in(amara), reverse("goals:new", args=[SLUG])
    idea, choose = reverse("goals:idea", args=[SLUG]), reverse("goals:choose")
    from articles import library

    tagged = next(each.slug for each in library.articles() if SLUG in (each.words.goals or ()))
    article = reverse("articles:article", args=[tagged])
    offered = [(hers, choose), (hers, article), (client, article)]
    assert all(new in page(who, where) for who, where in offered)
    assert page(client, idea).count(suggestions.by_slug()[SLUG].title)
    check = page(desk, at("suggestion_take_out", work.pk))
    assert "stay as they are, with their words and check-ins" in check
    desk.post(at("suggestion_take_out", work.pk), {"why": "A step in it could do harm"})
    assert not [where for who, where in offered if new in page(who, where)]
    for who, where in ((client, idea), (hers, idea), (hers, new)):
        http._shelf.clear()
        answer = who.get(where, follow=True)
        assert answer.status_code == 404 and "We cannot find that page" in answer.content.decode()
    assert not SearchEntry.objects.filter(key=f"goals/{SLUG}").exists()
    assert suggestions.load().kept_out == [f"goals/{SLUG}"] and SLUG not in suggestions.by_slug()
    desk.post(at("suggestion_put_back", work.pk))
    assert all(new in page(who, where) for who, where in offered)
    assert SearchEntry.objects.filter(key=f"goals/{SLUG}").exists()


def test_what_was_written_while_it_was_taken_out_is_not_lost(work, stella, amara, signed_in):
    client, where = signed_in(amara), reverse("goals:new", args=[SLUG])
    assert client.get(where).status_code == 200
    editing.take_out(work, why="Wrong", by=stella, at=clock.now())
    client.post(where, {"words": "In my own words", "kind": "me", "why": "", "first_step": ""})
    assert Goal.objects.values_list("words", "suggestion").get() == ("In my own words", SLUG)
    assert client.post(reverse("goals:new", args=["never-was"]), {"words": "x", "kind": "me"}).status_code == 404


def test_numbers_of_goals_are_told_also_of_what_is_taken_out(work, stella, person, signed_in):
    for number in range(5):
        begun(person(f"Parent{number}", f"parent{number}@example.com"))
    title = work.current.words["title"]
    editing.take_out(work, why="Wrong", by=stella, at=clock.now())
    stella.user_permissions.set(Permission.objects.filter(codename="view_goal"))
    shown = page(signed_in(type(stella).objects.get(pk=stella.pk)), reverse("admin:goals_goal_changelist"))
    row = shown.split(title)[1].split("</tr>")[0]
    assert ">5<" in row and row.count("fewer than 5") == len(Goal.State) - 1


# ---------------------------------------------------------------- who may


def test_each_page_asks_for_its_permission(work, staff, stella, signed_in):
    edition = written(work, stella)

    def answers(*codes, names=("suggestion_change", "edition_begin", "edition_publish", "suggestion_take_out")):
        staff.user_permissions.set(Permission.objects.filter(content_type__app_label="goals", codename__in=codes))
        client = signed_in(staff)
        return [
            client.get(at(name, edition.pk if name == "edition_publish" else work.pk)).status_code for name in names
        ]

    assert answers() == answers("view_goal", "add_edition") == [403, 403, 403, 403]
    assert answers("view_suggestion") == [200, 403, 403, 403]
    assert answers("view_suggestion", "add_edition") == [200, 200, 403, 403]
    assert answers("view_suggestion", "change_suggestion") == [200, 403, 200, 200]


def test_nobody_but_staff_comes_in(work, amara, solicitor, client, signed_in):
    for visitor in (signed_in(amara), signed_in(solicitor), client):
        for where in (reverse(LIST), at("edition", work.current_id), at("edition_preview", work.current_id)):
            assert visitor.get(where).status_code in {302, 403}


# ---------------------------------------------------------------- search, and the page it leads to


def first(client, typed: str) -> list[str]:
    shown = page(client, reverse("search"), q=typed)
    return [
        piece.split('"')[0]
        for piece in shown.split('<li class="hub-read">')[1:]
        for piece in piece.split('href="')[1:2]
    ]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("goal stay calm at handovers", "stay-calm-at-handovers"),
        ("say thank you once a week", "say-thank-you-once-a-week"),
        ("share school news", "share-school-news"),
        ("homework in both homes", "help-with-homework-in-both-homes"),
        ("ask for help when im stuck", "ask-for-help-when-stuck"),
    ],
    ids="calm thanks school homework stuck".split(),
)
def test_a_suggestion_is_found(client, typed, slug):
    assert reverse("goals:idea", args=[slug]) in first(client, typed)[:5]


def test_no_parents_goal_is_ever_found(client, amara):
    begun(amara, words="CANARYgoal zebra")
    suggestions.load()
    assert first(client, "CANARYgoal zebra") == []
    assert not SearchEntry.objects.filter(body__icontains="zebra").exists()


def test_the_page_of_an_idea_makes_sense_to_whoever_comes(client, amara, solicitor, staff, signed_in):
    where, new = reverse("goals:idea", args=[SLUG]), reverse("goals:new", args=[SLUG])
    signed_out = page(client, where)
    assert "Sign in to make it my goal" in signed_out and new in signed_out
    assert suggestions.by_slug()[SLUG].words.first_step in signed_out
    assert signed_in(amara).get(where).headers["Location"] == new
    for who in (solicitor, staff):
        assert new not in page(signed_in(who), where)
    assert client.get(reverse("goals:idea", args=["never-was"])).status_code == 404


def test_the_page_of_an_idea_is_kept_for_speed(client, django_assert_num_queries):
    where = reverse("goals:idea", args=[SLUG])
    client.get(where)
    with django_assert_num_queries(0):
        answer = client.get(where)
    assert "public" in answer.headers["Cache-Control"] and not answer.cookies
